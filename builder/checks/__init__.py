"""The checks: one file for a family of things that must hold before a build."""

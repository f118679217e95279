"""The face: the wizard, and everything that imports flet."""

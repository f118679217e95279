"""Reads Python code as text: names across files, paths, and what is done with them."""

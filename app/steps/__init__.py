"""The pages of the wizard, one a file, in the user's order; they do not know each other."""

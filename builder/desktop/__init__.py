"""Apps for this computer: what a packed desktop app is made of, and what runs inside it."""

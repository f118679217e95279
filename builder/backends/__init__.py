"""The ways to build: which stages, in which order, for which target."""

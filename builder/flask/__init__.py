"""Flask projects: found by reading their code, never by importing it."""

"""The engine: turns a project into artifacts. Complete without the face, and never imports it."""

__version__ = "0.1.0"

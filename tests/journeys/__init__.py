"""Whole ways through Slipway, with real parts: the engine's process, the index, a browser."""

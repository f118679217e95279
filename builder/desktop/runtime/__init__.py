"""What runs inside a packed desktop app, under the name `slipway_desktop`.

Not part of the engine: it is copied into the app, so it imports nothing of ours but itself, and
works with every Python that can be packed. `start.main` is where a packed app begins.
"""

"""The web site: Flet's ready-made client, our page around it, and a server to look at it."""

"""Flask projects: found by reading their code, never by importing it."""

SETTING = "tool.slipway.flask.app"
"""Which app of a project it is, when there are several: `shop:create_app()`."""

"""The settings of a web site, with the keys and defaults of `flet build` 1.0.5."""

from __future__ import annotations

import re
from typing import Any

from builder import former
from builder.lookup import Lookup
from builder.options import ROUTE_URL_STRATEGIES, WEB_RENDERERS
from builder.problems import Problem


def resolve(lookup: Lookup, product: str) -> dict[str, Any]:
    return {
        "base_url": _base_url(lookup),
        "route_url_strategy": lookup.choice(
            "route_url_strategy",
            ["tool.flet.web.route_url_strategy"],
            ROUTE_URL_STRATEGIES,
            "path",
            "FLET_WEB_ROUTE_URL_STRATEGY",
        ),
        "web_renderer": _web_renderer(lookup),
        "pwa_short_name": lookup.text("pwa_short_name", "tool.flet.web.pwa_short_name") or product,
        "pwa_theme_color": lookup.colour("pwa_theme_color", "tool.flet.web.pwa_theme_color"),
        "pwa_background_color": lookup.colour(
            "pwa_background_color", "tool.flet.web.pwa_background_color"
        ),
    }


def _web_renderer(lookup: Lookup) -> str:
    """By itself not "auto": that takes skwasm in Chromium, where bytes cross slowly to Dart."""
    key, env = "tool.flet.web.renderer", "FLET_WEB_RENDERER"
    if lookup.unheard().text("web_renderer", key, env=env).lower() == former.FORMER_RENDERER:
        lookup.problems.append(former.renderer_problem(lookup.where("web_renderer", key)))
        return "canvaskit"
    return lookup.choice("web_renderer", [key], WEB_RENDERERS, "canvaskit", env)


def _base_url(lookup: Lookup) -> str:
    key = "tool.flet.web.base_url"
    asked = lookup.text("base_url", key)
    if not asked:
        return ""
    path = asked.strip().strip("/").strip()
    # The characters of a URL's path (RFC 3986) without quotes, which would end an attribute.
    if not re.fullmatch(r"[A-Za-z0-9._~!$&()*+,;=:@%/-]*", path) or "//" in path:
        lookup.problems.append(_not_a_base_url(asked, lookup.where("base_url", key)))
        return ""
    if any(part in (".", "..") for part in path.split("/")):
        lookup.problems.append(_not_a_base_url(asked, lookup.where("base_url", key)))
        return ""
    return f"/{path}/" if path else "/"


def _not_a_base_url(value: str, where: str) -> Problem:
    return Problem(
        "setting-not-a-base-url",
        f"“{value}” is not a base URL",
        "It is the path on the server at which the site will lie, without the server's name.",
        "Write a path such as “/my-app/”, or leave it out.",
        where=where,
    )

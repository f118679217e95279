"""Pyodide's own collection: packages that its makers compiled and that the index has not.

The client carries the list with checksums (`pyodide-lock.json`); the files are on Pyodide's
download host. Only those that are asked for and that the index cannot give are offered to pip.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from typing import Any

from packaging.utils import canonicalize_name

from builder.web.client import Client

HOST = "cdn.jsdelivr.net"


def offered(client: Client, names: Iterable[str]) -> list[str]:
    """Those of `names` that the collection has and that work by themselves."""
    packages = _collection(client)
    return [name for name in names if _is_offered(packages.get(name), packages)]


def links(client: Client, names: Iterable[str]) -> str:
    """A page of links (`pip --find-links`) to the compiled wheels of `names` and what they need."""
    packages = _collection(client)
    base = f"https://{HOST}/pyodide/v{client.pyodide}/full/"
    lines = [
        f'<a href="{html.escape(base + entry["file_name"])}#sha256={entry["sha256"]}">'
        f"{entry['file_name']}</a><br>"
        for entry in (packages[name] for name in sorted(_with_needs(names, packages)))
        if _is_compiled(entry)
    ]
    return "\n".join(lines)


def _collection(client: Client) -> dict[str, dict[str, Any]]:
    lock = json.loads((client.folder / "pyodide" / "pyodide-lock.json").read_text("utf-8"))
    return {canonicalize_name(name): entry for name, entry in lock["packages"].items()}


def _is_offered(entry: dict[str, Any] | None, packages: dict[str, dict[str, Any]]) -> bool:
    """Whether it is a wheel that works by itself: not one that needs a shared library beside it."""
    if entry is None or entry["package_type"] != "package":
        return False
    needs = [packages.get(name) for name in _with_needs(entry["depends"], packages)]
    known = all(canonicalize_name(name) in packages for name in entry["depends"])
    return known and all(need is not None and need["package_type"] == "package" for need in needs)


def _is_compiled(entry: dict[str, Any]) -> bool:
    return entry["file_name"].endswith(".whl") and not entry["file_name"].endswith("-any.whl")


def _with_needs(names: Iterable[str], packages: dict[str, dict[str, Any]]) -> set[str]:
    done: set[str] = set()
    waiting = list(names)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in packages and name not in done:
            done.add(name)
            waiting.extend(packages[name]["depends"])
    return done

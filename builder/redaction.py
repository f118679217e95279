"""Strikes secrets out of text before it is encoded: events, logs, what the terminal shows."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")

STRUCK = "•••"
SHORTEST = 6  # shorter values ("true", "1") would strike half of a log

_IN_URL = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)[^\s/@'\"<>]+@")
_NAMED = re.compile(
    r"(?P<name>(?:[\w-]*(?:token|passw(?:or)?d|secret|api[_-]?key|access[_-]?key))[\"']?\s*[=:]\s*)"
    r"(?P<quote>[\"']?)(?P<value>[^\s\"'&,;]{4,})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?P<name>\b(?:bearer|basic)\s+)[A-Za-z0-9+/=._~-]{8,}", re.IGNORECASE)
_SECRET_VARIABLE = re.compile(
    r"TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY|ACCESS_?KEY|CREDENTIAL", re.IGNORECASE
)


class Redactor:
    """Knows the secrets, and takes them out of anything that will be shown or written."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._known: re.Pattern[str] | None = None
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """From now on, strike `secret` out; the parts of one with several lines each."""
        parts = {secret, *secret.splitlines()}
        self._secrets |= {p.strip() for p in parts if len(p.strip()) >= SHORTEST}
        if self._secrets:
            longest_first = sorted(self._secrets, key=len, reverse=True)
            self._known = re.compile("|".join(map(re.escape, longest_first)))

    def text(self, text: str) -> str:
        """`text` without known secrets, passwords in addresses and values that look like one."""
        if self._known:
            text = self._known.sub(STRUCK, text)
        if "@" in text:
            text = _IN_URL.sub(rf"\g<scheme>{STRUCK}@", text)
        if "=" in text or ":" in text:
            text = _NAMED.sub(rf"\g<name>\g<quote>{STRUCK}", text)
        return _BEARER.sub(rf"\g<name>{STRUCK}", text)

    def value(self, value: T) -> T:
        """`value` with every string in it redacted: dataclasses, mappings, lists, tuples."""
        redacted: Any = self._value(value)
        return redacted  # type: ignore[no-any-return]

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {k: self._value(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return tuple(self._value(v) for v in value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{f.name: self._value(getattr(value, f.name)) for f in fields(value)}
            )
        return value


def from_environment(environ: Mapping[str, str] | None = None) -> Redactor:
    """A redactor that knows the secrets which the environment holds by name (`…_TOKEN=…`)."""
    environ = os.environ if environ is None else environ
    return Redactor(v for k, v in environ.items() if _SECRET_VARIABLE.search(k))

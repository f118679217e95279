"""Every sentence that a person reads in the wizard, by key.

The sentences stand in `languages/<language>.toml`; a key is the path to one, with dots
(`project.title`). A sentence that counts something has two forms, `….one` and `….many`. English is
whole; another language may miss some and falls back to it.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "languages"
ENGLISH = "en"


@functools.cache
def catalogue(language: str = ENGLISH) -> Mapping[str, str]:
    """All sentences of one language by key, those that it lacks in English."""
    own = dict(_flat(tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))))
    return own if language == ENGLISH else {**catalogue(ENGLISH), **own}


def t(key: str, **values: object) -> str:
    """The sentence for `key`, with `{name}` replaced by the value of that name.

    Raises KeyError for a key that is not in the catalogue.
    """
    sentence = catalogue()[key]
    return sentence.format(**values) if values else sentence


def counted(key: str, count: int, **values: object) -> str:
    """The sentence for so many things; `{count}` is the number, written out with separators."""
    form = "one" if count == 1 else "many"
    return t(f"{key}.{form}", count=f"{count:,}", **values)


def size(count: int) -> str:
    """A number of bytes as a person says it, in powers of ten as file managers show them."""
    if count < 1000:
        return counted("size.bytes", count)
    value = float(count)
    for unit in ("kb", "mb", "gb"):
        value /= 1000
        if value < 999.5 or unit == "gb":
            break
    digits = 1 if value < 10 else 0
    return t(f"size.{unit}", count=f"{value:,.{digits}f}")


def duration(seconds: float) -> str:
    """A time as a person says it: tenths below ten seconds, then seconds, then minutes too."""
    if seconds < 59.5:
        return t("time.seconds", seconds=f"{seconds:.{1 if seconds < 9.95 else 0}f}")
    minutes, rest = divmod(round(seconds), 60)
    return t("time.minutes", minutes=minutes, seconds=f"{rest:02d}")


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)

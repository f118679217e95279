"""The rules of an app's identity: names, IDs and versions that every store and system accepts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """What a rule says about a value: a sentence, its severity, and what would be right.

    `targets` are the targets whose rule it is. `suggestion` is the corrected value, or empty.
    """

    message: str
    targets: Sequence[str]
    suggestion: str = ""
    severity: str = "error"


def judge(field: str, value: str, targets: Sequence[str]) -> Sequence[Verdict]:
    """See `settings.judge`."""
    return []


def slug(text: str) -> str:
    """The name that Flet derives for files and IDs: `Mein Café` becomes `mein-cafe`.

    Empty when the text holds nothing that ASCII can say.
    """
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    words = re.sub(r"[^\w\s-]", "", ascii_only).strip().lower()
    return re.sub(r"[-_\s]+", "-", words).strip("-")


def bundle_id(org: str, project: str) -> str:
    """The bundle ID of a project that names none: its organisation and its own name."""
    return f"{org}.{slug(project) or 'app'}"

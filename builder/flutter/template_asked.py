"""Which build template is asked for: a folder, a zip file, an address, or Flet's own."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.flutter import template_problems as told
from builder.problems import ProjectError

Kind = Literal["official", "folder", "zip", "url", "git"]

OFFICIAL = "https://github.com/flet-dev/flet/releases/download/v{version}/flet-build-template.zip"
_FLET = "https://github.com/flet-dev/"  # what lies there is Flet's own
_HOSTS = {
    "gh": "https://github.com/{}.git",
    "gl": "https://gitlab.com/{}.git",
    "bb": "https://bitbucket.org/{}.git",
}


@dataclass(frozen=True)
class Asked:
    """What the settings ask for: `address` in the form of its kind, `ref` "" where none is named.

    `version` is that of Flet, which Flet's template has, and which another one may have a tag for.
    """

    kind: Kind
    address: str
    ref: str
    subfolder: str
    version: str

    @property
    def shown(self) -> str:
        """The address as it may be shown and logged."""
        return shown(self.address)

    @property
    def flet(self) -> str:
        """The version of Flet whose own template it is; "" for another one."""
        return self.version if self.kind == "official" else ""


def shown(address: str) -> str:
    """An address as it may be shown and logged: without a password or token."""
    return re.sub(r"(?<=://)[^/@\s]+@", "", address)


def is_official(address: str) -> bool:
    """Whether what lies at an address is Flet's own."""
    return address.startswith(_FLET) and ".." not in address


def kind_of(named: str, project: Path) -> tuple[Kind, str]:
    """What kind a template is that is named in the settings, and its address in that form.

    Raises ProjectError for what is none.
    """
    short = re.fullmatch(r"(gh|gl|bb):/*([\w.-]+/[\w./-]+?)(?:\.git)?/?", named)
    if short:
        return "git", _HOSTS[short[1]].format(short[2])
    path = _path_of(named, project)
    if path and path.is_dir():
        return "folder", str(path)
    if path and path.is_file():
        return "zip", str(path)
    if re.match(r"https?://", named) and named.partition("?")[0].lower().endswith(".zip"):
        return "url", named
    git = named.removeprefix("git+")
    if re.match(r"(https?|git|ssh|file)://|[\w.-]+@[\w.-]+:", git):
        return "git", git
    raise ProjectError(told.not_there(shown(named)))


def _path_of(named: str, project: Path) -> Path | None:
    """The path that a name is, seen from the project or else from where the engine was started."""
    if "://" in named:
        return None
    path = Path(os.path.expanduser(named))  # noqa: PTH111 - Path's raises for `~nobody`
    seen = (project / path, path.absolute())
    return next((p for p in seen if os.path.exists(p)), None)  # noqa: PTH110 - never raises

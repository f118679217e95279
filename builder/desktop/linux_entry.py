"""An app in the menu of a Linux desktop: its desktop entry, its icons, and who puts them there.

They lie beside the program in `share`, with two short scripts for whoever gets the app. The entry
follows the Desktop Entry Specification, the icons its theme `hicolor`.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.flutter.context import desktop_exec, desktop_list
from builder.problems import Problem, ProjectError

SHARE = "share"
SCRIPTS = ("install.sh", "uninstall.sh")
TEMPLATES = Path(__file__).with_name("linux")
"""The folder of the scripts as they are before they know an app."""


@dataclass(frozen=True)
class Entry:
    """What the menu shows of an app, and what it starts; `program` is a name beside `share`.

    `window` is the class of the app's windows, by which docks find the icon; "" is its ID.
    """

    id: str
    name: str
    comment: str
    program: str
    categories: Sequence[str] = ("Utility",)
    terminal: bool = False
    window: str = ""


def write(entry: Entry, icons: Path, folder: Path) -> None:
    """Put the entry, the icons (a folder `hicolor`) and the scripts into the program's folder."""
    share = folder / SHARE
    (share / "applications").mkdir(parents=True)
    shutil.copytree(icons, share / "icons" / icons.name)
    _file(share, entry.id).write_text(text(entry, entry.program), encoding="utf-8")
    for name in SCRIPTS:
        script = folder / name
        script.write_text(_script(name, entry), encoding="utf-8")
        script.chmod(0o755)


def text(entry: Entry, program: str) -> str:
    """The desktop entry that starts a program, given by its path or its name."""
    lines = {
        "Type": "Application",
        "Version": "1.0",
        "Name": _string(entry.name),
        "Comment": _string(entry.comment),
        "Exec": f'"{desktop_exec(program)}"',
        "Icon": _string(entry.id),
        "Terminal": "true" if entry.terminal else "false",
        "Categories": desktop_list(map(_line, entry.categories)),
        "StartupNotify": "true",
        "StartupWMClass": _string(entry.window or entry.id),
    }
    return "[Desktop Entry]\n" + "".join(
        f"{key}={value}\n" for key, value in lines.items() if value
    )


def data_home() -> Path:
    """Where this user's desktop looks for entries and icons."""
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "share"


def install(program: Path, data: Path) -> list[Path]:
    """Put an app into the menu as it lies there; the files that were written below `data`.

    `program` is the one that was delivered, with its `share` beside it; it stays where it is.
    Raises ProjectError when there is nothing to put there, or the path cannot be written down.
    """
    program = program.absolute()
    source = _shipped(program)
    entry = data / "applications" / source.name
    _write(entry, _with_program(source.read_text("utf-8"), program))
    written = [entry]
    for icon in _icons(program):
        place = data / icon.relative_to(program.parent / SHARE)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(icon, place)
        written.append(place)
    _touch(data / "icons" / "hicolor")
    return written


def remove(program: Path, data: Path) -> list[Path]:
    """Take it out of the menu again; the files that were there."""
    program = program.absolute()
    places = [data / "applications" / _shipped(program).name]
    places += [data / icon.relative_to(program.parent / SHARE) for icon in _icons(program)]
    there = [place for place in places if place.is_file()]
    for place in there:
        place.unlink()
    return there


def is_installed(program: Path, data: Path) -> bool:
    """Whether the menu has an entry that starts just this program."""
    program = program.absolute()
    source = _shipped(program)
    entry = data / "applications" / source.name
    if not entry.is_file():
        return False
    return entry.read_text("utf-8") == _with_program(source.read_text("utf-8"), program)


# ---- What is beside a program ----------------------------------------------------------------


def _file(share: Path, app_id: str) -> Path:
    return share / "applications" / f"{app_id}.desktop"


def _shipped(program: Path) -> Path:
    """The entry beside a program. Raises ProjectError where there is none."""
    found = sorted((program.parent / SHARE / "applications").glob("*.desktop"))
    if not program.is_file() or len(found) != 1:
        raise ProjectError(
            Problem(
                "no-menu-entry",
                "There is nothing here that could be put into the menu",
                "It is not an app that Slipway made for Linux, or a part of it was moved away.",
                "Build the app again, and take the program that is named there.",
                where=str(program),
            )
        )
    return found[0]


def _icons(program: Path) -> list[Path]:
    return sorted((program.parent / SHARE / "icons").rglob("*.png"))


def _with_program(entry: str, program: Path) -> str:
    path = str(program)
    # GNOME takes `%%` in a path as it stands, and the specification forbids `=` there.
    if re.search(r"[\x00-\x1f\x7f%=\ud800-\udfff]", path):
        raise ProjectError(
            Problem(
                "path-not-for-menu",
                "A menu cannot hold the path of this app",
                "A folder above it has a line break, a broken character, % or = in its name.",
                "Rename that folder, or move the app somewhere else.",
                where=path,
            )
        )
    lines = (
        f'Exec="{desktop_exec(path)}"' if line.startswith("Exec=") else line
        for line in entry.removesuffix("\n").split("\n")
    )
    return "".join(f"{line}\n" for line in lines)


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(content, encoding="utf-8")
    beside.replace(path)


def _touch(folder: Path) -> None:
    """Desktops look again at a folder of icons whose time changed."""
    if folder.is_dir():
        os.utime(folder)


# ---- Text ------------------------------------------------------------------------------------


def _string(value: str) -> str:
    """A text as a value of an entry, where a backslash begins something of its own."""
    return _line(value).replace("\\", "\\\\")


def _line(value: str) -> str:
    """A text on one line, without what is no character."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", value).split())


def _script(name: str, entry: Entry) -> str:
    """A script with what it needs to know, as words that a shell takes as they are."""
    known = {"@ID@": entry.id, "@NAME@": _line(entry.name), "@PROGRAM@": entry.program}
    script = (TEMPLATES / name).read_text("utf-8")
    return re.sub("@[A-Z]+@", lambda found: shlex.quote(known[found[0]]), script)

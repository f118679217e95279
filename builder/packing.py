"""Which files of the app folder are packed, and why the others stay out.

The rules are those of `flet build` 1.0.5, and two of our own: hidden files stay out at any depth
(nobody means to publish `sub/.secret`), and what a build delivers is never packed into the next.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from builder.problems import Fix, Problem, Severity

Reason = Literal[
    "excluded", "hidden", "nested-hidden", "venv", "pycache", "output", "circle", "broken-link",
    "special", "bad-name", "unreadable",
]  # fmt: skip

REASONS: dict[Reason, str] = {
    "excluded": "excluded",
    "hidden": "hidden",
    "nested-hidden": "hidden, in a subfolder",
    "venv": "a virtual environment",
    "pycache": "compiled Python files",
    "output": "made by a build",
    "circle": "a link back to its own folder",
    "broken-link": "a link to something that is not there",
    "special": "not a file and not a folder",
    "bad-name": "has a name that is not text",
    "unreadable": "cannot be read",
}

# Links between folders can multiply without ever closing a circle. No project that is meant to be
# packed has this many entries, and counting them takes a few seconds at most.
MOST_ENTRIES = 100_000


@dataclass(frozen=True)
class PackedFile:
    """A file to pack: its path below the app folder with `/` between parts, its size in bytes."""

    path: str
    size: int


@dataclass(frozen=True)
class LeftOut:
    """A file or a whole folder that is not packed; `REASONS` has the words for `reason`."""

    path: str
    reason: Reason


@dataclass(frozen=True)
class Selection:
    """What is packed and what is not, both sorted by path, and what is wrong or worth knowing."""

    files: Sequence[PackedFile] = ()
    left_out: Sequence[LeftOut] = ()
    problems: Sequence[Problem] = ()

    @property
    def bytes(self) -> int:
        """The size of all packed files together."""
        return sum(file.size for file in self.files)


def always_excluded(target: str, *, app_is_project: bool) -> list[str]:
    """What is never packed, whatever the settings say, as paths below the app folder.

    `build` is where `flet build` works, `dist` where Slipway delivers; the assets of a web site lie
    beside the app, not in it.
    """
    names = ["build"]
    if app_is_project:
        names.append("dist")
    if target == "web":
        names.append("assets")
    return names


def normalize(path: str) -> str:
    """A path as people write it (`./a\\b/`) in the form that is compared (`a/b`)."""
    return os.path.normpath(path.strip().replace("\\", "/")).replace(os.sep, "/")


def select(
    app_folder: Path,
    *,
    exclude: Iterable[str] = (),
    include: Iterable[str] = (),
    default_excludes: bool = True,
    keep_out: Iterable[Path] = (),
    below: str = "",
) -> Selection:
    """Choose the files of `app_folder` that are packed; with `below` only those of that folder.

    `exclude` and `include` are paths below it with `/` or `\\`; `include` brings back what the
    default rules leave out, with everything below it. `keep_out` are files and folders, anywhere,
    that are never packed (an output folder). Folders are entered through links too, as the packager
    does, but never twice on one path.

    Never raises: what cannot be read is left out and is a problem.
    """
    rules = _Rules(
        exclude=frozenset(_spellings(exclude)),
        include=frozenset(_spellings(include)),
        default_excludes=default_excludes,
        keep_out=frozenset(filter(None, map(_identity, keep_out))),
    )
    walk = _Walk(rules)
    walk.run(Path(app_folder), below)
    files = sorted(walk.files, key=lambda file: file.path)
    left_out = sorted(walk.left_out, key=lambda left: left.path)
    return Selection(files, left_out, [*walk.problems, *_hints(left_out)])


@dataclass(frozen=True)
class _Rules:
    exclude: frozenset[str]
    include: frozenset[str]
    default_excludes: bool
    keep_out: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class _Folder:
    """A folder on the way: `above` are the identities of it and of all folders it lies in."""

    path: Path
    relative: str
    above: frozenset[tuple[int, int]]
    wanted: bool  # named by `include`, itself or a folder that it lies in


@dataclass
class _Walk:
    rules: _Rules
    files: list[PackedFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: int = 0
    home: Path = Path()

    def run(self, app_folder: Path, below: str) -> None:
        self.home = app_folder.resolve()
        root = app_folder / below
        identity = _identity(root)
        above = frozenset() if identity is None else frozenset({identity})
        waiting = [_Folder(root, below, above, below in self.rules.include)]
        while waiting:
            waiting.extend(self._enter(waiting.pop()))
            if self.seen > MOST_ENTRIES:
                self.problems.append(_too_many(root))
                return

    def _enter(self, folder: _Folder) -> Iterator[_Folder]:
        """Take the files of a folder and hand back the folders in it that are entered next."""
        try:
            with os.scandir(folder.path) as scan:
                entries = list(scan)
        except OSError as error:
            self._unreadable(folder.relative, error, folder.path)
            return
        self.seen += len(entries)
        for entry in entries:
            deeper = self._take(folder, entry)
            if deeper is not None:
                yield deeper

    def _take(self, folder: _Folder, entry: os.DirEntry[str]) -> _Folder | None:
        """Pack a file or leave it out; a folder that is to be entered comes back."""
        relative = f"{folder.relative}/{entry.name}" if folder.relative else entry.name
        wanted = folder.wanted or relative in self.rules.include
        reason = self._reason(folder, entry, relative, wanted)
        if reason is None and entry.is_symlink():
            self._follow_link(relative, Path(entry.path))
        if reason == "unreadable":
            self._unreadable(relative, None, Path(entry.path))
        elif reason == "bad-name":
            shown = os.fsencode(relative).decode("utf-8", "replace")
            self.left_out.append(LeftOut(shown, reason))
            self.problems.append(_bad_name(shown))
        elif reason is not None:
            self.left_out.append(LeftOut(relative, reason))
        elif entry.is_dir():
            return _Folder(folder.path / entry.name, relative, self._above(folder, entry), wanted)
        else:
            self.files.append(PackedFile(relative, entry.stat().st_size))
        return None

    def _reason(
        self, folder: _Folder, entry: os.DirEntry[str], relative: str, wanted: bool
    ) -> Reason | None:
        """Why an entry stays out, None when it is packed."""
        if not _is_text(entry.name):
            return "bad-name"
        if relative in self.rules.exclude:
            return "excluded"
        is_well_known = folder.relative and entry.name == _WELL_KNOWN
        is_wanted = wanted or is_well_known or not self.rules.default_excludes
        if not is_wanted and _is_hidden(entry):
            return "nested-hidden" if folder.relative else "hidden"
        try:
            status = entry.stat()
        except FileNotFoundError:
            return "broken-link"
        except OSError:  # a link that leads to itself, or a folder that may not be entered
            return "circle" if entry.is_symlink() else "unreadable"
        if self.rules.keep_out and _identity(Path(entry.path)) in self.rules.keep_out:
            return "output"
        if stat.S_ISDIR(status.st_mode):
            return self._reason_of_folder(folder, entry, relative)
        if not stat.S_ISREG(status.st_mode):
            return "special"
        return None if os.access(entry.path, os.R_OK) else "unreadable"

    def _reason_of_folder(
        self, folder: _Folder, entry: os.DirEntry[str], relative: str
    ) -> Reason | None:
        if _identity(Path(entry.path)) in folder.above:
            return "circle"
        if not self.rules.default_excludes or relative in self.rules.include:
            return None
        if entry.name == "__pycache__":
            return "pycache"
        return "venv" if _is_venv(Path(entry.path)) else None

    def _above(self, folder: _Folder, entry: os.DirEntry[str]) -> frozenset[tuple[int, int]]:
        identity = _identity(Path(entry.path))
        return folder.above if identity is None else folder.above | {identity}

    def _follow_link(self, relative: str, link: Path) -> None:
        """Links are followed, as the packager does; what they bring in from elsewhere is told."""
        target = link.resolve()
        if not target.is_relative_to(self.home):
            self.problems.append(_leads_out(relative, target))

    def _unreadable(self, relative: str, error: OSError | None, path: Path) -> None:
        if relative:
            self.left_out.append(LeftOut(relative, "unreadable"))
        self.problems.append(_not_readable(relative, error, path))


def _identity(path: Path) -> tuple[int, int] | None:
    """What stays the same whatever name or link leads there; None when nothing is there."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _is_venv(folder: Path) -> bool:
    try:
        return (folder / "pyvenv.cfg").is_file()
    except OSError:  # it may not be entered: whoever enters it next says so
        return False


def _is_text(name: str) -> bool:
    """Whether an archive can hold the name: Linux allows any bytes, archives only UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return True
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)


def _spellings(paths: Iterable[str]) -> Iterator[str]:
    """Each path as written and as compared: on Linux a name may really hold a backslash."""
    for path in paths:
        yield path
        yield normalize(path)


def _not_readable(relative: str, error: OSError | None, path: Path) -> Problem:
    name = relative or str(path)
    if isinstance(error, FileNotFoundError):
        why = "It was there a moment ago: it was moved or deleted meanwhile."
        return Problem(
            "file-not-readable", f"“{name}” is not there any more", why,
            "Put it back if the app needs it, and build again.", where=name,
        )  # fmt: skip
    why = f" The system says: {error.strerror}." if error is not None and error.strerror else ""
    return Problem(
        "file-not-readable",
        f"“{name}” cannot be read",
        f"You do not have the right to read it, or something else holds it.{why}",
        "Give yourself the right to read it, or leave it out of the app.",
        where=name,
        fixes=[Fix("show-folder", "Show its folder", "open", {"path": str(path.parent)})],
    )


def _bad_name(shown: str) -> Problem:
    return Problem(
        "file-name-not-text",
        f"“{shown}” is not packed, because its name cannot be written",
        "The name holds bytes that are not UTF-8. Often it comes from an old archive.",
        "Rename the file if the app needs it.",
        "warn",
        where=shown,
    )


def _too_many(root: Path) -> Problem:
    return Problem(
        "too-many-files",
        f"The folder holds more than {MOST_ENTRIES:,} files",
        "This is rarely meant: often a folder of data, or a link to a place outside the project, "
        "is packed by accident.",
        "Leave such folders out with the setting tool.flet.app.exclude, or choose another folder.",
        where=str(root),
    )


def _leads_out(relative: str, target: Path) -> Problem:
    return Problem(
        "link-leads-out",
        f"“{relative}” is a link out of the project",
        f"It leads to {target}. What lies there is packed, and everyone who gets the app can read "
        "it.",
        "If the app does not need it, remove the link or leave it out with tool.flet.app.exclude.",
        severity="warn",
        where=relative,
    )


def _hints(left_out: Sequence[LeftOut]) -> Iterator[Problem]:
    hidden = [
        left.path
        for left in left_out
        if left.reason == "nested-hidden" and left.path.rpartition("/")[2] not in _NEVER_MISSED
    ]
    env = [left.path for left in left_out if left.reason == "hidden" and _is_env(left.path)]
    if hidden:
        yield _hidden_left_out("hidden-file-left-out", hidden, "", "hint")
    if env:
        missed = " An app that loads it at run time, for example with python-dotenv, misses it."
        yield _hidden_left_out("env-file-left-out", env, missed, "warn")


# What a web site answers to other programs by fixed names (RFC 8615), which is meant for all.
_WELL_KNOWN = ".well-known"

# What editors, systems and Git leave behind: nobody expects it in an app.
_NEVER_MISSED = frozenset({".DS_Store", ".gitignore", ".gitattributes", ".gitkeep", ".keep"})


def _is_env(path: str) -> bool:
    return path == ".env" or path.startswith(".env.")


def _hidden_left_out(code: str, paths: Sequence[str], why: str, severity: Severity) -> Problem:
    few = paths[:5]
    more = f" and {len(paths) - 5} more" if len(paths) > 5 else ""
    return Problem(
        code,
        f"Not packed, because hidden: {', '.join(few)}{more}",
        f"Hidden files often hold passwords or notes that are not meant for others.{why}",
        f"If the app needs it, include it: `--include {' '.join(few)}`, "
        f"or tool.flet.app.include = {json.dumps(few)} in pyproject.toml.",
        severity,
    )

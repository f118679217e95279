"""A build in which nothing would be done is answered without being begun.

While a build runs, an audit hook hears which files the engine opens and which folders it lists, so
none can be forgotten; what is only looked at is named with `depends_on`. When it has ended well,
all of that is noted with sizes and times, besides the result, the environment and the folders of
programs. When the same command line comes again and everything is as it was, the engine says what
it said then, with every stage skipped. Next to nothing is loaded for that, and Flutter, which
would look at everything once more, is not started.

Whatever is not sure leads to the ordinary way, where each stage looks for itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder import __version__, events, host, places
from builder.history import read_json, write_json

_NEVER = {"--rehearse", "--clear-cache", "--verbose", "-v", "-vv", "--"}
"""Who says one of these wants more than the result: to see it happen, or to begin anew."""

_NO_MATTER = {"_", "OLDPWD", "SHLVL", "SLIPWAY_RUN"}
"""Variables that are others in each shell, or each run, and that no tool heeds."""

NOTES = 40  # so many are kept; one of a large project has some megabytes

State = list[int] | None
"""Size, times, number and mode of a file or folder; None for one that is not there."""


# ---- Before a build --------------------------------------------------------------------------


def tell(argv: Sequence[str]) -> int | None:
    """Say that nothing changed, and return the exit status; None when a build has to find out."""
    began = time.monotonic()
    if argv[:1] != ["build"] or not _NEVER.isdisjoint(argv):
        return None
    try:
        note = read_json(_note_file(argv))
        if not note or not _holds(note):
            return None
        said = [events.decode(json.dumps(event)) for event in note["said"]]
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        return None  # no folder to be in, or a note that is damaged: the build finds out
    _say(said, as_json="--events" in argv, began=began)
    return 0


def _holds(note: Mapping[str, Any]) -> bool:
    """Whether everything is as it was when the note was made."""
    return (
        note["made_by"] == _made_by()
        and note["environment"] == _environment()
        and all(_state(path) == state for path, state in note["files"].items())
        and all(_names(path, but) == names for path, (names, but) in note["folders"].items())
        and not any(places.deliveries().glob("*.journal"))
    )


def _say(said: Iterable[events.Event], *, as_json: bool, began: float) -> None:
    hello = events.Hello(__version__, platform.python_version(), host.current())
    listener = _listener(as_json)
    with contextlib.suppress(BrokenPipeError):  # whoever read has seen enough (`… | head`)
        for event in (hello, *said, events.Done("ok", 0, time.monotonic() - began)):
            listener(event)


def _listener(as_json: bool) -> Callable[[events.Event], object]:
    if not as_json:
        from builder.terminal import Face  # here: one of the two is enough

        return Face()
    from builder.speech import json_to

    return json_to(sys.stdout.buffer, on_broken=lambda: None)


# ---- While a build runs ----------------------------------------------------------------------

_files: dict[str, State] = {}
_folders: dict[str, list[str] | None] = {}
_here = threading.local()
_began_in = ""  # the environment before we changed it; empty where nobody listens


def listen() -> None:
    """From now on hear what is opened and listed. For a process that does nothing but a build."""
    global _began_in
    _began_in = _environment()
    sys.addaudithook(_hear)


def depends_on(*paths: str | Path) -> None:
    """These matter though nobody opens them: whether they are there, and of when they are."""
    if _began_in:
        for path in paths:
            _heed(os.path.abspath(path))  # noqa: PTH100 - links are not followed


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if event not in _HEARD or not isinstance(args[0], str | bytes | os.PathLike):
        return
    if (event == "open" and args[2] & _WRITES) or getattr(_here, "is_busy", False):
        return
    path = os.fsdecode(args[0])
    if not os.path.isabs(path) or path.startswith(_OF_THE_SYSTEM):  # noqa: PTH117
        return  # ours are absolute: others are below a folder that is being removed
    _here.is_busy = True  # what we do now is heard as well
    try:
        path = os.path.normpath(path)
        if event == "open":
            _heed(path)
        elif path not in _folders:
            _folders[path] = _listed(path)
    finally:
        _here.is_busy = False


_HEARD = {"open", "os.listdir", "os.scandir"}
_OF_THE_SYSTEM = ("/proc", "/sys", "/dev")
_CODE = [os.path.dirname(os.path.abspath(__file__)), sys.prefix, sys.base_prefix]  # noqa: PTH100, PTH120
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _heed(path: str) -> None:
    if path.endswith(".pyc"):
        path = _source(path)
    if path not in _files:
        _files[path] = _state(path)


def _source(compiled: str) -> str:
    """What changes: of the compiled file Python only looks whether it is of the same time."""
    folder, name = os.path.split(compiled)
    above, last = os.path.split(folder)
    return f"{above}{os.sep}{name.partition('.')[0]}.py" if last == "__pycache__" else compiled


# ---- When it has ended -----------------------------------------------------------------------


class Record:
    """What a build says and depends on, to be kept for the next one of the same command line."""

    def __init__(self, argv: Sequence[str]) -> None:
        self._argv = argv
        self._said: list[events.Event] = []
        self._is_planned = False
        _folders.clear()  # until now Python listed them, to find us
        depends_on(*filter(None, os.environ.get("PATH", "").split(os.pathsep)))

    def __call__(self, event: events.Event) -> None:
        """Listen to the build: what it says before it begins, and what it has made."""
        match event:
            case events.Plan():
                self._is_planned = True
                self._said.append(event)
                for stage in event.stages:
                    self._said.append(
                        events.Stage(stage.id, "skipped", 0.0, events.NOTHING_CHANGED)
                    )
            case events.Artifact():
                self._said.append(event)
            case events.Check() if event.state != "pending" and not self._is_planned:
                self._said.append(event)
            case events.ProblemFound() | events.Log(stage="", stream="own") if not self._is_planned:
                self._said.append(event)

    def write(self, output: Path, work: Path) -> None:
        """Note it; or nothing, where something changed since the build looked.

        What lies in our own folders is made by builds, and no reason for another one. Raises
        OSError and ComputerError.
        """
        if not _began_in:
            return
        _here.is_busy = True  # from here on nothing matters to the build
        note = _note_file(self._argv)
        note.unlink(missing_ok=True)
        own = {output, work, places.data(), places.cache()}
        ours = [os.fspath(path) for path in own | {path.resolve() for path in own}]
        files, folders = _heard_but(ours)
        if not _is_as_heard(files, folders):
            return
        for folder, _, names in os.walk(output):
            folders[folder] = []
            files += [f"{folder}{os.sep}{name}" for name in names]
        write_json(
            note,
            {
                "made_by": _made_by(),
                "environment": _began_in,
                "files": {path: _state(path) for path in files},
                "folders": {path: [_names(path, but), but] for path, but in folders.items()},
                "said": [json.loads(events.encode(event, 0, 0.0)) for event in self._said],
            },
        )
        _forget_oldest(note.parent)


def _forget_oldest(folder: Path) -> None:
    for old in sorted(folder.glob("*.json"), key=lambda note: -note.stat().st_mtime_ns)[NOTES:]:
        old.unlink(missing_ok=True)


def _heard_but(ours: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Files, and folders with the names in them that do not count: those that lead to ours."""
    files = [path for path in _files if not _is_below(path, ours) and not _was_passing(path)]
    # A folder that has gone meanwhile was ours: a result was staged in it.
    there = [p for p, names in _folders.items() if names is None or os.path.isdir(p)]  # noqa: PTH112
    return files, {
        path: _ways(path, ours) + _compiled(path)
        for path in there
        if not _is_below(path, ours) and os.path.basename(path) not in _compiled(path)  # noqa: PTH119
    }


def _compiled(folder: str) -> list[str]:
    """What Python makes beside its code and ours, whenever it likes."""
    return ["__pycache__"] if _is_below(folder, _CODE) else []


def _was_passing(path: str) -> bool:
    """Whether a file was there for a while only, in the folder for such files."""
    import tempfile  # here: it loads long, and what tells needs none of it

    is_gone = _files[path] is not None and _state(path) is None
    return is_gone and _is_below(path, [tempfile.gettempdir()])


def _is_as_heard(files: Sequence[str], folders: Mapping[str, Sequence[str]]) -> bool:
    """Whether nothing changed while the build was at work, so that it may have read the older."""
    return all(_state(path) == _files[path] for path in files) and all(
        _names(path, but) == _digest(_folders[path], but) for path, but in folders.items()
    )


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}{os.sep}") for folder in folders)


def _ways(folder: str, ours: Sequence[str]) -> list[str]:
    start = f"{folder.rstrip(os.sep)}{os.sep}"
    return sorted({p[len(start) :].partition(os.sep)[0] for p in ours if p.startswith(start)})


# ---- What is compared ------------------------------------------------------------------------


def _state(path: str) -> State:
    try:
        found = os.stat(path)  # noqa: PTH116 - hundreds of them
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_mode]


def _listed(folder: str) -> list[str] | None:
    try:
        return os.listdir(folder)  # noqa: PTH208 - the same
    except OSError:
        return None


def _names(folder: str, but: Sequence[str]) -> str:
    return _digest(_listed(folder), but)


def _digest(names: Sequence[str] | None, but: Sequence[str]) -> str:
    if names is None:
        return "not there"
    text = "/".join(sorted(set(names).difference(but)))
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:16]


def _made_by() -> str:
    return f"{__version__} {sys.version}"


def _environment() -> str:
    """One digest of all of it, so that no single value can be told from it."""
    kept = sorted((k, v) for k, v in os.environ.items() if k not in _NO_MATTER)
    return hashlib.sha256(json.dumps(kept).encode()).hexdigest()


def _note_file(argv: Sequence[str]) -> Path:
    key = hashlib.sha256(json.dumps([os.getcwd(), *argv]).encode()).hexdigest()  # noqa: PTH109
    return places.data() / "unchanged" / f"{key[:24]}.json"

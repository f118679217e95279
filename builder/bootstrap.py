"""Makes the environment that Slipway runs in, before anything is installed: standard library only.

This is the one module besides `process.py` and `app/processes.py` that starts processes: it runs
where neither of them could be imported yet.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from builder.lock import Held, Lock

ROOT = Path(__file__).resolve().parent.parent
EXIT_COMPUTER = 20  # as in problems.py
MARKER = "slipway.txt"  # says that the folder is ours, so that we may empty it
STAMP = "slipway-ready.json"  # written last: an environment without it is half made

_ROUNDS = "SLIPWAY_BOOTSTRAP"  # how often we have started ourselves, so that it ends
_DROPPED = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "__PYVENV_LAUNCHER__")

_NO_NETWORK = re.compile(
    r"NewConnectionError|name resolution|Max retries|timed? ?out|unreachable|Connection refused"
    r"|getaddrinfo|ProxyError|SSLError",
    re.IGNORECASE,
)


class CannotSetUp(Exception):
    """The environment cannot be made; the message is for the person in front of the terminal."""


def requirements(root: Path = ROOT, extra: str = "") -> list[str]:
    """The lines of `requirements.txt`, and those of an extra in `pyproject.toml`."""
    text = (root / "requirements.txt").read_text(encoding="utf-8")
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    if extra:
        data = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        lines += data["project"]["optional-dependencies"][extra]
    return [line for line in lines if line]


def enter(restart: Sequence[str], wanted: Sequence[str], root: Path = ROOT) -> None:
    """Return when this Python has what is wanted; else start again in an environment that has.

    `restart` is the command line after the name of the Python. Ends the process with status 20
    and a sentence when the environment cannot be made.
    """
    rounds = int(os.environ.get(_ROUNDS, "0"))
    if all(satisfied(line) for line in wanted):
        os.environ.pop(_ROUNDS, None)
        return
    try:
        if rounds > 1:
            raise CannotSetUp(
                f"Slipway's own environment in {sys.prefix} stays incomplete. "
                "Delete that folder and start again."
            )
        python = ensure(wanted, root, anew=rounds > 0)
    except CannotSetUp as problem:
        _say(str(problem), error=True)
        sys.exit(EXIT_COMPUTER)
    _start_again([str(python), *restart], {**_environment(), _ROUNDS: str(rounds + 1)})


def ensure(wanted: Sequence[str], root: Path = ROOT, *, anew: bool = False) -> Path:
    """The Python of an environment that has what is wanted, made where there is none.

    `anew` makes it from nothing even if it looks complete. Raises CannotSetUp.
    """
    if not anew and (ready := _find_ready(wanted, root)):
        return python_in(ready)
    with _one_at_a_time(root):
        if not anew and (ready := _find_ready(wanted, root)):
            return python_in(ready)  # somebody else made it while we waited
        folder = _place_for_a_new_one(root)
        try:
            _make(folder, wanted, anew)
        except OSError as error:
            raise CannotSetUp(
                f"Slipway could not write its environment to {folder}: {error.strerror or error}. "
                "Make room or allow writing there, then start again."
            ) from error
        return python_in(folder)


def python_in(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def satisfied(line: str) -> bool:
    """Whether this Python has what one line of requirements asks for.

    Knows what our own lines use: a name, extras, and comparisons of plain versions.
    """
    match = re.match(r"([\w.-]+)\s*(?:\[[^\]]*\])?\s*(.*)", line)
    if match is None:
        return False
    try:
        version = importlib.metadata.version(match[1])
    except importlib.metadata.PackageNotFoundError:
        return False
    return all(_holds(version, part.strip()) for part in match[2].split(",") if part.strip())


def _holds(version: str, comparison: str) -> bool:
    match = re.match(r"(==|>=|<=|<|>|!=)\s*(\S+)$", comparison)
    if match is None:
        return False
    mine, theirs = _numbers(version), _numbers(match[2])
    width = max(len(mine), len(theirs))
    mine += (0,) * (width - len(mine))
    theirs += (0,) * (width - len(theirs))
    outcomes = {
        "==": mine == theirs,
        "!=": mine != theirs,
        ">=": mine >= theirs,
        "<=": mine <= theirs,
        "<": mine < theirs,
        ">": mine > theirs,
    }
    return outcomes[match[1]]


def _numbers(version: str) -> tuple[int, ...]:
    match = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


# --- Where it is ---------------------------------------------------------------------------------


def _places(root: Path) -> list[Path]:
    """Where the environment may be: beside the program, or where the user can write."""
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:8]
    return [root / ".venv", _data_folder() / "environments" / name]


def _data_folder() -> Path:
    """The user's data folder as platformdirs has it, which is not installed yet."""
    if moved := os.environ.get("SLIPWAY_DATA_DIR"):
        return Path(moved).expanduser().resolve()
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData/Local") / "slipway"
    if sys.platform == "darwin":
        return home / "Library/Application Support/slipway"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "slipway"


def _find_ready(wanted: Sequence[str], root: Path) -> Path | None:
    return next((place for place in _places(root) if _is_ready(place, wanted)), None)


def _is_ready(folder: Path, wanted: Sequence[str]) -> bool:
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        complete = set(wanted) <= set(stamp["requirements"])
        return complete and bool(stamp["python"] == _version_of(python_in(folder)))
    except (OSError, ValueError, KeyError, TypeError):  # none, or cut off half way
        return False


def _version_of(python: Path) -> str:
    """`3.11`, or empty when it does not run: the Python that it was made from may be gone."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(
            [str(python), "-I", "-c", code], capture_output=True, text=True, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _place_for_a_new_one(root: Path) -> Path:
    for folder in _places(root):
        if _is_ours_to_fill(folder):
            return folder
    raise CannotSetUp(
        f"Slipway needs a folder for its environment, but can write neither to {root} nor to "
        f"{_data_folder()}. Allow writing to one of them, then start again."
    )


def _is_ours_to_fill(folder: Path) -> bool:
    """Whether we can write there and no environment of somebody else's is in the way."""
    if os.pathsep in str(folder):  # no environment can be in such a path
        return False
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
            return False
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARKER).write_text(
            "Slipway's own environment. It may be deleted: the next start makes it again.\n",
            encoding="utf-8",
        )
    except OSError:
        return False
    return True


@contextmanager
def _one_at_a_time(root: Path) -> Iterator[None]:
    """Two starts at once: the second waits for the first, and finds its work done."""
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:8]
    lock = Lock(_data_folder() / "locks" / f"environment-{name}")
    with ExitStack() as held:
        told = False
        while True:
            try:
                held.enter_context(lock)
                break
            except Held:
                if not told:
                    _say("Slipway is being set up by another start; waiting for it.")
                told = True
                time.sleep(0.3)
            except OSError:  # no data folder to write to: then without a lock
                break
        yield


# --- Making it -----------------------------------------------------------------------------------


def _make(folder: Path, wanted: Sequence[str], anew: bool) -> None:
    started = time.monotonic()
    stamp = folder / STAMP
    whole = stamp.exists() and not anew and bool(_version_of(python_in(folder)))
    stamp.unlink(missing_ok=True)
    if whole:
        _say("Slipway needs other packages than last time; fetching them.")
    else:
        _say("Setting up Slipway. This happens once, needs the network and takes about a minute.")
        _make_empty(folder)
    _install(folder, wanted)
    made = {"python": _version_of(python_in(folder)), "requirements": list(wanted)}
    partly = stamp.with_suffix(".part")
    partly.write_text(json.dumps(made, indent=1), encoding="utf-8")
    partly.replace(stamp)
    _say(f"Ready after {time.monotonic() - started:.0f} seconds.")


def _make_empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name == MARKER:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    options = [] if _has("ensurepip") else ["--without-pip"]
    if options:
        _say(f"Python's own installer is missing here (`{_venv_command()}` adds it).")
        if not _has("pip"):
            raise CannotSetUp(
                "Slipway needs it to set itself up. Run this command, then start Slipway again:\n\n"
                f"    {_venv_command()}\n"
            )
        _say("This computer's pip can do the same; going on with that.")
    command = [_base_python(), "-I", "-m", "venv", *options, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=_environment())
    if done.returncode != 0:
        raise CannotSetUp(
            f"Python could not make an environment in {folder}:\n\n"
            f"{_tail(done.stdout + done.stderr)}\n\n"
            f"If a part of Python is missing, this adds it:\n\n    {_venv_command()}\n"
        )


def _base_python() -> str:
    """The Python that is no environment: ours may be the one that is being made anew."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def _has(module: str) -> bool:
    command = [_base_python(), "-I", "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True).returncode == 0


def _venv_command() -> str:
    """What adds venv to this Python; distributions of the Debian family keep it apart."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if shutil.which("apt-get"):
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        return f"{'' if root else 'sudo '}apt install {name}-venv"
    return f"{sys.executable} -m ensurepip --upgrade"


def _install(folder: Path, wanted: Sequence[str]) -> None:
    python = str(python_in(folder))
    pip = [python, "-m", "pip"]
    if not any(folder.glob("[lL]ib/**/pip/__main__.py")):
        pip = [_base_python(), "-m", "pip", "--python", python]
    options = ["--no-input", "--progress-bar=off", "--retries=2", "--disable-pip-version-check"]
    process = subprocess.Popen(
        [*pip, "install", *options, *wanted],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=_environment(),
    )
    assert process.stdout is not None
    said: list[str] = []
    with process, _progress() as show:
        for line in process.stdout:
            said.append(line.rstrip())
            show(line)
    if process.returncode != 0:
        raise CannotSetUp(_why_not_installed("\n".join(said)))


def _why_not_installed(said: str) -> str:
    if "No space left" in said:
        return "The disk is full. Slipway needs about 300 MB for itself; make room and start again."
    if _NO_NETWORK.search(said):
        return (
            "The package index could not be reached, so Slipway could not fetch what it needs.\n"
            "Check the network (behind a proxy: the variable HTTPS_PROXY), then start again; "
            "it goes on where it stopped."
        )
    return (
        "Slipway could not install what it needs. pip said:\n\n"
        f"{_tail(said)}\n\nStart again to try once more."
    )


def _tail(said: str) -> str:
    return "\n".join(f"    {line}" for line in said.strip().splitlines()[-12:])


class _Progress:
    """Says in plain words how far pip is: on a terminal in one line, else a line for each part."""

    def __init__(self) -> None:
        self._tty = sys.stderr.isatty()
        self._collected = 0
        self._said_installing = False

    def __call__(self, line: str) -> None:
        """Take one line of pip's output."""
        if found := re.match(r"Collecting ([\w.-]+)", line):
            self._collected += 1
            if self._tty:
                self._rewrite(f"  {self._collected} packages found, now {found[1]}")
        elif line.startswith("Installing collected") and not self._said_installing:
            self._said_installing = True
            text = f"  Installing {line.count(',') + 1} packages"
            if self._tty:
                self._rewrite(text)
            else:
                _say(text)

    def end(self) -> None:
        """Leave the line."""
        if self._tty:
            self._rewrite("")

    def _rewrite(self, text: str) -> None:
        sys.stderr.write("\r\033[K" + text[:78])
        sys.stderr.flush()


@contextmanager
def _progress() -> Iterator[_Progress]:
    progress = _Progress()
    try:
        yield progress
    finally:
        progress.end()


def _environment() -> dict[str, str]:
    """Ours, without what would lead the new Python or its pip to somebody else's packages."""
    env = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    return {**env, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PYTHONUTF8": "1"}


def _start_again(argv: Sequence[str], env: Mapping[str, str]) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(argv[0], list(argv), dict(env))
    try:  # on Windows an exec would leave the terminal before the program ends
        sys.exit(subprocess.call(list(argv), env=dict(env)))
    except KeyboardInterrupt:
        sys.exit(130)


def _say(text: str, *, error: bool = False) -> None:
    prefix = "\n" if error else ""
    sys.stderr.write(f"{prefix}{text}\n")
    sys.stderr.flush()

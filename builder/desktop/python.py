"""The Python that an app is packed with: one of this computer's, as uv finds it.

PyInstaller packs the library of a Python (libpython), which not every one has.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version
from uv import find_uv_bin

from builder.problems import Problem
from builder.process import Finished
from builder.settings import Settings

OLDEST = "3.10"
"""What packed apps need at least."""

NEXT = "3.16"
"""The first that PyInstaller does not know."""

Run = Callable[[Sequence[str]], Finished]

_FLAGS = ("--no-config", "--no-progress", "--no-python-downloads")
_MOST = 8  # Pythons that are looked at

# What PyInstaller will look for, where it will look for it.
_LOOK = """
import ctypes.util, json, os, platform, sys, sysconfig
get = sysconfig.get_config_var
short = "%d.%d" % sys.version_info[:2]
if os.name == "nt":
    library = hasattr(sys, "dllhandle")
elif sys.platform == "darwin" and get("PYTHONFRAMEWORK"):
    library = True
else:
    ending = ".dylib" if sys.platform == "darwin" else ".so.1.0"
    shared = get("Py_ENABLE_SHARED")
    free = "t" if get("Py_GIL_DISABLED") else ""
    name = get("INSTSONAME") if shared else "libpython" + short + free + ending
    places = [sys.base_prefix, os.path.join(sys.base_prefix, "lib")]
    places += [get("LIBDIR") or ""] if shared else []
    library = any(os.path.exists(os.path.join(place, name)) for place in places)
    library = library or bool(shared and ctypes.util.find_library("python" + short))
print(json.dumps({"version": platform.python_version(), "library": library}))
"""


@dataclass(frozen=True)
class Python:
    """One that is there. `has_library`: PyInstaller can pack it."""

    path: str
    version: str
    has_library: bool

    @property
    def is_known(self) -> bool:
        """Whether packed apps and PyInstaller work with this version."""
        return Version(OLDEST) <= Version(self.version) < Version(NEXT)


def asked(settings: Settings) -> str:
    """Which one is wanted, as uv is told: a version, or the range that the project works with."""
    if settings.python_version.strip():
        return settings.python_version.strip()
    known = SpecifierSet(f">={OLDEST},<{NEXT}")
    with contextlib.suppress(InvalidSpecifier):  # the settings tell of it
        known &= SpecifierSet(settings.requires_python)
    return ",".join(sorted(map(str, known), reverse=True))


def find(run: Run, wanted: str) -> Python | None:
    """The first that uv finds and that can be packed; else the first; None when there is none."""
    first = None
    for path in _paths(run, wanted):
        found = _look(run, path)
        if found and found.has_library:
            return found
        first = first or found
    return first


def _paths(run: Run, wanted: str) -> Iterator[str]:
    """The one that uv would take, then all others, the newest first."""
    found = run([find_uv_bin(), "python", "find", "--system", *_FLAGS, wanted])
    if found.status != 0 or not found.out:
        return
    yield found.out[-1].strip()
    argv = [find_uv_bin(), "python", "list", *_FLAGS, "--only-installed"]
    listed = run([*argv, "--output-format", "json", wanted])
    try:
        every = json.loads("\n".join(listed.out))
        paths = [str(one["path"]) for one in every if not one.get("symlink")]
    except (ValueError, TypeError, KeyError, AttributeError):  # another uv, another form
        return
    yield from paths[:_MOST]


def _look(run: Run, path: str) -> Python | None:
    """What a Python says of itself; None where it does not work."""
    said = run([path, "-I", "-c", _LOOK])
    try:
        about = json.loads(said.out[-1])
        version = str(Version(about["version"].removesuffix("+")))
        return Python(path, version, bool(about["library"]))
    except (ValueError, IndexError, KeyError, TypeError):
        return None


def in_words(settings: Settings) -> str:
    """The Python that is wanted, as people say it."""
    wanted = settings.python_version or settings.requires_python or f">={OLDEST}"
    lowest = re.fullmatch(r">=\s*([\d.]+)", wanted)
    return f"Python {lowest[1]} or newer" if lowest else f"Python {wanted}"


def not_there(settings: Settings) -> Problem:
    """None of those on this computer is wanted and known."""
    return Problem(
        "python-not-there",
        f"There is no {in_words(settings)} on this computer",
        "The app is packed with a Python that is installed here, of a version from "
        f"{OLDEST} on and before {NEXT}.",
        "Install it from python.org or with your system's software centre, or let the project work "
        "with another one (requires-python in pyproject.toml), and build again.",
    )

"""pip's settings for uv, which reads none of them: where packages come from, and whom to trust.

Addresses as variables of the environment, because one may hold a password, and arguments can be
read by everyone on the computer.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder import host
from builder.pipeline import Job

_ALONE: Mapping[str, Sequence[str]] = {
    "no-index": ("--no-index",),
    "pre": ("--prerelease", "allow"),
    "prefer-binary": (),  # uv has no such wish
}
# What pip calls it -> what uv calls it, and how uv parts several values.
_NAMES: Mapping[str, tuple[str, str]] = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "proxy": ("ALL_PROXY", " "),
}
_ONE_ONLY = ("index-url", "cert", "proxy")  # the last that is said counts
# Those that uv takes as arguments only: one that has a space in it is one value there.
_ARGUMENTS = ("constraint", "only-binary", "no-binary")


@dataclass(frozen=True)
class Sources:
    """For every call of uv the variables; for those that choose packages the arguments, too."""

    env: Mapping[str, str]
    arguments: Sequence[str]


def of(job: Job) -> Sources:
    """What pip is set to on this computer, and what the project says."""
    argv = [sys.executable, "-I", "-m", "pip", "config", "list"]
    set_up = list(_settings(job.run_tool(argv, quiet=True).out))
    asked = list(_options(job.build.project.pip_options, job.build.project.folder))
    given: dict[str, list[str]] = {}
    for name, values in [*set_up, *asked]:
        if name in _ONE_ONLY:
            given[name] = values[-1:]
        else:
            given.setdefault(name, []).extend(values)
    variables = {
        variable: between.join(dict.fromkeys(given[name]))
        for name, (variable, between) in _NAMES.items()
        if given.get(name)
    }
    if addresses := [value for value in given.get("constraint", ()) if "://" in value]:
        variables["UV_CONSTRAINT"] = " ".join(addresses)
    # As pip chooses: the best version of all indexes, not the first index that knows the name.
    # Wide, because uv breaks its lines for the terminal, and what it says is read here.
    wide = {"COLUMNS": "10000"}
    env = {**variables, **wide, "UV_INDEX_STRATEGY": "unsafe-best-match", "PATH": search_path()}
    return Sources(env, list(_arguments(given)))


def _arguments(given: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, words in _ALONE.items():
        if name in given and given[name][-1:] not in (["0"], ["false"], ["no"], ["off"]):
            yield from words
    for name in _ARGUMENTS:
        for value in dict.fromkeys(v for v in given.get(name, ()) if "://" not in v):
            yield from (f"--{name}", value)


def _settings(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """What `pip config list` says: `global.index-url='https://…'`."""
    for line in lines:
        found = re.fullmatch(r"(?P<group>[\w:-]+)\.(?P<name>[\w-]+)=(?P<value>.*)", line)
        if found and found["group"] in ("global", "install", ":env:"):
            try:
                value = ast.literal_eval(found["value"])
            except (ValueError, SyntaxError):
                continue  # not a line of pip's list
            yield found["name"], str(value).split()


def _options(options: Sequence[str], folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Those of the project's `requirements.txt`; a path begins in its folder."""
    rest = iter(options)
    for option in rest:
        name = option.removeprefix("--")
        if name in _ALONE:
            yield name, []
            continue
        value = next(rest, "")
        is_file = name in ("constraint", "find-links") and "://" not in value
        yield name, [str(folder / value) if is_file else value]


def search_path() -> str:
    """The search path with the Pythons that pyenv keeps, in place of its switch for them.

    That switch answers to every name and then fails for what is not chosen in the folder. Only
    those of CPython: no other can be packed.
    """
    folders = os.environ.get("PATH", "").split(os.pathsep)
    if host.current() == "windows":
        return os.pathsep.join(folders)
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    kept = [folder for folder in folders if folder != str(root / "shims")]
    versions = sorted((root / "versions").glob("[0-9]*/bin"), key=_version, reverse=True)
    return os.pathsep.join([*kept, *map(str, versions)])


def _version(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", folder.parent.name)]

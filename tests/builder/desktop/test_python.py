"""The Python that is packed: found by uv, able to be packed, of a version that is known."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from builder.desktop import python
from builder.process import Finished, Tools
from builder.settings import Settings, resolve


class FakeUv:
    """Plays uv and the Pythons that it finds: path -> version and whether it has its library."""

    def __init__(self, *found: tuple[str, str, bool], listed: str | None = None) -> None:
        self.found = found
        self.listed = listed
        self.started: list[str] = []

    def __call__(self, argv: Sequence[str]) -> Finished:
        self.started.append(" ".join(argv[1:3]))
        if "find" in argv:
            out = [self.found[0][0]] if self.found else []
            return Finished((), 0 if out else 2, out, [])
        if "list" in argv:
            every = [{"path": path, "symlink": None} for path, _, _ in self.found]
            every.append({"path": "/a/symlink", "symlink": "python3"})
            return Finished((), 0, [self.listed or json.dumps(every)], [])
        return self._of_python(argv[0])

    def _of_python(self, path: str) -> Finished:
        found = {one: (version, library) for one, version, library in self.found}
        if path not in found:
            return Finished((), 127, [], ["not found"])
        version, library = found[path]
        return Finished((), 0, [json.dumps({"version": version, "library": library})], [])


def settings(**values: str) -> Settings:
    return replace(resolve({}, Path("a"))[0], **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "wanted", "words"),
    [
        ({}, ">=3.10,<3.16", "Python 3.10 or newer"),
        ({"requires_python": ">=3.12"}, ">=3.12,>=3.10,<3.16", "Python 3.12 or newer"),
        ({"requires_python": "==3.11.*"}, ">=3.10,==3.11.*,<3.16", "Python ==3.11.*"),
        ({"requires_python": "three"}, ">=3.10,<3.16", "Python three"),
        ({"python_version": "3.13", "requires_python": ">=3.10"}, "3.13", "Python 3.13"),
    ],
)
def test_what_is_wanted(values: Mapping[str, str], wanted: str, words: str) -> None:
    assert python.asked(settings(**values)) == wanted
    assert python.in_words(settings(**values)) == words


def test_the_first_that_can_be_packed_is_taken_at_once() -> None:
    uv = FakeUv(("/usr/bin/python3", "3.12.1", True), ("/opt/python", "3.14.0", True))
    assert python.find(uv, "3.12") == python.Python("/usr/bin/python3", "3.12.1", True)
    assert not any("list" in one for one in uv.started)


def test_another_one_is_taken_when_the_first_cannot_be_packed() -> None:
    uv = FakeUv(("/mine/python", "3.12.1", False), ("/usr/bin/python3", "3.11.2", True))
    assert python.find(uv, ">=3.10") == python.Python("/usr/bin/python3", "3.11.2", True)


def test_when_none_can_be_packed_the_first_is_named() -> None:
    uv = FakeUv(("/mine/python", "3.12.1", False), ("/other/python", "3.11.2", False))
    assert python.find(uv, ">=3.10") == python.Python("/mine/python", "3.12.1", False)


@pytest.mark.parametrize("listed", ["", "no JSON", "{}", "[1]", '[{"name": "x"}]', "null"])
def test_a_list_that_is_not_understood_is_no_trouble(listed: str) -> None:
    uv = FakeUv(("/mine/python", "3.12.1", False), listed=listed or None)
    assert python.find(uv, ">=3.10") == python.Python("/mine/python", "3.12.1", False)


def test_there_may_be_none() -> None:
    assert python.find(FakeUv(), "3.99") is None
    assert python.not_there(settings(python_version="3.99")).title.startswith(
        "There is no Python 3.99"
    )


@pytest.mark.parametrize(
    ("version", "known"),
    [("3.9.18", False), ("3.10.0", True), ("3.15.0b1", True), ("3.16.0", False), ("2.7", False)],
)
def test_versions_that_are_known(version: str, known: bool) -> None:
    assert python.Python("x", version, True).is_known is known


def test_a_python_tells_of_itself() -> None:
    found = python._look(Tools().run, sys.executable)
    assert found is not None
    assert found.version == ".".join(map(str, sys.version_info[:3]))

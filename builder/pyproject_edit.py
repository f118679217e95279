"""Writes single keys of `pyproject.toml` and leaves every other byte as it was."""

from __future__ import annotations

import codecs
import contextlib
import copy
import os
import stat
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit

from builder import identity
from builder import pyproject as pyproject_file
from builder.problems import Problem, ProjectError
from builder.toml_text import Statement, statements

_BOM = codecs.BOM_UTF8

# What [project] must say as soon as it says anything (PEP 621).
_FIRST_VERSION = "1.0.0"


def save(folder: Path, changes: Mapping[str, Any]) -> None:
    """See `settings.save`."""
    path = Path(os.path.realpath(folder / pyproject_file.NAME))
    raw = _read(path)
    parsed = pyproject_file.parse(raw, path)
    if broken := [p for p in parsed.problems if p.code in pyproject_file.UNREADABLE]:
        raise ProjectError(broken[0])
    _refuse_dynamic(parsed.data, changes)
    changes = {**_project_basics(parsed.data, changes, folder), **changes}
    text = edit(raw.removeprefix(_BOM).decode("utf-8"), changes)
    mark = _BOM if raw.startswith(_BOM) else b""
    try:
        new = mark + text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ProjectError(_not_safe("One of the values holds half a character.")) from error
    if new != raw:
        _write(path, new)


def edit(text: str, changes: Mapping[str, Any]) -> str:
    """The TOML `text` with dotted keys set, or removed where the value is None.

    Raises ProjectError when that cannot be done without touching anything else.
    """
    for key, value in changes.items():
        for path, part in _parts(text, tuple(key.split(".")), value):
            data = tomllib.loads(text)
            wanted = _changed(data, path, part)
            if _same(wanted, data):
                continue
            text = _edit_one(text, path, part)
            if not _means(text, wanted):
                why = f"It is written in a way that leaves no room for {key}."
                raise ProjectError(_not_safe(why))
    return text


def _parts(text: str, path: tuple[str, ...], value: Any) -> list[tuple[tuple[str, ...], Any]]:
    """What to set one after the other: a table with a header of its own changes key by key.

    So its comments and its order stay. Removing it empties it: the header is not ours to remove.
    """
    old: Any = tomllib.loads(text)
    for part in path:
        old = old.get(part) if isinstance(old, dict) else None
    if not old or not isinstance(old, dict) or _is_in_pair(text, path):
        return [(path, value)]
    new = {} if value is None else value
    if not isinstance(new, Mapping):
        return [(path, value)]
    parts: list[tuple[tuple[str, ...], Any]] = [
        ((*path, name), None) for name in old if name not in new
    ]
    for name, item in new.items():
        below = (*path, str(name))
        parts += _parts(text, below, item) if name in old else [(below, item)]
    return parts


def _is_in_pair(text: str, path: Sequence[str]) -> bool:
    """Whether a pair holds this key, or has it in its inline table."""
    return any(
        not item.is_header and not item.in_list and item.path == tuple(path[: len(item.path)])
        for item in statements(text)
    )


def _means(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return _same(tomllib.loads(text), wanted)
    except tomllib.TOMLDecodeError:
        return False


def _same(a: Any, b: Any) -> bool:
    """Equal, and of the same types: 1, 1.0 and true are three things; nan is itself."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(_same, a, b))
    return bool(a == b or (a != a and b != b))


def _changed(data: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    """What the file should mean afterwards."""
    result = copy.deepcopy(dict(data))
    table = result
    for part in path[:-1]:
        if value is None and part not in table:
            return result
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise ProjectError(pyproject_file.wrong_type("", ".".join(path[:-1]), table, "a table"))
    if value is None:
        table.pop(path[-1], None)
    else:
        table[path[-1]] = _plain(value)
    return result


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _edit_one(text: str, path: tuple[str, ...], value: Any) -> str:
    found = list(statements(text))
    for pair in found:
        if pair.is_header or pair.in_list:
            continue
        if pair.path == path:
            if value is None:
                return text[: pair.start] + text[pair.end :]
            new = _edit_list(text[pair.value_start : pair.value_end], value) or _render(value)
            return text[: pair.value_start] + new + text[pair.value_end :]
        if pair.path == path[: len(pair.path)]:
            inline = _edit_inline(
                text[pair.value_start : pair.value_end], path[len(pair.path) :], value
            )
            return text[: pair.value_start] + inline + text[pair.value_end :]
    if value is None:
        return text  # a whole table: not ours to remove
    return _add(text, found, path, value)


def _edit_inline(text: str, path: Sequence[str], value: Any) -> str:
    """An inline table with one key set or removed; tomlkit keeps the rest as it is."""
    document = tomlkit.parse(f"x = {text}\n")
    table: Any = document["x"]
    for part in path[:-1]:
        if part not in table:
            table[part] = tomlkit.inline_table()
        table = table[part]
    if value is None:
        del table[path[-1]]
    else:
        table[path[-1]] = tomlkit.value(_render(value))
    return document.as_string().removeprefix("x = ").removesuffix("\n")


def _edit_list(text: str, value: Any) -> str:
    """A list of several lines with items less or more at its end, and every comment that fits.

    Empty where the value is no such list, or becomes one in another way.
    """
    if not isinstance(value, (list, tuple)) or not text.startswith("[") or "\n" not in text:
        return ""
    document = tomlkit.parse(f"x = {text}\n")
    items: Any = document["x"]
    for item in [one for one in items if one not in value]:
        items.remove(item)
    for item in list(value)[len(items) :]:
        items.append(item)
    new = document.as_string().removeprefix("x = ").removesuffix("\n")
    if "\r\n" in text:
        new = new.replace("\r\n", "\n").replace("\n", "\r\n")
    return new if _means(f"x = {new}", {"x": _plain(value)}) else ""


def _add(text: str, found: Sequence[Statement], path: tuple[str, ...], value: Any) -> str:
    """A new pair: behind the last one of its table, or in a new table at the end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    place = _place(found, path)
    if place is None:
        header = ".".join(map(_key, path[:-1]))
        gap = newline if text.strip() else ""
        start = text if not text or text.endswith("\n") else text + newline
        new = f"{gap}[{header}]{newline}" if header else ""
        return f"{start}{new}{_key(path[-1])} = {_render(value)}{newline}"
    indent = "" if place.is_header else text[place.start : place.key_start]
    before = text[: place.end]
    if not before.endswith("\n"):
        before += newline
    key = ".".join(map(_key, path[len(place.table) :]))
    return f"{before}{indent}{key} = {_render(value)}{newline}{text[place.end :]}"


def _place(found: Sequence[Statement], path: tuple[str, ...]) -> Statement | None:
    """The statement behind which a new key belongs: a sister of it, else the table's header."""
    parent = path[:-1]
    sisters = [
        pair
        for pair in found
        if not pair.is_header and not pair.in_list and pair.path[:-1] == parent
    ]
    if sisters:
        return sisters[-1]
    headers = [item for item in found if item.is_header and item.path == parent]
    if headers:
        return headers[-1]
    # A table that exists only by dotted keys below it cannot get a header of its own.
    nieces = [
        pair
        for pair in found
        if not pair.is_header
        and not pair.in_list
        and pair.path[: len(parent)] == parent
        and len(pair.table) < len(parent)
    ]
    return nieces[-1] if nieces else None


def _key(part: str) -> str:
    return str(tomlkit.key(part).as_string())


def _render(value: Any) -> str:
    """A value in TOML, on one line."""
    if isinstance(value, Mapping):
        pairs = [f"{_key(str(key))} = {_render(item)}" for key, item in value.items()]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_render, value))}]"
    return str(tomlkit.item(value).as_string())


def _refuse_dynamic(data: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    dynamic = pyproject_file.get(data, "project.dynamic")
    for key in changes:
        field = key.removeprefix("project.")
        if key != field and isinstance(dynamic, list) and field in dynamic:
            raise ProjectError(
                Problem(
                    "setting-dynamic",
                    f"The {field} cannot be written here",
                    f"pyproject.toml lists “{field}” in project.dynamic: another tool works it "
                    "out, and the two would contradict each other.",
                    f"Change it where that tool takes it from, or take “{field}” out of "
                    "project.dynamic.",
                    where=f"{pyproject_file.NAME}, project.dynamic",
                )
            )


def _project_basics(
    data: Mapping[str, Any], changes: Mapping[str, Any], folder: Path
) -> dict[str, Any]:
    """The name and version that a new [project] needs beside what is written into it."""
    writes = any(key.startswith("project.") and value is not None for key, value in changes.items())
    if not writes or pyproject_file.get(data, "project") is not None:
        return {}
    poetry = pyproject_file.get(data, "tool.poetry.version")
    return {
        "project.name": identity.project_name(folder.resolve().name),
        "project.version": poetry if isinstance(poetry, str) and poetry else _FIRST_VERSION,
    }


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ProjectError(pyproject_file.not_readable(path, error)) from error


def _write(path: Path, content: bytes) -> None:
    """Put a whole new file in the place of the old one: nobody ever sees half of it."""
    temporary = ""
    try:
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(None, "The file is write-protected")
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _like(path, Path(temporary))
        os.replace(temporary, path)  # noqa: PTH105 (path may be a name that pathlib changes)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise ProjectError(_not_writable(path, error)) from error


def _like(old: Path, new: Path) -> None:
    """Give the new file the rights and the owner of the old one, or those of any new file."""
    try:
        status = old.stat()
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        new.chmod(0o666 & ~mask)
        return
    new.chmod(stat.S_IMODE(status.st_mode))
    if hasattr(os, "chown") and (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
        with contextlib.suppress(PermissionError):
            os.chown(new, status.st_uid, status.st_gid)


def _not_writable(path: Path, error: OSError) -> Problem:
    return Problem(
        "pyproject-not-writable",
        "pyproject.toml cannot be written",
        f"The system says: {error.strerror or error}. Nothing was changed.",
        "Make sure that there is room on the disk, and that you have the right to write the file "
        "and its folder.",
        where=str(path),
    )


def _not_safe(why: str) -> Problem:
    return Problem(
        "pyproject-not-safe",
        "pyproject.toml cannot be changed without touching other things in it",
        f"{why} Nothing was changed.",
        "Change the setting in the file by hand.",
        where=pyproject_file.NAME,
    )

"""Writing settings: what was not meant to change is as it was, byte for byte."""

from __future__ import annotations

import os
import stat
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import pyproject_edit
from builder.problems import ProjectError
from builder.settings import save

FILE = """\
# The recipe of my app.
[project]
name = "counter"   # as on the shop
version = '1.0.0'
dependencies = [
  "flet",  # the face
  "httpx",
]

# Everything for Flet.
[tool.flet]
org = "com.acme"
app = { path = "src", exclude = ["a#b"] }  # inline

# About the linter.
[tool.ruff]
line-length = 100
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "pyproject.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def common(a: str, b: str) -> int:
    """How many characters two texts begin with alike."""
    return next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(map(len, (a, b)))
    )


def test_a_value_is_replaced_where_it_stands(tmp_path: Path) -> None:
    path = write(tmp_path, FILE)
    save(tmp_path, {"project.version": "1.1.0"})
    assert path.read_text() == FILE.replace("'1.0.0'", '"1.1.0"')


def test_a_new_key_comes_behind_its_sisters_and_before_the_next_comment(tmp_path: Path) -> None:
    path = write(tmp_path, FILE)
    save(tmp_path, {"tool.flet.product": "Counter"})
    assert path.read_text() == FILE.replace("# inline\n", '# inline\nproduct = "Counter"\n')


def test_a_key_of_an_inline_table(tmp_path: Path) -> None:
    path = write(tmp_path, FILE)
    save(tmp_path, {"tool.flet.app.path": "app"})
    assert path.read_text() == FILE.replace('"src"', '"app"')
    save(tmp_path, {"tool.flet.app.path": None})
    assert tomllib.loads(path.read_text())["tool"]["flet"]["app"] == {"exclude": ["a#b"]}
    save(tmp_path, {"tool.flet.app.module": "start"})
    assert tomllib.loads(path.read_text())["tool"]["flet"]["app"]["module"] == "start"


def test_removing_takes_the_line_away(tmp_path: Path) -> None:
    path = write(tmp_path, FILE)
    save(tmp_path, {"tool.flet.org": None, "tool.flet.nothing": None, "no.such.table": None})
    assert path.read_text() == FILE.replace('org = "com.acme"\n', "")


def test_the_same_value_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, FILE)
    before = path.stat().st_mtime_ns, path.stat().st_ino
    save(tmp_path, {"project.version": "1.0.0"})
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_a_new_file_says_only_what_was_asked(tmp_path: Path) -> None:
    save(tmp_path, {"tool.flet.app.module": "start"})
    assert (tmp_path / "pyproject.toml").read_text() == '[tool.flet.app]\nmodule = "start"\n'


def test_a_new_project_table_has_a_name_and_a_version(tmp_path: Path) -> None:
    folder = tmp_path / "Mein Café"
    folder.mkdir()
    save(folder, {"project.description": "Zählt."})
    data = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    assert data == {"project": {"name": "mein-cafe", "version": "1.0.0", "description": "Zählt."}}


def test_a_new_project_table_takes_the_version_from_poetry(tmp_path: Path) -> None:
    path = write(tmp_path, '[tool.poetry]\nversion = "2.0"\n')
    save(tmp_path, {"project.name": "counter"})
    assert tomllib.loads(path.read_text())["project"]["version"] == "2.0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[project]\r\nname = "a"\r\nversion = "1"\r\n\r\n[tool.x]\r\n',
            '[project]\r\nname = "b"\r\nversion = "1"\r\n\r\n[tool.x]\r\n'
            '\r\n[tool.flet]\r\nproduct = "P"\r\n',
        ),
        (
            '[project]\nname = "a"\nversion = "1"',
            '[project]\nname = "b"\nversion = "1"\n\n[tool.flet]\nproduct = "P"\n',
        ),
        (
            '\ufeffproject.name = "a" # n\nproject.version = "1"\n',
            '\ufeffproject.name = "b" # n\nproject.version = "1"\n\n[tool.flet]\nproduct = "P"\n',
        ),
        (
            'tool.flet.org = "a"\n[project]\nname = "a"\nversion="1"\n',
            'tool.flet.org = "a"\ntool.flet.product = "P"\n[project]\nname = "b"\nversion="1"\n',
        ),
        (
            '[tool]\nflet = {}\n[project]\n  name = "a" \n  version="1"',
            '[tool]\nflet = {product = "P"}\n[project]\n  name = "b" \n  version="1"',
        ),
        (
            '[tool.flet.app]\npath = "src"\n[project]\nname = "a"\nversion="1"\n[[x]]\ny=1\n',
            '[tool.flet.app]\npath = "src"\n[project]\nname = "b"\nversion="1"\n[[x]]\ny=1\n'
            '\n[tool.flet]\nproduct = "P"\n',
        ),
        (
            '[tool]\nflet.app.path = "src"\n[project]\nname = """a\n#b"""\nversion="1"\n',
            '[tool]\nflet.app.path = "src"\nflet.product = "P"\n'
            '[project]\nname = "b"\nversion="1"\n',
        ),
        (
            '["tool"."flet"]\n[ project ]\n"name"="a"\n\'version\'="1"\n',
            '["tool"."flet"]\nproduct = "P"\n[ project ]\n"name"="b"\n\'version\'="1"\n',
        ),
    ],
)
def test_every_way_to_write_it(tmp_path: Path, text: str, expected: str) -> None:
    path = write(tmp_path, text)
    save(tmp_path, {"project.name": "b", "tool.flet.product": "P"})
    assert path.read_bytes().decode() == expected


@pytest.mark.parametrize(
    "value",
    ["", 'a "b" \\ c', "two\nlines", "日本 🙂", True, False, 7, -1, 1.5, [], ["a", "b"], {"k": [1]},
     [{"a": 1}, {"b c": "d"}], "\x00\x7f"],
)  # fmt: skip
def test_values_come_back_as_they_were(tmp_path: Path, value: Any) -> None:
    save(tmp_path, {"tool.slipway.x": value})
    data = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))
    assert data == {"tool": {"slipway": {"x": value}}}


TABLE = """\
[tool.flet.android.permission]  # what we ask for
# for the scanner
"android.permission.CAMERA" = true  # really
"android.permission.NFC" = true

[tool.flet.android.feature]
"android.hardware.camera" = false
"""


def test_a_table_with_a_header_is_changed_key_by_key(tmp_path: Path) -> None:
    path = write(tmp_path, TABLE)
    wanted = {"android.permission.CAMERA": True, "android.permission.VIBRATE": False}
    save(tmp_path, {"tool.flet.android.permission": wanted})
    assert path.read_text() == TABLE.replace(
        '"android.permission.NFC" = true', '"android.permission.VIBRATE" = false'
    )


def test_a_table_with_a_header_is_emptied_and_an_inline_one_goes(tmp_path: Path) -> None:
    path = write(tmp_path, TABLE)
    save(tmp_path, {"tool.flet.android.permission": None})
    assert tomllib.loads(path.read_text())["tool"]["flet"]["android"]["permission"] == {}
    assert "# for the scanner" in path.read_text()
    path = write(tmp_path, "[tool.flet.android]\nx = 1\npermission = { a = true }\n")
    save(tmp_path, {"tool.flet.android.permission": None})
    assert path.read_text() == "[tool.flet.android]\nx = 1\n"


def test_a_table_inside_a_table_is_not_thrown_away(tmp_path: Path) -> None:
    path = write(tmp_path, TABLE)
    with pytest.raises(ProjectError):
        save(tmp_path, {"tool.flet.android": {"x": 1}})
    assert path.read_text() == TABLE


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[project\n", "pyproject-not-toml"),
        (b'[project]\nname = "caf\xe9"\n', "pyproject-not-utf8"),
        (b"project = 3\n", "setting-wrong-type"),
        (b"[[project]]\nname = 'a'\n", "setting-wrong-type"),
        (b'[project]\nname = "a"\ndynamic = ["version"]\n', "setting-dynamic"),
    ],
)
def test_what_cannot_be_changed_stays_as_it_was(tmp_path: Path, content: bytes, code: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(ProjectError) as caught:
        save(tmp_path, {"project.version": "2"})
    assert caught.value.problem.code == code
    assert path.read_bytes() == content
    assert names_in(tmp_path) == ["pyproject.toml"]


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError):
        save(tmp_path, {"tool.flet.product": "\ud800"})
    assert names_in(tmp_path) == []


def test_a_folder_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    with pytest.raises(ProjectError):
        save(tmp_path, {"tool.flet.product": "x"})


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as caught:
        save(tmp_path / "gone", {"tool.flet.product": "x"})
    assert caught.value.problem.code == "pyproject-not-writable"


def test_a_failed_exchange_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, FILE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProjectError) as caught:
        save(tmp_path, {"project.version": "2"})
    assert "No space left" in caught.value.problem.why
    assert path.read_text() == FILE
    assert names_in(tmp_path) == ["pyproject.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_the_rights_of_the_file_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path, FILE)
    path.chmod(0o640)
    save(tmp_path, {"project.version": "2"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "shared" / "recipe.toml"
    real.parent.mkdir()
    real.write_text(FILE)
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "pyproject.toml").symlink_to("../shared/recipe.toml")
    save(folder, {"project.version": "2"})
    assert (folder / "pyproject.toml").is_symlink()
    assert real.read_text() == FILE.replace("'1.0.0'", '"2"')


# Any file, any key: the new text means what it should, and nothing else is touched.

names = st.sampled_from(["a", "b", "tool", "flet", "x-y", '"q r"', "'l.m'"])
scalars = st.sampled_from(
    ["1", "1.5e3", "true", '"s # s"', "'l\"'", '"""m\n# [x]\n"y" \\" """', "'''k\n]'''", '""',
     "1979-05-27 07:32:00", "inf", '"\\u00e9"', '"""""q"""""']
)  # fmt: skip
inlines = st.lists(st.tuples(names, scalars.filter(lambda s: "\n" not in s)), max_size=3).map(
    lambda pairs: "{ " + ", ".join(f"{k} = {v}" for k, v in dict(pairs).items()) + " }"
)
arrays = st.lists(scalars, max_size=3).map(
    lambda items: "[ # ]\n " + ",\n ".join(items) + (",\n" if items else "") + " ]"
)
dotted = st.lists(names, min_size=1, max_size=3).map(" . ".join)
pairs = st.builds(
    "{}{} = {}{}".format,
    st.sampled_from(["", "  ", "\t"]),
    dotted,
    scalars | inlines | arrays,
    st.sampled_from(["", " ", "  # note = 1", "\t#"]),
)
headers = st.builds(
    "{}{}".format,
    st.one_of(dotted.map(lambda k: f"[{k}]"), dotted.map(lambda k: f"[[ {k} ]]")),
    st.sampled_from(["", "  # [x]"]),
)
lines = st.one_of(pairs, headers, st.sampled_from(["", "# c", "   "]))


def _valid(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


@st.composite
def files(draw: st.DrawFn) -> str:
    """A TOML file, grown line by line, so that most tries are valid."""
    text = ""
    for line in draw(st.lists(lines, max_size=12)):
        if _valid(f"{text}{line}\n"):
            text += f"{line}\n"
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text.removesuffix("\n").removesuffix("\r") if draw(st.booleans()) else text


keys = st.lists(st.sampled_from(["a", "b", "tool", "flet", "x-y"]), min_size=1, max_size=3).map(
    ".".join
)


@given(files(), keys, st.sampled_from(["new", 3, None, ["a"], {}, {"b": 2}]))
def test_one_splice_and_nothing_else(text: str, key: str, value: Any) -> None:
    before = tomllib.loads(text)
    try:
        after = pyproject_edit.edit(text, {key: value})
    except ProjectError:
        return
    if (
        value is None
        and isinstance(_lookup(before, key), dict)
        and _lookup(tomllib.loads(after), key) == {}
    ):
        return  # a table with a header of its own is emptied
    assert pyproject_edit._same(
        tomllib.loads(after), pyproject_edit._changed(before, key.split("."), value)
    )
    start = common(text, after)
    end = common(text[start:][::-1], after[start:][::-1])
    taken = text[start : len(text) - end]
    if _lookup(before, key) is None and value is not None and "{" not in text:
        assert taken == ""  # something new takes nothing away
    elif "{" not in text:
        assert "# note" not in taken or value in (None, {})  # an emptied table


def _lookup(data: Any, key: str) -> Any:
    for part in key.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    return data


@given(files(), keys)
def test_there_and_back_is_the_same_text(text: str, key: str) -> None:
    if _lookup(tomllib.loads(text), key) is not None or "{" in text:
        return
    try:
        once = pyproject_edit.edit(text, {key: 1})
        twice = pyproject_edit.edit(pyproject_edit.edit(once, {key: 2}), {key: 1})
    except ProjectError:
        return
    assert twice == once


def test_files_as_people_write_them_are_never_refused() -> None:
    for text in (FILE, FILE.replace("\n", "\r\n"), FILE.rstrip(), "", "# c", "[tool.flet]"):
        for key in ("project.version", "tool.flet.product", "tool.slipway.web.fonts"):
            assert pyproject_edit.edit(text, {key: "v"})


LIST = """\
[tool.flet.app]
exclude = [  # what nobody needs
  "notes.txt",  # mine
  # the big ones
  "films",
]
"""


def test_a_list_of_several_lines_keeps_its_comments_when_it_grows(tmp_path: Path) -> None:
    path = write(tmp_path, LIST)
    save(tmp_path, {"tool.flet.app.exclude": ["notes.txt", "films", "instance/shop.db"]})
    assert path.read_text() == LIST.replace('  "films",\n', '  "films",\n  "instance/shop.db",\n')


def test_a_list_loses_only_the_line_that_is_taken_out(tmp_path: Path) -> None:
    path = write(tmp_path, LIST)
    save(tmp_path, {"tool.flet.app.exclude": ["films"]})
    assert path.read_text() == LIST.replace('  "notes.txt",  # mine\n', "")


def test_a_list_in_another_order_is_written_anew(tmp_path: Path) -> None:
    path = write(tmp_path, LIST)
    save(tmp_path, {"tool.flet.app.exclude": ["films", "notes.txt"]})
    assert tomllib.loads(path.read_text())["tool"]["flet"]["app"]["exclude"] == [
        "films",
        "notes.txt",
    ]


def test_the_ends_of_the_lines_of_a_list_stay_as_they_are(tmp_path: Path) -> None:
    path = write(tmp_path, LIST.replace("\n", "\r\n").encode())
    save(tmp_path, {"tool.flet.app.exclude": ["notes.txt", "films", "more"]})
    raw = path.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") == 7


@given(
    st.lists(st.sampled_from("abcdef"), max_size=5), st.lists(st.sampled_from("abcdef"), max_size=5)
)
def test_any_list_becomes_any_other(before: list[str], after: list[str]) -> None:
    lines = "".join(f'  "{one}",  # about {one}\n' for one in before)
    text = pyproject_edit.edit(f"x = [\n{lines}]\ny = 1\n", {"x": after})
    assert tomllib.loads(text) == {"x": after, "y": 1}
    assert text.endswith("y = 1\n")

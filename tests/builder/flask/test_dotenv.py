"""Files of variables, read as python-dotenv reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.flask.dotenv import LARGEST, LONGEST, parse, read


def values(source: str) -> dict[str, str]:
    return {name: value.text for name, value in parse(source).items()}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("FLASK_APP=shop", "shop"),
        ("  FLASK_APP = shop  ", "shop"),
        ("export FLASK_APP=shop", "shop"),
        ("FLASK_APP='shop'", "shop"),
        ('FLASK_APP="shop"  # the app', "shop"),
        ("FLASK_APP=shop # the app", "shop"),
        ("FLASK_APP=shop#1", "shop#1"),
        ("FLASK_APP=#shop", "#shop"),
        ("FLASK_APP= # nothing", ""),
        ("FLASK_APP=", ""),
        ("'FLASK_APP'=shop", "shop"),
        ("FLASK_APP=shop:create_app('dev')", "shop:create_app('dev')"),
        ("FLASK_APP=\"shop:create_app('dev')\"", "shop:create_app('dev')"),
        (r'FLASK_APP="a\"b"', 'a"b'),
        (r"FLASK_APP='a\'b'", "a'b"),
        (r'FLASK_APP="a\tb"', "a\tb"),
        (r"FLASK_APP='a\tb'", r"a\tb"),
        ('FLASK_APP="a\nb"', "a\nb"),
        ("FLASK_APP=größe", "größe"),
        ("\ufeffFLASK_APP=shop".lstrip("\ufeff"), "shop"),
        ("FLASK_APP=a=b", "a=b"),
    ],
)
def test_a_value(line: str, value: str) -> None:
    assert values(f"X=1\n{line}\nY=2\n") == {"X": "1", "FLASK_APP": value, "Y": "2"}


@pytest.mark.parametrize(
    "line", ["", "# FLASK_APP=x", "FLASK_APP", "=x", "FLASK_APP='x", "FLASK_APP='x' y", "a b=c"]
)
def test_what_is_no_value(line: str) -> None:
    assert values(f"X=1\n{line}\nY=2\n") == {"X": "1", "Y": "2"}


def test_the_last_one_counts_and_knows_its_line() -> None:
    found = parse('A=1\r\nB="2\r\n3"\r\nA=4\r\n')
    assert (found["A"].text, found["A"].line) == ("4", 4)
    assert found["B"].text == "2\n3"


def test_names_in_values() -> None:
    assert values("A=x\nB=${A}/${C:-d}/${E}") == {"A": "x", "B": "x/d/"}


def test_names_that_double_themselves_end() -> None:
    source = "A0=xx\n" + "".join(f"A{n}=${{A{n - 1}}}${{A{n - 1}}}\n" for n in range(1, 200))
    assert len(parse(source)["A199"].text) <= LONGEST


def test_files(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xef\xbb\xbfA=caf\xe9\n")
    assert read(file)["A"].text == "caf�"
    assert read(tmp_path / "gone") == {}
    assert read(tmp_path) == {}
    assert read(Path("\0")) == {}
    file.write_bytes(b"A=1\n" * LARGEST)
    assert read(file) == {}


@given(st.text(alphabet="AB=' \"\\\n#${}:-xport", max_size=60))
def test_any_text(source: str) -> None:
    for name, value in parse(source).items():
        assert name
        assert 0 < value.line <= source.count("\n") + 1

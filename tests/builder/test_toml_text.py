"""Where things stand in a TOML text."""

from __future__ import annotations

import tomllib

import pytest

from builder.toml_text import line_at, statements


def found(text: str) -> list[tuple[str, str]]:
    """Each pair's key with its value as written, each header as `[key]`."""
    tomllib.loads(text)
    return [
        (f"[{'.'.join(item.path)}]", "")
        if item.is_header
        else (".".join(item.path), text[item.value_start : item.value_end])
        for item in statements(text)
    ]


@pytest.mark.parametrize(
    ("value", "rest"),
    [
        ("1", ""),
        ("-1.5e3", "  # c"),
        ("1979-05-27 07:32:00Z", " # c"),
        ('"a # b"', ""),
        ('"a \\" ] b"', " # ' c"),
        ("'a \" b'", ""),
        ('""', ""),
        ("''", ""),
        ('""""""', " #"),
        ('"""a\n[x]\nb = 1\n"""', ""),
        ('"""a ""\\" ""b"""""', ""),
        ("'''\n#'''''", ""),
        ("[]", ""),
        ("[ # ]\n 1, [2, '['],\n]", " # c"),
        ('{ a = "}", b = { c = [1] } }', ""),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", ""])
def test_values_of_every_kind(value: str, rest: str, newline: str) -> None:
    text = f"x = {value}{rest}{newline}"
    assert found(text) == [("x", value)]
    (pair,) = statements(text)
    assert (pair.start, pair.end) == (0, len(text))


def test_keys_and_headers_of_every_kind() -> None:
    text = 'a . "b c".\'d\' = 1\n\n# [no]\n  [ t . u ]  # ]\n\tk = 2\n[[ list ]]\nm=3\n[t."]"]\nn=4'
    assert found(text) == [
        ("a.b c.d", "1"),
        ("[t.u]", ""),
        ("t.u.k", "2"),
        ("[list]", ""),
        ("list.m", "3"),
        ("[t.]]", ""),
        ("t.].n", "4"),
    ]
    assert [item.in_list for item in statements(text)] == [False] * 3 + [True] * 2 + [False] * 2


def test_lines() -> None:
    text = "a = 1\r\n\r\nb = 2\n"
    assert [line_at(text, item.start) for item in statements(text)] == [1, 3]


def test_a_very_long_string_is_read_at_once() -> None:
    text = f'x = """{"y" * 200_000}"""\n'
    assert len(list(statements(text))) == 1

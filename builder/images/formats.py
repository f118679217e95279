"""What a file holds, told by its first bytes: a name is only what somebody called it."""

from __future__ import annotations

import re

HEAD = 4096  # bytes that are enough to tell

# The formats that can be read, by how their files begin.
_PICTURES = (
    ("png", rb"\x89PNG\r\n\x1a\n"),
    ("jpeg", rb"\xff\xd8\xff"),
    ("webp", rb"RIFF.{4}WEBP"),
    ("gif", rb"GIF8[79]a"),
    ("tiff", rb"II\*\0|MM\0\*|II\+\0|MM\0\+"),
    ("ico", rb"\0\0\x01\0"),
    ("icns", rb"icns"),
    ("avif", rb".{4}ftyp(?:avif|avis|(?:mif1|msf1)(?=.{0,64}avif))"),
    ("bmp", rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0"),
    ("svg", rb"\x1f\x8b"),  # an .svgz, if anything
)
# What else is found under the name of a picture.
_OTHERS = (
    ("a PDF document", rb"%PDF-"),
    ("a PostScript drawing", rb"%!PS|\xc5\xd0\xd3\xc6"),
    ("a Photoshop document", rb"8BPS"),
    ("a GIMP document", rb"gimp xcf"),
    ("a HEIC photo", rb".{4}ftyp(?:hei|hev|mif1|msf1)"),
    ("a JPEG 2000 picture", rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"),
    ("a JPEG XL picture", rb"\0\0\0\x0cJXL |\xff\x0a"),
    ("a video", rb".{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI "),
    ("a ZIP archive, or a document that is one inside", rb"PK\x03\x04"),
    ("a program", rb"MZ|\x7fELF|\xcf\xfa\xed\xfe"),
    ("a font", rb"\0\x01\0\0|OTTO|wOF[F2]"),
    ("a placeholder of Git LFS", rb"version https://git-lfs"),
    ("a web page", rb"(?:\xef\xbb\xbf)?\s*(?i:<!doctype html|<html)"),
)


def of(head: bytes) -> str:
    """The format of a picture (`png`, `jpeg`, …, `svg`) by its first bytes; "" for none we know."""
    for name, beginning in _PICTURES:
        if re.match(beginning, head, re.DOTALL):
            return name
    if other(head) == "a web page":  # which may well show drawings
        return ""
    text = _text(head)
    return "svg" if re.search(r"<([\w.-]+:)?svg\b", text) or _is_xml(text) else ""


def other(head: bytes) -> str:
    """What a file seems to be that is no picture for us, in words; "" when it cannot be told."""
    for words, beginning in _OTHERS:
        if re.match(beginning, head, re.DOTALL):
            return words
    if not head.strip(b"\0"):
        return "a file of nothing but zeros"
    return "text" if _text(head) else ""


def _is_xml(text: str) -> bool:
    # The drawing may begin after a long comment; a web page is one of `_OTHERS`.
    return text.lstrip().startswith(("<?xml", "<!--", "<!DOCTYPE svg")) and "<html" not in text


def _text(head: bytes) -> str:
    """The bytes as text; "" when they are none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore")
    text = head.decode("utf-8-sig", "replace")
    odd = sum(c == "\ufffd" or (c < " " and c not in "\t\r\n\f") for c in text)
    return text if odd <= len(text) // 50 else ""

"""Zips in one stream: what goes in comes out, and the same content is the same bytes."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.web import stored


def unpack(path: Path) -> dict[str, bytes]:
    with gzip.open(path) as unpacked:
        archive = zipfile.ZipFile(io.BytesIO(unpacked.read()))
    assert all(member.compress_type == zipfile.ZIP_STORED for member in archive.infolist())
    return {name: archive.read(name) for name in archive.namelist()}


names = st.text(st.characters(codec="utf-8", exclude_characters="\0/\\"), min_size=1, max_size=20)


@given(st.dictionaries(names, st.binary(max_size=50), max_size=5))
def test_what_goes_in_comes_out(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, again = Path(folder) / "a.zip.gz", Path(folder) / "b.zip.gz"
        for target in (path, again):
            with stored.writing(target, 6) as archive:
                for name, content in files.items():
                    archive.writestr(zipfile.ZipInfo(name), content)
        assert unpack(path) == files
        assert path.read_bytes() == again.read_bytes()


def test_a_zip_is_packed_anew_without_its_folders(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "old.zip", "w", zipfile.ZIP_DEFLATED) as old:
        old.writestr("folder/", "")
        old.writestr("folder/x.txt", "x" * 1000)
    stored.repack(tmp_path / "old.zip", tmp_path / "new.gz", 9)
    assert unpack(tmp_path / "new.gz") == {"folder/x.txt": b"x" * 1000}


def test_nothing_is_written_when_something_fails(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), stored.writing(tmp_path / "a.gz", 6) as archive:
        archive.write(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []

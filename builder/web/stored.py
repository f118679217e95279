"""Zips whose files are stored as they are, packed as one stream: a third smaller than a usual zip.

The browser unpacks the stream in its own code, and Python then reads the files without unpacking
them one by one.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CHUNK = 1 << 20


@contextmanager
def writing(path: Path, level: int) -> Iterator[zipfile.ZipFile]:
    """A zip to write into, which becomes the gzip file `path`; the same content, the same bytes."""
    with tempfile.TemporaryFile(dir=path.parent) as loose:
        with zipfile.ZipFile(loose, "w", zipfile.ZIP_STORED) as archive:
            yield archive
        loose.seek(0)
        with path.open("wb") as file, gzip.GzipFile("", "wb", level, file, mtime=0) as packed:
            shutil.copyfileobj(loose, packed, _CHUNK)


def repack(source: Path, path: Path, level: int) -> None:
    """Write the files of the zip `source` as such a file."""
    with zipfile.ZipFile(source) as old, writing(path, level) as new:
        for member in old.infolist():
            if not member.is_dir():
                new.writestr(zipfile.ZipInfo(member.filename), old.read(member))

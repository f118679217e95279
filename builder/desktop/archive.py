"""Packs a folder to be sent: a `.tar.gz` for Linux, a `.zip` for Windows and macOS.

Rights to start and links are kept, which people lose when they pack by hand. The same folder gives
the same bytes on every day: sorted, with one time for all, and nobody's name. Python and the
packages come first, and stay packed from one build to the next: mostly only the app's code changes.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from zlib_ng import gzip_ng_threaded, zlib_ng

TIME = (2000, 1, 1, 0, 0, 0)
_TIME_UNIX = 946_684_800  # the same in UTC

# Measured with an app of 81 MB on two cores: 1.0 s and 33.1 MB, and 1.8 s and 34.1 MB. The next
# levels take half as long again for a hundredth of the size.
_GZIP_LEVEL, _ZIP_LEVEL = 6, 4
_THREADS = 2  # always the same number, because the bytes differ with it

# What is compressed already, as is half of a Flet app, costs as much time again and stays as large.
_STORED = 0
_LARGE = 1 << 20  # bytes; smaller files make no difference
_SAMPLE = 1 << 16
_HARDLY = 0.97  # of its size

Tick = Callable[[int, int], None]


@dataclass(frozen=True)
class Entry:
    """One thing in an archive: its path there, and what it is on the disk."""

    name: str
    path: Path
    mode: int


@dataclass(frozen=True)
class Kept:
    """What seldom changes is what has its name in the folder `like`, too; `packed` keeps it."""

    packed: Path
    like: Path


def pack(
    folder: Path, top: str, target: Path, more: Mapping[str, Path], kept: Kept, tick: Tick
) -> None:
    """Write what is in `folder` to the archive `target`, where all of it lies in the folder `top`.

    `more` are files from elsewhere by their names in that folder. `tick(done, in all)` is called
    for every file, and may raise to stop. Raises OSError as the system does.
    """
    entries = _entries(folder, top, more)
    seldom: list[Entry] = []
    often: list[Entry] = []
    for one in entries:
        is_like = os.path.lexists(kept.like / one.name[len(top) + 1 :])
        (seldom if is_like else often).append(one)
    add = _zip if target.suffix == ".zip" else _tar

    def told(some: Sequence[Entry], before: int) -> Iterator[Entry]:
        for done, entry in enumerate(some, before):
            tick(done, len(entries))
            yield entry

    note, marks = kept.packed.with_suffix(".txt"), _marks(seldom, target)
    if not (kept.packed.is_file() and note.is_file() and note.read_text("utf-8") == marks):
        note.unlink(missing_ok=True)
        kept.packed.unlink(missing_ok=True)
        add(told(seldom, 0), kept.packed, is_last=False)
        note.write_text(marks, encoding="utf-8")
    shutil.copyfile(kept.packed, target)
    add(told(often, len(seldom)), target, is_last=True)


def _marks(entries: Iterable[Entry], target: Path) -> str:
    """Differ when something is not as it was, by its time, or would be packed in another way."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + target.suffix.encode())
    for entry in entries:
        said = ""
        if stat.S_ISLNK(entry.mode):
            said = str(entry.path.readlink())
        elif stat.S_ISREG(entry.mode):
            said = f"{entry.path.stat().st_size} {entry.path.stat().st_mtime_ns}"
        digest.update(os.fsencode(f"{entry.name}\0{entry.mode}\0{said}\0"))
    return digest.hexdigest()


def ending(system: str) -> str:
    """The kind of archive that people of a system can open by a double click, rights and all."""
    return ".tar.gz" if system == "linux" else ".zip"


def _entries(folder: Path, top: str, more: Mapping[str, Path]) -> Sequence[Entry]:
    """Folders, files and links, sorted by their names."""
    found = [Entry(top, folder, stat.S_IFDIR | 0o755)]
    for here, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(here, name)
            found.append(Entry(f"{top}/{path.relative_to(folder).as_posix()}", path, _mode(path)))
    found += [Entry(f"{top}/{name}", path, _mode(path)) for name, path in more.items()]
    return sorted(found, key=lambda entry: os.fsencode(entry.name))


def _mode(path: Path) -> int:
    """Its kind, and rights that do not tell how this computer is set up."""
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return stat.S_IFLNK | 0o777
    if stat.S_ISDIR(mode):
        return stat.S_IFDIR | 0o755
    return stat.S_IFREG | (0o755 if mode & 0o111 else 0o644)


def _is_compressed(entry: Entry) -> bool:
    """Whether it is a large file that hardly gets smaller, by samples of it."""
    if not stat.S_ISREG(entry.mode) or (size := entry.path.stat().st_size) < _LARGE:
        return False
    with entry.path.open("rb") as file:
        for at in (0, size // 2, size - _SAMPLE):
            file.seek(at)
            sample = file.read(_SAMPLE)
            if len(zlib_ng.compress(sample, 1)) < _HARDLY * len(sample):
                return False
    return True


# ---- tar.gz ----------------------------------------------------------------------------------


def _tar(entries: Iterable[Entry], target: Path, *, is_last: bool) -> None:
    """Add to the archive; only what is the last of it gets the mark of its end."""
    with target.open("ab") as file, contextlib.closing(_Gzip(file)) as packed:
        archive = tarfile.TarFile(
            fileobj=packed,  # type: ignore[arg-type]
            mode="w",
            format=tarfile.PAX_FORMAT,
        )
        for entry in entries:
            packed.turn(_STORED if _is_compressed(entry) else _GZIP_LEVEL)
            _add(archive, entry)
        if is_last:
            archive.close()


class _Gzip:
    """Writes gzip whose level may change: every part is a member, and all are read as one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._written = 0
        self._level = _GZIP_LEVEL
        self._part = self._begin()

    def _begin(self) -> BinaryIO:
        return gzip_ng_threaded.open(  # type: ignore[no-any-return, no-untyped-call]
            self._file, "wb", self._level, threads=_THREADS
        )

    def turn(self, level: int) -> None:
        """From now on."""
        if level != self._level:
            self._part.close()
            self._level = level
            self._part = self._begin()

    def write(self, data: bytes) -> int:
        self._written += len(data)
        return self._part.write(data)

    def tell(self) -> int:
        return self._written

    def close(self) -> None:
        self._part.close()


def _add(archive: tarfile.TarFile, entry: Entry) -> None:
    info = tarfile.TarInfo(entry.name)
    info.mode, info.mtime = stat.S_IMODE(entry.mode), _TIME_UNIX
    if stat.S_ISLNK(entry.mode):
        info.type, info.linkname = tarfile.SYMTYPE, str(entry.path.readlink())
        archive.addfile(info)
    elif stat.S_ISDIR(entry.mode):
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
    else:
        with entry.path.open("rb") as content:
            info.size = os.fstat(content.fileno()).st_size
            archive.addfile(info, content)


# ---- zip -------------------------------------------------------------------------------------

_MADE_ON_UNIX = 3  # so that the rights count


def _zip(entries: Iterable[Entry], target: Path, *, is_last: bool) -> None:
    """Add to the archive, which is one at any time."""
    with zipfile.ZipFile(target, "a") as archive:
        for entry in entries:
            _store(archive, entry)


def _store(archive: zipfile.ZipFile, entry: Entry) -> None:
    is_folder = stat.S_ISDIR(entry.mode)
    name = entry.name.encode("utf-8", "replace").decode()
    info = zipfile.ZipInfo(f"{name}/" if is_folder else name, TIME)
    info.create_system = _MADE_ON_UNIX
    info.external_attr = entry.mode << 16 | (0x10 if is_folder else 0)  # the bit of MS-DOS
    if stat.S_ISLNK(entry.mode):
        archive.writestr(info, os.fsencode(entry.path.readlink()))
    elif is_folder:
        archive.writestr(info, b"")
    else:
        how = zipfile.ZIP_STORED if _is_compressed(entry) else zipfile.ZIP_DEFLATED
        archive.writestr(info, entry.path.read_bytes(), how, _ZIP_LEVEL)

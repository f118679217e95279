"""Packs a folder to be sent: a `.tar.gz` for Linux, a `.zip` for Windows and macOS.

Rights to start and links are kept, which people lose when they pack by hand. The same folder gives
the same bytes on every day: sorted, with one time for all, and nobody's name.
"""

from __future__ import annotations

import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zlib_ng import gzip_ng_threaded

TIME = (2000, 1, 1, 0, 0, 0)
_TIME_UNIX = 946_684_800  # the same in UTC

# Measured with an app of 81 MB on two cores: 1.0 s and 33.1 MB, and 1.8 s and 34.1 MB. The next
# levels take half as long again for a hundredth of the size.
_GZIP_LEVEL, _ZIP_LEVEL = 6, 4
_THREADS = 2  # always the same number, because the bytes differ with it

Tick = Callable[[int, int], None]


@dataclass(frozen=True)
class Entry:
    """One thing in an archive: its path there, and what it is on the disk."""

    name: str
    path: Path
    mode: int


def pack(folder: Path, top: str, target: Path, more: Mapping[str, Path], tick: Tick) -> None:
    """Write what is in `folder` to the archive `target`, where all of it lies in the folder `top`.

    `more` are files from elsewhere by their names in that folder. `tick(done, in all)` is called
    for every file, and may raise to stop. Raises OSError as the system does.
    """
    entries = _entries(folder, top, more)
    write = _zip if target.suffix == ".zip" else _tar
    write(entries, target, tick)


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


# ---- tar.gz ----------------------------------------------------------------------------------


def _tar(entries: Sequence[Entry], target: Path, tick: Tick) -> None:
    with (
        target.open("wb") as file,
        gzip_ng_threaded.open(  # type: ignore[no-untyped-call]
            file, "wb", _GZIP_LEVEL, threads=_THREADS
        ) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        for done, entry in enumerate(entries):
            tick(done, len(entries))
            _add(archive, entry)


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


def _zip(entries: Sequence[Entry], target: Path, tick: Tick) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for done, entry in enumerate(entries):
            tick(done, len(entries))
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
        data = entry.path.read_bytes()
        archive.writestr(info, data, zipfile.ZIP_DEFLATED, _ZIP_LEVEL)

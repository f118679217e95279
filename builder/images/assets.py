"""Puts pictures into a project's `assets/`, keeps those that they replace, and takes that back.

Whatever fails, everything is as it was: copies are made first, then all is renamed within one
folder, which needs no room on the disk and can be renamed back, and the step that cannot be undone
comes last.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from builder.images import picture, sources
from builder.images.style import PLATFORMS, SPLASH_PLATFORMS
from builder.problems import Problem, ProjectError

NAMES = frozenset(
    (
        *("icon", "splash", "splash_dark"),
        *(f"icon_{platform}" for platform in PLATFORMS),
        *(f"splash_{platform}" for platform in SPLASH_PLATFORMS),
        *(f"splash_dark_{platform}" for platform in SPLASH_PLATFORMS),
    )
)

# The suffixes of each format, by the name that `Picture.format` gives it; the usual one first.
SUFFIXES: dict[str, tuple[str, ...]] = {
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "webp": (".webp",),
    "gif": (".gif",),
    "bmp": (".bmp",),
    "tiff": (".tif", ".tiff"),
    "ico": (".ico",),
    "icns": (".icns",),
    "avif": (".avif",),
    "svg": (".svg", ".svgz"),
}
_ALL_SUFFIXES = frozenset(itertools.chain.from_iterable(SUFFIXES.values()))


@dataclass(frozen=True)
class Put:
    """What was done: where the picture is now, and where those went that it replaced.

    `replaced` has a pair of paths for each: where it was, and where it is kept. `links` are those
    of them that were links, with what they said; the content is what was kept. `digest` is the
    SHA-256 of what was written, empty where the file had these bytes before. `is_new_folder`: the
    folder was made for it.
    """

    path: Path
    replaced: tuple[tuple[Path, Path], ...] = ()
    links: tuple[tuple[Path, str], ...] = ()
    digest: str = ""
    is_new_folder: bool = False


def kept_folder(project: Path) -> Path:
    """Where a project keeps the pictures that were replaced: hidden, and so never packed."""
    return project / ".slipway" / "pictures"


def put(assets: Path, name: str, data: bytes, suffix: str, kept: Path) -> Put:
    """Write `assets/<name><suffix>`, whole or not at all.

    `name` is one of `NAMES`, `suffix` that of a known format (`.png`), else ValueError. Every other
    picture of that name, whatever its suffix and case, is moved into the folder `kept` first, under
    a name with the time, and never over another file. `assets` is made where it is missing.

    Raises ProjectError when that cannot be done; everything is then as it was.
    """
    if name not in NAMES or suffix.lower() not in _ALL_SUFFIXES:
        raise ValueError(f"{name!r} with {suffix!r} is not the name of a picture")
    path = assets / f"{name}{suffix.lower()}"
    with _told(path), ExitStack() as undo:
        is_new_folder = _make_folder(assets, undo)
        there = _pictures_called(name, assets)
        is_same = path in there and path.exists() and path.read_bytes() == data
        leaving = [other for other in there if other != path or not is_same]
        fresh = None if is_same else _write_beside(path, data, undo)
        replaced = tuple((old, _keep(old, kept, undo)) for old in leaving)
        links = tuple((old, str(old.readlink())) for old in leaving if old.is_symlink())
        aside = [_set_aside(old, undo) for old in leaving if old != path]
        if fresh is not None:
            fresh.replace(path)
        undo.pop_all()
        _remove(*aside)
    digest = "" if is_same else hashlib.sha256(data).hexdigest()
    return Put(path, replaced, links, digest, is_new_folder)


def put_away(assets: Path, name: str, kept: Path) -> Put:
    """Move every picture of that name into the folder `kept`, and put none in its place.

    What serves a platform is then the next link of its chain. `take_back` undoes this too. Raises
    ProjectError when it cannot be done; everything is then as it was.
    """
    if name not in NAMES:
        raise ValueError(f"{name!r} is not the name of a picture")
    with _told(assets / name), ExitStack() as undo:
        leaving = _pictures_called(name, assets) if assets.is_dir() else []
        replaced = tuple((old, _keep(old, kept, undo)) for old in leaving)
        links = tuple((old, str(old.readlink())) for old in leaving if old.is_symlink())
        aside = [_set_aside(old, undo) for old in leaving]
        undo.pop_all()
        _remove(*aside)
    return Put(assets / name, replaced, links)


def copy_in(assets: Path, name: str, source: Path, kept: Path) -> Put:
    """Put a copy of the picture `source` there, as `put` does, with the suffix of what it is.

    A JPEG that is called `.png` becomes `.jpg`: not every tool looks into a file. Raises
    ProjectError, also when the picture cannot be used; everything is then as it was.
    """
    read = picture.read(source)
    suffixes = SUFFIXES.get(read.format)
    if suffixes is None:
        raise ProjectError(_not_a_known_format(source))
    suffix = source.suffix.lower() if source.suffix.lower() in suffixes else suffixes[0]
    with _told(source):
        data = source.read_bytes()
    if hashlib.sha256(data).hexdigest() != read.digest:
        raise ProjectError(_still_changing(source))
    return put(assets, name, data, suffix, kept)


def take_back(put: Put) -> None:
    """Undo it: the pictures of that name are what they were before.

    Raises ProjectError when one of them was changed meanwhile, or when it cannot be done; nothing
    is touched then.
    """
    with _told(put.path), ExitStack() as undo:
        _refuse_changed(put)
        links = dict(put.links)
        back = [(_copy_beside(old, kept, links.get(old), undo), old) for old, kept in put.replaced]
        # The last step replaces or removes what was put; all before it can be renamed back.
        aside = [] if not put.digest or _is_replaced(put) else [_set_aside(put.path, undo)]
        for fresh, old in sorted(back, key=lambda pair: pair[1] == put.path):
            fresh.replace(old)
            undo.callback(old.replace, fresh)
        undo.pop_all()
        _remove(*aside, *(kept for _, kept in put.replaced))
    if put.is_new_folder:
        with contextlib.suppress(OSError):  # something else lies there by now
            put.path.parent.rmdir()


def _make_folder(assets: Path, undo: ExitStack) -> bool:
    """Make the folder if it is missing, but not the one that it lies in: that is the project's."""
    if assets.is_dir():
        return False
    assets.mkdir()
    undo.callback(assets.rmdir)
    return True


def _pictures_called(name: str, assets: Path) -> list[Path]:
    """The pictures of that name; what bears the name of one and is none is refused."""
    found = [path for path in sorted(assets.iterdir()) if _is_called(path, name)]
    for path in found:
        if path.exists() and not path.is_file():
            raise ProjectError(_in_the_way(path))
    return found


def _is_called(path: Path, name: str) -> bool:
    """`icon.old.png` is an `icon` too: `flet build` takes the first `icon.*` of the alphabet."""
    return path.name.lower().startswith(f"{name}.") and path.suffix.lower() in sources.RANK


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def _write_beside(path: Path, data: bytes, undo: ExitStack) -> Path:
    """A new file in the same folder: what is hidden is no picture of any name."""
    fresh = _beside(path)
    with fresh.open("xb") as file:
        undo.callback(fresh.unlink, missing_ok=True)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _copy_beside(old: Path, kept: Path, link: str | None, undo: ExitStack) -> Path:
    """What is kept, or the link that it was, beside the place where it is to go."""
    fresh = _beside(old)
    undo.callback(fresh.unlink, missing_ok=True)
    if link is None:
        _copy(kept, fresh)
    else:
        fresh.symlink_to(link)
    return fresh


def _copy(source: Path, target: Path) -> None:
    """The content, safe on the disk before the original goes, and the times and rights."""
    with source.open("rb") as read, target.open("wb") as written:
        shutil.copyfileobj(read, written)
        written.flush()
        os.fsync(written.fileno())
    shutil.copystat(source, target)


def _set_aside(path: Path, undo: ExitStack) -> Path:
    aside = _beside(path)
    path.rename(aside)
    undo.callback(aside.rename, path)
    return aside


def _keep(old: Path, kept: Path, undo: ExitStack) -> Path:
    """A copy of a picture among the kept ones; of a link, what it leads to, if anything."""
    kept.mkdir(parents=True, exist_ok=True)
    if not any(kept.iterdir()):  # a folder of ours, then, and a repository need not see it
        (kept / ".gitignore").write_text("*\n", "utf-8")
    copy = _reserve(old, kept)
    undo.callback(copy.unlink, missing_ok=True)
    if old.exists():
        _copy(old, copy)
    return copy


def _reserve(old: Path, kept: Path) -> Path:
    """A new, empty file whose name nobody had."""
    now = datetime.now().strftime("%Y-%m-%d %H.%M.%S")
    for number in itertools.count(1):
        more = f" ({number})" if number > 1 else ""
        copy = kept / f"{old.stem} {now}{more}{old.suffix}"
        with contextlib.suppress(FileExistsError):
            copy.touch(exist_ok=False)
            return copy
    raise AssertionError("numbers never end")


def _remove(*paths: Path) -> None:
    """Remove what is not needed any more; what will not go lies hidden, or is one kept too many."""
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def _is_replaced(put: Put) -> bool:
    return any(old == put.path for old, _ in put.replaced)


def _refuse_changed(put: Put) -> None:
    """Whatever is not as `put` left it may be dear to somebody."""
    if not put.path.parent.is_dir():
        raise ProjectError(_changed(put.path.parent, "The folder was moved or removed"))
    there = set(put.path.parent.iterdir())  # as they are written, whatever the file system thinks
    if put.digest and (
        put.path not in there or hashlib.sha256(put.path.read_bytes()).hexdigest() != put.digest
    ):
        raise ProjectError(_changed(put.path, "It was changed or removed"))
    for old, kept in put.replaced:
        if not kept.is_file():
            raise ProjectError(_changed(kept, "The picture that was kept was removed"))
        if old in there and old != put.path:
            raise ProjectError(_changed(old, "There is a picture of that name again"))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the system says, in words."""
    try:
        yield
    except OSError as error:
        raise ProjectError(_not_put(path, error)) from error


def _not_put(path: Path, error: OSError) -> Problem:
    place = Path(error.filename) if isinstance(error.filename, str) else path
    if place.name.startswith(f".{path.stem}."):  # our own names beside it mean nothing to anybody
        place = path
    about = f" about {place}" if error.filename else ""
    says = f"The system says{about}: {error.strerror or error}. Nothing was changed."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem(
            "picture-no-room",
            f"There is no room on the disk for {path.name}",
            says,
            "Free some space, and try again.",
            where=str(place),
        )
    if isinstance(error, FileExistsError | FileNotFoundError | NotADirectoryError):
        return Problem(
            "picture-no-folder",
            f"There is no folder called {place.name}" if place != path else f"{path.name} is gone",
            says,
            "Check whether something was moved or renamed. A file that has the name of the folder "
            "must go; the folder itself is made where only it is missing.",
            where=str(place),
        )
    return Problem(
        "picture-not-writable",
        f"{path.name} cannot be written",
        says,
        "Give yourself the right to write to the file and its folder, close what may hold the "
        "picture open, and try again.",
        where=str(place),
    )


def _in_the_way(path: Path) -> Problem:
    what = "folder" if path.is_dir() else "thing that is not a file"
    return Problem(
        "picture-in-the-way",
        f"A {what} is called {path.name}",
        "The picture needs that name, and Slipway moves only files out of the way. Nothing was "
        "changed.",
        "Rename it, or move it elsewhere, and try again.",
        where=str(path),
    )


def _not_a_known_format(source: Path) -> Problem:
    return Problem(
        "picture-format-unknown",
        f"No platform's tools read pictures like {source.name}",
        "It can be shown, but not be copied as an icon or a splash picture as it is.",
        "Save it as PNG with a drawing program, and take that.",
        where=str(source),
    )


def _still_changing(source: Path) -> Problem:
    return Problem(
        "picture-still-changing",
        f"{source.name} changed while it was being copied",
        "Another program is writing to it. Nothing was changed.",
        "Try again once it is saved.",
        where=str(source),
    )


def _changed(path: Path, what: str) -> Problem:
    return Problem(
        "picture-changed-meanwhile",
        f"{path.name} cannot be put back",
        f"{what} since Slipway put the new one there, and that shall not be lost. Nothing was "
        "changed.",
        "The pictures that were replaced are among the kept ones: copy the one that you want into "
        "the assets folder.",
        where=str(path),
    )

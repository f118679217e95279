"""Where the build template of a project comes from: Flet's own, or the one that the user names.

Flet's comes from its releases, once for each version, unless Flet's own tools have fetched it
already. Another one is a folder, a zip file, the address of a zip file or of a git repository, or
`gh:owner/name`. What is fetched is kept; when it cannot be reached later, the kept one is used.

A template may hold code: hooks that run before and after, and Python extensions of its own. It is
run where it is Flet's, where the template is a folder of the user's own, and else only after the
user has said yes: whoever types an address has not read what lies there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Literal

from builder import kept, places
from builder.history import read_json, write_json
from builder.pipeline import Build, Job
from builder.problems import ComputerError, Fix, Problem, ProjectError
from builder.process import Finished
from builder.stages import fingerprint

Kind = Literal["official", "folder", "zip", "url", "git"]

CONFIG = "cookiecutter.json"
PUBSPEC = "pubspec.yaml"
HOOKS = "hooks"

OFFICIAL = "https://github.com/flet-dev/flet/releases/download/v{version}/flet-build-template.zip"
_FLET = "https://github.com/flet-dev/"  # what lies there is Flet's own
_HOSTS = {
    "gh": "https://github.com/{}.git",
    "gl": "https://gitlab.com/{}.git",
    "bb": "https://bitbucket.org/{}.git",
}
_HOOK_NAMES = ("pre_prompt", "pre_gen_project", "post_gen_project")
_LIBRARIES = ("jinja2.", "cookiecutter.")  # whose extensions are no code of the template

_SECONDS = 60
_GIT_SECONDS = 600
_MOST_FETCHED = 200_000_000  # bytes; Flet's template has about one million
_MOST_UNPACKED = 500_000_000
_MOST_FILES = 20_000

# No question in a terminal that nobody sees.
_GIT_ENV = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GCM_INTERACTIVE": "never",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
    "LC_ALL": "C",
}


@dataclass(frozen=True)
class Asked:
    """What the settings ask for: `address` in the form of its kind, `ref` "" where none is named.

    `version` is that of Flet, which Flet's template has, and which another one may have a tag for.
    """

    kind: Kind
    address: str
    ref: str
    subfolder: str
    version: str


@dataclass(frozen=True)
class Template:
    """A template on this computer: the folder with `cookiecutter.json`."""

    folder: Path
    checkout: str
    may_run_code: bool


def asked(build: Build) -> Asked:
    """Which template a build is asked to use. Raises ProjectError for one that cannot be."""
    flutter = build.settings.flutter
    version = build.kit.release.flet if build.kit else ""
    named, ref = flutter.template.strip(), flutter.template_ref.strip()
    if not named:
        version = ref.removeprefix("v") or version
        address = OFFICIAL.format(version=version)
        return Asked("official", address, "", flutter.template_dir, version)
    kind, address = _kind_of(named, build.project.folder)
    if ref.startswith("-"):
        raise ProjectError(_no_such_ref(ref, shown(address)))
    return Asked(kind, address, ref, flutter.template_dir, version)


def reads(build: Build) -> dict[str, str]:
    """What the choice of the template depends on; of a folder or file, what is in it."""
    wanted = asked(build)
    found = {"the template": shown(wanted.address), "its version": wanted.ref}
    if wanted.subfolder:
        found["the template's folder"] = wanted.subfolder
    if wanted.kind == "folder":
        found["the template's files"] = _of_folder(Path(wanted.address))
    if wanted.kind == "zip":
        found["the template's files"] = fingerprint.of_file(Path(wanted.address))
    found["its code may run"] = "yes" if _may_run_code(wanted, build) else "no"
    return found


def get(job: Job) -> Template:
    """The template of a build, fetched where it has to be.

    Raises ProjectError when there is no such template, when it is none, or needs code of its own
    that nobody has allowed; ComputerError when it cannot be reached.
    """
    wanted = asked(job.build)
    root, checkout = _GET[wanted.kind](job, wanted)
    folder = _inner(root, wanted.subfolder, shown(wanted.address))
    may_run_code = _may_run_code(wanted, job.build)
    if not may_run_code:
        _look_for_code(job, folder, shown(wanted.address))
    return Template(folder, checkout, may_run_code)


def needs_network(build: Build) -> str:
    """What has to be fetched for the template, in words; "" when nothing must be."""
    try:
        wanted = asked(build)
    except ProjectError:  # no template will do: the stage says why, and fetches nothing
        return ""
    if wanted.kind == "official":
        is_here = kept.is_whole(_official_folder(wanted)) or _flets_own(wanted.version).is_file()
        return "" if is_here else "Flet's build template (1 MB)"
    if wanted.kind in ("url", "git") and _kept_folder(wanted) is None:
        return "the build template"
    return ""


def shown(address: str) -> str:
    """An address as it may be shown and logged: without a password or token."""
    return re.sub(r"(?<=://)[^/@\s]+@", "", address)


def is_official(address: str) -> bool:
    """Whether what lies at an address is Flet's own."""
    return address.startswith(_FLET) and ".." not in address


# ---- Which one -------------------------------------------------------------------------------


def _kind_of(named: str, project: Path) -> tuple[Kind, str]:
    short = re.fullmatch(r"(gh|gl|bb):/*([\w.-]+/[\w./-]+?)(?:\.git)?/?", named)
    if short:
        return "git", _HOSTS[short[1]].format(short[2])
    path = _path_of(named, project)
    if path and path.is_dir():
        return "folder", str(path)
    if path and path.is_file():
        return "zip", str(path)
    if re.match(r"https?://", named) and named.partition("?")[0].lower().endswith(".zip"):
        return "url", named
    git = named.removeprefix("git+")
    if re.match(r"(https?|git|ssh|file)://|[\w.-]+@[\w.-]+:", git):
        return "git", git
    raise ProjectError(_not_there(named))


def _path_of(named: str, project: Path) -> Path | None:
    """The path that a name is, seen from the project or else from where the engine was started."""
    if "://" in named:
        return None
    path = Path(os.path.expanduser(named))  # noqa: PTH111 - Path's raises for `~nobody`
    seen = (project / path, path.absolute())
    return next((p for p in seen if os.path.exists(p)), None)  # noqa: PTH110 - never raises


def _of_folder(folder: Path) -> str:
    """One fingerprint for the template's files; what git keeps beside them is none of them."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if inner.parts[0] != ".git" and path.is_file():
            digest.update(f"{inner.as_posix()} {fingerprint.of_file(path)}\n".encode())
    return digest.hexdigest()


def _may_run_code(wanted: Asked, build: Build) -> bool:
    is_own = wanted.kind in ("official", "folder") or is_official(wanted.address)
    return is_own or bool(build.options.get("assume_yes"))


def _look_for_code(job: Job, folder: Path, address: str) -> None:
    """Tell of code in the template that will not run; raise where it cannot do without."""
    try:
        named = json.loads((folder / CONFIG).read_text("utf-8")).get("_extensions", [])
    except (OSError, ValueError, AttributeError) as error:
        raise ProjectError(_not_understood(address, str(error))) from error
    own = [str(name) for name in named if not str(name).startswith(_LIBRARIES)]
    if own:
        raise ProjectError(_needs_code(own, address))
    hooks = folder / HOOKS
    if hooks.is_dir() and any(path.stem in _HOOK_NAMES for path in hooks.iterdir()):
        job.problem(_hooks_not_run(address))


def _inner(root: Path, subfolder: str, address: str) -> Path:
    """The folder with `cookiecutter.json`; an archive may hold the template in its only folder."""
    root = root.resolve()
    folders = [path for path in root.iterdir() if path.is_dir() and not path.is_symlink()]
    starts = [root, *folders] if len(folders) == 1 else [root]
    for start in starts:
        folder = (start / subfolder).resolve()
        if not folder.is_relative_to(start):
            raise ProjectError(_dir_outside(subfolder))
        if (folder / CONFIG).is_file():
            return folder
    raise ProjectError(_no_template(address, subfolder))


# ---- Getting it ------------------------------------------------------------------------------


def _get_official(job: Job, wanted: Asked) -> tuple[Path, str]:
    folder = _official_folder(wanted)
    if kept.is_whole(folder):
        return folder, ""
    if _take_flets_own(job, wanted, folder):
        return folder, ""
    job.log(f"Fetching the build template of Flet {wanted.version}. This happens once.")
    with _downloaded(job, wanted) as archive:
        _keep(job, archive, folder, wanted)
    return folder, ""


def _official_folder(wanted: Asked) -> Path:
    return places.cache() / "templates" / f"flet-{re.sub('[^A-Za-z0-9.+-]', '_', wanted.version)}"


def _flets_own(version: str) -> Path:
    """Where Flet's own tools keep the same archive."""
    moved = os.environ.get("FLET_CACHE_DIR", "")
    root = Path(moved).expanduser() if moved else Path.home() / ".flet" / "cache"
    return root / "build-template" / f"v{version}" / "flet-build-template.zip"


def _take_flets_own(job: Job, wanted: Asked, folder: Path) -> bool:
    """Take the archive that Flet's own tools keep, where it is there and whole."""
    archive = _flets_own(wanted.version)
    if not archive.is_file():
        return False
    try:
        _keep(job, archive, folder, wanted)
    except ProjectError as error:
        job.log(f"{archive} is passed over. {error.problem.title}.")
        return False
    return True


def _get_folder(job: Job, wanted: Asked) -> tuple[Path, str]:
    return Path(wanted.address), wanted.ref


def _get_zip(job: Job, wanted: Asked) -> tuple[Path, str]:
    return _keep_as_it_is(job, Path(wanted.address), wanted), ""


def _get_url(job: Job, wanted: Asked) -> tuple[Path, str]:
    try:
        with _downloaded(job, wanted) as archive:
            folder = _keep_as_it_is(job, archive, wanted)
    except ComputerError as error:
        return _kept_instead(job, wanted, error), ""
    write_json(_note(wanted), {"folder": folder.name})
    return folder, ""


def _keep_as_it_is(job: Job, archive: Path, wanted: Asked) -> Path:
    """The unpacked archive, in a folder named after what it holds today."""
    folder = _place(wanted, fingerprint.of_file(archive))
    if not kept.is_whole(folder):
        _keep(job, archive, folder, wanted)
    return folder


def _get_git(job: Job, wanted: Asked) -> tuple[Path, str]:
    clone = _scratch(job)
    try:
        checkout = _fetch(job, wanted, clone)
    except ComputerError as error:
        return _kept_instead(job, wanted, error), wanted.ref
    commit = _git(job, clone, "rev-parse", "FETCH_HEAD").out[0]
    folder = _place(wanted, commit)
    if not kept.is_whole(folder):
        _refuse_links(clone, shown(wanted.address))
        with kept.making(folder) as fresh:
            shutil.copytree(clone, fresh, ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True)
    shutil.rmtree(clone, ignore_errors=True)
    write_json(_note(wanted), {"folder": folder.name})
    return folder, checkout


_GET: dict[Kind, Callable[[Job, Asked], tuple[Path, str]]] = {
    "official": _get_official,
    "folder": _get_folder,
    "zip": _get_zip,
    "url": _get_url,
    "git": _get_git,
}


def _place(wanted: Asked, content: str) -> Path:
    """Where a template is kept that may have other content tomorrow."""
    return places.cache() / "templates" / f"{_digest(wanted.address)}-{content[:12]}"


def _note(wanted: Asked) -> Path:
    """Where it is noted which content was there last."""
    name = _digest(wanted.address, wanted.ref, wanted.version)
    return places.cache() / "templates" / f"{name}.json"


def _kept_folder(wanted: Asked) -> Path | None:
    name = read_json(_note(wanted)).get("folder")
    folder = places.cache() / "templates" / str(name)
    return folder if name and kept.is_whole(folder) else None


def _kept_instead(job: Job, wanted: Asked, error: ComputerError) -> Path:
    """The template as it was fetched last, when it cannot be reached now."""
    folder = _kept_folder(wanted)
    if folder is None:
        raise error
    job.problem(_kept_used(shown(wanted.address), error.problem.why))
    return folder


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def _scratch(job: Job) -> Path:
    folder = job.build.work / "template-fetched"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


# ---- Zip files -------------------------------------------------------------------------------


@contextmanager
def _downloaded(job: Job, wanted: Asked) -> Iterator[Path]:
    """An archive from the web. Raises ComputerError, or ProjectError where there is none."""
    archive = job.build.work / "template-fetched.zip"
    try:
        _download(job, wanted, archive)
        yield archive
    finally:
        archive.unlink(missing_ok=True)


def _download(job: Job, wanted: Asked, target: Path) -> None:
    import httpx  # here, because it takes longer to import than a build takes that needs it not

    try:
        with (
            httpx.Client(timeout=_SECONDS, follow_redirects=True) as web,
            web.stream("GET", wanted.address) as response,
            target.open("wb") as file,
        ):
            if response.status_code in (404, 410):
                raise ProjectError(_nothing_at(wanted, response.status_code))
            total = int(response.raise_for_status().headers.get("content-length", 0))
            for chunk in response.iter_bytes():
                job.progress(file.tell() / 1e6, total / 1e6 or None, "MB")
                file.write(chunk)
                if file.tell() > _MOST_FETCHED:
                    raise ProjectError(_too_large(shown(wanted.address)))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ComputerError(_not_reached(wanted, shown(str(error)))) from error


def _keep(job: Job, archive: Path, folder: Path, wanted: Asked) -> None:
    """Unpack an archive into the cache, if it holds a template and nothing that leads elsewhere."""
    address = shown(wanted.address)
    try:
        with kept.making(folder) as fresh:
            with zipfile.ZipFile(archive) as opened:
                members = opened.infolist()
                _refuse_odd(members, address)
                for done, member in enumerate(members):
                    job.progress(done, len(members), "files")
                    opened.extract(member, fresh)
            if not any(_inner(fresh, wanted.subfolder, address).rglob(PUBSPEC)):
                raise ProjectError(no_pubspec(address))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise ProjectError(_broken_zip(address, str(error))) from error


def _refuse_odd(members: list[zipfile.ZipInfo], address: str) -> None:
    if len(members) > _MOST_FILES or sum(m.file_size for m in members) > _MOST_UNPACKED:
        raise ProjectError(_too_large(address))
    for member in members:
        if _leads_outside(member.filename):
            raise ProjectError(_leads_out(address, member.filename))
        if stat.S_ISLNK(member.external_attr >> 16):
            raise ProjectError(_is_link(address, member.filename))


def _leads_outside(name: str) -> bool:
    path = PureWindowsPath(name)  # which takes both kinds of slashes
    return bool(path.drive or path.root) or ".." in path.parts


def _refuse_links(folder: Path, address: str) -> None:
    root = folder.resolve()
    for path in folder.rglob("*"):
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            raise ProjectError(_is_link(address, path.relative_to(folder).as_posix()))


# ---- Git -------------------------------------------------------------------------------------


def _fetch(job: Job, wanted: Asked, clone: Path) -> str:
    """Fetch what was asked for, without history; what it is called there."""
    job.log(f"Fetching the build template from {shown(wanted.address)}")
    _git(job, clone, "init", "--quiet")
    # Without a name: what has the name of Flet's version, as `flet build` has it, or what is there.
    refs = [wanted.ref] if wanted.ref else [wanted.version, f"v{wanted.version}", "HEAD"]
    for ref in refs:
        fetched = _git(
            job, clone, "fetch", "--quiet", "--depth=1", "--no-tags", "--", wanted.address, ref
        )
        if not fetched.status:
            checked_out = _git(job, clone, "checkout", "--quiet", "FETCH_HEAD")
            if checked_out.status:
                raise ProjectError(_not_understood(shown(wanted.address), _last(checked_out)))
            return ref
        if not _is_missing_ref(fetched):
            break
    if _is_missing_ref(fetched):
        raise ProjectError(_no_such_ref(wanted.ref, shown(wanted.address)))
    if _is_refused(fetched):
        raise ProjectError(_not_a_repository(shown(wanted.address), _last(fetched)))
    raise ComputerError(_not_reached(wanted, shown(_last(fetched))))


def _git(job: Job, folder: Path, *argv: str) -> Finished:
    try:
        return job.run_tool(
            ["git", *argv], cwd=folder, env=_GIT_ENV, quiet=True, limit=_GIT_SECONDS
        )
    except TimeoutError as error:
        raise ComputerError(_git_hangs(str(error))) from error


def _is_missing_ref(fetched: Finished) -> bool:
    return "couldn't find remote ref" in "\n".join(fetched.err)


def _is_refused(fetched: Finished) -> bool:
    """Whether there is no such repository, or not for this user; both look alike on many hosts."""
    return bool(
        re.search(
            "not found|does not exist|does not appear to be a git|could not read Username"
            "|Authentication failed|Permission denied|error: 40[134]",
            "\n".join(fetched.err),
        )
    )


def _last(finished: Finished) -> str:
    lines = [line for line in finished.err if line.strip()]
    return lines[-1] if lines else f"git ended with status {finished.status}"


# ---- What can be wrong -----------------------------------------------------------------------

_WHERE = "--template, or tool.flet.template.url in pyproject.toml"
_FORMS = (
    "Name a folder, a zip file, the address of a zip file or of a git repository, or "
    "gh:owner/name. Without --template, Flet's own template is used."
)


def _not_there(named: str) -> Problem:
    return Problem(
        "template-not-found",
        f"There is no build template “{shown(named)}”",
        "It is no folder or file on this computer, and no address either.",
        _FORMS,
        where=_WHERE,
    )


def _nothing_at(wanted: Asked, status: int) -> Problem:
    if wanted.kind == "official":
        return Problem(
            "template-not-found",
            f"There is no build template of Flet {wanted.version}",
            f"Flet's releases have none of that version (answer {status}).",
            "Ask for a version of Flet that was released, or name a template with --template.",
            where="the requirement of flet, or --template-ref",
        )
    return Problem(
        "template-not-found",
        "There is no build template at that address",
        f"{shown(wanted.address)} answers {status}: there is nothing.",
        "Check the address for a typing mistake.",
        where=_WHERE,
    )


def _not_a_repository(address: str, said: str) -> Problem:
    return Problem(
        "template-not-found",
        "The build template cannot be had from that address",
        f"There is no git repository at {address}, or you may not read it. Git says: {said}",
        "Check the address. For one that is not public, make git on this computer sign in by "
        "itself, or fetch it yourself and name the folder.",
        where=_WHERE,
    )


def _no_such_ref(ref: str, address: str) -> Problem:
    return Problem(
        "template-ref-missing",
        f"The build template has no “{ref}”",
        f"There is no such branch, tag or commit at {address}.",
        "Check its name, or leave it out. A commit is named by its whole ID.",
        where="--template-ref, or tool.flet.template.ref in pyproject.toml",
    )


def _not_reached(wanted: Asked, said: str) -> Problem:
    what = f"Flet {wanted.version}" if wanted.kind == "official" else shown(wanted.address)
    return Problem(
        "template-not-reached",
        f"The build template of {what} could not be fetched",
        f"It is not on this computer yet, and {shown(wanted.address)} does not answer: {said}",
        "Check the network, then build again. Once fetched, it is kept. A copy of it can be named "
        "with --template.",
        where="" if wanted.kind == "official" else _WHERE,
    )


def _git_hangs(said: str) -> Problem:
    return Problem(
        "template-not-reached",
        "The build template could not be fetched",
        f"Git does not come to an end: {said}.",
        "Check the network, or fetch the template yourself and name its folder with --template.",
        where=_WHERE,
    )


def _kept_used(address: str, why: str) -> Problem:
    return Problem(
        "template-kept-used",
        "The build template could not be fetched anew; the one fetched before is used",
        why,
        f"If you need what is new at {address}, check the network and build again.",
        "warn",
        where=address,
    )


def _broken_zip(address: str, said: str) -> Problem:
    return Problem(
        "template-broken",
        "The build template is a damaged zip file, or none",
        f"{address}: {said or 'it cannot be unpacked'}. It may have been cut short on its way.",
        "Get it again, or use another one.",
        where=_WHERE,
    )


def _too_large(address: str) -> Problem:
    return Problem(
        "template-too-large",
        "That is no build template: it is far too large",
        f"{address} has more than {_MOST_FETCHED // 1_000_000} MB, or unpacks to more than "
        f"{_MOST_UNPACKED // 1_000_000} MB or {_MOST_FILES} files.",
        "Check the address or the file.",
        where=_WHERE,
    )


def _leads_out(address: str, name: str) -> Problem:
    return Problem(
        "template-leads-outside",
        "The build template would write outside of its folder",
        f"{address} holds “{name}”. A template is not made like that by accident.",
        "Do not use it, unless you know who made it, and why.",
        where=_WHERE,
    )


def _is_link(address: str, name: str) -> Problem:
    return Problem(
        "template-leads-outside",
        "The build template holds a link to another place",
        f"“{name}” in {address} is a link, so that files from elsewhere would get into the app.",
        "Put the file itself in its place, or use another template.",
        where=_WHERE,
    )


def _dir_outside(subfolder: str) -> Problem:
    return Problem(
        "template-leads-outside",
        f"The folder “{subfolder}” is not inside of the template",
        "It is the folder within the template where cookiecutter.json lies.",
        "Name it relative to the template, such as `templates/build`, or leave it out.",
        where="--template-dir, or tool.flet.template.dir in pyproject.toml",
    )


def _no_template(address: str, subfolder: str) -> Problem:
    place = f"its folder {PurePosixPath(subfolder)}" if subfolder else "it"
    return Problem(
        "template-is-none",
        "That is no build template",
        f"{address} was looked into, and {place} holds no {CONFIG}, which every template has.",
        "Check that it is the right one. Where the template lies in a folder of it, name that "
        "folder with --template-dir.",
        where=_WHERE,
    )


def no_pubspec(address: str) -> Problem:
    """The problem of a template that makes no Flutter project."""
    return Problem(
        "template-without-pubspec",
        "The build template makes no Flutter project",
        f"{address} holds no {PUBSPEC}, which every Flutter project has.",
        "Use Flet's own build template, or one that was made from it.",
        where=_WHERE,
    )


def _not_understood(address: str, said: str) -> Problem:
    return Problem(
        "template-not-understood",
        "The build template cannot be read",
        f"{address}: {said}",
        "Use another template, or have whoever made it correct it.",
        where=_WHERE,
    )


def _needs_code(names: list[str], address: str) -> Problem:
    return Problem(
        "template-needs-its-code",
        "The build template works only with code of its own",
        f"It loads {', '.join(names)} from {address} into Slipway, with all that you may do on "
        "this computer.",
        "Look at it first. If you trust whoever made it, allow it.",
        where=_WHERE,
        fixes=(_allow(),),
    )


def _hooks_not_run(address: str) -> Problem:
    return Problem(
        "template-hooks-not-run",
        "The build template has scripts of its own; they do not run",
        f"They come from {address}, and could do all that you may do on this computer. The app "
        "is built without them, and may lack what they do.",
        "Look at them first. If you trust whoever made them, allow them.",
        "warn",
        where=_WHERE,
        fixes=(_allow(),),
    )


def _allow() -> Fix:
    data: dict[str, Any] = {"argv": ["--yes"]}
    return Fix("allow-template-code", "Build with the template's own code", "run", data)

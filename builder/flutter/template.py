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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from builder import kept, places
from builder.flutter import template_archive, template_asked, template_git
from builder.flutter import template_problems as told
from builder.flutter.template_asked import Asked, Kind, shown
from builder.history import read_json, write_json
from builder.pipeline import Build, Job
from builder.problems import ComputerError, ProjectError
from builder.stages import fingerprint

HOOKS = "hooks"
_HOOK_NAMES = ("pre_prompt", "pre_gen_project", "post_gen_project")
_LIBRARIES = ("jinja2.", "cookiecutter.")  # whose extensions are no code of the template


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
        address = template_asked.OFFICIAL.format(version=version)
        return Asked("official", address, "", flutter.template_dir, version)
    kind, address = template_asked.kind_of(named, build.project.folder)
    if ref.startswith("-"):
        raise ProjectError(told.no_such_ref(ref, shown(address)))
    return Asked(kind, address, ref, flutter.template_dir, version)


def reads(build: Build) -> dict[str, str]:
    """What the choice of the template depends on; of a folder or file, what is in it."""
    wanted = asked(build)
    found = {"the template": wanted.shown, "its version": wanted.ref}
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
    folder = template_archive.inner(root, wanted.subfolder, wanted.shown)
    may_run_code = _may_run_code(wanted, job.build)
    if not may_run_code:
        _look_for_code(job, folder, wanted.shown)
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


# ---- What it is ----------------------------------------------------------------------------------


def _of_folder(folder: Path) -> str:
    """One fingerprint for the template's files; what git keeps beside them is none of them."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if inner.parts[0] != ".git" and path.is_file():
            digest.update(f"{inner.as_posix()} {fingerprint.of_file(path)}\n".encode())
    return digest.hexdigest()


def _may_run_code(wanted: Asked, build: Build) -> bool:
    is_own = wanted.kind in ("official", "folder") or template_asked.is_official(wanted.address)
    return is_own or bool(build.options.get("assume_yes"))


def _look_for_code(job: Job, folder: Path, address: str) -> None:
    """Tell of code in the template that will not run; raise where it cannot do without."""
    try:
        named = json.loads((folder / template_archive.CONFIG).read_text("utf-8")).get(
            "_extensions", []
        )
    except (OSError, ValueError, AttributeError) as error:
        raise ProjectError(told.not_understood(address, str(error))) from error
    own = [str(name) for name in named if not str(name).startswith(_LIBRARIES)]
    if own:
        raise ProjectError(told.needs_code(own, address))
    hooks = folder / HOOKS
    if hooks.is_dir() and any(path.stem in _HOOK_NAMES for path in hooks.iterdir()):
        job.problem(told.hooks_not_run(address))


# ---- Getting it ----------------------------------------------------------------------------------


def _get_official(job: Job, wanted: Asked) -> tuple[Path, str]:
    folder = _official_folder(wanted)
    if kept.is_whole(folder):
        return folder, ""
    if _take_flets_own(job, wanted, folder):
        return folder, ""
    job.log(f"Fetching the build template of Flet {wanted.version}. This happens once.")
    with template_archive.downloaded(job, wanted) as archive:
        template_archive.keep(job, archive, folder, wanted)
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
        template_archive.keep(job, archive, folder, wanted)
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
        with template_archive.downloaded(job, wanted) as archive:
            folder = _keep_as_it_is(job, archive, wanted)
    except ComputerError as error:
        return _kept_instead(job, wanted, error), ""
    write_json(_note(wanted), {"folder": folder.name})
    return folder, ""


def _keep_as_it_is(job: Job, archive: Path, wanted: Asked) -> Path:
    """The unpacked archive, in a folder named after what it holds today."""
    folder = _place(wanted, fingerprint.of_file(archive))
    if not kept.is_whole(folder):
        template_archive.keep(job, archive, folder, wanted)
    return folder


def _get_git(job: Job, wanted: Asked) -> tuple[Path, str]:
    clone = _scratch(job)
    try:
        checkout = template_git.fetch(job, wanted, clone)
    except ComputerError as error:
        return _kept_instead(job, wanted, error), wanted.ref
    commit = template_git.commit_of(job, clone)
    folder = _place(wanted, commit)
    if not kept.is_whole(folder):
        template_git.refuse_links(clone, wanted.shown)
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
    job.problem(told.kept_used(wanted.shown, error.problem.why))
    return folder


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def _scratch(job: Job) -> Path:
    folder = job.build.work / "template-fetched"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder

"""Stage: a Python environment of our own, with the app's packages and PyInstaller in it.

Made with uv in the work folder, on a Python that is on this computer; nothing of the user's own
environments is used or touched. Made anew when anything changes, which takes uv a second.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin

from builder import host, places
from builder.desktop import flet_client, uv_failure, uv_settings
from builder.desktop import python as find_python
from builder.history import read_json, write_json
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Problem, ToolError
from builder.process import Finished
from builder.stages import desktop_client, fingerprint, index_problem
from builder.stages import packages as packages_stage

ENVIRONMENT = "environment"
_NOTE = "environment.json"

# PyInstaller 6.16 is the first that knows Python 3.14.
_TOOLS = ("pyinstaller>=6.16,<7", "platformdirs>=4,<5")
_FOR_FLASK = ("waitress>=3,<4",)

# flet-cli brings a hook for PyInstaller that fetches a client at every build; the others are the
# clients, of which we choose one.
_NOT_INSTALLED = frozenset({"flet-cli", "flet-web", "flet-desktop", "flet-desktop-light"})


def stage() -> Stage:
    """The stage for the pipeline."""
    after = ("client",)
    return Stage("environment", "Prepare Python and the packages", run, reads, (_NOTE,), after)


def reads(build: Build) -> dict[str, str]:
    """The requirements and the Python that is asked for."""
    options = "\n".join(build.project.pip_options)
    return {
        "the requirements": fingerprint.of_requirements(_requirements(build)),
        # As a digest, because an index's address may hold a password.
        "the options for pip": fingerprint.of_text(options) if options else "",
        "the packages on this computer": packages_stage.local_content(
            build.project, [need for need in build.project.requirements if _parsed(need.text)]
        ),
        "Python": find_python.asked(build.settings),
    }


def run(job: Job) -> None:
    """Make the environment; raises when a package or the Python is not to be had."""
    build = job.build
    (build.work / _NOTE).unlink(missing_ok=True)
    shutil.rmtree(build.work / ENVIRONMENT, ignore_errors=True)
    sources = uv_settings.of(job)
    env = {**sources.env, "UV_CACHE_DIR": str(places.cache() / "uv")}
    job.progress(0, None, "", "finding Python")
    made = _uv(job, ["venv", *_VENV, "--python", _python_here(job, env), ENVIRONMENT], env)
    if made.status != 0:
        raise ToolError(_not_made(made))
    job.progress(0, None, "", "fetching the packages")
    installed = _install(job, sources.arguments, env)
    if installed.status != 0:
        raise uv_failure.told(installed, build.project)
    _remove_strangers(job, env)
    listed = _listed(job, env)
    write_json(build.work / _NOTE, {"packages": listed, "python": _version(job)})
    job.log(f"{len(listed)} packages for Python {version(build)}")


def python(build: Build) -> Path:
    """The environment's Python."""
    place = build.work / ENVIRONMENT
    windows = host.current() == "windows"
    return place / "Scripts" / "python.exe" if windows else place / "bin" / "python"


def installed(build: Build) -> Path:
    """The folder of its packages; the stage must be done."""
    place = build.work / ENVIRONMENT
    return next(place.glob("lib/python*/site-packages"), place / "Lib" / "site-packages")


def version(build: Build) -> str:
    """The full version of that Python; the stage must be done."""
    return str(read_json(build.work / _NOTE)["python"])


def packages(build: Build) -> Mapping[str, str]:
    """What is installed: name -> version; the stage must be done."""
    return dict(read_json(build.work / _NOTE)["packages"])


def is_native(build: Build) -> bool:
    """Whether Flet's own desktop client is among the packages."""
    return any(name.startswith("flet-desktop") for name in packages(build))


# ---- What is asked for -----------------------------------------------------------------------


def _requirements(build: Build) -> list[str]:
    """What is installed: the project's requirements, the client that fits, and our tools."""
    found = [text for need in build.project.requirements if (text := _wanted(need.text))]
    extra = _FOR_FLASK if build.project.kind == "flask" else _flet(build, found)
    return sorted({*found, *extra, *_TOOLS})


def _wanted(text: str) -> str:
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return text
    name = canonicalize_name(requirement.name)
    if name in _NOT_INSTALLED:
        return ""
    if name == "flet":
        requirement.extras.clear()
    return str(requirement)


def _flet(build: Build, found: Sequence[str]) -> list[str]:
    """Flet in the version that is asked for, and what belongs to the window that shows it."""
    window = desktop_client.of(build)
    if window.kind == "native" and window.flet:  # its client is of exactly this version
        return [f"flet=={window.flet}", f"flet-desktop=={window.flet}"]
    if window.kind == "native":
        return [flet_client.wheel(build)]
    asked = next(
        (r for r in map(_parsed, found) if r and canonicalize_name(r.name) == "flet"), None
    )
    is_open = asked is None or not (asked.specifier or asked.url)
    known = [f"flet=={flet_client.BEST_KNOWN}"] if is_open else []
    return [*known, *flet_client.web_packages(build)]


def _on_this_computer(build: Build) -> list[str]:
    """The packages that are named by a path, of which uv would take what it once made."""
    found = [r for need in build.project.requirements if (r := _parsed(need.text)) and r.url]
    return sorted(r.name for r in found if urlsplit(r.url or "").scheme in ("", "file"))


def _parsed(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def _python_here(job: Job, env: Mapping[str, str]) -> str:
    """The Python that is packed; the checks said so before, but it may be gone by now."""
    settings = job.build.settings
    wanted = find_python.asked(settings)
    found = find_python.find(lambda argv: job.run_tool(argv, env=env, quiet=True), wanted)
    if found is None:
        raise ComputerError(find_python.not_there(settings))
    return found.path


# ---- uv --------------------------------------------------------------------------------------

_VENV = ("--no-progress", "--no-config", "--no-python-downloads")
_PIP = ("--no-progress", "--no-config")


def _uv(
    job: Job, arguments: Sequence[str], env: Mapping[str, str], *, quiet: bool = False
) -> Finished:
    return job.run_tool([find_uv_bin(), *arguments], cwd=job.build.work, env=env, quiet=quiet)


def _install(job: Job, more: Sequence[str], env: Mapping[str, str]) -> Finished:
    """Install what is asked for, from a list that is gone then: an address may hold a password."""
    asked = job.build.work / "requirements.txt"
    try:
        asked.write_text("\n".join(_requirements(job.build)) + "\n", encoding="utf-8")
        return _install_list(job, [*more, "-r", str(asked)], env)
    finally:
        asked.unlink(missing_ok=True)


def _install_list(job: Job, asked: Sequence[str], env: Mapping[str, str]) -> Finished:
    """Install; once more with what uv has kept where the index cannot be reached."""
    argv = ["pip", "install", *_PIP, "--python", str(python(job.build)), *asked]
    # In the project's folder, where its relative paths begin.
    kept = [find_uv_bin(), *argv]
    local = (("--refresh-package", name) for name in _on_this_computer(job.build))
    call = [*kept, *chain.from_iterable(local)]
    folder = job.build.project.folder
    first = job.run_tool(call, cwd=folder, env=env)
    if uv_failure.is_network(first):
        again = job.run_tool([*kept, "--offline"], cwd=folder, env=env, quiet=True)
        if again.status == 0:
            job.problem(index_problem.worked_from_cache(uv_failure.WHAT))
            return again
    if uv_failure.is_not_found(first) and not uv_failure.is_refused(first):
        # That an index wants another password uv says only where it does not look into all.
        simple = {**env, "UV_INDEX_STRATEGY": "first-index"}
        again = job.run_tool(call, cwd=folder, env=simple, quiet=True)
        return again if uv_failure.is_refused(again) else first
    return first


def _remove_strangers(job: Job, env: Mapping[str, str]) -> None:
    """flet-cli may come with another package; its hook would go to the network."""
    argv = ["pip", "uninstall", *_PIP, "--python", str(python(job.build)), "flet-cli"]
    _uv(job, argv, env, quiet=True)


def _listed(job: Job, env: Mapping[str, str]) -> dict[str, str]:
    argv = ["pip", "list", *_PIP, "--python", str(python(job.build)), "--format", "json"]
    finished = _uv(job, argv, env, quiet=True)
    return {p["name"]: p["version"] for p in json.loads("\n".join(finished.out) or "[]")}


def _version(job: Job) -> str:
    finished = job.run_tool([str(python(job.build)), "--version"], quiet=True)
    found = re.search(r"\d+\.\d+\.\d+", os.linesep.join([*finished.out, *finished.err]))
    return found[0] if found else ""


def _not_made(finished: Finished) -> Problem:
    return Problem(
        "environment-not-made",
        "No environment could be made for the app's packages",
        "uv, which makes it from a Python on this computer, gave up; its words are below.",
        "Build again. If that does not help, clear the work folders in the settings.",
        evidence=[*finished.err][-8:],
    )

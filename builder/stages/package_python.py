"""Stage: the app and its packages for the target, packed by `serious_python` as Flutter takes them.

`serious_python` ends with status 0 when it failed halfway, and leaves what it made before. So the
old result goes first, and the new one is looked at.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import uuid
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder import host
from builder.flutter import environment, layout, package_arguments, progress, target_python
from builder.flutter.package_arguments import kit_of
from builder.history import read_json, write_json
from builder.pipeline import Build, Job, Stage
from builder.problems import Problem, ProjectError
from builder.process import Finished, Stream
from builder.stages import fingerprint, package_failure, packages, pip_log, pyodide_runtime

_NOTE = "package.json"
_PIP_LOG = "pip.log"
# In a pubspec.yaml as `pubspec.py` writes it: the version, or the lines that say where it is from.
_SERIOUS_PYTHON = re.compile(r"^  serious_python:(.*(?:\n {4,}.*)*)", re.M)
_WINDOWS_COMMAND = 8191  # characters that Windows takes where a program is a batch file

# Below the Flutter project: where packages lie that `serious_python` is not told a place for.
_WEB_SITE_PACKAGES = "build/site-packages"
_WEB_RESULT = "app/app.zip"

# What holds bytecode or builds of a Python, and must go when another one is packed.
_OF_PYTHON = (
    layout.SITE_PACKAGES,
    layout.PYTHON_APP,
    layout.FLUTTER_PACKAGES_TEMP,
    layout.SPM_KEY_FILE,
    f"{layout.FLUTTER}/build",
    f"{layout.FLUTTER}/app",
    f"{layout.FLUTTER}/.dart_tool",
)


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage(
        "package",
        "Pack the Python app",
        run,
        reads,
        writes=(_NOTE,),
        after=("template",),
        missing=_missing,
    )


def reads(build: Build) -> dict[str, str]:
    """The app's files by content, its packages, and how both are prepared."""
    folder = build.project.app_folder
    files = {file.path: folder / file.path for file in build.project.selection.files}
    return fingerprint.beside({**_packages_read(build), **_app_read(build)}, files)


def run(job: Job) -> None:
    """Pack the app, with the packages of the last time where nothing about them changed."""
    build = job.build
    _refuse_unreadable(build)
    _forget_other_python(job)
    skips = may_skip_packages(build)
    _clear_result(build, skips)
    environment.write_constraints(build)
    command = package_arguments.command(build, skip_packages=skips)
    _refuse_too_long(command)
    finished = _pack(job, command)
    package_failure.check(job, finished)
    wrong = _wrong_with_result(build)
    if wrong:
        raise package_failure.no_result(wrong, finished)
    pyodide_runtime.put(job)
    _write_note(build, skips)
    _tell(job, skips)


def extensions_expected(build: Build) -> Sequence[str]:
    """The Dart packages that the app's Python packages brought when they were installed last."""
    return [str(name) for name in _note(build).get("extensions", ())]


def installed(build: Build) -> str:
    """Which install of packages the work folder holds: another text after each one."""
    return str(_note(build).get("installed", ""))


# ---- What it depends on ----------------------------------------------------------------------


def _packages_read(build: Build) -> dict[str, str]:
    """All that the folder of packages depends on."""
    project, kit, settings = build.project, kit_of(build), build.settings.flutter
    listed = package_arguments.requirements_file(build)
    return {
        "the packages": fingerprint.of_requirements(package_arguments.packages(build)),
        "the requirements": fingerprint.of_requirements([r.text for r in project.requirements]),
        # As digests, because an index's address may hold a password.
        "the options for pip": _digest(project.pip_options) if project.pip_options else "",
        "requirements.txt": fingerprint.of_file(Path(listed)) if listed else "",
        "the packages on this computer": packages.local_content(project, project.requirements),
        "Python": kit.python.full,
        "Flet": kit.release.flet,
        "serious_python": _serious_python(build),
        "the architectures": ", ".join(settings.target_arch),
        "packages taken as sources": ", ".join(settings.source_packages),
        "compiling packages": _yes(settings.compile_packages),
        "cleaning packages": _yes(settings.cleanup_packages),
        "files cleaned from packages": ", ".join(settings.cleanup_package_files),
        "the environment": _digest(_from_outside()),
    }


def _app_read(build: Build) -> dict[str, str]:
    """All besides that the packed app depends on."""
    settings = build.settings.flutter
    toolchain = kit_of(build).toolchain
    env = environment.for_package(build)
    return {
        "Flutter": toolchain.version if toolchain else "",
        "the module": build.project.module,
        "compiling the app": _yes(settings.compile_app),
        "cleaning the app": _yes(settings.cleanup_app),
        "files cleaned from the app": ", ".join(settings.cleanup_app_files),
        "the bundle ID for frameworks": env.get("SERIOUS_PYTHON_BUNDLE_ID", ""),
        "Swift packages": env.get("SERIOUS_PYTHON_DARWIN_SPM", ""),
        "Pyodide in the app": pyodide_runtime.wanted(build),
    }


def _serious_python(build: Build) -> str:
    """What the project says about the version of `serious_python`, its overrides among it."""
    path = build.work / layout.FLUTTER / "pubspec.yaml"
    try:
        found = _SERIOUS_PYTHON.findall(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return ""  # the packer says what is wrong with the file
    return "; ".join(" ".join(said.split()) for said in found)


def _from_outside() -> list[str]:
    """What the user's own environment says to `serious_python`."""
    names = ("SERIOUS_PYTHON_", "DART_BRIDGE_VERSION")
    return sorted(f"{k}={v}" for k, v in os.environ.items() if k.startswith(names))


def _install_key(build: Build) -> str:
    read = [f"{name}={value}" for name, value in _packages_read(build).items()]
    return _digest([build.target, *read])


def _digest(lines: Sequence[str]) -> str:
    return fingerprint.of_text("\n".join(lines))


def _yes(value: bool) -> str:
    return "yes" if value else "no"


# ---- What is there from the last time --------------------------------------------------------


def _note(build: Build) -> dict[str, Any]:
    return read_json(build.work / _NOTE)


def may_skip_packages(build: Build) -> bool:
    """Whether the packages of the last time are whole and those that are wanted now."""
    if package_arguments.has_development_packages(build):
        return False
    return _note(build).get("key") == _install_key(build) and not _lost_packages(build)


def _lost_packages(build: Build) -> str:
    """What of the installed packages is gone, in words; "" when nothing is."""
    note = _note(build)
    listed = note.get("site")
    if not isinstance(listed, list) or not set(listed) <= set(_listing(_site_packages(build))):
        return "the folder of the app's packages"
    for name in extensions_expected(build):
        places = (layout.FLUTTER_PACKAGES, layout.FLUTTER_PACKAGES_TEMP)
        if not any((build.work / place / name).is_dir() for place in places):
            return f"the Flutter package {name}"
    return ""


def _missing(build: Build) -> str:
    """What a later stage, or somebody's hand, took away since the last run."""
    if _wrong_with_result(build):
        return "the packed app"
    fresh = [f"a fresh copy of {name}" for name in package_arguments.from_addresses(build)]
    return _lost_packages(build) or pyodide_runtime.missing(build) or "".join(fresh[:1])


def _site_packages(build: Build) -> Path:
    if environment.is_web(build):
        return build.work / layout.FLUTTER / _WEB_SITE_PACKAGES
    return build.work / layout.SITE_PACKAGES


def _listing(folder: Path) -> list[str]:
    """The names in a folder and in its folders; an empty one is none."""
    found = [
        path.relative_to(folder).as_posix()
        for pattern in ("*", "*/*")
        for path in folder.glob(pattern)
        if not path.name.startswith(".")
    ]
    return sorted(found)


# ---- The packer ------------------------------------------------------------------------------


def _pack(job: Job, command: Sequence[str]) -> Finished:
    """Run the packer; what it said, and after that which packages pip was looking for."""
    log, steps = job.build.work / _PIP_LOG, _Steps(job)
    with pip_log.following(log, steps.hear_pip):
        finished = job.run_tool(
            command,
            cwd=job.build.work / layout.FLUTTER,
            env={**environment.for_package(job.build), **pip_log.environment(log)},
            watch=steps,
        )
    return replace(finished, out=(*finished.out, *steps.collecting))


# ---- Before and after ------------------------------------------------------------------------


def _refuse_unreadable(build: Build) -> None:
    for problem in build.project.selection.problems:
        if problem.severity == "error":
            raise ProjectError(problem)


def _refuse_too_long(command: Sequence[str]) -> None:
    length = sum(len(word) + 3 for word in command)
    if host.current() == "windows" and length > _WINDOWS_COMMAND:
        count = command.count("--exclude")
        raise ProjectError(
            Problem(
                "command-too-long",
                f"{count} files and folders are to be left out, one by one: too many for Windows",
                "Each is named in a command, which may have no more than "
                f"{_WINDOWS_COMMAND:,} characters.",
                "Leave out the folders that hold them with tool.flet.app.exclude, or move the "
                "app into a folder of its own, and name that in tool.flet.app.path.",
                where="pyproject.toml, tool.flet.app",
            )
        )


def _forget_other_python(job: Job) -> None:
    """Remove all that was made with another Python: its bytecode would not load in this one."""
    build, short = job.build, kit_of(job.build).python.short
    before = _note(build).get("python", "")
    if before and before != short:
        job.log(f"Python was {before} and is {short}: what was made with it is made anew.")
        for name in _OF_PYTHON:
            _remove(build.work / name)
    if before != short:
        write_json(build.work / _NOTE, {"python": short})


def _clear_result(build: Build, skips: bool) -> None:
    """Remove the old result; and what is told of the old packages before others come.

    That for the web goes in any case: it lies in the project, where a template may pack it along.
    """
    for path in {*_results(build), *_results_for_web(build)}:
        _remove(path)
    if not skips:
        _remove(build.work / layout.FLUTTER_PACKAGES_TEMP)
        write_json(build.work / _NOTE, {"python": kit_of(build).python.short})


def _results(build: Build) -> list[Path]:
    if environment.is_web(build):
        return _results_for_web(build)
    return [build.work / layout.PYTHON_APP, build.work / layout.SPM_KEY_FILE]


def _results_for_web(build: Build) -> list[Path]:
    result = build.work / layout.FLUTTER / _WEB_RESULT
    return [result, result.with_name(result.name + ".hash")]


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _wrong_with_result(build: Build) -> str:
    """Why the result cannot be used, in words; "" when it can."""
    result = _results(build)[0]
    if environment.is_web(build):
        if not zipfile.is_zipfile(result):
            return "no archive of the app was made"
        with zipfile.ZipFile(result) as archive:
            names = set(archive.namelist())
    else:
        if not result.is_dir():
            return "no folder of the app was made"
        names = {path.name for path in result.iterdir()}
    module = build.project.module
    if module and names.isdisjoint({f"{module}.py", f"{module}.pyc"}):
        return f"{module}.py, where the app starts, is not in it"
    return ""


def _write_note(build: Build, skips: bool) -> None:
    before = _note(build)
    temp = build.work / layout.FLUTTER_PACKAGES_TEMP
    brought = sorted(path.name for path in temp.glob("*") if path.is_dir())
    if not skips:
        before |= {"installed": uuid.uuid4().hex, "extensions": brought}
    site = _listing(_site_packages(build))
    write_json(build.work / _NOTE, {**before, "key": _install_key(build), "site": site})


def _tell(job: Job, skips: bool) -> None:
    build = job.build
    count = len(build.project.selection.files)
    how = "as they were" if skips else "fetched"
    job.log(f"{count} files of the app, packages {how}, Python {kit_of(build).python.full}")


# ---- What it says while it works -------------------------------------------------------------


class _Steps:
    """Moves the bar with what `serious_python` and pip say."""

    def __init__(self, job: Job) -> None:
        self._job = job
        system = target_python.system_of(job.build.target)
        asked = job.build.settings.flutter.target_arch
        machines = target_python.machines(system, kit_of(job.build).python, asked)
        self._progress = progress.for_package(len(machines))
        self._one_at_a_time = threading.Lock()  # what pip says is read in a thread of its own
        self.collecting: list[str] = []

    def hear_pip(self, lines: Sequence[str]) -> None:
        """What pip says, which nobody else hears; in the log already where much is said."""
        if self._job.build.settings.flutter.verbose < 2:
            self._job.log(*lines)
        self.collecting += [line for line in lines if pip_log.collected(line)]
        self._hear(lines)

    def __call__(self, stream: Stream, lines: Sequence[str]) -> None:
        self._hear(lines)

    def _hear(self, lines: Sequence[str]) -> None:
        with self._one_at_a_time:
            if self._progress.feed(lines):
                self._job.progress(*self._progress.shown)

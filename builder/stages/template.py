"""Stage: the Flutter project of the app, rendered from the build template."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.flutter import context, layout, placing, pubspec, renderer, template, template_problems
from builder.flutter.layout import FLUTTER
from builder.flutter.template import Template
from builder.history import read_json, write_json
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Problem, ProjectError, ToolError
from builder.process import Finished
from builder.settings import platform_of
from builder.stages import file_problem, fingerprint

RENDERED = "template"
"""The project as the template makes it, with nothing of the app in it yet."""

PLACED = "flutter-files.json"
"""Which files of the Flutter project are from us."""

_SECONDS = 300  # for a template with hooks, which may wait for ever; rendering alone does not


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage(
        "template",
        "Make the Flutter project",
        run,
        reads,
        writes=(FLUTTER, RENDERED, renderer.NOTE),
        missing=_missing,
    )


def reads(build: Build) -> dict[str, str]:
    """Which template, and all that fills it, each under its own name."""
    values = context.of(build, {})
    options = values.pop("options")
    named = {name.replace("_", " "): _as_text(value) for name, value in (values | options).items()}
    own = {"pubspec settings": _as_text(build.settings.flutter.pubspec)}
    return {**template.reads(build), **named, **own}


def run(job: Job) -> None:
    """Render it beside the last one, take its place, and bring the Flutter project up to date."""
    work = job.build.work
    try:
        used = template.get(job)
        render_into(job, used, {}, work / RENDERED)
        _begin_anew_for_another_python(job)
        place(job.build, placing.files_of(work / RENDERED), {})
        write_json(
            work / renderer.NOTE,
            {
                "folder": str(used.folder),
                "checkout": used.checkout,
                "may_run_code": used.may_run_code,
                "python": _python(job.build),
                # The project stage puts more upon this, and has to do so again each time.
                "made": time.time_ns(),
            },
        )
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ComputerError(file_problem.of(error, "project-not-written", "A file")) from error


def _missing(build: Build) -> str:
    """A file that somebody took out of the Flutter project, which the packer needs whole."""
    lost = placing.lost(build.work / FLUTTER, build.work / PLACED)
    return f"{lost} in the Flutter project" if lost else ""


def used_in(build: Build) -> Template:
    """The template of a build whose template stage is done."""
    note = read_json(build.work / renderer.NOTE)
    return Template(Path(note["folder"]), note["checkout"], note["may_run_code"])


def made_at(build: Build) -> str:
    """When the template stage ran last."""
    return str(read_json(build.work / renderer.NOTE).get("made", ""))


def place(build: Build, files: placing.Files, extensions: Mapping[str, Path]) -> tuple[int, int]:
    """Make the Flutter project of rendered files; how many were written, and removed."""
    rendered = files[layout.PUBSPEC]
    text = rendered.decode() if isinstance(rendered, bytes) else rendered.read_text("utf-8")
    made = pubspec.make(
        text,
        platform=platform_of(build.target),
        settings=build.settings.flutter.pubspec,
        extensions=extensions,
    )
    project = build.work / FLUTTER
    return placing.bring(project, {**files, layout.PUBSPEC: made}, build.work / PLACED)


def _begin_anew_for_another_python(job: Job) -> None:
    """Remove what Flutter built with another Python: its bytecode would end the app."""
    before, now = read_json(job.build.work / renderer.NOTE).get("python"), _python(job.build)
    if before and before != now:
        job.log(f"Python was {before} and is {now}: Flutter begins anew.")
        shutil.rmtree(job.build.work / FLUTTER, ignore_errors=True)


def _python(build: Build) -> str:
    return build.kit.python.short if build.kit else ""


# ---- Rendering -------------------------------------------------------------------------------


def render_into(job: Job, used: Template, extensions: Mapping[str, Path], out: Path) -> None:
    """Render the template as the folder `out`; one that is there stays until the new one is done.

    Raises ProjectError where the template is wrong, ToolError when it hangs or breaks.
    """
    fresh = out.with_name(out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        rendered = _render(job, used, extensions, fresh)
        shutil.rmtree(out, ignore_errors=True)
        rendered.rename(out)
    finally:  # also where it failed: what filled the template may hold secrets
        shutil.rmtree(fresh, ignore_errors=True)


def _render(job: Job, used: Template, extensions: Mapping[str, Path], fresh: Path) -> Path:
    asked, answered = fresh / "request.json", fresh / "answer.json"
    into = fresh / "project"
    into.mkdir()
    request = {
        "template": str(used.folder),
        "into": str(into),
        "place": str(job.build.work),
        "checkout": used.checkout,
        "may_run_code": used.may_run_code,
        "context": context.of(job.build, extensions),
        "answer": str(answered),
    }
    asked.write_text(json.dumps(request, default=str), "utf-8")
    root = _rendered(job, asked, answered, used)
    if not (into / root / layout.PUBSPEC).is_file():
        raise ProjectError(template_problems.no_pubspec(str(used.folder)))
    return into / root


def _rendered(job: Job, asked: Path, answered: Path, used: Template) -> str:
    has_hooks = (used.folder / template.HOOKS).is_dir()
    try:
        limit = _SECONDS if has_hooks else None
        finished = job.run_tool(renderer.COMMAND, line=str(asked), limit=limit)
    except TimeoutError as error:
        raise ToolError(_hangs(used)) from error
    answer = _answer_in(answered)
    if "error" in answer:
        raise ProjectError(_not_rendered(used, answer["error"]))
    if "root" not in answer:
        _raise_if_full(finished)
        raise ToolError(_broke(used, finished))
    return str(answer["root"])


def _answer_in(file: Path) -> dict[str, Any]:
    """What the renderer wrote; empty where it came to no end."""
    try:
        answer: dict[str, Any] = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return answer


def _raise_if_full(finished: Finished) -> None:
    """What ended the renderer, if it was the disk: that is told in its own words."""
    if re.search(
        rf"\[(Errno ({errno.ENOSPC}|{errno.EDQUOT})|WinError 112)\]", "".join(finished.err)
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _as_text(value: Any) -> str:
    """A value as it can be compared and kept; tables as digests, for they may hold secrets."""
    if value is None or isinstance(value, str):
        return value or ""
    text = json.dumps(value, sort_keys=True, default=str)
    if not isinstance(value, Mapping):
        return text
    return fingerprint.of_text(text) if value else ""


# ---- What can be wrong -----------------------------------------------------------------------

_KINDS = {
    "no-config": "It cannot be opened",
    "config": "It is not what cookiecutter can use",
    "outside": "It would write outside of the project",
    "no-project": "No folder in it is a project to be filled in",
    "extension": "An extension or a setting of Jinja that it asks for does not work",
    "hook": "Its script failed",
    "syntax": "An expression is not written as it has to be",
    "undefined": "It asks for a value that this version of Slipway does not know",
    "expression": "An expression failed",
}


def _not_rendered(used: Template, error: Mapping[str, Any]) -> Problem:
    file, line = str(error.get("file", "")), error.get("line", 0)
    kind = _KINDS.get(str(error.get("kind")), "It cannot be used")
    place = file + (f", line {line}" if line else "")
    own = "template-leads-outside" if error.get("kind") == "outside" else "template-not-rendered"
    return Problem(
        own,
        "The build template cannot be filled in",
        f"{kind}: {error.get('message') or file}",
        "Use Flet's own template of the Flet version that the project uses, or have whoever made "
        "this one correct it.",
        where=f"{place} ({used.folder})" if place else str(used.folder),
    )


def _hangs(used: Template) -> Problem:
    return Problem(
        "template-hangs",
        "The build template does not come to an end",
        f"It was stopped after {_SECONDS // 60} minutes.",
        "Look at its scripts in `hooks`, or use Flet's own template.",
        where=str(used.folder),
    )


def _broke(used: Template, finished: Finished) -> Problem:
    return Problem(
        "template-not-rendered",
        "The build template cannot be filled in",
        "What does so ended in the middle; the log has more.",
        "Use Flet's own template of the Flet version that the project uses.",
        where=str(used.folder),
        evidence=tuple(finished.err[-5:]),
    )

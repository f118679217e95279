"""The engine's commands: build, matrix, serve. Each returns its exit status."""

from __future__ import annotations

import argparse
import importlib
import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from builder import (
    arguments,
    delivery,
    events,
    history,
    host,
    pipeline,
    readiness,
    rehearsal,
    settings,
    unchanged,
)
from builder.checks.finding import Finding, exit_of
from builder.lock import Held, Lock
from builder.problems import EXIT_DONE, ComputerError, Problem, ProjectError, SlipwayError
from builder.session import Session, print_json
from builder.targets import matrix as whole_matrix
from builder.toolchains import inventory

HAND_OVER = events.PlannedStage("hand-over", "Put the result in its place")

_LOCK = ".lock"
"""In a work folder while a build uses it, and ever after: so it is known as ours."""


# ---- build -----------------------------------------------------------------------------------


def build(session: Session, args: argparse.Namespace, argv: Sequence[str]) -> int:
    """Build a project for a target, and put the result into the output folder.

    `argv` is the command line, for fixes that say "the same, but…".
    """
    session.keep_log(f"build-{args.target}")
    record = unchanged.Record(argv)
    session.listen(record)
    for line in delivery.recover():
        session.say(events.Log("", "own", (line,)))
    wanted = readiness.read(args)
    planned = wanted.build
    session.tools.check_stopped()
    if status := _tell(session, readiness.of_project(planned, wanted.problems), argv):
        return status
    _refuse_foreign_work(planned.work)
    _make_work_folder(planned.work)
    try:
        with Lock(planned.work / _LOCK):
            if args.rehearse:
                return _rehearse(session, planned, wanted.way, argv)
            status = _build(session, wanted, argv)
            if status == EXIT_DONE and not arguments.secrets_of(args):
                _keep(session, planned, record)
            return status
    except Held as held:
        raise ProjectError(_already_building(planned, held.pid)) from held


def _refuse_foreign_work(work: Path) -> None:
    """Stages make and remove what they like in the work folder, so nobody else's things may be."""
    try:
        others = sorted(path.name for path in work.iterdir()) if work.is_dir() else []
    except OSError:  # what cannot be read cannot be worked in either: making it says why
        return
    if others and _LOCK not in others:
        raise ProjectError(
            Problem(
                "work-not-ours",
                f"The work folder holds something that is not from a build: {others[0]}",
                "A build changes and removes files there, and these may be yours.",
                "Choose an empty folder, or one that is not there yet, or leave out --work-dir.",
                where=str(work),
            )
        )


def _make_work_folder(work: Path) -> None:
    try:
        work.mkdir(parents=True, exist_ok=True)
        (work / _LOCK).open("a").close()  # a folder that is there already may be another user's
    except OSError as error:
        raise ComputerError(
            Problem(
                "work-not-writable",
                "Nothing can be written into the work folder",
                f"The system says about {work}: {error.strerror or error}",
                "Choose another one with --work-dir, or change the rights of that place.",
                where=str(work),
            )
        ) from error


def _build(session: Session, wanted: readiness.Wanted, argv: Sequence[str]) -> int:
    way, name = wanted.way, wanted.name
    backend = readiness.backend(way)
    planned, status = _check(session, wanted.build, backend, "build", argv)
    if status:
        return status
    made_with = f"Building with {backend.describe(planned)}: {wanted.why}."
    session.say(events.Log("", "own", (made_with,)))
    stages = backend.stages(planned)
    first = pipeline.first_timers(stages, planned)
    session.say(events.Plan(planned.target, way, _planned(name, stages, first)))
    say = _with_whole_fixes(session, argv)
    try:
        seconds = dict(pipeline.run(stages, planned, say, session.tools).ran)
        seconds |= _hand_over(session, planned, backend)
    except SlipwayError as error:
        error.problem = arguments.with_command(error.problem, argv)
        raise
    _remember(session, planned, name, seconds, first)
    return EXIT_DONE


def _check(
    session: Session,
    planned: pipeline.Build,
    backend: readiness.Backend,
    depth: readiness.Depth,
    argv: Sequence[str],
) -> tuple[pipeline.Build, int]:
    """Tell what the checks of this way found; the build with it, and its exit status or 0."""
    planned, findings = backend.checks(planned, session.tools, session.say, depth)
    if status := _tell(session, findings, argv):
        return planned, status
    session.tools.check_stopped()
    network = rehearsal.NEEDS_NETWORK if depth == "rehearsal" else backend.needs_network(planned)
    return planned, _tell(session, readiness.of_computer(planned, backend, network), argv)


def _planned(
    name: str, stages: Sequence[pipeline.Stage], first: Collection[str]
) -> list[events.PlannedStage]:
    usual = history.usual_seconds(name, first)
    ordered = [(s.id, s.title) for s in pipeline.in_order(stages)]
    ordered.append((HAND_OVER.id, HAND_OVER.title))
    return [events.PlannedStage(i, title, usual.get(i)) for i, title in ordered]


def _rehearse(session: Session, planned: pipeline.Build, way: str, argv: Sequence[str]) -> int:
    """Everything but the tools that would have to be installed, and nothing is handed over."""
    backend = readiness.backend(way)
    planned, status = _check(session, planned, backend, "rehearsal", argv)
    if status:
        return status
    stages = backend.rehearsal(planned)
    return rehearsal.run(_with_whole_fixes(session, argv), session.tools, planned, way, stages)


def _hand_over(
    session: Session, planned: pipeline.Build, backend: readiness.Backend
) -> dict[str, float]:
    """Deliver what was made, unless it is there already; how long that took, if it was done."""
    stage = HAND_OVER.id
    made = planned.work / backend.MADE
    if delivery.is_current(made, planned.output):
        session.say(events.Stage(stage, "skipped", 0.0, events.NOTHING_CHANGED))
        _tell_result(session, planned, backend)
        return {}
    began = time.monotonic()
    session.say(events.Stage(stage, "started", 0.0, f"into {planned.output}"))

    def tick(done: int, total: int) -> None:
        session.tools.check_stopped()
        session.say(events.Progress(stage, done, total, "bytes"))

    try:
        delivered = delivery.deliver(made, planned.output, tick)
    except BaseException:
        session.say(events.Stage(stage, "failed", time.monotonic() - began))
        raise
    seconds = time.monotonic() - began
    session.say(events.Stage(stage, "done", seconds))
    if delivered.kept:
        session.say(events.ProblemFound(_kept(delivered)))
    _tell_result(session, planned, backend)
    return {stage: seconds}


def _tell_result(session: Session, planned: pipeline.Build, backend: readiness.Backend) -> None:
    for artifact in backend.artifacts(planned, planned.output.resolve()):
        session.say(artifact)


def _remember(
    session: Session,
    planned: pipeline.Build,
    name: str,
    seconds: Mapping[str, float],
    first: Collection[str],
) -> None:
    made = planned.settings
    try:
        history.remember(name, seconds, first)
        history.remember_build(
            planned.project.folder, planned.target, made.build_version, made.build_number
        )
    except (OSError, SlipwayError) as error:
        # The result is delivered; that only the next estimate suffers is no reason to fail.
        session.say(events.Log("", "own", (f"This build was not remembered: {error}",)))


def _keep(session: Session, planned: pipeline.Build, record: unchanged.Record) -> None:
    """Let the next build find at once that nothing changed.

    Not one that is signed: a certificate may end, and a password is asked for each time.
    """
    flutter = planned.settings.flutter
    if flutter.android_key_store or settings.platform_of(planned.target) == "ios":
        return
    try:
        record.write(planned.output, planned.work)
    except (OSError, SlipwayError) as error:
        session.say(events.Log("", "own", (f"The next build begins anew: {error}",)))


def _kept(delivered: delivery.Delivered) -> Problem:
    return Problem(
        "files-kept",
        "Files that were put into the output folder during the build were moved aside",
        delivered.kept,
        "Look whether you need them.",
        severity="warn",
    )


def _already_building(planned: pipeline.Build, pid: int) -> Problem:
    who = f" (process {pid})" if pid else ""
    return Problem(
        "already-building",
        f"This project is being built for {planned.target} already{who}",
        "Two builds at once would disturb each other.",
        "Wait until the other one is done, or stop it.",
        where=str(planned.project.folder),
    )


def _tell(session: Session, findings: Sequence[Finding], argv: Sequence[str]) -> int:
    """Say what the checks found; the exit status of a build that cannot begin, else 0."""
    for finding in findings:
        session.say(finding.check)
    for problem in (problem for finding in findings for problem in finding.problems):
        session.say(events.ProblemFound(arguments.with_command(problem, argv)))
    return exit_of(findings)


def _with_whole_fixes(session: Session, argv: Sequence[str]) -> pipeline.Say:
    """To speak for stages, which do not know the command line."""

    def say(event: events.Event) -> None:
        if isinstance(event, events.ProblemFound):
            event = events.ProblemFound(arguments.with_command(event.problem, argv))
        session.say(event)

    return say


# ---- matrix, serve ---------------------------------------------------------------------------


def matrix(args: argparse.Namespace) -> int:
    """Print which targets this computer can build, and what to do instead of the others."""
    here = host.current()
    cells = whole_matrix(here, inventory.look())
    if args.json:
        print_json({"host": here, "cells": [{**asdict(c), "backend": c.backend} for c in cells]})
        return EXIT_DONE
    for cell in cells:
        print(f"{cell.target:13} {cell.label}")  # noqa: T201 - what this command is for
        for text in (cell.reason, cell.instead):
            if text and cell.state != "ready":
                print(f"{'':13} {text}")  # noqa: T201
    return EXIT_DONE


def serve(args: argparse.Namespace) -> int:
    """Serve a finished web site on this computer until Ctrl+C; prints its address first."""
    folder = Path(args.folder).expanduser().absolute()
    if not (folder / "index.html").is_file():
        raise ProjectError(_no_site(folder))
    server = importlib.import_module("builder.web.serve")

    def ready(address: str) -> None:
        print(f"{address}\nCtrl+C stops it.", flush=True)  # noqa: T201

    base_url = args.base_url or _base_url(folder / "index.html")
    try:
        server.serve(folder, port=args.port, base_url=base_url, ready=ready)
    except KeyboardInterrupt:
        return EXIT_DONE  # that is how one stops serving
    except (OSError, OverflowError) as error:
        raise ProjectError(_no_port(args.port, error)) from error
    return EXIT_DONE


def _base_url(page: Path) -> str:
    """The path that a site was built for, as its page names it."""
    text = page.read_text("utf-8", "replace")
    found = re.search(r'<base href="(/[^"]*)"', text)
    import html  # here: only this needs its long tables

    return html.unescape(found[1]) if found else ""


def _no_port(port: int, error: Exception) -> Problem:
    why = error.strerror if isinstance(error, OSError) else "ports go up to 65535"
    return Problem(
        "port-not-free",
        f"The site cannot be served at port {port}",
        f"The system says: {why}.",
        "Leave out --port: then a free one is taken.",
    )


def _no_site(folder: Path) -> Problem:
    return Problem(
        "no-site",
        f"There is no web site in {folder}",
        "A site has an index.html in its folder.",
        "Build one first: `python -m builder build web PROJECT`.",
        where=str(folder),
    )

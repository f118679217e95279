"""The command `plan`: what a build would do, without doing it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from builder import arguments, events, history, pipeline, readiness, rehearsal
from builder.checks.finding import Finding, exit_of
from builder.problems import SlipwayError
from builder.session import Session, print_json

_WHAT_HAPPENS = {"run": "runs", "skip": "is skipped", "later": "is looked at later"}


def run(session: Session, args: argparse.Namespace, argv: Sequence[str]) -> int:
    """Say what a build would do, without doing it."""
    document = _plan(args, argv)
    for check in document.findings:
        session.say(check.check)
    for problem in document.problems:
        session.say(events.ProblemFound(problem))
    usual = document.usual
    stages = [events.PlannedStage(f.id, f.title, usual.get(f.id)) for f in document.stages]
    session.say(events.Plan(args.target, document.backend, stages))
    session.say(events.Log("", "own", tuple(document.lines())))
    return document.exit


def run_json(args: argparse.Namespace, argv: Sequence[str]) -> int:
    """The same as one JSON document on stdout."""
    try:
        document = _plan(args, argv)
    except SlipwayError as error:
        print_json({"problems": [error.problem.to_dict()], "exit": error.exit})
        return error.exit
    print_json(document.to_dict())
    return document.exit


_NOTHING_USUAL: Mapping[str, float] = {}


class _Plan:
    """What a build would do."""

    def __init__(
        self,
        build: pipeline.Build,
        backend: str,
        findings: Sequence[Finding],
        stages: Sequence[pipeline.Forecast],
        network: str,
        argv: Sequence[str],
        usual: Mapping[str, float] = _NOTHING_USUAL,
    ) -> None:
        self.build = build
        self.backend = backend
        self.usual = usual
        self.findings = findings
        self.stages = stages
        self.network = network
        self.problems = [arguments.with_command(p, argv) for f in findings for p in f.problems]
        self.exit = exit_of(findings)

    def lines(self) -> list[str]:
        """The plan for a person; nothing where the build could not begin."""
        if self.exit:
            return []
        lines = [f"Built with {readiness.backend(self.backend).describe(self.build)}"]
        lines += [f"{f.title}: {_WHAT_HAPPENS[f.state]} ({f.reason})" for f in self.stages]
        lines.append(f"Network: {self.network or 'not needed'}")
        is_rehearsal = self.build.options.get("rehearse")
        last = (
            "Nothing is handed over" if is_rehearsal else f"The result goes to {self.build.output}"
        )
        return [*lines, last]

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON; `network` says why the network is needed, "" when it is not."""
        usual = self.usual
        return {
            "target": self.build.target,
            "backend": self.backend,
            "project": str(self.build.project.folder),
            "output": str(self.build.output),
            "work": str(self.build.work),
            "network": self.network,
            "stages": [{**asdict(f), "usual_seconds": usual.get(f.id)} for f in self.stages],
            "checks": [_check_to_dict(f.check) for f in self.findings],
            "problems": [problem.to_dict() for problem in self.problems],
            "exit": self.exit,
        }


def _plan(args: argparse.Namespace, argv: Sequence[str]) -> _Plan:
    is_rehearsal = bool(args.rehearse)
    wanted = readiness.read(args)
    build, way, name = wanted.build, wanted.way, wanted.name
    findings = readiness.of_project(build, wanted.problems)
    if exit_of(findings):
        return _Plan(build, way, findings, (), "", argv)
    backend = readiness.backend(way)
    depth: readiness.Depth = "rehearsal" if is_rehearsal else "plan"
    build, more = backend.checks(build, None, lambda event: None, depth)
    network = rehearsal.NEEDS_NETWORK if is_rehearsal else backend.needs_network(build)
    findings += more + readiness.of_computer(build, backend, network)
    if exit_of(more):
        return _Plan(build, way, findings, (), network, argv)
    if is_rehearsal:
        stages = rehearsal.among_themselves(backend.rehearsal(build))
    else:
        stages = backend.stages(build)
    usual = history.usual_seconds(name, pipeline.first_timers(stages, build))
    return _Plan(build, way, findings, pipeline.forecast(stages, build), network, argv, usual)


def _check_to_dict(check: events.Check) -> dict[str, Any]:
    return {"id": check.id, "title": check.title, "state": check.state, "detail": check.detail}

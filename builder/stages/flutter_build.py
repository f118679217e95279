"""Stage: `flutter build`, watched as it goes: its steps, its questions, its silence, its errors."""

from __future__ import annotations

import re
import shlex
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from builder.flutter import build_arguments, environment, outputs, progress, signing
from builder.flutter.package_arguments import kit_of
from builder.history import read_json, write_json
from builder.pipeline import STAMPS, Build, Job, Stage
from builder.problems import ComputerError, Problem, ProjectError, ToolError
from builder.process import Finished, Stream
from builder.stages import file_problem, fingerprint, flutter_problem

SILENT_SECONDS = 600.0  # a first build may fetch Gradle, the NDK and libraries without a word
_COUNTS = "flutter-steps.json"
_WAITS = re.compile(r"waiting for another flutter command|waiting to (?:lock|acquire)", re.I)


def stage() -> Stage:
    """The stage for the pipeline. Flutter knows best what of its work is still good."""
    return Stage(
        "flutter",
        "Build the app with Flutter",
        run,
        reads,
        writes=(),
        after=("package", "project"),
        always="Flutter looks itself what changed",
    )


def reads(build: Build) -> dict[str, str]:
    """What is handed to Flutter; of the stages before, whether they worked with other things."""
    toolchain = kit_of(build).toolchain
    return {
        "Flutter": toolchain.version if toolchain else "",
        # As a digest, because what is defined for the app there may be secret.
        "arguments": fingerprint.of_text("\n".join(build_arguments.command(build)))
        if toolchain
        else "",
        "the packed app": fingerprint.of_file(build.work / STAMPS / "package.json"),
        "the Flutter project": fingerprint.of_file(build.work / STAMPS / "project.json"),
    }


def run(job: Job) -> None:
    """Run Flutter in the project, where nothing of an earlier result is left.

    Raises ToolError when it fails, or says that it did not and left no result.
    """
    build = job.build
    for problem in signing.problems(build):
        raise ProjectError(problem)
    argv = build_arguments.command(build)
    try:
        outputs.wipe(build)
    except OSError as error:
        raise ComputerError(
            file_problem.of(error, "old-result-not-removed", "Flutter's last result")
        ) from error
    job.log(f"$ {shlex.join([Path(argv[0]).name, *argv[1:]])}")
    finished = _run(job, argv)
    if failure := flutter_problem.of(finished, build):
        raise ToolError(failure)


def _run(job: Job, argv: Sequence[str]) -> Finished:
    build = job.build
    counts = build.work / _COUNTS
    with _Watch(job, {k: v for k, v in read_json(counts).items() if isinstance(v, int)}) as watch:
        finished = job.run_tool(
            argv,
            cwd=outputs.project(build),
            env={**environment.for_build(build), **signing.environment(build)},
            watch=watch.lines,
            watch_open_line=watch.open_line,
        )
    if finished.status == 0 and watch.progress.counts:
        write_json(counts, watch.progress.counts)
    return finished


class _Watch:
    """Listens to Flutter: tells its steps, and once each what a person should know."""

    def __init__(self, job: Job, counts: dict[str, int]) -> None:
        self.progress = progress.for_flutter(counts)
        self._job = job
        self._told: set[str] = set()
        self._heard = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._mind_silence, name="silence", daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def lines(self, stream: Stream, lines: Sequence[str]) -> None:
        """Whole lines of either stream."""
        self._hear(lines)
        for line in lines:
            # The plain search first: there may be millions of lines.
            if "aiting " in line and _WAITS.search(line[: progress.LINE_LENGTH]):
                self._tell(_waits())

    def open_line(self, line: str) -> None:
        """What a line holds that has no end yet."""
        self._hear([line])
        if _WAITS.search(line):
            self._tell(_waits())
        elif asked := flutter_problem.question(line):
            self._tell(_asks(asked))

    def _hear(self, lines: Sequence[str]) -> None:
        self._heard = time.monotonic()
        if self.progress.feed(lines):
            self._job.progress(*self.progress.shown)

    def _mind_silence(self) -> None:
        while not self._over.wait(min(SILENT_SECONDS / 4, 30)):
            if time.monotonic() - self._heard >= SILENT_SECONDS:
                self._tell(_silent(self.progress.step))

    def _tell(self, problem: Problem) -> None:
        if problem.code not in self._told:
            self._told.add(problem.code)
            self._job.problem(problem)


def _waits() -> Problem:
    return Problem(
        "flutter-waits",
        "Flutter waits until another Flutter on this computer is done",
        "Only one may work at a time. An editor such as VS Code or Android Studio may have "
        "started the other one, or one that hangs is left from before.",
        "Wait a moment. If nothing happens, close the editor or end the other “flutter” or “dart”.",
        severity="hint",
    )


def _asks(question: str) -> Problem:
    return Problem(
        "flutter-asks",
        "A tool asks something, and nobody can answer it here",
        f"It says: {question}",
        "It goes on without an answer, or fails. In that case run the same tool once in a terminal "
        "and answer there.",
        severity="hint",
        evidence=(question,),
    )


def _silent(step: str) -> Problem:
    at = f" Its last step: {step}." if step else ""
    return Problem(
        "flutter-silent",
        f"Flutter has said nothing for {SILENT_SECONDS / 60:.0f} minutes",
        f"It may be fetching something large over a slow connection, or hang.{at}",
        "You can wait, or stop the build and start it again: what is fetched is kept.",
        severity="hint",
    )

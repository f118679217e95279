"""What it means when Flutter failed, or says that it did not and left no result."""

from __future__ import annotations

import itertools
import re
import signal
from collections.abc import Iterable, Sequence

from builder.flutter import build_arguments, outputs
from builder.flutter.progress import without_times
from builder.pipeline import Build
from builder.problems import Problem
from builder.process import Finished
from builder.readable import is_text, readable

LINES = 12
LOOKED_AT = 100_000  # the last lines of each stream; there may be millions
LINE_LENGTH = 500
SIGNALS_FROM = 128  # a shell that started what was ended by signal 9 ends with 137

_GRADLE = re.compile(r"\* What went wrong:")
_GRADLE_END = re.compile(r"\* (?:Try|Exception is|Get more help)|BUILD FAILED|={10}")
_IPA = re.compile(r"Encountered error while creating the IPA", re.I)
# Narrow on purpose: warnings, counts (“0 errors”) and names of files hold the word as well.
_ERROR = re.compile(
    r"(?:^|[\s:)])(?:fatal )?[Ee]rror(?: [A-Z0-9]+)?: \S|^Error\b[^:]{0,40}: ?\S|^ERROR: |"
    r"^FAILURE: |^CMake Error|^Target \S+ failed:|^Encountered error|^(?:Unhandled )?[Ee]xception|"
    r"^Because .* version solving failed|^Could not |^Failed to |^Unable to |^e: "
)
_ASKS = re.compile(
    r"(?:\?\s|[\[(][yY](?:es)?[/|][nN]o?[\])]\W*|passw\w+\s*:\s*|\|a\]:\s*|to quit\W*)$"
)
_MEMORY = re.compile(
    r"OutOfMemoryError|Java heap space|daemon disappeared unexpectedly|exit code -9\b|"
    r"Cannot allocate memory|signal: killed|Killed: 9"
)
_FULL = re.compile(r"No space left on device|not enough space on the disk|ENOSPC", re.I)


def of(finished: Finished, build: Build) -> Problem | None:
    """The problem, None when all is well: exit status 0 and a result."""
    said = [*finished.out[-LOOKED_AT:], *finished.err[-LOOKED_AT:]]
    if ended_by := _signal(finished.status):
        return _by_signal(ended_by, said)
    if build.target == "ipa" and _export_failed(finished.status, said, build):
        return _no_ipa(said)
    if finished.status != 0:
        return _failed(finished.status, said, [*finished.out[-1:], *finished.err[-1:]])
    if outputs.found(build) is None:
        return _no_result(build, said)
    return None


def evidence(lines: Sequence[str]) -> list[str]:
    """The lines that say why: Gradle's own answer, else the first error with what follows it.

    The last lines where none says so; never more than a dozen.
    """
    clean = [_clean(line) for line in lines]
    if (start := _first(_GRADLE, clean)) is not None:
        answer = itertools.takewhile(lambda line: not _GRADLE_END.match(line), clean[start + 1 :])
        if told := _some(answer):
            return told
    if (start := _first(_ERROR, clean)) is not None:
        return _some(clean[start : start + LINES])
    return [line for line in clean if is_text(line)][-LINES:]


def _clean(line: str) -> str:
    """A line without times, as a screen can show it; its indentation stays."""
    text = without_times(line[:LINE_LENGTH]).rstrip()
    if text.isprintable():
        return text
    indent = text[: len(text) - len(text.lstrip())].expandtabs(4)
    return f"{indent}{readable(text)}" if is_text(text) else ""


def question(line: str) -> str:
    """The line, if it asks something; "" else."""
    return line.strip() if _ASKS.search(line) else ""


def _first(pattern: re.Pattern[str], lines: Sequence[str]) -> int | None:
    matches = (at for at, line in enumerate(lines) if pattern.search(line[:LINE_LENGTH]))
    return next(matches, None)


def _some(lines: Iterable[str]) -> list[str]:
    return list(itertools.islice((line for line in lines if line.strip()), LINES))


def _signal(status: int) -> int:
    """The number of the signal that ended it, 0 where none did."""
    if status < 0:
        return -status
    number = status - SIGNALS_FROM
    return number if number in {s.value for s in signal.Signals} and number > 2 else 0


def _export_failed(status: int, said: Sequence[str], build: Build) -> bool:
    """Whether Xcode made no .ipa, which Flutter may think nothing of."""
    if _first(_IPA, said) is not None:
        return True
    has_one = any((outputs.project(build) / "build" / "ios" / "ipa").glob("*.ipa"))
    return status == 0 and build_arguments.is_signed_for_ios(build) and not has_one


def _by_signal(number: int, said: Sequence[str]) -> Problem:
    told = evidence(said)
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    if name == "SIGKILL" or _first(_MEMORY, said) is not None:
        return _no_memory(told)
    return Problem(
        "flutter-crashed",
        "Flutter was ended in the middle of its work",
        f"The system or another program ended it ({name}).",
        "Build again. If it happens again, restart the computer, and look whether Flutter works "
        "in a terminal: `flutter doctor`.",
        evidence=told,
    )


def _no_memory(told: Sequence[str]) -> Problem:
    return Problem(
        "out-of-memory",
        "The computer had too little memory for this build",
        "The system ends the program that takes the most of it, and that was Flutter or a tool of "
        "its. An Android build takes about 8 GB.",
        "Close other programs, browsers first, and build again.",
        evidence=tuple(told),
    )


def _disk_full(line: str) -> Problem:
    return Problem(
        "disk-full",
        "The disk became full while Flutter worked",
        "A first Android build takes several gigabytes, in the work folder and in the caches of "
        "Gradle and Flutter in your home folder.",
        "Free some space, and build again: it goes on where it was. Your last result is as it was.",
        evidence=(line,),
    )


def _failed(status: int, said: Sequence[str], last: Sequence[str]) -> Problem:
    """`last` is how each stream ended: after a question nothing comes."""
    told = evidence(said)
    if _first(_MEMORY, said) is not None:
        return _no_memory(told)
    if (full := _first(_FULL, said)) is not None:
        return _disk_full(said[full][:LINE_LENGTH].strip())
    if asked := next((line for line in last if question(line)), ""):
        return _asked(asked, told)
    first = told[0].strip() if told else ""
    return Problem(
        "flutter-failed",
        "Flutter could not build the app",
        f"It says: {first}" if first else f"It gave no reason, and ended with status {status}.",
        "The lines below say more, and the log says all. Build again when it is mended; "
        "with --verbose twice the tools say more.",
        evidence=tuple(told),
    )


def _asked(asked: str, told: Sequence[str]) -> Problem:
    return Problem(
        "flutter-asked",
        "Flutter asked a question, which nobody could answer here, and gave up",
        f"It asked: {readable(asked)}",
        "Open a terminal, start `flutter doctor` there, and for Android `flutter doctor "
        "--android-licenses`, and answer. It asks once only. Then build again.",
        evidence=tuple(told),
    )


def _no_ipa(said: Sequence[str]) -> Problem:
    start = _first(_IPA, said)
    told = (
        _some(without_times(line[:LINE_LENGTH]) for line in said[start:])
        if start is not None
        else []
    )
    return Problem(
        "ipa-not-exported",
        "Xcode built the app, but made no .ipa file of it",
        "The signing certificate, the provisioning profile, the team and the bundle ID have to "
        "belong together, and to the kind of distribution that was chosen.",
        "Check them in the settings for iOS. Xcode's reason stands below.",
        evidence=tuple(told or evidence(said)),
    )


def _no_result(build: Build, said: Sequence[str]) -> Problem:
    place = outputs.folders(build)[-1].relative_to(build.work).as_posix()
    return Problem(
        "flutter-no-result",
        "Flutter says that it is done, but there is no result",
        f"Nothing is in {place} of the work folder.",
        "Build again. If it happens again, take arguments out that move or rename the result "
        "(such as --debug, --profile or --flavor), and look at the log.",
        where=str(build.work),
        evidence=tuple(evidence(said)),
    )

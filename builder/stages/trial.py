"""Stage: the app is tried before it is handed over: started as on somebody else's computer.

In an empty folder, with an empty home, until its window or its first page is there. What the
developer's computer has and the app lacks shows now, and not at whoever gets it.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from builder.desktop import app_failure
from builder.desktop.runtime import home as packed_home
from builder.desktop.runtime import start as packed_start
from builder.pipeline import Build, Job, Stage
from builder.problems import ComputerError, Fix, Problem, SlipwayError, ToolError
from builder.process import Finished
from builder.stages import assemble, environment

LIMIT = 120.0  # seconds: the first start of one executable unpacks it
_NOTE = "trial.txt"
_LAST_LINES = 20
_NEVER = "0"  # instead of a status
SETTING = "tool.slipway.desktop.hidden_imports"


def stage() -> Stage:
    """The stage for the pipeline."""
    return Stage("trial", "Try the app", run, reads, (_NOTE,), after=("assemble",))


def reads(build: Build) -> dict[str, str]:
    """What was put together."""
    return assemble.reads(build)


def run(job: Job) -> None:
    """Start the app and wait for its first answer; raises ToolError when none comes."""
    (job.build.work / _NOTE).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="slipway-trial-", ignore_cleanup_errors=True) as place:
        empty, outcome = Path(place) / "empty folder", Path(place) / "outcome"
        empty.mkdir()
        try:
            finished = job.run_tool(
                [str(assemble.program(job.build))],
                cwd=empty,
                env=_somebody_else(Path(place), outcome),
                limit=LIMIT,
                leaves_nothing=True,  # a window that the app opened outlives it
            )
        except TimeoutError as error:
            raise ToolError(_silent(_SILENT, _log(Path(place)))) from error
        answer = outcome.read_text("utf-8") if outcome.is_file() else ""
        log = _log(Path(place))
    if not answer:
        raise _ended(job.build, finished, log)
    if answer == _NEVER:
        raise ToolError(_silent(_SILENT_PAGE, log))
    if answer.isdigit() and int(answer) >= 500:
        raise _answers_with_an_error(job.build, answer, log)
    if answer == packed_start.NO_SCREEN:
        job.problem(_no_screen())
    else:
        window = answer == packed_start.WINDOW
        job.log("The app's window opened." if window else "The app's first page answers.")
    (job.build.work / _NOTE).write_text(answer, encoding="utf-8")


def _somebody_else(place: Path, outcome: Path) -> dict[str, str]:
    """The environment of a person who has nothing but this computer's system."""
    home = str(place / "home")
    Path(home).mkdir()
    return {
        packed_start.TRIAL: str(outcome),
        packed_home.MOVED: str(place / "data"),
        "HOME": home,
        "USERPROFILE": home,
        "XDG_DATA_HOME": "",
        "XDG_CONFIG_HOME": "",
        "XDG_CACHE_HOME": "",
        "FLASK_APP": "",
        "PATH": os.defpath if os.name != "nt" else os.environ.get("PATH", ""),
    }


def _log(place: Path) -> list[str]:
    file = place / "data" / "app.log"
    return file.read_text("utf-8", "replace").splitlines() if file.is_file() else []


# ---- What went wrong -------------------------------------------------------------------------


def _no_screen() -> Problem:
    return Problem(
        "trial-no-screen",
        "The app was not tried: there is no screen here",
        "It opens a window of its own, and this computer has nothing to show it on.",
        "Start it once on a computer with a screen before you hand it out.",
        severity="hint",
    )


# The last one of each kind counts: the app may have got over one that came before.
_MODULE = r"^(?:ModuleNotFoundError|ImportError): No module named '([\w.]+)'"
_FILE = r"^FileNotFoundError: .*'([^']+)'$|^[\w.]*TemplateNotFound: '?(.+?)'?$"
_DISK = r"^OSError: .*No space left on device|^OSError: .*not enough space on the disk"


def _ended(build: Build, finished: Finished, log: list[str]) -> SlipwayError:
    said = [*log, *(line for line in (*finished.out, *finished.err) if line not in log)]
    text = "\n".join(said)
    if re.search(_DISK, text, re.M):
        return ComputerError(_disk_full(said))
    if modules := re.findall(_MODULE, text, re.M):
        installed = environment.installed(build)
        package = app_failure.package_missing(build, installed, modules[-1], said)
        return ToolError(package or _missing_module(build, modules[-1], said))
    if known := app_failure.of(build, said):
        return ToolError(known)
    if files := re.findall(_FILE, text, re.M):
        return ToolError(_missing_file("".join(files[-1]), said))
    if finished.status < 0:
        return ToolError(_crashed(-finished.status, said))
    return ToolError(_fails_at_start(said))


def _missing_module(build: Build, module: str, said: list[str]) -> Problem:
    known = list(build.settings.desktop.hidden_imports)
    if module in known:
        return Problem(
            "trial-module-missing",
            f"The packed app misses the module “{module}”, though it is asked for",
            "No package that the project asks for holds it.",
            "Add the package that holds it to the project's list of packages, and build again.",
            evidence=tuple(said[-_LAST_LINES:]),
        )
    return Problem(
        "trial-module-missing",
        f"The packed app misses the module “{module}”",
        "The app imports it in a way that cannot be seen from the code, or the project's list of "
        "packages does not name the package that holds it.",
        "Add it and build again; if it is still missing, add its package to the list.",
        evidence=tuple(said[-_LAST_LINES:]),
        fixes=(Fix("add-module", f"Add “{module}”", "set", {SETTING: [*known, module]}),),
    )


def _missing_file(name: str, said: list[str]) -> Problem:
    return Problem(
        "trial-file-missing",
        f"The packed app does not find “{Path(name).name}”",
        "It is not among the files that are packed: left out by a rule, hidden, or outside of the "
        "project.",
        "Put it into the project's folder, or take it in with tool.flet.app.include.",
        evidence=tuple(said[-_LAST_LINES:]),
    )


def _crashed(signal: int, said: list[str]) -> Problem:
    return Problem(
        "trial-crashed",
        "The packed app crashed when it was tried",
        f"The system ended it (signal {signal}). A compiled package that does not fit does that.",
        "Look at the last lines, and try another version of the package that they name.",
        evidence=tuple(said[-_LAST_LINES:]),
    )


def _fails_at_start(said: list[str]) -> Problem:
    return Problem(
        "trial-failed",
        "The packed app ended when it was tried",
        _last_exception(said) or "It ended before its first page could be shown.",
        "Start it in its project's folder as you usually do: what fails there fails here. "
        "The lines below are the app's own.",
        evidence=tuple(said[-_LAST_LINES:]),
    )


_SILENT = "The packed app does not answer"
_SILENT_PAGE = "The packed app starts, but its first page does not answer"


def _silent(title: str, log: list[str]) -> Problem:
    return Problem(
        "trial-no-answer",
        title,
        "It got a minute or two. It may wait for something that only your computer has, for "
        "example a database server.",
        "Look at the lines below, which are the app's own.",
        evidence=tuple(log[-_LAST_LINES:]),
    )


def _disk_full(said: list[str]) -> Problem:
    return Problem(
        "disk-full",
        "The disk became full while the app was tried",
        "An app brings its files to a folder of its own at its first start, and so does a trial.",
        "Free some space, and build again. Your previous result is as it was.",
        evidence=tuple(said[-_LAST_LINES:]),
    )


def _answers_with_an_error(build: Build, status: str, log: list[str]) -> SlipwayError:
    error = _ended(build, Finished((), 0, log, ()), log)
    if error.problem.code != "trial-failed":
        return error
    return ToolError(
        Problem(
            "trial-first-page-fails",
            f"The packed app starts, but its first page fails (error {status})",
            _last_exception(log) or "The lines below are the app's own.",
            "Mend it in the app and build again.",
            evidence=tuple(log[-_LAST_LINES:]),
        )
    )


def _last_exception(said: list[str]) -> str:
    return next(
        (line for line in reversed(said) if re.match(r"[\w.]+(Error|Exception)\b", line)), ""
    )

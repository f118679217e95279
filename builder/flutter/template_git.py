"""Fetches a build template from a git repository, with the user's own git and no questions."""

from __future__ import annotations

import re
from pathlib import Path

from builder.flutter import template_problems as told
from builder.flutter.template_asked import Asked, shown
from builder.pipeline import Job
from builder.problems import ComputerError, ProjectError
from builder.process import Finished

_SECONDS = 600

# No question in a terminal that nobody sees.
_ENV = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GCM_INTERACTIVE": "never",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
    "LC_ALL": "C",
}


def fetch(job: Job, wanted: Asked, clone: Path) -> str:
    """Fetch what was asked for into the empty folder `clone`, without history.

    Its name in the repository. Raises ProjectError where there is no such thing, ComputerError
    where it cannot be reached.
    """
    job.log(f"Fetching the build template from {wanted.shown}")
    _run(job, clone, "init", "--quiet")
    # Without a name: what has the name of Flet's version, as `flet build` has it, or what is there.
    refs = [wanted.ref] if wanted.ref else [wanted.version, f"v{wanted.version}", "HEAD"]
    for ref in refs:
        fetched = _run(
            job, clone, "fetch", "--quiet", "--depth=1", "--no-tags", "--", wanted.address, ref
        )
        if not fetched.status:
            checked_out = _run(job, clone, "checkout", "--quiet", "FETCH_HEAD")
            if checked_out.status:
                raise ProjectError(told.not_understood(wanted.shown, _last(checked_out)))
            return ref
        if not _is_missing_ref(fetched):
            break
    if _is_missing_ref(fetched):
        raise ProjectError(told.no_such_ref(wanted.ref, wanted.shown))
    if _is_refused(fetched):
        raise ProjectError(told.not_a_repository(wanted.shown, _last(fetched)))
    raise ComputerError(told.not_reached(wanted.shown, shown(_last(fetched)), wanted.flet))


def commit_of(job: Job, clone: Path) -> str:
    """The commit that was fetched."""
    return _run(job, clone, "rev-parse", "FETCH_HEAD").out[0]


def refuse_links(folder: Path, address: str) -> None:
    """Raise ProjectError for a link that leads out of the folder."""
    root = folder.resolve()
    for path in folder.rglob("*"):
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            raise ProjectError(told.is_link(address, path.relative_to(folder).as_posix()))


def _run(job: Job, folder: Path, *argv: str) -> Finished:
    try:
        return job.run_tool(["git", *argv], cwd=folder, env=_ENV, quiet=True, limit=_SECONDS)
    except TimeoutError as error:
        raise ComputerError(told.git_hangs(str(error))) from error


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

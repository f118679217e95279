"""What is told when a build template cannot be had, cannot be used, or wants more than it may."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from builder.problems import Fix, Problem

_WHERE = "--template, or tool.flet.template.url in pyproject.toml"
_FORMS = (
    "Name a folder, a zip file, the address of a zip file or of a git repository, or "
    "gh:owner/name. Without --template, Flet's own template is used."
)


def not_there(named: str) -> Problem:
    """What was named is neither on this computer nor an address."""
    return Problem(
        "template-not-found",
        f"There is no build template “{named}”",
        "It is no folder or file on this computer, and no address either.",
        _FORMS,
        where=_WHERE,
    )


def nothing_at(address: str, status: int, flet: str) -> Problem:
    """The server says that there is nothing; `flet` as for `not_reached`."""
    if flet:
        return Problem(
            "template-not-found",
            f"There is no build template of Flet {flet}",
            f"Flet's releases have none of that version (answer {status}).",
            "Ask for a version of Flet that was released, or name a template with --template.",
            where="the requirement of flet, or --template-ref",
        )
    return Problem(
        "template-not-found",
        "There is no build template at that address",
        f"{address} answers {status}: there is nothing.",
        "Check the address for a typing mistake.",
        where=_WHERE,
    )


def not_a_repository(address: str, said: str) -> Problem:
    """Git says that there is none, or not for this user."""
    return Problem(
        "template-not-found",
        "The build template cannot be had from that address",
        f"There is no git repository at {address}, or you may not read it. Git says: {said}",
        "Check the address. For one that is not public, make git on this computer sign in by "
        "itself, or fetch it yourself and name the folder.",
        where=_WHERE,
    )


def no_such_ref(ref: str, address: str) -> Problem:
    """The repository has no branch, tag or commit of that name."""
    return Problem(
        "template-ref-missing",
        f"The build template has no “{ref}”",
        f"There is no such branch, tag or commit at {address}.",
        "Check its name, or leave it out. A commit is named by its whole ID.",
        where="--template-ref, or tool.flet.template.ref in pyproject.toml",
    )


def not_reached(address: str, said: str, flet: str) -> Problem:
    """The network is in the way.

    `flet` is the version of Flet whose own template it is, "" for another one.
    """
    what = f"Flet {flet}" if flet else address
    return Problem(
        "template-not-reached",
        f"The build template of {what} could not be fetched",
        f"It is not on this computer yet, and {address} does not answer: {said}",
        "Check the network, then build again. Once fetched, it is kept. A copy of it can be named "
        "with --template.",
        where="" if flet else _WHERE,
    )


def git_hangs(said: str) -> Problem:
    """Git was given its time and did not end."""
    return Problem(
        "template-not-reached",
        "The build template could not be fetched",
        f"Git does not come to an end: {said}.",
        "Check the network, or fetch the template yourself and name its folder with --template.",
        where=_WHERE,
    )


def kept_used(address: str, why: str) -> Problem:
    """A warning: the network is in the way, and an earlier copy is there."""
    return Problem(
        "template-kept-used",
        "The build template could not be fetched anew; the one fetched before is used",
        why,
        f"If you need what is new at {address}, check the network and build again.",
        "warn",
        where=address,
    )


def broken_zip(address: str, said: str) -> Problem:
    """What was fetched or named cannot be unpacked."""
    return Problem(
        "template-broken",
        "The build template is a damaged zip file, or none",
        f"{address}: {said or 'it cannot be unpacked'}. It may have been cut short on its way.",
        "Get it again, or use another one.",
        where=_WHERE,
    )


def too_large(address: str, fetched: int, unpacked: int, files: int) -> Problem:
    """Limits for what is fetched and unpacked in bytes, and for the number of files."""
    return Problem(
        "template-too-large",
        "That is no build template: it is far too large",
        f"{address} has more than {fetched // 1_000_000} MB, or unpacks to more than "
        f"{unpacked // 1_000_000} MB or {files} files.",
        "Check the address or the file.",
        where=_WHERE,
    )


def leads_out(address: str, name: str) -> Problem:
    """A file of the archive would lie outside of its folder."""
    return Problem(
        "template-leads-outside",
        "The build template would write outside of its folder",
        f"{address} holds “{name}”. A template is not made like that by accident.",
        "Do not use it, unless you know who made it, and why.",
        where=_WHERE,
    )


def is_link(address: str, name: str) -> Problem:
    """A link in the template leads out of it."""
    return Problem(
        "template-leads-outside",
        "The build template holds a link to another place",
        f"“{name}” in {address} is a link, so that files from elsewhere would get into the app.",
        "Put the file itself in its place, or use another template.",
        where=_WHERE,
    )


def dir_outside(subfolder: str) -> Problem:
    """The folder within the template is none."""
    return Problem(
        "template-leads-outside",
        f"The folder “{subfolder}” is not inside of the template",
        "It is the folder within the template where cookiecutter.json lies.",
        "Name it relative to the template, such as `templates/build`, or leave it out.",
        where="--template-dir, or tool.flet.template.dir in pyproject.toml",
    )


def no_template(address: str, subfolder: str) -> Problem:
    """There is no `cookiecutter.json`."""
    place = f"its folder {PurePosixPath(subfolder)}" if subfolder else "it"
    return Problem(
        "template-is-none",
        "That is no build template",
        f"{address} was looked into, and {place} holds no cookiecutter.json, which every template "
        "has.",
        "Check that it is the right one. Where the template lies in a folder of it, name that "
        "folder with --template-dir.",
        where=_WHERE,
    )


def no_pubspec(address: str) -> Problem:
    """The template makes no Flutter project."""
    return Problem(
        "template-without-pubspec",
        "The build template makes no Flutter project",
        f"{address} holds no pubspec.yaml, which every Flutter project has.",
        "Use Flet's own build template, or one that was made from it.",
        where=_WHERE,
    )


def not_understood(address: str, said: str) -> Problem:
    """Its `cookiecutter.json` is none, or git cannot bring it out."""
    return Problem(
        "template-not-understood",
        "The build template cannot be read",
        f"{address}: {said}",
        "Use another template, or have whoever made it correct it.",
        where=_WHERE,
    )


def needs_code(names: list[str], address: str) -> Problem:
    """It loads code of its own, which nobody has allowed."""
    return Problem(
        "template-needs-its-code",
        "The build template works only with code of its own",
        f"It loads {', '.join(names)} from {address} into Slipway, with all that you may do on "
        "this computer.",
        "Look at it first. If you trust whoever made it, allow it.",
        where=_WHERE,
        fixes=(_allow(),),
    )


def hooks_not_run(address: str) -> Problem:
    """A warning: it has scripts of its own, which nobody has allowed."""
    return Problem(
        "template-hooks-not-run",
        "The build template has scripts of its own; they do not run",
        f"They come from {address}, and could do all that you may do on this computer. The app "
        "is built without them, and may lack what they do.",
        "Look at them first. If you trust whoever made them, allow them.",
        "warn",
        where=_WHERE,
        fixes=(_allow(),),
    )


def _allow() -> Fix:
    data: dict[str, Any] = {"argv": ["--yes"]}
    return Fix("allow-template-code", "Build with the template's own code", "run", data)

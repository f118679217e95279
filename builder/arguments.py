"""The command line: the commands and their options, named as in `flet build` 1.0.5.

The options of `build` and `plan` are made from the table of settings, and in no other way.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from builder import former
from builder.images.style import PLATFORMS
from builder.options import OPTIONS, RUN, Option
from builder.problems import Problem, ProjectError
from builder.targets import TARGETS

_WITH_BUILD = ("build", "plan")
# Attributes that are called otherwise than the setting.
_ATTRIBUTES = {"module": "module_name"}
# What else a build is told besides its settings.
_MORE = ("verbose", "backend", "assume_yes", "rehearse", "former")


class Parser(argparse.ArgumentParser):
    """Says what is wrong as a problem, instead of leaving the program."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**more, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        raise ProjectError(
            Problem(
                "bad-arguments",
                f"The command cannot be understood: {message}",
                do=f"`{self.prog} --help` lists what can be said.",
            )
        )


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read a command line. Raises ProjectError when it is wrong; `--help` ends the program.

    What stands after `--` goes to `flutter build`, after what `--flutter-build-args` gives.
    """
    parser = _parser()
    ours, after = _divided(argv)
    args, strange = parser.parse_known_args(ours)
    if strange:
        parser.error(_not_known(strange))
    if after and args.command not in _WITH_BUILD:
        parser.error("only build and plan hand on what stands after --")
    if after:
        args.build_args = [*args.build_args, *after]
    return args


def settings_of(args: argparse.Namespace) -> dict[str, Any]:
    """The settings that the command line gives, under the names that `settings.resolve` knows."""
    given = {
        option.name: getattr(args, _ATTRIBUTES.get(option.name, option.name))
        for option in OPTIONS
        if option.flag or option.off_flag
    }
    given |= {name: getattr(args, name) for name in _MORE}
    return {name: v for name, v in given.items() if v not in (None, [], "", 0) or v is False}


def secrets_of(args: argparse.Namespace) -> list[str]:
    """The passwords that the command line gives, which must be seen nowhere."""
    values = (getattr(args, option.name, None) for option in OPTIONS if option.kind == "secret")
    return [value for value in values if value]


def repeatable(argv: Sequence[str]) -> list[str]:
    """A command line as it may be shown and run again, with more options behind it.

    Without passwords, and with what stands after `--` in its options.
    """
    ours, after = _divided(argv)
    secret = {option.flag for option in OPTIONS if option.kind == "secret"}
    kept: list[str] = []
    is_value = False
    for word in ours:
        flag, equals, _ = word.partition("=")
        if not is_value and flag not in secret:
            kept.append(word)
        is_value = flag in secret and not equals
    return [*kept, *(f"--flutter-build-args={word}" for word in after)]


def _divided(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is for us, and what stands after the first `--`."""
    words = list(argv)
    if "--" not in words:
        return words, []
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _not_known(strange: Sequence[str]) -> str:
    """Which options there are not, without their values: a password may be among them."""
    flags = [word.partition("=")[0] for word in strange if word.startswith("-")]
    if not flags:
        return f"“{' '.join(strange)}” is too much"
    known = [flag for option in (*OPTIONS, *RUN) for flag in (option.flag, option.off_flag) if flag]
    near = difflib.get_close_matches(flags[0], known, 1, 0.7)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"there is no option {' '.join(flags)}{meant}"


def _parser() -> Parser:
    parser = Parser(prog="python -m builder", description="Turns a Python project into an app.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    build = commands.add_parser("build", help="build a project for a target")
    _add_project(build)
    build.set_defaults(json=False)
    plan = commands.add_parser("plan", help="say what a build would do, and do nothing")
    _add_project(plan)
    plan.add_argument("--json", action="store_true", help="one JSON document")
    matrix = commands.add_parser("matrix", help="which targets this computer can build")
    matrix.add_argument("--json", action="store_true", help="one JSON document")
    serve = commands.add_parser("serve", help="try a finished web site on this computer")
    serve.add_argument("folder", help="the folder of the site")
    serve.add_argument("--port", type=int, default=0, help="a free one unless told")
    serve.add_argument("--base-url", default="", help="where the site was built for")
    _add_preview(commands.add_parser("preview", help="how icons and splash screens will look"))
    _add_settings(commands.add_parser("settings", help="every setting of a build"))
    return parser


def _add_preview(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", metavar="PROJECT", help="the folder of the project")
    add("--platform", choices=PLATFORMS, help="only this one")
    add("-o", "--output", metavar="FILE.png", help="default: PROJECT/dist/preview.png")
    add("--events", action="store_true", help="speak JSON, one event a line")
    add("--json", action="store_true", help="one JSON document")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document")
    form.add_argument("--markdown", action="store_true", help="as SETTINGS.md has it")


def _add_project(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("target", type=str.lower, choices=sorted(TARGETS), help="what to build")
    add("folder", metavar="PROJECT", help="the folder of the project")
    add("--events", action="store_true", help="speak JSON, one event a line")
    add(
        "-v", "--verbose", action="count", default=0,
        help="show what the tools say; -vv makes them say more",
    )  # fmt: skip
    for option in (*RUN, *OPTIONS):
        if option.flag or option.off_flag:
            parser.add_argument(*_spellings(option), **_manner(option))
    _add_former(parser)


def _spellings(option: Option) -> Iterator[str]:
    """The words for an option; one that can be switched both ways adds `--no-…` by itself."""
    if option.name == "output":
        yield "-o"
    yield option.flag or option.off_flag


def _manner(option: Option) -> dict[str, Any]:
    """How argparse reads an option; nothing given is None, or [] for what may come many times."""
    manner: dict[str, Any] = {
        "dest": _ATTRIBUTES.get(option.name, option.name),
        "help": _help(option),
        "default": None,
    }
    if option.name == "build_args":
        return {**manner, "action": _HandedOn, "nargs": "*", "default": [], "metavar": "ARGUMENT"}
    if option.kind == "flag" and option.flag and option.off_flag:
        return {**manner, "action": argparse.BooleanOptionalAction}
    if option.kind == "flag":
        return {**manner, "action": "store_true" if option.flag else "store_false"}
    if option.choices and option.name != "target_arch":
        was = [former.FORMER_RENDERER] if option.name == "web_renderer" else []
        manner |= {"type": str.lower, "choices": [*option.choices, *was]}
    if option.kind in ("texts", "pairs"):
        manner |= {"action": "extend", "nargs": "+", "default": []}
    if option.kind == "pairs":
        return {**manner, "metavar": "NAME=VALUE"}
    return manner if option.choices else {**manner, "metavar": "VALUE"}


def _help(option: Option) -> str:
    """What it is for, as argparse wants it: a percent sign means something there."""
    meaning = re.sub(r"[.]$", "", option.meaning)
    default = f" (default: {option.default})" if option.default else ""
    return f"{meaning}{default}".replace("%", "%%")


class _HandedOn(argparse.Action):
    """Collects the words for another program, however often they are given."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        if not values:
            parser.error(
                f"{option_string} needs a word to hand on; one that begins with a dash is given "
                f"as `{option_string}=--obfuscate`, or after `--`"
            )
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), *values])


def _add_former(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(former=[])
    nargs: dict[str, int | str] = {"nothing": 0, "one": 1, "many": "+"}
    for option in former.FLAGS:
        parser.add_argument(
            option.flag, dest=option.now or "former", action=_Former, nargs=nargs[option.takes],
            help=argparse.SUPPRESS, default=argparse.SUPPRESS,
        )  # fmt: skip


class _Former(argparse.Action):
    """Remembers that a former option was used, and sets what it is called now."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        namespace.former = [*namespace.former, *self.option_strings]
        if self.dest != "former":
            setattr(namespace, self.dest, values[0] if values else True)

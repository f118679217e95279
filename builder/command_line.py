"""The parsers of the command line, their help, and what is said about a line that is wrong.

The options of `build` and `plan` are made from the table of settings, and in no other way.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

from builder import former
from builder.images.style import PLATFORMS as WITH_PICTURES
from builder.options import GROUPS, OPTIONS, PLATFORMS, RUN, Group, Option
from builder.problems import Problem, ProjectError
from builder.targets import TARGETS

_PROGRAM = "python -m builder"
# Attributes that are called otherwise than the setting.
_ATTRIBUTES = {"module": "module_name"}


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Read the words of a command line; none at all ask for help, and `--help` ends the program.

    Raises ProjectError when it is wrong.
    """
    if words and not words[0].startswith("-") and words[0] not in _ABOUT:
        near = difflib.get_close_matches(words[0], _ABOUT, 1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(_ABOUT)}"
        raise mistake(f"there is no command “{words[0]}”; {meant}")
    args, strange = parser().parse_known_args(words or ["--help"])
    if strange:
        raise mistake(_not_known(strange), args.command)
    return args


def attribute(option: Option) -> str:
    """What holds the value of an option when the line is read."""
    return _ATTRIBUTES.get(option.name, option.name)


# ---- What is said about a line that is wrong ---------------------------------------------------


def mistake(what: str, command: str = "", do: str = "") -> ProjectError:
    """The problem of a line that says `what`, as the end of a sentence, to be raised."""
    program = f"{_PROGRAM} {command}".rstrip()
    return ProjectError(
        Problem(
            "bad-arguments",
            f"The command cannot be understood: {what}",
            do=do or f"`{program} --help` lists what can be said.",
        )
    )


class Parser(argparse.ArgumentParser):
    """Says what is wrong as a problem, instead of leaving the program."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**more, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        command = self.prog.removeprefix(_PROGRAM).strip()
        if message.startswith("the following arguments are required: "):
            _, _, names = message.partition(": ")
            raise _lacks(command, names.split(", "))
        raise mistake(message.removeprefix("argument "), command)


def _lacks(command: str, names: Sequence[str]) -> ProjectError:
    """Of a line without what every such line has. Options in between may have taken it."""
    if not command:
        return mistake(f"it begins with no command; there are {', '.join(_ABOUT)}")
    words = {
        "TARGET": "what to build",
        "PROJECT": "where the project is",
        "FOLDER": "where the site is",
    }
    what = " and ".join(words.get(name, name) for name in names)
    target = " apk" if command in ("build", "plan") else ""
    example = f"`{_PROGRAM} {command}{target} my-app`"
    return mistake(
        f"it does not say {what}",
        command,
        f"Write it right behind “{command}”, before any options: {example}, for example. "
        f"`{_PROGRAM} {command} --help` lists what can be said.",
    )


def _not_known(strange: Sequence[str]) -> str:
    """Which options there are not, without their values: a password may be among them."""
    flags = [word.partition("=")[0] for word in strange if word.startswith("-")]
    if not flags:
        return f"“{' '.join(strange)}” is too much"
    known = [flag for option in (*OPTIONS, *RUN) for flag in (option.flag, option.off_flag) if flag]
    near = difflib.get_close_matches(flags[0], known, 1, 0.7)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"there is no option {' '.join(flags)}{meant}"


# Names of systems and things that people try for a target.
_MEANT = {
    "android": "apk", "ios": "ipa", "iphone": "ipa", "ipad": "ipa", "mac": "macos",
    "osx": "macos", "darwin": "macos", "win": "windows", "exe": "windows", "site": "web",
    "html": "web", "pwa": "web",
}  # fmt: skip


def _one_of(choices: Sequence[str], was: str = "") -> Callable[[str], str]:
    """Reads one of the choices, in any case of letters; or what `was` one."""

    def read(text: str) -> str:
        value = text.lower()
        if value in choices or (was and value == was):
            return value
        meant_by_name = [_MEANT[value]] if _MEANT.get(value) in choices else []
        near = meant_by_name or difflib.get_close_matches(value, choices, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        raise argparse.ArgumentTypeError(
            f"there is no “{text}”. {meant}There are: {', '.join(choices)}"
        )

    return read


def _folder(text: str) -> str:
    """The name of a folder; an empty one would be the folder that one happens to be in."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the name of the folder is empty")
    return text


# ---- The commands ------------------------------------------------------------------------------

_ABOUT = {
    "build": "build a project for a target",
    "plan": "say what a build would do, and do nothing",
    "matrix": "which targets this computer can build",
    "serve": "try a finished web site on this computer",
    "preview": "how icons and splash screens will look",
    "settings": "every setting of a build",
    "menu": "whether an app is in the menu of this Linux desktop, and put it there",
}

_EXAMPLES = f"""\
for example:
  {_PROGRAM} matrix              which targets this computer can build
  {_PROGRAM} build web my-app    make a web site of the project in the folder my-app
  {_PROGRAM} plan apk my-app     what it would take to make an Android app of it
"""


def parser() -> Parser:
    """The parser of all commands."""
    top = Parser(
        prog=_PROGRAM,
        description="Turns a Python project into an app.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=Parser, title="commands"
    )
    add = {
        name: commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        for name, text in _ABOUT.items()
    }
    for name in ("build", "plan"):
        add[name].usage = f"{_PROGRAM} {name} TARGET PROJECT [options] [-- words for flutter build]"
        _add_project(add[name])
    add["build"].set_defaults(json=False)
    _add_json(add["plan"])
    _add_json(add["matrix"])
    _add_serve(add["serve"])
    _add_preview(add["preview"])
    _add_settings(add["settings"])
    _add_menu(add["menu"])
    return top


def _add_json(parser: argparse.ArgumentParser | argparse._MutuallyExclusiveGroup) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON document")


def _add_events(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--events", action="store_true", help="speak JSON, one event a line")


def _add_serve(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", metavar="FOLDER", type=_folder, help="the folder of the site")
    add("--port", type=int, default=0, help="a free one unless told")
    add("--base-url", default="", help="where the site was built for")


def _add_preview(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", metavar="PROJECT", type=_folder, help="the folder of the project")
    add("--platform", choices=WITH_PICTURES, help="only this one")
    add("-o", "--output", metavar="FILE.png", help="default: PROJECT/dist/preview.png")
    _add_events(parser)
    _add_json(parser)


def _add_menu(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", metavar="PROGRAM", help="the program that was built")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--add", action="store_true", help="put it into the menu")
    what.add_argument("--remove", action="store_true", help="take it out of the menu")
    _add_json(parser)


def _add_settings(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    _add_json(form)
    form.add_argument("--markdown", action="store_true", help="as SETTINGS.md has it")


def _add_project(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    names = ", ".join(TARGETS)
    add("target", metavar="TARGET", type=_one_of(tuple(TARGETS)), help=f"what to build: {names}")
    add("folder", metavar="PROJECT", type=_folder, help="the folder of the project")
    _add_events(parser)
    add(
        "-v", "--verbose", action="count", default=0,
        help="show what the tools say; -vv makes them say more",
    )  # fmt: skip
    groups: list[Group] = sorted(GROUPS, key=lambda group: group != "run")  # how it runs, first
    for group in groups:
        _add_group(parser, GROUPS[group], [o for o in (*RUN, *OPTIONS) if o.group == group])
    _add_former(parser)


def _add_group(parser: argparse.ArgumentParser, title: str, options: Sequence[Option]) -> None:
    section = parser.add_argument_group(title)
    for option in options:
        if option.flag or option.off_flag:
            section.add_argument(*_spellings(option), **_manner(option))


# ---- The options of a build --------------------------------------------------------------------


def _spellings(option: Option) -> Iterator[str]:
    """The words for an option; one that can be switched both ways adds `--no-…` by itself."""
    if option.name == "output":
        yield "-o"
    yield option.flag or option.off_flag


def _manner(option: Option) -> dict[str, Any]:
    """How argparse reads an option; nothing given is None, or [] for what may come many times."""
    manner: dict[str, Any] = {"dest": attribute(option), "help": _help(option), "default": None}
    if option.name == "build_args":
        return {**manner, "action": _HandedOn, "nargs": "*", "default": [], "metavar": "WORD"}
    if option.kind == "flag" and option.flag and option.off_flag:
        return {**manner, "action": argparse.BooleanOptionalAction}
    if option.kind == "flag":
        return {**manner, "action": "store_true" if option.flag else "store_false"}
    if option.choices and option.name != "target_arch":  # whose choices differ by target
        was = former.FORMER_RENDERER if option.name == "web_renderer" else ""
        manner["type"] = _one_of(option.choices, was)
    if option.kind in ("texts", "pairs"):
        manner |= {"action": "extend", "nargs": "+", "default": []}
    return {**manner, "metavar": _METAVARS.get(option.kind, "TEXT")}


_METAVARS = {
    "number": "NUMBER", "choice": "CHOICE", "pairs": "NAME=VALUE", "colour": "COLOUR",
    "path": "PATH", "secret": "PASSWORD",
}  # fmt: skip


# Whose titles say already for which targets their options are.
_OF_ONE_SYSTEM = ("web", "android", "apple", "ios", "macos", "linux", "desktop", "signing")


def _help(option: Option) -> str:
    """What it is for, as argparse wants it: a percent sign means something there."""
    said = [re.sub(r"[.]$", "", option.meaning)]
    if option.kind == "flag" and not option.flag:
        said = [f"Switches this off: {said[0][0].lower()}{said[0][1:]}"]
    if option.choices:
        said.append(f". {'Any' if option.kind == 'texts' else 'One'} of: ")
        said.append(", ".join(option.choices))
    if option.default and option.default != "off" and option.flag:
        said.append(f" (default: {option.default})")
    if option.env:
        said.append(f" (or the variable {option.env})")
    if option.platforms and option.group not in _OF_ONE_SYSTEM:
        said.append(f" [{', '.join(PLATFORMS[name] for name in option.platforms)}]")
    return "".join(said).replace("%", "%%")


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

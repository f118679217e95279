"""The command line: the commands and their options, named as in `flet build` 1.0.5."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from builder.images.style import PLATFORMS
from builder.problems import Problem, ProjectError
from builder.targets import TARGETS

SETTINGS = (
    "product", "project", "description", "org", "bundle_id", "company", "copyright",
    "build_number", "build_version", "python_version", "base_url", "route_url_strategy",
    "web_renderer", "pwa_short_name", "pwa_theme_color", "pwa_background_color", "exclude",
    "include", "default_excludes", "adaptive_icon_background", "splash_color",
    "splash_dark_color", "splash_android", "splash_ios", "splash_web", "shrink_images",
)  # fmt: skip
"""The options that are settings of the same name; `module_name` is the setting `module`."""


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
    """Read a command line. Raises ProjectError when it is wrong; `--help` ends the program."""
    return _parser().parse_args(list(argv))


def settings_of(args: argparse.Namespace) -> dict[str, Any]:
    """The settings that the command line gives, under the names that `settings.resolve` knows."""
    given = {name: getattr(args, name) for name in SETTINGS}
    given["module"] = args.module_name
    return {name: value for name, value in given.items() if value not in (None, [], "")}


def _parser() -> Parser:
    parser = Parser(prog="python -m builder", description="Turns a Python project into an app.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=Parser)
    build = commands.add_parser("build", help="build a project for a target")
    _add_project(build)
    build.add_argument("-v", "--verbose", action="store_true", help="show what the tools say")
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
    return parser


def _add_preview(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("folder", metavar="PROJECT", help="the folder of the project")
    add("--platform", choices=PLATFORMS, help="only this one")
    add("-o", "--output", metavar="FILE.png", help="default: PROJECT/dist/preview.png")
    add("--events", action="store_true", help="speak JSON, one event a line")
    add("--json", action="store_true", help="one JSON document")


def _add_project(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("target", choices=sorted(TARGETS), help="what to build")
    add("folder", metavar="PROJECT", help="the folder of the project")
    add("-o", "--output", help="where the result goes (default: PROJECT/dist/TARGET)")
    add("--work-dir", help="where the work is done (default: in the user's cache)")
    add("--events", action="store_true", help="speak JSON, one event a line")
    add("--backend", choices=["flutter", "prebuilt", "pyinstaller"], help="the way to build it")
    _add_packing(parser)
    _add_identity(parser)
    _add_web(parser)
    _add_pictures(parser)


def _add_packing(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--python-version", help="the Python to pack, such as 3.14")
    add("--module-name", help="where the app starts (default: main)")
    add("--exclude", action="extend", nargs="+", default=[], help="paths to leave out")
    add("--include", action="extend", nargs="+", default=[], help="paths to pack all the same")
    add(
        "--no-default-excludes", dest="default_excludes", action="store_false", default=None,
        help="also pack hidden files and virtual environments",
    )  # fmt: skip


def _add_identity(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--project", help="the project's name for machines")
    add("--product", help="the app's name for people")
    add("--description", help="what it is, in a sentence")
    add("--org", help="the organisation in reverse, such as com.example")
    add("--bundle-id", help="the app's identity, such as com.example.app")
    add("--company", help="who makes it")
    add("--copyright", help="the copyright line")
    add("--build-number", help="a whole number that grows with each release")
    add("--build-version", help="the version for people, such as 1.2.3")


def _add_web(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--base-url", help="the path that the site will have, such as /app/")
    add("--route-url-strategy", type=str.lower, choices=["path", "hash"], help="how links look")
    add(
        "--web-renderer", type=str.lower, choices=["auto", "canvaskit", "skwasm"],
        help="how the client draws",
    )  # fmt: skip
    add("--pwa-short-name", help="the name below the icon")
    add("--pwa-theme-color", help="the colour of the window")
    add("--pwa-background-color", help="the colour while it loads")


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--android-adaptive-icon-background", dest="adaptive_icon_background",
        help="the colour behind Android's icon",
    )  # fmt: skip
    add(
        "--shrink-images", action="store_true", default=None,
        help="smaller icon files, for a release: takes seconds",
    )  # fmt: skip
    add("--splash-color", help="the colour of the splash screen")
    add("--splash-dark-color", help="the same where people have chosen dark")
    for platform, name in (("web", "a site"), ("ios", "iOS"), ("android", "Android")):
        add(
            f"--no-{platform}-splash", dest=f"splash_{platform}", action="store_false",
            default=None, help=f"no splash screen on {name}",
        )  # fmt: skip

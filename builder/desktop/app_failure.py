"""Reads from what an app said why it could not be shown, where that has a common cause.

What works at home and nowhere else: a variable of the author's own computer, a database that was
made by hand, a package that the project does not name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from builder import pyproject
from builder.flask import dotenv
from builder.pipeline import Build
from builder.problems import Fix, Problem
from builder.requirements_txt import NAME as REQUIREMENTS_TXT

_LAST_LINES = 20
_DEPENDENCIES = "project.dependencies"

# The last one counts, as the app may have got over those before. The first is the traceback of
# `os.environ[…]`, the others are what well-known packages for settings say.
_VARIABLE = re.compile(
    r"""File\ "(?:<frozen\ os>|(?:.*[\\/])?os\.py)",\ line\ \d+,\ in\ __getitem__\n
        (?:\ {4}.*\n)* KeyError:\ '(\w+)'
    |   UndefinedValueError:\ (\w+)\ not\ found
    |   EnvError:\ Environment\ variable\ "(\w+)"\ not\ set
    """,
    re.VERBOSE,
)
_TABLE = re.compile(r"no such table: ([\w.]+)")
_SOCKETS = "ValueError: Invalid async_mode specified"

# Modules whose package has another name on the index; all others are tried under their own.
_PACKAGES = {
    "PIL": "pillow", "cv2": "opencv-python-headless", "yaml": "pyyaml", "bs4": "beautifulsoup4",
    "sklearn": "scikit-learn", "skimage": "scikit-image", "dotenv": "python-dotenv",
    "dateutil": "python-dateutil", "jwt": "pyjwt", "MySQLdb": "mysqlclient", "git": "gitpython",
    "psycopg2": "psycopg2-binary", "serial": "pyserial", "usb": "pyusb", "docx": "python-docx",
    "pptx": "python-pptx", "fitz": "pymupdf", "Crypto": "pycryptodome", "magic": "python-magic",
    "decouple": "python-decouple", "slugify": "python-slugify", "telegram": "python-telegram-bot",
    "flask_bootstrap": "bootstrap-flask", "flask_security": "flask-security-too",
    "flask_uploads": "flask-reuploaded", "attr": "attrs", "pkg_resources": "setuptools<81",
}  # fmt: skip


def of(build: Build, said: Sequence[str]) -> Problem | None:
    """The problem that an app's words tell of; None for what nobody foresaw."""
    text, evidence = "\n".join(said), tuple(said[-_LAST_LINES:])
    if found := _VARIABLE.findall(text):
        return _variable_missing(build, "".join(found[-1]), evidence)
    if found := _TABLE.findall(text):
        return _table_missing(found[-1], evidence)
    if _SOCKETS in text:
        return _other_server(evidence)
    return None


def package_missing(
    build: Build, installed: Path, module: str, said: Sequence[str]
) -> Problem | None:
    """A module that no package of the project holds; `installed` is the folder of its packages.

    None for one that is there, or comes with Python: it was only not packed.
    """
    top = module.partition(".")[0]
    own = build.project.app_folder
    places = (own / top, own / f"{top}.py", installed / top, *installed.glob(f"{top}.*"))
    is_there = top in sys.stdlib_module_names or any(place.exists() for place in places)
    if is_there or not installed.is_dir():
        return None
    package = _PACKAGES.get(top, top.replace("_", "-"))
    named, fix = _place_to_add(build, package)
    return Problem(
        "trial-package-missing",
        f"The app imports “{module}”, which no package of its list holds",
        "On your computer the package may be installed all the same. The packed app has those of "
        f"the list alone: {named}.",
        f"Add “{package}” to the list, and build again."
        + ("" if top in _PACKAGES else " Some packages have another name than what is imported."),
        evidence=tuple(said[-_LAST_LINES:]),
        fixes=(fix,),
    )


def _place_to_add(build: Build, package: str) -> tuple[str, Fix]:
    """Where the project lists its packages, and the click that adds one."""
    project = build.project
    list_of_pip = project.folder / REQUIREMENTS_TXT
    listed = pyproject.get(project.pyproject, _DEPENDENCIES)
    if not listed and list_of_pip.is_file():
        show = Fix("show-list", f"Open {REQUIREMENTS_TXT}", "open", {"path": str(list_of_pip)})
        return REQUIREMENTS_TXT, show
    before = listed if isinstance(listed, list) else [need.text for need in project.requirements]
    add = Fix("add-package", f"Add “{package}”", "set", {_DEPENDENCIES: [*before, package]})
    return f"{_DEPENDENCIES} in {pyproject.NAME}", add


def _variable_missing(build: Build, name: str, evidence: tuple[str, ...]) -> Problem:
    project = build.project
    fixes: tuple[Fix, ...] = ()
    is_in_file = name in dotenv.read(project.app_folder / ".env")
    is_packed = any(file.path == ".env" for file in project.selection.files)
    why = "It is set on your computer. Whoever gets the app has no such variable."
    do = f'Let the code do without it, for example os.environ.get("{name}", "…").'
    if is_in_file and not is_packed:
        key = "tool.flet.app.include"
        before = pyproject.get(project.pyproject, key)
        value = [*(before if isinstance(before, list) else []), ".env"]
        fixes = (Fix("include-env", "Pack .env", "set", {key: value}),)
        why = "It stands in .env, which is not packed: such files often hold passwords."
        do += " Or pack .env, if everyone who gets the app may read what stands in it."
    return Problem(
        "trial-variable-missing",
        f"The app needs the variable “{name}”, which only your computer has",
        why,
        do,
        evidence=evidence,
        fixes=fixes,
    )


def _table_missing(name: str, evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "trial-table-missing",
        f"The app's database has no table “{name}” yet",
        "On your computer a command made it, such as “flask init-db” or “flask db upgrade”. "
        "Whoever gets the app gives no commands.",
        "Let the app make its tables when it starts: call there what the command calls, or "
        "db.create_all(). Or make the database in the project's folder, so that it is packed as a "
        "start for everyone.",
        evidence=evidence,
    )


def _other_server(evidence: tuple[str, ...]) -> Problem:
    return Problem(
        "trial-other-server",
        "Flask-SocketIO asks for a server that a packed app does not have",
        "The code names eventlet or gevent as its async_mode; the app is served by Waitress, with "
        "threads.",
        'Write SocketIO(app, async_mode="threading"), or leave async_mode out.',
        evidence=evidence,
    )

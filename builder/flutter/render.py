"""Renders a cookiecutter template into an empty folder; runs as a process of its own.

So a template that hangs can be killed, and what it imports or breaks is not ours. It loads, and
reads a line from its stdin then: the path of a request, a JSON object:

- `template`: the folder with `cookiecutter.json`; `into`: an empty folder for the project
- `context`: what fills the template; what it does not name is passed over, as cookiecutter does
- `place`, `checkout`: what the template is told of the folder that it is rendered into, and of the
  branch, tag or commit that it is of
- `may_run_code`: whether its hooks run, and its own Python extensions are loaded
- `answer`: the file for the answer, a JSON object: `{"root": name of the folder below `into`}`, or
  `{"error": {"kind", "message", "file", "line"}}` with the place in the template, if any

The rules are cookiecutter's, and its own code applies them, but for the walk over the files. Ours
knows the line of an error, never writes outside of `into`, and copies what holds no expression,
which is most files; cookiecutter compiles each and guesses each one's encoding. A setting of the
user is text to us, whatever it holds; cookiecutter renders it once more, and stumbles over `{{`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from binaryornot.check import is_binary  # type: ignore[import-untyped]
from cookiecutter import hooks  # type: ignore[import-untyped]
from cookiecutter.environment import ExtensionLoaderMixin, StrictEnvironment  # type: ignore[import-untyped]
from cookiecutter.exceptions import (  # type: ignore[import-untyped]
    CookiecutterException,
    FailedHookException,
)
from cookiecutter.find import find_template  # type: ignore[import-untyped]
from cookiecutter.generate import generate_context, is_copy_only_path  # type: ignore[import-untyped]
from cookiecutter.prompt import choose_nested_template, render_variable  # type: ignore[import-untyped]
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.sandbox import SandboxedEnvironment

_CONFIG = "cookiecutter.json"
_EXPRESSIONS = (b"{{", b"{%", b"{#")
_MOST_NESTED = 10
_HEAD = 1024  # bytes that cookiecutter looks at
_TEXT = re.compile(rb"[\t\n\r\x20-\x7e]*")


class Refused(Exception):
    """The template cannot be rendered; `kind` is what `template_problem` tells in words."""

    def __init__(self, kind: str, message: str = "", file: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.answer = {"kind": kind, "message": message, "file": file, "line": line}


class _Sandbox(ExtensionLoaderMixin, SandboxedEnvironment):  # type: ignore[misc]
    """An environment whose expressions reach nothing but the values of the context."""

    def __init__(self, **more: Any) -> None:
        super().__init__(undefined=StrictUndefined, **more)


def main(request_file: str) -> None:
    """Do what a request asks, and write its answer."""
    request = json.loads(Path(request_file).read_text("utf-8"))
    try:
        answer: dict[str, Any] = {"root": render(request)}
    except Refused as refused:
        answer = {"error": refused.answer}
    Path(request["answer"]).write_text(json.dumps(answer), "utf-8")


def render(request: Mapping[str, Any]) -> str:
    """Render the template; the name of the project's folder below `into`. Raises Refused."""
    folder, may_run_code = Path(request["template"]), bool(request["may_run_code"])
    if may_run_code:
        folder = _after_first_hook(folder)
        sys.path.append(str(folder))
    folder, context = _context(folder, request, may_run_code)
    template = _template(folder, context, may_run_code)
    root = _root(template, context, may_run_code)
    project = Path(request["into"]) / root
    project.mkdir()
    if may_run_code:
        _run_hook(folder, "pre_gen_project", project, context)
    os.chdir(template)
    environment = _environment(context, may_run_code)
    environment.loader = FileSystemLoader([".", "../templates"])
    _Project(project, context, environment).write()
    if may_run_code:
        _run_hook(folder, "post_gen_project", project, context)
    return root


# ---- What fills the template -----------------------------------------------------------------


def _context(
    folder: Path, request: Mapping[str, Any], may_run_code: bool
) -> tuple[Path, dict[str, Any]]:
    """The folder that is rendered, a template may hold several, and the values for it."""
    given = request["context"]
    for _ in range(_MOST_NESTED):
        context = _declared(folder, given)
        if not {"template", "templates"} & set(context["cookiecutter"]):
            break
        folder = _nested(context, folder)
    context["_cookiecutter"] = {
        name: value for name, value in context["cookiecutter"].items() if name[:1] != "_"
    }
    values = _values(context, given, _environment(context, may_run_code))
    values |= {
        "_template": request["template"],
        "_output_dir": request["place"],
        "_repo_dir": str(folder),
        "_checkout": request["checkout"] or None,
    }
    return folder, {**context, "cookiecutter": values}


def _declared(folder: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """The names of `cookiecutter.json` with their values, those that were given taken over."""
    try:
        context = generate_context(str(folder / _CONFIG), extra_context=dict(given))
    except OSError as error:
        raise Refused("no-config", str(error), _CONFIG) from error
    except (CookiecutterException, ValueError) as error:
        raise Refused("config", str(error), _CONFIG) from error
    if not isinstance(context["cookiecutter"], dict):
        raise Refused("config", "it holds no JSON object", _CONFIG)
    return dict(context)


def _nested(context: dict[str, Any], folder: Path) -> Path:
    """The first of the templates in one, which is what nobody's choice comes to."""
    try:
        chosen = Path(choose_nested_template(context, str(folder), no_input=True))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Refused("config", str(error), _CONFIG) from error
    if not chosen.is_relative_to(folder.resolve()):
        raise Refused("outside", str(chosen), _CONFIG)
    return chosen


def _values(
    context: Mapping[str, Any], given: Mapping[str, Any], environment: Environment
) -> dict[str, Any]:
    """Every value, in the order of cookiecutter: tables last, as they may use the others."""
    declared = context["cookiecutter"]
    values: dict[str, Any] = {}  # what an expression sees: only what stands before it
    tables = [n for n, raw in declared.items() if isinstance(raw, dict) and not _is_private(n)]
    for name, raw in declared.items():
        if _is_private(name):
            values[name] = raw
        elif name not in tables and name != "__prompts__":
            first = raw[0] if isinstance(raw, list) and raw else raw
            values[name] = _value(name, first, given, values, environment)
    for name in tables:
        values[name] = _value(name, declared[name], given, values, environment)
    return {name: values[name] for name in declared if name in values}


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _value(
    name: str,
    raw: Any,
    given: Mapping[str, Any],
    values: dict[str, Any],
    environment: Environment,
) -> Any:
    if name in given:
        return _as_text(raw)
    try:
        return render_variable(environment, raw, values)
    except Exception as error:  # an expression of others may raise anything
        raise Refused(_kind(error), f"{name}: {error}", _CONFIG) from error


def _as_text(raw: Any) -> Any:
    """A value in the types that cookiecutter makes of it, but never read as an expression."""
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, dict):
        return {_as_text(name): _as_text(value) for name, value in raw.items()}
    if isinstance(raw, list):
        return [_as_text(value) for value in raw]
    return re.sub(r"\r\n|\r", "\n", str(raw))


def _environment(context: Mapping[str, Any], may_run_code: bool) -> Environment:
    kind = StrictEnvironment if may_run_code else _Sandbox
    more = context["cookiecutter"].get("_jinja2_env_vars", {})
    try:
        return kind(context=dict(context), keep_trailing_newline=True, **more)
    except Exception as error:  # it imports what the template names, which may raise anything
        raise Refused("extension", f"{type(error).__name__}: {error}", _CONFIG) from error


# ---- Hooks -----------------------------------------------------------------------------------


def _after_first_hook(folder: Path) -> Path:
    """The folder after the hook that may change the template, of which it gets a copy."""
    try:
        return Path(hooks.run_pre_prompt_hook(folder))
    except FailedHookException as error:
        raise Refused("hook", str(error), "hooks/pre_prompt") from error


def _run_hook(folder: Path, name: str, project: Path, context: dict[str, Any]) -> None:
    try:
        hooks.run_hook_from_repo_dir(folder, name, project, context, False)
    except Exception as error:  # it is rendered first, which may raise anything
        raise Refused("hook", str(error), f"hooks/{name}") from error


# ---- The files -------------------------------------------------------------------------------


def _template(folder: Path, context: dict[str, Any], may_run_code: bool) -> Path:
    """The folder in the template that becomes the project."""
    try:
        return Path(find_template(folder, _environment(context, may_run_code)))
    except CookiecutterException as error:
        raise Refused("no-project", "", folder.name) from error


def _root(template: Path, context: dict[str, Any], may_run_code: bool) -> str:
    root = _rendered(_environment(context, may_run_code), template.name, context)
    if root in ("", ".", "..") or _leads_outside(root) or "/" in root:
        raise Refused("outside", root, template.name)
    return root


class _Project:
    """Writes the files of the template at hand, the current folder, into a project."""

    def __init__(self, project: Path, context: dict[str, Any], environment: Environment) -> None:
        self._project = project
        self._context = context
        self._environment = environment
        self._copies = _is_plain(environment) and not context["cookiecutter"].get("_new_lines")

    def write(self) -> None:
        """Write them all, in the order of their names."""
        for folder, folders, files in os.walk("."):
            inner = os.path.normpath(folder)
            copied = [name for name in sorted(folders) if self._is_copied(inner, name)]
            for name in copied:
                path = os.path.join(inner, name)  # noqa: PTH118 - patterns are held against text
                shutil.copytree(path, self._target(path), dirs_exist_ok=True)
            folders[:] = sorted(set(folders) - set(copied))
            for name in folders:
                self._target(str(Path(inner, name))).mkdir(parents=True, exist_ok=True)
            for name in sorted(files):
                self._write_file(Path(inner, name))

    def _is_copied(self, folder: str, name: str) -> bool:
        return bool(is_copy_only_path(str(Path(folder, name)), self._context))

    def _target(self, path: str) -> Path:
        """Where a file or folder of the template goes; its name may be an expression."""
        name = _rendered(self._environment, path, self._context, path)
        if _leads_outside(name):
            raise Refused("outside", name, path)
        return self._project / name

    def _write_file(self, source: Path) -> None:
        target = self._target(str(source))
        if target.is_dir():  # its name came out empty: that is how a template leaves a file out
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if is_copy_only_path(str(source), self._context) or self._is_copy(source):
            shutil.copyfile(source, target)
        else:
            with target.open("w", encoding="utf-8", newline=self._newline(source)) as file:
                file.write(self._text(source))
        shutil.copymode(source, target)

    def _is_copy(self, source: Path) -> bool:
        """Whether rendering would change nothing, or the file is no text."""
        content = source.read_bytes()
        if self._copies and not any(mark in content for mark in _EXPRESSIONS):
            ends = content.count(b"\r\n")
            if content.count(b"\r") == ends and ends in (0, content.count(b"\n")):
                return True
        return _is_binary(source, content)

    def _newline(self, source: Path) -> str | None:
        """The line end of the file: that of its first line where it has several."""
        asked = self._context["cookiecutter"].get("_new_lines")
        if asked:
            return str(asked)
        with source.open(encoding="utf-8") as file:
            file.readline()
            ends = file.newlines
        return ends[0] if isinstance(ends, tuple) else ends

    def _text(self, source: Path) -> str:
        name = source.as_posix()
        try:
            return self._environment.get_template(name).render(**self._context)
        except TemplateSyntaxError as error:
            raise Refused("syntax", str(error.message), error.name or name, error.lineno) from error
        except Exception as error:  # an expression of others may raise anything
            raise Refused(_kind(error), str(error), *_place(error, name)) from error


def _rendered(environment: Environment, text: str, context: dict[str, Any], file: str = "") -> str:
    if not any(mark.decode() in text for mark in _EXPRESSIONS):
        return text
    try:
        return environment.from_string(text).render(**context)
    except Exception as error:  # an expression of others may raise anything
        raise Refused(_kind(error), str(error), file or text) from error


def _is_binary(source: Path, content: bytes) -> bool:
    """What cookiecutter takes a file for; its slow guess is asked where there is a doubt only."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return True  # where it takes it for a text, it ends here
    return not _TEXT.fullmatch(content, endpos=_HEAD) and bool(is_binary(str(source)))


def _leads_outside(name: str) -> bool:
    """Whether a path leads out of the folder that it is relative to, on any system."""
    if PureWindowsPath(name).drive or name.startswith(("/", "\\")):
        return True
    return ".." in PurePosixPath(os.path.normpath(name).replace("\\", "/")).parts


def _is_plain(environment: Environment) -> bool:
    """Whether a text without the usual marks is rendered to itself."""
    usual = (environment.block_start_string, environment.variable_start_string) == ("{%", "{{")
    has_lines = environment.line_statement_prefix or environment.line_comment_prefix
    untouched = all(
        type(extension).preprocess is Extension.preprocess
        and type(extension).filter_stream is Extension.filter_stream
        for extension in environment.extensions.values()
    )
    return usual and environment.keep_trailing_newline and not has_lines and untouched


def _kind(error: Exception) -> str:
    return "undefined" if type(error).__name__ == "UndefinedError" else "expression"


def _place(error: BaseException, name: str) -> tuple[str, int]:
    """The file and line of the template where an error came from, as Jinja's frames name them."""
    place = (name, 0)
    for file, line in _frames(error):
        if not file.endswith(".py") and Path(file).is_file():
            place = (Path(os.path.normpath(file)).as_posix(), line)
    return place


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    step = error.__traceback__
    while step:
        yield step.tb_frame.f_code.co_filename, step.tb_lineno
        step = step.tb_next


if __name__ == "__main__":
    StrictEnvironment()  # loads cookiecutter's extensions, before there is anything to do
    asked = os.fsdecode(sys.stdin.buffer.readline().rstrip(b"\n"))
    if asked:  # else it was started in vain
        main(asked)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # at once: to clear away what was loaded takes longer than many a template

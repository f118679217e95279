"""Rendering a template: as cookiecutter does it, never outside, and with the place of an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cookiecutter.environment import StrictEnvironment  # type: ignore[import-untyped]
from cookiecutter.generate import generate_file  # type: ignore[import-untyped]
from cookiecutter.main import cookiecutter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import FileSystemLoader, TemplateError

from builder.flutter import placing, render, renderer
from tests.builder.fake_build import write
from tests.builder.flutter import small_template
from tests.builder.flutter.small_template import ROOT

GIVEN: Mapping[str, Any] = {
    "out_dir": "flutter",
    "project_name": "my_app",
    "product_name": "My App",
    "bundle_id": "com.acme.my",
    "options": {"a": 1, "b": [True, 2.5, None], "c": {}},
    "flutter": {"dependencies": []},
    "not in the template": "passed over",
}
EXTENSION = """
from jinja2.ext import Extension

class Ours(Extension):
    def __init__(self, environment):
        super().__init__(environment)
        environment.globals["ours"] = lambda: "ours"
"""


@pytest.fixture(autouse=True)
def as_a_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Rendering goes where it likes, as the process that it usually is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])


def ask(folder: Path, template: Path, **more: Any) -> Path:
    into = folder / "into"
    into.mkdir()
    request = {
        "template": str(template),
        "into": str(into),
        "context": GIVEN,
        "place": str(folder),
        "checkout": "",
        "may_run_code": True,
        "answer": str(folder / "answer.json"),
        **more,
    }
    (folder / "request.json").write_text(json.dumps(request))
    return folder / "request.json"


def rendered(folder: Path, template: Path, **more: Any) -> dict[str, bytes]:
    render.main(str(ask(folder, template, **more)))
    answer = json.loads((folder / "answer.json").read_text())
    assert answer == {"root": "flutter"}
    return {n: Path(p).read_bytes() for n, p in placing.files_of(folder / "into/flutter").items()}


def error(folder: Path, template: Path, **more: Any) -> dict[str, Any]:
    render.main(str(ask(folder, template, **more)))
    found = json.loads((folder / "answer.json").read_text())["error"]
    assert isinstance(found, dict)
    return found


ODD: Mapping[str, str | bytes] = {
    "plain.txt": "no expression\n",
    "no_end.txt": "{{ cookiecutter.product_name }}",
    "windows.txt": b"a\r\n{{ cookiecutter.product_name }}\r\n",
    "windows_plain.txt": b"a\r\nb\r\n",
    "mixed.txt": b"a\r\nb\nc\n",
    "mixed_mac.txt": b"a\rb\nc\n",
    "umlaut.txt": "ä {{ cookiecutter.product_name }} ö €\n",
    "picture.png": b"\x89PNG\r\n\x1a\n\x00\x00{{ no }}" + bytes(range(256)),
    "empty.txt": "",
    "comment.txt": "a{# nothing #}b",
    "table.txt": "{% for k, v in cookiecutter.options.items() %}{{ k }}={{ v }};{% endfor %}",
    "sub/{{ cookiecutter.project_name }}/x.txt": "{{ cookiecutter.flutter.dependencies }}",
    "{% if false %}left_out.txt{% endif %}": "never",
    "raw.txt": "{% raw %}{{ this }}{% endraw %}\n",
    "copied/a.txt": "{{ stays }}\n",
    "also.copied": "{{ stays }}\n",
    "first.txt": "{{ cookiecutter.choice }} {{ cookiecutter.derived }} {{ cookiecutter._private }}",
}
ODD_CONFIG: Mapping[str, Any] = {
    "choice": ["one", "two"],
    "derived": "{{ cookiecutter.project_name }}.x",
    "_private": "{{ as it is }}",
    "__shown": "{{ cookiecutter.project_name }}",
    "table": {"{{ cookiecutter.project_name }}": ["{{ cookiecutter.product_name }}", 1]},
    "_copy_without_render": ["copied", "*.copied"],
}


def test_it_is_what_cookiecutter_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = {
        **ODD,
        "all.txt": "{% for k, v in cookiecutter.items() %}{{ k }}: {{ v }}\n{% endfor %}",
    }
    template = small_template.make(tmp_path / "template", everything, **ODD_CONFIG)
    monkeypatch.setenv("COOKIECUTTER_CONFIG", str(tmp_path / "none"))
    theirs = tmp_path / "theirs"
    cookiecutter(
        str(template), no_input=True, output_dir=str(theirs), extra_context=dict(GIVEN),
        default_config=True,
    )  # fmt: skip
    expected = {n: Path(p).read_bytes() for n, p in placing.files_of(theirs / "flutter").items()}
    found = rendered(tmp_path, template, place=str(theirs))
    assert found == expected
    assert len(found) == len(ODD) + len(small_template.files()) - 1


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


@given(text=st.text("a {}%#é\x00\r\n", max_size=30), times=st.sampled_from([1, 40]))
def test_any_text_becomes_what_cookiecutter_makes_of_it(here: Path, text: str, times: int) -> None:
    os.chdir(here)
    context = {"cookiecutter": {}}
    environment = StrictEnvironment(
        context=context, keep_trailing_newline=True, loader=FileSystemLoader(".")
    )
    Path("in.txt").write_bytes(text.encode() * times)
    project = render._Project(here / "ours", context, environment)
    (here / "ours").mkdir(exist_ok=True)
    (here / "theirs").mkdir(exist_ok=True)
    try:
        generate_file(str(here / "theirs"), "in.txt", context, environment)
    except (TemplateError, RecursionError, TypeError):
        with pytest.raises(render.Refused):
            project._write_file(Path("in.txt"))
    else:
        project._write_file(Path("in.txt"))
        assert (here / "ours/in.txt").read_bytes() == (here / "theirs/in.txt").read_bytes()


def test_what_holds_nothing_to_fill_in_is_rendered_all_the_same_where_lines_may(
    tmp_path: Path,
) -> None:
    config = {"_jinja2_env_vars": {"line_statement_prefix": "#:"}}
    template = small_template.make(tmp_path / "t", {"a.txt": "#: set x = 1\nb\n"}, **config)
    assert rendered(tmp_path, template)["a.txt"] == b"b\n"


def test_line_ends_as_the_template_wants_them(tmp_path: Path) -> None:
    template = small_template.make(tmp_path / "t", {"a.txt": "x\ny\n"}, _new_lines="\r\n")
    assert rendered(tmp_path, template)["a.txt"] == b"x\r\ny\r\n"


def test_a_text_in_another_encoding_is_copied(tmp_path: Path) -> None:
    latin = "ä {{ cookiecutter.product_name }}\n".encode("latin-1")
    template = small_template.make(tmp_path / "t", {"a.txt": latin})
    assert rendered(tmp_path, template)["a.txt"] == latin


@pytest.mark.parametrize(
    "name", ["{{ 7 * 7 }}", "{% endif %}", "{{ cookiecutter }}", "{#", "a\r\nb"]
)
def test_a_setting_is_text_whatever_it_holds(name: str, tmp_path: Path) -> None:
    template = small_template.make(tmp_path / "t", {"a": "{{ cookiecutter.product_name }}"})
    values = {**GIVEN, "product_name": name, "pyproject": {"tool": {name: [name]}}}
    found = rendered(tmp_path, template, context=values)["a"]
    assert found == name.replace("\r\n", "\n").encode()


def test_a_script_can_be_run(tmp_path: Path) -> None:
    template = small_template.make(tmp_path / "t", {"a": "x", "b": "{{ cookiecutter.out_dir }}"})
    for name in "ab":
        (template / ROOT / name).chmod(0o755)
    rendered(tmp_path, template)
    assert os.access(tmp_path / "into/flutter/a", os.X_OK)
    assert os.access(tmp_path / "into/flutter/b", os.X_OK)


# ---- Code of the template --------------------------------------------------------------------


def test_an_extension_of_its_own(tmp_path: Path) -> None:
    config = {"_extensions": ["own_extension_one.Ours"]}
    template = small_template.make(tmp_path / "t", {"a.txt": "{{ ours() }}"}, **config)
    write(template, {"own_extension_one.py": EXTENSION})
    assert rendered(tmp_path, template)["a.txt"] == b"ours"


def test_an_extension_of_its_own_is_not_loaded_unless_it_may(tmp_path: Path) -> None:
    config = {"_extensions": ["own_extension_two.Ours"]}
    template = small_template.make(tmp_path / "t", **config)
    write(template, {"own_extension_two.py": EXTENSION})
    assert error(tmp_path, template, may_run_code=False)["kind"] == "extension"


@pytest.mark.parametrize("text", ["syntax error", "1 / 0", "raise SystemError('x')", "x = 1"])
def test_an_extension_that_cannot_be_loaded(text: str, tmp_path: Path) -> None:
    name = f"own_extension_{abs(hash(text))}"
    template = small_template.make(tmp_path / "t", _extensions=[f"{name}.Ours"])
    write(template, {f"{name}.py": text})
    found = error(tmp_path, template)
    assert (found["kind"], found["file"]) == ("extension", "cookiecutter.json")


@pytest.mark.parametrize("settings", [{"nothing": 1}, {"block_start_string": "{{"}, ["x"]])
def test_settings_of_jinja_that_cannot_be(settings: object, tmp_path: Path) -> None:
    template = small_template.make(tmp_path / "t", _jinja2_env_vars=settings)
    assert error(tmp_path, template)["kind"] == "extension"


HOOK = "from pathlib import Path\nPath('{}').write_text('{{{{ cookiecutter.product_name }}}}')\n"


def test_hooks_run_in_the_project(tmp_path: Path) -> None:
    template = small_template.make(tmp_path / "t")
    for name in ("pre_gen_project", "post_gen_project"):
        write(template, {f"hooks/{name}.py": HOOK.format(name)})
    found = rendered(tmp_path, template)
    assert found["pre_gen_project"] == found["post_gen_project"] == b"My App"


def test_the_first_hook_changes_a_copy(tmp_path: Path) -> None:
    template = small_template.make(tmp_path / "t")
    hook = f"from pathlib import Path\nPath({ROOT!r}, 'made').write_text('x')\n"
    write(template, {"hooks/pre_prompt.py": hook})
    assert rendered(tmp_path, template)["made"] == b"x"
    assert not (template / ROOT / "made").exists()


def test_hooks_do_not_run_unless_they_may(tmp_path: Path) -> None:
    template = small_template.make(tmp_path / "t")
    for name in ("pre_prompt", "pre_gen_project", "post_gen_project"):
        write(template, {f"hooks/{name}.py": "raise SystemExit(1)"})
    assert "pubspec.yaml" in rendered(tmp_path, template, may_run_code=False)


@pytest.mark.parametrize("name", ["pre_prompt", "pre_gen_project", "post_gen_project"])
def test_a_hook_that_fails(name: str, tmp_path: Path) -> None:
    template = small_template.make(tmp_path / "t")
    write(template, {f"hooks/{name}.py": "raise SystemExit(3)"})
    found = error(tmp_path, template)
    assert (found["kind"], found["file"]) == ("hook", f"hooks/{name}")


@pytest.mark.parametrize(
    "expression",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cookiecutter.__init__.__globals__ }}",
        "{{ self._TemplateReference__context.environment.loader.get_source.__globals__ }}",
    ],
)
def test_expressions_reach_nothing_but_their_values_unless_they_may(
    expression: str, tmp_path: Path
) -> None:
    template = small_template.make(tmp_path / "t", {"a.txt": expression})
    found = error(tmp_path, template, may_run_code=False)
    assert found["kind"] in ("expression", "undefined")
    assert (found["file"], found["line"]) == ("a.txt", 1)


# ---- What can be wrong -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind", "line"),
    [
        ("a\n{{ nobody.knows }}\n", "undefined", 2),
        ("a\nb\n{{ cookiecutter.nothing }}\n", "undefined", 3),
        ("a\n{% if %}\n", "syntax", 2),
        ("{% for x in y %}", "syntax", 1),
        ("\n\n{{ 1 / 0 }}", "expression", 3),
        ("{{ cookiecutter.options.b + 1 }}", "expression", 1),
        ("{% include 'nowhere.txt' %}", "expression", 1),
    ],
)
def test_an_error_has_its_place(content: str, kind: str, line: int, tmp_path: Path) -> None:
    template = small_template.make(tmp_path / "t", {"sub/a.txt": content})
    found = error(tmp_path, template)
    assert (found["kind"], found["file"], found["line"]) == (kind, "sub/a.txt", line)
    assert found["message"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("{", "JSON"),
        ("[]", ""),
        ("", "JSON"),
        ('{"out_dir": "", "x": "{{ nobody }}"}', "nobody"),
        ('{"out_dir": "", "x": "{% if %}"}', ""),
        ('{"out_dir": ["a", "b"]}', "flutter"),
        ('{"templates": {}}', ""),
        ('{"template": []}', ""),
    ],
)
def test_a_config_that_is_none(config: str, message: str, tmp_path: Path) -> None:
    template = small_template.make(tmp_path / "t")
    write(template, {"cookiecutter.json": config})
    found = error(tmp_path, template)
    assert found["file"] == "cookiecutter.json"
    assert message in found["message"]


def test_no_config_and_no_project(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert error(tmp_path, tmp_path / "empty")["kind"] == "no-config"
    (tmp_path / "into").rmdir()
    write(tmp_path, {"bare/cookiecutter.json": "{}"})
    assert error(tmp_path, tmp_path / "bare")["kind"] == "no-project"


@pytest.mark.parametrize(
    "bundle_id", ["..x", "/etc", "C:\\x", "a/../../../b", "\\\\server\\x", "....//..//..", "../.."]
)
def test_nothing_is_written_outside(bundle_id: str, tmp_path: Path) -> None:
    more = {"{{ cookiecutter.bundle_id }}/a.txt": "x"}
    template = small_template.make(tmp_path / "t", more, kotlin_dir="k")
    render.main(str(ask(tmp_path, template, context={**GIVEN, "bundle_id": bundle_id})))
    answer = json.loads((tmp_path / "answer.json").read_text())
    made = [p for p in tmp_path.rglob("a.txt") if not p.is_relative_to(template)]
    assert all(path.is_relative_to(tmp_path / "into/flutter") for path in made)
    assert answer.get("error", {}).get("kind") == "outside" or made


@pytest.mark.parametrize("out_dir", ["..", ".", "", "/tmp/x", "a/b", "../x"])
def test_the_project_has_a_name_of_one_folder(out_dir: str, tmp_path: Path) -> None:
    template = small_template.make(tmp_path / "t")
    found = error(tmp_path, template, context={**GIVEN, "out_dir": out_dir})
    assert found["kind"] == "outside"
    assert not list((tmp_path / "into").iterdir())


def test_the_first_of_several_templates(tmp_path: Path) -> None:
    small_template.make(tmp_path / "t/one", {"a": "1"})
    small_template.make(tmp_path / "t/two", {"a": "2"})
    several = {"templates": {"first": {"path": "./one"}, "second": {"path": "./two"}}}
    write(tmp_path / "t", {"cookiecutter.json": json.dumps(several)})
    assert rendered(tmp_path, tmp_path / "t")["a"] == b"1"


@pytest.mark.parametrize("path", ["..", "../x", "/tmp"])
def test_a_template_within_one_is_within_it(path: str, tmp_path: Path) -> None:
    small_template.make(tmp_path / "x")
    several = {"templates": {"first": {"path": path}}}
    write(tmp_path / "t", {"cookiecutter.json": json.dumps(several)})
    assert error(tmp_path, tmp_path / "t")["kind"] in ("outside", "config")


def test_templates_that_go_round_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path / "t", {"cookiecutter.json": '{"templates": {"a": {"path": "."}}}'})
    assert error(tmp_path, tmp_path / "t")["kind"] in ("no-project", "config")


@given(name=st.text(st.characters(codec="utf-8"), max_size=20))
def test_names_lead_outside_only_if_they_do(name: str) -> None:
    inside = "/somewhere/project"
    joined = os.path.normpath(os.path.join(inside, name.replace("\\", "/")))  # noqa: PTH118
    if joined != inside and not joined.startswith(inside + "/"):
        assert render._leads_outside(name)


def test_it_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    request = ask(tmp_path, small_template.make(tmp_path / "t"))
    done = subprocess.run(
        renderer.COMMAND, input=f"{request}\n".encode(), check=True, capture_output=True
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    assert json.loads((tmp_path / "answer.json").read_text()) == {"root": "flutter"}

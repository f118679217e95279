"""The Flutter project is rendered anew when what fills it changes, and never half."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder import pipeline
from builder.flutter.layout import FLUTTER
from builder.pipeline import Build
from builder.problems import ComputerError, ProjectError, ToolError
from builder.process import Finished, Tools
from builder.stages import template
from tests.builder.fake_build import FakeJob, write
from tests.builder.flutter import small_template
from tests.builder.flutter.making import Told, make_build, make_job


@pytest.fixture
def tools() -> Iterator[Tools]:
    running = Tools()
    yield running
    running.stop()


def build_of(tmp_path: Path, target: str = "linux", toml: str = "", **options: Any) -> Build:
    folder = tmp_path / "template"
    if not folder.exists():
        small_template.make(folder)
    return make_build(tmp_path, target, toml, template=str(folder), **options)


def run(build: Build, tools: Tools) -> Told:
    job, told = make_job(build, "template", tools)
    template.run(job)
    return told


def contents(build: Build) -> dict[str, str]:
    root = build.work / FLUTTER
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text() for path in files}


def test_the_project_is_made(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, toml='[tool.flet]\norg = "com.acme"\nproduct = "My Notes"\n')
    run(build, tools)
    assert contents(build) == {
        "pubspec.yaml": "dependencies:\n  path: ^1.9.0\nname: notes\n",
        "lib/main.dart": "// My Notes: {'dependencies': []}\n",
        "kotlin/com/acme/notes/Main.kt": "package com.acme.notes\n",
    }


def test_another_bundle_id_leaves_nothing_of_the_old(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, toml='[tool.flet]\norg = "com.acme"\n')
    run(build, tools)
    write(build.work / FLUTTER, {"pubspec.lock": "lock", "build/app": "built"})
    run(build_of(tmp_path, toml='[tool.flet]\norg = "org.other"\n'), tools)
    assert set(contents(build)) == {
        "pubspec.yaml", "lib/main.dart", "kotlin/org/other/notes/Main.kt", "pubspec.lock",
        "build/app",
    }  # fmt: skip


def test_a_site_s_pubspec_names_the_app(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, "web")
    run(build, tools)
    assert "- app/app.zip\n" in contents(build)["pubspec.yaml"]


def test_settings_of_the_pubspec(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, toml='[tool.flet.flutter.pubspec.dependencies]\nhttp = "any"\n')
    run(build, tools)
    assert "http: any\n" in contents(build)["pubspec.yaml"]


def test_a_project_called_like_what_it_uses_is_told_at_once(tmp_path: Path, tools: Tools) -> None:
    with pytest.raises(ProjectError) as raised:
        run(build_of(tmp_path, project="path"), tools)
    assert raised.value.problem.code == "project-name-collides"


def test_dates_in_the_file_are_no_trouble(tmp_path: Path, tools: Tools) -> None:
    toml = "[tool.other]\nday = 2026-01-02\nat = 2026-01-02T03:04:05Z\nnever = inf\n"
    build = build_of(tmp_path, toml=toml)
    run(build, tools)
    assert "pubspec.yaml" in contents(build)


@pytest.mark.parametrize(
    ("toml", "options", "changed"),
    [
        ("", {}, ""),
        ('[tool.flet]\nproduct = "Other"\n', {}, "product name was notes and is Other"),
        ("", {"bundle_id": "a.b"}, "bundle id was"),
        ("[tool.flet.flutter.pubspec]\nx = 1\n", {}, "pubspec settings"),
        ('[tool.flet.android.permission]\n"a.B" = true\n', {}, "android permissions"),
    ],
)
def test_it_is_rendered_anew_when_what_fills_it_changes(
    toml: str, options: dict[str, Any], changed: str, tmp_path: Path
) -> None:
    before = template.reads(build_of(tmp_path))
    now = template.reads(build_of(tmp_path, toml=toml, **options))
    assert (before == now) == (not changed)
    named = ", ".join(
        pipeline.describe_changes({name: before[name]}, {name: now[name]})
        for name in now
        if before.get(name) != now[name]
    )
    assert changed in named


def test_what_it_reads_keeps_no_secret(tmp_path: Path) -> None:
    toml = (
        '[tool.uv]\nextra-index-url = ["https://me:secret-word@index.example"]\n'
        "[tool.flet.flutter.pubspec.dependencies]\n"
        'foo = {git = "https://me:secret-word@host.example/foo"}\n'
        '[tool.flet.android.meta_data]\nAPI_KEY = "secret-word"\n'
    )
    read = template.reads(build_of(tmp_path, toml=toml))
    assert "secret-word" not in json.dumps(read)


def test_the_app_s_code_fills_nothing(tmp_path: Path) -> None:
    build = build_of(tmp_path)
    before = template.reads(build)
    write(build.project.folder, {"main.py": "changed", "more.py": "", "assets/icon.png": "x"})
    assert template.reads(build_of(tmp_path)) == before


def test_nothing_runs_twice(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path)
    (build.work / FLUTTER).rmdir()
    told = Told()
    stages = [template.stage()]
    assert pipeline.run(stages, build, told, tools).ran
    assert pipeline.run(stages, build, told, tools).skipped == ["template"]


def test_what_was_taken_out_of_the_project_is_put_back(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path)
    (build.work / FLUTTER).rmdir()
    stages = [template.stage()]
    pipeline.run(stages, build, Told(), tools)
    before = contents(build)
    (build.work / FLUTTER / "lib" / "main.dart").unlink()
    assert pipeline.forecast(stages, build)[0].reason == (
        "lib/main.dart in the Flutter project is missing"
    )
    pipeline.run(stages, build, Told(), tools)
    assert contents(build) == before


def test_a_template_that_fails_leaves_the_project_as_it_was(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path)
    run(build, tools)
    before = contents(build)
    write(tmp_path / "template" / small_template.ROOT, {"z.txt": "a\n{{ nobody.knows }}"})
    with pytest.raises(ProjectError) as raised:
        run(build, tools)
    problem = raised.value.problem
    assert problem.code == "template-not-rendered"
    assert problem.where.startswith("z.txt, line 2 (")
    assert "nobody" in problem.why
    assert contents(build) == before


def test_a_template_that_fails_leaves_nothing_of_what_filled_it(
    tmp_path: Path, tools: Tools
) -> None:
    build = build_of(tmp_path, toml='[tool.own]\ntoken = "secret-word"\n')
    write(tmp_path / "template" / small_template.ROOT, {"z.txt": "{{ nobody.knows }}"})
    with pytest.raises(ProjectError):
        run(build, tools)
    files = [path for path in build.work.rglob("*") if path.is_file()]
    assert not [path for path in files if b"secret-word" in path.read_bytes()]


def test_a_template_without_pubspec(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path)
    (tmp_path / "template" / small_template.ROOT / "pubspec.yaml").unlink()
    with pytest.raises(ProjectError) as raised:
        run(build, tools)
    assert raised.value.problem.code == "template-without-pubspec"


def test_a_file_name_that_leads_outside(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, bundle_id="a.b")
    small_template.make(tmp_path / "template", kotlin_dir="../../../../x")
    with pytest.raises(ProjectError) as raised:
        run(build, tools)
    assert raised.value.problem.code == "template-leads-outside"
    assert not list(tmp_path.rglob("x/Main.kt"))


def test_a_hook_speaks_in_the_log(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path)
    write(tmp_path / "template", {"hooks/post_gen_project.py": "print('the hook was here')"})
    assert "the hook was here" in run(build, tools).lines


class Broken(FakeJob):
    """A job whose renderer does something else than render."""

    def __init__(self, build: Build, trouble: Exception | None, said: str = "") -> None:
        super().__init__(build)
        self.trouble, self.said = trouble, said

    def run_tool(self, argv: Any, **more: Any) -> Finished:
        if self.trouble:
            raise self.trouble
        return Finished(argv, 1, (), ("Traceback", self.said or "MemoryError"))


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(TimeoutError("300"), "template-hangs"), (None, "template-not-rendered")],
)
def test_a_renderer_that_does_not_come_back(
    trouble: Exception | None, code: str, tmp_path: Path
) -> None:
    build = build_of(tmp_path)
    write(tmp_path / "template", {"hooks/post_gen_project.py": "input()"})
    with pytest.raises(ToolError) as raised:
        template.run(Broken(build, trouble))
    assert raised.value.problem.code == code


def test_a_full_disk_is_called_that(tmp_path: Path) -> None:
    said = "OSError: [Errno 28] No space left on device: 'x'"
    with pytest.raises(OSError, match="No space left") as raised:
        template.run(Broken(build_of(tmp_path), None, said))
    assert raised.value.errno == errno.ENOSPC


def test_a_work_folder_that_may_not_be_written_to(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path)
    write(build.work, {"template": "a file where the folder should be", "template.new": ""})
    with pytest.raises(ComputerError) as raised:
        run(build, tools)
    assert raised.value.problem.code == "project-not-written"


def test_another_python_begins_anew(tmp_path: Path, tools: Tools) -> None:
    build = build_of(tmp_path, bundle_id="a.b")
    run(build, tools)
    write(build.work / FLUTTER, {"build/app": "built"})
    run(build, tools)
    assert "build/app" in contents(build)
    assert build.kit is not None
    python = replace(build.kit.python, short="3.13", full="3.13.14")
    run(replace(build, kit=replace(build.kit, python=python)), tools)
    assert set(contents(build)) == {
        "pubspec.yaml", "lib/main.dart", "kotlin/a/b/Main.kt",
    }  # fmt: skip


def test_another_flet_is_another_template(tmp_path: Path) -> None:
    build = make_build(tmp_path, "linux")
    assert build.kit is not None
    other = replace(build.kit, release=replace(build.kit.release, flet="1.0.4"))
    changes: Mapping[str, str] = template.reads(replace(build, kit=other))
    assert changes != template.reads(build)

"""The Flutter project's pubspec.yaml: as `flet build` writes it, or a clear word why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.flutter import pubspec
from builder.problems import ProjectError

RENDERED = """\
name: my_app
description: 'It''s mine'
environment:
  sdk: '>=3.10.0 <4.0.0'  # a comment
dependencies:
  flutter:
    sdk: flutter
  flet: 1.0.5
dependency_overrides:
  jni: 1.0.0
flutter:
  uses-material-design: true
"""


def make(
    rendered: str = RENDERED,
    platform: str = "linux",
    extensions: dict[str, Path] | None = None,
    **settings: Any,
) -> dict[str, Any]:
    made = pubspec.make(rendered, platform=platform, settings=settings, extensions=extensions or {})
    loaded = yaml.safe_load(made)
    assert made == yaml.dump(loaded).encode()  # byte for byte what `flet build` would write
    assert isinstance(loaded, dict)
    return loaded


def test_nothing_asked_for_leaves_what_it_says() -> None:
    assert make() == yaml.safe_load(RENDERED)


def test_a_site_carries_the_app_as_a_file() -> None:
    assert make(platform="web")["flutter"]["assets"] == ["app/app.zip", "app/app.zip.hash"]
    own = make(RENDERED + "  assets: [images/, app/app.zip]\n", platform="web")
    assert own["flutter"]["assets"] == ["images/", "app/app.zip", "app/app.zip.hash"]
    empty = make(RENDERED.replace("  uses-material-design: true\n", ""), platform="web")
    assert empty["flutter"]["assets"] == ["app/app.zip", "app/app.zip.hash"]


def test_a_dependency_is_replaced_and_the_rest_merged() -> None:
    made = make(
        dependencies={"flet": {"git": "x"}, "http": "^1.0.0"},
        dependency_overrides={"jni": {"path": "y"}},
        dev_dependencies={"lints": "any"},
        flutter={"fonts": [{"family": "A"}]},
        environment={"flutter": ">=3.0.0"},
        description="other",
    )
    assert made["dependencies"] == {"flutter": {"sdk": "flutter"}, "flet": {"git": "x"}} | {
        "http": "^1.0.0"
    }
    assert made["dependency_overrides"] == {"jni": {"path": "y"}}
    assert made["dev_dependencies"] == {"lints": "any"}
    assert made["flutter"] == {"uses-material-design": True, "fonts": [{"family": "A"}]}
    assert made["environment"] == {"sdk": ">=3.10.0 <4.0.0", "flutter": ">=3.0.0"}
    assert made["description"] == "other"


def test_the_settings_stay_as_they_were() -> None:
    settings = {"dependencies": {"http": "any"}, "flutter": {"fonts": []}}
    make(**settings)
    assert settings == {"dependencies": {"http": "any"}, "flutter": {"fonts": []}}


def test_extensions_are_taken_from_their_folders(tmp_path: Path) -> None:
    made = make(extensions={"flet_video": tmp_path / "flet_video"})
    assert made["dependencies"]["flet_video"] == {"path": str(tmp_path / "flet_video")}


@pytest.mark.parametrize("name", ["flet", "flutter", "flet_video"])
def test_a_project_called_like_what_it_uses(name: str, tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as raised:
        make(RENDERED.replace("my_app", name), extensions={"flet_video": tmp_path})
    problem = raised.value.problem
    assert problem.code == "project-name-collides"
    better = problem.fixes[0].data["project.name"]
    make(RENDERED.replace("my_app", better.replace("-", "_")), extensions={"flet_video": tmp_path})


def test_the_name_that_is_proposed_is_free() -> None:
    with pytest.raises(ProjectError) as raised:
        make(RENDERED.replace("my_app", "flet"), dependencies={"flet_app": "any"})
    assert raised.value.problem.fixes[0].data == {"project.name": "flet-app-app"}


@pytest.mark.parametrize(
    ("rendered", "where"),
    [
        ("name: my_app\ndescription: 'It's mine'\n", "pubspec.yaml, line 2"),
        ("name: [\n", "pubspec.yaml, line 2"),
        ("name: a\nreleased: 2026-99-99\n", "pubspec.yaml"),
        ("just a text", "pubspec.yaml"),
        ("", "pubspec.yaml"),
        ("- a\n- list\n", "pubspec.yaml"),
        ("flutter: {}\n", "pubspec.yaml"),
    ],
)
def test_a_template_whose_pubspec_is_none(rendered: str, where: str) -> None:
    with pytest.raises(ProjectError) as raised:
        make(rendered)
    assert raised.value.problem.code == "pubspec-not-valid"
    assert raised.value.problem.where == where


def test_what_cannot_be_read_is_shown() -> None:
    with pytest.raises(ProjectError) as raised:
        make("name: my_app\ndescription: 'It's mine'\n")
    assert raised.value.problem.evidence == ("2: description: 'It's mine'",)


def test_dependencies_that_are_no_table() -> None:
    with pytest.raises(ProjectError) as raised:
        make(dependencies=["http"])
    assert raised.value.problem.code == "setting-wrong-type"


def test_a_section_that_is_written_down_empty() -> None:
    made = make("name: a\ndependencies:\n", dependencies={"http": "any"})
    assert made["dependencies"] == {"http": "any"}

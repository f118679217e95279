"""Settings: keys, precedence and defaults of flet build 1.0.5, and words for wrong ones."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.problems import Problem
from builder.settings import Settings, judge, resolve, save, saved_key

FOLDER = Path("/projects/Mein Café")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLET_WEB_RENDERER", raising=False)
    monkeypatch.delenv("FLET_WEB_ROUTE_URL_STRATEGY", raising=False)


def settled(toml: str = "", target: str = "web", **options: Any) -> Settings:
    settings, problems = resolve(tomllib.loads(toml), FOLDER, target=target, options=options)
    assert not [problem for problem in problems if problem.severity != "hint"]
    return settings


def problems_of(toml: str = "", target: str = "web", **options: Any) -> Sequence[Problem]:
    return resolve(tomllib.loads(toml), FOLDER, target=target, options=options)[1]


def test_the_defaults() -> None:
    plain = asdict(settled())
    for part in ("flutter", "desktop"):
        plain.pop(part, None)
    assert plain == {
        "product": "Mein Café",
        "project": "mein-cafe",
        "description": "",
        "org": "com.flet",
        "bundle_id": "com.flet.mein-cafe",
        "company": "",
        "copyright": "",
        "build_number": 1,
        "build_version": "1.0.0",
        "module": "main",
        "base_url": "",
        "route_url_strategy": "path",
        "web_renderer": "canvaskit",
        "pwa_short_name": "Mein Café",
        "pwa_theme_color": "",
        "pwa_background_color": "#ffffff",
        "exclude": ["build", "dist", "assets"],
        "include": [],
        "default_excludes": True,
        "python_version": "",
        "requires_python": "",
        "web_fonts": [],
        "icon_background": "",
        "adaptive_icon_background": "",
        "macos_icon_style": "auto",
        "splash_color": "#ffffff",
        "splash_dark_color": "#222222",
        "splash_icon_background": "",
        "splash_icon_dark_background": "",
        "splash_icon_fit": "contain",
        "splash_android": True,
        "splash_ios": True,
        "splash_web": True,
        "shrink_images": False,
    }


def test_the_project_says() -> None:
    settings = settled(
        """
        [project]
        name = "counter"
        version = "2.1"
        description = "Counts."
        requires-python = ">=3.12"
        [tool.flet]
        product = "Counter"
        org = "org.acme"
        company = "Acme"
        copyright = "© Acme"
        build_number = 7
        [tool.flet.app]
        module = "start.py"
        exclude = ["notes"]
        [tool.flet.web]
        base_url = "shop/counter"
        route_url_strategy = "HASH"
        renderer = "auto"
        pwa_theme_color = "teal"
        [tool.slipway.web]
        fonts = ["arabic"]
        """
    )
    assert settings.project == "counter"
    assert settings.product == settings.pwa_short_name == "Counter"
    assert settings.bundle_id == "org.acme.counter"
    assert (settings.build_version, settings.build_number) == ("2.1", 7)
    assert (settings.company, settings.copyright) == ("Acme", "© Acme")
    assert settings.description == "Counts."
    assert settings.module == "start"
    assert settings.base_url == "/shop/counter/"
    assert settings.route_url_strategy == "hash"
    assert settings.web_renderer == "auto"
    assert settings.pwa_theme_color == "teal"
    assert settings.requires_python == ">=3.12"
    assert settings.exclude == ["build", "dist", "assets", "notes"]
    assert settings.web_fonts == ["arabic"]


def test_the_product_is_called_like_the_project() -> None:
    assert settled('[project]\nname = "my-app"').product == "my-app"


def test_poetry_is_asked_last() -> None:
    poetry = '[tool.poetry]\nversion = "3.0"\ndescription = "P"\n'
    assert settled(poetry).build_version == "3.0"
    assert settled(poetry).description == "P"
    assert settled(f'{poetry}[project]\nversion = "4.0"\n').build_version == "4.0"


def test_the_platform_goes_before_the_project_and_options_before_both() -> None:
    toml = """
        [tool.flet]
        org = "org.all"
        bundle_id = "org.all.app"
        app.exclude = ["all"]
        app.default_excludes = true
        [tool.flet.android]
        org = "org.android"
        bundle_id = "org.android.app"
        app.exclude = []
        app.default_excludes = false
        """
    assert settled(toml).bundle_id == "org.all.app"
    android = settled(toml, "apk")
    assert (android.org, android.bundle_id) == ("org.android", "org.android.app")
    assert android.exclude == ["build", "dist"]
    assert android.default_excludes is False
    given_ = settled(toml, "apk", bundle_id="a.b.c", exclude=["o"], default_excludes=True)
    assert given_.bundle_id == "a.b.c"
    assert given_.exclude == ["build", "dist", "o"]
    assert given_.default_excludes is True


def test_empty_counts_as_not_given() -> None:
    toml = '[project]\nname = ""\n[tool.flet]\nproduct = " "\nbundle_id = ""\nbuild_number = 0\n'
    nothing = {"product": "", "org": None, "exclude": [], "build_number": None}
    assert settled(toml, **nothing) == settled()


def test_assets_stay_in_an_app_that_is_no_site() -> None:
    assert settled(target="linux").exclude == ["build", "dist"]


def test_dist_is_excluded_only_where_results_are_delivered() -> None:
    assert settled('[tool.flet.app]\npath = "src"', "linux").exclude == ["build"]
    assert settled('[tool.flet.app]\npath = "./"', "linux").exclude == ["build", "dist"]


def test_environment_variables_go_after_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLET_WEB_RENDERER", "SKWASM")
    monkeypatch.setenv("FLET_WEB_ROUTE_URL_STRATEGY", "hash")
    assert settled().web_renderer == "skwasm"
    assert settled().route_url_strategy == "hash"
    assert settled('[tool.flet.web]\nrenderer = "auto"').web_renderer == "auto"
    assert settled(web_renderer="canvaskit").web_renderer == "canvaskit"


def test_the_background_follows_the_splash() -> None:
    toml = '[tool.flet.splash]\ncolor = "#123"\n'
    assert settled(toml).pwa_background_color == "#123"
    toml += '[tool.flet.web.splash]\ncolor = "#456"\n'
    assert settled(toml).pwa_background_color == "#456"
    toml += '[tool.flet.web]\npwa_background_color = "navy"\n'
    assert settled(toml).pwa_background_color == "navy"


def test_a_splash_without_a_colour_goes_on_with_the_background_of_the_installed_app() -> None:
    toml = '[tool.flet.web]\npwa_background_color = "#ffffff"\n'
    assert (settled(toml).splash_color, settled(toml).splash_dark_color) == ("#ffffff", "#ffffff")
    toml += '[tool.flet.splash]\ndark_color = "#111"\n'
    assert (settled(toml).splash_color, settled(toml).splash_dark_color) == ("#ffffff", "#111")
    toml += 'color = "#eee"\n'
    assert (settled(toml).splash_color, settled(toml).splash_dark_color) == ("#eee", "#111")
    android = settled('[tool.flet.web]\npwa_background_color = "navy"\n', "apk")
    assert (android.splash_color, android.splash_dark_color) == ("#ffffff", "#222222")


PICTURES = """
[tool.flet]
icon_background = "#111111"
splash.color = "#222222"
splash.dark_color = "#333333"
splash.icon_background = "#444444"
splash.icon_dark_background = "#555555"
splash.icon_fit = "none"
splash.web = false
[tool.flet.android]
icon_background = "#aaaaaa"
splash.color = "#bbbbbb"
splash.dark_color = "#cccccc"
splash.icon_background = "#dddddd"
splash.icon_dark_background = "#eeeeee"
splash.icon_fit = "CONTAIN"
[tool.flet.macos]
icon_style = "grid"
"""


def test_the_settings_of_pictures_per_platform() -> None:
    ios, android = settled(PICTURES, "ios-simulator"), settled(PICTURES, "apk")
    assert (ios.icon_background, android.icon_background) == ("#111111", "#aaaaaa")
    assert (ios.splash_color, android.splash_color) == ("#222222", "#bbbbbb")
    assert (ios.splash_dark_color, android.splash_dark_color) == ("#333333", "#cccccc")
    assert ios.adaptive_icon_background == android.adaptive_icon_background == "#aaaaaa"
    assert ios.splash_icon_background == android.splash_icon_background == "#dddddd"
    assert android.splash_icon_dark_background == "#eeeeee"
    assert android.splash_icon_fit == "contain"
    assert settled(PICTURES, "web").macos_icon_style == "grid"
    assert (android.splash_android, android.splash_ios, android.splash_web) == (True, True, False)


def test_options_for_pictures_go_first() -> None:
    android = settled(
        PICTURES,
        "apk",
        adaptive_icon_background="red",
        splash_color="lime",
        splash_dark_color="blue",
        splash_android=False,
    )
    assert android.adaptive_icon_background == "red"
    assert (android.splash_color, android.splash_dark_color) == ("lime", "blue")
    assert android.splash_android is False


def test_former_names_of_the_splash_icon_go_last() -> None:
    toml = """
        [tool.flet.splash]
        icon_bgcolor = "red"
        icon_dark_bgcolor = "green"
        android_12_fit = "none"
        """
    old = settled(toml, "apk")
    assert (old.splash_icon_background, old.splash_icon_dark_background) == ("red", "green")
    assert old.splash_icon_fit == "none"
    both = f"""{toml}
        icon_background = "blue"
        [tool.flet.android.splash]
        icon_bgcolor = "navy"
        icon_dark_bgcolor = "teal"
        """
    assert settled(both, "apk").splash_icon_background == "blue"
    assert settled(both, "apk").splash_icon_dark_background == "teal"


@pytest.mark.parametrize(
    ("key", "target"),
    [
        ("icon_background", "web"),
        ("android.adaptive_icon_background", "apk"),
        ("splash.color", "web"),
        ("splash.dark_color", "ios-simulator"),
        ("splash.icon_background", "apk"),
        ("splash.icon_bgcolor", "apk"),
        ("macos.icon_style", "macos"),
        ("splash.icon_fit", "apk"),
    ],
)
def test_a_picture_setting_that_is_not_valid_is_told_where_it_stands(
    key: str, target: str, tmp_path: Path
) -> None:
    toml = f'[tool.flet]\n{key} = "blau"\n'
    (tmp_path / "pyproject.toml").write_text(toml)
    _, (problem, *more) = resolve(tomllib.loads(toml), tmp_path, target=target)
    assert [p.code for p in more] == (["setting-former"] if "bgcolor" in key else [])
    assert problem.code in ("setting-not-a-colour", "setting-not-a-choice")
    assert problem.where == "pyproject.toml, line 2"
    assert f"Set tool.flet.{key} to " in problem.do


@pytest.mark.parametrize(
    "key",
    ["android.adaptive_icon_background", "android.icon_background", "splash.icon_background",
     "android.splash.color", "macos.icon_style", "splash.icon_fit"],
)  # fmt: skip
def test_what_only_another_platform_draws_stops_no_build(key: str) -> None:
    assert settled(f'[tool.flet]\n{key} = "blau"\n', "web") == settled()


@pytest.mark.parametrize(
    ("colour", "opaque"), [("#10203080", "#102030"), ("transparent", "#ffffff")]
)
def test_alpha_that_is_not_drawn_is_told(colour: str, opaque: str) -> None:
    (problem,) = problems_of(f'[tool.flet]\nicon_background = "{colour}"\n')
    assert (problem.code, problem.severity) == ("colour-not-opaque", "warn")
    assert problem.fixes[0].data == {"tool.flet.icon_background": opaque}
    (problem,) = problems_of(splash_color=colour)
    assert problem.where == "--splash-color"
    assert not problem.fixes


def test_a_circle_may_be_open() -> None:
    toml = '[tool.flet.splash]\nicon_background = "Transparent"\n'
    assert settled(toml, "apk").splash_icon_background == "Transparent"
    (problem,) = problems_of(toml.replace("Transparent", "#11223300"), "apk")
    assert problem.code == "colour-not-opaque"


def test_an_option_is_told_by_its_own_name() -> None:
    (problem,) = problems_of(target="apk", adaptive_icon_background="blau")
    assert problem.where == "--android-adaptive-icon-background"
    assert "Set --android-adaptive-icon-background to a colour" in problem.do


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("/", "/"),
        ("", ""),
        ("app", "/app/"),
        ("/a/b/", "/a/b/"),
        ("  /x/ ", "/x/"),
    ],
)
def test_base_urls(given_: str, expected: str) -> None:
    assert settled(base_url=given_).base_url == expected


@pytest.mark.parametrize(
    "wrong",
    ["https://x.org/app", "a b", "../x", 'a"b', "a//b", "a?b", "a#b", "日本", "<x>", "a\\b"],
)
def test_base_urls_that_are_none(wrong: str) -> None:
    (problem,) = problems_of(base_url=wrong)
    assert problem.code == "setting-not-a-base-url"
    assert problem.where == "--base-url"


@pytest.mark.parametrize("wrong", ["7.5", "-1", "x", "9" * 5000, "", "0x1"])
def test_build_numbers_that_are_none(wrong: str) -> None:
    problems = problems_of(f'[tool.flet]\nbuild_number = "{wrong}"')
    assert [problem.code for problem in problems] == (["setting-not-a-number"] if wrong else [])


def test_a_build_number_that_is_too_large_is_told_as_that() -> None:
    _, (problem,) = resolve({}, Path("x"), target="apk", options={"build_number": "9" * 30})
    assert problem.title.endswith("must not be above 2100000000, the most that Android takes")


def test_an_option_that_is_no_number_is_mended_where_it_was_given() -> None:
    _, (problem,) = resolve({}, Path("x"), options={"build_number": "x"})
    assert problem.do == "Give --build-number a whole number, for example 1."


@pytest.mark.parametrize(
    ("key", "value", "meant"),
    [
        ("tool.flet.product", "7", "7"),
        ("project.version", "1.2", "1.2"),
        ("tool.flet.permissions", '"camera"', ["camera"]),
        ("tool.flet.splash.android", '"no"', False),
        ("tool.flet.compile.app", "1", True),
        ("tool.flet.android.min_sdk_version", '"24"', 24),
    ],
)
def test_a_wrong_type_that_is_plainly_meant_is_mended_by_a_click(
    key: str, value: str, meant: object
) -> None:
    toml = tomllib.loads(f"{key} = {value}")
    problem = next(p for p in resolve(toml, Path("x"), target="apk")[1])
    assert (problem.code, problem.fixes[0].data) == ("setting-wrong-type", {key: meant})
    assert f"`{key.rpartition('.')[2]} = " in problem.do


def test_a_build_number_may_be_a_text() -> None:
    assert settled('[tool.flet]\nbuild_number = "42"').build_number == 42
    assert settled(build_number="43").build_number == 43


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("product", "3"),
        ("org", "[]"),
        ("bundle_id", "true"),
        ("company", "{}"),
        ("build_number", "1.5"),
        ("build_number", "true"),
        ("app.module", "7"),
        ("app.exclude", "'x'"),
        ("app.include", "[1]"),
        ("app.default_excludes", "'no'"),
        ("web.base_url", "1"),
        ("web.pwa_theme_color", "1979-05-27"),
        ("splash.color", "255"),
        ("splash.dark_color", "[]"),
        ("splash.web", "'no'"),
        ("icon_background", "0"),
    ],
)
def test_wrong_types_are_named_and_the_default_stands_in(key: str, value: str) -> None:
    toml = f"[tool.flet]\n{key} = {value}\n"
    settings, (problem,) = resolve(tomllib.loads(toml), FOLDER)
    assert problem.code == "setting-wrong-type"
    assert problem.title.startswith(f"tool.flet.{key} should be ")
    assert settings == settled()


def test_the_line_of_a_wrong_setting_is_told(tmp_path: Path) -> None:
    toml = '[project]\nname = "x"\n\n[tool.flet]\nproduct = 3\n'
    (tmp_path / "pyproject.toml").write_text(toml)
    _, (problem,) = resolve(tomllib.loads(toml), tmp_path)
    assert problem.where == "pyproject.toml, line 5"


def test_a_choice_that_is_none() -> None:
    (problem,) = problems_of('[tool.flet.web]\nrenderer = "svg"')
    assert problem.code == "setting-not-a-choice"
    assert "auto, canvaskit, skwasm" in problem.why


@pytest.mark.parametrize("colour", ["#12345", "blau", "rgb(1,2,3)", "#ggg", "０"])
def test_colours_that_are_none(colour: str) -> None:
    (problem,) = problems_of(pwa_theme_color=colour)
    assert problem.code == "setting-not-a-colour"


@pytest.mark.parametrize("colour", ["#abc", "#A1B2C3", "#a1b2c3d4", "RebeccaPurple", "transparent"])
def test_colours(colour: str) -> None:
    assert settled(pwa_theme_color=colour).pwa_theme_color == colour


def test_a_python_that_nobody_understands_is_passed_over() -> None:
    (problem,) = problems_of('[project]\nrequires-python = "three"')
    assert problem.severity == "warn"


def test_a_version_from_elsewhere_is_told() -> None:
    toml = '[project]\nname = "x"\ndynamic = ["version"]\n'
    (problem,) = problems_of(toml)
    assert problem.code == "version-dynamic"
    assert not problems_of(toml, build_version="2.0.0")


def test_the_identity_is_judged_for_the_target() -> None:
    toml = '[tool.flet]\nbundle_id = "com.my-acme.app"\n'
    assert not problems_of(toml, "ipa")
    (problem,) = problems_of(toml, "apk")
    assert problem.code == "bundle-id-not-valid"
    assert problem.fixes[0].data == {"tool.flet.bundle_id": "com.myacme.app"}


def test_a_wrong_name_is_told_once_and_not_again_in_the_bundle_id() -> None:
    (problem,) = problems_of('[project]\nname = "2048"\n', "apk")
    assert problem.code == "project-not-valid"
    toml = '[project]\nname = "2048"\n[tool.flet]\nbundle_id = "com.acme.2048"\n'
    assert [p.code for p in problems_of(toml, "apk")] == [
        "project-not-valid",
        "bundle-id-not-valid",
    ]


@pytest.mark.parametrize("name", ["class", "test", "flutter", "dart", "serious_python"])
def test_a_name_that_dart_does_not_take_is_told_where_flutter_builds(name: str) -> None:
    toml = f'[project]\nname = "{name}"\n'
    (problem,) = problems_of(toml, "linux")
    assert problem.code == "project-not-valid"
    assert problem.fixes[0].data == {"project.name": f"{name.replace('_', '-')}-app"}
    assert not problems_of(toml, "web")
    assert problems_of(toml, "web", backend="flutter")


def test_one_value_that_breaks_several_rules_is_told_once() -> None:
    options = {"bundle_id": "1 b", "org": "com.acme"}
    _, problems = resolve({}, Path("x"), target="linux", options=options)
    assert [p.code for p in problems] == ["bundle-id-not-valid"]


def test_a_bundle_id_that_nobody_gave_is_mended_by_the_organisation() -> None:
    _, (problem,) = resolve({}, Path("x"), target="aab")
    assert (problem.code, problem.severity) == ("bundle-id-not-valid", "warn")
    assert (problem.where, "tool.flet.org" in problem.do) == ("tool.flet.org", True)
    toml = {"tool": {"flet": {"bundle_id": "com.example.x"}}}
    _, (problem,) = resolve(toml, Path("x"), target="aab")
    assert problem.do == "Change it."


def test_the_name_of_the_program_is_judged_where_one_is_given() -> None:
    toml = tomllib.loads('project.name = "a:b"\ntool.flet.linux.artifact = "c/d"')
    _, problems = resolve(toml, Path("x"), target="linux", options={"product": "a"})
    assert [p.code for p in problems] == ["project-not-valid", "artifact-not-valid"]
    assert problems[1].fixes[0].data == {"tool.flet.linux.artifact": "c d"}


def test_a_corrected_build_number_is_a_number() -> None:
    (problem,) = problems_of("[tool.flet]\nbuild_number = 202609211530\n", "apk")
    assert problem.fixes[0].data == {"tool.flet.build_number": 2026092115}


def test_an_option_that_is_not_valid_has_no_click() -> None:
    (problem,) = problems_of(build_version="one")
    assert problem.where == "--build-version"
    assert not problem.fixes


def test_where_fields_are_saved() -> None:
    assert saved_key("product", {}) == "tool.flet.product"
    assert saved_key("project", {}) == "project.name"
    assert saved_key("build_version", {}) == "project.version"
    assert saved_key("build_version", {"tool": {"poetry": {"version": "1"}}}) == (
        "tool.poetry.version"
    )
    android = {"tool": {"flet": {"android": {"bundle_id": "a.b"}}}}
    assert saved_key("bundle_id", android, "apk") == "tool.flet.android.bundle_id"
    assert saved_key("bundle_id", android, "web") == "tool.flet.bundle_id"


def test_where_pictures_are_saved() -> None:
    pyproject = tomllib.loads(PICTURES)
    assert saved_key("icon_background", {}, "apk") == "tool.flet.icon_background"
    assert saved_key("icon_background", pyproject, "apk") == "tool.flet.android.icon_background"
    assert saved_key("splash_color", pyproject, "ipa") == "tool.flet.splash.color"
    assert saved_key("splash_color", pyproject, "apk") == "tool.flet.android.splash.color"
    assert saved_key("splash_dark_color", {}, "web") == "tool.flet.splash.dark_color"
    assert saved_key("macos_icon_style", pyproject, "macos") == "tool.flet.macos.icon_style"
    assert saved_key("adaptive_icon_background", {}, "apk") == (
        "tool.flet.android.adaptive_icon_background"
    )


def test_what_is_saved_is_what_is_read(tmp_path: Path) -> None:
    changed = {
        "product": "Zähler",
        "project": "counter",
        "description": "Counts.",
        "org": "org.acme",
        "bundle_id": "org.acme.counter",
        "company": "Acme",
        "copyright": "©",
        "build_number": 8,
        "build_version": "1.2.3",
        "base_url": "/x/",
        "include": [".env"],
        "web_fonts": ["cjk"],
    }
    save(tmp_path, {saved_key(name, {}): value for name, value in changed.items()})
    data = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))
    settings, problems = resolve(data, tmp_path)
    assert not problems
    assert {name: getattr(settings, name) for name in changed} == changed


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from([f.name for f in fields(Settings)]), st.text()),
    st.dictionaries(
        st.sampled_from(
            [
                "product",
                "org",
                "bundle_id",
                "build_number",
                "web",
                "app",
                "splash",
                "android",
                "icon_background",
                "macos",
            ]
        ),
        values
        | st.dictionaries(
            st.sampled_from(["exclude", "base_url", "color", "icon_fit", "splash", "icon_style"]),
            values,
        ),
    ),
    st.sampled_from(["web", "apk", "ios-simulator", "unheard-of"]),
    st.text(),
)
def test_resolving_never_raises_and_knows_no_none(
    options: dict[str, Any], flet: dict[str, Any], target: str, folder: str
) -> None:
    project = {"name": flet.get("org"), "version": flet.get("web")}
    settings, _ = resolve(
        {"project": project, "tool": {"flet": flet}}, Path(folder), target=target, options=options
    )
    assert None not in asdict(settings).values()
    assert "None" not in settings.bundle_id or "None" in str((options, flet, folder))


@given(st.text(), st.text(), st.lists(st.text()))
def test_judging_never_raises(field: str, value: str, targets: list[str]) -> None:
    assert judge(field, value, targets) == [] or targets

"""The command that packs the Python app. The expected words are those of `flet build` 1.0.5."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.flutter import package_arguments
from builder.pipeline import Build
from builder.problems import ProjectError
from tests.builder.fake_build import write
from tests.builder.flutter.making import make_build

DEPENDENCIES = """dependencies = [
  "flet>=1.0,<2", "flet-video", "Flet-Audio>=1", "a<2; python_version>'3'", "flet"
]
[tool.flet.android]
dependencies = ["zlib-ng", "bb>1"]
[tool.flet.web]
dependencies = ["ww<3"]
"""
POETRY = """[tool.poetry.dependencies]
python = "^3.12"
flet = "^1.0"
flet-video = "~1.0"
zz = "*"
httpx = ">=0.20,<2"
a = { version = "^2", markers = "python_version > '3.8'" }
g = { git = "https://x.org/g.git", branch = "main", subdirectory = "py" }
"""
OF_PROJECT = [
    "Flet-Audio >=1",
    'a <2; python_version > "3"',
    "flet",
    "flet <2, >=1.0",
    "flet-video",
]


def words_of(build: Build, *, skip_packages: bool = False) -> list[str]:
    """The command without the program and the folder of the app."""
    command = package_arguments.command(build, skip_packages=skip_packages)
    assert Path(command[0]).name == "dart"
    assert command[1:5] == ["run", "--suppress-analytics", "serious_python:main", "package"]
    assert command[5] == str(build.project.app_folder)
    return command[6:]


@pytest.mark.parametrize(
    ("target", "platform"),
    [
        ("linux", ["--platform", "Linux", "--python-version", "3.14"]),
        ("windows", ["--platform", "Windows", "--python-version", "3.14"]),
        ("macos", ["--platform", "Darwin", "--python-version", "3.14"]),
        ("ipa", ["--platform", "iOS", "--python-version", "3.14"]),
        ("ios-simulator", ["--platform", "iOS", "--python-version", "3.14"]),
    ],
)
def test_a_plain_project(target: str, platform: list[str], tmp_path: Path) -> None:
    words = words_of(make_build(tmp_path, target))
    assert words == [
        *platform,
        *["-r", "flet==1.0.5", "--exclude", "build"],
        *["--compile-app", "--compile-packages", "--cleanup-packages"],
    ]


@pytest.mark.parametrize("target", ["apk", "aab"])
def test_android_names_its_architectures_always(target: str, tmp_path: Path) -> None:
    words = words_of(make_build(tmp_path, target))
    assert words[4:6] == ["--arch", "arm64-v8a,x86_64,armeabi-v7a"]


def test_architectures_are_one_word_in_the_order_asked_for(tmp_path: Path) -> None:
    toml = '[tool.flet.android]\ntarget_arch = ["x86_64", "arm64-v8a"]\n'
    assert words_of(make_build(tmp_path, "apk", toml))[4:6] == ["--arch", "x86_64,arm64-v8a"]
    mac = make_build(tmp_path / "mac", "macos", '[tool.flet.macos]\ntarget_arch = "arm64"\n')
    assert words_of(mac)[4:6] == ["--arch", "arm64"]


def test_an_architecture_that_this_python_does_not_have(tmp_path: Path) -> None:
    build = make_build(tmp_path, "apk", '[tool.flet.android]\ntarget_arch = ["x86_64"]\n')
    assert build.kit is not None
    kit = build.kit
    python = type(kit.python)("3.15", "3.15.0", "315.0.0", ("arm64-v8a",))
    build = Build(**{**build.__dict__, "kit": type(kit)(kit.release, python, kit.toolchain)})
    with pytest.raises(ProjectError) as raised:
        words_of(build)
    assert raised.value.problem.code == "architecture-not-in-python"
    assert "arm64-v8a" in raised.value.problem.why


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("linux", OF_PROJECT),
        ("apk", [*OF_PROJECT, "bb >1", "zlib-ng"]),
        ("web", [*OF_PROJECT, "ww <3"]),
    ],
)
def test_packages_of_the_project_and_then_of_the_platform(
    target: str, expected: list[str], tmp_path: Path
) -> None:
    assert package_arguments.packages(make_build(tmp_path, target, DEPENDENCIES)) == expected


def test_packages_of_poetry(tmp_path: Path) -> None:
    assert package_arguments.packages(make_build(tmp_path, "linux", POETRY)) == [
        "a >=2; python_version > '3.8'",
        "flet >=1.0",
        "flet-video~=1.0",
        "g @ git+https://x.org/g.git@main#subdirectory=py",
        "httpx >=0.20, <2",
        "zz",
    ]


def test_requirements_txt_is_handed_on_as_a_file(tmp_path: Path) -> None:
    build = make_build(tmp_path, "linux", files={"requirements.txt": "flet\nhttpx\n"})
    file = str(tmp_path / "project" / "requirements.txt")
    assert words_of(build)[4:10] == ["-r", "-r", "-r", file, "--exclude", "build"]
    assert package_arguments.requirements_file(build) == file


def test_requirements_txt_is_not_asked_beside_the_project(tmp_path: Path) -> None:
    build = make_build(
        tmp_path, "linux", 'dependencies = ["flet"]\n', files={"requirements.txt": "httpx\n"}
    )
    assert package_arguments.packages(build) == ["flet"]
    assert package_arguments.requirements_file(build) == ""


def test_development_packages_come_from_their_places(tmp_path: Path) -> None:
    toml = """dependencies = ["flet", "pkg>=1", "gone"]
[tool.flet.dev_packages]
pkg = "local/pkg"
gone = "git+https://x.org/gone"
unused = "x"
"""
    build = make_build(tmp_path, "linux", toml, files={"local/pkg/x.py": ""})
    local = (tmp_path / "project" / "local" / "pkg").as_uri()
    assert package_arguments.has_development_packages(build)
    assert package_arguments.packages(build) == [
        "flet", "gone @ git+https://x.org/gone", f"pkg @ {local}", "--no-cache-dir",
    ]  # fmt: skip


def test_what_is_left_out_first_as_asked_and_then_by_itself(tmp_path: Path) -> None:
    toml = """[tool.flet.app]
exclude = ["a,b", "./keep/x", "data/", "dist"]
include = ["keep/__pycache__"]
"""
    files = {
        "a,b/x.txt": "", ".env": "", ".git/config": "", "sub/__pycache__/a.pyc": "",
        "sub/venv/pyvenv.cfg": "", "keep/__pycache__/b.pyc": "", "assets/a.txt": "",
    }  # fmt: skip
    web = make_build(tmp_path, "web", toml, files=files)
    assert package_arguments.excludes(web) == [
        "build", "a,b", "./keep/x", "data/", "dist", "assets",
        ".env", ".git", str(Path("sub", "__pycache__")), str(Path("sub", "venv")),
    ]  # fmt: skip


def test_options_go_before_what_the_file_says(tmp_path: Path) -> None:
    toml = '[tool.flet.app]\nexclude = ["a"]\n'
    build = make_build(tmp_path, "linux", toml, exclude=["b"])
    assert package_arguments.excludes(build) == ["build", "b"]


def test_hidden_files_deeper_down_stay_out_as_the_user_was_shown(tmp_path: Path) -> None:
    build = make_build(tmp_path, "linux", files={"data/.secret": "", ".env": "", "data/x": ""})
    expected = ["build", ".env", str(Path("data", ".secret"))]
    assert package_arguments.excludes(build) == expected


NAMES = st.sampled_from(["a", "b", ".h", "__pycache__", "venv", "pyvenv.cfg", "build", "x.py"])
PATHS = st.lists(NAMES.filter(lambda n: n != "pyvenv.cfg"), max_size=3)


@given(
    st.lists(st.tuples(PATHS, NAMES), max_size=8),
    st.lists(PATHS.filter(bool).map("/".join), max_size=2),
    st.lists(PATHS.filter(bool).map("/".join), max_size=2),
)
def test_what_is_left_out_is_what_flet_build_leaves_out(
    tmp_path_factory: pytest.TempPathFactory,
    files: list[tuple[list[str], str]],
    exclude: list[str],
    include: list[str],
) -> None:
    oracle = pytest.importorskip("flet_cli.utils.app_excludes")
    folder = tmp_path_factory.mktemp("a")
    app = folder / "project"
    app.mkdir()
    for parents, name in files:
        path = app.joinpath(*parents, f"{name}.txt" if name != "pyvenv.cfg" else name)
        write(path.parent, {path.name: ""})
    toml = f"[tool.flet.app]\nexclude = {exclude!r}\ninclude = {include!r}\n"
    build = make_build(folder, "linux", toml)
    named = ["build", *exclude]
    theirs = oracle.find_default_excludes(app, include, named)
    left_out = build.project.selection.left_out
    deeper = {Path(left.path) for left in left_out if left.reason == "nested-hidden"}
    ours = [path for path in package_arguments.excludes(build) if Path(path) not in deeper]
    # Below what we leave out besides, nothing more needs to be named.
    named += [path for path in theirs if deeper.isdisjoint({Path(path), *Path(path).parents})]
    assert ours == list(dict.fromkeys(named))


def test_how_the_files_are_prepared(tmp_path: Path) -> None:
    toml = """[tool.flet.cleanup]
app_files = ["**.md", "  "]
package_files = "x,y"
packages = false
"""
    assert words_of(make_build(tmp_path, "linux", toml))[8:] == [
        *["--compile-app", "--compile-packages", "--cleanup-app-files", "**.md"],
        *["--cleanup-package-files", "x", "--cleanup-package-files", "y"],
        *["--cleanup-app", "--cleanup-packages"],
    ]


def test_nothing_prepared_and_much_said(tmp_path: Path) -> None:
    toml = "[tool.flet]\ncompile.app = false\ncompile.packages = false\ncleanup.packages = false\n"
    build = make_build(tmp_path, "linux", toml, verbose=2)
    assert words_of(build, skip_packages=True)[8:] == ["--verbose", "--skip-site-packages"]

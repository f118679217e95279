"""The app is packed anew, again or not at all, and what the packer made is looked at."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from builder import host, pipeline
from builder.flutter import package_arguments
from builder.flutter.kit import PythonRelease
from builder.pipeline import Build
from builder.problems import Problem, ProjectError, SlipwayError, ToolError
from builder.process import Finished
from builder.stages import extensions, package_python
from tests.builder.fake_build import FakeJob, keep_client, write
from tests.builder.flutter.making import make_build

PUBSPEC = "dependencies:\n  serious_python: 5.0.0\n"


class Packer:
    """Plays `dart run serious_python:main package`.

    `extensions` are the Dart packages that the installed packages bring; with `makes` false
    nothing is made.
    """

    def __init__(
        self, *, extensions: Sequence[str] = (), makes: bool = True, entry: str = "main.pyc",
        status: int = 0, say: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.extensions, self.makes, self.entry = extensions, makes, entry
        self.status, self.say = status, say
        self.calls: list[list[str]] = []

    def __call__(self, argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        self.calls.append(list(argv))
        temp = Path(env["SERIOUS_PYTHON_FLUTTER_PACKAGES"])
        flutter = temp.parent / "flutter"
        site = Path(env.get("SERIOUS_PYTHON_SITE_PACKAGES", flutter / "build" / "site-packages"))
        if "--skip-site-packages" not in argv:
            write(site, {"flet/__init__.pyc": "", "flet.dist-info/METADATA": ""})
            for name in self.extensions:
                write(temp / name, {"pubspec.yaml": f"name: {name}\n"})
        if self.makes and "SERIOUS_PYTHON_APP" in env:
            write(Path(env["SERIOUS_PYTHON_APP"]), {self.entry: ""})
        elif self.makes:
            (flutter / "app").mkdir(exist_ok=True)
            with zipfile.ZipFile(flutter / "app" / "app.zip", "w") as archive:
                archive.writestr(self.entry, "")
        return Finished(tuple(argv), self.status, tuple(self.say), ())

    @property
    def skipped(self) -> list[bool]:
        """Of each call, whether it left the packages as they were."""
        return ["--skip-site-packages" in argv for argv in self.calls]


def a_build(folder: Path, target: str = "linux", toml: str = "", **files: str) -> Build:
    build = make_build(folder, target, toml, files={f"{k}.py": v for k, v in files.items()})
    write(build.work / "flutter", {"pubspec.yaml": PUBSPEC})
    return build


def pack(build: Build, packer: Packer) -> FakeJob:
    job = FakeJob(build, packer)
    package_python.run(job)
    return job


def forecast(build: Build) -> tuple[str, str]:
    stage = replace(package_python.stage(), after=())
    (found,) = pipeline.forecast([stage], build)
    return found.state, found.reason


def as_done(build: Build, packer: Packer) -> None:
    """Run the stage with the pipeline's own bookkeeping."""
    stage = replace(package_python.stage(), after=(), run=lambda job: pack_in(job, packer))

    class Silent:
        stopped = None

        def check_stopped(self) -> None:
            pass

    pipeline.run([stage], build, lambda event: None, Silent())  # type: ignore[arg-type]


def pack_in(job: pipeline.Job, packer: Packer) -> None:
    package_python.run(FakeJob(job.build, packer))


def test_an_app_for_the_web_is_not_left_in_a_project_for_another_target(tmp_path: Path) -> None:
    """A template may name `app/app.zip` among its assets, and the old app would be shipped."""
    pack(a_build(tmp_path, "web"), Packer())
    project = tmp_path / "work" / "flutter" / "app"
    assert (project / "app.zip").is_file()
    pack(a_build(tmp_path, "apk"), Packer())
    assert not any(project.glob("app.zip*"))


@pytest.mark.parametrize("target", ["linux", "apk", "ipa", "web"])
def test_a_second_time_the_packages_stay(target: str, tmp_path: Path) -> None:
    build, packer = a_build(tmp_path, target), Packer()
    pack(build, packer)
    job = pack(build, packer)
    assert packer.skipped == [False, True]
    assert job.started[0][1] == build.work / "flutter"
    assert job.started[0][2]["SERIOUS_PYTHON_VERSION"] == "3.14"


def test_nothing_changed_means_nothing_to_do(tmp_path: Path) -> None:
    build, packer = a_build(tmp_path), Packer()
    assert forecast(build) == ("run", "first time")
    as_done(build, packer)
    assert forecast(build) == ("skip", "nothing changed")
    assert forecast(a_build(tmp_path, main="x = 1\n")) == ("run", "main.py changed")


@pytest.mark.parametrize("name", ["requirements.txt", "Python", "Flet"])
def test_every_file_of_the_app_counts_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    build, packer = a_build(tmp_path), Packer()
    as_done(build, packer)
    (build.project.folder / name).write_text("flet==1.0.5\n")
    assert forecast(a_build(tmp_path))[0] == "run"


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ('dependencies = ["httpx"]\n', "the packages was flet==1.0.5 and is httpx"),
        ("[tool.flet]\ncompile.packages = false\n", "compiling packages was yes and is no"),
        ('[tool.flet]\nsource_packages = ["a"]\n', "packages taken as sources was not set"),
        ("[tool.flet]\ncleanup.packages = false\n", "cleaning packages was yes and is no"),
    ],
)
def test_other_packages_are_installed(toml: str, reason: str, tmp_path: Path) -> None:
    packer = Packer()
    as_done(a_build(tmp_path), packer)
    changed = a_build(tmp_path, toml=toml)
    assert reason in forecast(changed)[1]
    pack(changed, packer)
    assert packer.skipped == [False, False]


@pytest.mark.parametrize(
    "toml",
    ["[tool.flet]\ncompile.app = false\n", '[tool.flet.app]\nexclude = ["x"]\n',
     "[tool.flet]\ncleanup.app = true\n"],
)  # fmt: skip
def test_the_app_packed_in_another_way_leaves_the_packages(toml: str, tmp_path: Path) -> None:
    packer = Packer()
    pack(a_build(tmp_path), packer)
    pack(a_build(tmp_path, toml=toml), packer)
    assert packer.skipped == [False, True]


def test_what_it_reads_keeps_no_password(tmp_path: Path) -> None:
    toml = 'dependencies = ["foo @ git+https://me:secret-word@host.example/foo"]\n'
    build = a_build(tmp_path, toml=toml)
    assert "secret-word" in " ".join(package_arguments.packages(build))
    assert "secret-word" not in str(package_python.reads(build))


def test_what_is_only_left_out_is_no_change(tmp_path: Path) -> None:
    build, packer = a_build(tmp_path), Packer()
    as_done(build, packer)
    write(build.project.folder, {"dist/linux/notes": "what was delivered", ".git/HEAD": ""})
    assert forecast(a_build(tmp_path)) == ("skip", "nothing changed")


def test_another_packer_installs_anew(tmp_path: Path) -> None:
    build, packer = a_build(tmp_path), Packer()
    as_done(build, packer)
    write(build.work / "flutter", {"pubspec.yaml": PUBSPEC.replace("5.0.0", "5.1.0")})
    assert forecast(build)[1] == "serious_python was 5.0.0 and is 5.1.0"
    pack(build, packer)
    assert packer.skipped == [False, False]


def test_a_packer_from_elsewhere_installs_anew(tmp_path: Path) -> None:
    build = a_build(tmp_path)
    as_done(build, Packer())
    override = "dependency_overrides:\n  serious_python:\n    path: ../mine\n"
    write(build.work / "flutter", {"pubspec.yaml": f"{PUBSPEC}{override}"})
    assert forecast(build)[1] == "serious_python was 5.0.0 and is 5.0.0; path: ../mine"


def test_a_list_that_changes_installs_anew(tmp_path: Path) -> None:
    packer = Packer()
    for text in ("flet\n", "flet\n", "flet\n--pre\n"):
        write(tmp_path / "project", {"requirements.txt": text})
        pack(a_build(tmp_path), packer)
    assert packer.skipped == [False, True, False]


def test_development_packages_are_installed_each_time(tmp_path: Path) -> None:
    toml = 'dependencies = ["pkg"]\n[tool.flet.dev_packages]\npkg = "local"\n'
    write(tmp_path / "project", {"local/pkg.py": "x = 1\n"})
    packer = Packer()
    as_done(a_build(tmp_path, toml=toml), packer)
    pack(a_build(tmp_path, toml=toml), packer)
    assert packer.skipped == [False, False]
    write(tmp_path / "project", {"local/pkg.py": "x = 1234\n"})
    assert forecast(a_build(tmp_path, toml=toml))[0] == "run"


def test_a_development_package_from_an_address_may_have_changed(tmp_path: Path) -> None:
    toml = 'dependencies = ["pkg"]\n[tool.flet.dev_packages]\npkg = "git+https://x.org/pkg"\n'
    build = a_build(tmp_path, toml=toml)
    as_done(build, Packer())
    assert forecast(build) == ("run", "a fresh copy of pkg is missing")


@pytest.mark.parametrize(
    ("target", "gone"),
    [
        ("linux", "site-packages"),
        ("linux", "site-packages/flet.dist-info/METADATA"),
        ("web", "flutter/build/site-packages"),
    ],
)
def test_packages_that_are_gone_are_installed_anew(target: str, gone: str, tmp_path: Path) -> None:
    build, packer = a_build(tmp_path, target), Packer()
    as_done(build, packer)
    package_python._remove(build.work / gone)
    assert forecast(build) == ("run", "the folder of the app's packages is missing")
    pack(build, packer)
    assert packer.skipped == [False, False]


@pytest.mark.parametrize(
    ("target", "gone"), [("linux", "python-app"), ("web", "flutter/app/app.zip")]
)
def test_a_packed_app_that_is_gone_is_packed_again(target: str, gone: str, tmp_path: Path) -> None:
    build, packer = a_build(tmp_path, target), Packer()
    as_done(build, packer)
    package_python._remove(build.work / gone)
    assert forecast(build) == ("run", "the packed app is missing")
    pack(build, packer)
    assert packer.skipped == [False, True]


def test_another_python_wipes_what_was_made_with_the_first(tmp_path: Path) -> None:
    build, packer = a_build(tmp_path), Packer()
    pack(build, packer)
    old = ("flutter/build/x.so", "flutter/.dart_tool/x", "site-packages/old.pyc", "python-app/o")
    write(build.work, dict.fromkeys((*old, "flutter/lib/main.dart"), ""))
    assert build.kit is not None
    other = PythonRelease("3.13", "3.13.14", "0.29.4", build.kit.python.android_abis)
    job = pack(replace(build, kit=replace(build.kit, python=other)), packer)
    assert packer.skipped == [False, False]
    assert not any((build.work / name).exists() for name in old)
    assert (build.work / "flutter/lib/main.dart").exists()
    assert "Python was 3.14 and is 3.13" in job.said[0]


@pytest.mark.parametrize("target", ["linux", "web"])
def test_an_old_result_does_not_stand_in_for_a_new_one(target: str, tmp_path: Path) -> None:
    build = a_build(tmp_path, target)
    pack(build, Packer())
    with pytest.raises(ToolError) as raised:
        pack(build, Packer(makes=False, say=["done"]))
    assert raised.value.problem.code == "app-not-packed"
    assert raised.value.problem.evidence == ("done",)


@pytest.mark.parametrize("target", ["linux", "web"])
def test_an_app_without_its_start_is_no_app(target: str, tmp_path: Path) -> None:
    with pytest.raises(ToolError) as raised:
        pack(a_build(tmp_path, target), Packer(entry="other.pyc"))
    assert "main.py" in raised.value.problem.why


def test_a_web_archive_that_is_none(tmp_path: Path) -> None:
    build = a_build(tmp_path, "web")

    def tool(argv: Sequence[str], env: Mapping[str, str]) -> Finished:
        write(build.work / "flutter", {"app/app.zip": "half"})
        return Finished((), 0, (), ())

    with pytest.raises(ToolError):
        package_python.run(FakeJob(build, tool))


def test_after_a_failed_install_packages_are_installed_again(tmp_path: Path) -> None:
    packer = Packer()
    pack(a_build(tmp_path), packer)
    failing = Packer(status=1)
    changed = a_build(tmp_path, toml='dependencies = ["flet", "httpx"]\n')
    with pytest.raises(SlipwayError):
        pack(changed, failing)
    pack(a_build(tmp_path), packer)
    assert packer.skipped == [False, False]


def test_after_a_failure_without_install_the_packages_stay(tmp_path: Path) -> None:
    build, packer = a_build(tmp_path), Packer()
    pack(build, packer)
    with pytest.raises(SlipwayError):
        pack(build, Packer(status=1))
    pack(build, packer)
    assert packer.skipped == [False, True]


def test_a_file_that_cannot_be_read_stops_it(tmp_path: Path) -> None:
    build = a_build(tmp_path)
    broken = replace(build.project.selection, problems=[package_problem()])
    build = replace(build, project=replace(build.project, selection=broken))
    with pytest.raises(ProjectError) as raised:
        package_python.run(FakeJob(build))
    assert raised.value.problem.code == "file-not-readable"


def package_problem() -> Problem:
    return Problem("file-not-readable", "“x” cannot be read")


@pytest.mark.parametrize(("system", "is_refused"), [("windows", True), ("linux", False)])
def test_more_to_leave_out_than_windows_takes(
    system: str, is_refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "project", {f"data/.hidden-{n}-{'x' * 50}": "" for n in range(150)})
    build, packer = a_build(tmp_path), Packer()
    monkeypatch.setattr(host, "current", lambda: system)
    if not is_refused:
        pack(build, packer)
        return
    with pytest.raises(ProjectError) as raised:
        pack(build, packer)
    assert raised.value.problem.code == "command-too-long"
    assert packer.calls == []


def test_what_it_is_at_moves_the_bar(tmp_path: Path) -> None:
    shown: list[tuple[float, float | None, str]] = []

    class Watching(FakeJob):
        def progress(self, done: float, total: float | None, unit: str, detail: str = "") -> None:
            shown.append((round(done, 2), total, detail))

    watch = package_python._Steps(Watching(a_build(tmp_path, "apk")))
    for line in (
        "Copying Python app from /x to a temp directory",
        "Configured Android/arm64-v8a platform with sitecustomize.py",
        "Cleanup installed packages",
        "Configured Android/x86_64 platform with sitecustomize.py",
        "of no interest",
    ):
        watch("out", [line])
    assert shown == [
        (0.08, 1, "Copying the app"),
        (0.15, 1, "Packages for arm64-v8a"),
        (0.38, 1, "Tidying the packages"),
        (0.38, 1, "Packages for x86_64"),
    ]


def test_what_pip_says_is_told_and_moves_the_bar(tmp_path: Path) -> None:
    details: list[str] = []

    class Watching(FakeJob):
        def progress(self, done: float, total: float | None, unit: str, detail: str = "") -> None:
            details.append(detail)

    for verbose, said in ((0, ["Collecting httpx>=1", "  Downloading x"]), (2, [])):
        job = Watching(make_build(tmp_path / str(verbose), "linux", verbose=verbose))
        steps = package_python._Steps(job)
        steps.hear_pip(["Collecting httpx>=1", "  Downloading x"])
        assert job.said == said
        assert steps.collecting == ["Collecting httpx>=1"]
    assert details == ["Downloading x"] * 2


# ---- Extensions ------------------------------------------------------------------------------


def register(build: Build) -> dict[str, Path]:
    extensions.run(FakeJob(build))
    return extensions.of(build)


def test_extensions_are_moved_and_named(tmp_path: Path) -> None:
    build = a_build(tmp_path)
    pack(build, Packer(extensions=["flet_audio", "flet_video"]))
    found = register(build)
    assert found == {n: build.work / "flutter-packages" / n for n in ("flet_audio", "flet_video")}
    assert all((folder / "pubspec.yaml").is_file() for folder in found.values())
    assert not (build.work / "flutter-packages-temp").exists()


def test_with_packages_as_they_were_extensions_stay(tmp_path: Path) -> None:
    build, packer = a_build(tmp_path), Packer(extensions=["flet_video"])
    pack(build, packer)
    register(build)
    read = extensions.reads(build)
    pack(build, packer)
    assert packer.skipped == [False, True]
    assert extensions.reads(build) == read
    assert list(register(build)) == ["flet_video"]


def test_an_extension_that_is_not_wanted_any_more_goes(tmp_path: Path) -> None:
    build = a_build(tmp_path)
    pack(build, Packer(extensions=["flet_video"]))
    register(build)
    read = extensions.reads(build)
    pack(a_build(tmp_path, toml='dependencies = ["flet"]\n'), Packer())
    assert extensions.reads(build) != read
    assert register(build) == {}
    assert not (build.work / "flutter-packages").exists()


def test_a_build_that_ended_before_they_were_moved_moves_them_later(tmp_path: Path) -> None:
    build, packer = a_build(tmp_path), Packer(extensions=["flet_video"])
    pack(build, packer)
    pack(build, packer)
    assert packer.skipped == [False, True]
    assert list(register(build)) == ["flet_video"]
    assert list(register(build)) == ["flet_video"]  # moved, and killed before that was noted


def test_an_extension_that_is_gone_is_installed_anew(tmp_path: Path) -> None:
    build, packer = a_build(tmp_path), Packer(extensions=["flet_video"])
    as_done(build, packer)
    register(build)
    package_python._remove(build.work / "flutter-packages")
    assert forecast(build) == ("run", "the Flutter package flet_video is missing")
    with pytest.raises(ToolError) as raised:
        register(build)
    assert raised.value.problem.code == "extensions-lost"
    pack(build, packer)
    assert packer.skipped == [False, False]
    assert list(register(build)) == ["flet_video"]


def test_a_folder_without_pubspec_is_no_extension(tmp_path: Path) -> None:
    build = a_build(tmp_path)
    pack(build, Packer(extensions=["flet_video"]))
    (build.work / "flutter-packages-temp" / "flet_video" / "pubspec.yaml").unlink()
    assert register(build) == {}


# ---- Pyodide ---------------------------------------------------------------------------------


def test_pyodide_is_packed_along_where_nothing_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / "cache"))
    keep_client("1.0.5")
    build, packer = a_build(tmp_path, "web", "[tool.flet.web]\ncdn = false\n"), Packer()
    as_done(build, packer)
    put = build.work / "flutter" / "web" / "pyodide"
    assert {"pyodide.mjs", "pyodide-lock.json", "python_stdlib.zip"} <= {
        path.name for path in put.iterdir()
    }
    package_python._remove(put)
    assert forecast(build) == ("run", "Pyodide in the Flutter project is missing")
    pack(build, packer)
    assert put.is_dir()
    pack(a_build(tmp_path, "web"), packer)
    assert not put.exists()

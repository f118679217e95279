"""The tools of Flutter builds are asked in Flet's order, and whatever is wrong is told in words."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import psutil
import pytest

from builder import events, host
from builder.checks import toolchain
from builder.checks.finding import Finding
from builder.flutter.kit import FlutterRelease, PythonRelease, Toolchain
from builder.host import Host
from builder.problems import EXIT_COMPUTER, EXIT_DONE, EXIT_TOOL, Cancelled, Problem
from builder.process import Tools
from builder.toolchains import asking, flutter, java
from tests.builder.toolchains import sdk
from tests.flutter_stub import Stub

PYTHON = PythonRelease("3.14", "3.14.6", "314.0.7", ("arm64-v8a",))
RELEASE = FlutterRelease("1.0.5", "3.44.8", {"3.14": PYTHON}, "3.14")


@pytest.fixture(autouse=True)
def nothing_else_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr(host, "current", lambda: "linux")
    monkeypatch.setattr(java, "SHARED", dict.fromkeys(java.SHARED, ()))
    monkeypatch.setattr(flutter, "USUAL_OF_ALL", ())


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer without tools; the folder on its PATH."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("JAVA_HOME", "ANDROID_HOME", "ANDROID_SDK_ROOT", "FLUTTER_ROOT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "bin"


class Looked:
    """What a look came to."""

    def __init__(self, target: str = "web", tools: Tools | None = None, ask: bool = True) -> None:
        self.said: list[events.Event] = []
        self.toolchain: Toolchain | None
        self.findings: list[Finding]
        self.toolchain, self.findings = toolchain.look(
            target, RELEASE, (tools or Tools()) if ask else None, self.said.append
        )

    @property
    def problems(self) -> list[Problem]:
        return [problem for finding in self.findings for problem in finding.problems]

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems if problem.severity == "error"]

    @property
    def exits(self) -> list[int]:
        return [finding.exit for finding in self.findings if finding.exit != EXIT_DONE]


@pytest.mark.parametrize(
    ("target", "way"), [("web", "prebuilt"), ("linux", "pyinstaller"), ("apk", None)]
)
def test_without_flutter_another_way_is_one_click_away(
    target: str, way: str | None, bare: Path
) -> None:
    (problem,) = [p for p in Looked(target).problems if p.code == "flutter-missing"]
    runs = [fix.data["argv"] for fix in problem.fixes if fix.kind == "run"]
    assert runs == ([["--backend", way]] if way else [])
    assert "can be built now" in problem.do


class TestAllIsThere:
    def test_flutter_alone(self, flutter_stub: Stub) -> None:
        looked = Looked()
        assert looked.codes == []
        program = flutter_stub.flutter / "bin" / "flutter"
        assert looked.toolchain == Toolchain(program, program.with_name("dart"), "3.44.8", {})
        [call] = flutter_stub.calls()
        assert call.args == ["--version", "--no-version-check", "--suppress-analytics"]

    def test_for_android_in_flets_order(self, flutter_stub: Stub) -> None:
        looked = Looked("apk")
        assert looked.toolchain is not None
        assert looked.toolchain.env == {
            "JAVA_HOME": str(flutter_stub.java),
            "ANDROID_HOME": str(flutter_stub.android),
        }
        calls = flutter_stub.calls()
        assert [call.step for call in calls] == ["flutter --version", "javac", "flutter config"]
        assert calls[1].args == ["-version"]
        assert calls[2].args == [
            "config", "--no-version-check", "--suppress-analytics",
            f"--jdk-dir={flutter_stub.java}",
        ]  # fmt: skip

    def test_a_look_at_files_starts_nothing(self, flutter_stub: Stub) -> None:
        looked = Looked("apk", ask=False)
        assert looked.toolchain is not None
        assert looked.codes == []
        assert flutter_stub.calls() == []
        assert looked.said == []

    def test_what_they_say_is_in_the_log(self, flutter_stub: Stub) -> None:
        said = Looked().said
        assert events.Check("flutter", "Flutter 3.44", "pending") in said
        lines = [line for event in said if isinstance(event, events.Log) for line in event.lines]
        assert lines[0].startswith("Flutter 3.44.8")

    def test_another_patch_level_will_do(self, flutter_stub: Stub) -> None:
        flutter_stub.behave("flutter --version", version="3.44.1")
        looked = Looked()
        assert looked.toolchain is not None
        assert looked.toolchain.version == "3.44.1"

    def test_flets_own_goes_before_that_of_the_path(self, flutter_stub: Stub) -> None:
        own = Path(os.environ["HOME"]) / "flutter" / "3.44.8" / "bin"
        own.mkdir(parents=True)
        for name in ("flutter", "dart"):
            (own / name).symlink_to(flutter_stub.flutter / "bin" / name)
        looked = Looked()
        assert looked.toolchain is not None
        assert looked.toolchain.flutter == own / "flutter"
        assert looked.toolchain.env["PATH"].split(os.pathsep)[0] == str(own)

    def test_when_flets_own_is_broken_the_next_is_taken(self, flutter_stub: Stub) -> None:
        own = Path(os.environ["HOME"]) / "flutter" / "3.44.8" / "bin" / "flutter"
        own.mkdir(parents=True)
        looked = Looked()
        assert looked.codes == []
        assert looked.toolchain is not None
        assert looked.toolchain.flutter == flutter_stub.flutter / "bin" / "flutter"


class TestSomethingIsMissing:
    def test_flutter(self, bare: Path) -> None:
        looked = Looked()
        assert looked.toolchain is None
        assert (looked.codes, looked.exits) == (["flutter-missing"], [EXIT_COMPUTER])
        [problem] = looked.problems
        assert "3.44.8" in problem.title
        assert "GB" in problem.why
        assert "minutes" in problem.why
        assert "flet build web" in problem.do
        assert problem.fixes

    def test_one_that_is_not_on_the_path_is_named(self, bare: Path) -> None:
        sdk.flutter(Path.home() / "development/flutter")
        [problem] = Looked().problems
        assert str(Path.home() / "development/flutter") in problem.why

    def test_all_of_it_is_told_at_once(self, bare: Path) -> None:
        looked = Looked("apk")
        assert looked.codes == ["flutter-missing", "java-missing", "android-missing"]
        assert looked.toolchain is None

    def test_java(self, flutter_stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("JAVA_HOME", str(flutter_stub.folder / "gone"))
        looked = Looked("apk")
        assert looked.codes == ["java-missing"]
        assert f"JAVA_HOME={flutter_stub.folder / 'gone'} has no javac" in looked.problems[0].why
        assert [call.step for call in flutter_stub.calls()] == ["flutter --version"]

    def test_java_is_another_one(self, flutter_stub: Stub) -> None:
        flutter_stub.behave("javac", version="21.0.2")
        looked = Looked("aab")
        assert looked.codes == ["java-missing"]
        assert "is Java 21.0.2" in looked.problems[0].why
        assert "flutter config" not in [call.step for call in flutter_stub.calls()]

    @pytest.mark.parametrize("told", [{"no_result": True}, {"signal": "SIGKILL"}])
    def test_java_does_not_say(self, told: dict[str, object], flutter_stub: Stub) -> None:
        flutter_stub.behave("javac", **told)
        assert "does not say its version" in Looked("apk").problems[0].why

    def test_java_cannot_be_started(self, flutter_stub: Stub) -> None:
        (flutter_stub.java / "bin" / "javac").write_text("no program", "utf-8")
        assert Looked("apk").codes == ["java-missing"]

    def test_parts_of_the_android_tools(self, flutter_stub: Stub) -> None:
        (flutter_stub.android / "build-tools" / "34.0.0").rmdir()
        looked = Looked("apk")
        assert looked.codes == ["android-missing"]
        assert "build-tools/34.0.0" in looked.problems[0].title
        assert looked.problems[0].where == str(flutter_stub.android)

    def test_flutter_takes_no_jdk(self, flutter_stub: Stub) -> None:
        flutter_stub.behave("flutter config", status=1, say_err=["Cannot write settings"])
        looked = Looked("apk")
        assert (looked.codes, looked.exits) == (["flutter-config-failed"], [EXIT_TOOL])
        assert looked.problems[0].evidence == ("Cannot write settings",)


class TestFlutterIsOdd:
    def one(self, stub: Stub, **told: object) -> Problem:
        stub.behave("flutter --version", **told)
        looked = Looked()
        assert looked.toolchain is None
        [problem] = looked.problems
        assert str(stub.flutter) in problem.why + problem.where
        return problem

    def test_of_another_version(self, flutter_stub: Stub) -> None:
        problem = self.one(flutter_stub, version="3.29.3")
        assert problem.code == "flutter-other-version"
        assert "3.29.3" in problem.title
        assert "3.44" in problem.title
        assert str(flutter.own_folder("3.44.8")) in problem.do

    def test_fails(self, flutter_stub: Stub) -> None:
        problem = self.one(flutter_stub, status=1, no_result=True, say_err=["Unable to find git"])
        assert problem.code == "flutter-failed"
        assert problem.evidence == ("Unable to find git",)
        assert "bin/cache is not there" in problem.why

    def test_says_a_version_and_fails(self, flutter_stub: Stub) -> None:
        assert self.one(flutter_stub, status=3).code == "flutter-failed"

    def test_says_something_else(self, flutter_stub: Stub) -> None:
        problem = self.one(flutter_stub, no_result=True, say=["Hello"])
        assert problem.code == "flutter-unreadable"

    def test_says_binary_rubbish(self, flutter_stub: Stub) -> None:
        problem = self.one(flutter_stub, no_result=True, binary=5000)
        assert problem.code == "flutter-unreadable"
        assert all(line.isprintable() for line in problem.evidence)

    def test_talks_without_end(self, flutter_stub: Stub) -> None:
        assert self.one(flutter_stub, endless=True).code == "flutter-floods"

    def test_asks_a_question(self, flutter_stub: Stub) -> None:
        problem = self.one(flutter_stub, ask="Send usage data to Google? [y/n] ")
        assert problem.code == "flutter-asks"
        assert "Send usage data to Google? [y/n]" in problem.evidence

    @pytest.mark.skipif(os.name == "nt", reason="there are no signals")
    @pytest.mark.parametrize("name", ["SIGSEGV", "SIGKILL"])
    def test_ends_by_a_signal(self, name: str, flutter_stub: Stub) -> None:
        problem = self.one(flutter_stub, no_result=True, signal=name)
        assert problem.code == "flutter-killed"
        assert name in problem.title

    @pytest.mark.slow
    @pytest.mark.parametrize("how", [True, "deaf", "child"])
    def test_hangs(self, how: object, flutter_stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(asking, "LIMIT", 2.0)
        problem = self.one(flutter_stub, no_result=True, hang=how, say=["Waiting for the lock"])
        assert problem.code == "flutter-hangs"
        assert problem.evidence == ("Waiting for the lock",)
        assert left(flutter_stub) == []

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("Waiting for another flutter command to release the startup lock...", "Another"),
            ("Downloading Linux x64 Dart SDK from Flutter engine ...", "still downloading"),
        ],
    )
    def test_hangs_for_a_reason(
        self, line: str, why: str, flutter_stub: Stub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(asking, "LIMIT", 2.0)
        assert why in self.one(flutter_stub, hang=True, say=[line]).why

    def test_has_no_dart(self, flutter_stub: Stub) -> None:
        (flutter_stub.flutter / "bin" / "dart").unlink()
        assert Looked().codes == ["flutter-incomplete"]
        assert flutter_stub.calls() == []

    def test_is_a_folder(self, flutter_stub: Stub) -> None:
        program = flutter_stub.flutter / "bin" / "flutter"
        program.unlink()
        program.mkdir()
        assert Looked().codes == ["flutter-incomplete"]

    @pytest.mark.skipif(os.name == "nt", reason="there every file may be run")
    def test_may_not_be_run(self, flutter_stub: Stub) -> None:
        (flutter_stub.flutter / "bin" / "flutter").chmod(0o644)
        [problem] = Looked().problems
        assert problem.code == "flutter-incomplete"
        assert "may not be run" in problem.why

    @pytest.mark.skipif(os.name == "nt", reason="there it is no program either")
    def test_is_no_program(self, flutter_stub: Stub) -> None:
        (flutter_stub.flutter / "bin" / "flutter").write_bytes(b"\x7fELF of half a download")
        [problem] = Looked().problems
        assert problem.code == "flutter-incomplete"
        assert "could not be started" in problem.why

    def test_is_of_another_version_by_its_files(self, bare: Path) -> None:
        sdk.flutter(Path.home() / "flutter" / "3.44.8", "3.24.0")
        assert Looked(ask=False).codes == ["flutter-other-version"]


class TestCancel:
    @pytest.mark.slow
    @pytest.mark.parametrize("how", ["deaf", "child"])
    def test_leaves_nothing(self, how: str, flutter_stub: Stub) -> None:
        flutter_stub.behave("flutter --version", no_result=True, hang=how)
        tools = Tools()
        threading.Timer(1.5, tools.stop).start()
        with pytest.raises(Cancelled):
            Looked(tools=tools)
        assert left(flutter_stub) == []


def left(stub: Stub) -> list[int]:
    """The processes that calls of the stub left behind."""
    pids = [call.pid for call in stub.calls()]
    if (stub.folder / "child.pid").exists():
        pids.append(stub.child())
    # A busy system needs a moment for what was killed.
    _, alive = psutil.wait_procs([one for pid in pids if (one := _running(pid))], 30)
    return [process.pid for process in alive if _running(process.pid)]


def _running(pid: int) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except psutil.NoSuchProcess:
        return None


class TestWindowsOnArm:
    @pytest.fixture(autouse=True)
    def on_windows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(host, "current", lambda: "windows")

    def test_dart_is_asked_for_windows_apps_only(self, flutter_stub: Stub) -> None:
        Looked("windows")
        assert [call.step for call in flutter_stub.calls()] == [
            "flutter --version",
            "dart --version",
        ]
        flutter_stub.forget()
        Looked("web")
        assert [call.step for call in flutter_stub.calls()] == ["flutter --version"]

    def test_flutter_for_arm_will_not_do(self, flutter_stub: Stub) -> None:
        flutter_stub.behave("dart --version", system="windows_arm64")
        looked = Looked("windows")
        assert looked.codes == ["flutter-for-arm"]
        assert "the other one may stay" in looked.problems[0].do
        assert Looked("web").codes == []

    def test_flets_own_for_arm_has_to_go(self, flutter_stub: Stub) -> None:
        flutter_stub.behave("dart --version", system="windows_arm64")
        own = Path(os.environ["HOME"]) / "flutter" / "3.44.8" / "bin"
        own.mkdir(parents=True)
        for name in ("flutter", "dart"):
            (own / name).symlink_to(flutter_stub.flutter / "bin" / name)
        assert Looked("windows").problems[0].do.startswith("Delete")


class TestWhatFlutterCompilesWith:
    """Only warned of: Flutter itself knows better what it finds."""

    @pytest.fixture(params=["linux", "windows", "macos"])
    def target(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
        here: Host = request.param
        monkeypatch.setattr(host, "current", lambda: here)
        monkeypatch.setattr(toolchain.compilers, "missing_on_linux", lambda: ["clang"])
        monkeypatch.setattr(toolchain.compilers, "has_visual_studio", lambda: False)
        monkeypatch.setattr(toolchain.xcode, "is_there", lambda: False)
        return here

    def test_its_lack_is_no_hindrance(self, target: str, flutter_stub: Stub) -> None:
        looked = Looked(target)
        assert looked.toolchain is not None
        assert looked.exits == []
        [problem] = looked.problems
        assert problem.severity == "warn"
        assert problem.do

    def test_a_web_site_needs_none(self, target: str, flutter_stub: Stub) -> None:
        assert Looked("web").problems == []

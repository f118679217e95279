"""The result as it is handed out: what Flutter made, under its right names, and nothing else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder import reserved
from builder.flutter import outputs
from builder.pipeline import Build
from builder.problems import Cancelled, ComputerError, ToolError
from builder.process import Tools
from builder.stages import collect
from tests.builder.fake_build import write
from tests.builder.flutter.making import Told, make_build, make_job


@pytest.fixture
def tools() -> Iterator[Tools]:
    tools = Tools()
    yield tools
    tools.stop()


def made(build: Build, files: Mapping[str, str | bytes]) -> Build:
    """The build with these files where Flutter leaves them."""
    write(outputs.folders(build)[-1], files)
    return build


def run(build: Build, tools: Tools) -> tuple[list[str], Told]:
    """What is collected, and what was said."""
    job, told = make_job(build, "collect", tools)
    collect.run(job)
    return files_in(build.work / "collected"), told


def files_in(folder: Path) -> list[str]:
    found = (p for p in folder.rglob("*") if not p.is_dir() or p.is_symlink())
    return sorted(p.relative_to(folder).as_posix() for p in found)


class TestDesktop:
    def test_the_whole_bundle_with_its_rights(self, tmp_path: Path, tools: Tools) -> None:
        build = made(make_build(tmp_path, "linux"), {"notes": "ELF", "lib/libapp.so": "ELF"})
        (outputs.folders(build)[-1] / "notes").chmod(0o755)
        files, _ = run(build, tools)
        assert files == ["lib/libapp.so", "notes"]
        mode = (build.work / "collected" / "notes").stat().st_mode
        assert os.name == "nt" or mode & stat.S_IXUSR

    @pytest.mark.skipif(os.name == "nt", reason="links need a right there")
    def test_links_in_a_mac_bundle_stay_links(self, tmp_path: Path, tools: Tools) -> None:
        build = make_build(tmp_path, "macos")
        versions = "notes.app/Contents/Frameworks/App.framework/Versions"
        made(build, {f"{versions}/A/App": "", "notes.app.dSYM/x": "", "other.txt": ""})
        (outputs.folders(build)[-1] / versions / "Current").symlink_to("A")
        files, _ = run(build, tools)
        assert files == [f"{versions}/A/App", f"{versions}/Current"]
        assert (build.work / "collected" / versions / "Current").readlink() == Path("A")

    @pytest.mark.skipif(os.name == "nt", reason="links need a right there")
    def test_a_link_at_the_top_that_leads_nowhere(self, tmp_path: Path, tools: Tools) -> None:
        build = made(make_build(tmp_path, "linux"), {"notes": ""})
        (outputs.folders(build)[-1] / "gone").symlink_to("nowhere")
        assert run(build, tools)[0] == ["gone", "notes"]


class TestAndroid:
    @pytest.mark.parametrize(
        ("target", "names", "expected"),
        [
            ("apk", ["app-release.apk", "app-release.apk.sha1"], ["My App.apk", "My App.apk.sha1"]),
            (
                "apk",
                ["app-arm64-v8a-release.apk", "app-x86_64-release.apk.sha1"],
                ["My App-arm64-v8a.apk", "My App-x86_64.apk.sha1"],
            ),
            ("aab", ["app-release.aab"], ["My App.aab"]),
            # Whatever else lies there keeps its name.
            ("apk", ["app-debug.apk", "application-release.apk"],
             ["app-debug.apk", "application-release.apk"]),
            ("apk", ["app-release.apk", "My App.apk"], ["My App.apk", "app-release.apk"]),
        ],
    )  # fmt: skip
    def test_names(
        self, target: str, names: list[str], expected: list[str], tmp_path: Path, tools: Tools
    ) -> None:
        build = made(make_build(tmp_path, target, artifact="My App"), dict.fromkeys(names, ""))
        assert run(build, tools)[0] == expected

    def test_a_name_that_no_file_may_have(self, tmp_path: Path, tools: Tools) -> None:
        build = make_build(tmp_path, "apk", artifact="../a/b: c?")
        assert run(made(build, {"app-release.apk": ""}), tools)[0] == [".._a_b_ c_.apk"]


@pytest.mark.parametrize(
    ("artifact", "expected"),
    [
        ("notes", "notes"),
        ("My App", "My App"),
        ("日本語", "日本語"),
        ("a/b\\c", "a_b_c"),
        ("dots...", "dots"),
        ("..", "app"),
        ("", "app"),
        ("con", "_con"),
        ("LPT1.old", "_LPT1.old"),
        ("tab\there", "tab_here"),
        ("half\ud800", "half_"),
    ],
)
def test_file_names(artifact: str, expected: str) -> None:
    assert collect.file_name(artifact) == expected


@given(st.text() | st.text(alphabet="é日 ./\\:.cony", max_size=400))
def test_any_artifact_has_a_file_name(artifact: str) -> None:
    name = collect.file_name(artifact)
    assert name
    assert name == name.strip()
    assert len(name.encode()) < 255 - len("-armeabi-v7a.apk.sha1")
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert not name.endswith(".")
    assert name.partition(".")[0].lower() not in reserved.WINDOWS


class TestApple:
    def test_an_ipa_alone_and_else_its_archive(self, tmp_path: Path, tools: Tools) -> None:
        build = make_build(tmp_path, "ipa")
        archive, ipa = outputs.folders(build)
        write(archive, {"Runner.xcarchive/Info.plist": ""})
        assert run(build, tools)[0] == ["Runner.xcarchive/Info.plist"]
        write(ipa, {"notes.ipa": "", "DistributionSummary.plist": ""})
        assert run(build, tools)[0] == ["DistributionSummary.plist", "notes.ipa"]

    def test_the_simulators(self, tmp_path: Path, tools: Tools) -> None:
        build = made(make_build(tmp_path, "ios-simulator"), {"Runner.app/Runner": ""})
        assert run(build, tools)[0] == ["Runner.app/Runner"]


SITE = {"index.html": "flutter's", "canvaskit/canvaskit.wasm": "big", "main.dart.js": ""}


class TestWeb:
    def test_assets_lie_at_the_root_and_canvaskit_stays_out(
        self, tmp_path: Path, tools: Tools
    ) -> None:
        own = {"assets/logo.png": "", "assets/sub/a.txt": "", "assets/.env": "secret"}
        build = made(make_build(tmp_path, "web", files=own), SITE)
        files, told = run(build, tools)
        assert files == ["index.html", "logo.png", "main.dart.js", "sub/a.txt"]
        assert [p.code for p in told.problems] == ["hidden-file-left-out"]

    def test_without_a_network_canvaskit_comes_along(self, tmp_path: Path, tools: Tools) -> None:
        build = made(make_build(tmp_path, "web", no_cdn=True), SITE)
        assert "canvaskit/canvaskit.wasm" in run(build, tools)[0]

    def test_an_asset_takes_the_place_of_flutters_file_and_not_in_flutters_folder(
        self, tmp_path: Path, tools: Tools
    ) -> None:
        own = {"assets/index.html": "mine", "assets/main.dart.js": "mine"}
        build = made(make_build(tmp_path, "web", files=own), SITE)
        _, told = run(build, tools)
        assert (build.work / "collected" / "index.html").read_text() == "mine"
        assert (outputs.folders(build)[-1] / "index.html").read_text() == "flutter's"
        (problem,) = told.problems
        assert (problem.code, problem.severity) == ("asset-replaces", "warn")
        assert problem.where == "assets/main.dart.js"

    def test_an_asset_in_the_way_of_a_folder_is_told(self, tmp_path: Path, tools: Tools) -> None:
        build = made(
            make_build(tmp_path, "web", no_cdn=True, files={"assets/canvaskit": "x"}), SITE
        )
        with pytest.raises(ComputerError) as caught:
            run(build, tools)
        assert caught.value.problem.code == "result-not-collected"


class TestStage:
    def test_no_result_is_a_failure_and_the_last_one_stays(
        self, tmp_path: Path, tools: Tools
    ) -> None:
        build = made(make_build(tmp_path, "linux"), {"notes": ""})
        run(build, tools)
        outputs.wipe(build)
        with pytest.raises(ToolError) as caught:
            run(build, tools)
        assert caught.value.problem.code == "flutter-no-result"
        assert files_in(build.work / "collected") == ["notes"]

    def test_nothing_of_an_earlier_result_is_left(self, tmp_path: Path, tools: Tools) -> None:
        build = made(make_build(tmp_path, "linux"), {"old": "", "both": "1"})
        write(build.work, {"collected.new/half": ""})
        run(build, tools)
        outputs.wipe(build)
        assert run(made(build, {"both": "2", "new": ""}), tools)[0] == ["both", "new"]
        assert not (build.work / "collected.new").exists()

    def test_wiping_flutters_own_leaves_what_was_collected(
        self, tmp_path: Path, tools: Tools
    ) -> None:
        build = made(make_build(tmp_path, "linux"), {"notes": "ELF"})
        run(build, tools)
        outputs.wipe(build)
        assert (build.work / "collected" / "notes").read_text() == "ELF"

    def test_a_disk_without_second_names(
        self, tmp_path: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: object, **more: object) -> None:
            raise OSError(18, "Invalid cross-device link")

        monkeypatch.setattr("os.link", refuse)
        build = made(make_build(tmp_path, "linux"), {"notes": "ELF", "lib/x.so": ""})
        (outputs.folders(build)[-1] / "notes").chmod(0o755)
        assert run(build, tools)[0] == ["lib/x.so", "notes"]
        assert os.access(build.work / "collected" / "notes", os.X_OK)

    def test_a_cancel_leaves_the_last_result(self, tmp_path: Path, tools: Tools) -> None:
        build = made(make_build(tmp_path, "linux"), {"notes": "1"})
        run(build, tools)
        tools.stopped.set()
        with pytest.raises(Cancelled):
            run(build, tools)
        assert files_in(build.work / "collected") == ["notes"]

    def test_what_makes_it_anew(self, tmp_path: Path) -> None:
        own = {"assets/logo.png": "1"}
        build = made(make_build(tmp_path, "web", files=own), SITE)
        before = collect.reads(build)

        def changed(other: Build) -> set[str]:
            after = collect.reads(other)
            return {k for k in {*before, *after} if before.get(k) != after.get(k)}

        assert changed(make_build(tmp_path, "web", no_cdn=True)) == {"without a network"}
        assert changed(make_build(tmp_path, "web", artifact="x")) == {"the name of the files"}
        write(tmp_path / "project", {"assets/logo.png": "2"})
        assert changed(make_build(tmp_path, "web")) == {"assets/logo.png"}
        write(tmp_path / "project", own)
        made(build, {"index.html": "other"})
        assert changed(build) == {"what Flutter made"}

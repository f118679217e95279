"""The door to the engine, against a fake engine that does what a real one should not."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from app import engine, processes
from builder.problems import SlipwayError
from tests.app.scripted import Fake, alive, run, until


def build(tmp_path: Path) -> engine.BuildRun:
    return engine.start_build("web", tmp_path, {})


def test_a_build_ends_well(tmp_path: Path, fake: Fake) -> None:
    fake("""
        hello()
        say("check", id="disk", title="Space", state="pending")
        say("check", id="disk", title="Space", state="ok", detail="12 GB")
        say("stage", id="a", state="started")
        say("progress", stage="a", done=3, total=7, unit="files")
        say("log", stage="a", stream="own", lines=["one", "two"])
        say("stage", id="a", state="done", seconds=1.5)
        say("stage", id="b", state="skipped", reason="nothing changed")
        say("something-new", what=1)
        say("problem", code="x", severity="hint", title="A hint")
        say("artifact", path="/out", artifact="site", bytes=9)
        done()
    """)

    async def work() -> None:
        build_run = build(tmp_path)
        assert build_run.state == "running"
        assert engine.current() is build_run
        await build_run.wait()
        assert (build_run.state, build_run.exit) == ("ok", 0)
        assert [s.title for s in build_run.plan] == ["First", "Second"]
        first, second = build_run.stages.values()
        assert (first.state, first.seconds, first.usual_seconds) == ("done", 1.5, 2.0)
        assert (first.done, first.total, first.unit) == (3, 7, "files")
        assert (second.state, second.reason) == ("skipped", "nothing changed")
        assert [(c.id, c.state) for c in build_run.checks] == [("disk", "ok")]
        assert [p.title for p in build_run.problems] == ["A hint"]
        assert [a.path for a in build_run.artifacts] == ["/out"]
        assert [(x.text, x.stage, x.stream) for x in build_run.log.lines(0, 9)] == [
            ("one", "a", "own"),
            ("two", "a", "own"),
        ]
        assert build_run.log.path is not None
        assert build_run.log.path.read_text() == "one\ntwo\n"
        seconds = build_run.seconds
        await asyncio.sleep(0.05)
        assert build_run.seconds == seconds

    run(work)


def test_garbage_goes_to_the_log(tmp_path: Path, fake: Fake) -> None:
    fake(r"""
        print("no json")
        print("[1, 2]")
        print('{"type": "stage"}')
        print('{"type": "plan", "stages": 5, "target": 1, "backend": 2}')
        sys.stdout.buffer.write(b"\xff\xfe\x00 bytes\r\n")
        print("x" * 300_000)
        print("free text", file=sys.stderr, flush=True)
        hello()
        done()
    """)

    async def work() -> None:
        build_run = build(tmp_path)
        await build_run.wait()
        assert build_run.state == "ok"
        texts = [line.text for line in build_run.log.lines(0, 99)]
        assert {"no json", "[1, 2]", "free text"} <= set(texts)
        assert max(map(len, texts)) == 300_000
        assert any("bytes" in text and not text.endswith("\r") for text in texts)

    run(work)


def test_a_hundred_thousand_lines_leave_the_loop_free(tmp_path: Path, fake: Fake) -> None:
    fake("""
        hello()
        for i in range(0, 100_000, 500):
            say("log", stage="a", stream="out", lines=[f"line {j}" for j in range(i, i + 500)])
        for i in range(20_000):
            print("not an event", i)
        done()
    """)

    async def work() -> None:
        build_run = build(tmp_path)
        calls, turns = [0], 0

        def count() -> None:
            calls[0] += 1

        build_run.subscribe(count)
        while build_run.state == "running":
            await asyncio.sleep(0.001)
            turns += 1
        assert build_run.log.count == 120_000
        assert build_run.log.lines(99_999, 100_000)[0].text == "line 99999"
        assert build_run.log.find("LINE 77777") == 77_777
        assert turns > 5  # whoever else waits for the loop had turns, as a click has; busy or not
        assert calls[0] <= build_run.seconds * 12 + 3

    run(work)


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
def test_a_killed_engine_is_told_and_leaves_nothing(tmp_path: Path, fake: Fake) -> None:
    fake("""
        hello()
        say("stage", id="a", state="started", seconds=0.0, reason="")
        tool = [sys.executable, "-c", "import time; time.sleep(60)"]
        near = subprocess.Popen(tool)
        far = subprocess.Popen(tool, start_new_session=True)
        say("log", stage="a", stream="own", lines=[str(near.pid), str(far.pid)])
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGKILL)
    """)

    async def work() -> None:
        build_run = build(tmp_path)
        await build_run.wait()
        assert (build_run.state, build_run.exit) == ("died", 70)
        problem = build_run.problems[-1]
        assert problem.code == "engine-died"
        assert "signal 9" in problem.why
        assert "still whole" in problem.do
        pids = [int(line.text) for line in build_run.log.lines(0, 2)]
        assert len(pids) == 2
        assert not any(alive(pid) for pid in pids)
        stage = build_run.stages["a"]  # it runs no more, and its clock stands still
        assert (stage.state, stage.elapsed()) == ("failed", stage.seconds)
        assert stage.seconds > 0

    run(work)


def test_an_engine_that_cannot_be_started(
    tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "ENGINE", (str(tmp_path / "nothing here"),))

    async def work() -> None:
        build_run = build(tmp_path)
        await build_run.wait()
        assert build_run.state == "died"
        assert "could not be started" in build_run.problems[-1].why

    run(work)


def test_cancel_is_heard(tmp_path: Path, fake: Fake) -> None:
    fake("""
        hello()
        if json.loads(sys.stdin.readline())["command"] == "cancel":
            done("cancelled", 50)
    """)

    async def work() -> None:
        build_run = build(tmp_path)
        build_run.cancel()  # even before the process is there
        assert build_run.cancelling
        build_run.cancel()
        await build_run.wait()
        assert (build_run.state, build_run.exit) == ("cancelled", 50)
        assert not build_run.cancelling

    run(work)


def test_a_cancel_that_is_not_heard_kills(
    tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "CANCEL_SECONDS", 0.5)
    fake("""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        hello()
        tool = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        say("log", stage="a", stream="own", lines=[str(os.getpid()), str(tool.pid)])
        time.sleep(600)
    """)

    async def work() -> None:
        build_run = build(tmp_path)
        await until(lambda: build_run.log.count == 2)
        build_run.cancel()
        await build_run.wait()
        assert (build_run.state, build_run.exit) == ("cancelled", 50)
        assert not any(alive(int(line.text)) for line in build_run.log.lines(0, 2))

    run(work)


def test_an_engine_that_does_not_leave_after_done(
    tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LINGER_SECONDS", 0.2)
    fake("""
        hello()
        done()
        time.sleep(600)
    """)

    async def work() -> None:
        build_run = build(tmp_path)
        await build_run.wait()
        assert (build_run.state, build_run.exit) == ("ok", 0)

    run(work)


def test_one_build_at_a_time(tmp_path: Path, fake: Fake) -> None:
    fake("""
        hello()
        sys.stdin.readline()
        done("cancelled", 50)
    """)

    async def work() -> None:
        first = build(tmp_path)
        assert engine.start_build("web", tmp_path / "other", {}) is first
        await engine.shutdown()
        assert first.state == "cancelled"
        second = build(tmp_path)
        assert second is not first
        await engine.shutdown()

    run(work)


def test_a_subscriber_that_fails_or_leaves_harms_nobody(
    tmp_path: Path, fake: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    fake("""
        hello()
        time.sleep(0.3)
        done()
    """)

    async def work() -> None:
        build_run = build(tmp_path)
        seen: list[str] = []

        def fails() -> None:
            raise RuntimeError("page gone")

        build_run.subscribe(fails)
        build_run.subscribe(lambda: seen.append(build_run.state))
        leave = build_run.subscribe(lambda: seen.append("left"))
        leave()
        leave()
        await build_run.wait()
        await asyncio.sleep(0.15)
        assert seen[-1] == "ok"
        assert "left" not in seen

    run(work)
    assert "page gone" in caplog.text


def test_options_become_arguments() -> None:
    assert engine.arguments(
        {
            "output": Path("/a b"),
            "product": "-x",
            "org": "",
            "company": None,
            "build_number": 0,
            "exclude": ["a", "-b"],
            "no_default_excludes": True,
        }
    ) == [
        f"--output={Path('/a b')}",
        "--product=-x",
        "--build-number=0",
        "--exclude=a",
        "--exclude=-b",
        "--no-default-excludes",
    ]
    assert engine.arguments({"no_default_excludes": False, "include": ()}) == []
    with pytest.raises(KeyError):
        engine.arguments({"no-such": 1})


def test_a_plan_is_read_or_refused(tmp_path: Path, fake: Fake) -> None:
    async def work() -> None:
        fake('print(json.dumps({"argv": sys.argv[1:]}))')
        answer = await engine.plan("web", tmp_path, {"org": "com.x"})
        assert answer["argv"] == ["plan", "web", str(tmp_path), "--json", "--org=com.x"]
        fake('print("hm"); print("no memory", file=sys.stderr); sys.exit(70)')
        with pytest.raises(SlipwayError) as caught:
            await engine.plan("web", tmp_path, {})
        assert "no memory" in caught.value.problem.why
        fake("print([1])")
        with pytest.raises(SlipwayError):
            await engine.plan("web", tmp_path, {})

    run(work)


def test_a_plan_that_never_comes(
    tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "ANSWER_SECONDS", 0.3)
    fake("time.sleep(60)")

    async def work() -> None:
        with pytest.raises(SlipwayError) as caught:
            await engine.plan("web", tmp_path, {})
        assert "within" in caught.value.problem.why

    run(work)


def test_what_is_no_app_of_ours_is_not_put_into_a_menu(tmp_path: Path) -> None:
    async def work() -> None:
        with pytest.raises(SlipwayError) as caught:
            await engine.in_menu(tmp_path / "app", "add")
        assert caught.value.problem.code in ("no-menu-entry", "no-menu-here")

    run(work)


def test_a_step_of_a_stage_is_kept(tmp_path: Path, fake: Fake) -> None:
    fake("""
        hello()
        say("stage", id="a", state="started", seconds=0, reason="")
        say("progress", stage="a", done=1, total=4, unit="", detail="compiling Kotlin")
        done()
    """)

    async def work() -> None:
        one = engine.start_build("apk", tmp_path, {"rehearse": True, "backend": "flutter"})
        assert one.is_rehearsal
        await one.wait()
        assert one.stages["a"].detail == "compiling Kotlin"

    run(work)


@pytest.mark.parametrize(
    ("options", "argv"),
    [
        ({"yes": True, "template": "/t"}, ["--yes", "--template=/t"]),
        ({"flutter_build_args": "--a"}, ["--flutter-build-args=--a"]),
        ({"flutter_build_args": ["a", "b"]}, ["--flutter-build-args=a", "--flutter-build-args=b"]),
        ({"rehearse": True, "backend": "flutter"}, ["--rehearse", "--backend=flutter"]),
        ({"split_per_abi": True, "no_wasm": False}, ["--split-per-abi"]),
        ({"no_compile_app": True}, ["--no-compile-app"]),
    ],
)
def test_every_option_of_the_table_can_be_handed_on(
    options: dict[str, object], argv: list[str]
) -> None:
    assert engine.arguments(options) == argv


@pytest.mark.parametrize("name", ["nonsense", "android_signing_key_store_password"])
def test_no_other_option_and_no_password(name: str) -> None:
    with pytest.raises(KeyError):
        engine.arguments({name: "x"})

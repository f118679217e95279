"""What builds took is learnt, logs are kept and rotated, and a damaged file harms nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder import events, history, places
from builder.problems import ComputerError, Problem


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLIPWAY_DATA_DIR", str(tmp_path / "data"))


def test_the_median_of_the_last_runs() -> None:
    for seconds in (100, 1, 2, 3, 4, 50):
        history.remember("web", {"site": seconds})
    assert history.usual_seconds("web") == {"site": 3}


def test_targets_do_not_mix_and_nothing_is_known_at_first() -> None:
    assert history.usual_seconds("web") == {}
    history.remember("web", {"site": 1})
    assert history.usual_seconds("apk") == {}


def test_a_run_that_goes_on_from_an_earlier_one_says_nothing_of_a_first() -> None:
    history.remember("apk", {"flutter": 300, "site": 5}, first={"flutter"})
    for _ in range(5):
        history.remember("apk", {"flutter": 20})
    assert history.usual_seconds("apk") == {"flutter": 20, "site": 5}
    assert history.usual_seconds("apk", first={"flutter", "site"}) == {"flutter": 300}


def test_the_second_run_takes_at_most_as_long_as_the_first() -> None:
    history.remember("apk", {"flutter": 300}, first={"flutter"})
    assert history.usual_seconds("apk") == {"flutter": 300}


def test_the_last_build_of_a_project_and_target(tmp_path: Path) -> None:
    assert history.last_build(tmp_path, "apk") is None
    history.remember_build(tmp_path, "apk", "1.0.0", 6)
    history.remember_build(tmp_path, "apk", "1.1.0", 7)
    history.remember_build(tmp_path, "ipa", "2.0.0", 1)
    assert history.last_build(tmp_path, "apk") == history.LastBuild("1.1.0", 7)
    assert history.last_build(tmp_path, "web") is None
    assert history.last_build(tmp_path / "other", "apk") is None


def test_a_project_is_the_same_by_another_way_to_it(tmp_path: Path) -> None:
    history.remember_build(tmp_path / "a" / "..", "apk", "1.0.0", 6)
    assert history.last_build(tmp_path, "apk") == history.LastBuild("1.0.0", 6)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"apk": 3}', '{"apk": {"version": 1, "number": 2}}',
             '{"apk": {"version": "1", "number": true}}', '{"apk": {"number": 2}}']
)  # fmt: skip
def test_a_damaged_note_of_the_last_build_is_none(text: str, tmp_path: Path) -> None:
    history.remember_build(tmp_path, "apk", "1.0.0", 6)
    (note,) = (places.data() / "builds").iterdir()
    note.write_text(text)
    assert history.last_build(tmp_path, "apk") is None


@pytest.mark.parametrize("text", ["", "[]", '{"web": 3}', '{"web": {"site": ["x", true]}}', "\0"])
def test_a_damaged_history_is_learnt_again(text: str) -> None:
    places.data().mkdir()
    (places.data() / "history.json").write_text(text)
    assert history.usual_seconds("web") == {}
    history.remember("web", {"site": 2})
    assert history.usual_seconds("web") == {"site": 2}


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    history.write_json(tmp_path / "a" / "b.json", {"name": "ü\udcff"})
    assert history.read_json(tmp_path / "a" / "b.json") == {"name": "ü\udcff"}
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["b.json"]


NOTE = {"files": {"a": ["x", 1]}, "is": True, "number": 7}


@pytest.mark.parametrize("place", range(0, 70, 3))
def test_a_note_that_was_changed_is_none(place: int, tmp_path: Path) -> None:
    note = tmp_path / "note.json"
    history.write_json(note, NOTE)
    assert history.read_json(note) == NOTE
    whole = note.read_bytes()
    for changed in (whole[:place], whole[:place] + b"7" + whole[place + 2 :], whole + b" "):
        note.write_bytes(changed)
        assert history.read_json(note) == {}


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\0" * 4096,
        b"\xff\xfe{}",
        b'{"sum": "00000000"}',
        b"{}",
    ],
    ids=["lists", "tables", "zeros", "UTF-16", "sum", "nothing"],
)
def test_what_is_no_note_of_ours_is_none(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "note.json").write_bytes(raw)
    assert history.read_json(tmp_path / "note.json") == {}


def test_an_empty_note_is_one(tmp_path: Path) -> None:
    history.write_json(tmp_path / "note.json", {})
    assert history.read_json(tmp_path / "note.json") == {}


def test_a_note_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "note.json").mkdir()
    with pytest.raises(ComputerError) as caught:
        history.write_json(tmp_path / "note.json", NOTE)
    assert caught.value.problem.code == "note-not-written"
    assert [path.name for path in tmp_path.iterdir()] == ["note.json"]


def test_a_log_holds_lines_stages_and_problems() -> None:
    log = history.LogFile("build-web")
    log(events.Log("site", "err", ("a line",)))
    log(events.Stage("site", "failed", 1.0))
    log(events.ProblemFound(Problem("code", "A title", "Why")))
    log.text("Traceback\n")
    log.close()
    text = log.path.read_text("utf-8")
    for part in ("site ! a line", "failed", "A title", "Why", "Traceback"):
        assert part in text


def test_a_log_of_endless_lines_has_an_end_and_still_tells_how_it_went(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(history, "LOG_CHARACTERS", 5000)
    log = history.LogFile("build-web")
    for _ in range(100):
        log(events.Log("flutter", "out", ("and so on " * 10,)))
    log(events.ProblemFound(Problem("code", "It never ended")))
    log.close()
    text = log.path.read_text("utf-8")
    assert 5000 < len(text) < 6000
    assert text.count("more than is kept") == 1
    assert "It never ended" in text


def test_only_the_last_logs_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "LOGS", 3)
    places.logs().mkdir(parents=True)
    for number in range(5):
        (places.logs() / f"2000010{number}.log").touch()
    log = history.LogFile("new")
    log.close()
    assert sorted(p.name for p in places.logs().iterdir())[:2] == ["20000103.log", "20000104.log"]
    assert log.path.exists()


def test_a_full_disk_costs_the_log_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    log = history.LogFile("full")

    def full(text: str) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(log._file, "write", full, raising=False)
        log.text("x")
        log.text("more")
    log.close()

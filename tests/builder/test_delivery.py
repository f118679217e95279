"""The output folder is the old result or the new one, whatever happens, and never loses a file."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from builder import delivery, exchange, places
from builder.problems import Cancelled, ComputerError, ProjectError

REPOSITORY = Path(__file__).parents[2]

OLD = {"index.html": "old", "assets/a.txt": "a", "assets/deep/b.txt": "b", "gone.txt": "x"}
NEW = {"index.html": "new", "assets/a.txt": "a", "assets/deep/c.txt": "c"}


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SLIPWAY_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def make(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def content(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): p.read_text("utf-8")
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return make(tmp_path / "made-old", OLD)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return make(tmp_path / "made-new", NEW)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "project" / "dist" / "web"


def only(output: Path) -> None:
    """Nothing of ours is left beside the output folder, and no delivery is half done."""
    assert [p.name for p in output.parent.iterdir()] == [output.name]
    assert not list(places.deliveries().glob("*.journal"))


def test_a_first_result_makes_its_folders(old: Path, output: Path) -> None:
    delivered = delivery.deliver(old, output)
    assert content(output) == OLD
    assert delivered == delivery.Delivered(output, 4, 6)
    only(output)


def test_an_empty_folder_is_used(old: Path, output: Path) -> None:
    output.mkdir(parents=True)
    delivery.deliver(old, output)
    assert content(output) == OLD
    only(output)


def test_a_second_result_takes_the_place_of_the_first(old: Path, new: Path, output: Path) -> None:
    delivery.deliver(old, output)
    delivery.deliver(new, output)
    assert content(output) == NEW
    only(output)


def test_what_was_made_stays_as_it_is(old: Path, output: Path) -> None:
    delivery.deliver(old, output)
    (output / "index.html").write_text("edited", "utf-8")
    assert content(old) == OLD


def test_links_and_the_executable_bit_survive(old: Path, output: Path) -> None:
    (old / "link").symlink_to("index.html")
    (old / "run").write_text("#!/bin/sh\n")
    (old / "run").chmod(0o755)
    delivery.deliver(old, output)
    assert (output / "link").readlink() == Path("index.html")
    assert os.access(output / "run", os.X_OK)
    delivery.deliver(old, output)
    only(output)


def test_a_linked_output_folder_is_followed(old: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    delivery.deliver(old, tmp_path / "linked")
    assert (tmp_path / "linked").is_symlink()
    assert content(tmp_path / "real") == OLD


def test_current_means_delivered_and_untouched(old: Path, new: Path, output: Path) -> None:
    assert not delivery.is_current(old, output)
    delivery.deliver(old, output)
    assert delivery.is_current(old, output)
    assert not delivery.is_current(new, output)
    (output / "gone.txt").unlink()
    assert not delivery.is_current(old, output)


def test_a_folder_with_other_files_is_refused(old: Path, output: Path) -> None:
    make(output, {"letter.txt": "dear"})
    with pytest.raises(ProjectError) as caught:
        delivery.deliver(old, output)
    problem = caught.value.problem
    assert problem.code == "output-not-ours"
    assert "letter.txt" in problem.title
    assert problem.fixes[0].data["argv"] == ["--output", str(output.with_name("web-2"))]
    assert content(output) == {"letter.txt": "dear"}


@pytest.mark.parametrize("name", ["mine.txt", "assets/mine.txt", ".hidden"])
def test_a_file_added_to_our_result_is_the_users(
    old: Path, new: Path, output: Path, name: str
) -> None:
    delivery.deliver(old, output)
    (output / name).write_text("mine")
    with pytest.raises(ProjectError) as caught:
        delivery.deliver(new, output)
    assert name in caught.value.problem.title
    assert content(output) == {**OLD, name: "mine"}


def test_an_empty_folder_of_the_users_is_theirs(old: Path, new: Path, output: Path) -> None:
    delivery.deliver(old, output)
    (output / "mine").mkdir()
    with pytest.raises(ProjectError):
        delivery.deliver(new, output)
    assert (output / "mine").is_dir()


@pytest.mark.parametrize("text", ["mine", "old"[::-1]])
def test_an_edited_file_is_the_users(old: Path, new: Path, output: Path, text: str) -> None:
    delivery.deliver(old, output)
    (output / "index.html").write_text(text)
    with pytest.raises(ProjectError, match=r"index\.html"):
        delivery.deliver(new, output)
    assert content(output)["index.html"] == text


def test_a_file_replaced_by_a_folder_or_link_is_the_users(
    old: Path, new: Path, output: Path
) -> None:
    delivery.deliver(old, output)
    (output / "index.html").unlink()
    (output / "index.html").symlink_to(output / "gone.txt")
    with pytest.raises(ProjectError, match=r"index\.html"):
        delivery.deliver(new, output)


def test_a_touched_or_missing_file_harms_nobody(old: Path, new: Path, output: Path) -> None:
    delivery.deliver(old, output)
    os.utime(output / "index.html", (1, 1))
    (output / "gone.txt").unlink()
    (output / ".DS_Store").write_text("a file browser was here")
    delivery.deliver(new, output)
    assert content(output) == NEW
    only(output)


def test_many_foreign_files_are_counted(old: Path, output: Path) -> None:
    make(output, {f"{n}.txt": "" for n in range(10)})
    with pytest.raises(ProjectError, match=r"0\.txt, 1\.txt, 2\.txt and 7 more"):
        delivery.deliver(old, output)


def test_a_forgotten_result_is_not_touched(
    old: Path, new: Path, output: Path, own_data: Path
) -> None:
    delivery.deliver(old, output)
    own_data.rename(own_data.with_name("elsewhere"))
    with pytest.raises(ProjectError):
        delivery.deliver(new, output)
    assert content(output) == OLD


def test_a_damaged_memory_is_not_trusted(old: Path, new: Path, output: Path) -> None:
    delivery.deliver(old, output)
    delivery._record_file(output).write_text('{"files": {"index.html": 3')
    with pytest.raises(ProjectError):
        delivery.deliver(new, output)
    assert content(output) == OLD


def test_an_output_that_is_a_file_is_refused(old: Path, output: Path) -> None:
    output.parent.mkdir(parents=True)
    output.write_text("mine")
    with pytest.raises(ProjectError) as caught:
        delivery.deliver(old, output)
    assert caught.value.problem.code == "output-not-a-folder"
    assert output.read_text() == "mine"


def test_the_free_folder_is_free(output: Path) -> None:
    make(output, {})
    make(output.with_name("web-2"), {})
    output.with_name("web-3").symlink_to("nowhere")
    assert delivery.free_folder(output).name == "web-4"


def test_a_stop_while_copying_changes_nothing(old: Path, new: Path, output: Path) -> None:
    delivery.deliver(old, output)

    def tick(done: int, total: int) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        delivery.deliver(new, output, tick)
    assert content(output) == OLD
    only(output)


def test_a_full_disk_is_said_and_changes_nothing(
    old: Path, new: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.deliver(old, output)
    copy = delivery._copy

    def full(source: Path, target: Path) -> None:
        copy(source, target)
        if source.name == "index.html":
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(delivery, "_copy", full)
    with pytest.raises(ComputerError) as caught:
        delivery.deliver(new, output)
    assert caught.value.problem.code == "disk-full"
    assert content(output) == OLD
    only(output)


def test_too_little_room_is_seen_before_copying(
    old: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SPARE_BYTES", 2**60)
    with pytest.raises(ComputerError) as caught:
        delivery.deliver(old, output)
    assert caught.value.problem.code == "disk-full"
    assert not output.exists()


def test_no_rights_is_a_problem(old: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(delivery, "_copy", refuse)
    with pytest.raises(ComputerError) as caught:
        delivery.deliver(old, output)
    assert caught.value.problem.code == "output-not-writable"


def test_no_room_for_our_own_notes_names_the_right_place(
    old: Path, output: Path, own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, value: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(delivery, "write_json", full)
    with pytest.raises(ComputerError) as caught:
        delivery.deliver(old, output)
    assert caught.value.problem.where == str(own_data)


def test_another_delivery_to_the_same_folder_is_told(old: Path, output: Path) -> None:
    with (
        delivery.Lock(delivery._lock_file(output.resolve())),
        pytest.raises(ProjectError) as caught,
    ):
        delivery.deliver(old, output)
    assert caught.value.problem.code == "already-building"


def test_what_arrives_in_the_last_moment_is_kept(
    old: Path, new: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.deliver(old, output)
    put = delivery.put_in_place

    def late(staged: Path, aside: Path, place: Path) -> None:
        (place / "assets" / "late.txt").write_text("mine")
        put(staged, aside, place)

    monkeypatch.setattr(delivery, "put_in_place", late)
    delivery.deliver(new, output)
    assert content(output) == NEW
    assert content(output.with_name("web-kept")) == {"assets/late.txt": "mine"}


def cannot_exchange(a: Path, b: Path) -> bool:
    return False


def test_two_renames_where_nothing_can_exchange(
    old: Path, new: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "exchange", cannot_exchange)
    delivery.deliver(old, output)
    delivery.deliver(new, output)
    assert content(output) == NEW
    only(output)


def test_the_old_result_comes_back_when_the_new_cannot_take_its_place(
    old: Path, new: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.deliver(old, output)
    monkeypatch.setattr(exchange, "exchange", cannot_exchange)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise PermissionError(errno.EACCES, "in use")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ComputerError):
        delivery.deliver(new, output)
    assert content(output) == OLD
    only(output)


STEPS = ["Path.mkdir", "Path.rename", "Path.replace", "Path.write_text", "Path.rmdir"]
STEPS += ["Path.unlink", "shutil.copy2", "shutil.rmtree", "exchange.exchange", "os.rmdir"]

DRIVER = """
    import os, shutil, signal, sys
    from pathlib import Path
    from builder import delivery, exchange

    made, output, nth, when, can_exchange = sys.argv[1:]
    calls = 0

    def counted(function):
        def call(*args, **kwargs):
            global calls
            calls += 1
            if calls == int(nth) and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            if calls == int(nth) and when == "fails":
                raise OSError(28, "No space left on device")
            result = function(*args, **kwargs)
            if calls == int(nth) and when == "after":
                os.kill(os.getpid(), signal.SIGKILL)
            return result
        return call

    if can_exchange == "no":
        exchange.exchange = lambda a, b: False
    for step in STEPS:
        owner, name = step.split(".")
        setattr(globals()[owner], name, counted(getattr(globals()[owner], name)))
    try:
        delivery.deliver(Path(made), Path(output))
    except delivery.SlipwayError:
        sys.exit(3)
"""


def drive(made: Path, output: Path, nth: int, when: str, can_exchange: str) -> int:
    code = textwrap.dedent(DRIVER).replace("STEPS", repr(STEPS))
    argv = [sys.executable, "-c", code, str(made), str(output), str(nth), when, can_exchange]
    return subprocess.run(argv, cwd=REPOSITORY, check=False).returncode


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after", "fails"])
@pytest.mark.parametrize("can_exchange", ["yes", "no"])
def test_ended_at_every_step(
    when: str, can_exchange: str, old: Path, new: Path, output: Path
) -> None:
    """A delivery that is killed or fails at its nth step leaves one result whole, for every n."""
    for nth in range(1, 200):
        delivery.deliver(old, output)
        status = drive(new, output, nth, when, can_exchange)
        if can_exchange == "yes":
            assert content(output) in (OLD, NEW), f"step {nth}"
        delivery.recover()
        assert content(output) in (OLD, NEW), f"step {nth}, after recover"
        only(output)
        delivery.deliver(new, output)  # still known as ours
        if status == 0:
            return
    pytest.fail("the delivery never came to its end")


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path, output: Path) -> None:
    many = {f"{n % 7}/{n}.txt": f"{n}" * 50 for n in range(400)}
    versions = [make(tmp_path / f"v{v}", {**many, "index.html": f"{v}"}) for v in range(2)]
    allowed = [content(v) for v in versions]
    delivery.deliver(versions[0], output)
    code = "import sys; from pathlib import Path; from builder import delivery; "
    code += "print('go', flush=True); delivery.deliver(Path(sys.argv[1]), Path(sys.argv[2]))"
    choose = random.Random(7)
    for turn in range(30):
        argv = [sys.executable, "-c", code, str(versions[turn % 2]), str(output)]
        with subprocess.Popen(argv, cwd=REPOSITORY, stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(choose.uniform(0, 0.15))
            process.send_signal(signal.SIGKILL)
        assert content(output) in allowed
    delivery.deliver(versions[1], output)
    assert content(output) == allowed[1]
    only(output)


def test_recover_leaves_a_living_delivery_alone(old: Path, new: Path, output: Path) -> None:
    said: list[list[str]] = []

    def tick(done: int, total: int) -> None:
        said.append(delivery.recover())

    delivery.deliver(old, output, tick)
    assert content(output) == OLD
    assert not any(said)


def test_exchange_of_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows exchanges nothing")
    (tmp_path / "a").mkdir()
    with pytest.raises(FileNotFoundError):
        exchange.exchange(tmp_path / "a", tmp_path / "b")

"""The environment that the first start makes: where, when, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from builder import bootstrap
from builder.bootstrap import CannotSetUp
from builder.lock import Lock

REPOSITORY = Path(__file__).parents[2]
TINY = ["packaging>=24,<99"]  # one small wheel stands for everything


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in a folder with spaces, and a user's data folder beside it."""
    monkeypatch.setenv("SLIPWAY_DATA_DIR", str(tmp_path / "user data"))
    monkeypatch.delenv("SLIPWAY_BOOTSTRAP", raising=False)
    folder = tmp_path / "the program" / "slip way"
    (folder / "builder").mkdir(parents=True)
    for name in ("__init__", "bootstrap", "lock"):
        shutil.copy(REPOSITORY / "builder" / f"{name}.py", folder / "builder")
    (folder / "requirements.txt").write_text("# what it needs\n" + "\n".join(TINY) + "  # why\n")
    (folder / "main.py").write_text(
        "import sys\n"
        "from builder import bootstrap\n"
        "bootstrap.enter([__file__, *sys.argv[1:]], bootstrap.requirements())\n"
        "import packaging\n"
        "print(sys.prefix, sys.argv[1:], packaging.__file__, sep='|')\n"
    )
    return folder


def bare_python(folder: Path) -> Path:
    """A Python that has nothing installed."""
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", str(folder)], check=True)
    return bootstrap.python_in(folder)


def start(python: Path, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python), str(root / "main.py"), *arguments],
        capture_output=True,
        text=True,
        cwd=root.parent,
        timeout=300,
    )


def make_nothing(folder: Path, wanted: object, anew: bool) -> None:
    raise AssertionError("nothing should be made")


def test_the_lines_of_requirements(root: Path) -> None:
    assert bootstrap.requirements(root) == TINY
    (root / "pyproject.toml").write_text('[project.optional-dependencies]\ntest = ["pytest>=9"]\n')
    assert bootstrap.requirements(root, "test") == [*TINY, "pytest>=9"]


@pytest.mark.parametrize(
    ("line", "version", "holds"),
    [
        ("a", "1", True),
        ("a==1.0.5", "1.0.5", True),
        ("a==1.0.5", "1.0.4", False),
        ("a==1.0", "1.0.0", True),
        ("a[all]>=1,<2", "1.9", True),
        ("a >= 1, < 2", "2.0", False),
        ("a>=26.3,<27", "26.10", True),
        ("a!=1.1", "1.1", False),
        ("a<=1.1", "1.1.1", False),
        ("a>1.1", "1.2rc1", True),
        ("a~=1.1", "1.2", False),  # not known, so it is made sure of
        ("???", "1", False),
    ],
)
def test_what_is_satisfied(
    line: str, version: str, holds: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda name: version)
    assert bootstrap.satisfied(line) is holds


def test_our_own_lines_can_be_read() -> None:
    assert all(bootstrap.satisfied(line) for line in bootstrap.requirements())
    assert not bootstrap.satisfied("no-such-package-at-all")


def test_a_python_that_has_everything_is_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_make", make_nothing)
    bootstrap.enter(["main.py"], TINY, root)
    assert not (root / ".venv").exists()


def test_an_environment_of_somebody_else_is_left_alone(root: Path) -> None:
    theirs = root / ".venv" / "pyvenv.cfg"
    theirs.parent.mkdir()
    theirs.write_text("theirs")
    place = bootstrap._place_for_a_new_one(root)
    assert place.is_relative_to(root.parents[1] / "user data")
    assert [p.name for p in theirs.parent.iterdir()] == ["pyvenv.cfg"]


@pytest.mark.skipif(os.pathsep != ":", reason="a colon in a path")
def test_a_path_in_which_no_environment_can_be(tmp_path: Path, root: Path) -> None:
    odd = tmp_path / "a:b"
    odd.mkdir()
    assert not bootstrap._place_for_a_new_one(odd).is_relative_to(odd)


def test_nowhere_to_write(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".venv").touch()
    (root.parents[1] / "user data").touch()
    with pytest.raises(CannotSetUp, match="can write neither to"):
        bootstrap.ensure(TINY, root)


def test_venv_and_pip_are_missing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_has", lambda module: False)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/" + name)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(CannotSetUp) as caught:
        bootstrap.ensure(TINY, root)
    name = f"python3.{sys.version_info.minor}-venv"
    assert f"\n    sudo apt install {name}\n" in str(caught.value)
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert bootstrap._venv_command() == f"apt install {name}"


def test_what_cannot_be_set_up_ends_with_a_sentence(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "_has", lambda module: False)
    with pytest.raises(SystemExit) as left:
        bootstrap.enter(["main.py"], ["no-such-package-at-all"], root)
    assert left.value.code == 20
    assert "Run this command" in capsys.readouterr().err


def test_it_does_not_start_itself_for_ever(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLIPWAY_BOOTSTRAP", "2")
    with pytest.raises(SystemExit) as left:
        bootstrap.enter(["main.py"], ["no-such-package-at-all"], root)
    assert left.value.code == 20
    assert "Delete that folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying ... NewConnectionError\nERROR: No matching", "could not be reached"),
        ("socket.gaierror: Temporary failure in name resolution", "could not be reached"),
        ("ERROR: Could not find a version that satisfies flet==9", "Could not find a version"),
    ],
)
def test_why_pip_failed(said: str, told: str) -> None:
    assert told in bootstrap._why_not_installed(said)


def test_a_disk_that_refuses(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path, wanted: object, anew: bool) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bootstrap, "_make", full)
    with pytest.raises(CannotSetUp, match="No space left on device"):
        bootstrap.ensure(TINY, root)


def test_the_second_of_two_starts_waits(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[float] = []
    monkeypatch.setattr(bootstrap, "_make", lambda *_: made.append(time.monotonic()))
    [lock] = {bootstrap._data_folder() / "locks" / name for name in _lock_names(root)}
    with Lock(lock):
        thread = threading.Thread(target=bootstrap.ensure, args=(TINY, root))
        thread.start()
        time.sleep(0.5)
        assert not made
    thread.join(10)
    assert len(made) == 1


def _lock_names(root: Path) -> list[str]:
    with bootstrap._one_at_a_time(root):
        return [file.name for file in (bootstrap._data_folder() / "locks").iterdir()]


@pytest.mark.parametrize("text", ["", "[]", '{"python": "3.11"}', '{"requirements": 5}'])
def test_a_stamp_that_was_cut_off(root: Path, text: str) -> None:
    (root / ".venv").mkdir()
    (root / ".venv" / bootstrap.STAMP).write_text(text)
    assert not bootstrap._is_ready(root / ".venv", TINY)


@pytest.mark.slow
def test_from_nothing_and_again(root: Path, tmp_path: Path) -> None:
    python = bare_python(tmp_path / "bare")
    first = start(python, root, "an argument", "--web")
    assert first.returncode == 0, first.stderr
    assert "Setting up Slipway" in first.stderr
    prefix, arguments, package = first.stdout.strip().split("|")
    assert Path(prefix) == root / ".venv"
    assert arguments == "['an argument', '--web']"
    assert Path(package).is_relative_to(root / ".venv")

    again = start(python, root)
    assert again.returncode == 0
    assert again.stderr == ""  # nothing is set up anew

    # More is wanted than last time: only that is fetched.
    (root / "requirements.txt").write_text("packaging>=24,<99\nplatformdirs>=4\n")
    more = start(python, root)
    assert more.returncode == 0
    assert "other packages" in more.stderr

    # A package was deleted behind our back: the stamp lies, and the environment is made anew.
    [installed] = (root / ".venv").glob("**/packaging-*.dist-info")
    shutil.rmtree(installed)
    repaired = start(python, root)
    assert repaired.returncode == 0, repaired.stderr
    assert "Setting up Slipway" in repaired.stderr

    # Its Python is gone, as after an update of the system.
    stamp = json.loads((root / ".venv" / bootstrap.STAMP).read_text())
    bootstrap.python_in(root / ".venv").unlink()
    assert stamp["python"] == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert start(python, root).returncode == 0


@pytest.mark.slow
def test_half_made(root: Path, tmp_path: Path) -> None:
    half = root / ".venv"
    (half / "lib").mkdir(parents=True)
    (half / "lib" / "rest").touch()
    (half / bootstrap.MARKER).touch()
    done = start(bare_python(tmp_path / "bare"), root)
    assert done.returncode == 0, done.stderr
    assert not (half / "lib" / "rest").exists()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("apt-get") is None, reason="distributions that split Python")
def test_without_venv_the_computers_pip_does_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "_has", lambda module: module != "ensurepip")
    python = bootstrap.ensure(TINY, root)
    code = "import packaging, sys; print(packaging.__file__)"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(root / ".venv")
    assert f"apt install python3.{sys.version_info.minor}-venv" in capsys.readouterr().err


@pytest.mark.slow
def test_an_index_out_of_reach(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    done = start(bare_python(tmp_path / "bare"), root)
    assert done.returncode == 20
    assert "could not be reached" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (root / ".venv" / bootstrap.STAMP).exists()


@pytest.mark.parametrize("file", ["main.py", "tests/__main__.py"])
def test_an_older_python_gets_a_sentence(file: str) -> None:
    """No such Python need be there: what comes before the sentence must be old syntax."""
    text = (REPOSITORY / file).read_text("utf-8")
    before, _, rest = text.partition("sys.exit(20)")
    assert "sys.version_info < (3, 11)" in before
    assert "import" not in before.replace("import sys", "")
    compile(text, file, "exec")
    assert "match " not in rest

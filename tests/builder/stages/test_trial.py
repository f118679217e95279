"""An app is tried before it is handed over: what it lacks is told by its name."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from builder import events
from builder.desktop.runtime import start as packed_start
from builder.pipeline import Build, Job
from builder.problems import Cancelled, ComputerError, Problem, SlipwayError, ToolError
from builder.process import MARK, Tools
from builder.stages import assemble, trial
from tests.builder.desktop.runtime.packed import WSGI, Packed, wait_until
from tests.builder.fake_build import fake_build, write

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the program is a script with a first line"),
]


class Tried:
    """One try: what was said, and what was raised."""

    def __init__(self, build: Build, tools: Tools) -> None:
        self.build = build
        self.said: list[events.Event] = []
        self.error: SlipwayError | None = None
        try:
            trial.run(Job(build, "trial", self.said.append, tools))
        except SlipwayError as error:
            self.error = error

    @property
    def problem(self) -> Problem:
        assert self.error is not None, self.said
        return self.error.problem

    @property
    def answer(self) -> str:
        assert self.error is None, (self.problem, self.problem.evidence)
        return (self.build.work / "trial.txt").read_text()


Try = Callable[..., Tried]


@pytest.fixture
def tools() -> Iterator[Tools]:
    tools = Tools()
    yield tools
    tools.stop()


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Packed]]:
    """Makes the app that is tried."""
    made: list[Packed] = []
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    def make(code: str, **about: Any) -> Packed:
        made.append(Packed(tmp_path / "app", {"shop.py": code}, **about))
        monkeypatch.setattr(assemble, "program", lambda _: made[-1].program())
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def tried(tmp_path: Path, app: Callable[..., Packed], tools: Tools) -> Try:
    def one(code: str, *, modules: tuple[str, ...] = (), **about: Any) -> Tried:
        app(code, **about)
        build = fake_build(tmp_path, {})
        desktop = replace(build.settings.desktop, hidden_imports=modules)
        return Tried(replace(build, settings=replace(build.settings, desktop=desktop)), tools)

    return one


def processes() -> list[int]:
    """Those of a trial of ours: the tests of another worker may try an app at the same time."""
    found = []
    for process in psutil.process_iter():
        try:
            env = process.environ()
            is_ours = env.get(MARK, "").startswith(f"{os.getpid()}-")
            if packed_start.TRIAL in env and is_ours and process.pid != os.getpid():
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def test_one_that_answers(tried: Try) -> None:
    done = tried(WSGI)
    assert done.answer == "200"
    assert any("first page answers" in str(event) for event in done.said)


def test_what_it_started_ends_with_it(tried: Try) -> None:
    code = (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],"
        " start_new_session=True)\n"
    )
    assert tried(code + WSGI).answer == "200"
    assert processes() == []


def test_it_starts_like_on_a_computer_where_nothing_is(
    tried: Try, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_APP", "elsewhere")
    monkeypatch.setenv("PYTHONPATH", "/developers/own")
    code = (
        "import os, pathlib\nassert not os.environ['FLASK_APP']\n"
        "assert 'PYTHONPATH' not in os.environ\n"
        "assert not list(pathlib.Path.home().iterdir())\n"
    )
    assert tried(code + WSGI).answer == "200"


def test_the_port_may_be_taken_by_the_developers_own_server(tried: Try) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        assert tried(WSGI, port=one.getsockname()[1]).answer == "200"


def test_a_module_that_is_missing_can_be_added(tried: Try) -> None:
    problem = tried("import nowhere.at_all").problem
    assert problem.code == "trial-module-missing"
    assert "“nowhere”" in problem.title
    (fix,) = problem.fixes
    assert fix.data == {"tool.slipway.desktop.hidden_imports": ["nowhere"]}


def test_what_was_added_already_is_kept(tried: Try) -> None:
    (fix,) = tried("import nowhere", modules=("a.b",)).problem.fixes
    assert fix.data == {"tool.slipway.desktop.hidden_imports": ["a.b", "nowhere"]}


def test_one_that_is_asked_for_and_still_missing_is_of_no_package(tried: Try) -> None:
    problem = tried("import nowhere", modules=("nowhere",)).problem
    assert (problem.code, problem.fixes) == ("trial-module-missing", ())


def test_a_module_that_may_be_missing_is_not_the_cause(tried: Try) -> None:
    code = (
        "import traceback\ntry:\n    import nice_to_have\nexcept ImportError:\n"
        "    traceback.print_exc()\nimport needed_in_any_case"
    )
    assert "needed_in_any_case" in tried(code).problem.title


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("open('data/list of all.csv')", "list of all.csv"),
        ("import pathlib\npathlib.Path('x/y.json').read_text()", "y.json"),
        ("class TemplateNotFound(Exception): pass\nraise TemplateNotFound('a/index.html')",
         "index.html"),
    ],
)  # fmt: skip
def test_a_file_that_is_missing(code: str, name: str, tried: Try) -> None:
    problem = tried(code).problem
    assert problem.code == "trial-file-missing"
    assert f"“{name}”" in problem.title


def test_a_first_page_that_fails(tried: Try) -> None:
    problem = tried("def app(environ, start):\n    raise KeyError('the cause')").problem
    assert problem.code == "trial-first-page-fails"
    assert "KeyError: 'the cause'" in problem.why
    assert "error 500" in problem.title


def test_a_first_page_that_lacks_a_module(tried: Try) -> None:
    problem = tried("def app(environ, start):\n    import nowhere").problem
    assert problem.code == "trial-module-missing"


def test_one_that_fails_at_its_start(tried: Try) -> None:
    problem = tried("raise ValueError('not today')").problem
    assert (problem.code, problem.why) == ("trial-failed", "ValueError: not today")
    assert "ValueError: not today" in problem.evidence


def test_one_that_ends_without_a_word(tried: Try) -> None:
    assert tried("import os\nos._exit(0)").problem.code == "trial-failed"


def test_one_that_crashes(tried: Try) -> None:
    problem = tried("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)").problem
    assert problem.code == "trial-crashed"
    assert "11" in problem.why


def test_a_disk_that_is_full_is_not_the_apps_fault(tried: Try) -> None:
    done = tried("import errno\nraise OSError(errno.ENOSPC, 'No space left on device')")
    assert isinstance(done.error, ComputerError)
    assert done.problem.code == "disk-full"


def test_one_that_never_answers_is_ended(tried: Try, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "LIMIT", 2.0)
    code = (
        "import subprocess, sys, time\nprint('waiting for a server')\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "time.sleep(600)"
    )
    done = tried(code)
    assert isinstance(done.error, ToolError)
    assert done.problem.code == "trial-no-answer"
    assert "waiting for a server" in done.problem.evidence
    assert processes() == []


def test_a_first_page_that_never_answers(tried: Try) -> None:
    code = (
        "import time\nfrom slipway_desktop import serving\nserving.READY_SECONDS = 0.5\n"
        "def app(environ, start):\n    time.sleep(600)"
    )
    problem = tried(code).problem
    assert problem.code == "trial-no-answer"
    assert "first page" in problem.title


def test_a_variable_that_only_the_developer_has(tried: Try) -> None:
    problem = tried("import os\nos.environ['SHOP_KEY']").problem
    assert problem.code == "trial-variable-missing"
    assert "“SHOP_KEY”" in problem.title


def test_a_package_that_the_list_does_not_name(tried: Try, tmp_path: Path) -> None:
    write(tmp_path / "work", {"environment/lib/python3.11/site-packages/flask/__init__.py": ""})
    problem = tried("import nowhere.at_all").problem
    assert problem.code == "trial-package-missing"


def test_a_cancel_leaves_nothing(tried: Try, tools: Tools, tmp_path: Path) -> None:
    mark = tmp_path / "it runs"
    code = (
        "import subprocess, sys, time, pathlib\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],"
        " start_new_session=True)\n"
        f"pathlib.Path({str(mark)!r}).touch()\ntime.sleep(600)"
    )

    def stop() -> None:
        wait_until(mark.exists)
        tools.stop()

    stopper = threading.Thread(target=stop)
    stopper.start()
    done = tried(code)
    stopper.join()
    assert isinstance(done.error, Cancelled)
    assert processes() == []
    assert not (done.build.work / "trial.txt").exists()


def test_without_a_screen_a_native_window_is_not_tried(tried: Try) -> None:
    done = tried("", kind="flet", native=True)
    assert done.answer == "no screen"
    (problem,) = [event.problem for event in done.said if isinstance(event, events.ProblemFound)]
    assert (problem.code, problem.severity) == ("trial-no-screen", "hint")


def test_what_an_earlier_one_noted_does_not_count(tried: Try, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "trial.txt").write_text("200")
    done = tried("raise ValueError")
    assert not (done.build.work / "trial.txt").exists()

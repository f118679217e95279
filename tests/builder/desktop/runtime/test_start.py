"""A packed app from its start to its end, in processes of its own."""

from __future__ import annotations

import ast
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.builder.desktop.runtime.packed import ENOUGH, WSGI, Packed, get, has_ipv6, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="its browser is a script with a first line"),
]

Make = Callable[..., Packed]
SAYS_HOW_IT_IS_CALLED = """
def create_app(*args, **named):
    def app(environ, start):
        start("200 OK", [])
        return [repr((args, named)).encode()]
    return app
"""
SCRIPT = """
import http.server, os
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ["FLET_ASSETS_DIR"].encode())
    def log_message(self, *_):
        pass
port = int(os.environ["FLET_SERVER_PORT"])
http.server.HTTPServer((os.environ["FLET_SERVER_IP"], port), Page).serve_forever()
"""


BUSY = f"""
import multiprocessing, threading, time
{WSGI}
threading.Thread(target=time.sleep, args=(3600,)).start()
multiprocessing.get_context("fork").Process(target=time.sleep, args=(3600,)).start()
"""


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Packed] = []

    def one(files: dict[str, str] | None = None, **about: Any) -> Packed:
        made.append(Packed(tmp_path / f"app {len(made)}", files, **about))
        return made[-1]

    yield one
    for app in made:
        app.end()


def shown_by(app: Packed) -> psutil.Process:
    """The process of its one window."""
    (note,) = app.folder.glob("shown-*.json")
    return psutil.Process(int(note.stem.partition("-")[2]))


def assert_ends_with_its_window(app: Packed, number: int) -> None:
    app.env = {"DISPLAY": ":9", "SLIPWAY_BROWSER": str(app.browser())}
    process = app.start()
    app.shown()
    window = shown_by(app)
    process.send_signal(number)
    ended(process)
    wait_until(lambda: not window.is_running())


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for the end: the status and all that was said."""
    out, err = process.communicate(timeout=ENOUGH)
    return process.returncode, (out or "") + (err or "")


class TestServing:
    def test_without_a_screen_it_says_where_it_is_and_serves(self, make: Make) -> None:
        app = make()
        process = app.start()
        address = app.served(process)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        assert get(f"{address}x") == "hello from /x"
        process.send_signal(signal.SIGINT)
        status, said = ended(process)
        assert f"The app is at {address}" in said
        assert "Traceback" not in said
        assert status in (0, 130)
        assert f"Shop 1.2, data in {app.home}" in app.log

    @pytest.mark.parametrize(
        ("call", "called"),
        [
            ("create_app()", "((), {})"),
            ("create_app('a', b=(1, 2))", "(('a',), {'b': (1, 2)})"),
        ],
    )
    def test_a_factory_gets_its_arguments(self, call: str, called: str, make: Make) -> None:
        app = make({"shop/__init__.py": SAYS_HOW_IT_IS_CALLED}, call=call)
        assert get(app.served(app.start())) == called

    def test_waitress_itself_at_the_end_of_a_module_is_passed_over(self, make: Make) -> None:
        app = make({"shop.py": f"{WSGI}\nfrom waitress import serve\nserve(app, port=1)"})
        assert get(app.served(app.start())) == "hello from /"

    def test_variables_of_the_project_are_there_unless_they_were_before(self, make: Make) -> None:
        code = WSGI.replace('environ["PATH_INFO"]', 'repr([os.environ["A"], os.environ["B"]])')
        app = make({"shop.py": f"import os\n{code}"}, variables={"A": "ours", "B": "ours"})
        app.env = {"B": "theirs"}
        assert get(app.served(app.start())) == "hello from ['ours', 'theirs']"

    def test_its_folder_is_where_its_files_are(self, make: Make) -> None:
        code = (
            "import os, sys, pathlib\npathlib.Path('written').touch()\n"
            "def app(environ, start):\n    start('200 OK', [])\n"
            "    return [repr((os.getcwd(), __file__, sys.path[:2])).encode()]\n"
        )
        app = make({"src/shop.py": code}, root="src", start="src")
        root = app.home / "app" / "src"
        expected = (str(root), str(root / "shop.py"), [str(root), str(app.home / "app")])
        assert get(app.served(app.start())) == repr(expected)
        assert (root / "written").is_file()

    def test_it_may_run_in_the_folder_above_its_code(self, make: Make) -> None:
        code = WSGI.replace('environ["PATH_INFO"]', "open('data/a.txt').read()")
        app = make({"src/shop.py": code, "data/a.txt": "there"}, root="src")
        assert get(app.served(app.start())) == "hello from there"

    def test_a_call_of_run_at_the_end_of_a_module_is_passed_over(self, make: Make) -> None:
        flask = pytest.importorskip("flask")
        assert flask
        code = "import flask\napp = flask.Flask(__name__)\n@app.get('/')\ndef page():\n"
        app = make({"shop.py": f"{code}    return 'by Waitress'\napp.run(port=1)\n"})
        assert get(app.served(app.start())) == "by Waitress"

    def test_a_module_of_the_app_that_is_called_as_what_serves_it(self, make: Make) -> None:
        app = make({"shop.py": WSGI, "waitress.py": "", "platformdirs.py": "", "home.py": ""})
        assert get(app.served(app.start())) == "hello from /"

    @pytest.mark.parametrize("host", ["localhost", "*", "0.0.0.0", "127.0.0.1"])
    def test_any_name_of_this_computer(self, host: str, make: Make) -> None:
        app = make(host=host)
        address = app.served(app.start())
        assert address.startswith("http://127.0.0.1:")
        assert get(address) == "hello from /"

    @pytest.mark.skipif(not has_ipv6(), reason="this computer has no IPv6")
    @pytest.mark.parametrize("host", ["::1", "::"])
    def test_ipv6(self, host: str, make: Make) -> None:
        app = make(host=host)
        address = app.served(app.start())
        assert address.startswith("http://[::1]:")
        assert get(address) == "hello from /"

    def test_the_port_that_was_asked_for(self, make: Make) -> None:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        app = make(port=port)
        assert app.served(app.start()) == f"http://127.0.0.1:{port}/"

    def test_a_name_that_no_header_can_hold(self, make: Make) -> None:
        app = make(name="Läden\n“Ü”")
        assert get(app.served(app.start())) == "hello from /"

    def test_one_of_flet(self, make: Make) -> None:
        app = make({"main.py": SCRIPT}, kind="flet", module="main", call="")
        address = app.served(app.start())
        assert get(address) == str(app.home / "app" / "assets")

    def test_one_of_flet_that_shows_its_own_window_needs_a_screen(self, make: Make) -> None:
        app = make({"main.py": SCRIPT}, kind="flet", module="main", call="", native=True)
        status, said = ended(app.start())
        assert (status, "needs a screen" in said) == (1, True)


class TestTrouble:
    def test_a_port_that_is_taken(self, make: Make) -> None:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            one.listen()
            app = make(port=one.getsockname()[1])
            app.env = {"DISPLAY": ":9", "SLIPWAY_BROWSER": str(app.browser(stays=False))}
            status, said = ended(app.start())
        assert status == 1
        assert "Address already in use" in said
        assert f"Shop could not start. Another program uses its port {app.about.port}." in said
        ((_, page, _),) = app.shown()
        assert f"port {app.about.port}" in page
        assert "mistake in the app" not in page

    def test_a_disk_that_is_full(self, make: Make) -> None:
        app = make()
        app.patch = (
            "import errno, shutil\n"
            "def full(*_):\n    raise OSError(errno.ENOSPC, 'No space left on device')\n"
            "shutil.copyfile = full"
        )
        app.env = {"DISPLAY": ":9", "SLIPWAY_BROWSER": str(app.browser(stays=False))}
        status, _ = ended(app.start())
        assert status == 1
        assert "No space left" in app.log
        assert "disk" in app.shown()[0][1]

    def test_one_that_fails_at_import_says_so_in_its_window(self, make: Make) -> None:
        app = make({"shop.py": "raise ValueError('not <today>')"}, name="Shop & Co")
        app.env = {"DISPLAY": ":9", "SLIPWAY_BROWSER": str(app.browser(stays=False))}
        status, said = ended(app.start())
        assert status == 1
        assert "ValueError: not <today>" in said
        assert "ValueError: not <today>" in app.log
        ((_, page, _),) = app.shown()
        assert "Shop &amp; Co could not start" in page
        assert str(app.home / "app.log") in page

    def test_without_a_screen_it_says_it_in_the_terminal_only(self, make: Make) -> None:
        app = make({"shop.py": "import nowhere_at_all"})
        status, said = ended(app.start())
        assert (status, "No module named 'nowhere_at_all'" in said) == (1, True)

    def test_a_second_start_shows_the_trouble_of_the_first(self, make: Make) -> None:
        app = make({"shop.py": "raise ValueError"})
        app.env = {"DISPLAY": ":9", "SLIPWAY_BROWSER": str(app.browser())}
        first = app.start()
        app.shown()
        second = app.start()
        assert "could not start" in app.shown(2)[1][1]
        assert ended(second)[0] == 0
        app.close_window()
        assert ended(first)[0] == 1

    def test_one_that_fails_ends_though_its_threads_go_on(self, make: Make) -> None:
        app = make({"shop.py": f"{BUSY}raise ValueError"})
        assert ended(app.start())[0] == 1

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
    def test_the_page_that_says_so_ends_with_the_app(self, number: int, make: Make) -> None:
        app = make({"shop.py": "raise ValueError"})
        assert_ends_with_its_window(app, number)

    def test_one_that_wants_to_end_ends(self, make: Make) -> None:
        app = make({"shop.py": "import sys\nsys.exit(7)"})
        assert ended(app.start())[0] == 7


STARTS_PYTHON = """
import subprocess, sys
def app(environ, start):
    start("200 OK", [])
    arguments = environ["QUERY_STRING"].split("&")
    found = subprocess.run([*sys.orig_argv, *arguments], capture_output=True, text=True)
    return [repr((found.returncode, found.stdout, found.stderr)).encode()]
"""


class TestScriptsOfItsOwn:
    """What an app starts with `sys.executable`, which in a packed app is the app itself."""

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ("work.py&5", "['work.py', '5'] of the app"),
            ("-u&-W&ignore&work.py", "['work.py'] of the app"),
            ("-m&work&x", "'x'] of the app"),
            ("-c&import&x", ""),
            ("-Ic&x", "runs already"),
            ("-c&import(sys)", ""),
            ("-c&print(6*7)", "42"),
            ("work.txt", "runs already"),
            ("-m", "runs already"),
            ("--new", "runs already"),
        ],
    )
    def test_they_run(self, arguments: str, said: str, make: Make) -> None:
        files = {
            "shop.py": STARTS_PYTHON,
            "goods.py": "word = 'of the app'",
            "work.py": "import sys, goods\nprint(sys.argv, goods.word)",
            "work.txt": "",
        }
        app = make(files)
        page = get(f"{app.served(app.start())}?{arguments}")
        assert said in page
        assert page.startswith("(0, ") == bool(said)

    def test_somebody_else_who_gives_arguments_starts_the_app(self, make: Make) -> None:
        app = make({"shop.py": WSGI, "work.py": "print('no')"})
        app.patch = f"sys.argv = ['app', {str(app.bundle / 'app' / 'work.py')!r}]"
        assert get(app.served(app.start())) == "hello from /"


class TestOneAtATime:
    def test_a_second_start_says_where_the_first_is(self, make: Make) -> None:
        app = make()
        address = app.served(app.start())
        status, said = ended(app.start())
        assert status == 0
        assert f"Shop runs already: {address}" in said
        assert get(address) == "hello from /"

    def test_of_many_at_once_one_serves(self, make: Make) -> None:
        app = make({"shop.py": f"import time\ntime.sleep(0.5)\n{WSGI}"})
        many = [app.start() for _ in range(4)]
        wait_until(lambda: sum(one.poll() is None for one in many) == 1)
        assert get(app.address) == "hello from /"
        others = [ended(one) for one in many if one.poll() is not None]
        assert [status for status, _ in others] == [0, 0, 0]
        assert all(app.address in said for _, said in others)

    def test_one_that_was_killed_is_forgotten(self, make: Make) -> None:
        app = make()
        first = app.start()
        before = app.served(first)
        first.kill()
        first.wait(ENOUGH)
        second = app.start()
        wait_until(lambda: app.address not in ("", before))
        assert get(app.address) == "hello from /"
        assert second.poll() is None

    def test_an_update_starts_with_the_new_code(self, make: Make) -> None:
        app = make()
        first = app.start()
        app.served(first)
        first.kill()
        first.wait(ENOUGH)
        (app.home / "running.txt").unlink()
        app.ship({"shop.py": WSGI.replace("hello", "news")}, digest="two")
        assert get(app.served(app.start())) == "news from /"

    def test_the_terminate_signal_ends_it(self, make: Make) -> None:
        app = make()
        process = app.start()
        app.served(process)
        process.terminate()
        assert ended(process)[0] in (0, 143, -signal.SIGTERM)
        app.served(app.start())


class TestWindow:
    def test_its_end_is_the_end_of_the_app(self, make: Make) -> None:
        app = make(width=640, height=480)
        app.env = {
            "DISPLAY": ":9",
            "SLIPWAY_BROWSER": str(app.browser()),
            "LD_LIBRARY_PATH": "/bundle",
            "LD_LIBRARY_PATH_ORIG": "/users/own",
        }
        app.patch = "from slipway_desktop import window\nwindow.QUICK_SECONDS = 0.0"
        process = app.start()
        ((argv, page, libraries),) = app.shown()
        assert page == "hello from /"
        assert f"--app={app.address}" in argv
        assert f"--user-data-dir={app.home / 'window'}" in argv
        assert "--window-size=640,480" in argv
        assert libraries == {"LD_LIBRARY_PATH": "/users/own"}
        assert process.poll() is None
        app.close_window()
        assert ended(process)[0] == 0

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
    @pytest.mark.parametrize("kind", ["flask", "flet"])
    def test_an_app_that_is_ended_takes_its_window_along(
        self, number: int, kind: str, make: Make
    ) -> None:
        app = make({"shop.py": WSGI if kind == "flask" else SCRIPT}, kind=kind)
        assert_ends_with_its_window(app, number)

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_threads_and_processes_of_the_app_do_not_hold_up_its_end(
        self, number: int, make: Make
    ) -> None:
        app = make({"shop.py": BUSY})
        app.env = {"DISPLAY": ":9", "SLIPWAY_BROWSER": str(app.browser())}
        process = app.start()
        app.shown()
        whole = [*psutil.Process(process.pid).children(recursive=True), shown_by(app)]
        process.send_signal(number)
        ended(process)
        wait_until(lambda: not any(one.is_running() for one in whole))

    def test_an_app_with_threads_of_its_own_ends_all_the_same(self, make: Make) -> None:
        app = make({"shop.py": f"import threading, time\n{WSGI}\n"
                    "threading.Thread(target=time.sleep, args=(3600,)).start()\n"})  # fmt: skip
        app.env = {"DISPLAY": ":9", "SLIPWAY_BROWSER": str(app.browser())}
        app.patch = "from slipway_desktop import window\nwindow.QUICK_SECONDS = 0.0"
        process = app.start()
        app.shown()
        app.close_window()
        assert ended(process)[0] == 0

    def test_one_of_flet_ends_with_its_window(self, make: Make) -> None:
        app = make({"main.py": SCRIPT}, kind="flet", module="main", call="")
        app.env = {"DISPLAY": ":9", "SLIPWAY_BROWSER": str(app.browser())}
        app.patch = "from slipway_desktop import window\nwindow.QUICK_SECONDS = 0.0"
        process = app.start()
        app.shown()
        app.close_window()
        assert ended(process)[0] == 0

    def test_a_browser_that_hands_the_window_over_does_not_end_the_app(self, make: Make) -> None:
        app = make()
        app.env = {"DISPLAY": ":9", "SLIPWAY_BROWSER": str(app.browser(stays=False))}
        process = app.start()
        app.shown()
        wait_until(lambda: "The app is at" in app.log)
        assert process.poll() is None
        assert get(app.address) == "hello from /"

    def test_a_browser_that_fails_gives_way_to_the_default_one(self, make: Make) -> None:
        app = make()
        default = app.browser(stays=False)
        failing = app.folder / "failing"
        failing.write_text("#!/bin/sh\nexit 3\n")
        failing.chmod(0o755)
        app.env = {
            "DISPLAY": ":9", "SLIPWAY_BROWSER": str(failing), "BROWSER": str(default),
        }  # fmt: skip
        process = app.start()
        ((argv, page, _),) = app.shown()
        assert (argv, page) == ([app.address], "hello from /")
        assert process.poll() is None

    def test_where_only_the_default_browser_is_there_it_shows_the_app(self, make: Make) -> None:
        app = make()
        browser = app.browser(stays=False)
        (app.folder / "nothing").mkdir()
        app.env = {
            "DISPLAY": ":9", "PATH": str(app.folder / "nothing"), "BROWSER": str(browser),
        }  # fmt: skip
        process = app.start()
        ((argv, page, _),) = app.shown()
        assert (argv, page) == ([app.address], "hello from /")
        wait_until(lambda: "The app is at" in app.log)
        assert process.poll() is None

    def test_a_second_start_shows_the_first(self, make: Make) -> None:
        app = make()
        app.env = {"DISPLAY": ":9", "SLIPWAY_BROWSER": str(app.browser())}
        app.start()
        app.shown()
        second = app.start()
        (_, (argv, page, _)) = app.shown(2)
        assert f"--app={app.address}" in argv
        assert page == "hello from /"
        assert ended(second)[0] == 0


class TestSpeech:
    def test_a_program_without_a_terminal_has_its_log(self, make: Make) -> None:
        app = make({"shop.py": f"import sys\nprint('söme words')\nsys.stdout.flush()\n{WSGI}"})
        app.before = "sys.stdout = sys.stderr = None"
        app.served(app.start())
        wait_until(lambda: "söme words" in app.log)

    def test_a_terminal_that_goes_away_does_not_matter(self, make: Make) -> None:
        code = "import sys\nfor n in range(5000): print('line', n)\nprint('end', file=sys.stderr)\n"
        app = make({"shop.py": code + WSGI})
        process = app.start()
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stderr.close()
        assert get(app.served(process)) == "hello from /"
        assert "line 4999\nend\n" in app.log

    def test_a_terminal_that_knows_few_letters(self, make: Make) -> None:
        app = make({"shop.py": f"print('söme „words“ 语')\n{WSGI}"})
        app.env = {"PYTHONIOENCODING": "ascii"}
        assert get(app.served(app.start())) == "hello from /"
        assert "söme „words“ 语" in app.log

    def test_what_apps_do_to_their_output_works(self, make: Make) -> None:
        code = (
            "import faulthandler, logging, os, subprocess, sys\n"
            "sys.stdout.reconfigure(encoding='utf-8')\nsys.stdout.buffer.write(b'raw bytes\\n')\n"
            "sys.stdout.buffer.flush()\nsys.stdout.writelines(['two', ' lines\\n'])\n"
            "subprocess.run([sys.executable, '-c', 'print(\"of a child\")'], stdout=sys.stdout)\n"
            "logging.basicConfig(level=0)\nlogging.info('by logging')\nfaulthandler.enable()\n"
            "assert sys.stdout.encoding and sys.stdout.errors and not sys.stdout.isatty()\n"
        )
        app = make({"shop.py": code + WSGI})
        app.served(app.start())
        for words in ("raw bytes", "two lines", "of a child", "by logging"):
            assert words in app.log

    def test_a_large_log_is_put_aside(self, make: Make) -> None:
        app = make()
        app.home.mkdir(parents=True)
        (app.home / "app.log").write_bytes(b"x" * (5 << 20) + b"more")
        app.served(app.start())
        assert (app.home / "app.log.1").stat().st_size > 5 << 20
        assert app.log.startswith("Shop 1.2")

    def test_the_log_goes_on_where_it_was(self, make: Make) -> None:
        app = make({"shop.py": "import sys\nsys.exit()"})
        for _ in range(2):
            ended(app.start())
        assert app.log.count("Shop 1.2, data in") == 2


class TestTrial:
    @pytest.fixture
    def outcome(self, tmp_path: Path) -> Path:
        return tmp_path / "outcome"

    def tried(self, app: Packed, outcome: Path, **env: str) -> str:
        app.env = {"SLIPWAY_APP_TRIAL": str(outcome), **env}
        ended(app.start())
        return outcome.read_text() if outcome.exists() else ""

    @pytest.mark.parametrize("status", ["200 OK", "302 Found", "404 Not Found", "500 Error"])
    def test_what_the_first_page_answers(self, status: str, make: Make, outcome: Path) -> None:
        code = WSGI.replace("200 OK", status)
        assert self.tried(make({"shop.py": code}), outcome) == status[:3]

    def test_a_page_that_raises(self, make: Make, outcome: Path) -> None:
        app = make({"shop.py": "def app(environ, start):\n    raise KeyError('the cause')"})
        assert self.tried(app, outcome) == "500"
        assert "KeyError: 'the cause'" in app.log

    def test_no_window_is_opened(self, make: Make, outcome: Path) -> None:
        app = make()
        browser = str(app.browser())
        assert self.tried(app, outcome, DISPLAY=":9", SLIPWAY_BROWSER=browser) == "200"
        assert not list(app.folder.glob("shown-*"))

    def test_one_that_fails_says_nothing(self, make: Make, outcome: Path) -> None:
        app = make({"shop.py": "import nowhere_at_all"})
        browser = str(app.browser())
        assert self.tried(app, outcome, DISPLAY=":9", SLIPWAY_BROWSER=browser) == ""
        assert "No module named 'nowhere_at_all'" in app.log
        assert not list(app.folder.glob("shown-*"))

    def test_one_of_flet(self, make: Make, outcome: Path) -> None:
        app = make({"main.py": SCRIPT}, kind="flet", module="main", call="")
        assert self.tried(app, outcome) == "200"

    @pytest.mark.parametrize(("display", "said"), [("", "no screen"), (":9", "window")])
    def test_one_with_a_window_of_its_own(
        self, display: str, said: str, make: Make, outcome: Path
    ) -> None:
        code = {"main.py": "import time\ntime.sleep(3600)"}
        app = make(code, kind="flet", module="main", call="", native=True)
        app.patch = "start.seen.LONG = 0.2"
        assert self.tried(app, outcome, **({"DISPLAY": display} if display else {})) == said


def test_it_runs_on_the_oldest_python_that_is_packed() -> None:
    """What runs inside apps is not ours to choose the Python of."""
    folder = Path(sys.modules["builder.desktop.runtime"].__file__ or "").parent
    for file in folder.glob("*.py"):
        text = file.read_text("utf-8")
        ast.parse(text, str(file), feature_version=(3, 10))
        assert not re.search(r"^\s*(from|import) builder\b", text, re.MULTILINE)

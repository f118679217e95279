"""The environment of an app: its packages and no others, by a real uv from an index of ours."""

from __future__ import annotations

import base64
import http.server
import os
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from builder import events
from builder.pipeline import Build, Job
from builder.problems import Cancelled, ComputerError, ProjectError
from builder.process import Finished, Tools
from builder.stages import environment
from tests.builder.desktop.runtime.packed import wait_until
from tests.builder.fake_build import fake_build, write

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
PASSWORD = "hunter22-of-the-index"


def wheel(folder: Path, name: str, version: str = "1.0", *requires: str) -> Path:
    """A package with one empty module."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {need}\n" for need in requires)
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(f"{name.replace('-', '_')}.py", "")
        made.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
        )
        made.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        made.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """The packages that there are."""
    folder = tmp_path / "wheels"
    wheel(folder, "flask", "3.0")
    wheel(folder, "needs-newer", "1.0", "flask>=4")
    wheel(folder, "brings-cli", "1.0", "flet-cli")
    wheel(folder, "flet-cli", "1.0")
    return folder


@contextmanager
def index(folder: Path, *, password: str = "", hangs: bool = False) -> Iterator[str]:
    """A package index of the wheels in a folder: its address, without a user."""
    wanted = "Basic " + base64.b64encode(f"me:{password}".encode()).decode()
    over = threading.Event()

    class Index(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if hangs:
                over.wait()
            elif password and self.headers["Authorization"] != wanted:
                self.send_error(401)
            elif self.path.startswith("/simple/"):
                name = self.path.split("/")[2].replace("-", "_")
                found = [p.name for p in folder.glob(f"{name}-*.whl")]
                links = "".join(f'<a href="/files/{n}">{n}</a>' for n in found)
                self._answer(f"<!doctype html>{links}".encode()) if found else self.send_error(404)
            else:
                self._answer((folder / self.path.rpartition("/")[2]).read_bytes())

        do_HEAD = do_GET

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            kind = "text/html" if body.startswith(b"<!") else "application/octet-stream"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}/simple/"
    finally:
        over.set()
        server.shutdown()
        server.server_close()


class Watched(Job):
    """A job that keeps what it starts and says."""

    def __init__(self, build: Build, tools: Tools) -> None:
        self.said: list[events.Event] = []
        self.started: list[Sequence[str]] = []
        super().__init__(build, "environment", self.said.append, tools)

    def run_tool(self, argv: Sequence[str], **more: Any) -> Finished:  # type: ignore[override]
        self.started.append(argv)
        return super().run_tool(argv, **more)

    @property
    def problems(self) -> list[str]:
        return [e.problem.code for e in self.said if isinstance(e, events.ProblemFound)]


@pytest.fixture
def tools() -> Iterator[Tools]:
    tools = Tools()
    yield tools
    tools.stop()


OWN = {
    "own/pyproject.toml": """
[project]
name = "own"
version = "1"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
""",
    "own/backend.py": """
import zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "own-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as made:
        made.write("own.py")
        about = "Metadata-Version: 2.1\\nName: own\\nVersion: 1\\n"
        made.writestr("own-1.dist-info/METADATA", about)
        made.writestr("own-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        made.writestr("own-1.dist-info/RECORD", "")
    return name
""",
    "own/own.py": "word = 'older'",
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all of these: what uv knows of the Pythons here takes seconds to find out."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, kept: Path) -> None:
    """No index but ours, a cache without packages, none of our own tools, and no patience."""
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(kept))
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setattr(environment, "_TOOLS", ())
    monkeypatch.setattr(environment, "_FOR_FLASK", ())


def asking(folder: Path, lines: str, **settings: Any) -> Build:
    files = {"main.py": FLASK, "requirements.txt": lines}
    build = fake_build(folder, files)
    return replace(build, settings=replace(build.settings, **settings))


def offline(wheels: Path) -> str:
    return f"--no-index\n--find-links {wheels.as_uri()}\n"


@pytest.mark.slow
class TestByUv:
    def test_it_holds_the_packages_and_a_python(
        self, tmp_path: Path, wheels: Path, tools: Tools
    ) -> None:
        build = asking(tmp_path, f"{offline(wheels)}flask")
        environment.run(Watched(build, tools))
        assert environment.packages(build) == {"flask": "3.0"}
        assert environment.python(build).is_file()
        assert environment.version(build).startswith("3.")

    def test_what_was_in_it_before_is_gone(
        self, tmp_path: Path, wheels: Path, tools: Tools
    ) -> None:
        environment.run(Watched(asking(tmp_path, f"{offline(wheels)}flask\nbrings-cli"), tools))
        build = asking(tmp_path, f"{offline(wheels)}flask")
        environment.run(Watched(build, tools))
        assert environment.packages(build) == {"flask": "3.0"}

    def test_flets_own_builder_is_taken_out_again(
        self, tmp_path: Path, wheels: Path, tools: Tools
    ) -> None:
        build = asking(tmp_path, f"{offline(wheels)}brings-cli\nflask\nflet-cli")
        environment.run(Watched(build, tools))
        assert set(environment.packages(build)) == {"brings-cli", "flask"}

    def test_a_wheel_beside_the_project_and_limits_in_a_path_with_spaces(
        self, tmp_path: Path, wheels: Path, tools: Tools
    ) -> None:
        wheel(wheels, "flask", "3.1")
        wheel(tmp_path / "project", "own", "2.0", "flask")
        write(tmp_path / "project", {"a b/limits.txt": "flask<3.1\n"})
        lines = f"{offline(wheels)}-c a b/limits.txt\n./own-2.0-py3-none-any.whl\nflask"
        build = asking(tmp_path, lines)
        environment.run(Watched(build, tools))
        assert environment.packages(build) == {"flask": "3.0", "own": "2.0"}

    def test_a_package_of_this_computer_is_taken_as_it_is_now(
        self, tmp_path: Path, tools: Tools
    ) -> None:
        # Its own build would need the network: one that is written here does.
        write(tmp_path / "project", OWN)
        build = asking(tmp_path, "./own")
        environment.run(Watched(build, tools))
        write(tmp_path / "project", {"own/own.py": "word = 'newer'"})
        environment.run(Watched(build, tools))
        (found,) = (build.work / environment.ENVIRONMENT).rglob("own.py")
        assert found.read_text("utf-8") == "word = 'newer'"

    def test_the_environment_that_is_active_is_not_touched(
        self, tmp_path: Path, wheels: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path / "active", {"pyvenv.cfg": "home = /nowhere\n", "bin/python": ""})
        monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
        environment.run(Watched(asking(tmp_path, f"{offline(wheels)}flask"), tools))
        assert sorted(p.name for p in (tmp_path / "active").rglob("*")) == [
            "bin", "python", "pyvenv.cfg",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("asked", "code"),
        [
            ("nowhere-at-all", "package-not-found"),
            ("flask==99", "package-version-not-found"),
            ("needs-newer", "package-version-not-found"),
            ("flask @ https://127.0.0.1:9/flask-1-py3-none-any.whl", "index-unreachable"),
        ],
    )
    def test_what_is_not_to_be_had_is_told(
        self,
        asked: str,
        code: str,
        tmp_path: Path,
        wheels: Path,
        tools: Tools,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("COLUMNS", "40")  # a terminal for which uv breaks its lines
        build = asking(tmp_path, f"{offline(wheels)}{asked}")
        with pytest.raises((ProjectError, ComputerError)) as raised:
            environment.run(Watched(build, tools))
        assert raised.value.problem.code == code, raised.value.problem.evidence
        if isinstance(raised.value, ProjectError) and asked != "needs-newer":
            assert raised.value.problem.where == "requirements.txt, line 3"
        assert not (build.work / "environment.json").exists()

    def test_packages_that_exclude_each_other(
        self, tmp_path: Path, wheels: Path, tools: Tools
    ) -> None:
        wheel(wheels, "flask", "4.0")
        build = asking(tmp_path, f"{offline(wheels)}flask<4\nneeds-newer")
        with pytest.raises(ProjectError) as raised:
            environment.run(Watched(build, tools))
        assert raised.value.problem.code == "packages-conflict"

    @pytest.mark.parametrize("version", ["3.99", ">=3.99"])
    def test_a_python_that_is_not_there(self, version: str, tmp_path: Path, tools: Tools) -> None:
        build = asking(tmp_path, "flask", requires_python=version)
        if version[0].isdigit():
            build = asking(tmp_path, "flask", python_version=version)
        with pytest.raises(ComputerError) as raised:
            environment.run(Watched(build, tools))
        assert raised.value.problem.code == "python-not-there"
        assert "3.99" in raised.value.problem.title

    def test_without_a_network_what_was_fetched_once_will_do(
        self, tmp_path: Path, wheels: Path, tools: Tools
    ) -> None:
        write(tmp_path / "project", OWN)
        with index(wheels) as address:
            build = asking(tmp_path, f"--index-url http://{address}\nflask\n./own")
            environment.run(Watched(build, tools))
        job = Watched(build, tools)
        environment.run(job)
        assert environment.packages(build) == {"flask": "3.0", "own": "1"}
        assert job.problems == ["index-unreachable-cache-used"]

    def test_without_a_network_and_without_a_cache(self, tmp_path: Path, tools: Tools) -> None:
        build = asking(tmp_path, "--index-url http://127.0.0.1:9/simple\nflask")
        with pytest.raises(ComputerError) as raised:
            environment.run(Watched(build, tools))
        assert raised.value.problem.code == "index-unreachable"

    def test_a_cancel_leaves_no_process(self, tmp_path: Path, wheels: Path, tools: Tools) -> None:
        with index(wheels, hangs=True) as address:
            build = asking(tmp_path, f"--index-url http://{address}\nflask")
            job = Watched(build, tools)

            def stop() -> None:
                wait_until(lambda: any("install" in argv for argv in job.started))
                tools.stop()

            stopper = threading.Thread(target=stop)
            stopper.start()
            with pytest.raises(Cancelled):
                environment.run(job)
            stopper.join()
        left = [p for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in cmdline(p)]
        assert left == []


@pytest.mark.slow
class TestPasswords:
    @pytest.mark.parametrize("is_right", [True, False])
    def test_that_of_an_index_is_written_nowhere(
        self, is_right: bool, tmp_path: Path, wheels: Path, tools: Tools
    ) -> None:
        with index(wheels, password=PASSWORD if is_right else "another") as address:
            build = asking(tmp_path, f"--index-url http://me:{PASSWORD}@{address}\nflask")
            job = Watched(build, tools)
            problem = run_for_its_problem(job)
        assert problem == ("" if is_right else "index-refused")
        assert holds(job, PASSWORD) == []

    def test_that_of_a_single_package_is_gone_when_it_is_there(
        self, tmp_path: Path, wheels: Path, tools: Tools
    ) -> None:
        with index(wheels, password=PASSWORD) as address:
            place = address.replace("/simple/", "/files/flask-3.0-py3-none-any.whl")
            build = asking(tmp_path, f"flask @ http://me:{PASSWORD}@{place}\n")
            job = Watched(build, tools)
            assert run_for_its_problem(job) == ""
        assert holds(job, PASSWORD) == []


def cmdline(process: psutil.Process) -> str:
    return " ".join(process.info["cmdline"] or ())


def run_for_its_problem(job: Job) -> str:
    try:
        environment.run(job)
    except (ProjectError, ComputerError) as error:
        return error.problem.code
    return ""


def holds(job: Watched, secret: str) -> list[str]:
    """Where a secret is: in an argument, in what was said, in a file of the work folder."""
    found = [" ".join(argv) for argv in job.started if secret in " ".join(argv)]
    found += [str(event) for event in job.said if secret in str(event)]
    files = [path for path in job.build.work.rglob("*") if path.is_file()]
    return found + [str(path) for path in files if secret.encode() in path.read_bytes()]


# ---- What is asked for -----------------------------------------------------------------------


def wanted(folder: Path, files: Mapping[str, str]) -> list[str]:
    return environment.reads(fake_build(folder, files))["the requirements"].splitlines()


def test_nothing_is_asked_for_that_brings_another_window(tmp_path: Path) -> None:
    lines = "flet[all]==1.0.5\nflet-cli\nflet_desktop==1.0.5\nflet-web==1.0.5\nhttpx"
    found = wanted(tmp_path, {"requirements.txt": lines})
    assert "flet==1.0.5" in found
    assert "httpx" in found
    assert not any("flet-cli" in line or "[all]" in line for line in found)


@pytest.mark.parametrize(
    ("lines", "file"),
    [("./own", "own/own.py"), ("-c limits.txt\nflask", "limits.txt"), ("./own.whl", "own.whl")],
)
def test_what_is_named_by_a_path_counts_by_its_content(
    lines: str, file: str, tmp_path: Path
) -> None:
    files = {**OWN, "limits.txt": "flask<3", "own.whl": "a"}
    write(tmp_path / "project", files)
    build = asking(tmp_path, lines.replace("./own.whl", "own @ ./own.whl"))
    before = environment.reads(build)
    assert environment.reads(build) == before
    write(tmp_path / "project", {file: "changed, and longer"})
    assert environment.reads(build) != before


def test_the_password_of_an_index_is_no_input(tmp_path: Path) -> None:
    files = {"main.py": FLASK, "requirements.txt": f"--index-url https://me:{PASSWORD}@h\nflask"}
    before = environment.reads(fake_build(tmp_path, files))
    assert PASSWORD not in str(before)
    files["requirements.txt"] = "--index-url https://other.example\nflask"
    assert environment.reads(fake_build(tmp_path, files)) != before


def test_the_password_of_a_packages_address_is_no_input(tmp_path: Path) -> None:
    line = f"flask @ https://me:{PASSWORD}@h.example/flask-3.0-py3-none-any.whl"
    build = fake_build(tmp_path, {"main.py": FLASK, "requirements.txt": line})
    assert PASSWORD not in str(environment.reads(build))

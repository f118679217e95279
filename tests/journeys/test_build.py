"""Real builds: what is skipped, what is told, and what holds when things go wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT, build, counter

pytestmark = [pytest.mark.slow, pytest.mark.network]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that nobody answers for, and no other place to take packages from."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_an_unchanged_project_is_all_skipped_and_a_changed_file_runs_what_needs_it(
    tmp_path: Path,
) -> None:
    project = counter(tmp_path / "p")
    assert build(project).status == 0
    again = build(project)
    assert again.status == 0
    assert set(again.stages.values()) == {"skipped"}
    (project / "main.py").write_text((project / "main.py").read_text() + "\n# more\n")
    changed = build(project)
    skipped = {stage for stage, state in changed.stages.items() if state == "skipped"}
    assert {"client", "packages", "bytecode"} <= skipped
    assert changed.stages["archive"] == "done"
    reasons = [e["reason"] for e in changed.of("stage") if e["id"] == "archive" and e["reason"]]
    assert reasons == ["main.py changed"]


def test_with_a_warm_cache_no_network_is_needed(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    assert build(counter(tmp_path / "first")).status == 0
    request.getfixturevalue("no_network")
    # Another project with the same needs: its work folder knows nothing yet.
    built = build(counter(tmp_path / "second"))
    assert built.status == 0, built.problems
    assert "index-unreachable-cache-used" in built.problems


def test_with_a_cold_cache_the_problem_is_the_network(
    tmp_path: Path, no_network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLIPWAY_CACHE_DIR", str(tmp_path / "cold"))
    built = build(counter(tmp_path / "p"))
    assert built.status == 20
    assert "index-unreachable" in built.problems
    assert not built.folder.exists()


@pytest.mark.parametrize(
    ("needs", "status", "code", "words"),
    [
        ("nosuchpkg-xyz-1", 10, "no-such-package", "nosuchpkg-xyz-1"),
        ("tabulate==99", 10, "no-such-version", "tabulate==99"),
        ("flet==0.28.3", 10, "flet-too-old", "0.28.3"),
        ("ibm-db", 10, "no-browser-build", "ibm"),
        ("pydantic<2.10", 10, "package-fallback", "pydantic"),
    ],
)
def test_requirements_that_cannot_be_had(
    needs: str, status: int, code: str, words: str, tmp_path: Path
) -> None:
    built = build(counter(tmp_path / "p", needs=needs))
    assert built.status == status, built.problems
    assert words in built.problems[code]["title"] + built.problems[code]["why"]
    assert built.problems[code]["where"].startswith("pyproject.toml, line")
    assert not built.folder.exists()


def test_requirements_that_exclude_each_other(tmp_path: Path) -> None:
    project = counter(tmp_path / "p")
    (project / "pyproject.toml").unlink()
    (project / "requirements.txt").write_text("flet\nclick<7\nflask==3.1.0\n")
    built = build(project)
    assert built.status == 10
    assert "click, flask" in built.problems["requirements-conflict"]["title"]
    assert "line 2" in built.problems["requirements-conflict"]["where"]


def test_a_compiled_package_of_today_is_packed(tmp_path: Path) -> None:
    built = build(counter(tmp_path / "p", needs="pydantic"))
    assert built.status == 0, built.problems


def test_another_python_than_the_clients_is_a_clear_problem(tmp_path: Path) -> None:
    built = build(counter(tmp_path / "p"), "--python-version", "3.12")
    assert built.status == 10
    assert "3.12" in built.problems["python-not-in-client"]["title"]


def test_the_previous_result_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    project = counter(tmp_path / "p")
    assert build(project).status == 0
    site = project / "dist" / "web"
    whole = snapshot(site).keys()
    for moment in (0.05, 0.2, 0.35, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8):
        (project / "main.py").write_text((project / "main.py").read_text() + f"\n# {moment}\n")
        engine = subprocess.Popen(
            [sys.executable, "-m", "builder", "build", "web", str(project), "--events"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(moment)
        engine.send_signal(signal.SIGKILL)
        engine.communicate(timeout=60)
        assert snapshot(site).keys() == whole
    assert build(project).status == 0
    assert snapshot(site).keys() == whole
    assert [p.name for p in site.parent.iterdir()] == ["web"]

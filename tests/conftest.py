"""Keeps every test away from the real folders of whoever runs it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import hypothesis
import pytest

from tests.flutter_stub import flutter_stub as flutter_stub  # a fixture for every test

# Machines are busy now and then, and that is no fault of what is tested.
hypothesis.settings.register_profile("slipway", deadline=None)
hypothesis.settings.load_profile("slipway")

# What a shell starts in the background is deaf to Ctrl+C, and so would be all that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


BROWSERS = {"chromium", "chrome"}
"""The fixtures that give a test a real browser."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What goes through a real browser gets two more tries; what fails three times has failed.

    Once in some hundred pages Flutter leaves a node out of what screen readers see until the next
    frame, and on a page at rest there is none.
    """
    for item in items:
        if BROWSERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(scope="session", autouse=True)
def own_cache(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that lasts from run to run, so that nothing is fetched twice; data for the run.

    Set in the environment itself: fixtures of a module or session start processes, too.
    """
    assert pytestconfig.cache is not None
    cache = Path(pytestconfig.cache.mkdir("slipway"))
    os.environ["SLIPWAY_CACHE_DIR"] = str(cache)
    os.environ["SLIPWAY_DATA_DIR"] = str(tmp_path_factory.mktemp("data"))
    return cache


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder for each test."""
    data = tmp_path / ".slipway-data"
    monkeypatch.setenv("SLIPWAY_DATA_DIR", str(data))
    return data

"""Checks everything: python3 -m tests [--quick] [arguments for pytest].

Runs on a bare Python: makes an environment as `main.py` does, with the tools for tests in it, and
finds or installs a Chromium. `--quick` leaves out what takes seconds: real installs and browsers.
"""

# No newer syntax up here: an old Python must get as far as the sentence below.
import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.stderr.write("Slipway needs Python 3.11 or newer.\n")
    sys.exit(20)

import os
import shutil
import subprocess
import time
from pathlib import Path

from builder import bootstrap

ROOT = Path(__file__).resolve().parent.parent
QUICK = "--quick"


def main(arguments: list[str]) -> int:
    """Run all checks, say how each ended, and return 0 when all is well."""
    os.chdir(ROOT)
    quick = QUICK in arguments
    rest = [argument for argument in arguments if argument != QUICK]
    if not quick:
        _provide_chromium()
    checks = {
        "ruff check": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "mypy": ["mypy", "--strict", "builder"],
        "pytest": ["pytest", *_side_by_side(), *(["-m", "not slow"] if quick else []), *rest],
    }
    outcomes = {name: _run(name, argv) for name, argv in checks.items()}
    print("\n" + "=" * 60)
    for name, (status, seconds) in outcomes.items():
        print(f"{name:<12} {'ok' if status == 0 else f'failed ({status})':<12} {seconds:6.1f} s")
    return next((status for status, _ in outcomes.values() if status), 0)


def _side_by_side() -> list[str]:
    """Files of tests run side by side, one for each processor, but few browsers at once."""
    return ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]


def _run(name: str, argv: list[str]) -> tuple[int, float]:
    print(f"\n--- {name}", flush=True)
    began = time.monotonic()
    status = subprocess.call([sys.executable, "-m", *argv])
    return status, time.monotonic() - began


def _provide_chromium() -> None:
    """Have a Chromium that starts: one that is there, Playwright's own, or Debian's package."""
    ways = [_already_there, _playwrights_own, _from_playwright]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        ways.append(_from_debian)
    for way in ways:
        if (found := way()) and _starts(found):
            os.environ["SLIPWAY_CHROMIUM"] = found
            print(f"Chromium: {found}", flush=True)
            return
    sys.stderr.write(
        "The tests need a Chromium, and none could be found or installed. Install one (Debian: "
        "sudo apt install chromium), or set SLIPWAY_CHROMIUM to its path. With --quick none is "
        "needed.\n"
    )
    sys.exit(bootstrap.EXIT_COMPUTER)


def _already_there() -> str:
    from tests.browser import chromium

    return chromium() or ""


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _from_playwright() -> str:
    print("Fetching a Chromium from Playwright.", flush=True)
    install = [sys.executable, "-m", "playwright", "install", "chromium"]
    return _playwrights_own() if subprocess.call(install) == 0 else ""


def _from_debian() -> str:
    print("Installing Debian's Chromium.", flush=True)
    for argv in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
        if subprocess.call(argv) != 0:
            return ""
    return shutil.which("chromium") or ""


def _starts(chromium: str) -> bool:
    """A browser without its libraries, or a stub that asks for a store, does not."""
    try:
        done = subprocess.run([chromium, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    bootstrap.enter(["-m", "tests", *sys.argv[1:]], bootstrap.requirements(extra="test"))
    sys.exit(main(sys.argv[1:]))

"""Runs the engine with a backend that needs no network: `python fake_engine.py build web …`.

`FAKE` in the environment says what its second stage does, see `slow`; or `asks`, see `ask`.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
import types

import builder.backends
from builder.backends.delivered import of_folder
from builder.checks.computer import Room
from builder.pipeline import Build, Job, Stage
from builder.problems import Fix, Problem, ProjectError, ToolError
from builder.run import main

TREE = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'],"
    " start_new_session=True); print('ready', flush=True); time.sleep(300)"
)


def ask(job: Job) -> None:
    again = Fix("allow", "Allow it", "run", {"argv": ["--yes"]})
    job.problem(Problem("warned", "It may not", severity="warn", fixes=(again,)))
    raise ProjectError(Problem("refused", "It must not", fixes=(again,)))


def make(job: Job) -> None:
    if os.environ.get("FAKE") == "asks":
        ask(job)
    site = job.build.work / "site"
    site.mkdir(exist_ok=True)
    for number in range(5):
        job.progress(number, 5, "files")
        job.log(f"file {number}")
    (site / "index.html").write_text((job.build.project.folder / "main.py").read_text("utf-8"))
    (site / "base").write_text(job.build.settings.base_url)


def slow(job: Job) -> None:
    job.log("slow begins")
    match os.environ.get("FAKE", ""):
        case "tool":
            job.run_tool([sys.executable, "-c", TREE])
        case "deaf":
            time.sleep(300)
        case "crash":
            raise RuntimeError("a crash with password=hunter22")
        case "full":
            raise OSError(28, "No space left on device", str(job.build.work / "big"))
        case "full-copy":
            why = str(OSError(28, "No space left on device"))
            raise shutil.Error([("from", str(job.build.work / "to"), why)])
        case "fails":
            raise ToolError(Problem("tool-failed", "The tool failed", evidence=("last line",)))
        case "prints":
            print("by mistake")
        case "flood":
            while True:
                job.log("x" * 1000)


def reads(build: Build) -> dict[str, str]:
    source = (build.project.folder / "main.py").read_bytes().hex()
    return {"main.py": source, "base URL": build.settings.base_url}


def stages(build: Build) -> list[Stage]:
    return [
        Stage("make", "Make the site", make, reads, ["site/index.html"]),
        Stage("slow", "Take time", slow, lambda build: {}, [], ["make"]),
    ]


fake = types.ModuleType("builder.backends.prebuilt")
fake.__dict__.update(
    MADE="site",
    room=lambda build: Room(1, 1),
    describe=lambda build: "nothing much",
    stages=stages,
    rehearsal=stages,
    checks=lambda build, tools, say, depth: (build, []),
    needs_network=lambda build: "",
    without_picture=lambda build: "none is shown",
    artifacts=lambda build, output: [of_folder(output, "site")],
)
sys.modules["builder.backends.prebuilt"] = builder.backends.__dict__["prebuilt"] = fake

if __name__ == "__main__":
    sys.exit(main())

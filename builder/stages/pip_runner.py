"""pip as a stage runs it: in the project's folder, where the project's relative paths start."""

from __future__ import annotations

from builder.index import RunTool
from builder.pipeline import Job


def of(job: Job, *, quiet: bool = False) -> RunTool:
    """What the functions of `builder.index` run pip with; `quiet` keeps its lines from the log."""
    folder = job.build.project.folder
    return lambda argv, env: job.run_tool(argv, cwd=folder, env=env, quiet=quiet)

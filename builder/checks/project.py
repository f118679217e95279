"""The checks of a project before it is built: found, startable, readable, valid, nothing secret."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from builder import requirements
from builder.events import Check, CheckState
from builder.problems import Problem
from builder.project import Project
from builder.settings import Settings

# Names of files that hold keys or passwords. `.env` and the like are here because `include` can
# bring them back.
_SECRET_NAMES = (
    ".env", ".env.*", "*.pem", "*.key", "*.p12", "*.pfx", "*.keystore", "*.jks",
    "*.mobileprovision", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "*.ppk", ".netrc",
    "_netrc", ".pypirc", ".npmrc",
    "credentials.json", "client_secret*.json", "service-account*.json", "service_account*.json",
    "google-services.json", "secrets.toml", "secrets.json", "secrets.yaml", "secrets.yml",
)  # fmt: skip
# Of these the names fit, but they are made to be given away.
_NOT_SECRET = (".env.example", ".env.sample", ".env.template", "cacert.pem")

_FOLDER = frozenset(
    {"no-such-folder", "not-a-folder", "folder-not-readable", "empty-folder", "too-many-files",
     "app-path-outside", "app-path-not-there", "file-not-readable"}
)  # fmt: skip
_ENTRY = frozenset(
    {"no-entry-point", "entry-point-ambiguous", "entry-point-not-found", "entry-point-not-python",
     "no-framework-found", "no-flask-app", "flask-app-ambiguous",
     "flask-app-not-found", "flask-app-out-of-reach", "flask-factory-needs-arguments",
     "flask-folder-is-the-package", "module-hides-package", "entry-point-left-out"}
)  # fmt: skip


def checks(
    project: Project, settings: Settings, settings_problems: Iterable[Problem]
) -> list[Check]:
    """The state of each check, in the order in which they are shown.

    `settings_problems` are those that `settings.resolve` returned.
    """
    groups: dict[str, list[Problem]] = {"folder": [], "entry": [], "requirements": [], "rest": []}
    for problem in project.problems:
        groups[_group(problem)].append(problem)
    if any(problem.code in _FOLDER for problem in groups["folder"] if problem.severity == "error"):
        found = [_check("project", "Project found", groups["folder"], "")]
        return found + [_skipped(id_, title) for id_, title in _TITLES[1:]]
    details = (
        f"{_count(project.files, 'file')}, {_size(project.bytes)}",
        _starts_in(project),
        _asks_for(project),
        f"{settings.product} {settings.build_version}",
    )
    problems = (
        groups["folder"],
        groups["entry"],
        groups["requirements"],
        [*groups["rest"], *settings_problems],
    )
    return [
        *(
            _check(id_, title, wrong, detail)
            for (id_, title), wrong, detail in zip(_TITLES[:-1], problems, details, strict=True)
        ),
        _secrets(project),
    ]


_TITLES = (
    ("project", "Project found"),
    ("entry-point", "Entry point"),
    ("requirements", "Requirements readable"),
    ("settings", "Settings valid"),
    ("secrets", "Nothing secret packed"),
)


def start_left_out(project: Project, asked_at: str) -> list[Problem]:
    """The problem of a file that the app starts with, and that is not packed.

    `asked_at` is where the user says what is to be left out.
    """
    chosen = project.flask.chosen if project.flask else None
    start = chosen.file if chosen else f"{project.module}.py"
    left = project.selection.left_out
    by = next((one for one in left if one.path == start or start.startswith(f"{one.path}/")), None)
    if by is None or by.reason != "excluded":
        return []
    return [
        Problem(
            "entry-point-left-out",
            f"The app starts with {start}, which is to be left out",
            f"“{by.path}” is among what the app is packed without, so it could not start.",
            f"Take {by.path} out of that list, or name another file to start with.",
            where=asked_at,
        )
    ]


def secret_looking(paths: Iterable[str]) -> list[str]:
    """Those of the paths whose file name is one that keys and passwords usually have."""
    return [path for path in paths if _looks_secret(path.rpartition("/")[2].lower())]


def _looks_secret(name: str) -> bool:
    return name not in _NOT_SECRET and any(fnmatchcase(name, secret) for secret in _SECRET_NAMES)


def _group(problem: Problem) -> str:
    if problem.code in _FOLDER:
        return "folder"
    if problem.code in _ENTRY:
        return "entry"
    return "requirements" if problem.code.startswith("requirement") else "rest"


def _check(id_: str, title: str, problems: Sequence[Problem], detail: str) -> Check:
    """Fails with its first error; warns with its first warning; hints leave it as it is."""
    states: tuple[tuple[str, CheckState], ...] = (("error", "fail"), ("warn", "warn"))
    for severity, state in states:
        wrong = [problem for problem in problems if problem.severity == severity]
        if wrong:
            more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
            fixes = [fix for problem in wrong for fix in problem.fixes]
            return Check(id_, title, state, f"{wrong[0].title}{more}", fixes)
    return Check(id_, title, "ok", detail)


def _skipped(id_: str, title: str) -> Check:
    return Check(id_, title, "skip", "Waits for the project.")


def _starts_in(project: Project) -> str:
    chosen = project.flask.chosen if project.flask else None
    return f"{chosen.name} in {chosen.file}" if chosen else f"Starts in {project.module}.py"


def _asks_for(project: Project) -> str:
    if all(need.where == requirements.DEFAULT for need in project.requirements):
        return f"None named: the app gets {'Flask' if project.kind == 'flask' else 'Flet'}"
    return _count(len(project.requirements), "package")


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _secrets(project: Project) -> Check:
    found = secret_looking(file.path for file in project.selection.files)
    title = "Nothing secret packed"
    if not found:
        return Check("secrets", title, "ok")
    named = ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
    return Check(
        "secrets",
        title,
        "warn",
        f"These look as if they held keys or passwords, and everyone who gets the app can read "
        f"them: {named}. Leave them out with tool.flet.app.exclude if the app does not need them.",
    )


def _size(count: int) -> str:
    size = float(count)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"

"""What the wizard knows and what follows from it: plain data and rules, without flet.

There is one `WizardState` in the process and every tab shows it. It has no lock because only code
on the event loop touches it; what works in a thread brings its result back there first. After a
change, `notify` tells the observers, which draw anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal, Protocol
from urllib.parse import unquote, urlsplit

from app import options as option_rules
from app.app_files import AppFile
from app.folders import Listing
from app.options import OptionEdits, OptionView, Owned
from app.pictures import Page, Pictures
from app.texts import counted, t
from builder import settings, targets
from builder.events import Artifact, Check
from builder.history import LastBuild
from builder.host import Host
from builder.images.style import PLATFORMS, Platform
from builder.options import OPTIONS
from builder.problems import Problem
from builder.project import FLASK_SETTING, Project
from builder.settings import Settings, Verdict
from builder.toolchains.inventory import Has

Level = Literal["idle", "busy", "ready", "look", "stop"]
Saving = Literal["", "waiting", "saving", "saved"]


@dataclass(frozen=True)
class Step:
    """One page of the wizard. A `later` one has its place but no page yet, and is not shown."""

    id: str
    later: bool = False


STEPS: tuple[Step, ...] = (
    Step("project"),
    Step("target"),
    Step("identity"),
    Step("icons"),
    Step("splash"),
    Step("options"),
    Step("build"),
    Step("result"),
)
SHOWN: tuple[str, ...] = tuple(step.id for step in STEPS if not step.later)


@dataclass(frozen=True)
class Field:
    """One field of the identity: its name in `Settings`, and whether it is a number."""

    name: str
    number: bool = False


FIELDS: tuple[Field, ...] = (
    Field("product"),
    Field("project"),
    Field("description"),
    Field("org"),
    Field("bundle_id"),
    Field("build_version"),
    Field("build_number", number=True),
)
_STORES = frozenset({"aab", "ipa"})
_APPLE = frozenset({"ipa", "ios-simulator", "macos"})
_FIELDS: Mapping[str, Field] = {one.name: one for one in FIELDS}


@dataclass(frozen=True)
class Edit:
    """What was typed and is not in the file yet, and what the file said when typing began."""

    value: str
    base: str


@dataclass(frozen=True)
class Forecast:
    """What a build would do: why it needs the network (empty: not), where to, and how long."""

    network: str = ""
    output: str = ""
    usual_seconds: float | None = None
    is_nothing_new: bool = False  # everything is as at the last build
    problems: Sequence[Problem] = ()
    checks: Sequence[Check] = ()  # what was looked at for it


@dataclass(frozen=True)
class Readiness:
    """The light at the foot of the window: its colour and, always, its words."""

    level: Level
    words: str


class Stage(Protocol):
    """One stage of a build, as far as a page shows it."""

    id: str
    title: str
    state: str
    seconds: float
    reason: str
    done: float
    total: float | None
    unit: str
    detail: str
    usual_seconds: float | None
    started: float | None

    def elapsed(self) -> float: ...


class Line(Protocol):
    """One line of a log."""

    @property
    def text(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def stream(self) -> str: ...


class Log(Protocol):
    """All lines of a build; it only grows."""

    path: Path | None

    @property
    def count(self) -> int: ...
    def lines(self, start: int, stop: int) -> Sequence[Line]: ...
    def find(self, text: str, start: int = 0) -> int: ...
    def first_error(self) -> int: ...


class Run(Protocol):
    """A build that runs or is over, as far as the wizard looks at it."""

    id: str
    target: str
    project: Path
    is_rehearsal: bool
    backend: str
    state: Any  # running ok failed cancelled died
    started: float
    problems: list[Problem]
    checks: list[Check]
    artifacts: list[Artifact]

    @property
    def seconds(self) -> float: ...
    @property
    def cancelling(self) -> bool: ...
    @property
    def stages(self) -> Mapping[str, Stage]: ...
    @property
    def log(self) -> Log: ...
    def cancel(self) -> None: ...
    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]: ...


@dataclass
class WizardState:
    """Everything that the pages show; see the module for who may touch it."""

    host: Host
    step: str = "project"
    # The project
    typed_path: str = ""
    path_note: str = ""  # why the typed path is not a project, as a sentence
    path_offer: Path | None = None  # the folder that was probably meant
    folder: Path | None = None
    reading: bool = False
    gone: bool = False  # the folder was there and is not now
    project: Project | None = None
    read_problem: Problem | None = None
    app_files: Sequence[AppFile] = ()  # what its code reads and writes
    recents: Sequence[Path] = ()
    browsing: Path | None = None
    listing: Listing | None = None
    # The target and the identity
    target: str = "web"
    has: Has = field(default_factory=Has)  # the tools on this computer
    settings: Settings | None = None
    settings_problems: Sequence[Problem] = ()
    last_build: LastBuild | None = None  # of this project and target
    edits: dict[str, Edit] = field(default_factory=dict)
    saving: Saving = ""
    save_problem: Problem | None = None
    # The pictures
    pictures: Pictures = field(default_factory=Pictures)
    # The options
    option_edits: OptionEdits = field(default_factory=OptionEdits)
    option_trouble: Owned = field(default_factory=dict)  # what the rules say about the file
    # The build and its result
    run: Run | None = None
    forecast: Forecast | None = None  # None while nobody has asked, or the answer is on its way
    address: str = ""  # where the finished site or app can be looked at
    can_stop: bool = False  # whether what answers there is ours to end
    in_menu: bool | None = None  # whether the finished app is in the desktop's menu, where known
    notice: Problem | None = None  # what went wrong outside of any page
    _left: dict[Path, tuple[dict[str, Edit], OptionEdits]] = field(default_factory=dict)
    _observers: list[Callable[[], None]] = field(default_factory=list, repr=False)

    # --- Observers ---

    def subscribe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Call `observer` after every change. Returns what ends that."""
        self._observers.append(observer)

        def unsubscribe() -> None:
            if observer in self._observers:
                self._observers.remove(observer)

        return unsubscribe

    def notify(self) -> None:
        """Tell the observers that something changed."""
        for observer in tuple(self._observers):
            observer()

    # --- The target ---

    def cell(self, target: str = "") -> targets.Cell:
        """What this computer can do about a target, by default the chosen one."""
        return targets.cell(target or self.target, self.host, self.has, self._kind())

    def cells(self) -> list[targets.Cell]:
        """What this computer can do about each target."""
        return targets.matrix(self.host, self.has, self._kind())

    def _kind(self) -> str:
        return self.project.kind if self.project else "flet"

    def is_rehearsal(self) -> bool:
        """Whether only a rehearsal is possible now: the tools for the rest are missing."""
        return self.cell().state == "needs"

    def backend(self, target: str = "") -> str:
        """The way that a target is built: the one that was chosen, if it works, else the usual."""
        ways, chosen = self.cell(target).ways, self._chosen_backend(target or self.target)
        return next((way for way in ways if way == chosen), ways[0] if ways else "")

    def _chosen_backend(self, target: str) -> str:
        pyproject = self.project.pyproject if self.project else {}
        return str(settings.stored(pyproject, backend_key(target)) or "")

    def options(self) -> dict[str, Any]:
        """The options of a build of the chosen target."""
        if self.is_rehearsal():
            return {"rehearse": True}
        backend = self.backend()
        return {"backend": backend} if backend != self.cell().backend else {}

    # --- The identity ---

    def on_disk(self, name: str) -> str:
        """What a field is according to the files, defaults filled in."""
        return "" if self.settings is None else str(getattr(self.settings, name))

    def value(self, name: str) -> str:
        """What a field shows: what was typed, else what the files say."""
        edit = self.edits.get(name)
        return self.on_disk(name) if edit is None else edit.value

    def verdicts(self, name: str) -> Sequence[Verdict]:
        """What the rules say about what a field shows.

        What only other targets ask for is a hint, and is said when the chosen one is content.
        """
        if self.settings is None:
            return ()
        said = settings.judge(name, self.value(name), tuple(targets.TARGETS))
        own = [one for one in said if self.target in one.targets]
        if name == "build_number" and not own:
            own = self._beside_last_build()
        return own or [replace(one, severity="hint") for one in said]

    def _beside_last_build(self) -> list[Verdict]:
        """What the number of the last build says about the next: stores want it to grow."""
        last, value = self.last_build, self.value("build_number").strip()
        if last is None or not value.isdecimal() or int(value) > last.number:
            return []
        if self.target in _APPLE and self.value("build_version") != last.version:
            return []  # there it has to grow within a version only
        kind = "same" if int(value) == last.number else "lower"
        if self.target in _STORES:
            kind += "_store"
        elif self.target == "apk" and kind == "lower":
            kind += "_phone"
        severity = "warn" if "_" in kind else "hint"
        words = t(f"identity.last.{kind}", number=last.number)
        return [Verdict(words, (), str(last.number + 1), severity)]

    def type(self, name: str, value: str) -> None:
        """A field was typed into."""
        edit = self.edits.get(name)
        self.edits[name] = Edit(value, self.on_disk(name) if edit is None else edit.base)
        self.saving = "waiting"
        self.save_problem = None

    def clashes(self) -> list[str]:
        """The fields that changed on disk while something else was typed into them."""
        return [
            name
            for name, edit in self.edits.items()
            if self.on_disk(name) not in (edit.base, edit.value)
        ]

    def keep_mine(self, name: str) -> None:
        """What was typed wins over what the file says now."""
        self.edits[name] = Edit(self.edits[name].value, self.on_disk(name))
        self.saving = "waiting"

    def take_theirs(self, name: str) -> None:
        """What the file says now wins over what was typed."""
        self.edits.pop(name, None)
        self._settle()

    def to_save(self) -> dict[str, Any]:
        """What may be written now, by the key in `pyproject.toml`: no errors, no clashes."""
        clashing = self.clashes()
        return {
            self.key(name): _stored(name, edit.value)
            for name, edit in self.edits.items()
            if name not in clashing
            and edit.value != self.on_disk(name)
            and not any(v.severity == "error" for v in self.verdicts(name))
        }

    def named(self, keys: Collection[str]) -> set[str]:
        """The fields and options that are written at these keys as the file is now.

        Asked before it is read again: a key that leaves the file is no longer where one is written.
        """
        view = self.option_view()
        options = {one.name for one in OPTIONS if view.key(one) in keys}
        return options | {one.name for one in FIELDS if self.key(one.name) in keys}

    def wrote(self, names: Collection[str]) -> None:
        """These were written and read back: what was typed on meanwhile begins from there."""
        for name, edit in self.edits.items():
            if name in names:
                self.edits[name] = Edit(edit.value, self.on_disk(name))
        option_rules.wrote(self.option_edits, self.option_view(), names)

    def key(self, name: str) -> str:
        """Where a field is written: where its value is read from now."""
        return settings.saved_key(name, self.project.pyproject if self.project else {}, self.target)

    def took(
        self,
        project: Project,
        values: Settings,
        problems: Sequence[Problem],
        files: Sequence[AppFile] = (),
    ) -> None:
        """The project was read (again)."""
        self.app_files = files
        self.project, self.settings, self.settings_problems = project, values, problems
        self.read_problem, self.gone = None, False
        if project.kind == "flask" and self.cell().state == "never":  # no web site, no phone
            ready = (cell.target for cell in self.cells() if cell.state == "ready")
            self.target = next(ready, self.target)
        if self.folder is not None:
            self.option_trouble = option_rules.owned(
                project.pyproject, self.folder, self.target, problems
            )
        self._settle()

    def change_project(self, folder: Path) -> None:
        """Another project: what was typed for the last one waits until that is opened again."""
        if self.folder is not None:
            self._left[self.folder] = (self.edits, self.option_edits)
        self.folder = folder
        self.edits, self.option_edits = self._left.pop(folder, ({}, OptionEdits()))
        self.saving = "waiting" if self.edits else ""
        self.project = self.settings = self.read_problem = self.save_problem = None
        self.settings_problems, self.option_trouble = (), {}
        self.gone, self.forecast, self.app_files = False, None, ()
        self.last_build = None

    def _settle(self) -> None:
        """Drop the edits that have arrived in the file."""
        for name in [n for n, edit in self.edits.items() if edit.value == self.on_disk(name=n)]:
            del self.edits[name]
        if not self.edits and self.saving == "waiting":
            self.saving = "saved"
        option_rules.settle(self.option_edits, self.option_view())

    # --- The options ---

    def option_view(self) -> OptionView:
        """The table of all options as the target sees it, with what the file holds."""
        pyproject = self.project.pyproject if self.project else {}
        drafts = self.option_edits.drafts
        return OptionView(
            pyproject, self.target, drafts, self.option_trouble, self._kind() == "flask"
        )

    def option_problems(self) -> list[Problem]:
        """What the settings' rules say about what the Options page can put right."""
        drafts = self.option_edits.drafts
        told = [found for name, found in self.option_trouble.items() if name not in drafts]
        return in_order([one for found in told for one in found])

    # --- The pictures ---

    @property
    def platform(self) -> Platform | None:
        """The platform of the target, as pictures are made for it."""
        name = settings.platform_of(self.target)
        return next((one for one in PLATFORMS if one == name), None)

    def picture_trouble(self, page: Page) -> Problem | None:
        """Why a picture that this build needs cannot be used."""
        return self.pictures.trouble(page, self.platform) if self.platform else None

    def picture_warnings(self) -> list[Problem]:
        """What to know about the pictures of this build, those of the page one looks at."""
        if self.platform is None or self.step not in ("icons", "splash"):
            return []
        page: Page = "icons" if self.step == "icons" else "splash"
        return [one.problem for one in self.pictures.advice_for(page, self.platform)]

    # --- Problems and readiness ---

    def project_problems(self) -> list[Problem]:
        """What the Project page has to show, errors first."""
        found = [self.read_problem] if self.read_problem else []
        found += self.project.problems if self.project else ()
        of_options = [one for found in self.option_trouble.values() for one in found]
        found += [
            p for p in self.settings_problems if not _about_identity(p) and p not in of_options
        ]
        return in_order(found)

    def identity_problems(self) -> list[Problem]:
        """What the Identity page has to show beside its fields, errors first."""
        found = [self.save_problem] if self.save_problem else []
        found += [p for p in self.settings_problems if _about_identity(p)]
        return in_order(found)

    def wrong_fields(self, severity: str = "error") -> list[str]:
        """The fields of the identity about which a rule says `severity`."""
        return [
            one.name
            for one in FIELDS
            if any(v.severity == severity for v in self.verdicts(one.name))
        ]

    def building(self) -> bool:
        """Whether a build runs."""
        return self.run is not None and self.run.state == "running"

    def run_of_this(self) -> Run | None:
        """The build or rehearsal, if it is one of this project and target."""
        run = self.run
        here = run is not None and run.project == self.folder and run.target == self.target
        return run if here else None

    def finished(self) -> bool:
        """Whether there is a result of this project and target to look at."""
        run = self.run_of_this()
        return run is not None and run.state == "ok" and bool(run.artifacts)

    def can_start(self) -> bool:
        """Whether what was made is an app that runs on this computer."""
        run = self.run_of_this()
        if run is None or not run.artifacts or self.target != self.host:
            return False
        first = run.artifacts[0]
        return first.artifact == "executable" or first.path.endswith(".app")

    def for_menu(self) -> Path | None:
        """The program that was made, where this desktop has a menu that it can be put into."""
        run = self.run_of_this()
        if run is None or self.target != "linux" or not self.can_start():
            return None
        has_entry = any(one.artifact == "archive" for one in run.artifacts)
        return Path(run.artifacts[0].path) if has_entry else None

    def rehearsed(self) -> bool:
        """Whether the last thing done for this project and target was a rehearsal."""
        run = self.run_of_this()
        return run is not None and run.is_rehearsal

    def blocked(self, step: str) -> str:
        """Why a step cannot be reached now, as a sentence; empty when it can."""
        order = SHOWN.index(step)
        if order > 0 and (why := self._no_project()):
            return why
        if order > 1 and (why := self._no_target()):
            return why
        if order > 2 and (why := self._no_identity()):
            return why
        if order >= SHOWN.index("build") and (why := self._no_pictures() or self._no_options()):
            return why
        return self._no_result() if step == "result" else ""

    def _no_project(self) -> str:
        if self.folder is None:
            return t("blocked.no_project")
        if self.gone:
            return t("blocked.gone")
        if self.project is None:
            return t("blocked.reading" if self.reading else "blocked.no_project")
        errors = [p for p in self.project_problems() if p.severity == "error"]
        return counted("blocked.project_errors", len(errors)) if errors else ""

    def _no_target(self) -> str:
        return t("blocked.no_target") if self.cell().state == "never" else ""

    def _no_identity(self) -> str:
        wrong = len(self.wrong_fields()) + len(
            [p for p in self.identity_problems() if p.severity == "error"]
        )
        if wrong:
            return counted("blocked.identity_errors", wrong)
        return counted("blocked.clashes", len(self.clashes())) if self.clashes() else ""

    def _no_pictures(self) -> str:
        """A picture that cannot be read ends a build; all else is only worth knowing."""
        for page in ("icons", "splash"):
            if self.picture_trouble(page):
                return t(f"blocked.{page}")
        return ""

    def _no_options(self) -> str:
        wrong = len(self._wrong_options())
        return counted("blocked.options", wrong) if wrong else ""

    def _wrong_options(self) -> list[str]:
        """What is not right on the Options page, each as a few words."""
        found = [p.title for p in self.option_problems() if p.severity == "error"]
        return self._typed_wrong() + found

    def _typed_wrong(self) -> list[str]:
        return [option_rules.title_of(one) for one in self.option_view().wrong()]

    def _no_result(self) -> str:
        if self.finished():
            return ""
        return t("blocked.rehearsed" if self.rehearsed() else "blocked.no_result")

    def done(self, step: str) -> bool:
        """Whether a step has what it needs: it was passed, or its result is there."""
        order = SHOWN.index(step)
        if order + 1 == len(SHOWN):
            return self.finished() and self.step != step
        if step == "build":
            return self.finished()
        return order < SHOWN.index(self.step) and not self.blocked(SHOWN[order + 1])

    def needs_attention(self, step: str) -> bool:
        """Whether something of this step has to be put right."""
        if step == "project":
            return self.gone or any(p.severity == "error" for p in self.project_problems())
        if self.project is None:
            return False
        if step == "identity":
            return bool(self._no_identity())
        if step in ("icons", "splash"):
            return self.picture_trouble("icons" if step == "icons" else "splash") is not None
        if step == "options":
            return bool(self._wrong_options())
        if step == "build":
            run = self.run_of_this()
            return run is not None and run.state in ("failed", "died")
        return False

    def readiness(self) -> Readiness:
        """Whether one could build now, in one short sentence."""
        if self.building():
            return Readiness("busy", self._what_runs())
        if self.reading and self.project is None:
            return Readiness("busy", t("ready.reading"))
        if self.folder is None:
            return Readiness("idle", t("ready.no_project"))
        if self.gone:
            return Readiness("stop", t("blocked.gone"))
        if self.path_note and self.step == "project":
            return Readiness("look", self.path_note)
        return self._readiness_of_project()

    def _what_runs(self) -> str:
        """The step of the build, in the words of its stage; the youngest one where several run."""
        stages = self.run.stages.values() if self.run is not None else ()
        told = [one for one in stages if one.state == "started" and one.detail]
        if not told:
            is_rehearsal = self.run is not None and self.run.is_rehearsal
            return t("ready.rehearsing" if is_rehearsal else "ready.building")
        one = max(told, key=lambda stage: stage.started or 0.0)
        return t("ready.step", stage=one.title, step=one.detail)

    def _readiness_of_project(self) -> Readiness:
        found = [*self.project_problems(), *self.identity_problems(), *self._of_pictures()]
        found += self.option_problems()
        wrong, doubtful = self.wrong_fields(), self.wrong_fields("warn")
        errors = [p.title for p in found if p.severity == "error"] + [_rule(n) for n in wrong]
        errors += self._typed_wrong()
        if errors:
            return Readiness("stop", counted("ready.errors", len(errors), first=errors[0]))
        if self.clashes():
            return Readiness("look", counted("blocked.clashes", len(self.clashes())))
        run = self.run_of_this()
        if self.step == "build" and run is not None and run.state in ("failed", "died"):
            first = in_order(run.problems)[0].title if run.problems else t("ready.failed")
            return Readiness("stop", first)
        if unsaved := self.pictures.unsaved():
            return Readiness("look", counted("ready.unsaved", len(unsaved)))
        warnings = [p.title for p in found if p.severity == "warn"] + [_rule(n) for n in doubtful]
        if warnings:
            return Readiness("look", counted("ready.warnings", len(warnings), first=warnings[0]))
        return Readiness("ready", t(f"ready.{self._how_ready()}"))

    def _how_ready(self) -> str:
        if self.is_rehearsal():
            went_well = self.rehearsed() and self.run is not None and self.run.state == "ok"
            return "rehearsed" if went_well else "rehearse"
        return "done" if self.finished() else "ready"

    def _of_pictures(self) -> list[Problem]:
        troubles = [self.picture_trouble("icons"), self.picture_trouble("splash")]
        return [one for one in troubles if one] + self.picture_warnings()


def backend_key(target: str) -> str:
    """Where it is written, in `pyproject.toml`, which way a target is built."""
    return f"tool.slipway.{settings.platform_of(target)}.backend"


def next_step(step: str) -> str:
    """The step after this one; the last one stays."""
    return SHOWN[min(SHOWN.index(step) + 1, len(SHOWN) - 1)]


def previous_step(step: str) -> str:
    """The step before this one; the first one stays."""
    return SHOWN[max(SHOWN.index(step) - 1, 0)]


def path_from(text: str) -> Path | None:
    """A path as people paste it: in quotes, with `~`, as `file://`; None when there is none."""
    text = text.strip().strip("\"'“”‘’").strip()
    if text.lower().startswith("file:"):
        parts = urlsplit(text)
        text = unquote(parts.path)
        if len(text) > 2 and text[0] == "/" and text[2] == ":":  # file:///C:/…
            text = text[1:]
    if not text or "\0" in text:
        return None
    try:
        return Path(text).expanduser()
    except RuntimeError:  # ~someone whom this computer does not know
        return Path(text)


def entry_changes(project: Project, candidate: str) -> dict[str, Any]:
    """The settings that make a candidate the entry point, by their key in `pyproject.toml`.

    A file in a folder moves the folder that is packed, as Flet wants it; `main` needs no name. Of a
    Flask app the candidate is the app, in Flask's own notation.
    """
    if project.flask is not None:
        return {FLASK_SETTING: candidate}
    path = PurePosixPath(candidate)
    changes: dict[str, Any] = {"tool.flet.app.module": None if path.stem == "main" else path.stem}
    if path.parent != PurePosixPath():
        inside = PurePosixPath(project.app_folder.relative_to(project.folder).as_posix())
        changes["tool.flet.app.path"] = str(inside / path.parent)
    return changes


def options_of(argv: Sequence[str]) -> dict[str, Any]:
    """The options in the words of an engine's `build` command, as `start_build` takes them."""
    options: dict[str, Any] = {}
    words = list(argv)
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            continue
        name, is_whole, value = word[2:].partition("=")
        if not is_whole and words and not words[0].startswith("--"):
            value, is_whole = words.pop(0), "="
        key = name.replace("-", "_")
        if not is_whole:
            options[key] = True
        elif key in options or key in ("include", "exclude"):
            before = options.get(key, [])
            options[key] = [*([before] if isinstance(before, str) else before), value]
        else:
            options[key] = value
    return options


def forecast(plan: Mapping[str, Any]) -> Forecast:
    """What the engine's plan says, in the shape of the page; what it does not say stays open."""
    stages = [one for one in plan.get("stages", ()) if isinstance(one, Mapping)]
    usual = [one.get("usual_seconds") for one in stages if one.get("state") != "skip"]
    known = [float(one) for one in usual if one is not None]
    return Forecast(
        network=str(plan.get("network") or ""),
        output=str(plan.get("output") or ""),
        usual_seconds=sum(known) if known and len(known) == len(usual) else None,
        is_nothing_new=bool(stages) and not usual,
        problems=tuple(Problem.from_dict(one) for one in plan.get("problems", ())),
        checks=tuple(
            Check(one["id"], one["title"], one["state"], one.get("detail", ""))
            for one in plan.get("checks", ())
        ),
    )


def _rule(name: str) -> str:
    return t(f"identity.{name}.label")


def _stored(name: str, value: str) -> Any:
    if not value.strip():
        return None
    return int(value) if _FIELDS[name].number and value.strip().isdecimal() else value


def _about_identity(problem: Problem) -> bool:
    words = problem.code.replace("-", "_")
    return any(one.name in words for one in FIELDS if one.name != "project")


def in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Errors first, each problem only once."""
    order = {"error": 0, "warn": 1, "hint": 2}
    once = {(p.code, p.title, p.where): p for p in problems}
    return sorted(once.values(), key=lambda p: order.get(p.severity, 0))

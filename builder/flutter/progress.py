"""How far a tool is, read from what it says: a fraction that only grows, and its step in words.

Flutter, and what it starts (Gradle, Xcode, CMake, dart), say little unless they are asked to be
verbose, and nobody says how much there is to do. So a fraction is a place between milestones, or a
count of steps beside the count of the last time. Pure: lines in, a state out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

NEARLY = 0.99  # the end is what the tool's exit says, never a line of it
LINE_LENGTH = 300  # what is looked at of a line
STEP_LENGTH = 80
MOST_NAMES = 20_000

# Between these the native build counts its own steps; what is left is before and after it.
COUNT_FROM, COUNT_TO = 0.12, 0.92

# How many steps there are where no build was counted yet: an app with a dozen plugins.
TYPICAL: Mapping[str, int] = {"gradle": 450, "xcode": 1200, "msbuild": 25, "pip": 20}

# What `--verbose` puts before a line, once for each Flutter within Flutter: `[ +12 ms] `.
_TIMES = re.compile(r"(?:\s*\[(?:\s*\+\s*[\d,.]+ m?s|\s+)\] ?)*")

_Place = Callable[["Progress", re.Match[str]], float | None]
_Step = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class _Rule:
    """What a line like `pattern` means: a step (`{0}` is its first group), and a place."""

    pattern: str
    step: _Step
    place: _Place

    def words(self, found: re.Match[str]) -> str:
        """The step for a line, short enough to be shown."""
        if callable(self.step):
            step = self.step(found)
        else:
            step = self.step.format(*((text or "").strip() for text in found.groups()))
        step = "".join(c if c.isprintable() else " " for c in step).strip()
        return step if len(step) <= STEP_LENGTH else f"{step[: STEP_LENGTH - 1]}…"


@dataclass
class Progress:
    """What is known so far. `fraction` is None until something tells, `step` then is "".

    `usual` are the counts of an earlier run, `counts` those of this one, to be handed to the next.
    """

    rules: Sequence[_Rule]
    usual: Mapping[str, int] = field(default_factory=dict)
    parts: int = 1  # the same work done so many times, for one kind of processor after the other
    fraction: float | None = None
    step: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)
    _part: int = 0

    @cached_property
    def _any(self) -> re.Pattern[str]:
        # Not before the first line, when the tool is at work: this takes its time.
        alternatives = (f"(?P<r{n}>{rule.pattern})" for n, rule in enumerate(self.rules))
        return re.compile("|".join(alternatives))

    def feed(self, lines: Iterable[str]) -> bool:
        """Read lines, whole or not ended yet; whether anything is known now that was not."""
        before = (self.fraction, self.step)
        for line in lines:
            self._read(without_times(line[:LINE_LENGTH]).strip())
        return before != (self.fraction, self.step)

    @property
    def shown(self) -> tuple[float, float | None, str, str]:
        """What `Job.progress` takes."""
        return (self.fraction or 0.0), (None if self.fraction is None else 1), "", self.step

    def _read(self, line: str) -> None:
        found = self._any.match(line)
        if not found or not found.lastgroup:
            return
        rule = self.rules[int(found.lastgroup[1:])]
        match = re.match(rule.pattern, line)
        assert match is not None
        place = rule.place(self, match)
        if place is not None:
            self.fraction = max(self.fraction or 0.0, min(place, NEARLY))
        self.step = rule.words(match)

    def count(self, what: str, name: str = "") -> float:
        """One more; how far that is beside the usual number. The same name counts once."""
        if name in self._names or len(self._names) > MOST_NAMES:
            return self._share(what)
        if name:
            self._names.add(name)
        self.counts[what] = self.counts.get(what, 0) + 1
        return self._share(what)

    def _share(self, what: str) -> float:
        usual = self.usual.get(what) or TYPICAL[what]
        return min(self.counts.get(what, 0) / max(usual, 1), 1.0)

    def begin_part(self) -> None:
        """The next of `parts` begins."""
        self._part += 1
        self.counts.clear()
        self._names.clear()

    def within_part(self, share: float) -> float:
        """Where a share of the present part is in the whole."""
        done = min(max(self._part - 1, 0), self.parts - 1)
        return (done + share) / self.parts


def without_times(line: str) -> str:
    """A line of `flutter --verbose` without the milliseconds before it."""
    before = _TIMES.match(line)
    return line[before.end() :] if before else line


def for_flutter(usual: Mapping[str, int] | None = None) -> Progress:
    """For `flutter build`, of any kind."""
    return Progress(_FLUTTER, usual or {})


def for_package(archs: int = 1) -> Progress:
    """For `serious_python package`, which installs the packages once for each of `archs`."""
    return Progress(_PACKAGE, parts=max(archs, 1))


# ---- Places ----------------------------------------------------------------------------------


def _at(place: float) -> _Place:
    return lambda progress, found: place


def _nowhere(progress: Progress, found: re.Match[str]) -> None:
    """A step that may come at any time, or never."""


def _between(place: float) -> _Place:
    """A milestone inside of what is counted where somebody counts; the count knows better."""
    return lambda progress, found: None if progress.counts else place


def _counted(what: str) -> _Place:
    def place(progress: Progress, found: re.Match[str]) -> float:
        name = found[0] if what == "gradle" else ""
        return COUNT_FROM + (COUNT_TO - COUNT_FROM) * progress.count(what, name)

    return place


def _of_total(progress: Progress, found: re.Match[str]) -> float | None:
    """`[12/45]`: so many of so many."""
    done, total = int(found[1]), int(found[2])
    return COUNT_FROM + (COUNT_TO - COUNT_FROM) * min(done / total, 1.0) if total else None


def _percent(progress: Progress, found: re.Match[str]) -> float:
    """`[ 45%]`."""
    return COUNT_FROM + (COUNT_TO - COUNT_FROM) * min(int(found[1]), 100) / 100


# ---- Flutter ---------------------------------------------------------------------------------


def _rules(*rows: tuple[str, _Step, _Place]) -> list[_Rule]:
    return [_Rule(pattern, step, place) for pattern, step, place in rows]


_GRADLE_TASK = r"> Task :(?:([\w.-]+):)?(?:[\w.-]+:)*([\w.-]+)"


def _gradle_step(found: re.Match[str]) -> str:
    """`:app:compileReleaseKotlin` as “Gradle: compile release kotlin (app)”."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", found[2]).lower()
    return f"Gradle: {words} ({found[1]})" if found[1] else f"Gradle: {words}"


def _script_step(found: re.Match[str]) -> str:
    return "Xcode: " + found[1].replace("\\", "")


_XCODE: Mapping[str, _Step] = {
    r"CompileC |(?:Compile)?Swift(?:Compile|Driver|Merge)?\w* |ClangStatCache": "Xcode: compiling",
    r"Ld |Libtool |CreateUniversalBinary ": "Xcode: linking",
    r"CodeSign ": "Xcode: signing",
    r"PhaseScriptExecution ([\w\\ \[\].-]+?) /": _script_step,
    r"(?:CpResource|CpHeader|Copy\w*|ProcessInfoPlistFile|CompileAssetCatalog\w*|"
    r"CompileStoryboard|LinkStoryboards|ProcessProductPackaging\w*|GenerateDSYMFile|Touch|"
    r"WriteAuxiliaryFile|MkDir|SymLink|Validate|RegisterExecutionPolicyException) ": (
        "Xcode: copying and preparing files"
    ),
}

_FLUTTER = _rules(
    # dart and pub
    (r"Waiting for another flutter command", "Waiting for another Flutter to end", _nowhere),
    (r"(?:Building Flutter tool|Running pub upgrade|Got dependencies for flutter_tools)",
     "Flutter prepares itself", _at(0.01)),
    (r"Downloading (?:Dart SDK|Material fonts|Gradle Wrapper|package sky_engine|"
     r"[\w/.-]+ tools|[\w/.-]+-sdk\b|Web SDK|.{0,60}artifacts)",
     "Flutter downloads what it needs itself", _at(0.02)),
    (r"Resolving dependencies", "Looking up the Dart packages", _at(0.02)),
    (r"Downloading packages", "Downloading the Dart packages", _at(0.03)),
    (r"(?:Got dependencies|Changed \d+ dependenc)", "The Dart packages are there", _at(0.05)),
    # Gradle
    (r"Running Gradle task '(\w+)'", "Building the Android app", _at(0.08)),
    (r"Downloading https://services\.gradle\.org\S*/gradle-([\d.]+)", "Downloading Gradle {0}",
     _at(0.08)),
    (r"\.[.\d%]*?(\d{1,3})%\.*$", "Downloading Gradle: {0} %", _nowhere),
    (r"Starting a Gradle Daemon", "Starting Gradle", _at(0.09)),
    (r"> Configure project :?(\S*)", "Gradle: preparing {0}", _at(0.10)),
    (r"Checking the license for package (.{1,60}?) in ", "Checking the licence of {0}",
     _at(0.10)),
    (r'Preparing "Install (.{1,60}?)(?: v\.[^"]*| \(revision[^"]*)?"', "Downloading {0}",
     _at(0.10)),
    (r"Installing (.{1,60}?) in /?\w", "Unpacking {0}", _at(0.11)),
    (_GRADLE_TASK, _gradle_step, _counted("gradle")),
    # Xcode and CocoaPods
    (r"(?:Running pod install|Analyzing dependencies|Downloading dependencies|"
     r"Generating Pods project)", "Fetching Apple packages (CocoaPods)", _at(0.06)),
    (r"(?:Installing|Using) ([\w+./-]+) \([\d.]+[^)]*\)", "Fetching {0} (CocoaPods)", _at(0.07)),
    (r"(?:Resolve Package Graph|Resolved source packages|Fetching from https://\S*?([\w-]+)\b)",
     "Fetching Swift packages", _at(0.07)),
    (r"Archiving ([\w.-]+?)\.*$", "Building the archive of {0}", _at(0.08)),
    (r"Building ([\w.-]+) for (?:device|simulator)", "Building {0}", _at(0.08)),
    (r"Running Xcode build", "Xcode builds the app", _at(0.10)),
    (r"└─ ?Compiling, linking and signing", "Xcode: compiling, linking, signing",
     _between(0.30)),
    *((p, step, _counted("xcode")) for p, step in _XCODE.items()),
    (r"Xcode (?:build|archive) done", "Xcode is done", _at(0.92)),
    (r"(?:\[.\] )?App (?:Settings|Icon) Validation|Launch(?: Image)? .{0,20}Validation",
     "Checking the app's settings", _at(0.93)),
    (r"Building (?:App Store|debugging|development|ad-hoc|enterprise|release-testing|"
     r"developer-id|[\w -]{1,20}) IPA", "Making the .ipa", _at(0.94)),
    # The desktop
    (r"Building (Linux|Windows|macOS) application", "Building the {0} app", _at(0.08)),
    (r"\[(\d{1,6})/(\d{1,6})\]", "Compiling: {0} of {1}", _of_total),
    (r"\[ {0,2}(\d{1,3})%\]", "Compiling: {0} %", _percent),
    (r"-- (?:Detecting|Check for working|Configuring done|Generating done|The CX?X? compiler)",
     "CMake looks at the compiler", _at(0.10)),
    (r"(\S+)\.vcxproj -> ", "Compiled {0}", _counted("msbuild")),
    (r"-- Install(?:ing|ed|:| configuration)", "Putting the app's files together", _at(0.93)),
    # The web and what all share: dart and the assets
    (r"Compiling \S{1,120}? for the Web", "Compiling for the web", _at(0.10)),
    (r"(?:kernel_snapshot\w*|gen_localizations|gen_dart_plugin_registrant): Starting",
     "Compiling Dart", _between(0.20)),
    (r"(?:android_)?aot_[\w-]+: Starting", "Compiling Dart to machine code", _between(0.30)),
    (r"dart2js: Starting", "Compiling Dart to JavaScript", _at(0.20)),
    (r"dart2js: Complete", "Compiled Dart to JavaScript", _at(0.70)),
    (r"dart2wasm: Starting", "Compiling Dart to WebAssembly", _at(0.25)),
    (r"dart2wasm: Complete", "Compiled Dart to WebAssembly", _at(0.75)),
    (r"Wasm dry run", "Compiled for the web", _at(0.75)),
    (r"web_release_bundle: Starting", "Putting the site together", _at(0.80)),
    (r"web_service_worker: Starting", "Putting the site together", _at(0.90)),
    (r'Font asset "[^"]{1,80}" was tree-shaken', "Packing fonts and assets", _between(0.60)),
    # The end
    (r"(?:√|✓|✔) +Built (\S+\.xcarchive)", "The archive is built", _at(0.93)),
    (r"(?:√|✓|✔) +Built ", "Flutter is done", _at(0.97)),
    (r"Built \S+\.(?:apk|aab|app|ipa|exe)\b", "Flutter is done", _at(0.97)),
)  # fmt: skip


# ---- Packages --------------------------------------------------------------------------------

_FROM, _TO = 0.15, 0.85  # where the packages are installed


def _in_part(share: float) -> _Place:
    def place(progress: Progress, found: re.Match[str]) -> float:
        return _FROM + (_TO - _FROM) * progress.within_part(share)

    return place


def _next_part(progress: Progress, found: re.Match[str]) -> float:
    progress.begin_part()
    return _FROM + (_TO - _FROM) * progress.within_part(0)


def _collected(progress: Progress, found: re.Match[str]) -> float:
    return _FROM + (_TO - _FROM) * progress.within_part(0.6 * progress.count("pip", found[0]))


_PACKAGE_NAME = r"([A-Za-z0-9][\w.]*(?:-[A-Za-z][\w.]*)*)"  # without its version

_PACKAGE = _rules(
    *((rule.pattern, rule.step, _at(0.01)) for rule in _FLUTTER[:6]),
    (r"Running package command", "Starting", _at(0.02)),
    (r"(?:Downloading Python distributive)", "Downloading Python", _at(0.03)),
    (r"(?:Extracting Python distributive)", "Unpacking Python", _at(0.06)),
    (r"Copying Python app from", "Copying the app", _at(0.08)),
    (r"Compiling Python sources", "Compiling the app", _at(0.10)),
    (r"(?:Cleanup app|Delete unnecessary app files)", "Tidying the app", _at(0.12)),
    (r"Configured \w+/([\w-]+) platform", "Packages for {0}", _next_part),
    (r"Installing .{1,250}? with pip command to ", "Installing the packages", _in_part(0.02)),
    (rf"Collecting {_PACKAGE_NAME}", "Looking up {0}", _collected),
    (rf"Downloading (?:https?://\S*/)?{_PACKAGE_NAME}", "Downloading {0}", _nowhere),
    (rf"Using cached (?:https?://\S*/)?{_PACKAGE_NAME}", "Taking {0} from the cache", _nowhere),
    (rf"Building wheels? for (?:collected packages: )?{_PACKAGE_NAME}", "Building {0}",
     _in_part(0.62)),
    (r"Installing collected packages: (.*)", "Installing {0}", _in_part(0.70)),
    (r"Successfully installed", "The packages are installed", _in_part(0.85)),
    (r"Copying Flutter packages to", "Taking the extensions along", _in_part(0.86)),
    (r"Compiling app packages at", "Compiling the packages", _in_part(0.87)),
    (r"(?:Cleanup installed packages|Delete unnecessary package files)", "Tidying the packages",
     _in_part(0.97)),
    (r"Merging macOS", "Merging the packages of both processors", _at(0.86)),
    (r"Copying site packages to app archive", "Packing the app", _at(0.86)),
    (r"Creating app archive at", "Packing the app", _at(0.90)),
    (r"Writing app archive hash", "Packing the app", _at(0.95)),
    (r"Staging unpacked app to", "Handing the app to Flutter", _at(0.93)),
    (r"SPM: staging", "Preparing the libraries for Xcode", _at(0.95)),
    (r"Deleting temp directory", "Tidying up", _at(0.97)),
)  # fmt: skip

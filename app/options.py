"""The options of a build as their page knows them: found, shown, typed, judged and saved.

Plain data and rules, without flet. The table of all options is `builder.options`; what the file
holds is read through `settings.stored`. What is typed is kept as typed until the file holds it:
a text for most kinds, `true` or `false` for a switch, rows of two for pairs.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import tomlkit

from app.drawing import with_settings
from app.folders import Listing
from app.pictures import as_typed, told_colour
from app.texts import catalogue, t
from builder import settings
from builder.options import ARCHITECTURES, BY_NAME, GROUPS, OPTIONS, Option, keys_of
from builder.problems import Problem
from builder.targets import TARGETS

Rows = tuple[tuple[str, str], ...]
Typed = str | Rows
Owned = Mapping[str, Sequence[Problem]]
"""What the rules say about options, by their names."""
Saving = Literal["", "waiting", "saving", "saved"]

# What has its place on another page, and is only shown on this one.
_HOMES: Mapping[str, str] = {
    **dict.fromkeys(
        ("product", "project", "description", "org", "bundle_id", "build_version", "build_number"),
        "identity",
    ),
    "icon_background": "icons",
    **dict.fromkeys(
        ("splash_color", "splash_dark_color", "splash_android", "splash_ios", "splash_web"),
        "splash",
    ),
}
# Without these it is not known where the app starts, so the Project page tells of them.
_OF_PROJECT = ("module", "app_path", "flask_app", "requires_python")
# What a target passes over although its platform knows it: a store makes the split itself.
_NO_DIFFERENCE: Mapping[str, Sequence[str]] = {"aab": ("split_per_abi",)}
# What a Flask app passes over: its window is a browser's.
_OF_FLET = ("hide_window_on_start",)

PERMISSIONS: Mapping[str, Sequence[str]] = {
    "camera": ("android", "ios", "macos"),
    "microphone": ("android", "ios", "macos"),
    "location": ("android", "ios", "macos"),
    "photo_library": ("android", "ios", "macos"),
    "biometric": ("ios", "macos"),
}
"""What an app may ask people for, and the platforms whose apps have to say so beforehand."""

CATEGORIES: Sequence[str] = (
    "AudioVideo", "Development", "Education", "Game", "Graphics", "Network", "Office", "Science",
    "Settings", "System", "Utility",
)  # fmt: skip
"""The main categories of freedesktop.org's menu: where a Linux desktop shows an app."""


@dataclass(frozen=True)
class Leads:
    """What a path may lead to: a folder, a file with one of these endings, or either."""

    to_folder: bool = False
    suffixes: frozenset[str] = frozenset()


PATHS: Mapping[str, Leads] = {
    "app_path": Leads(to_folder=True),
    "template": Leads(to_folder=True, suffixes=frozenset({".zip"})),
    "android_key_store": Leads(suffixes=frozenset({".jks", ".keystore", ".p12", ".pfx"})),
    "macos_provisioning_profile": Leads(
        suffixes=frozenset({".provisionprofile", ".mobileprovision"})
    ),
}
"""The options for whose path one can browse."""

# What the simple part shows in a form of its own, in this order.
SIMPLE_FORMS: Sequence[str] = (
    "base_url", "route_url_strategy", "no_cdn", "permissions", "split_per_abi", "linux_categories",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What was typed and is not in the file yet, and what the file held when typing began.

    `trouble` says why it cannot be saved as it is; it is kept all the same.
    """

    typed: Typed
    base: Any
    trouble: str = ""


@dataclass(frozen=True)
class Browsing:
    """The folder that is shown for the path of an option; `listing` is None while one looks."""

    name: str
    folder: Path
    listing: Listing | None = None


@dataclass
class OptionEdits:
    """What the page remembers: what is typed, what is looked for, what lies open."""

    drafts: dict[str, Draft] = field(default_factory=dict)
    saving: Saving = ""
    is_open: bool = False  # All settings
    query: str = ""
    only_changed: bool = False
    picked: tuple[str, ...] = ()  # what was not right when one asked to see it
    groups: set[str] = field(default_factory=set)  # those that are unfolded
    shows_others: bool = False  # what only other targets use
    shows_all_found: bool = False
    in_folder: bool = False  # a site below a path was chosen, which is perhaps still to be typed
    last_folder: str = ""
    browsing: Browsing | None = None


@dataclass(frozen=True)
class OptionView:
    """The table seen for one target, with what the file holds and what is typed over it."""

    pyproject: Mapping[str, Any]
    target: str
    drafts: Mapping[str, Draft]
    owned: Owned = field(default_factory=dict)  # what the settings' own rules say about the file
    is_flask: bool = False

    @property
    def platform(self) -> str:
        """The platform of the target in `[tool.flet.<platform>]`."""
        return settings.platform_of(self.target)

    def uses(self, option: Option) -> bool:
        """Whether the option makes a difference for the target."""
        if option.name in _NO_DIFFERENCE.get(self.target, ()):
            return False
        if self.is_flask and option.name in _OF_FLET:
            return False
        return not option.platforms or self.platform in option.platforms

    def key(self, option: Option) -> str:
        """Where the option is written: the platform's own key where that holds something."""
        keys = self._keys(option)
        held = (one for one in keys if settings.stored(self.pyproject, one) is not None)
        return next(held, keys[-1] if keys else "")

    def _keys(self, option: Option) -> Sequence[str]:
        if self.uses(option):
            return keys_of(option, self.platform)
        # Another platform's: it is prepared where that looks for it.
        return keys_of(option, option.platforms[0] if option.platforms else self.platform)[-1:]

    def stored(self, option: Option) -> Any:
        """What the file holds, None where it holds nothing."""
        key = self.key(option)
        return settings.stored(self.pyproject, key) if key else None

    def typed(self, option: Option) -> Typed:
        """What the editor shows: what was typed, else what the file holds."""
        draft = self.drafts.get(option.name)
        return typed_of(option, self.stored(option)) if draft is None else draft.typed

    def value(self, option: Option) -> Any:
        """What the editor stands at, as a value; None stands for the default.

        Also where it is not right and cannot be saved: the next click goes on from there.
        """
        draft = self.drafts.get(option.name)
        return self.stored(option) if draft is None else parse(option, draft.typed)[0]

    def is_on(self, option: Option) -> bool:
        """Whether a switch is on."""
        value = self.value(option)
        return value != option.is_inverted if isinstance(value, bool) else default_flag(option)

    def choices(self, option: Option) -> list[str]:
        """What a list can hold, with what it holds besides; empty where it can hold anything."""
        offered = CATEGORIES if option.name == "linux_categories" else option.choices
        if option.name == "target_arch" and self.platform in ARCHITECTURES:
            offered = ARCHITECTURES[self.platform]
        return list(dict.fromkeys([*offered, *self.items(option)])) if offered else []

    def items(self, option: Option) -> list[str]:
        """The texts of a list."""
        value = self.value(option)
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []

    def is_changed(self, option: Option) -> bool:
        """Whether the option is set here, and so can be reset."""
        if home(option) or not option.key or option.kind == "secret":
            return False
        return option.name in self.drafts or is_set(self.stored(option))

    def wrong_kind(self, option: Option) -> str:
        """What the file holds instead of what belongs there, in words; empty where it fits."""
        value = self.stored(option)
        if option.name in self.drafts or fits(option, value):
            return ""
        return described(value)

    def trouble(self, option: Option) -> str:
        """What is not right about the option, as a sentence; empty where nothing is."""
        if draft := self.drafts.get(option.name):
            return draft.trouble
        found = self.owned.get(option.name, ())
        return told(found[0]) if found and fits(option, self.stored(option)) else ""

    def clashes(self, option: Option) -> bool:
        """Whether the file changed while something else was typed."""
        draft, stored = self.drafts.get(option.name), self.stored(option)
        if draft is None or is_same(stored, draft.base):
            return False
        return not is_same(stored, parse(option, draft.typed)[0])

    def to_save(self) -> dict[str, Any]:
        """What may be written now, by key: no trouble, no clash, and not what is there already."""
        changes = {}
        for option in known(self.drafts):
            draft = self.drafts[option.name]
            value, trouble = parse(option, draft.typed)
            if trouble or draft.trouble or self.clashes(option):
                continue
            if self._is_default(option, value):
                value = None
            if not is_same(value, self.stored(option)):
                changes[self.key(option)] = value
        return changes

    def _is_default(self, option: Option, value: Any) -> bool:
        """Whether nothing has to be written: the default leaves no line behind.

        Under a platform's own key it does, where the key for all says otherwise.
        """
        key, common = self.key(option), self._keys(option)[-1]
        if key != common and is_set(settings.stored(self.pyproject, common)):
            return False
        if option.kind == "flag":
            return isinstance(value, bool) and (value != option.is_inverted) == default_flag(option)
        return option.kind == "choice" and value == option.default

    def wrong(self) -> list[Option]:
        """The options that hold up a build: typed and not right, or changed on disk meanwhile."""
        return [
            one for one in known(self.drafts) if self.drafts[one.name].trouble or self.clashes(one)
        ]

    def hidden_trouble(self) -> list[Option]:
        """What is not right and stands nowhere in the simple part."""
        names = {*self.owned, *(one.name for one in self.wrong())}
        return [one for one in OPTIONS if one.name in names and not _is_simple(one, self)]

    def changed(self) -> list[Option]:
        """All options that are set, in the order of the table."""
        return [one for one in OPTIONS if self.is_changed(one)]


# --- The table -----------------------------------------------------------------------------------


def known(names: Iterable[str]) -> list[Option]:
    """The options of these names."""
    return [BY_NAME[name] for name in names if name in BY_NAME]


def home(option: Option) -> str:
    """The page on which an option has its place; empty for this one."""
    return _HOMES.get(option.name, "")


def default_flag(option: Option) -> bool:
    """The default of a switch."""
    return option.default.casefold() in ("on", "true", "yes")


@functools.cache
def title_of(option: Option) -> str:
    """The name of an option for people; made from its name where nobody has given it one."""
    if f"options.names.{option.name}" in catalogue():
        return t(f"options.names.{option.name}")
    if home(option) == "identity":
        return t(f"identity.{option.name}.label")
    return option.name.replace("_", " ").capitalize()


def platforms_of(option: Option) -> list[str]:
    """Who uses an option, in words; empty where all do."""
    return [t(f"options.platform.{one}") for one in option.platforms]


def simple(view: OptionView) -> list[Option]:
    """What the simple part shows for the target, those with a form of their own first."""
    first = [BY_NAME[name] for name in SIMPLE_FORMS if name in BY_NAME]
    rest = [one for one in OPTIONS if one not in first]
    return [one for one in [*first, *rest] if _is_simple(one, view)]


def _is_simple(option: Option, view: OptionView) -> bool:
    is_one = option.is_simple or option.name in SIMPLE_FORMS
    if not is_one or home(option) or not option.key or not view.uses(option):
        return False
    return option.name != "permissions" or bool(asked_for(view.platform))


def asked_for(platform: str) -> list[str]:
    """The permissions that make a difference on a platform."""
    return [name for name, platforms in PERMISSIONS.items() if platform in platforms]


def found(query: str, options: Sequence[Option] = OPTIONS) -> list[Option]:
    """The options in which every word of `query` occurs, those with it in their name first."""
    words = query.casefold().split()
    hits = [one for one in options if all(word in _about(one) for word in words)]
    return sorted(hits, key=lambda one: not all(word in _names(one) for word in words))


@functools.cache
def _names(option: Option) -> str:
    spaced = option.name.replace("_", " ")
    return " ".join(
        [option.name, spaced, title_of(option), option.flag, option.off_flag]
    ).casefold()


@functools.cache
def _about(option: Option) -> str:
    platforms = option.platforms or {one.platform for one in TARGETS.values()}
    keys = [key for one in sorted(platforms) for key in keys_of(option, one)]
    words = [
        _names(option), *keys, option.meaning, option.default, option.env,
        *option.choices, *platforms_of(option), GROUPS[option.group],
    ]  # fmt: skip
    return " ".join(words).casefold()


# --- What is typed, and what it means ------------------------------------------------------------


def is_set(value: Any) -> bool:
    """Whether a value of the file says anything; an empty text or table says nothing."""
    return value is not None and value != "" and value != {}


def is_same(a: Any, b: Any) -> bool:
    """Equal and of one type throughout: 1 and true are two things; nothing is nothing."""
    if not is_set(a) or not is_set(b):
        return is_set(a) == is_set(b)
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(is_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(is_same, a, b))
    return type(a) is type(b) and bool(a == b or (a != a and b != b))


def typed_of(option: Option, value: Any) -> Typed:
    """A value of the file as the editor of the option shows it; what does not fit is not shown."""
    if option.kind == "pairs":
        return _rows(value) if isinstance(value, Mapping) else ()
    if value is None or not fits(option, value):
        return ""
    if option.kind == "flag":
        return "true" if value != option.is_inverted else "false"
    if option.kind == "texts":
        return "\n".join(value)
    return as_toml(value).strip("\n") if option.kind == "table" else str(value)


def _rows(value: Mapping[str, Any]) -> Rows:
    return tuple((str(name), as_literal(item)) for name, item in value.items())


def nothing(option: Option) -> Typed:
    """What the editor shows where nothing is set."""
    return typed_of(option, None)


def fits(option: Option, value: Any) -> bool:
    """Whether a value of the file is of the kind that belongs there."""
    if value is None:
        return True
    match option.kind:
        case "flag":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "texts":
            return isinstance(value, list) and all(isinstance(one, str) for one in value)
        case "pairs" | "table":
            return isinstance(value, Mapping)
    return isinstance(value, str)


def parse(option: Option, typed: Typed) -> tuple[Any, str]:
    """What was typed as a value for the file (None for the default), and what is wrong with it.

    Never raises, whatever was typed. What is wrong has no value.
    """
    if not isinstance(typed, str):
        return _parse_pairs(typed)
    if option.kind in ("texts", "table"):
        return _parse_table(typed) if option.kind == "table" else _parse_texts(typed)
    text = typed.strip()
    if not text:
        return None, ""
    if any(ord(one) < 32 for one in text):
        return None, t("options.wrong.control")
    match option.kind:
        case "flag":
            if text not in ("true", "false"):
                return None, _one_of("true, false")
            return (text == "true") != option.is_inverted, ""
        case "number":
            is_number = re.fullmatch(r"[+-]?[0-9]{1,18}", text, re.ASCII)
            return (int(text), "") if is_number else (None, t("options.wrong.number"))
        case "choice":
            is_one = text.casefold() in option.choices or text in option.choices
            return (text, "") if is_one else (None, _one_of(", ".join(option.choices)))
        case "colour":
            colour = as_typed(text)
            return (None, told_colour(colour)) if told_colour(colour) else (colour, "")
    return text, ""


def _one_of(choices: str) -> str:
    return t("options.wrong.choice", choices=choices)


def _parse_texts(typed: str) -> tuple[Any, str]:
    lines = [line.strip() for line in typed.split("\n")]
    if any(ord(one) < 32 for line in lines for one in line):
        return None, t("options.wrong.control")
    return [line for line in lines if line] or None, ""


def _parse_pairs(rows: Rows) -> tuple[Any, str]:
    out: dict[str, Any] = {}
    for name, value in ((name.strip(), value.strip()) for name, value in rows):
        if not name and not value:
            continue
        if not name:
            return None, t("options.wrong.no_name", value=value)
        if not value:
            return None, t("options.wrong.no_value", name=name)
        if name in out:
            return None, t("options.wrong.twice", name=name)
        out[name] = literal(value)
    return out or None, ""


def _parse_table(typed: str) -> tuple[Any, str]:
    try:
        return tomllib.loads(typed.replace("\r\n", "\n")) or None, ""
    except tomllib.TOMLDecodeError as error:
        message, _, spot = str(error).partition(" (at ")
        where = spot.rstrip(")") or t("options.wrong.at_the_end")
        return None, t("options.wrong.table", reason=message, where=where)
    except RecursionError:
        return None, t("options.wrong.deep")


def literal(text: str) -> Any:
    """A value in a row: what is written as TOML does (`true`, `8`, `"8"`, `{…}`), else a text."""
    text = text.strip()
    try:
        parsed = tomllib.loads(f"x = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return parsed["x"] if parsed.keys() == {"x"} else text


def as_literal(value: Any) -> str:
    """A value as `literal` reads it; a plain text needs no quotes."""
    if isinstance(value, str) and value and value == value.strip() and literal(value) == value:
        return value
    return inline(value)


def inline(value: Any) -> str:
    """A value as TOML, on one line."""
    if isinstance(value, Mapping):
        pairs = [f"{tomlkit.key(str(k)).as_string()} = {inline(v)}" for k, v in value.items()]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    return str(tomlkit.item(value).as_string())


def as_toml(table: Mapping[str, Any]) -> str:
    """A table as TOML: one line for each key, one section for each table in it."""
    return tomlkit.dumps(dict(table))


# --- What is wrong -------------------------------------------------------------------------------


def described(value: Any) -> str:
    """What a value is, in words, short."""
    if isinstance(value, str):
        return t("options.is.text", value=short(value))
    if isinstance(value, (bool, int, float)):
        return t("options.is.value", value=inline(value))
    if isinstance(value, Mapping):
        return t("options.is.table")
    if isinstance(value, list):
        return t("options.is.list", value=short(inline(value)))
    return t("options.is.date")


def wanted(option: Option) -> str:
    """What belongs there, in words."""
    return t(f"options.wants.{option.kind}")


def short(text: str) -> str:
    """As much of a value as a line or a button has room for."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:38]}…"


def repairs(option: Option, value: Any) -> list[Any]:
    """What a value of the wrong kind was probably meant to be, most likely first."""
    made = _repaired(option, value)
    return [one for one in made if fits(option, one) and is_set(one)]


def _repaired(option: Option, value: Any) -> list[Any]:
    match option.kind:
        case "flag":
            said = str(value).strip().casefold()
            yes, no = said in ("true", "yes", "on", "1"), said in ("false", "no", "off", "0")
            return [True] if yes else [False] if no else []
        case "number":
            return [_number(value)]
        case "texts":
            return _listed(value)
        case "pairs":
            return [_paired(value)]
        case "table":
            return []
    return [_single(option, value)]


def _number(value: Any) -> int | None:
    text = str(value).strip().removesuffix(".0")
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII) else None


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str):
        parts = [one for one in re.split(r"[,;\s]+", value.strip()) if one]
        return [parts] if len(parts) < 2 else [parts, [value.strip()]]
    if isinstance(value, Mapping):
        return [[str(name) for name, item in value.items() if item is not False]]
    items = value if isinstance(value, list) else [value]
    return [[one if isinstance(one, str) else inline(one) for one in items]]


def _paired(value: Any) -> dict[str, Any] | None:
    items = value if isinstance(value, list) else [value]
    if not items or not all(isinstance(one, str) and one.strip() for one in items):
        return None
    cut = [one.partition("=") for one in items]
    return {name.strip(): literal(rest) if is_pair else True for name, is_pair, rest in cut}


def _single(option: Option, value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if value is None or isinstance(value, (Mapping, list)):
        return None
    text = value if isinstance(value, str) else inline(value)
    return text if parse(option, text) == (text, "") else None


def owned(
    pyproject: Mapping[str, Any], folder: Path, target: str, problems: Sequence[Problem]
) -> Owned:
    """Which option each problem of the settings is about: the one without which it is gone.

    Only of options that this page can put right.
    """
    view, out = OptionView(pyproject, target, {}), dict[str, Sequence[Problem]]()
    if not problems:
        return out
    for option in OPTIONS:
        is_ours = not home(option) and option.name not in _OF_PROJECT
        if is_ours and view.stored(option) is not None:
            left = _said_with({view.key(option): None}, pyproject, folder, target)
            if gone := [one for one in problems if _mark(one) not in left]:
                out[option.name] = gone
    return out


def judge_all(edits: OptionEdits, view: OptionView, folder: Path) -> None:
    """Say of each draft what is wrong with it, supposed that all the others are saved."""
    parsed = {one.name: parse(one, edits.drafts[one.name].typed) for one in known(edits.drafts)}
    sound = {name: value for name, (value, trouble) in parsed.items() if not trouble}
    for name, (value, trouble) in parsed.items():
        if not trouble and value is not None:
            others = {view.key(BY_NAME[n]): v for n, v in sound.items() if n != name}
            pyproject = with_settings(view.pyproject, others)
            trouble = judge(BY_NAME[name], value, pyproject, folder, view.target)
        draft = edits.drafts[name]
        edits.drafts[name] = Draft(draft.typed, draft.base, trouble)


def judge(
    option: Option, value: Any, pyproject: Mapping[str, Any], folder: Path, target: str
) -> str:
    """What the rules that a build goes by say about a value of an option, as a sentence."""
    key = OptionView(pyproject, target, {}).key(option)
    without = _said_with({key: None}, pyproject, folder, target)
    said = _said_with({key: value}, pyproject, folder, target)
    new = [one for mark, one in said.items() if mark not in without and one.severity == "error"]
    return told(new[0]) if new else ""


def _said_with(
    changes: Mapping[str, Any], pyproject: Mapping[str, Any], folder: Path, target: str
) -> dict[tuple[str, str], Problem]:
    changed = with_settings(pyproject, changes)
    _values, problems = settings.resolve(changed, folder, target=target)
    return {_mark(one): one for one in problems}


def _mark(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.title


def told(problem: Problem) -> str:
    """A problem as one or two sentences."""
    sentences = [one.rstrip(".") + "." for one in (problem.title, problem.why) if one]
    return " ".join(sentences)


@dataclass(frozen=True)
class Shown:
    """One option as its row shows it; equal ones look the same."""

    option: Option
    key: str
    typed: Typed
    is_on: bool
    items: Sequence[str]
    choices: Sequence[str]
    is_changed: bool
    is_used: bool
    is_simple: bool  # it stands in the simple part
    is_waiting: bool  # typed, and not in the file yet
    trouble: str
    wrong_kind: str  # what the file holds instead of what belongs there
    repairs: Sequence[str]
    theirs: str | None  # what the file says since one typed; None where it says the same
    browsing: Browsing | None = None  # while one chooses its path


def shown(view: OptionView, option: Option, browsing: Browsing | None = None) -> Shown:
    """One option as its row shows it; `browsing` is for whichever option it is."""
    wrong, stored = view.wrong_kind(option), view.stored(option)
    theirs = short(inline(stored)) if is_set(stored) else ""
    return Shown(
        option,
        view.key(option),
        view.typed(option),
        view.is_on(option),
        tuple(view.items(option)),
        tuple(view.choices(option)),
        view.is_changed(option),
        view.uses(option),
        _is_simple(option, view),
        option.name in view.drafts,
        view.trouble(option),
        wrong,
        tuple(map(inline, repairs(option, stored))) if wrong else (),
        theirs if view.clashes(option) else None,
        browsing if browsing is not None and browsing.name == option.name else None,
    )


def as_setting(path: Path, project: Path) -> str:
    """A path that was chosen as it is written: seen from the project, so that both can move."""
    inside = path.relative_to(project).as_posix() if path.is_relative_to(project) else str(path)
    return "" if inside == "." else inside


def settle(edits: OptionEdits, view: OptionView) -> None:
    """Drop what has arrived in the file, as it was typed."""
    for option in known(dict(edits.drafts)):
        if edits.drafts[option.name].typed == typed_of(option, view.stored(option)):
            del edits.drafts[option.name]
    if not edits.drafts and edits.saving == "waiting":
        edits.saving = "saved"


def tidy(edits: OptionEdits, view: OptionView) -> None:
    """Drop what says the same as the file in other letters; for when nobody types any more."""
    for option in known(dict(edits.drafts)):
        value, trouble = parse(option, edits.drafts[option.name].typed)
        if not trouble and is_same(value, view.stored(option)):
            del edits.drafts[option.name]


def wrote(edits: OptionEdits, view: OptionView, names: Collection[str]) -> None:
    """These were written and read back: what was typed on meanwhile begins from there."""
    for option in known(dict(edits.drafts)):
        if option.name in names:
            draft = edits.drafts[option.name]
            edits.drafts[option.name] = Draft(draft.typed, view.stored(option), draft.trouble)
    settle(edits, view)

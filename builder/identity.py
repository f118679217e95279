"""The rules of an app's identity: names, IDs and versions that every store and system accepts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from builder import reserved
from builder.problems import Severity


@dataclass(frozen=True)
class Verdict:
    """What a rule says about a value: a sentence, its severity, and what would be right.

    `targets` are the targets whose rule it is. `suggestion` is the corrected value, or empty.
    """

    message: str
    targets: Sequence[str]
    suggestion: str = ""
    severity: str = "error"


@dataclass(frozen=True)
class _Rule:
    """One rule of one field: the targets that need it, when it is broken, what it says then.

    What breaks an error is corrected; what breaks a milder one only if it `corrects`.
    """

    targets: frozenset[str]
    broken: Callable[[str], bool]
    message: str | Callable[[str], str]
    severity: Severity = "error"
    corrects: bool = False

    def says(self, value: str) -> str:
        """The sentence about a value that breaks it."""
        return self.message if isinstance(self.message, str) else self.message(value)


_ANDROID = frozenset({"apk", "aab"})
_APPLE = frozenset({"ipa", "ios-simulator", "macos"})
_DESKTOP = frozenset({"linux", "macos", "windows"})
_ALL = _ANDROID | _APPLE | _DESKTOP | {"web"}
_WITH_ID = _ALL - {"web", "windows"}
_FLUTTER = _ALL - {"web"}  # the project is a Dart package there

# The largest version code that Google Play takes, and what a field of a Windows version holds.
ANDROID_MOST = 2_100_000_000
WINDOWS_MOST = 65_535

# A bundle ID may have 155 characters in Apple's tools; Android and Linux take more.
_ID_LENGTH = 155
_PROJECT_LENGTH = 100
# A file name has at most 255 bytes on the usual file systems; the rest is for its ending.
_PRODUCT_BYTES = 200
_STORE_TITLE = 30  # App Store Connect and Google Play
_PLAY_DESCRIPTION = 80


def judge(field: str, value: str, targets: Sequence[str]) -> Sequence[Verdict]:
    """See `settings.judge`."""
    broken = list(_broken(field, value, targets))
    suggestion = ""
    if any(rule.severity == "error" or rule.corrects for rule, _ in broken):
        suggestion = _suggest(field, value, targets)
    return [Verdict(rule.says(value), mine, suggestion, rule.severity) for rule, mine in broken]


def slug(text: str) -> str:
    """The name that Flet derives for files and IDs: `Mein Café` becomes `mein-cafe`.

    Empty when the text holds nothing that ASCII can say.
    """
    words = re.sub(r"[^\w\s-]", "", _ascii(text)).strip().lower()
    return re.sub(r"[-_\s]+", "-", words).strip("-")


def project_name(text: str) -> str:
    """The nearest valid project name, for example of a folder: `2048 日本` becomes `app-2048`."""
    return _project_suggestion(text)


def bundle_id(org: str, project: str) -> str:
    """The bundle ID of a project that names none, as Flet derives it from organisation and name.

    It need not be valid: a name may begin with a digit, or be a word of Java.
    """
    return f"{org}.{slug(project) or 'app'}"


def android_package(bundle_id: str) -> str:
    """What a bundle ID becomes on Android: the hyphens of its last part are made `_`."""
    before, dot, last = bundle_id.rpartition(".")
    return f"{before}{dot}{last.replace('-', '_')}"


def _broken(
    field: str, value: str, targets: Sequence[str]
) -> Iterator[tuple[_Rule, Sequence[str]]]:
    """The rules that a value breaks, and the targets that mind. Empty breaks one rule only."""
    for rule in _RULES.get(field, ()):
        mine = [target for target in targets if target in rule.targets]
        if mine and rule.broken(value):
            yield rule, mine
            if not value:
                return


def _suggest(field: str, value: str, targets: Sequence[str]) -> str:
    """The nearest value that breaks no rule; empty when there is none or it is the value itself."""
    suggestion = _SUGGESTIONS[field](value)
    refused = any(rule.severity == "error" for rule, _ in _broken(field, suggestion, targets))
    return "" if refused or suggestion == value else suggestion


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def _empty(value: str) -> bool:
    return not value.strip()


# Names that people read: product and description.


def _has_invisible(value: str) -> bool:
    return any(map(_is_invisible, value))


def _is_invisible(character: str) -> bool:
    """Control characters, halves of pairs, line ends, and marks that turn the reading direction."""
    return (
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or "\u202a" <= character <= "\u202e"
        or "\u2066" <= character <= "\u2069"
    )


def _visible(value: str) -> str:
    spaced = "".join(" " if _is_invisible(character) else character for character in value)
    return " ".join(spaced.split())


def _byte_length(value: str) -> int:
    return len(value.encode("utf-8", "surrogatepass"))


def _is_device(value: str) -> bool:
    return value.partition(".")[0].strip().lower() in reserved.WINDOWS


_FORBIDDEN_IN_FILES = r'[/\\:*?"<>|]'


def _product_suggestion(value: str) -> str:
    name = _visible(re.sub(_FORBIDDEN_IN_FILES, " ", value))
    name = name.encode("utf-8", "ignore")[:_PRODUCT_BYTES].decode("utf-8", "ignore")
    name = name.strip(". ")
    if _is_device(name):
        name = f"App {name}"
    return name or "App"


# Identifiers: project, organisation, bundle ID.


# Letters that are none with a mark, as they are spelt without them.
_SPELT = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O",
     "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ı": "i"}
)  # fmt: skip


def _project_words(value: str) -> str:
    return slug(value).replace("-", "_")


def _project_suggestion(value: str) -> str:
    name = slug(value.replace(".", "-"))[: _PROJECT_LENGTH - 4].strip("-")
    if name[:1].isdigit():
        name = f"app-{name}"
    word = name.replace("-", "_")
    if word in reserved.DART or word in reserved.DART_PACKAGES:
        name = f"{name}-app"
    return name or "app"


def _id_part(text: str) -> str:
    """A part of a bundle ID that every system takes; empty when nothing is left of the text."""
    part = re.sub(r"[^A-Za-z0-9]", "", _ascii(text.translate(_SPELT)))[:50]
    if part[:1].isdigit():
        part = f"app{part}"
    return f"{part}app" if part.lower() in reserved.JAVA_AND_KOTLIN else part


def _id_parts(value: str) -> list[str]:
    return [part for part in map(_id_part, re.split(r"[.\s/\\@:]+", value)) if part]


def _org_suggestion(value: str) -> str:
    parts = _id_parts(value)[:2]
    if len(parts) == 2 and _is_turned(".".join(parts)):
        parts.reverse()
    return ".".join(parts if len(parts) > 1 else ["com", *(parts or ["example"])])


def _bundle_id_suggestion(value: str) -> str:
    parts = _id_parts(value)[:2] if len(value) > _ID_LENGTH else _id_parts(value)[:6]
    while len(".".join(parts)) > _ID_LENGTH:
        parts.pop()
    if len(parts) < 2:
        parts = ["com", "example", *(parts or ["app"])]
    return ".".join(parts).lower()


def _has_reserved_word(value: str) -> bool:
    return any(part in reserved.JAVA_AND_KOTLIN for part in value.split("."))


def _is_nobodys(value: str) -> bool:
    return value.lower().startswith(("com.example.", "com.flet."))


def _not_parts(part: str) -> Callable[[str], bool]:
    """Whether a text is something else than parts of the form `part` with dots between them."""
    return lambda value: re.fullmatch(rf"{part}(\.{part})*", value) is None


_is_no_java_name = _not_parts(r"[A-Za-z][A-Za-z0-9_]*")


_DOMAINS = frozenset(
    {"com", "org", "net", "io", "dev", "app", "de", "fr", "uk", "eu", "info", "edu"}
)


def _is_turned(value: str) -> bool:
    """Whether it looks like a domain as one types it: `example.com`, not `com.example`."""
    first, _, last = value.lower().rpartition(".")
    return last in _DOMAINS and first.partition(".")[0] not in _DOMAINS and bool(first)


# Versions and build numbers.


def _not_pep440(value: str) -> bool:
    try:
        Version(value)
    except InvalidVersion:
        return True
    except ValueError:  # a number of thousands of digits
        return True
    return value != value.strip()


def _numbers(value: str) -> list[int] | None:
    """The numbers of a version like `1.2.3`, None for any other text."""
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})*", value) is None:
        return None
    return [int(number) for number in value.split(".")]


def _not_for_apple(value: str) -> bool:
    numbers = _numbers(value)
    return numbers is None or len(numbers) > 3 or len(value) > 18


def _not_for_windows(value: str) -> bool:
    numbers = _numbers(value)
    return numbers is None or len(numbers) > 3 or max(numbers) > WINDOWS_MOST


def _version_suggestion(value: str) -> str:
    numbers = [number[:5] for number in re.findall(r"[0-9]+", value)[:3]]
    whole = [min(int(number), WINDOWS_MOST) for number in numbers] or [1]
    return ".".join(str(number) for number in (*whole, 0, 0)[:3])


def _is_number(value: str) -> bool:
    return re.fullmatch(r"[1-9][0-9]*", value) is not None


def _more_than(most: int) -> Callable[[str], bool]:
    """Whether a text is a number above `most`; by its length first, for int() has a limit."""
    return lambda value: _is_number(value) and (len(value) > len(str(most)) or int(value) > most)


def _number_suggestion(value: str) -> str:
    """The first digits, as many as fit: `202609211530` keeps its date and its order."""
    digits = "".join(re.findall(r"[0-9]+", value)[:1]).lstrip("0")[:10]
    if digits and int(digits) > ANDROID_MOST:
        digits = digits[:-1]
    return digits or "1"


_NOT_EMPTY = _Rule(_ALL, _empty, "must not be empty")
_INVISIBLE = _Rule(_ALL, _has_invisible, "must be one line without invisible characters")

_RULES: dict[str, tuple[_Rule, ...]] = {
    "product": (
        _NOT_EMPTY,
        _INVISIBLE,
        _Rule(
            _DESKTOP,
            lambda value: re.search(_FORBIDDEN_IN_FILES, value) is not None,
            'must not contain any of / \\ : * ? " < > | because files are named after it',
        ),
        _Rule(
            _DESKTOP,
            lambda value: value != value.strip(". "),
            "must not begin or end with a dot or a space, because files are named after it",
        ),
        _Rule(frozenset({"windows"}), _is_device, "is a name that Windows keeps for itself"),
        _Rule(
            _ALL,
            lambda value: _byte_length(value) > _PRODUCT_BYTES,
            "is too long for the name of a file",
        ),
        _Rule(
            frozenset({"aab", "ipa"}),
            lambda value: len(value) > _STORE_TITLE,
            f"is longer than the {_STORE_TITLE} characters that the stores show",
            "hint",
        ),
    ),
    "project": (
        _NOT_EMPTY,
        _Rule(
            _ALL,
            lambda value: re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", value) is None,
            "may have letters a to z, digits and - _ . between them, like my-app",
        ),
        _Rule(
            _FLUTTER,
            lambda value: _project_words(value)[:1].isdigit(),
            "must begin with a letter",
        ),
        _Rule(
            _FLUTTER,
            lambda value: _project_words(value) in reserved.DART,
            "is a word of the language Dart, in which the app's frame is written",
        ),
        _Rule(
            _FLUTTER,
            lambda value: _project_words(value) in reserved.DART_PACKAGES,
            "is the name of a package that the app's frame is made of",
        ),
        _Rule(
            _ALL,
            lambda value: len(value) > _PROJECT_LENGTH,
            f"must have at most {_PROJECT_LENGTH} characters",
        ),
    ),
    "org": (
        _Rule(_WITH_ID, _empty, "must not be empty"),
        _Rule(
            _ANDROID,
            _not_parts(r"[A-Za-z][A-Za-z0-9_]*"),
            "must be parts of letters, digits and _ with dots between them, "
            "each beginning with a letter, like com.example",
        ),
        _Rule(
            _APPLE,
            _not_parts(r"[A-Za-z0-9-]+"),
            "must be parts of letters, digits and - with dots between them, like com.example",
        ),
        _Rule(
            frozenset({"linux"}),
            _not_parts(r"[A-Za-z_-][A-Za-z0-9_-]*"),
            "must be parts of letters, digits, _ and - with dots between them, like com.example",
        ),
        _Rule(
            _ANDROID,
            _has_reserved_word,
            "must not have a word of the languages Java and Kotlin as a part",
        ),
        _Rule(
            _WITH_ID,
            lambda value: len(value) > _ID_LENGTH - 51,
            f"must have at most {_ID_LENGTH - 51} characters, so that the app's name fits in too",
        ),
        _Rule(
            _WITH_ID,
            lambda value: "." not in value,
            "should have at least two parts, like com.example",
            "warn",
            corrects=True,
        ),
        _Rule(
            _WITH_ID,
            _is_turned,
            "is written with the end of the domain first: com.example for example.com",
            "hint",
            corrects=True,
        ),
    ),
    "bundle_id": (
        _Rule(_WITH_ID, _empty, "must not be empty"),
        _Rule(
            _WITH_ID,
            lambda value: "." not in value.strip("."),
            "must have at least two parts, like com.example.app",
        ),
        _Rule(
            _ANDROID,
            lambda value: _is_no_java_name(android_package(value)),
            "may have letters, digits and _ on Android, and - in its last part; "
            "each part must begin with a letter",
        ),
        _Rule(
            _APPLE,
            _not_parts(r"[A-Za-z0-9-]+"),
            "may have letters, digits, - and dots on Apple's systems, and no part may be empty",
        ),
        _Rule(
            frozenset({"linux"}),
            _not_parts(r"[A-Za-z_-][A-Za-z0-9_-]*"),
            "may have letters, digits, _ and - on Linux, and no part may begin with a digit",
        ),
        _Rule(
            _ANDROID,
            _has_reserved_word,
            "must not have a word of the languages Java and Kotlin as a part",
        ),
        _Rule(
            _WITH_ID,
            lambda value: len(value) > _ID_LENGTH,
            f"must have at most {_ID_LENGTH} characters",
        ),
        _Rule(
            frozenset({"aab", "ipa"}),
            _is_nobodys,
            lambda value: (
                f"begins with {'.'.join(value.split('.')[:2])}, which the stores refuse: "
                "take a domain of your own"
            ),
            "warn",
        ),
        _Rule(
            _ANDROID | _APPLE,
            lambda value: value != value.lower(),
            "has capital letters, which Android tells apart and Apple does not",
            "hint",
            corrects=True,
        ),
        _Rule(
            _ANDROID,
            lambda value: android_package(value) != value,
            lambda value: f"becomes {android_package(value)} on Android, which knows no hyphens",
            "hint",
        ),
    ),
    "build_version": (
        _NOT_EMPTY,
        _Rule(_ALL, _not_pep440, "must be a version, like 1.0.0"),
        _Rule(
            _APPLE,
            _not_for_apple,
            "must be one to three numbers with dots for Apple, like 1.2.3, 18 characters at most",
        ),
        _Rule(
            frozenset({"windows"}),
            _not_for_windows,
            "must be one to three numbers with dots for Windows, like 1.2.3, "
            f"none above {WINDOWS_MOST}",
        ),
    ),
    "build_number": (
        _NOT_EMPTY,
        _Rule(_ALL, lambda value: not _is_number(value), "must be a whole number from 1 on"),
        _Rule(
            _ALL - {"windows"},
            _more_than(ANDROID_MOST),
            f"must not be above {ANDROID_MOST}, the most that Android takes",
        ),
        _Rule(
            frozenset({"windows"}),
            _more_than(WINDOWS_MOST),
            f"is above {WINDOWS_MOST}, the most that Windows shows in a file's version",
            "warn",
        ),
    ),
    "artifact": (
        _INVISIBLE,
        _Rule(
            _DESKTOP,
            lambda value: re.search(r"[/\\]", value) is not None,
            "must not contain / or \\ because a file is named so",
        ),
        _Rule(
            frozenset({"windows"}),
            lambda value: re.search(r'[:*?"<>|]', value) is not None,
            'must not contain any of : * ? " < > | on Windows, because a file is named so',
        ),
        _Rule(
            _DESKTOP,
            lambda value: value != value.strip(". "),
            "must not begin or end with a dot or a space, because a file is named so",
        ),
        _Rule(frozenset({"windows"}), _is_device, "is a name that Windows keeps for itself"),
    ),
    "description": (
        _INVISIBLE,
        _Rule(
            frozenset({"aab"}),
            lambda value: len(value) > _PLAY_DESCRIPTION,
            f"is longer than the {_PLAY_DESCRIPTION} characters of a short description "
            "on Google Play",
            "hint",
        ),
    ),
}

_SUGGESTIONS: dict[str, Callable[[str], str]] = {
    "product": _product_suggestion,
    "artifact": _product_suggestion,
    "project": lambda value: _project_suggestion(value.translate(_SPELT)),
    "org": _org_suggestion,
    "bundle_id": _bundle_id_suggestion,
    "build_version": _version_suggestion,
    "build_number": _number_suggestion,
    "description": _visible,
}

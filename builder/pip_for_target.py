"""Runs pip as if it stood on the target: `python pip_for_target.py TARGET.json PIP-ARGS…`.

`pip --platform` chooses wheels for another platform but still reads markers (`; sys_platform ==
"emscripten"`) as those of this computer, so that packages for the desktop slip in and packages for
the target stay out. The target's markers are put in their place here. With `"any_build": true`
every wheel counts as fitting (one for the target first): what would be chosen if every package
had a build for the target. The difference to the real answer is what is missing there.

Leans on insides of pip, hence its range of versions in requirements.txt.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def _use_markers(markers: dict[str, str]) -> None:
    from pip._vendor.packaging import markers as packaging_markers

    packaging_markers.default_environment = lambda: dict(markers)  # type: ignore[assignment,return-value]


def _accept_any_build() -> None:
    from pip._internal.models.wheel import Wheel

    least = sys.maxsize

    def preference(self: Wheel, tags: list[Any], priority: dict[Any, int]) -> int:
        return min((priority[tag] for tag in self.file_tags if tag in priority), default=least)

    def supported(self: Wheel, tags: Iterable[Any]) -> bool:
        return True

    Wheel.find_most_preferred_tag = preference  # type: ignore[method-assign,assignment]
    Wheel.supported = supported  # type: ignore[method-assign]


def main(argv: list[str]) -> int:
    """Set the stage for pip and hand over to it; returns pip's exit status."""
    target = json.loads(Path(argv[0]).read_text(encoding="utf-8"))
    _use_markers(target["markers"])
    if target.get("any_build"):
        _accept_any_build()
    from pip._internal.cli.main import main as pip_main

    return int(pip_main(argv[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

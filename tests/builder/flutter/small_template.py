"""A build template of a few files, with what a test is about added or changed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.builder.fake_build import write

ROOT = "{{cookiecutter.out_dir}}"
PUBSPEC = "name: '{{ cookiecutter.project_name }}'\ndependencies:\n  path: ^1.9.0\n"
CONFIG: Mapping[str, Any] = {
    "out_dir": "",
    "project_name": "",
    "product_name": "",
    "bundle_id": "",
    "kotlin_dir": "{{ cookiecutter.bundle_id.replace('.', '/') }}",
    "splash": None,
    "options": None,
    "flutter": None,
    "pyproject": None,
}


def files(
    more: Mapping[str, str | bytes] | None = None,
    config: Mapping[str, Any] | None = None,
    *,
    root: str = ROOT,
) -> dict[str, str | bytes]:
    """The files of a template: `more` below the project's folder, `config` more values."""
    inner = {
        "pubspec.yaml": PUBSPEC,
        "lib/main.dart": "// {{ cookiecutter.product_name }}: {{ cookiecutter.flutter }}\n",
        "kotlin/{{ cookiecutter.kotlin_dir }}/Main.kt": "package {{ cookiecutter.bundle_id }}\n",
        **(more or {}),
    }
    return {
        "cookiecutter.json": json.dumps({**CONFIG, **(config or {})}),
        **{f"{root}/{name}": content for name, content in inner.items()},
    }


def make(folder: Path, more: Mapping[str, str | bytes] | None = None, **config: Any) -> Path:
    """Write a template; its folder."""
    write(folder, files(more, config))
    return folder


def zipped(content: Mapping[str, str | bytes]) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return out.getvalue()

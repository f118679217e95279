"""What is read from a client, and which of its files a site needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builder.problems import ToolError
from builder.web import client
from builder.web.client import Client
from tests.builder.fake_build import BOOTSTRAP, keep_client, write


@pytest.fixture
def chosen(cache: Path) -> Client:
    return client.read("1.0.5", keep_client())


def test_all_is_read_from_the_client(chosen: Client) -> None:
    assert (chosen.flet, chosen.pyodide) == ("1.0.5", "314.0.7")
    assert chosen.python.version == "3.14.2"
    assert chosen.python.short == "3.14"
    assert list(chosen.python.platforms) == [
        *("pyemscripten_2026_0_wasm32", "pyodide_2026_0_wasm32", "emscripten_5_0_3_wasm32")
    ]
    markers = chosen.python.markers
    assert markers["sys_platform"] == "emscripten"
    assert markers["platform_system"] == "Emscripten"
    assert markers["python_version"] == "3.14"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pyodide/pyodide-lock.json", ""),
        ("pyodide/pyodide-lock.json", "[]"),
        ("pyodide/pyodide-lock.json", '{"info": []}'),
        ("pyodide/pyodide-lock.json", '{"info": {"python": 3, "arch": "a", "abi_version": 1}}'),
        ("pyodide/package.json", "null"),
        ("flutter_bootstrap.js", ""),
        ("flutter_bootstrap.js", "_flutter.buildConfig = {};"),
        ("flutter_bootstrap.js", '_flutter.buildConfig = {"builds": [1]};'),
        ("flutter_bootstrap.js", BOOTSTRAP.replace('"abc"', "abc")),
    ],
)
def test_another_kind_of_client_is_told(name: str, content: str, cache: Path) -> None:
    folder = keep_client()
    write(folder, {name: content})
    with pytest.raises(ToolError) as raised:
        client.read("1.0.5", folder)
    assert raised.value.problem.code == "client-not-understood"


def test_a_client_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ToolError):
        client.read("1.0.5", tmp_path)


def files(
    chosen: Client, renderer: str = "auto", *packages: str, formulas: bool = False
) -> set[str]:
    return set(client.files(chosen, renderer, packages, formulas=formulas))


def test_what_is_only_for_makers_of_clients_stays_out(chosen: Client) -> None:
    assert not files(chosen) & {
        *("index.html", "manifest.json", "version.json", "flutter_bootstrap.js", "flutter.js.map"),
        *("assets/NOTICES", "pyodide/ffi.d.ts", "pyodide/micropip-1-py3-none-any.whl"),
        *("pyodide/package.json", "canvaskit/canvaskit.js.symbols", "canvaskit/wimp.wasm"),
        *("canvaskit/experimental_webparagraph/canvaskit.wasm", "icons/loading-animation.png"),
    }
    assert {"flutter.js", "pyodide/pyodide.mjs", "pyodide/pyodide-lock.json"} < files(chosen)


def test_each_renderer_has_its_files(chosen: Client) -> None:
    canvaskit = {"main.dart.js", "canvaskit/canvaskit.wasm", "canvaskit/chromium/canvaskit.wasm"}
    skwasm = {"main.dart.wasm", "main.dart.mjs", "canvaskit/skwasm.wasm"}
    assert canvaskit | skwasm < files(chosen, "auto")
    assert files(chosen, "canvaskit") & (canvaskit | skwasm) == canvaskit
    assert files(chosen, "skwasm") & (canvaskit | skwasm) == skwasm


def test_some_files_come_with_a_package(chosen: Client) -> None:
    assert "assets/packages/media_kit/x.js" not in files(chosen)
    assert "assets/packages/media_kit/x.js" in files(chosen, "auto", "flet-video")
    katex = "assets/packages/flutter_math_fork/lib/katex.ttf"
    assert katex not in files(chosen)
    assert katex in files(chosen, formulas=True)


def test_the_build_configuration_names_what_is_there(chosen: Client) -> None:
    assert len(client.builds(chosen, "auto")["builds"]) == 3
    (only,) = client.builds(chosen, "skwasm")["builds"]
    assert only["renderer"] == "skwasm"
    assert json.loads(json.dumps(client.builds(chosen, "canvaskit")))["engineRevision"] == "abc"


@pytest.mark.parametrize(
    ("requirement", "may"),
    [
        ("a", True),
        ("a; sys_platform == 'emscripten'", True),
        ("a; sys_platform == 'win32'", False),
        ("a; python_version < '3.13'", True),
        ("a; python_version < '3.8'", False),
        ("a; platform_machine == 'wasm32' and os_name == 'posix'", True),
    ],
)
def test_what_may_hold_in_a_browser(requirement: str, may: bool) -> None:
    assert client.may_apply(requirement) is may

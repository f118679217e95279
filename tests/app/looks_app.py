"""A Flet app that shows the wizard in one of several situations, chosen by the address.

Run by `test_looks.py`: `/build-failed` shows a build that has failed. Every tab has a wizard of
its own, with an engine that builds nothing.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import flet as ft
import uvicorn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app import server, shell  # noqa: E402
from app.wizard import Wizard  # noqa: E402
from builder.history import LastBuild  # noqa: E402
from builder.options import BY_NAME  # noqa: E402
from builder.problems import Problem  # noqa: E402
from builder.toolchains.inventory import Has  # noqa: E402
from tests.app import art, fakes  # noqa: E402

PLACE = Path(os.environ["SLIPWAY_LOOKS"])

Situation = Callable[[Wizard, fakes.FakeEngine], Awaitable[None]]


async def nothing(one: Wizard, engine: fakes.FakeEngine) -> None:
    """Before a project is chosen."""


async def no_such_folder(one: Wizard, engine: fakes.FakeEngine) -> None:
    one.type_path(str(PLACE / "tide-tabel"))
    one.enter_path()
    await one.settle()


async def folders(one: Wizard, engine: fakes.FakeEngine) -> None:
    one.browse(PLACE)
    await one.settle()


async def found(one: Wizard, engine: fakes.FakeEngine) -> None:
    one.open(PLACE / "tide-table")
    await one.settle()


async def two_starts(one: Wizard, engine: fakes.FakeEngine) -> None:
    one.open(PLACE / "two-starts")
    await one.settle()


async def target(one: Wizard, engine: fakes.FakeEngine) -> None:
    await found(one, engine)
    one.go("target")


TOOLS = Has(flutter=True, jdk=True, android=True)


async def target_tools(one: Wizard, engine: fakes.FakeEngine) -> None:
    engine.has = TOOLS
    await target(one, engine)
    await one.settle()


async def target_rehearsal(one: Wizard, engine: fakes.FakeEngine) -> None:
    await target(one, engine)
    one.choose_target("apk")
    await one.settle()


async def target_flask(one: Wizard, engine: fakes.FakeEngine) -> None:
    one.open(PLACE / "shop")
    await one.settle()
    one.go("target")
    await one.settle()


async def shop(one: Wizard, engine: fakes.FakeEngine) -> None:
    """A Flask project of its own for this tab: ticks are saved in it."""
    one.open(fakes.make_shop(PLACE / "own" / f"shop-{time.monotonic_ns()}" / "hat-shop"))
    await one.settle()


async def target_ways(one: Wizard, engine: fakes.FakeEngine) -> None:
    await target_tools(one, engine)
    one.choose_target("linux")
    await one.settle()


async def shop_target(one: Wizard, engine: fakes.FakeEngine) -> None:
    await shop(one, engine)
    one.go("target")
    await one.settle()


async def shop_before(one: Wizard, engine: fakes.FakeEngine) -> None:
    await shop(one, engine)
    checks = [{"id": c.id, "title": c.title, "state": c.state, "detail": c.detail}
              for c in fakes.CHECKS]  # fmt: skip
    engine.planned = {
        "network": "This build fetches, and keeps: the packages of your app and PyInstaller.",
        "checks": checks,
    }
    one.go("build")
    await one.settle()


async def shop_run(one: Wizard, engine: fakes.FakeEngine) -> fakes.FakeRun:
    await shop_before(one, engine)
    one.build()
    await one.settle()
    assert engine.run is not None
    return engine.run


async def shop_started(one: Wizard, engine: fakes.FakeEngine) -> None:
    await shop_result(one, engine)
    assert isinstance(one.showing, fakes.FakeShowing)
    one.showing.address = "http://127.0.0.1:43210/"
    one.start_result()
    await one.settle()


async def options_browsing(one: Wizard, engine: fakes.FakeEngine) -> None:
    await options_android(one, engine)
    one.desk.show_all(True)
    one.desk.search("key_store")
    one.desk.chooser.open(BY_NAME["android_key_store"])
    await one.settle()


async def identity_clash(one: Wizard, engine: fakes.FakeEngine) -> None:
    await while_typing("told", change_on_disk)(one, engine)
    one.type_field("product", "The long")
    while not one.state.clashes():
        await asyncio.sleep(0.05)


async def shop_running(one: Wizard, engine: fakes.FakeEngine) -> None:
    run = await shop_run(one, engine)
    fakes.desktop_building(run)
    run.tell()


async def shop_failed(one: Wizard, engine: fakes.FakeEngine) -> None:
    fakes.desktop_failed(await shop_run(one, engine))


async def shop_result(one: Wizard, engine: fakes.FakeEngine) -> None:
    fakes.desktop_built(await shop_run(one, engine))
    one.go("result")
    await one.settle()


async def identity_number(one: Wizard, engine: fakes.FakeEngine) -> None:
    engine.last = LastBuild("1.2.0", 7)
    await target_tools(one, engine)
    one.choose_target("aab")
    await one.settle()
    one.go("identity")


async def identity(one: Wizard, engine: fakes.FakeEngine) -> None:
    await found(one, engine)
    one.go("identity")


def while_typing(name: str, happens: Callable[[Wizard], None]) -> Situation:
    """A project of its own on the Identity page, where something happens in mid-word."""

    async def situation(one: Wizard, engine: fakes.FakeEngine) -> None:
        one.open(fakes.make_project(PLACE / "own" / f"{name}-{time.monotonic_ns()}"))
        await one.settle()
        one.go("identity")
        has_happened = False

        def look() -> None:
            nonlocal has_happened
            # Of letters that come at once only the last may be seen.
            if not has_happened and one.state.value("product").startswith("The long"):
                has_happened = True
                happens(one)

        one.state.subscribe(look)

    return situation


def change_on_disk(one: Wizard) -> None:
    assert one.state.folder is not None
    file = one.state.folder / "pyproject.toml"
    file.write_text(fakes.PYPROJECT.replace('= "Tide Table"', '= "Theirs"'))


def tell(one: Wizard) -> None:
    one.state.notice = one.state.notice or Problem("told", "Something happened", why="Elsewhere.")


def refuse(one: Wizard) -> None:
    one.state.save_problem = Problem("refused", "It could not be saved", why="It is locked.")


async def identity_wrong(one: Wizard, engine: fakes.FakeEngine) -> None:
    # What is wrong for other targets only is saved after a moment: in a project of its own.
    own = PLACE / "typed-into"
    shutil.rmtree(own, ignore_errors=True)
    shutil.copytree(PLACE / "tide-table", own)
    one.open(own)
    await one.settle()
    one.go("identity")
    one.type_field("bundle_id", "tide table")
    one.type_field("build_version", "1.2 beta")


async def icons(one: Wizard, engine: fakes.FakeEngine, name: str = "painted") -> None:
    one.open(PLACE / name)
    await one.settle()
    one.go("icons")
    await one.settle()


async def icons_tried(one: Wizard, engine: fakes.FakeEngine) -> None:
    await icons(one, engine)
    one.studio.pad("icon", 0.12)
    one.studio.colour("icon", "#FFB547")
    one.studio.show_safe_zone(True)
    await one.settle()


async def icons_own(one: Wizard, engine: fakes.FakeEngine) -> None:
    await icons(one, engine)
    one.studio.choose_slot("icons", "icon_android")
    await one.settle()


async def icons_advice(one: Wizard, engine: fakes.FakeEngine) -> None:
    await icons(one, engine, "photographed")


async def icons_none(one: Wizard, engine: fakes.FakeEngine) -> None:
    await icons(one, engine, "tide-table")


async def icons_letter(one: Wizard, engine: fakes.FakeEngine) -> None:
    await icons(one, engine)
    one.studio.draw_letter("icon")
    one.studio.letter("icon", letters="Tt", colour="#FFB547", shape="circle")
    await one.settle()


async def icons_chooser(one: Wizard, engine: fakes.FakeEngine) -> None:
    await icons(one, engine)
    one.studio.chooser.open("icon")
    await one.settle()


async def icons_broken(one: Wizard, engine: fakes.FakeEngine) -> None:
    await icons(one, engine, "broken")


async def icons_saved(one: Wizard, engine: fakes.FakeEngine) -> None:
    place = fakes.make_project(PLACE / "own" / f"saved-{time.monotonic_ns()}" / "saved")
    art.logo(place / "src" / "assets" / "icon.png")
    await icons(one, engine, str(place))
    one.studio.pad("icon", 0.1)
    one.studio.save("icon")
    await one.settle()


async def splash(one: Wizard, engine: fakes.FakeEngine, name: str = "painted") -> None:
    await icons(one, engine, name)
    one.go("splash")
    await one.settle()


async def splash_own(one: Wizard, engine: fakes.FakeEngine) -> None:
    await splash(one, engine, "splashed")
    one.studio.show_safe_zone(True)
    await one.settle()


async def splash_none(one: Wizard, engine: fakes.FakeEngine) -> None:
    await splash(one, engine, "tide-table")


OPTIONS = """
[tool.flet.android]
split_per_abi = "yes"
target_arch = ["arm64-v8a", "mips"]

[tool.flet.android.permission]
"android.permission.NFC" = true  # for tickets

[tool.flet.android.gradle_properties]
"org.gradle.jvmargs" = "-Xmx4G"

[tool.flet.web]
renderer = "skwasm"
"""


async def options(one: Wizard, engine: fakes.FakeEngine, target: str = "web") -> None:
    place = fakes.make_project(
        PLACE / "own" / f"options-{time.monotonic_ns()}" / "tides",
        fakes.PYPROJECT.replace("build_number = 7", 'build_number = 7\npermissions = ["camera"]')
        + OPTIONS,
    )
    one.state.target = target
    one.open(place)
    await one.settle()
    one.state.step = "options"


async def options_android(one: Wizard, engine: fakes.FakeEngine) -> None:
    await options(one, engine, "apk")


async def options_linux(one: Wizard, engine: fakes.FakeEngine) -> None:
    await options(one, engine, "linux")


async def options_all(one: Wizard, engine: fakes.FakeEngine) -> None:
    await options(one, engine, "linux")
    one.desk.show_all(True)
    one.desk.unfold("packages")


async def options_found(one: Wizard, engine: fakes.FakeEngine) -> None:
    await options(one, engine, "apk")
    one.desk.show_all(True)
    one.desk.search("android permission")


async def options_wrong(one: Wizard, engine: fakes.FakeEngine) -> None:
    await options(one, engine, "apk")
    one.desk.show_all(True)
    one.desk.type(BY_NAME["android_gradle_properties"], '"org.gradle.jvmargs = 4')
    one.desk.type(BY_NAME["android_min_sdk_version"], "twenty")
    one.desk.only_changed(True)


async def before(one: Wizard, engine: fakes.FakeEngine) -> None:
    await found(one, engine)
    one.go("build")
    await one.settle()


async def running(one: Wizard, engine: fakes.FakeEngine) -> None:
    await before(one, engine)
    one.build()
    await one.settle()
    assert engine.run is not None
    fakes.half_built(engine.run)
    engine.run.tell()


async def stopped(one: Wizard, engine: fakes.FakeEngine) -> None:
    await before(one, engine)
    one.build()
    await one.settle()
    assert engine.run is not None
    fakes.failed(engine.run)


async def built(one: Wizard, engine: fakes.FakeEngine) -> None:
    await before(one, engine)
    one.build()
    await one.settle()
    assert engine.run is not None
    fakes.built(engine.run)


async def flutter(one: Wizard, engine: fakes.FakeEngine, target: str = "apk") -> fakes.FakeRun:
    """A build with Flutter that has begun."""
    await target_tools(one, engine)
    one.choose_target(target)
    await one.settle()
    one.go("build")
    one.build()
    await one.settle()
    assert engine.run is not None
    return engine.run


async def running_flutter(one: Wizard, engine: fakes.FakeEngine) -> None:
    run = await flutter(one, engine)
    fakes.flutter_building(run)
    run.tell()


async def before_rehearsal(one: Wizard, engine: fakes.FakeEngine) -> None:
    await target_rehearsal(one, engine)
    one.go("build")
    await one.settle()


async def rehearsed(one: Wizard, engine: fakes.FakeEngine) -> None:
    await before_rehearsal(one, engine)
    one.build()
    await one.settle()
    assert engine.run is not None
    fakes.rehearsed(engine.run)


async def result_apks(one: Wizard, engine: fakes.FakeEngine) -> None:
    fakes.flutter_built(await flutter(one, engine))
    one.go("result")


async def result_linux(one: Wizard, engine: fakes.FakeEngine) -> None:
    fakes.linux_built(await flutter(one, engine, "linux"))
    one.go("result")


async def result(one: Wizard, engine: fakes.FakeEngine) -> None:
    await built(one, engine)
    one.go("result")
    one.open_result()
    await one.settle()


async def crashed(one: Wizard, engine: fakes.FakeEngine) -> None:
    await found(one, engine)
    one.state.recents = [None]  # type: ignore[list-item]
    one.state.notice = Problem("x", "There is something to know", why="And why.", severity="hint")
    one.state.notify()


async def torrent(one: Wizard, engine: fakes.FakeEngine) -> None:
    """A build that says ten thousand lines a second, for ten seconds."""
    await before(one, engine)
    one.build()
    await one.settle()
    run = engine.run
    assert run is not None
    run.plan(("a", "Talk", 10.0))
    run.stage("a", "started")

    async def talk() -> None:
        for start in range(0, 99_960, 833):
            lines = [f"[{n:06d}] compile Foo{n}.kt ok" for n in range(start, start + 833)]
            run.log.add("a", "out", lines)
            run.seconds = start / 10_000
            run.tell()
            await asyncio.sleep(1 / 12)
        fakes.built(run)

    _talks.append(asyncio.get_running_loop().create_task(talk()))


_talks: list[asyncio.Task[None]] = []

SITUATIONS: dict[str, Situation] = {
    "project-nothing": nothing,
    "typing-clash": while_typing("clash", change_on_disk),
    "typing-notice": while_typing("notice", tell),
    "typing-problem": while_typing("problem", refuse),
    "project-no-such-folder": no_such_folder,
    "project-folders": folders,
    "project-found": found,
    "project-two-starts": two_starts,
    "target": target,
    "target-tools": target_tools,
    "target-rehearsal": target_rehearsal,
    "target-flask": target_flask,
    "target-ways": target_ways,
    "shop-project": shop,
    "shop-target": shop_target,
    "shop-before": shop_before,
    "shop-running": shop_running,
    "shop-failed": shop_failed,
    "shop-result": shop_result,
    "shop-started": shop_started,
    "identity-clash": identity_clash,
    "options-browsing": options_browsing,
    "identity-number": identity_number,
    "identity": identity,
    "identity-wrong": identity_wrong,
    "icons": icons,
    "icons-tried": icons_tried,
    "icons-own": icons_own,
    "icons-advice": icons_advice,
    "icons-none": icons_none,
    "icons-letter": icons_letter,
    "icons-chooser": icons_chooser,
    "icons-broken": icons_broken,
    "icons-saved": icons_saved,
    "splash": splash,
    "splash-own": splash_own,
    "splash-none": splash_none,
    "options": options,
    "options-android": options_android,
    "options-linux": options_linux,
    "options-all": options_all,
    "options-found": options_found,
    "options-wrong": options_wrong,
    "build-before": before,
    "build-running": running,
    "build-failed": stopped,
    "build-ok": built,
    "build-flutter": running_flutter,
    "build-before-rehearsal": before_rehearsal,
    "build-rehearsed": rehearsed,
    "result": result,
    "result-apks": result_apks,
    "result-linux": result_linux,
    "crashed": crashed,
    "torrent": torrent,
}


async def main(page: ft.Page) -> None:
    """One situation."""
    name = page.route.strip("/")
    engine = fakes.FakeEngine()
    one = Wizard(engine, fakes.FakeShowing())
    await SITUATIONS.get(name, nothing)(one, engine)
    shell.show(page, one)
    went_away = page.on_disconnect
    assert went_away is not None

    def stop_watching(event: ft.Event[ft.Page]) -> None:
        """A tab of ours is looked at once; systems allow a hundred watched projects or so."""
        one._watch.stop()
        went_away(event)

    page.on_disconnect = stop_watching


if __name__ == "__main__":
    uvicorn.run(
        server.flet_app(main, ROOT / "assets"),
        host="127.0.0.1",
        port=int(os.environ["FLET_SERVER_PORT"]),
        log_level="warning",
        ws="websockets-sansio",
    )

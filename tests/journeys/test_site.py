"""A built site in a real browser that is refused everything beyond the site."""

from __future__ import annotations

import gzip
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.browser import FletPage
from tests.builder.pictures import BLUE, RED, png
from tests.journeys.conftest import build, counter

pytestmark = [pytest.mark.slow, pytest.mark.network]

Serve = Callable[..., str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose text needs fonts that the client has not."""
    project = counter(
        tmp_path_factory.mktemp("site") / "Zähler 日本's",
        text="日本 العربية 🙂",
        settings='[tool.flet]\nproduct = "Zähler <b> & \\"Co\\""\n'
        '[tool.flet.web]\npwa_background_color = "#102030"\npwa_theme_color = "#abcdef"\n',
        needs="flet[all]",
    )
    (project / "assets").mkdir()
    (project / "assets" / "favicon.png").write_bytes(b"mine")
    (project / ".env").write_text("SECRET=1")
    (project / "deep").mkdir()
    (project / "deep" / ".hidden").write_text("x")
    built = build(project)
    assert built.status == 0, built.problems
    assert any("deep/.hidden" in str(problem) for problem in built.problems.values())
    return built.folder


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    context: BrowserContext = chrome.new_context(viewport={"width": 900, "height": 640})
    yield context.new_page()
    context.close()


def refuse_beyond(page: Page, address: str) -> list[str]:
    """Cut the network off behind the site; the list fills with what was asked for out there."""
    beyond: list[str] = []

    def refuse(route: Route, request: Request) -> None:
        beyond.append(request.url)
        route.abort()

    page.route(lambda url: not url.startswith((address, "blob:", "data:")), refuse)
    return beyond


def press(page: Page) -> None:
    """Wait for the app, press its button, see the text change."""
    flet = FletPage(page).wake()
    expect(page.get_by_text("none yet")).to_be_visible()
    flet.button("Add one").click()
    expect(page.get_by_text("one", exact=True)).to_be_visible()


def test_answers_a_click_and_does_not_ask_for_fonts_without_end(
    site: Path, page: Page, served: Serve
) -> None:
    address = served(site)
    beyond = refuse_beyond(page, address)
    asked: list[str] = []
    not_there: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: not_there.append(answer.url) if not answer.ok else None)
    page.goto(address)
    press(page)
    assert not_there == []
    page.wait_for_timeout(2000)
    before = len(asked)
    page.wait_for_timeout(3000)
    assert len(asked) == before
    assert len(beyond) < 8, beyond


def test_a_loading_screen_shows_progress_before_the_app_is_there(
    site: Path, page: Page, served: Serve
) -> None:
    address = served(site)
    refuse_beyond(page, address)
    page.goto(address, wait_until="commit")
    expect(page.locator("#loading progress")).to_be_visible()
    seen = page.evaluate(
        """() => new Promise(done => {
            const seen = [];
            const timer = setInterval(() => {
                const bar = document.querySelector("#loading progress");
                if (bar) seen.push(bar.value); else { clearInterval(timer); done(seen); }
            }, 30);
        })"""
    )
    assert seen == sorted(seen)
    assert len(set(seen)) >= 3
    assert seen[-1] > 0.8


def test_the_page_is_the_projects(site: Path, page: Page, served: Serve) -> None:
    address = served(site)
    refuse_beyond(page, address)
    page.goto(address, wait_until="commit")
    expect(page).to_have_title('Zähler <b> & "Co"')
    assert page.request.get(address + "favicon.png").body() == b"mine"
    manifest = page.request.get(address + "manifest.json").json()
    assert manifest["name"] == 'Zähler <b> & "Co"'
    assert manifest["background_color"] == "#102030"
    assert manifest["theme_color"] == "#abcdef"
    loading = page.locator("#loading")
    expect(loading).to_have_css("background-color", "rgb(16, 32, 48)")


def test_one_archive_holds_the_app_and_nothing_of_the_host(site: Path) -> None:
    with gzip.open(site / "app.zip.gz") as unpacked:
        names = zipfile.ZipFile(io.BytesIO(unpacked.read())).namelist()
    assert "main.py" in names
    tops = {
        name.split("/")[1].split("-")[0] for name in names if name.startswith("__pypackages__/")
    }
    assert {"flet", "msgpack"} <= tops
    assert not tops & {"flet_web", "flet_cli", "flet_desktop", "httpx", "oauthlib", "fastapi"}
    assert any(name.endswith(".so") for name in names)
    assert not [name for name in names if ".env" in name or ".hidden" in name]
    assert not {"requirements.txt", "pyproject.toml"} & set(names)


def test_any_folder_will_do_with_routes_after_the_hash(
    tmp_path: Path, page: Page, served: Serve
) -> None:
    project = counter(tmp_path / "p")
    built = build(project, "--route-url-strategy", "hash", output=tmp_path / "out")
    assert built.status == 0, built.problems
    root = tmp_path / "host"
    shutil.copytree(built.folder, root / "some" / "where")
    (root / "index.html").write_text("the host's own page")
    address = served(root) + "some/where/index.html"
    refuse_beyond(page, address.rsplit("/", 1)[0])
    page.goto(address)
    press(page)


def test_a_base_url_and_a_deep_link(tmp_path: Path, page: Page, served: Serve) -> None:
    project = counter(tmp_path / "p")
    built = build(project, "--base-url", "my/app", output=tmp_path / "out")
    assert built.status == 0, built.problems
    address = served(built.folder, "my/app")
    assert address.endswith("/my/app/")
    refuse_beyond(page, address)
    page.goto(address + "deep/link")
    press(page)
    expect(page.get_by_text("route /deep/link")).to_be_visible()


@pytest.mark.parametrize("renderer", ["auto", "skwasm"])
def test_other_renderers(renderer: str, tmp_path: Path, page: Page, served: Serve) -> None:
    project = counter(tmp_path / "p")
    built = build(project, "--web-renderer", renderer, output=tmp_path / "out")
    assert built.status == 0, built.problems
    address = served(built.folder)
    refuse_beyond(page, address)
    page.goto(address)
    press(page)


def test_packed_fonts_draw_what_the_client_cannot(
    tmp_path: Path, page: Page, served: Serve
) -> None:
    project = counter(
        tmp_path / "p", text="العربية", settings='[tool.slipway.web]\nfonts = ["arabic"]\n'
    )
    built = build(project, output=tmp_path / "out")
    assert built.status == 0, built.problems
    address = served(built.folder)
    refuse_beyond(page, address)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    press(page)
    page.wait_for_timeout(1500)
    assert any("packed/arabic.woff2" in url for url in asked)
    assert not any("notosansarabic" in url for url in asked)


def test_with_a_network_the_fonts_come_from_their_host_once(
    site: Path, page: Page, served: Serve
) -> None:
    address = served(site)
    font = (site / "assets" / "fonts" / "roboto.woff2").read_bytes()
    beyond: list[str] = []

    def answer(route: Route, request: Request) -> None:
        beyond.append(request.url)
        headers = {"access-control-allow-origin": "*", "content-type": "font/woff2"}
        route.fulfill(body=font, headers=headers)

    page.route("https://fonts.gstatic.com/**", answer)
    page.route("https://cdn.jsdelivr.net/**", lambda route: route.abort())
    page.goto(address)
    press(page)
    page.wait_for_timeout(3000)
    assert {"notosansarabic", "notocoloremoji"} <= {url.split("/")[4] for url in beyond}
    assert len(beyond) == len(set(beyond))


def test_an_app_that_fails_says_so(tmp_path: Path, page: Page, served: Serve) -> None:
    project = counter(tmp_path / "p")
    (project / "main.py").write_text("import flet\nraise RuntimeError('no luck')\n")
    built = build(project, output=tmp_path / "out")
    assert built.status == 0, built.problems
    address = served(built.folder)
    refuse_beyond(page, address)
    page.goto(address)
    FletPage(page).wake()
    expect(page.get_by_text("Error running app")).to_be_visible()
    expect(page.locator("#loading")).to_have_count(0)


# ---- Pictures --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with an icon, which is the light splash picture, a dark one, and their colours."""
    project = counter(
        tmp_path_factory.mktemp("pictured") / "p",
        settings='[tool.flet]\nicon_background = "#ffe0b0"\n'
        '[tool.flet.splash]\ncolor = "#e8f1f5"\ndark_color = "#0b2530"\n',
    )
    (project / "assets").mkdir()
    (project / "assets" / "icon.png").write_bytes(png(512))
    (project / "assets" / "splash_dark.png").write_bytes(png(512, BLUE))
    built = build(project)
    assert built.status == 0, built.problems
    return built.folder


def hold_loading(page: Page, address: str) -> None:
    """Open a site whose client never gets ready."""
    page.route("**/*.wasm", lambda route: route.abort())
    page.route("**/main.dart.js", lambda route: route.fulfill(body=""))
    page.goto(address, wait_until="commit")


def asked_for(page: Page) -> list[str]:
    """The addresses that a page asks for, as it does."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def splash(page: Page) -> str:
    """Which splash picture the browser shows, once it has it."""
    picture = page.locator("#loading img")
    picture.evaluate("image => image.decode()")
    shown: str = picture.evaluate("image => image.currentSrc")
    return shown.rpartition("/")[2]


def pixel(page: Page, x: float, y: float) -> tuple[int, ...]:
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    found = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize(
    ("scheme", "ground", "art"),
    [("light", (232, 241, 245), RED), ("dark", (11, 37, 48), BLUE)],
)
def test_the_loading_screen_shows_the_splash_of_the_mode(
    scheme: Literal["light", "dark"],
    ground: tuple[int, ...],
    art: tuple[int, ...],
    pictured: Path,
    chrome: Browser,
    served: Serve,
) -> None:
    address = served(pictured)
    for scale in (1, 2):
        context = chrome.new_context(color_scheme=scheme, device_scale_factor=scale)
        page = context.new_page()
        asked = asked_for(page)
        hold_loading(page, address)
        assert splash(page) == f"{scheme}-{scale}x.png"
        assert len([url for url in asked if "/splash/" in url]) == 1
        assert pixel(page, 0.5, 0.5) == art
        assert pixel(page, 0.0, 0.0) == pixel(page, 1.0, 1.0) == ground
        context.close()


def test_on_a_small_screen_the_splash_and_the_bar_fit(
    pictured: Path, page: Page, served: Serve
) -> None:
    hold_loading(page, served(pictured))
    splash(page)
    for width, height in ((320, 480), (568, 320), (240, 240)):
        page.set_viewport_size({"width": width, "height": height})
        for part in ("img", "progress"):
            box = page.locator(f"#loading {part}").bounding_box()
            assert box is not None
            assert min(box["x"], box["y"]) >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= height


def test_nothing_moves_when_the_splash_arrives(pictured: Path, page: Page, served: Serve) -> None:
    held: list[Route] = []
    page.route("**/splash/**", lambda route: held.append(route))
    hold_loading(page, served(pictured))
    bar = page.locator("#loading progress")
    expect(bar).to_be_visible()
    before = bar.bounding_box()
    page.wait_for_timeout(200)
    held[0].continue_()
    splash(page)
    assert bar.bounding_box() == before


def test_icons_are_where_browsers_look_for_them(pictured: Path, page: Page, served: Serve) -> None:
    address = served(pictured)
    hold_loading(page, address)

    def fetched(path: str) -> Image.Image:
        response = page.request.get(address + path)
        assert response.ok, path
        return Image.open(io.BytesIO(response.body())).convert("RGBA")

    favicon = fetched(page.locator("link[rel=icon]").get_attribute("href") or "")
    assert favicon.size == (32, 32)
    assert favicon.getpixel((16, 16)) == (*RED, 255)
    assert favicon.getpixel((0, 0)) == (0, 0, 0, 0)
    manifest = fetched_json(page, address)
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        image = fetched(icon["src"])
        assert f"{image.width}x{image.height}" == icon["sizes"]
        corner = (255, 224, 176, 255) if icon["purpose"] == "maskable" else (0, 0, 0, 0)
        assert image.getpixel((0, 0)) == corner
        assert image.getpixel((image.width // 2, image.height // 2)) == (*RED, 255)
    touch = fetched(page.locator("link[rel=apple-touch-icon]").get_attribute("href") or "")
    assert touch.getpixel((0, 0)) == (255, 224, 176, 255)


def fetched_json(page: Page, address: str) -> dict[str, Any]:
    found: dict[str, Any] = page.request.get(address + "manifest.json").json()
    return found


def test_a_site_with_pictures_asks_for_nothing_that_is_not_there(
    pictured: Path, page: Page, served: Serve
) -> None:
    address = served(pictured)
    beyond = refuse_beyond(page, address)
    not_there: list[str] = []
    page.on("response", lambda answer: not_there.append(answer.url) if not answer.ok else None)
    page.goto(address)
    press(page)
    assert not_there == []
    assert [url for url in beyond if "rive" not in url] == []  # which the client asks for anyway


def test_no_splash(tmp_path: Path, page: Page, served: Serve) -> None:
    project = counter(tmp_path / "p", settings='[tool.flet.splash]\ncolor = "#ff0000"\n')
    (project / "assets").mkdir()
    (project / "assets" / "icon.png").write_bytes(png(512))
    built = build(project, "--no-web-splash", output=tmp_path / "out")
    assert built.status == 0, built.problems
    hold_loading(page, served(built.folder))
    expect(page.locator("#loading progress")).to_be_visible()
    expect(page.locator("#loading img")).to_have_count(0)
    assert pixel(page, 0.5, 0.2) == (255, 255, 255)


def test_a_picture_that_cannot_be_used_stops_the_build_before_it_begins(tmp_path: Path) -> None:
    project = counter(tmp_path / "p")
    (project / "assets").mkdir()
    (project / "assets" / "icon.png").write_bytes(b"no picture")
    built = build(project)
    assert built.status == 10
    assert built.of("plan") == []
    (failed,) = [check for check in built.of("check") if check["state"] == "fail"]
    assert failed["id"] == "pictures"
    assert not built.folder.exists()

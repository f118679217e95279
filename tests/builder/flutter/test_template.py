"""Where the build template comes from, what is refused, and what happens without the network."""

from __future__ import annotations

import contextlib
import stat
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.flutter import template, template_archive, template_asked
from builder.flutter.template import Template
from builder.pipeline import Build
from builder.problems import ComputerError, Problem, ProjectError
from builder.process import Finished, Tools
from tests.builder.fake_build import FakeJob, write
from tests.builder.flutter import small_template
from tests.builder.flutter.making import RELEASE, Told, make_build, make_job

Answers = dict[str, httpx.Response | Exception]


@pytest.fixture(autouse=True)
def own_flet_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> Path:
    monkeypatch.setenv("FLET_CACHE_DIR", str(tmp_path / "flet-cache"))
    return tmp_path / "flet-cache/build-template/v1.0.5/flet-build-template.zip"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """The web: answers by their addresses; nothing else is there."""
    answers: Answers = {}

    def answer(request: httpx.Request) -> httpx.Response:
        found = answers.get(str(request.url), httpx.Response(404))
        if isinstance(found, Exception):
            raise found
        return found

    real = httpx.Client

    def client(**more: Any) -> httpx.Client:
        return real(transport=httpx.MockTransport(answer), **more)

    monkeypatch.setattr(httpx, "Client", client)
    return answers


def build_of(
    tmp_path: Path, named: str = "", *, ref: str = "", sub: str = "", **more: Any
) -> Build:
    made = make_build(tmp_path, "linux", **more)
    flutter = replace(made.settings.flutter, template=named, template_ref=ref, template_dir=sub)
    return replace(made, settings=replace(made.settings, flutter=flutter))


def get(tmp_path: Path, named: str = "", **more: Any) -> tuple[Template, FakeJob]:
    job = FakeJob(build_of(tmp_path, named, **more))
    return template.get(job), job


def problem_of(tmp_path: Path, named: str = "", **more: Any) -> Problem:
    with pytest.raises(ProjectError) as raised:
        get(tmp_path, named, **more)
    return raised.value.problem


def answer(content: Mapping[str, str | bytes] | None = None) -> httpx.Response:
    return httpx.Response(200, content=small_template.zipped(content or small_template.files()))


OFFICIAL = template_asked.OFFICIAL.format(version="1.0.5")
OWN_CODE = {"_extensions": ["own_code.Extension"]}


# ---- Flet's own ------------------------------------------------------------------------------


def test_flets_own_is_fetched_once(tmp_path: Path, web: Answers) -> None:
    web[OFFICIAL] = answer(small_template.files(config=OWN_CODE))
    assert "template" in template.needs_network(build_of(tmp_path))
    found, job = get(tmp_path)
    assert (found.folder / "cookiecutter.json").is_file()
    assert found.may_run_code
    assert "Flet 1.0.5" in job.said[0]
    web.clear()
    assert get(tmp_path)[0] == found
    assert template.needs_network(build_of(tmp_path)) == ""


def test_flets_own_may_lie_in_a_folder_of_its_archive(tmp_path: Path, web: Answers) -> None:
    inner = {f"build/{name}": data for name, data in small_template.files().items()}
    web[OFFICIAL] = answer(inner)
    assert get(tmp_path)[0].folder.name == "build"


def test_what_flet_build_fetched_is_taken(
    tmp_path: Path, web: Answers, own_flet_cache: Path
) -> None:
    write(
        own_flet_cache.parent, {own_flet_cache.name: small_template.zipped(small_template.files())}
    )
    assert template.needs_network(build_of(tmp_path)) == ""
    assert (get(tmp_path)[0].folder / "cookiecutter.json").is_file()


def test_what_flet_build_left_broken_is_fetched(
    tmp_path: Path, web: Answers, own_flet_cache: Path
) -> None:
    write(own_flet_cache.parent, {own_flet_cache.name: "PK half of it"})
    web[OFFICIAL] = answer()
    found, job = get(tmp_path)
    assert (found.folder / "cookiecutter.json").is_file()
    assert "is passed over" in job.said[0]


def test_the_template_of_another_version_of_flet(tmp_path: Path, web: Answers) -> None:
    web[template_asked.OFFICIAL.format(version="1.0.3")] = answer()
    for ref in ("1.0.3", "v1.0.3"):
        assert get(tmp_path, ref=ref)[0].may_run_code


def test_a_version_that_was_never_released(tmp_path: Path, web: Answers) -> None:
    problem = problem_of(tmp_path)
    assert problem.code == "template-not-found"
    assert "Flet 1.0.5" in problem.title


@pytest.mark.parametrize(
    "trouble",
    [httpx.ConnectError("no route"), httpx.ReadTimeout("slow"), httpx.Response(503)],
)
def test_without_the_network(
    trouble: httpx.Response | Exception, tmp_path: Path, web: Answers
) -> None:
    web[OFFICIAL] = trouble
    with pytest.raises(ComputerError) as raised:
        get(tmp_path)
    assert raised.value.problem.code == "template-not-reached"
    assert not list(tmp_path.glob("work/*.zip"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html>sign in first</html>", "template-broken"),
        (b"", "template-broken"),
        (small_template.zipped(small_template.files())[:-30], "template-broken"),
        (small_template.zipped({"readme": "x"}), "template-is-none"),
        (small_template.zipped({"a/cookiecutter.json": "{}"}), "template-without-pubspec"),
        (small_template.zipped({"../a": "x"}), "template-leads-outside"),
        (small_template.zipped({"/a": "x"}), "template-leads-outside"),
        (small_template.zipped({"C:/a": "x"}), "template-leads-outside"),
        (small_template.zipped({"a\\..\\..\\b": "x"}), "template-leads-outside"),
    ],
)
def test_an_archive_that_is_no_template(
    content: bytes, code: str, tmp_path: Path, web: Answers
) -> None:
    web[OFFICIAL] = httpx.Response(200, content=content)
    assert problem_of(tmp_path).code == code
    web[OFFICIAL] = answer()  # nothing of it was kept
    assert get(tmp_path)[0].may_run_code


def test_a_damaged_file_in_an_archive(tmp_path: Path, web: Answers) -> None:
    content = bytearray(small_template.zipped({**small_template.files(), "x": b"abcdef" * 9}))
    at = content.index(b"abcdef")
    content[at : at + 3] = b"xyz"
    web[OFFICIAL] = httpx.Response(200, content=bytes(content))
    assert problem_of(tmp_path).code == "template-broken"


def test_a_link_in_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for name, data in small_template.files().items():
            archive.writestr(name, data)
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert problem_of(tmp_path, str(tmp_path / "t.zip")).code == "template-leads-outside"


@pytest.mark.parametrize("limit", ["_MOST_FETCHED", "_MOST_UNPACKED", "_MOST_FILES"])
def test_an_archive_without_end(
    limit: str, tmp_path: Path, web: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_archive, limit, 3)
    web[OFFICIAL] = answer()
    assert problem_of(tmp_path).code == "template-too-large"


# ---- One that is named -----------------------------------------------------------------------


def test_a_folder_of_ones_own_may_run_its_code(tmp_path: Path) -> None:
    folder = small_template.make(tmp_path / "own", **OWN_CODE)
    found, job = get(tmp_path, str(folder), ref="main")
    assert found == Template(folder, "main", may_run_code=True)
    assert not job.problems


def test_a_folder_is_named_as_seen_from_the_project(tmp_path: Path) -> None:
    folder = small_template.make(tmp_path / "project/templates/own")
    assert get(tmp_path, "templates/own")[0].folder == folder


def test_a_folder_that_changes_is_another_template(tmp_path: Path) -> None:
    folder = small_template.make(tmp_path / "own")
    build = build_of(tmp_path, str(folder))
    before = template.reads(build)
    write(folder, {".git/index": "not a part of it"})
    assert template.reads(build) == before
    write(folder, {"more": "x"})
    assert template.reads(build) != before


@pytest.mark.parametrize("sub", ["inner", "./inner", "inner/"])
def test_a_folder_within_the_template(sub: str, tmp_path: Path) -> None:
    small_template.make(tmp_path / "own/inner")
    assert get(tmp_path, str(tmp_path / "own"), sub=sub)[0].folder == tmp_path / "own/inner"


def test_a_folder_within_the_only_folder_of_an_archive(tmp_path: Path) -> None:
    inner = {f"name-main/build/{name}": data for name, data in small_template.files().items()}
    write(tmp_path, {"t.zip": small_template.zipped({**inner, "name-main/readme": "x"})})
    found, _ = get(tmp_path, str(tmp_path / "t.zip"), sub="build")
    assert (found.folder / "cookiecutter.json").is_file()


@pytest.mark.parametrize("sub", ["..", "../other", "/", "inner/../../other"])
def test_a_folder_outside_of_the_template(sub: str, tmp_path: Path) -> None:
    small_template.make(tmp_path / "own")
    small_template.make(tmp_path / "other")
    assert problem_of(tmp_path, str(tmp_path / "own"), sub=sub).code == "template-leads-outside"


def test_a_link_within_the_template_does_not_lead_out(tmp_path: Path) -> None:
    small_template.make(tmp_path / "other")
    (tmp_path / "own").mkdir()
    (tmp_path / "own/inner").symlink_to(tmp_path / "other")
    problem = problem_of(tmp_path, str(tmp_path / "own"), sub="inner")
    assert problem.code == "template-leads-outside"


@pytest.mark.parametrize("sub", ["", "nowhere"])
def test_a_folder_that_is_no_template(sub: str, tmp_path: Path) -> None:
    write(tmp_path / "own", {"readme": "x"})
    assert problem_of(tmp_path, str(tmp_path / "own"), sub=sub).code == "template-is-none"


@pytest.mark.parametrize(
    "named", ["nowhere", "a b", "gh:", "gh:owner", "hg+https://x", "a\0b", "~nobody/x"]
)
def test_nothing_of_that_name(named: str, tmp_path: Path) -> None:
    assert problem_of(tmp_path, named).code == "template-not-found"


def test_a_zip_file(tmp_path: Path) -> None:
    archive = tmp_path / "t.zip"
    write(tmp_path, {"t.zip": small_template.zipped(small_template.files())})
    build = build_of(tmp_path, str(archive))
    first, before = get(tmp_path, str(archive))[0], template.reads(build)
    assert not first.may_run_code
    write(tmp_path, {"t.zip": small_template.zipped(small_template.files({"a": "new"}))})
    assert template.reads(build) != before
    assert get(tmp_path, str(archive))[0].folder != first.folder


def test_an_address_that_cannot_be_reached_later(tmp_path: Path, web: Answers) -> None:
    address = "https://example.com/t.zip?x=1"
    web[address] = answer()
    first, _ = get(tmp_path, address)
    assert template.needs_network(build_of(tmp_path, address)) == ""
    web[address] = httpx.ConnectError("no route")
    again, job = get(tmp_path, address)
    assert again == first
    assert job.codes == ["template-kept-used"]
    web["https://example.com/other.zip"] = httpx.ConnectError("no route")
    with pytest.raises(ComputerError):
        get(tmp_path, "https://example.com/other.zip")


def test_an_address_is_asked_again_each_time(tmp_path: Path, web: Answers) -> None:
    address = "https://example.com/t.zip"
    web[address] = answer()
    first = get(tmp_path, address)[0].folder
    web[address] = answer(small_template.files({"a": "new"}))
    assert get(tmp_path, address)[0].folder != first


def test_a_password_in_an_address_is_never_shown(tmp_path: Path, web: Answers) -> None:
    address = "https://me:secret@example.com/t.zip"
    problem = problem_of(tmp_path, address)
    assert "secret" not in str(problem.to_dict())
    assert "secret" not in str(template.reads(build_of(tmp_path, address)))


# ---- Code of others --------------------------------------------------------------------------


def test_code_of_others_waits_for_a_yes(tmp_path: Path, web: Answers) -> None:
    address = "https://example.com/t.zip"
    web[address] = answer(small_template.files(config=OWN_CODE))
    problem = problem_of(tmp_path, address)
    assert problem.code == "template-needs-its-code"
    assert problem.fixes[0].data == {"argv": ["--yes"]}
    assert get(tmp_path, address, assume_yes=True)[0].may_run_code


def test_hooks_of_others_wait_for_a_yes(tmp_path: Path, web: Answers) -> None:
    address = "https://example.com/t.zip"
    hooks = {"hooks/post_gen_project.sh": "rm -rf ~", "hooks/readme.md": ""}
    web[address] = answer({**small_template.files(), **hooks})
    found, job = get(tmp_path, address)
    assert not found.may_run_code
    assert job.codes == ["template-hooks-not-run"]
    found, job = get(tmp_path, address, assume_yes=True)
    assert found.may_run_code
    assert not job.problems


def test_extensions_of_libraries_are_no_code_of_others(tmp_path: Path, web: Answers) -> None:
    address = "https://example.com/t.zip"
    config = {"_extensions": ["jinja2.ext.do", "cookiecutter.extensions.TimeExtension"]}
    web[address] = answer(small_template.files(config=config))
    assert not get(tmp_path, address)[0].may_run_code


def test_flets_own_needs_no_yes_whatever_its_address(tmp_path: Path, web: Answers) -> None:
    web[OFFICIAL] = answer(small_template.files(config=OWN_CODE))
    assert get(tmp_path, OFFICIAL)[0].may_run_code


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/flet-dev-x/t.git",
        "https://github.com/flet-dev/../x/t.git",
        "https://github.com.example.com/flet-dev/t.zip",
        "http://github.com/flet-dev/t.git",
        "https://github.com@example.com/flet-dev/t.git",
        "git@github.com:flet-dev/t.git",
    ],
)
def test_what_only_looks_like_flets_own(address: str) -> None:
    assert not template_asked.is_official(address)


@pytest.fixture(scope="module")
def some_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build_of(tmp_path_factory.mktemp("some"))


@given(named=st.text(max_size=40) | st.sampled_from(["~0", "x" * 9999, "\ud800", "gh:a/../.."]))
def test_any_name_is_understood_or_a_problem(some_build: Build, named: str) -> None:
    flutter = replace(some_build.settings.flutter, template=named)
    build = replace(some_build, settings=replace(some_build.settings, flutter=flutter))
    with contextlib.suppress(ProjectError):
        assert template.asked(build).address


# ---- Git -------------------------------------------------------------------------------------


def git(folder: Path, *argv: str) -> None:
    own = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *own, *argv], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two commits, the first of which is tagged `old`."""
    folder = small_template.make(tmp_path / "remote", {"a": "old"})
    git(folder, "init")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "one")
    git(folder, "tag", "old")
    write(folder, {f"{small_template.ROOT}/a": "new"})
    git(folder, "commit", "-am", "two")
    return folder


@pytest.fixture
def tools() -> Iterator[Tools]:
    running = Tools()
    yield running
    running.stop()


def get_git(tmp_path: Path, named: str, tools: Tools, **more: Any) -> tuple[Path, Told]:
    job, told = make_job(build_of(tmp_path, named, **more), "template", tools)
    return template.get(job).folder, told


def a_in(folder: Path) -> str:
    return (folder / small_template.ROOT / "a").read_text()


@pytest.mark.parametrize(("ref", "expected"), [("", "new"), ("old", "old"), ("main", "new")])
def test_a_repository(
    ref: str, expected: str, tmp_path: Path, repository: Path, tools: Tools
) -> None:
    folder, _ = get_git(tmp_path, f"file://{repository}", tools, ref=ref)
    assert a_in(folder) == expected
    assert not (folder / ".git").exists()


def test_a_repository_with_a_tag_of_flets_version(
    tmp_path: Path, repository: Path, tools: Tools
) -> None:
    git(repository, "tag", f"v{RELEASE.flet}", "old")
    assert a_in(get_git(tmp_path, f"git+file://{repository}", tools)[0]) == "old"


def test_a_repository_that_cannot_be_reached_later(
    tmp_path: Path, repository: Path, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = get_git(tmp_path, f"file://{repository}", tools)
    said = "fatal: unable to access: Could not resolve host: example.com"
    monkeypatch.setattr(tools, "run", _failing_fetch(tools, said))
    again, told = get_git(tmp_path, f"file://{repository}", tools)
    assert again == folder
    assert [p.code for p in told.problems] == ["template-kept-used"]


def _failing_fetch(tools: Tools, said: str) -> Any:
    real = tools.run

    def run(argv: list[str], **more: Any) -> Finished:
        return Finished(argv, 128, (), (said,)) if "fetch" in argv else real(argv, **more)

    return run


@pytest.mark.parametrize(
    ("ref", "code"),
    [("nowhere", "template-ref-missing"), ("--upload-pack=touch x", "template-ref-missing")],
)
def test_no_such_branch(
    ref: str, code: str, tmp_path: Path, repository: Path, tools: Tools
) -> None:
    with pytest.raises(ProjectError) as raised:
        get_git(tmp_path, f"file://{repository}", tools, ref=ref)
    assert raised.value.problem.code == code


def test_no_such_repository(tmp_path: Path, tools: Tools) -> None:
    with pytest.raises(ProjectError) as raised:
        get_git(tmp_path, f"file://{tmp_path}/nowhere", tools)
    assert raised.value.problem.code == "template-not-found"


def test_a_repository_with_a_link_that_leads_out(
    tmp_path: Path, repository: Path, tools: Tools
) -> None:
    (repository / "out").symlink_to("../../elsewhere")
    git(repository, "add", ".")
    git(repository, "commit", "-m", "three")
    with pytest.raises(ProjectError) as raised:
        get_git(tmp_path, f"file://{repository}", tools)
    assert raised.value.problem.code == "template-leads-outside"


def test_git_asks_nobody_and_may_not_take_for_ever(tmp_path: Path) -> None:
    limits: list[float | None] = []

    class Slow(FakeJob):
        def run_tool(self, argv: Any, **more: Any) -> Finished:
            assert more["env"]["GIT_TERMINAL_PROMPT"] == "0"
            limits.append(more["limit"])
            if "fetch" in argv:
                raise TimeoutError("git took longer than 600 seconds")
            return Finished(argv, 0, (), ())

    with pytest.raises(ComputerError) as raised:
        template.get(Slow(build_of(tmp_path, "gh:owner/name")))
    assert raised.value.problem.code == "template-not-reached"
    assert all(limits)


@pytest.mark.parametrize(
    ("named", "address"),
    [
        ("gh:owner/name", "https://github.com/owner/name.git"),
        ("gh:owner/name.git", "https://github.com/owner/name.git"),
        ("gl:group/sub/name", "https://gitlab.com/group/sub/name.git"),
        ("bb:owner/name", "https://bitbucket.org/owner/name.git"),
        ("https://example.com/x", "https://example.com/x"),
        ("git@example.com:x/y.git", "git@example.com:x/y.git"),
        ("ssh://git@example.com/x", "ssh://git@example.com/x"),
        ("git+https://example.com/x", "https://example.com/x"),
    ],
)
def test_addresses_of_repositories(named: str, address: str, tmp_path: Path) -> None:
    found = template.asked(build_of(tmp_path, named))
    assert (found.kind, found.address) == ("git", address)

"""What uv says when packages cannot be had, and what a person is told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.desktop import uv_failure
from builder.problems import ComputerError, ProjectError, SlipwayError
from builder.process import Finished
from builder.project import Project, Requirement
from builder.stages import index_problem

HEAD = "Using Python 3.11.7 environment at: environment\n"
UNSOLVED = f"{HEAD}error: No solution found when resolving dependencies\n  cause: "
END = ", we can conclude that your requirements are unsatisfiable."
NETWORK = (
    f"{HEAD}error: Request failed after 3 retries in 9.2s\n"
    "  cause: Failed to fetch: http://127.0.0.1:9/simple/shop/\n"
    "  cause: error sending request for url (http://127.0.0.1:9/simple/shop/)\n"
    "  cause: client error (Connect)\n"
)
BUILD = (
    "  cause: The build backend returned an error\n  cause: Call to `x.y` failed (exit status: 1)\n"
)


def finished(text: str, status: int = 1) -> Finished:
    return Finished((), status, (), text.splitlines())


def project(*texts: str) -> Project:
    needs = [Requirement(text, f"pyproject.toml, line {n}") for n, text in enumerate(texts, 3)]
    return Project(Path("p"), Path("p"), "flask", "main", requirements=needs)


def told(text: str, *texts: str, status: int = 1) -> SlipwayError:
    return uv_failure.told(finished(text, status), project(*texts))


THE_PROJECTS: Sequence[tuple[str, str, str]] = (
    (f"{UNSOLVED}Because shop was not found in the package registry and you require shop{END}",
     "package-not-found", "shop"),
    (f"{UNSOLVED}Because shop was not found in the provided package locations and you require "
     f"shop{END}", "package-not-found", "shop"),
    (f"{UNSOLVED}Because there is no version of shop==99 and you require shop==99{END}",
     "package-version-not-found", "shop==99"),
    (f"{UNSOLVED}Because only shop<=3.1.3 is available and you require shop>=99{END}",
     "package-version-not-found", "shop>=99"),
    (f"{UNSOLVED}Because only shop==3.0 is available and all versions of other depend on shop>=4, "
     "we can conclude that all versions of other cannot be used.\n         And because you "
     f"require other{END}", "package-version-not-found", "shop>=4"),
    (f"{UNSOLVED}Because only the following versions of shop are available:\n"
     f"             shop<=3.1.0\n             shop>=3.1.1\n         and you require "
     f"shop>3.1.0,<3.1.1{END}", "package-version-not-found", "shop>3.1.0,<3.1.1"),
    (f"{UNSOLVED}Because the current Python version (3.11.7) does not satisfy Python>=3.12 and "
     "shop>=2.5.0 depends on Python>=3.12, we can conclude that shop>=2.5.0 cannot be used.\n"
     f"         And because you require shop>=2.5{END}",
     "package-needs-other-python", "shop>=2.5.0 does not work with Python 3.11.7"),
    (f"{UNSOLVED}Because shop==1.15.0 has no wheels with a matching Python ABI tag (e.g., `cp311`) "
     f"and you require shop==1.15{END}\n\nhint: You require CPython 3.11 (`cp311`), but",
     "package-not-built", "shop has no ready-made build"),
    (f"{UNSOLVED}Because shop<=302 has no wheels with a matching Python ABI tag (e.g., `cp311`) "
     "and only the following versions of shop are available:\n             shop<=302\n"
     "             shop>=303\n         we can conclude that shop<303 cannot be used.\n         And "
     "because shop>=303 has no wheels with a matching platform tag (e.g., `manylinux_2_36_x86_64`) "
     f"and you require shop{END}", "package-not-built", "shop"),
    (f"{UNSOLVED}Because shop==3.0.0 has no usable wheels and you require shop==3.0.0{END}",
     "package-not-built", "shop"),
    (f"{HEAD}error: Failed to build `shop==13.0`\n{BUILD}\n         [stderr]\n"
     "         error: this needs macOS\n\nhint: Build failures usually indicate a problem",
     "package-not-built", "shop has no"),
    (f"{HEAD}error: Failed to build `shop @ file:///p/shop`\n{BUILD}", "package-not-built",
     "shop has no"),
    (f"{HEAD}error: Failed to download `shop @ https://h.org/shop-1-py3-none-any.whl`\n"
     "  cause: Failed to fetch: https://h.org/shop-1-py3-none-any.whl\n  cause: HTTP status client "
     "error (404 Not Found) for url (https://h.org/shop-1-py3-none-any.whl)",
     "package-not-fetched", "shop @ https://h.org"),
    (f"{HEAD}error: Failed to download and build `shop @ git+https://h.org/shop`\n  cause: Git "
     "operation failed\n  cause: failed to clone into: /c/git\n", "package-not-fetched", "shop @"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), THE_PROJECTS)
def test_what_the_project_can_mend_is_told_with_its_place(text: str, code: str, words: str) -> None:
    error = told(text, "flask", "Shop>=1")
    assert isinstance(error, ProjectError)
    assert error.problem.code == code
    assert words in error.problem.title
    assert error.problem.where == "pyproject.toml, line 4"
    assert error.problem.evidence[0].startswith("error:")


def test_what_another_package_wants_has_no_place() -> None:
    error = told(f"{UNSOLVED}Because shop was not found in the package registry and a{END}", "a")
    assert (error.problem.code, error.problem.where) == ("package-not-found", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{UNSOLVED}Because flask>=3.0.0 depends on click>=8.1.3 and you require flask>=3, we can "
         f"conclude that you require click>=8.1.3.\n         And because you require click<7{END}",
         "packages-conflict"),
        (f"{UNSOLVED}Because you require flet==1.0.5 and flet==0.82.2{END}", "packages-conflict"),
        (f"{HEAD}error: The build backend returned an error\n  cause: Call to `x` failed\n",
         "package-not-built"),
        (f"{HEAD}error: Distribution not found at: file:///p/nothere", "package-not-fetched"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_no_single_package(text: str, code: str) -> None:
    error = told(text)
    assert isinstance(error, ProjectError)
    assert (error.problem.code, error.problem.where) == (code, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"{NETWORK}  cause: tcp connect error\n  cause: Connection refused (os error 111)",
         "index-unreachable"),
        (f"{NETWORK}  cause: dns error\n  cause: error resolving DNS\n  cause: failed to lookup "
         "address information: Name or service not known", "index-unreachable"),
        (f"{HEAD}error: Request failed after 3 retries in 7.8s\n  cause: Failed to fetch: "
         "http://h/simple/shop/\n  cause: HTTP status server error (500 Internal Server Error) for "
         "url (http://h/simple/shop/)", "index-unreachable"),
        (f"{HEAD}error: Failed to download and build `shop @ git+https://h.org/s`\n  cause: Git "
         "operation failed\n  cause: process didn't exit successfully: `git fetch` (exit status: "
         "128)\n         --- stderr\n         fatal: unable to access 'https://h.org/s/': Could "
         "not resolve host: h.org", "index-unreachable"),
        (f"{HEAD}error: Failed to build `shop==1`\n  cause: Failed to resolve requirements from "
         "`setup.py` build\n  cause: error sending request for url (https://pypi.org/simple/"
         "setuptools/)", "index-unreachable"),
        (f"{UNSOLVED}Because shop was not found in the package registry and you require shop{END}\n"
         "\nhint: An index URL (http://h/simple) could not be queried due to a lack of valid "
         "authentication credentials (401 Unauthorized)", "index-refused"),
        (f"{UNSOLVED}Because shop was not found in the package registry and you require shop{END}\n"
         "\nhint: An index (http://h/simple) returned a 403 Forbidden error. Check that the index "
         "URL is correct and the credentials are valid.", "index-refused"),
        (f"{HEAD}error: Failed to install: numpy.whl (numpy==2.4.6)\n  cause: Failed to copy to "
         "`x.so`\n  cause: failed to copy file: No space left on device (os error 28)",
         "disk-full"),
        (f"{HEAD}error: Failed to build `shop==1`\n{BUILD}\n         [stderr]\n         ld: x: No "
         "space left on device", "disk-full"),
        ("error: something that was never seen", "packages-not-installed"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_this_computer(text: str, code: str) -> None:
    error = told(text, "shop")
    assert isinstance(error, ComputerError)
    assert error.problem.code == code


def test_one_that_is_ended_from_outside() -> None:
    error = told(HEAD, status=-9)
    assert isinstance(error, ComputerError)
    assert error.problem.code == "packages-fetching-killed"
    assert "signal 9" in error.problem.why


def test_what_a_package_says_while_it_is_built_is_not_uvs_word() -> None:
    """A build may well fail over the network, or speak of authentication: uv reached the index."""
    text = (
        f"{HEAD}error: Failed to build `shop==3.0.0`\n{BUILD}\n         [stdout]\n"
        "         Downloading https://nowhere.example/odbc.tar.gz\n\n         [stderr]\n"
        "         urllib.error.URLError: <urlopen error timed out>\n"
        "         401 Unauthorized, Connection refused, Failed to fetch\n\n"
        "hint: Build failures usually indicate a problem with the package\n"
    )
    assert not uv_failure.is_network(finished(text))
    assert told(text, "shop").problem.code == "package-not-built"


def test_of_a_long_story_the_beginning_and_the_end_are_shown() -> None:
    lines = "".join(f"         line {n}\n" for n in range(200))
    text = f"{HEAD}error: Failed to build `shop==1`\n{BUILD}\n         [stderr]\n{lines}"
    evidence = told(text, "shop").problem.evidence
    assert evidence[0] == "error: Failed to build `shop==1`"
    assert evidence[-1].strip() == "line 199"
    assert len(evidence) < 20


@pytest.mark.parametrize(
    ("text", "status", "is_network"),
    [
        (NETWORK, 2, True),
        (NETWORK, 0, False),
        ("error: HTTP status client error (404 Not Found) for url (https://h)\n  Failed to fetch",
         1, False),
        (f"{UNSOLVED}Because you require a==1 and a==2{END}", 1, False),
    ],
)  # fmt: skip
def test_only_the_network_is_the_network(text: str, status: int, is_network: bool) -> None:
    assert uv_failure.is_network(finished(text, status)) is is_network


@given(st.text(), st.integers(-64, 255))
def test_whatever_it_says_something_is_told(text: str, status: int) -> None:
    problem = told(text, "shop", status=status).problem
    assert problem.title
    assert problem.do
    assert problem.severity == "error"


def test_the_hint_about_the_cache_is_a_hint() -> None:
    assert index_problem.worked_from_cache(uv_failure.WHAT).severity == "hint"

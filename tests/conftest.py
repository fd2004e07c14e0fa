"""Fixtures for all tests."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import databases
from tests.postgres import stop_shared_server
from tests.recordings import PLACES, MirrorPage, RecordedCms, mirror_page, recorded_cms
from tests.sqlite_only import reason

# The terminal that the tests are started from changes nothing: a dumb one, colours, a width.
os.environ["TERM"] = "xterm-256color"
for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "TTY_COMPATIBLE"):
    os.environ.pop(name, None)

# Nor does the way in which they are started: `nohup` lets all that it starts ignore the end of a terminal.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# A machine that is busy is not a defect of the code: no example has to end within a time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the whole suite run on one kind of database."""
    parser.addoption(
        "--archive-database",
        choices=databases.KINDS,
        default="",
        help="the database of all archives; without it, what concerns both runs on each, the rest on files",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Tell the tests in which database their archives are."""
    databases.choose(config.getoption("--archive-database"))


@pytest.fixture(scope="session", autouse=True)
def _shared_server_ends() -> Iterator[None]:
    yield
    databases.forget()
    stop_shared_server()


def _is_of_another_database(item: pytest.Item) -> bool:
    wanted = getattr(item, "callspec", None)
    kind = wanted.params.get("stored_in") if wanted else None
    if kind is not None:
        return not databases.is_chosen(kind)
    return not databases.in_files() and reason(item.nodeid) is not None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give the tests of a module that share a fixture to one worker: another would make it again.

    The browser's tests share one server and one Chromium.
    """
    left_out = [item for item in items if _is_of_another_database(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        shared = item._fixtureinfo.name2fixturedefs.values() if isinstance(item, pytest.Function) else ()
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("browser"))
        elif any(definitions[-1].scope == "module" for definitions in shared):
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


_NUMBERS = itertools.count()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give each test a state of its own (robots.txt, hosts): another test's server had the same port."""
    base = item.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    os.environ["XDG_STATE_HOME"] = str(base / "state" / str(next(_NUMBERS)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Remove the databases of a test, when what it opened is closed."""
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    yield
    if folder is not None:
        databases.remove_archives_below(folder)


def pytest_report_header() -> str:
    """Report which recordings the tests run on."""
    if len(PLACES) > 1:
        return "recordings: the project's own, and those beside the checkout"
    return "recordings: the project's own (the second run needs a folder beside the checkout)"


@pytest.fixture(scope="session", params=PLACES)
def cms(request: pytest.FixtureRequest) -> RecordedCms:
    """A recorded XunRui."""
    return recorded_cms(request.param)


@pytest.fixture(scope="session", params=PLACES)
def mirror_sample(request: pytest.FixtureRequest) -> MirrorPage:
    """A mirror's page with its original."""
    return mirror_page(request.param)

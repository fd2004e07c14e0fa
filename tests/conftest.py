"""Fixtures for all tests."""

from __future__ import annotations

import itertools
import os

import pytest
from hypothesis import settings

from tests.recordings import PLACES, MirrorPage, RecordedCms, mirror_page, recorded_cms

# The terminal that the tests are started from changes nothing: a dumb one, colours, a width.
os.environ["TERM"] = "xterm-256color"
for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "TTY_COMPATIBLE"):
    os.environ.pop(name, None)

# A machine that is busy is not a defect of the code: no example has to end within a time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of a module that share a fixture to one worker: another would make it again.

    The browser's tests share one server and one Chromium.
    """
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

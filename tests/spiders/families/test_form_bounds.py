"""Lists that page by a form: a page decides what is sent only within the bounds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.spiders.canned import Canned, environment, write_site
from tests.spiders.conftest import Workplace
from tests.spiders.families.family_sites import webforms
from unioncrawl.guard.bounds import FORM_BYTES, FORM_FIELDS
from unioncrawl.practice.server import PracticeServer

_HIDDEN = "<input type='hidden' name='__VIEWSTATE'"
_FLOODS = {
    "too-many-form-fields": "".join(
        f"<input type='hidden' name='f{n}' value='1'>" for n in range(FORM_FIELDS.default)
    ),
    "too-many-form-bytes": f"<input type='hidden' name='f' value='{'x' * FORM_BYTES.default}'>",
}


@pytest.fixture
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Canned]:
    """A WebForms site whose first list page has more fields of the page's own making."""
    prepared = webforms()
    first = str(prepared.pages["/list.aspx"])
    assert _HIDDEN in first
    prepared.pages["/list.aspx"] = first.replace(_HIDDEN, request.param + _HIDDEN)
    server = write_site(tmp_path, "forms", "webforms", prepared)
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("reason", "site"), _FLOODS.items(), indirect=["site"], ids=list(_FLOODS))
def test_a_form_beyond_the_bounds_is_not_sent(tmp_path: Path, site: Canned, reason: str) -> None:
    """The walk ends with the reason, exit 1; the articles of the pages before are stored."""
    workplace = Workplace(tmp_path, PracticeServer(0), environment(tmp_path))
    done = workplace.run("unioncrawl", "crawl", "forms")
    assert done.returncode == 1
    assert workplace.rows("select reason from rejection where url like '%list.aspx'") == [(reason,)], (
        done.stderr
    )
    assert workplace.rows("select count(*) from article") == [(2,)]
    assert site.asked["/list.aspx"] == 1

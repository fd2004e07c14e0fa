"""Tests for `unioncrawl.guard.body_end`: a body that ended too early is seen by its own end."""

from __future__ import annotations

import pytest

from tests.guard.stories import article
from unioncrawl.guard.body_end import is_whole, may_be_whole

PAGE = article(1, "尾").encode()
FEED = "<?xml version='1.0'?><rss><channel><item><title>临溪市总工会</title></item></channel></rss>".encode()


@pytest.mark.parametrize("whole", [PAGE, PAGE.upper(), PAGE + b"\n<script>x()</script>" * 9, FEED])
def test_a_page_with_its_last_tag_is_whole(whole: bytes) -> None:
    """The last tag of the root is the end, also in capitals and before scripts that were appended."""
    assert is_whole(whole)
    assert may_be_whole(whole)


@pytest.mark.parametrize("cut", range(200, len(PAGE) - len(b"</body></html>") - 1, 97))
def test_a_page_cut_anywhere_is_not_whole(cut: int) -> None:
    """Wherever within its content a page is cut, also right after a tag, it is seen."""
    assert not is_whole(PAGE[:cut])
    assert not may_be_whole(PAGE[:cut])


def test_a_cut_feed_is_not_whole() -> None:
    """A feed ends with its own root."""
    assert not is_whole(FEED[:-6])
    assert not may_be_whole(FEED[:-20])


def test_an_old_template_without_its_last_tag_may_be_whole() -> None:
    """Where all elements are closed a missing ``</html>`` is the template's way, not the connection's."""
    assert may_be_whole(PAGE.replace(b"</body></html>", b"</body>"))
    assert may_be_whole(PAGE.replace(b"</body></html>", b"<!-- <div> -->"))
    assert not is_whole(PAGE.replace(b"</body></html>", b"</body>"))


@pytest.mark.parametrize("other", [b"", b'{"hits": 12}', b"document.write('57');", b"\x89PNG"])
def test_what_is_no_page_is_left_alone(other: bytes) -> None:
    """Counters and files have no last tag: nothing speaks against them, and nothing for them."""
    assert may_be_whole(other)
    assert not is_whole(other)

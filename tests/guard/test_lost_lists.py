"""A list that breaks off in the middle has no end there: the next run fetches what stands after it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guard.hostile import Answer, Hostile, page
from tests.guard.place import Place
from tests.guard.stories import article, listing

_WALL = Path(__file__).parents[1] / "sites" / "blocked" / "aliyun-200" / "page.html"
_NEXT = "<a href='/2.html'>下一页</a>"
_FIRST, _OLDER = (1, 2), (3, 4)


def _links(numbers: tuple[int, ...]) -> list[str]:
    return [f"/20250301/{number}.html" for number in numbers]


def _cut_list() -> Answer:
    """A list whose gzip stream ends before its pager and its last articles."""
    whole = listing(_links((3,))) + "工会" * 20_000 + listing(_links((4,)))
    packed = gzip.compress(whole.encode(), 0)
    return Answer(packed[: len(packed) // 2], headers=(("Content-Encoding", "gzip"),))


BREAKS: dict[str, Callable[[], Answer]] = {
    "wall": lambda: Answer(_WALL.read_bytes()),
    "bomb": lambda: Answer(gzip.compress(bytes(1 << 26)), headers=(("Content-Encoding", "gzip"),)),
    "cut-packing": _cut_list,
    "broken-packing": lambda: Answer(b"\x00broken", headers=(("Content-Encoding", "br"),)),
    "unchanged": lambda: Answer(b"", 304),
    "empty": lambda: Answer(b""),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_list_that_breaks_off_is_walked_again(place: Place, hostile: Hostile, name: str) -> None:
    """The break is a rejection, the walk is not complete, and the next run brings what stood after it."""
    for number in (*_FIRST, *_OLDER):
        hostile.pages[f"/20250301/{number}.html"] = page(article(number, "列"))
    hostile.pages["/list.html"] = page(listing(_links(_FIRST), after=_NEXT))
    hostile.pages["/2.html"] = BREAKS[name]()
    place.site("lists", hostile.host, [f"{hostile.url}/list.html"])
    ended = place.unioncrawl("crawl", "lists")
    rejected = [line for line in place.rejections("lists") if "/2.html" in line]
    assert rejected, ended.said
    hostile.pages["/2.html"] = page(listing(_links(_OLDER)))
    ended = place.unioncrawl("crawl", "lists")
    assert len(place.stored("lists")) == 4, ended.said

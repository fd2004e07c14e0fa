"""A list that names more pages than a run could read is a finding of the run, until they are read."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from tests.guard.hostile import Hostile, page
from tests.guard.place import Ended, Place
from tests.guard.stories import article, listing

SITE = "short"
_SIZE = 3


def own(number: int) -> str:
    """The path of an article."""
    return f"/20250301/{number}.html"


def serve(hostile: Hostile, pages: int, pagers: Iterable[str]) -> None:
    """A list of so many pages, three articles each: ``/list.html``, ``/list_2.html`` …, and the articles."""
    for number in range(1, pages * _SIZE + 1):
        hostile.pages[own(number)] = page(article(number, "页"))
    for at, pager in enumerate(pagers):
        name = f"/list_{at + 1}.html" if at else "/list.html"
        hostile.pages[name] = page(
            listing([own(at * _SIZE + n) for n in range(1, _SIZE + 1)], after=f"<div>{pager}</div>")
        )


def crawl(place: Place, *options: str) -> tuple[Ended, list[str], bool]:
    """Crawl; the lists that are short, and whether the run was sound."""
    ended = place.unioncrawl("crawl", SITE, "--json", *options)
    record = json.loads(ended.out)[0]
    return ended, record["short_lists"], record["ok"]


def test_a_pager_that_only_a_script_follows_is_a_finding(place: Place, hostile: Hostile) -> None:
    """Of four pages with ``javascript:goPage(2)`` one is read: this run and the next say so and fail."""
    pager = "1 " + "".join(f"<a href='javascript:goPage({n})'>{n}</a>" for n in (2, 3, 4))
    serve(hostile, 1, [pager])
    place.site(SITE, hostile.host, [f"{hostile.url}/list.html"])
    for _ in range(2):
        ended, short, is_sound = crawl(place)
        assert [line.rpartition(": ")[2] for line in short] == ["the list says 4 pages, 1 read"], ended.said
        assert (is_sound, ended.code) == (False, 1)
    assert [line.split()[1] for line in place.rejections(SITE)] == ["pages-unread"] * 2
    assert len(place.stored(SITE)) == _SIZE


@pytest.mark.parametrize("options", [(), ("--max-pages", "1")])
def test_a_list_that_was_read_as_far_as_asked_is_whole(
    place: Place, hostile: Hostile, options: tuple[str, ...]
) -> None:
    """Where all pages that the list names were read, or as many as the user wanted, there is no finding."""
    serve(hostile, 2, ["共2页 <a href='/list_2.html'>下一页</a>", "共2页 <a href='/list.html'>上一页</a>"])
    place.site(SITE, hostile.host, [f"{hostile.url}/list.html"])
    ended, short, is_sound = crawl(place, *options)
    assert (short, is_sound, ended.code) == ([], True, 0), ended.said
    assert len(place.stored(SITE)) == (_SIZE if options else 2 * _SIZE)


def test_a_list_that_its_site_ends_early_is_found_once(place: Place, hostile: Hostile) -> None:
    """Where page 2 of 5 is a 404 the first run says so; the next one ends at known articles, and is sound."""
    serve(hostile, 1, ["共5页 <a href='/list_2.html'>下一页</a>"])
    place.site(SITE, hostile.host, [f"{hostile.url}/list.html"])
    ended, short, is_sound = crawl(place)
    assert (len(short), is_sound, ended.code) == (1, False, 1), ended.said
    ended, short, is_sound = crawl(place)
    assert (short, is_sound, ended.code) == ([], True, 0), ended.said

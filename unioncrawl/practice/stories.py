"""The invented stories of the practice sites, read from the package's TOML files.

A story's body has one paragraph a line. ``@/path text`` is a picture with its
caption, ``----`` a page break, ``**…**`` bold. ``hits = ""`` is a page that prints
none; ``copy_of`` takes another site's story and changes what else is given.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from unioncrawl.practice.state import State

PART_BREAK = "----"
PICTURE = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article of one site.

    ``hits`` is the count at the start, ``None`` where the page prints none.
    ``later`` holds the body's later editions. ``page`` is ``article``,
    ``challenge`` (a 412 script page in its place) or ``gone`` (a soft 404).
    ``encoding`` is that of the bytes; ``header_charset`` and ``meta_charset``
    are what is declared: ``None`` leaves the site's way, an empty one says nothing.
    """

    id: int
    site: str
    column: str
    title: str
    published: datetime
    body: str
    author: str = ""
    source: str = ""
    editor: str = ""
    lead_title: str = ""
    subtitle: str = ""
    original_title: str = ""
    hits: int | None = 0
    created: datetime | None = None
    later: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()
    page: str = "article"
    encoding: str = "utf-8"
    header_charset: str | None = None
    meta_charset: str | None = None
    place_names: bool = False

    @property
    def key(self) -> str:
        """The name under which the sites' memory keeps it: ``practice-xunrui/8``."""
        return f"{self.site}/{self.id}"

    @property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """The body's pages, each a tuple of lines."""
        pages = [page.strip().splitlines() for page in self.body.split(f"\n{PART_BREAK}\n")]
        return tuple(tuple(pages_lines) for pages_lines in pages)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of all pages, without pictures and without bold marks."""
        lines = [line for part in self.parts for line in part if not line.startswith(PICTURE)]
        return tuple(line.replace("**", "") for line in lines)

    @property
    def text(self) -> str:
        """The body as one string, a paragraph a line."""
        return "\n".join(self.paragraphs)


@cache
def load_stories(site_id: str) -> tuple[Story, ...]:
    """A site's stories, newest first.

    >>> load_stories("practice-xunrui")[0].site
    'practice-xunrui'
    """
    style = site_id.removeprefix("practice-")
    folder = resources.files("unioncrawl.practice") / "stories"
    files = [file for file in folder.iterdir() if file.name.startswith(f"{style}-")]
    records = [
        record for file in files for record in tomllib.loads(file.read_text(encoding="utf-8"))["story"]
    ]
    stories = [_story(site_id, record) for record in records]
    return tuple(sorted(stories, key=lambda story: (story.published, story.id), reverse=True))


def _story(site_id: str, record: dict[str, Any]) -> Story:
    copied = record.pop("copy_of", None)
    record["body"] = record.get("body", "").strip()
    record["later"] = tuple(body.strip() for body in record.get("later", ()))
    record["attachments"] = tuple((path, name) for path, name in record.get("attachments", ()))
    if record.get("hits") == "":
        record["hits"] = None
    if copied is None:
        return Story(site=site_id, **record)
    return replace(find_story(copied), site=site_id, **{key: record[key] for key in record if record[key]})


def find_story(key: str) -> Story:
    """The story with this key, ``practice-xunrui/8``; `KeyError` without such a story."""
    site_id, _, number = key.rpartition("/")
    for story in load_stories(site_id):
        if story.id == int(number):
            return story
    raise KeyError(key)


class StorySite:
    """What the sites with stories share: the stories, and what was counted of them."""

    site_id: str
    name: str

    def __init__(self, state: State) -> None:
        self._state = state
        self._stories = load_stories(self.site_id)
        self._by_id = {story.id: story for story in self._stories}


def in_column(stories: tuple[Story, ...], column: str) -> tuple[Story, ...]:
    """The stories of one column, newest first."""
    return tuple(story for story in stories if story.column == column)

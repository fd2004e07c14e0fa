"""The paragraphs at the edges of stories, and in how many stories each stands: many share boilerplate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection

from unioncrawl.archive.reprints.fingerprint_postings import number_pairs
from unioncrawl.archive.reprints.same_story import Story
from unioncrawl.archive.schema import edge_paragraph
from unioncrawl.archive.sql import insert_numbers

# A paragraph at the edge of so many stories is boilerplate.
_BOILERPLATE_STORIES = 3


class EdgeParagraphs:
    """How many stories a paragraph opens or closes, within one transaction; `write` puts out the new ones."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stories: Counter[int] = Counter()
        self._new: Counter[int] = Counter()

    def load(self, stories: Iterable[Story]) -> None:
        """Read the counts of the stories' paragraphs."""
        values = sorted({value for story in stories for value in story.edges}.difference(self._stories))
        self._stories.update(
            dict(number_pairs(self._connection, edge_paragraph, ("hash", "stories"), values))
        )

    def add(self, story: Story) -> None:
        """Count the paragraphs of a story that is in no group yet."""
        self._new.update(story.edges.keys())
        self._stories.update(story.edges.keys())

    def boilerplate(self, story: Story) -> set[str]:
        """The paragraphs of a story that many stories carry."""
        return {line for value, line in story.edges.items() if self._stories[value] >= _BOILERPLATE_STORIES}

    def write(self) -> None:
        """Add the new counts to the archive's."""
        if not self._new:
            return
        added = "ON CONFLICT (hash) DO UPDATE SET stories = edge_paragraph.stories + excluded.stories"
        insert_numbers(self._connection, edge_paragraph, sorted(self._new.items()), added)

"""Where stories stand in the texts of roundups, as the archive has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Connection, select

from unioncrawl.archive.schema import story_part


@dataclass(frozen=True, slots=True)
class StoryPlace:
    """Where the story of ``part_article_id`` stands in the text of ``article_id``, and how much of it."""

    article_id: int
    part_article_id: int
    start_at: int
    end_at: int
    share: float


Places = dict[str, tuple[StoryPlace, ...]]
_HOLDING = {"contains": story_part.c.article_id, "contained_in": story_part.c.part_article_id}


def load_places(connection: Connection, ids: Sequence[int]) -> dict[int, Places]:
    """Return for each article the stories that it ``contains``, and where it is ``contained_in`` others."""
    places: dict[int, Places] = {number: dict.fromkeys(_HOLDING, ()) for number in ids}
    columns = [story_part.c[one.name] for one in fields(StoryPlace)]
    order = (story_part.c.start_at, *story_part.primary_key)
    for name, column in _HOLDING.items():
        contained = column.in_(ids) & (story_part.c.relation == "contains")
        for row in connection.execute(select(*columns).where(contained).order_by(*order)):
            place = StoryPlace(*row)
            places[getattr(place, column.name)][name] += (place,)
    return places

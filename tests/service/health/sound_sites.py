"""Readings of invented sound sites, with the ups and downs that sites have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from unioncrawl.service.health.reading import ListNote, Reading, shown_in, shown_on

BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LISTS = ("http://www.linxi-gh.example/yw/", "http://www.linxi-gh.example/jc/")
LIST_PRINT = "".join(f"{number:04x}" for number in range(0, 3200, 100))
ARTICLE_PRINT = "".join(f"{number:04x}" for number in range(7, 3207, 100))


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundSite:
    """How a site publishes: articles a run in the mean, and the shares of its articles with each field."""

    seed: int
    articles_a_run: float = 1.5
    source: float = 0.95
    author: float = 0.7
    # A run's articles are often of one kind, and that kind lacks what the others have.
    notices: float = 0.1
    visits: int = 15

    def readings(self, runs: int) -> Iterator[Reading]:
        """Yield so many readings, half a day apart."""
        chance = Random(self.seed)  # noqa: S311 - a repeatable site
        columns = [chance.choices(range(2), k=40)]
        for number in range(runs):
            reading = self._reading(number, chance)
            columns.append(chance.choices(range(2), k=reading.new))
            yield replace(reading, lists=_lists([one for some in columns for one in some]))

    def _reading(self, number: int, chance: Random) -> Reading:
        new = min(8, int(chance.expovariate(1 / self.articles_a_run)))
        is_notice = chance.random() < self.notices
        shares = {"published_at": 1.0, "source": self.source, "author": self.author, "editor": 0.3}
        articles = {
            name: sum(chance.random() < (share * 0.2 if is_notice else share) for _ in range(new))
            for name, share in shares.items()
        }
        articles |= {
            "published_at": new,
            "new": new,
            "uncertain": sum(chance.random() < 0.02 for _ in range(new)),
        }
        visits = new + self.visits
        failed = sum(chance.random() < 0.02 for _ in range(visits))
        return Reading(
            run_id=number + 1,
            at=BEGIN + number * timedelta(hours=12),
            reason="finished",
            entries=40,
            new=new,
            revised=int(chance.random() < 0.1),
            visits=visits,
            refused={"timeout": failed} if failed else {},
            list_prints=(LIST_PRINT,),
            article_prints=(ARTICLE_PRINT,),
            articles=articles,
            hits={"counter": visits - failed},
            letters=tuple(sorted(int(chance.lognormvariate(6.3, 0.6)) for _ in range(new))),
        )


def _lists(columns: Sequence[int]) -> dict[str, ListNote]:
    """What the lists show when so many articles are out, each in one of the columns."""
    notes = {}
    for column, url in enumerate(LISTS):
        own = [f"{url}{number}.html" for number, its in enumerate(columns) if its == column]
        shown = shown_in(shown_on(own[-20:]))
        notes[url] = ListNote(20, leads_on=True, encoding="gb18030", shown=shown)
    return notes

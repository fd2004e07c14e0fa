"""Judges an archive by what the sites printed: what it lost, doubled, altered or made up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import dict_row

from bench.scale_world.sites import Printed, ScaleSite, text_digest

CHINA = ZoneInfo("Asia/Shanghai")
_EXAMPLES = 8
_ARTICLES = """SELECT s.key AS site, a.id, a.url, a.canonical_url, a.hits, r.title, r.source, r.published_at,
        r.body_text, (SELECT count(*) FROM revision WHERE article_id = a.id) AS revisions
    FROM article a JOIN site s ON s.id = a.site_id JOIN revision r ON r.id = a.revision_id"""
_ALIASES = "SELECT s.key AS site, l.url FROM url_alias l JOIN site s ON s.id = l.site_id"
_TWICE_SEEN = """SELECT count(*) AS number FROM
    (SELECT 1 FROM observation GROUP BY article_id, run_id HAVING count(*) > 1) AS twice"""


@dataclass
class Verdict:
    """Counts of what was found, and the first examples of each."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, example: str, number: int = 1) -> None:
        """Count something, with an example."""
        self.counts[kind] += number
        if len(self.examples[kind]) < _EXAMPLES:
            self.examples[kind].append(example)


def wrong_fields(row: Mapping[str, Any], printed: Printed) -> list[str]:
    """The fields of a stored article that are not as its page printed them.

    >>> printed = Printed(title="五一", published="2026-05-01", source="", text=text_digest("一"), hits=None)
    >>> row = {"title": "五一", "published_at": datetime(2026, 4, 30, 20, tzinfo=ZoneInfo("UTC"))}
    >>> wrong_fields({**row, "source": "", "body_text": "一", "hits": 7}, printed)
    []
    >>> wrong_fields({**row, "source": "本站", "body_text": "二", "hits": 7}, printed)
    ['source', 'text']
    """
    at: datetime | None = row["published_at"]
    # A time of an archive is UTC; the database's own columns have no zone.
    zoned = at.replace(tzinfo=at.tzinfo or ZoneInfo("UTC")) if at else None
    stored = {
        "title": row["title"],
        "published": f"{zoned.astimezone(CHINA):%Y-%m-%d}" if zoned else None,
        "source": row["source"],
        "text": text_digest(row["body_text"]),
        "hits": row["hits"] if printed.hits is not None else None,
    }
    return [name for name, value in stored.items() if value != getattr(printed, name)]


class Judge:
    """Compares the articles of an archive with those of the sites."""

    def __init__(self, sites: Sequence[ScaleSite], port: int) -> None:
        self._right = dict(self._printed(sites, port))
        self.verdict = Verdict()

    @staticmethod
    def _printed(sites: Sequence[ScaleSite], port: int) -> Iterator[tuple[tuple[str, str], Printed]]:
        for site in sites:
            for target, printed in site.printed():
                yield (site.site_id, f"http://{site.host}:{port}{target}"), printed

    def addresses(self) -> list[str]:
        """The addresses of all articles."""
        return [url for _, url in self._right]

    def judge(self, archive: str) -> Verdict:
        """Return the verdict on an archive."""
        with psycopg.connect(archive, row_factory=dict_row) as connection:
            rows = connection.execute(_ARTICLES.encode()).fetchall()
            aliases = {(row["site"], row["url"]) for row in connection.execute(_ALIASES.encode())}
            (twice,) = connection.execute(_TWICE_SEEN.encode()).fetchall()
        held = {(row["site"], row["url"]): row for row in rows}
        self.verdict.counts.update({"expected": len(self._right), "held": len(rows)})
        self._judge_losses(set(held), aliases)
        self._judge_doubles(rows, aliases)
        if twice["number"]:
            self.verdict.note("doubled", f"{twice['number']} visits stored twice in a run", twice["number"])
        for key, row in held.items():
            if key in self._right and (wrong := wrong_fields(row, self._right[key])):
                self.verdict.note("altered", f"{' '.join(key)}: {', '.join(wrong)}")
        return self.verdict

    def _judge_losses(self, held: set[tuple[str, str]], aliases: set[tuple[str, str]]) -> None:
        for key in self._right.keys() - held:
            # Two articles became one: no site printed a text twice.
            kind = "altered" if key in aliases else "lost"
            self.verdict.note(kind, f"{' '.join(key)}{': merged into another' if key in aliases else ''}")

    def _judge_doubles(self, rows: Sequence[Mapping[str, Any]], aliases: set[tuple[str, str]]) -> None:
        of_address = Counter((row["site"], row["url"]) for row in rows)
        for row in rows:
            key = row["site"], row["url"]
            if key not in self._right:
                self.verdict.note("made up", " ".join(key))
            if row["revisions"] != 1:
                self.verdict.note("doubled", f"{' '.join(key)}: {row['revisions']} revisions without an edit")
            if key in aliases:
                self.verdict.note("doubled", f"{' '.join(key)}: an article and an alias")
        for key, number in of_address.items():
            if number > 1:
                self.verdict.note("doubled", f"{' '.join(key)}: {number} articles", number - 1)

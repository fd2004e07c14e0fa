"""Measure what the archive makes of roundups: groups of reprints, and links to the stories that they hold.

    python -m bench.roundups [--articles 2000] [--roundups 0.03] [--seed 7] [--json]

The same articles are stored in two orders, as they come and reversed. Each kind of pair that is
wrong is printed, and for each form of a roundup how many of its stories are linked.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import text

from bench.archive import watched_reprints
from bench.figures import print_figure
from bench.material.roundups import Piece, Roundups
from bench.reprints import together
from unioncrawl.archive.store import Archive

# Less of a story than this is a mention: a link to it is neither wanted nor wrong.
LEAST_SHARE = 1 / 3
_ORDERS = ("as they come", "reversed")
# The same text under the same title on one site is one article of two addresses.
_URLS = "SELECT article_id, url FROM url_alias UNION ALL SELECT id, url FROM article"
_LINKS = "SELECT article_id, part_article_id, relation FROM story_part"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure beside its target."""

    name: str
    value: float
    unit: str = ""
    target: str = ""


@dataclass(slots=True)
class Found:
    """What the archive made: the group of each piece, links between pieces with their relation, its time."""

    groups: dict[int, int] = field(default_factory=dict)
    links: list[tuple[int, int, str]] = field(default_factory=list)
    seconds: float = 0
    reprint_seconds: float = 0


def store(pieces: Sequence[Piece], order: Sequence[int]) -> Found:
    """Store the pieces in this order; a piece without a group has a group of its own."""
    found = Found()
    with tempfile.TemporaryDirectory() as folder, Archive.open(f"{folder}/archive.db") as archive:
        run = archive.begin_run("bench", {})
        start = time.process_time()
        with watched_reprints() as spent:
            for number in order:
                archive.store(pieces[number].article, run)
            archive.flush()
        found.seconds, found.reprint_seconds = time.process_time() - start, spent.seconds
        with archive.engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(_URLS))]
            members = connection.execute(text("SELECT article_id, group_id FROM reprint_member")).all()
            links = connection.execute(text(_LINKS)).all()
    numbers = defaultdict(list)
    for row, url in rows:
        numbers[row].append(_number(url))
    groups = dict(map(tuple, members))
    found.groups = {_number(url): groups.get(row, -row) for row, url in rows}
    found.links = [(one, numbers[part][0], kind) for whole, part, kind in links for one in numbers[whole]]
    return found


def _number(url: str) -> int:
    return int(url.rsplit("/", 1)[1].removesuffix(".html"))


def _kinds(pieces: Sequence[Piece], pair: tuple[int, int]) -> str:
    return " + ".join(sorted(pieces[number].kind for number in pair))


def score_groups(pieces: Sequence[Piece], found: Found) -> list[Figure]:
    """Return recall and precision of the pairs in groups, and the kinds of the wrong ones."""
    true = together({number: piece.story for number, piece in enumerate(pieces)})
    pairs = together(found.groups)
    right = len(true & pairs)
    joined, missed = (Counter(_kinds(pieces, pair) for pair in some) for some in (pairs - true, true - pairs))
    all_of = Counter(_kinds(pieces, pair) for pair in true)
    return [
        Figure("reprints: recall", right / max(1, len(true)), f"of {len(true):,}", ">= 0.99"),
        *(Figure(f"  missed: {kind}", count, f"of {all_of[kind]}") for kind, count in missed.most_common()),
        Figure("reprints: precision", right / max(1, len(pairs)), f"of {len(pairs):,}", ">= 0.99"),
        *(Figure(f"  joined: {kind}", count, "pairs") for kind, count in joined.most_common()),
    ]


def _held(piece: Piece) -> dict[int, float]:
    """Return the stories that a piece holds, with the largest share of each."""
    shares: dict[int, float] = {}
    for held in piece.holds:
        shares[held.story] = max(held.share, shares.get(held.story, 0))
    return shares


@dataclass(slots=True)
class Tally:
    """How many were wanted, how many of them were linked as ``contains``, how many as ``excerpt`` alone."""

    wanted: int = 0
    linked: int = 0
    excerpts: int = 0

    def figure(self, name: str, target: str = "") -> Figure:
        """Return the share of links."""
        also = f", {self.excerpts} excerpts" if self.excerpts else ""
        return Figure(name, self.linked / max(1, self.wanted), f"of {self.wanted:,}{also}", target)


def score_links(pieces: Sequence[Piece], found: Found) -> list[Figure]:
    """Return recall and precision of the links to stories, by the form of what holds them."""
    linked: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for whole, part, relation in found.links:
        linked[relation].add((whole, pieces[part].story))
    tallies: dict[str, Tally] = defaultdict(Tally)
    for number, piece in enumerate(pieces):
        for story, share in _held(piece).items():
            for name in _rows(piece, pieces[story], share):
                tallies[name].wanted += 1
                tallies[name].linked += (number, story) in linked["contains"]
                tallies[name].excerpts += (number, story) in linked["excerpt"] - linked["contains"]
    rows = [(whole, part) for whole, part, relation in found.links if relation == "contains"]
    wrong = [pair for pair in rows if not _allowed(pieces[pair[0]], pieces[pair[1]])]
    kinds = Counter(f"{pieces[whole].kind} > {pieces[part].kind}" for whole, part in wrong)
    return [
        tallies["all"].figure("contains: recall", ">= 0.99"),
        *(tallies[name].figure(f"  {name}") for name in sorted(tallies) if name != "all"),
        Figure("contains: precision", 1 - len(wrong) / max(1, len(rows)), f"of {len(rows):,}", ">= 0.99"),
        *(Figure(f"  wrong: {kind}", count, "links") for kind, count in kinds.most_common()),
    ]


def _allowed(whole: Piece, part: Piece) -> bool:
    """Whether a link is right, or a matter of taste: two roundups that share a story."""
    if whole.story == part.story:
        return False
    held = _held(whole)
    return part.story in held or bool(held.keys() & _held(part).keys())


def _rows(piece: Piece, part: Piece, share: float) -> list[str]:
    """Return the names of the rows in which a story held counts; a mention counts in none but its own."""
    if share < LEAST_SHARE:
        return ["mentions (not wanted)"]
    inner = ["holds: a roundup"] if part.holds else []
    stood = "whole" if share > 0.99 else "half or more" if share >= 0.5 else "a third or more"
    form = [
        f"{piece.kind}: {name}: {value}" for name, value in piece.form if piece.kind != "copy of a roundup"
    ]
    return ["all", f"in: {piece.kind}", f"stands there: {stood}", *inner, *form]


def score_strays(pieces: Sequence[Piece], found: Found) -> list[Figure]:
    """Return how many articles of each kind that holds stories are in a group with another story."""
    members = defaultdict(set)
    for number, group in found.groups.items():
        members[group].add(pieces[number].story)
    count: Counter[str] = Counter()
    strayed: Counter[str] = Counter()
    for number, piece in enumerate(pieces):
        for name in (piece.kind, *(f"{piece.kind}: {name}: {value}" for name, value in piece.form)):
            if piece.holds:
                count[name] += 1
                strayed[name] += len(members[found.groups[number]]) > 1
    return [
        Figure("holders in a group with another story", _holders(strayed) / max(1, _holders(count)), "", "0"),
        *(Figure(f"  {name}", strayed[name], f"of {count[name]}") for name in sorted(count) if strayed[name]),
    ]


def _holders(count: Counter[str]) -> int:
    return sum(number for name, number in count.items() if ": " not in name)


def measure(material: Roundups) -> dict[str, list[Figure]]:
    """Return the figures of each order of arrival."""
    orders = (material.in_order(), material.in_order()[::-1])
    figures = {}
    for name, order in zip(_ORDERS, orders, strict=True):
        found, pieces = store(material.pieces, order), material.pieces
        figures[name] = [
            *score_groups(pieces, found),
            *score_links(pieces, found),
            *score_strays(pieces, found),
            Figure("all writing", len(order) / found.seconds, "a CPU-second", ">= 500"),
            Figure("all reprints", len(order) / found.reprint_seconds, "a CPU-second", ">= 3,000"),
        ]
    return figures


def main() -> None:
    """Measure the articles in both orders."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--roundups", type=float, default=0.03)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    measured = measure(Roundups(given.articles, given.roundups, given.seed))
    if given.json:
        rows = {order: [asdict(one) for one in figures] for order, figures in measured.items()}
        print(json.dumps(rows, ensure_ascii=False))
        return
    for order, figures in measured.items():
        print(f"{order}:")
        for one in figures:
            print_figure(one.name, one.value, one.unit, one.target)


if __name__ == "__main__":
    main()

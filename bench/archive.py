"""Measure the archive: writing, size, search, reprints, care. All in one run, side by side.

    PYTHONPATH=. python bench/archive.py --articles 10000 [--folder DIR] [--text FILE …]

The news is made of clauses of the given texts (public texts; without them,
of invented words), so that clauses recur and articles differ; a fifth are
edited reprints, and two thirds carry one of a dozen disclaimers. Figures are
per CPU-second of this process; ``calibration`` is the time of a fixed loop, by
which machines (and loads) compare.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations, islice
from pathlib import Path

from sqlalchemy import text

from unioncrawl.archive import writer
from unioncrawl.archive.folding import fold
from unioncrawl.archive.reprints import NewText, ReprintIndex
from unioncrawl.archive.search import SearchRequest, search
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify import verify
from unioncrawl.model import Article, HitsStatus

WORDS = ("工会", "职工", "劳动", "全国", "会议", "服务", "开展", "企业", "代表", "北京")
TIME = datetime(2024, 5, 1, tzinfo=UTC)
BATCH = 200
LIKE = (
    "SELECT a.id, r.title FROM revision r JOIN article a ON a.revision_id = r.id"
    " WHERE r.body_text LIKE ? ORDER BY a.published_at DESC, a.id DESC LIMIT 20"
)


@dataclass
class News:
    """A stream of invented news whose reprints are known."""

    clauses: list[str]
    chance: random.Random
    origin: list[int] = field(default_factory=list)
    recent: list[tuple[int, list[str]]] = field(default_factory=list)
    text_bytes: int = 0

    def __post_init__(self) -> None:
        self.blurbs = [self.paragraph(60, 240) for _ in range(12)]

    def paragraph(self, least: int, most: int) -> str:
        """A paragraph of clauses."""
        wanted, parts = self.chance.randint(least, most), list[str]()
        while sum(map(len, parts)) < wanted:
            parts.append(self.chance.choice(self.clauses) + self.chance.choice("，，，。"))
        return "".join(parts)

    def story(self) -> list[str]:
        """The paragraphs of a story."""
        return [self.paragraph(60, 200) for _ in range(self.chance.randint(2, 8))]

    def edited(self, story: list[str]) -> list[str]:
        """The story as another site reprints it."""
        match self.chance.randrange(6):
            case 0:
                return ["本报讯（记者 张三）" + story[0], *story[1:]]
            case 1 if len(story) > 3:
                place = self.chance.randrange(len(story))
                return story[:place] + story[place + 1 :]
            case 2:
                return [line.replace("，", ",").replace("。", ". ") for line in story]
            case 3:
                return story[: -(-len(story) * 2 // 3)]
            case 4:
                return [re.sub(".", self._slip, line) for line in story]
            case _:
                return story

    def _slip(self, found: re.Match[str]) -> str:
        return found[0] if self.chance.random() > 0.02 else self.chance.choice("的了在工会职")

    def articles(self) -> Iterator[Article]:
        """The news, without end."""
        while True:
            number = len(self.origin)
            if self.recent and self.chance.random() < 0.2:
                origin, story = self.chance.choice(self.recent)
                lines = self.edited(story)
            else:
                origin, lines = number, self.story()
                self.recent = [*self.recent[-2000:], (origin, lines)]
            self.origin.append(origin)
            yield self._article(number, lines)

    def _article(self, number: int, lines: list[str]) -> Article:
        drawn = self.chance.random()
        if drawn < 0.66:
            lines = [*lines, self.chance.choice(self.blurbs)]
        title, body = self.chance.choice(self.clauses) + self.chance.choice(self.clauses), "\n".join(lines)
        self.text_bytes += len((title + body).encode())
        url = f"http://www.site{number % 50}.example.cn/html/{number // 1000}/{number}.html"
        return Article(
            url=url,
            canonical_url=url,
            site=f"site{number % 50}",
            title=title,
            body_text=body,
            source="工人日报",
            published_at=TIME - timedelta(minutes=20 * number),
            published_raw="2024-05-01",
            fetched_at=TIME,
            hits=number,
            hits_raw=str(number),
            hits_status=HitsStatus.PAGE,
        )


@dataclass
class Timed:
    """CPU time spent on reprints within all writing."""

    seconds: float = 0.0


def watch_reprints() -> Timed:
    """Time the reprint index within all writing."""
    spent = Timed()

    class Watched(ReprintIndex):
        def add(self, texts: list[NewText]) -> dict[int, int]:  # type: ignore[override]
            start = time.process_time()
            joined = super().add(texts)
            spent.seconds += time.process_time() - start
            return joined

    writer.ReprintIndex = Watched  # type: ignore[attr-defined]
    return spent


def tell(name: str, value: float, unit: str, target: str = "") -> None:
    """Print one figure beside its target."""
    print(f"{name:<44}{value:>14,.3f} {unit:<16}{target}", flush=True)


def write(archive: Archive, news: News, count: int) -> None:
    """Write the articles, telling the pace of each tenth."""
    run, stream = archive.begin_run("bench", {}), news.articles()
    spent, steps = watch_reprints(), 10
    paces = []
    for step in range(steps):
        batch = list(islice(stream, count // steps))
        spent.seconds, cpu = 0.0, 0.0
        for start in range(0, len(batch), BATCH):
            before = time.process_time()
            for article in batch[start : start + BATCH]:
                archive.store(article, run)
            archive.flush()
            cpu += time.process_time() - before
        paces.append(len(batch) / cpu)
        tell(f"write, articles up to {(step + 1) * len(batch):,}", paces[-1], "a CPU-second", ">= 500")
        tell("  of that reprints alone", len(batch) / spent.seconds, "a CPU-second", ">= 3,000")
    tell("cost of the last tenth / of the first", paces[0] / paces[-1], "times", "<= 1.3")


def score_reprints(archive: Archive, news: News) -> None:
    """Compare the groups found with the truth."""
    with archive.engine.connect() as connection:
        rows = connection.execute(text("SELECT id, url FROM article")).all()
        aliases = connection.execute(text("SELECT article_id, url FROM url_alias")).all()
        groups = {
            row[0]: row[1]
            for row in connection.execute(text("SELECT article_id, group_id FROM reprint_member"))
        }
    of_url = {row[1]: row[0] for row in (*rows, *aliases)}
    group_of = {}
    for url, article_id in of_url.items():
        group_of[int(url.rsplit("/", 1)[1].removesuffix(".html"))] = groups.get(article_id, -article_id)
    reprinted = [number for number, origin in enumerate(news.origin) if origin != number]
    found = sum(group_of[number] == group_of[news.origin[number]] for number in reprinted)
    by_group = defaultdict(list)
    for number, group in group_of.items():
        by_group[group].append(number)
    pairs = [pair for members in by_group.values() for pair in combinations(members[:50], 2)]
    right = sum(news.origin[a] == news.origin[b] for a, b in pairs)
    tell("reprints: recall", found / max(1, len(reprinted)), "", ">= 0.99")
    tell("reprints: precision", right / max(1, len(pairs)), "", ">= 0.99")


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    """How long some work takes, each time."""
    taken = []
    for _ in range(times):
        # CPU time: other processes of the machine are not the archive's.
        start = time.process_time()
        work()
        taken.append(1000 * (time.process_time() - start))
    return sorted(taken)


def measure_search(archive: Archive, path: Path, news: News) -> None:
    """Time two-character queries and check them against the texts."""
    drawn = (clause[:2] for clause in news.chance.sample(news.clauses, 60))
    words = [*WORDS, *(word for word in drawn if re.fullmatch(r"[\u4e00-\u9fff]{2}", word))]
    newest, relevance, like, wrong = list[float](), list[float](), list[float](), 0
    plain = sqlite3.connect(path)
    with archive.engine.connect() as connection:
        for word in words:
            request = SearchRequest(query=f'"{word}"', count_total=False)
            newest += milliseconds(lambda request=request: search(connection, request), 5)  # type: ignore[misc]
            ranked = SearchRequest(query=f'"{word}"', count_total=False, order="relevance")
            relevance += milliseconds(lambda ranked=ranked: search(connection, ranked), 1)  # type: ignore[misc]
        for word in words[::5]:
            pattern = (f"%{word}%",)
            like += milliseconds(lambda pattern=pattern: plain.execute(LIKE, pattern).fetchall(), 1)  # type: ignore[misc]
        folded = (
            [
                (row[0], fold(f"{row[1]}\n{row[2]}"))
                for row in plain.execute(
                    "SELECT a.id, r.title, r.body_text FROM article a JOIN revision r ON r.id = a.revision_id"
                )
            ]
            if len(news.origin) <= 20_000
            else []
        )
        for word in words[:12] if folded else []:
            truth = {number for number, body in folded if fold(word) in body}
            answer = search(connection, SearchRequest(query=f'"{word}"', limit=10**9))
            wrong += {hit.id for hit in answer.results} != truth or answer.total != len(truth)
    plain.close()
    newest.sort()
    tell("search: two-character words answered wrongly", wrong, f"of {12 if folded else 0}", "0")
    tell("search: newest 20, median", statistics.median(newest), "ms", "<= 5")
    tell("search: newest 20, 99th percentile", newest[int(len(newest) * 0.99)], "ms", "<= 50")
    tell("search: relevance, median", statistics.median(relevance), "ms", "<= 100")
    tell("search: the same by LIKE, mean", statistics.mean(like), "ms")
    tell(
        "search: times faster than LIKE",
        statistics.median(like) / statistics.median(newest),
        "times",
        ">= 50",
    )


def load_clauses(paths: list[Path], articles: int) -> list[str]:
    """The clauses of the texts, and new ones made of them: the more news, the more there is to say."""
    texts = "\n".join(path.read_text("utf-8") for path in paths)
    clauses = list(dict.fromkeys(re.findall(r"[^，。；！？、\n\s]{5,30}", texts)))
    chance = random.Random(1)
    if not clauses:
        signs = [chr(code) for code in range(0x4E00, 0x5800)]
        clauses = ["".join(chance.choices(signs, k=9)) + chance.choice(WORDS) for _ in range(5_000)]
    # The front of one and the end of another: new clauses of the pairs that the language has.
    known = tuple(clauses)
    while len(clauses) < max(20_000, 10 * articles):
        front, end = chance.choice(known), chance.choice(known)
        clauses.append(front[: chance.randint(2, len(front))] + end[chance.randint(0, len(end) - 2) :])
    return clauses


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--text", type=Path, nargs="*", default=[])
    given = parser.parse_args()
    start = time.process_time()
    sum(range(30_000_000))
    tell("calibration", time.process_time() - start, "CPU-seconds")
    news = News(load_clauses(given.text, given.articles), random.Random(7))
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        path = Path(folder) / "archive.db"
        with Archive.open(str(path), batch_size=10**9, batch_age_seconds=10**9) as archive:
            write(archive, news, given.articles)
            gc.collect()
            with archive.engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            tell("file / text", path.stat().st_size / news.text_bytes, "times", "<= 2.2")
            score_reprints(archive, news)
            measure_search(archive, path, news)
            begin = time.perf_counter()
            findings = list(verify(archive.engine, Path(folder)))
            tell("verify", time.perf_counter() - begin, "seconds", "<= 60 at 100,000")
            print("findings:", findings)


if __name__ == "__main__":
    main()

"""An archive of five articles with captures, to take care of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.search.answer import SearchRequest, search
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.model import Article, RawPage

TIME = datetime(2024, 4, 8, 1, 0, tzinfo=UTC)
BODY = "第{}篇：市总工会慰问一线职工，送去清凉饮料和防暑药品，叮嘱大家注意高温下的安全，合理安排作息。"


@dataclass
class Kept:
    """An archive and the folder of its captures."""

    archive: Archive
    captures: Path

    def findings(self) -> list[str]:
        """The checks that found something."""
        return [found.check for found in verify(self.archive.engine, self.captures)]

    def found(self, query: str) -> list[int]:
        """The articles that a query finds."""
        with self.archive.engine.connect() as connection:
            return [hit.id for hit in search(connection, SearchRequest(query=query)).results]


def fill(archive: Archive, folder: Path) -> None:
    """Store five articles with captures in two files; the last one is a revisit of the first's body."""
    for run, numbers in (("a", (1, 2, 3)), ("b", (4, 5))):
        run_id = archive.begin_run(run, {})
        with CaptureWriter(folder, run, find_original=archive.original_capture) as writer:
            for number in numbers:
                time = TIME + timedelta(days=number)
                url = f"http://x/{number}"
                body = BODY.format(1 if number == 5 else number).encode()
                reference = writer.write(
                    RawPage(url=url, body=body, fetched_at=time), metadata={"title": "题"}
                )
                archive.store(
                    Article(
                        url=url,
                        site="x",
                        title=f"题{number}",
                        body_text=BODY.format(number),
                        published_at=time,
                        fetched_at=time,
                        captures=(reference,),
                    ),
                    run_id,
                )
        archive.flush()

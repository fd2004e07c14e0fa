"""Time ``reprocess``: every article derived again from its capture, undamaged and damaged pages apart."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bench.figures import print_figure
from bench.material.news_sites import news_pages
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.care.reprocess import Plan, Report, Stage, reprocess
from unioncrawl.archive.search.query import And
from unioncrawl.archive.store import Archive
from unioncrawl.line import read_page
from unioncrawl.model import RawPage

_PAGES = 300
_HEADERS = (("content-type", "text/html"),)


def measure_reprocess(folder: Path) -> None:
    """Derive captured pages again by each stage."""
    for name, damaged in (("sound", 0.0), ("a fifth damaged", 0.2)):
        some = [RawPage(url=url, body=body, headers=_HEADERS) for url, body in news_pages(_PAGES, damaged)]
        kept = folder / f"captures-{name}"
        with Archive.open(str(kept / "archive.db")) as archive:
            _keep(archive, kept, some)
            for stage in ("extract", "repair"):
                _measure(archive, kept, stage, name)


def _keep(archive: Archive, folder: Path, pages: Iterable[RawPage]) -> None:
    run = archive.begin_run("bench", {})
    with CaptureWriter(folder, "bench") as writer:
        for page in pages:
            article = read_page(page).article
            if article is not None:
                archive.store(replace(article, site="bench", captures=(writer.write(page),)), run)
    archive.finish_run(run, {}, "finished")


def _measure(archive: Archive, folder: Path, stage: Stage, name: str) -> None:
    report, start = Report(), time.process_time()
    with archive.engine.connect() as connection:
        for _ in reprocess(connection, Plan(node=And(()), stage=stage, captures=folder), report):
            pass
    pace = report.seen / (time.process_time() - start)
    print_figure(f"reprocess, {stage}, {name}", pace, "a CPU-second", ">= 100")

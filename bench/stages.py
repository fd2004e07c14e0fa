"""Where the CPU time of a crawl goes: each microsecond belongs to the innermost stage it was spent in.

Usage (by `bench.crawl`): python -m bench.stages REPORT crawl SITE…

The functions of `STAGES` are wrapped where they are defined, before anything else imports them; a
wrapper takes about a microsecond, and a page passes some twenty. What stands in no stage is
Scrapy's, Twisted's and the spider's.
"""

from __future__ import annotations

import functools
import importlib
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

# Stage -> the functions at which it begins, as module:name. One within another counts for itself.
STAGES: dict[str, tuple[str, ...]] = {
    "decode": ("unioncrawl.decode.order:decode_raw",),
    "parse": ("lxml.etree:fromstring",),
    "walk": ("unioncrawl.page.line_collector:walk",),
    "rules": ("unioncrawl.layouts.site_reader:SiteReader.read", "unioncrawl.extract.assemble:extract_page"),
    "learn": ("unioncrawl.layouts.learn:learn_model", "unioncrawl.layouts.page_boxes:observe"),
    "lists": ("unioncrawl.page.lists.listing:read_listing",),
    "repair": ("unioncrawl.repair.article:repair_article",),
    "normalise": ("unioncrawl.normalize:normalize_article",),
    "validate": ("unioncrawl.validate:reason_to_reject",),
    "archive": (
        "unioncrawl.archive.store:Archive.store",
        "unioncrawl.archive.store:Archive.flush",
        "unioncrawl.archive.store:Archive.reject",
        "unioncrawl.archive.store:Archive.known",
        "unioncrawl.archive.store:Archive.begin_run",
        "unioncrawl.archive.store:Archive.finish_run",
    ),
    "reprints": ("unioncrawl.archive.reprints.reprint_index:ReprintIndex.add",),
    "twins": ("unioncrawl.archive.store:Archive._repair_groups",),
    "WARC": ("unioncrawl.archive.captures.warc_writer:CaptureWriter.write",),
    "feed": (
        "unioncrawl.rows:article_row",
        "scrapy.exporters:JsonLinesItemExporter.export_item",
        "pipelines.feed_storage:WholeLineFeedStorage.store",
    ),
}
START, REST, PAGE = "start-up", "Scrapy", "normalise"
_FIRST = "decode"


class Clock:
    """Gives each stretch of CPU time to the stage that is innermost then.

    All is start-up until the first page is decoded.
    """

    def __init__(self, now: Callable[[], float] = time.process_time) -> None:
        self._now = now
        self._last = now()
        self._stack = [START]
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()

    def _turn(self) -> None:
        now = self._now()
        self.seconds[self._stack[-1]] += now - self._last
        self._last = now

    def enter(self, stage: str) -> None:
        """Begin a stage within the present one."""
        self._turn()
        if stage == _FIRST:
            self._stack[0] = REST
        self._stack.append(stage)

    def leave(self) -> None:
        """End the innermost stage."""
        self._turn()
        self._stack.pop()

    def timed(self, stage: str, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as the beginning of a stage."""

        @functools.wraps(function)
        def call(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the function takes
            self.calls[name] += 1
            self.enter(stage)
            try:
                return function(*given, **named)
            finally:
                self.leave()

        return call

    def report(self) -> str:
        """Return a row for each stage: seconds, microseconds a page, its share; then what was not called."""
        self._turn()
        pages, start = max(1, self.calls[STAGES[PAGE][0]]), self.seconds.get(START, 0.0)
        whole = sum(self.seconds.values()) - start
        rows = [f"{pages:,} pages read in {whole:.1f} CPU seconds, after {start:.1f} of start-up"]
        rows.append(f"{'':12}{'CPU s':>9}{'us a page':>12}{'share':>8}")
        for stage in (*STAGES, REST):
            spent = self.seconds.get(stage, 0.0)
            rows.append(f"{stage:12}{spent:9.2f}{1e6 * spent / pages:12.0f}{spent / (whole or 1):8.1%}")
        uncalled = [name for names in STAGES.values() for name in names if not self.calls[name]]
        return "\n".join([*rows, *(f"never called: {name}" for name in uncalled)]) + "\n"


def wrap(clock: Clock, stages: Mapping[str, Sequence[str]] = STAGES) -> None:
    """Wrap all functions of the table; one that is not there is left to be reported as never called."""
    for stage, names in stages.items():
        for name in names:
            module, _, path = name.partition(":")
            holder: Any = importlib.import_module(module)
            *outer, last = path.split(".")
            for part in outer:
                holder = getattr(holder, part, None)
            function = getattr(holder, last, None)
            if function is not None:
                _replace(holder, last, function, clock.timed(stage, name, function))


def _replace(holder: Any, name: str, old: object, new: object) -> None:  # noqa: ANN401 - a module or a class
    setattr(holder, name, new)
    # Modules that are loaded already hold the function by themselves.
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get(name) is old:
            setattr(module, name, new)


def main() -> None:
    """Run the command that is given, and write the report when it ends."""
    clock, report = Clock(), Path(sys.argv[1])
    wrap(clock)
    from unioncrawl.cli import main as run  # noqa: PLC0415 - after the functions are wrapped

    sys.argv = ["unioncrawl", *sys.argv[2:]]
    try:
        run()
    finally:
        report.write_text(clock.report(), encoding="utf-8")


if __name__ == "__main__":
    main()

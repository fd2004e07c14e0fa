"""``scrapy crawl``: reports a wrong argument, an unknown site or a refused archive in a sentence.

Scrapy's own command would end in a traceback, because it does not check them
before its event loop runs. A run whose articles are not all stored ends with exit
code 3, one that Ctrl-C or SIGTERM ended with 130 or 143, one that lost an entry of a list
with 1; Scrapy's own command would return 0. A run that has ended is judged, and the watches are run, as
``unioncrawl crawl`` does.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from typing import Any

from scrapy import Spider
from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from unioncrawl.archive.crawl_state.crawl_runs import (
    RUN_NUMBER,
    SIGNALLED,
    UNWRITTEN_EXIT_CODE,
    unwritten,
)
from unioncrawl.archive.crawl_state.entry_ledger import missing_addresses
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveUnwritable, UnioncrawlError
from unioncrawl.service.schedule.site_locks import SiteLocks
from unioncrawl.service.words import spoken
from unioncrawl.settings import refuse_wrong_settings, unknown_names

_FAILED = 1


class Command(crawl.Command):
    """Scrapy's command, after a look at what it was given, and with one at what was stored."""

    _crawler_of_run: Crawler | None = None
    _signal = 0
    # Held until the process ends.
    _locks: SiteLocks | None = None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check site, arguments and archive; then crawl."""
        if self.settings is not None and len(args) == 1:
            _check(self.settings, args[0], opts.spargs)
            if not self._take_site(args[0]):
                return
        self._note_signals()
        try:
            super().run(args, opts)
        except KeyboardInterrupt:  # before the event loop, which catches it
            self._signal = signal.SIGINT
        stats = self._crawler_of_run.stats if self._crawler_of_run else None
        code, sentence = _end(stats.get_stats() if stats else {}, self._signal)
        if code:
            sys.stderr.write(f"scrapy: {sentence}\n")
            self.exitcode = code
        if self._crawler_of_run and stats:
            _follow_up(self._crawler_of_run, stats.get_value(RUN_NUMBER))

    def _take_site(self, site: str) -> bool:
        """Take the site's lock for this process; False, and said, where another run is at work on it."""
        if self.settings is None:
            return True
        self._locks = SiteLocks(self.settings["UNIONCRAWL_ARCHIVE"])
        if self._locks.take(site):
            return True
        sys.stderr.write(f"{site}: another run is at work on it; it is left to that one.\n")
        return False

    def _note_signals(self) -> None:
        """Keep the number of the signal that ends the crawl; Scrapy logs it and exits 0."""
        process: Any = self.crawler_process
        shut_down = process._signal_shutdown  # noqa: SLF001 - Scrapy offers no other way to its number

        def note(number: int, frame: object) -> None:
            self._signal = number
            shut_down(number, frame)

        process._signal_shutdown = note  # noqa: SLF001 - see above

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        """Keep the crawler, whose stats say in the end what was not written."""
        self._crawler_of_run = super()._create_crawler(spidercls)
        return self._crawler_of_run


def _end(stats: dict[str, Any], number: int) -> tuple[int, str]:
    """Return exit code and sentence of an ended run, and of the signal that ended it; 0 for a sound one."""
    said = unwritten(stats)
    if number and "finish_reason" not in stats and stats:
        said = said or "ended by a second signal; what waited to be written is not stored. Crawl again."
    if said:
        return UNWRITTEN_EXIT_CODE, said
    if number:
        return SIGNALLED + number, "interrupted; what was fetched is stored."
    missing = missing_addresses(stats)
    if missing:
        return _FAILED, f"entries without an answer, owed by now: {' '.join(missing)}"
    return 0, ""


def _follow_up(crawler: Crawler, number: object) -> None:
    """Judge the run and run the watches; a crawl without an archive has neither."""
    if not isinstance(number, int):
        return
    # Loaded when the crawl has ended, because mail and robots of the watches take long to load.
    from unioncrawl.service.watches.after_crawl import (  # noqa: PLC0415
        judge_ended_runs,
        watch_after_crawl,
    )

    archive, language = str(crawler.settings["UNIONCRAWL_ARCHIVE"]), spoken(None)
    judged = judge_ended_runs(archive, {crawler.spidercls.name: number})
    for line in (*judged.lines(language), *watch_after_crawl(archive, language)):
        sys.stderr.write(f"{line}\n")


def _check(settings: BaseSettings, site: str, arguments: dict[str, str]) -> None:
    for name, meant in unknown_names(os.environ):
        sys.stderr.write(f"scrapy: the environment variable {name} is no setting of unioncrawl. {meant}\n")
    try:
        refuse_wrong_settings(settings)
        get_spider_loader(settings).load(site)(**arguments)
        Archive.open(settings["UNIONCRAWL_ARCHIVE"]).close()
    except KeyError as error:
        raise UsageError(str(error.args[0]), print_help=False) from error
    except ArchiveUnwritable as error:
        sys.stderr.write(f"scrapy: {error}\n")
        sys.exit(UNWRITTEN_EXIT_CODE)
    except UnioncrawlError as error:
        raise UsageError(str(error), print_help=False) from error

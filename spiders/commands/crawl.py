"""``scrapy crawl``: reports a wrong argument, an unknown site or a refused archive in a sentence.

Scrapy's own command would end in a traceback, because it does not check them
before its event loop runs. A run whose articles are not all stored ends with exit
code 3, one that lost an entry of a list with 1; Scrapy's own command would return 0.
"""

from __future__ import annotations

import argparse
import sys

from scrapy import Spider
from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from unioncrawl.archive.crawl_state.crawl_runs import UNWRITTEN_EXIT_CODE, unwritten
from unioncrawl.archive.crawl_state.entry_ledger import missing_addresses
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveUnwritable, UnioncrawlError
from unioncrawl.settings import refuse_wrong_numbers

_FAILED = 1


class Command(crawl.Command):
    """Scrapy's command, after a look at what it was given, and with one at what was stored."""

    _crawler_of_run: Crawler | None = None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check site, arguments and archive; then crawl."""
        if self.settings is not None and len(args) == 1:
            _check(self.settings, args[0], opts.spargs)
        super().run(args, opts)
        stats = self._crawler_of_run.stats if self._crawler_of_run else None
        said = unwritten(stats.get_stats()) if stats else ""
        if said:
            sys.stderr.write(f"scrapy: {said}\n")
            self.exitcode = UNWRITTEN_EXIT_CODE
        missing = missing_addresses(stats.get_stats()) if stats else []
        if missing and not said:
            sys.stderr.write(f"scrapy: entries without an answer, owed by now: {' '.join(missing)}\n")
            self.exitcode = _FAILED

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        """Keep the crawler, whose stats say in the end what was not written."""
        self._crawler_of_run = super()._create_crawler(spidercls)
        return self._crawler_of_run


def _check(settings: BaseSettings, site: str, arguments: dict[str, str]) -> None:
    try:
        refuse_wrong_numbers(settings)
        get_spider_loader(settings).load(site)(**arguments)
        Archive.open(settings["UNIONCRAWL_ARCHIVE"]).close()
    except KeyError as error:
        raise UsageError(str(error.args[0]), print_help=False) from error
    except ArchiveUnwritable as error:
        sys.stderr.write(f"scrapy: {error}\n")
        sys.exit(UNWRITTEN_EXIT_CODE)
    except UnioncrawlError as error:
        raise UsageError(str(error), print_help=False) from error

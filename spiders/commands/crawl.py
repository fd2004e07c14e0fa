"""``scrapy crawl``: tells a wrong argument, an unknown site or a refused archive in a sentence.

Scrapy's own command would end in a traceback, because it looks at none of them
before its event loop runs.
"""

from __future__ import annotations

import argparse

from scrapy.commands import crawl
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from unioncrawl.archive.store import Archive
from unioncrawl.errors import UnioncrawlError


class Command(crawl.Command):
    """Scrapy's command, after a look at what it was given."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check site, arguments and archive; then crawl."""
        if self.settings is not None and len(args) == 1:
            _check(self.settings, args[0], opts.spargs)
        super().run(args, opts)


def _check(settings: BaseSettings, site: str, arguments: dict[str, str]) -> None:
    try:
        get_spider_loader(settings).load(site)(**arguments)
        Archive.open(settings["UNIONCRAWL_ARCHIVE"]).close()
    except KeyError as error:
        raise UsageError(str(error.args[0]), print_help=False) from error
    except UnioncrawlError as error:
        raise UsageError(str(error), print_help=False) from error

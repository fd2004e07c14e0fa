"""``scrapy parse``: Scrapy's own command, without a trace in archive, captures and feeds."""

from __future__ import annotations

import argparse

from scrapy.commands import parse

from .nothing_stored import store_nothing


class Command(parse.Command):
    """Scrapy's command; the archive is not opened."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the options, then switch off what stores."""
        super().process_options(args, opts)
        if self.settings is not None:
            store_nothing(self.settings)

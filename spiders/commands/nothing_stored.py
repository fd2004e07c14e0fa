"""Keep Scrapy's inspection commands (shell, fetch, parse, check) from storing anything."""

from __future__ import annotations

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from unioncrawl._layout import package_name


def store_nothing(settings: BaseSettings) -> None:
    """Switch archive, captures and feeds off, whatever the command line says.

    A single page that was looked at must not count as a run: a list that ends on it
    would pass for a complete walk, and older articles would never be asked for.
    """
    archive = load_object(f"{package_name('pipelines')}.archive.ArchivePipeline")
    settings.set_in_component_priority_dict("ITEM_PIPELINES", archive, None)
    settings.set("UNIONCRAWL_CAPTURES", "", priority="cmdline")
    settings.set("FEEDS", {}, priority="cmdline")

"""Scrapy's add-on: another project's items are repaired, normalised, checked and archived.

In the project's settings: ``ADDONS = {"unioncrawl.addon.Addon": 300}``; docs/scrapy.md.
"""

from __future__ import annotations

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from unioncrawl import settings as own
from unioncrawl._layout import package_name
from unioncrawl.addon.item_fields import FieldNames

# Stage -> its pipeline and the order that it has unless the project gives one.
_STAGES = {
    "repair": ("repair.RepairPipeline", 210),
    "normalize": ("normalize.NormalizePipeline", 220),
    "validate": ("validate.ValidatePipeline", 230),
    "archive": ("archive.ArchivePipeline", 240),
}


# Extensions that Scrapy loads, with what they need, before it asks whether they are switched on: aiohttp's
# server and Twisted's terminal take 0.4 CPU-seconds at each start.
_LISTENERS = {
    "TELNETCONSOLE_ENABLED": "scrapy.extensions.telnet.TelnetConsole",
    "REMOTE_CONTROL_ENABLED": "scrapy.extensions.remote_control.RemoteControl",
}


class Addon:
    """Puts only the four pipelines into a project.

    ``UNIONCRAWL_REPAIR_ENABLED``, ``_NORMALIZE_ENABLED``, ``_VALIDATE_ENABLED`` and
    ``_ARCHIVE_ENABLED`` (False) each switch a stage off. An order that the project's
    ITEM_PIPELINES gives one of them stays, and so does every other setting.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        """Add the pipelines that are switched on. Raises `SettingInvalid` for wrong names and numbers."""
        own.refuse_wrong_settings(settings)
        FieldNames(settings.getdict("UNIONCRAWL_FIELDS"))
        if settings.get("UNIONCRAWL_ARCHIVE") is None:
            settings.set("UNIONCRAWL_ARCHIVE", own.UNIONCRAWL_ARCHIVE, priority="addon")
        for stage, (name, order) in _STAGES.items():
            if settings.getbool(f"UNIONCRAWL_{stage.upper()}_ENABLED", default=True):
                pipeline = load_object(f"{package_name('pipelines')}.{name}")
                settings.setdefault_in_component_priority_dict("ITEM_PIPELINES", pipeline, order)


class OwnComponents:
    """Keeps unioncrawl's own components where ``-s ITEM_PIPELINES={…}`` and its like name others.

    Without it the setting of the command line would take the place of ours, and a crawl
    would store nothing, or ask without the gate. One that is to go is named with None.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        """Add those of our entries that are missing. Raises `SettingInvalid` for wrong names and numbers."""
        own.refuse_wrong_settings(settings)
        built_in = settings.getdict("EXTENSIONS_BASE")
        for switch, path in _LISTENERS.items():
            if not settings.getbool(switch):
                built_in.pop(path, None)
        settings.set("EXTENSIONS_BASE", built_in, priority="addon")
        for name in ("ITEM_PIPELINES", "DOWNLOADER_MIDDLEWARES", "EXTENSIONS"):
            for path, order in getattr(own, name).items():
                settings.setdefault_in_component_priority_dict(name, load_object(path), order)

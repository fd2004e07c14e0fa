"""The spider loader: every site file is a spider, every family its class."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from unioncrawl.sites.catalogue import Catalogue, load_catalogue, own_folders
from unioncrawl.sites.profile import SiteProfile

from . import (
    asp,
    dedecms,
    drupal,
    empirecms,
    founder,
    gdjyh,
    generic,
    jcms,
    jeecms,
    kesion,
    mirror,
    people,
    phpcms,
    powereasy,
    siteserver,
    trs,
    vsb,
    webforms,
    workercn,
    xunrui,
)
from .base import SiteSpider

if TYPE_CHECKING:
    from typing import Self

logger = logging.getLogger(__name__)

FAMILY_SPIDERS: Mapping[str, type[SiteSpider]] = {
    "asp": asp.AspSpider,
    "dedecms": dedecms.DedeCmsSpider,
    "drupal": drupal.DrupalSpider,
    "empirecms": empirecms.EmpireCmsSpider,
    "founder": founder.FounderSpider,
    "gdjyh": gdjyh.GdjyhSpider,
    "generic": generic.GenericSpider,
    "jcms": jcms.JcmsSpider,
    "jeecms": jeecms.JeeCmsSpider,
    "kesion": kesion.KesionSpider,
    "mirror": mirror.MirrorSpider,
    "people": people.PeopleSpider,
    "phpcms": phpcms.PhpcmsSpider,
    "powereasy": powereasy.PowerEasySpider,
    "siteserver": siteserver.SiteServerSpider,
    "trs": trs.TrsSpider,
    "vsb": vsb.VsbSpider,
    "webforms": webforms.WebFormsSpider,
    "workercn": workercn.WorkercnSpider,
    "xunrui": xunrui.XunruiSpider,
}


class SiteSpiderLoader:
    """Offers every site of the catalogue to Scrapy; tells site files with errors once.

    The user's folders come from the setting ``UNIONCRAWL_SITES_DIRS`` and the
    environment variable of that name.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Load the catalogue; a file with an error is logged, the others load."""
        catalogue = load_catalogue(own_folders(settings.getlist("UNIONCRAWL_SITES_DIRS")))
        for problem in catalogue.problems:
            logger.error("site file left out: %s", problem)
        for path in catalogue.overridden:
            logger.info("%s is replaced by your own file with the same id", path)
        return cls(catalogue)

    def load(self, spider_name: str) -> type[Spider]:
        """The spider class of a site; KeyError, with what is wrong, when there is none."""
        profile = self.catalogue.profiles.get(spider_name)
        if profile is None:
            raise KeyError(f"Spider not found: {spider_name}{self._hint(spider_name)}")
        return site_spider(profile)

    def _hint(self, name: str) -> str:
        told = [str(problem) for problem in self.catalogue.problems if f"{name}.toml" in str(problem)]
        return f" ({told[0]})" if told else " (scrapy list shows every site)"

    def list(self) -> list[str]:
        """The ids of every site."""
        return sorted(self.catalogue.profiles)

    def find_by_request(self, request: Request) -> Sequence[str]:
        """The sites that serve the request's host."""
        return [name for name in self.list() if self.load(name).handles_request(request)]


def site_spider(profile: SiteProfile) -> type[SiteSpider]:
    """A spider class for one site: its family's, with the site's facts and politeness."""
    family = FAMILY_SPIDERS[profile.family]
    return type(
        f"{family.__name__}_{profile.id}",
        (family,),
        {
            "__doc__": f"{profile.name} ({profile.id})",
            "__module__": family.__module__,
            "name": profile.id,
            "profile": profile,
            "allowed_domains": sorted({host.partition(":")[0] for host in profile.hosts}),
            "custom_settings": _politeness(profile),
        },
    )


def _politeness(profile: SiteProfile) -> dict[str, Any]:
    politeness = profile.politeness
    return {
        "DOWNLOAD_DELAY": politeness.delay_seconds,
        "AUTOTHROTTLE_START_DELAY": politeness.delay_seconds,
        "AUTOTHROTTLE_ENABLED": politeness.autothrottle,
        "CONCURRENT_REQUESTS_PER_DOMAIN": politeness.concurrent_requests,
    }

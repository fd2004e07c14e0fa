"""The spider loader: every site file is a spider, of its family's class where the family has one."""

from __future__ import annotations

import importlib
import importlib.util
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from unioncrawl.errors import SiteFileError
from unioncrawl.sites.address_gate import AddressGate
from unioncrawl.sites.catalogue import Catalogue, load_catalogue, own_folders
from unioncrawl.sites.profile import SiteProfile

from .crawl.site_spider import SiteSpider

if TYPE_CHECKING:
    from typing import Self

logger = logging.getLogger(__name__)

# The class that a site's own module must have.
OWN_CLASS = "Site"


class SiteSpiderLoader:
    """Offers every site of the catalogue to Scrapy; reports each site file with errors once.

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
        """The spider class of a site. Raises KeyError, with what is wrong, for an unknown site."""
        profile = self.catalogue.profiles.get(spider_name)
        if profile is None:
            raise KeyError(f"Spider not found: {spider_name}{self._hint(spider_name)}")
        return site_spider(profile, self.catalogue.files[spider_name].with_suffix(".py"))

    def _hint(self, name: str) -> str:
        problems = [str(problem) for problem in self.catalogue.problems if f"{name}.toml" in str(problem)]
        return f" ({problems[0]})" if problems else " (scrapy list shows every site)"

    def list(self) -> list[str]:
        """The ids of every site."""
        return sorted(self.catalogue.profiles)

    def find_by_request(self, request: Request) -> Sequence[str]:
        """The sites that serve the request's host."""
        return [
            name
            for name in self.list()
            if AddressGate(self.catalogue.profiles[name]).refuse(request.url) is None
        ]


def site_spider(profile: SiteProfile, own_module: Path | None = None) -> type[SiteSpider]:
    """A spider class for one site: its family's, with the site's facts and politeness.

    ``own_module`` is a Python file beside the site file; when it is there, its class
    ``Site`` comes before the family's, so that what it defines wins and ``super()``
    is the family. Raises `SiteFileError` when it can't be loaded.
    """
    family = family_spider(profile.family)
    own = (_own_class(own_module),) if own_module is not None and own_module.is_file() else ()
    return type(
        f"{family.__name__}_{profile.id}",
        (*own, family),
        {
            "__doc__": f"{profile.name} ({profile.id})",
            "__module__": family.__module__,
            "name": profile.id,
            "profile": profile,
            "custom_settings": _politeness(profile),
        },
    )


def family_spider(family: str) -> type[SiteSpider]:
    """The spider of a family: the class that the module of its name defines, or `SiteSpider`.

    A family without a module walks its lists in the general way.
    """
    name = f"{__package__}.families.{family}"
    if importlib.util.find_spec(name) is None:
        return SiteSpider
    module = importlib.import_module(name)
    return next(
        found
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, SiteSpider) and found.__module__ == module.__name__
    )


def _own_class(path: Path) -> type:
    spec = importlib.util.spec_from_file_location(f"unioncrawl_site_{path.stem}", path)
    next_step = f"It must be Python and define a class {OWN_CLASS}; see docs/adding-a-site.md."
    if spec is None or spec.loader is None:
        raise SiteFileError(f"{path}: not a Python module.", next_step=next_step)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (SyntaxError, ImportError) as error:
        raise SiteFileError(f"{path}: {error}.", next_step=next_step) from error
    found = getattr(module, OWN_CLASS, None)
    if not isinstance(found, type):
        raise SiteFileError(f"{path}: there is no class {OWN_CLASS}.", next_step=next_step)
    return found


def _politeness(profile: SiteProfile) -> dict[str, Any]:
    politeness = profile.politeness
    return {
        "DOWNLOAD_DELAY": politeness.delay_seconds,
        "AUTOTHROTTLE_START_DELAY": politeness.delay_seconds,
        "AUTOTHROTTLE_ENABLED": politeness.autothrottle,
        "CONCURRENT_REQUESTS_PER_DOMAIN": politeness.concurrent_requests,
        # No more than these leave the scheduler: what waits there can still be dropped when the run
        # ends, and goes in the order of its priority, an article's counter before the next article.
        "CONCURRENT_REQUESTS": politeness.concurrent_requests,
    }

"""Tests for `spiders.loader`."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiders import families
from spiders.crawl.site_spider import SiteSpider
from spiders.loader import family_spider, site_spider
from unioncrawl.errors import SiteFileError
from unioncrawl.sites.families import FAMILIES
from unioncrawl.sites.profile import Level, SiteProfile

PROFILE = SiteProfile(id="linxi", name="临溪市总工会", level=Level.CITY, family="trs", hosts=("a.cn",))


OWN_WAY = ("founder", "generic", "jcms", "vsb", "webforms", "workercn")


@pytest.mark.parametrize("family", OWN_WAY)
def test_a_family_with_a_way_of_its_own_has_a_module_of_its_name(family: str) -> None:
    """No table names the families' spiders: the module does."""
    assert family_spider(family).__module__ == f"spiders.families.{family}"


@pytest.mark.parametrize("family", [family for family in FAMILIES if family not in OWN_WAY])
def test_a_family_without_a_module_is_walked_in_the_general_way(family: str) -> None:
    """The spider of a family that is only an entry of the table is `SiteSpider` itself."""
    assert family_spider(family) is SiteSpider


def test_a_module_with_an_error_is_not_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A family's module that does not load raises, so that its sites are never walked in another way."""
    (tmp_path / "linxicms.py").write_text("import nowhere_at_all\n", encoding="utf-8")
    monkeypatch.setattr(families, "__path__", [*families.__path__, str(tmp_path)])
    with pytest.raises(ModuleNotFoundError, match="nowhere_at_all"):
        family_spider("linxicms")


def test_a_site_without_a_module_is_its_familys() -> None:
    """The spider of a plain site file is a subclass of its family's, with the site's facts."""
    spider = site_spider(PROFILE, Path("/nowhere/linxi.py"))
    assert issubclass(spider, family_spider("trs"))
    assert spider.name == "linxi"


@pytest.mark.parametrize("text", ["class Site(:\n", "import nowhere_at_all\n", "class Other:\n    pass\n"])
def test_a_module_that_cannot_be_used_is_reported(tmp_path: Path, text: str) -> None:
    """A module with an error, or without the class, is refused with its path and what it must be."""
    module = tmp_path / "linxi.py"
    module.write_text(text, encoding="utf-8")
    with pytest.raises(SiteFileError, match=r"linxi\.py"):
        site_spider(PROFILE, module)

"""Tests for `spiders.loader`."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiders.loader import family_spider, site_spider
from unioncrawl.errors import SiteFileError
from unioncrawl.sites.families import FAMILIES
from unioncrawl.sites.profile import Level, SiteProfile

PROFILE = SiteProfile(id="linxi", name="临溪市总工会", level=Level.CITY, family="trs", hosts=("a.cn",))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_a_spider_in_the_module_of_its_name(family: str) -> None:
    """No table names the families' spiders: the module does."""
    assert family_spider(family).__module__ == f"spiders.{family}"


def test_a_site_without_a_module_is_its_familys() -> None:
    """The spider of a plain site file is a subclass of its family's, with the site's facts."""
    spider = site_spider(PROFILE, Path("/nowhere/linxi.py"))
    assert issubclass(spider, family_spider("trs"))
    assert spider.name == "linxi"


@pytest.mark.parametrize("text", ["class Site(:\n", "import nowhere_at_all\n", "class Other:\n    pass\n"])
def test_a_module_that_cannot_be_used_is_told(tmp_path: Path, text: str) -> None:
    """A module with an error, or without the class, is refused with its path and what it must be."""
    module = tmp_path / "linxi.py"
    module.write_text(text, encoding="utf-8")
    with pytest.raises(SiteFileError, match=r"linxi\.py"):
        site_spider(PROFILE, module)

"""Tests for `spiders.crawl.site_spider`: the settings that a site's spider makes."""

from __future__ import annotations

from scrapy.settings import Settings

from spiders.crawl.site_spider import SiteSpider
from unioncrawl import settings as project


def _settings(**given: str) -> Settings:
    made = Settings()
    made.setmodule(project, priority="project")
    made.setdict(given, priority="cmdline")
    SiteSpider.update_settings(made)
    return made


def test_the_contact_stands_in_the_user_agent() -> None:
    """A contact given on the command line is sent to every site."""
    agent = _settings(UNIONCRAWL_CONTACT="archive@union.example")["USER_AGENT"]
    assert agent == f"{project.USER_AGENT} (+archive@union.example)"


def test_a_user_agent_given_whole_stays() -> None:
    """A User-Agent of the operator's own is not added to."""
    agent = _settings(UNIONCRAWL_CONTACT="a@b.example", USER_AGENT="own/1.0")["USER_AGENT"]
    assert agent == "own/1.0"

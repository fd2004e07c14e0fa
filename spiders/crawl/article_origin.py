"""Adds to an article what only the crawl knows: where it came from and what was missing."""

from __future__ import annotations

from dataclasses import replace

from unioncrawl.extract.article_parts import join_parts
from unioncrawl.model import Article, Evidence, ListLink
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.urls import canonical_url

from ..components.cut_middleware import CUT
from ..components.unpack_middleware import DAMAGED
from ..responses import PageResponse


def with_origin(article: Article, response: PageResponse, profile: SiteProfile) -> Article:
    """The article with its site, canonical URL, redirects, time and capture."""
    if response.page.undecodable:
        article = noted(article, "page", "undecodable-bytes", str(response.page.undecodable))
    if response.meta.get(DAMAGED):
        article = noted(article, "page", "damaged-packing", "its end may be missing")
    cut = response.meta.get(CUT)
    if cut:
        article = replace(noted(article, "page", "body-cut", cut), body_is_cut=True)
    led_here = tuple(canonical_url(url, profile) for url in response.meta.get("redirect_urls", ()))
    for url in led_here:
        article = noted(article, "url", "redirect", url)
    return replace(
        article,
        site=profile.id,
        redirected_from=led_here,
        canonical_url=canonical_url(article.url, profile),
        fetched_at=response.page.fetched_at,
        captures=(response.capture,) if response.capture else (),
    )


def with_list_facts(article: Article, link: ListLink, column_name: str) -> Article:
    """The article with column and date from its list, where the page itself does not give them."""
    article = replace(article, column=article.column or column_name)
    if article.published_raw or not link.date_raw:
        return article
    article = noted(article, "published_at", "list", link.date_raw)
    return replace(article, published_raw=link.date_raw, published_rule="list")


def joined(parts: tuple[Article, ...]) -> Article:
    """Return one article made of its parts."""
    return join_parts(parts) if len(parts) > 1 else parts[0]


def noted(article: Article, field: str, rule: str, raw: str) -> Article:
    """The article with one more piece of evidence."""
    return replace(article, evidence=(*article.evidence, Evidence(field, rule, raw)))

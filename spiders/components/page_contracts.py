"""Contracts for ``scrapy check``: a site's list still shows articles, and an article is still read."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.contracts import Contract
from scrapy.exceptions import ContractFail

from unioncrawl.model import Article, ListLink, Rejection


class ListContract(Contract):
    """Ask for the first list page of the site's first column; it must lead to articles.

    In a callback's docstring: ``@asks_for_articles``.
    """

    name = "asks_for_articles"

    def adjust_request_args(self, args: dict[str, Any]) -> dict[str, Any]:
        """Name the column's page."""
        spider = self.tested_method.__self__
        return {**args, "url": spider.columns()[0].url, "cb_kwargs": {"column": 0}}

    def __init__(self, method: Any, *args: Any) -> None:  # noqa: ANN401 - Scrapy's own signature
        super().__init__(method, *args)
        self.tested_method = method

    def post_process(self, output: list[object]) -> None:
        """Fail with the reason when the page is refused, or no article is asked for."""
        _fail_for_rejections(output)
        asked = [one for one in output if isinstance(one, Request) and "link" in one.cb_kwargs]
        if not asked:
            raise ContractFail("the list shows no article that matches article_url")


class ArticleContract(Contract):
    """Ask for the article that ``-s UNIONCRAWL_CHECK_ARTICLE=URL`` names; it must have title and text.

    In a callback's docstring: ``@reads_an_article``. Without the setting nothing is asked.
    """

    name = "reads_an_article"

    def __init__(self, method: Any, *args: Any) -> None:  # noqa: ANN401 - Scrapy's own signature
        super().__init__(method, *args)
        self.tested_method = method

    def adjust_request_args(self, args: dict[str, Any]) -> dict[str, Any]:
        """Name the article's page."""
        url = self.tested_method.__self__.crawler.settings.get("UNIONCRAWL_CHECK_ARTICLE")
        if not url:
            return args
        return {**args, "url": url, "cb_kwargs": {"link": ListLink(url=url), "column_name": ""}}

    def post_process(self, output: list[object]) -> None:
        """Fail with the reason when the page is not an article, or an article without title, text or date."""
        _fail_for_rejections(output)
        found = [one if isinstance(one, Article) else _carried(one) for one in output]
        articles = [article for article in found if article is not None]
        if not articles:
            raise ContractFail("the page gives no article")
        lacking = [name for name in ("title", "body_text", "published_raw") if not getattr(articles[0], name)]
        if lacking:
            raise ContractFail(f"the article has no {', '.join(lacking)}")


def _carried(request: object) -> Article | None:
    """The article that waits for its counter or its next part."""
    kept = request.cb_kwargs if isinstance(request, Request) else {}
    parts = kept.get("parts") or (kept.get("article"),)
    article: Article | None = parts[0]
    return article


def _fail_for_rejections(output: list[object]) -> None:
    reasons = [f"{one.stage}: {one.reason} {one.detail}" for one in output if isinstance(one, Rejection)]
    if reasons:
        raise ContractFail("; ".join(reasons))

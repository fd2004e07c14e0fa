"""The pipeline that turns printed dates, hits and names into normal fields."""

from __future__ import annotations

from unioncrawl.model import Article, Rejection
from unioncrawl.normalize import normalize_article


class NormalizePipeline:
    """Normalises an article's fields, after repair; a rejection passes."""

    def process_item(self, item: Article | Rejection) -> Article | Rejection:
        """Return the article with normal fields."""
        return normalize_article(item) if isinstance(item, Article) else item

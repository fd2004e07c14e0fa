"""From printed strings to normal fields: dates, hits, people, headlines, URLs."""

from unioncrawl.normalize.article import normalize_article
from unioncrawl.normalize.dates import Published, parse_published
from unioncrawl.normalize.hits import parse_hits

__all__ = ["Published", "normalize_article", "parse_hits", "parse_published"]

"""From a decoded page to what it is and to the article's fields as printed."""

from unioncrawl.extract.article import extract_page

__all__ = ["extract_page"]

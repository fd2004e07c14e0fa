"""From a decoded page to what it is and to the article's fields as printed."""

from unioncrawl.extract.assemble import extract_page

__all__ = ["extract_page"]

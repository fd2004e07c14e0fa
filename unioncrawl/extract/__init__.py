"""From a decoded page to what it is and to the article's fields as printed."""

from unioncrawl.extract.assemble import explain_lines, extract_page

__all__ = ["explain_lines", "extract_page"]

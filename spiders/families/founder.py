"""方正翔宇 e-papers: ``/html/2022-07/14/node_5.htm`` and, newer, ``/pc/layout/202407/24/node_01.html``.

Some papers name their pages ``nbs.D110000zjgrrb_01.htm``; ``?div=-1`` is only another view of an article.
"""

from __future__ import annotations

import re

from .epaper import EpaperSpider


class FounderSpider(EpaperSpider):
    """A paper on Founder's e-paper system."""

    index_url = re.compile(
        r"(?P<year>\d{4})-?(?P<month>\d{2})/(?P<day>\d{2})/(?:node_\d+|nbs\.D\w+_\d+)\.html?", re.IGNORECASE
    )

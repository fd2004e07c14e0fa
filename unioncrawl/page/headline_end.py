"""Where a headline ends, when its element goes on with the date, the source or the size of the type.

Templates set them within the heading: <h2>Headline<small>2024-05-13</small></h2>. The line ends
there only where ``<title>`` repeats what stands before.
"""

from __future__ import annotations

import re

from unioncrawl.language.label_folding import narrow_digits
from unioncrawl.page.dated_lines import DATED
from unioncrawl.page.document import squash
from unioncrawl.page.labels import Label, split_labels

_OPENING = " \t\r\n\x1f\xa0　([（【〔[|｜·•/-—"
# As short a headline as counts for sure (page/headline_score.py).
_SHORTEST = 6
# A title that is cut short agrees with its headline in so many characters.
_SURELY_SAME = 10
_OF_ARTICLES = frozenset(
    (Label.PUBLISHED, Label.UPDATED, Label.HITS, Label.SOURCE, Label.ISSUER, Label.AUTHOR, Label.ACCOUNT,
     Label.EDITOR, Label.COLUMN)
)  # fmt: skip
_TIME_ALONE = re.compile(r"[\s)）】〕\]]*(?:[012]?\d[:：][0-5]\d(?:[:：][0-5]\d)?)?[\s)）】〕\]]*")


def headline_end(before: str, text: str, title: str) -> int | None:
    """Where in a text the line of the headline ends; None where it goes on.

    ``before`` is what the line holds already.

    >>> headline_end("市总工会送清凉", "2024-05-13", "市总工会送清凉_某市总工会")
    0
    >>> headline_end("", "市总工会送清凉2024-05-13", "市总工会送清凉_某市总工会")
    7
    >>> headline_end("", "市总工会送清凉", "市总工会送清凉_某市总工会") is None
    True
    """
    if before.strip():
        return 0 if repeats_title(before, title) and starts_meta(text) else None
    return glued_date(text, title) or None


def starts_meta(text: str) -> bool:
    """Whether a text begins with a date or with a label of an article's metadata.

    >>> starts_meta("2024-05-13 来源：临溪工人报"), starts_meta("（2024年5月13日）")
    (True, True)
    >>> starts_meta("——2024年度工作纪实"), starts_meta("2024年职工运动会")
    (False, False)
    """
    bare = text.lstrip(_OPENING)
    if DATED.match(narrow_digits(bare)):
        return True
    parts = split_labels(bare)
    return bool(parts) and parts[0].start == 0 and parts[0].label in _OF_ARTICLES


def repeats_title(text: str, title: str) -> bool:
    """Whether ``<title>`` holds a text that is long enough to be a headline, or its beginning.

    >>> repeats_title("市总工会送清凉", "市总工会送清凉_某市总工会"), repeats_title("工会", "工会要闻")
    (True, False)
    >>> repeats_title("市总工会为环卫职工送清凉", "某市总工会-市总工会为环卫职工…")
    False
    >>> repeats_title("市总工会为环卫职工送清凉", "市总工会为环卫职工送…-某市总工会")
    True
    """
    squashed = squash(text)
    claimed = squash(title)
    if len(squashed) > _SURELY_SAME and claimed[:_SURELY_SAME] == squashed[:_SURELY_SAME]:
        return True
    return len(squashed) >= _SHORTEST and squashed in claimed


def glued_date(text: str, title: str) -> int:
    """Where the date begins that ends a text after the headline that ``<title>`` repeats; 0 without one.

    >>> glued_date("市总工会送清凉2024-05-13 10:20", "市总工会送清凉_某市总工会")
    7
    >>> glued_date("市总工会送清凉2024-05-13", "市总工会送清凉2024-05-13_某市总工会")
    0
    """
    found = DATED.search(narrow_digits(text), _SHORTEST)
    if found is None or not _TIME_ALONE.fullmatch(text, found.end()):
        return 0
    if squash(text) in squash(title) or not repeats_title(text[: found.start()], title):
        return 0
    return found.start()

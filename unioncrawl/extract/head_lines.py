"""Where the text can begin: after the headline and the lines of metadata that follow it."""

from __future__ import annotations

import re

from unioncrawl.language.label_folding import is_longer, narrow_digits
from unioncrawl.language.names import names_source
from unioncrawl.page.dated_lines import is_dated
from unioncrawl.page.document import Document, Line, in_one_flow
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.labels import Label, split_labels
from unioncrawl.page.line_kinds import DATE_ONLY, is_meta, is_tail_mark, names_event_time
from unioncrawl.page.shown.named_text import start_of_named_text
from unioncrawl.page.shown.pictures import is_in_noise, picture_address

# 所属栏目： and a column's name.
_LONGEST_COLUMN_LINE = 24
# The name of a union that signs, the shortest line that a date may close.
_SHORTEST_SIGNED = 5
_SENTENCE_END = re.compile(r"[。！？；，]")
# 雁川市总工会 2024年11月4日
_SIGNED_DATE = re.compile(
    r"(?P<name>[㐀-鿿（）()]{4,24}\s*)(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?"
)


def after_head(document: Document, headline: Headline) -> int:
    """The first line after the headline and the metadata lines that follow it."""
    if "信息内容" in document.markers:
        return document.markers["信息内容"][0]
    after = headline.stop
    text: Line | None = None
    for index in range(headline.stop, min(headline.stop + 8, len(document.lines))):
        line = document.lines[index]
        if names_event_time(line.text) or (after > headline.stop and text is not None and _signs(text, line)):
            break
        is_short = is_meta(line.text) and not is_longer(line.text, 119)
        if is_short or (is_dated(line.text) and not line.link_length) or _names_column(line.text):
            if after == headline.stop and _shows_picture(document, headline.stop, index):
                break
            after = index + 1
        elif is_tail_mark(line.text) or (len(line.text) > 15 and _SENTENCE_END.search(line.text)):
            break
        elif after > headline.stop and not line.link_length and len(line.text) >= _SHORTEST_SIGNED:
            text = line
    named = start_of_named_text(document, range(headline.stop, after))
    return after if named is None else named


def _shows_picture(document: Document, start: int, meta: int) -> bool:
    """Whether a picture stands between the headline and the metadata, which some templates set below it.

    A clock in the line of the metadata itself is none of the text's.
    """
    element = document.lines[meta].element
    return any(
        start <= placed.line <= meta
        and element not in placed.element.iterancestors()
        and picture_address(placed.element, document.base_url)
        and not is_in_noise(placed.element, document.in_noise)
        for placed in document.images
    )


def _signs(text: Line, line: Line) -> bool:
    """Whether a line is the date below a text of a line or two (名单公示如下：), and not above one."""
    day = narrow_digits(line.text)
    found = _SIGNED_DATE.fullmatch(day)
    is_signed = found is not None and names_source(found["name"].strip())
    return (is_signed or DATE_ONLY.match(day) is not None) and in_one_flow(text, line)


def _names_column(text: str) -> bool:
    """Whether a line below the headline holds its column alone: 分类：工会要闻 (Typecho)."""
    parts = split_labels(text) if len(text) <= _LONGEST_COLUMN_LINE else ()
    return len(parts) == 1 and parts[0].label is Label.COLUMN and parts[0].start == 0 and bool(parts[0].value)

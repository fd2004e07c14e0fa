"""What the fields of an article are called on a page."""

from __future__ import annotations

import re
from functools import cache

from unioncrawl.model.article_fields import FIELDS

_CAPTION = re.compile(r"images\.(?P<number>\d+)\.caption")
# What evidence calls a field, where a row has another name for it.
_OF_EVIDENCE = {"published": "published_at"}
_ENCODING = {"zh": "编码", "en": "encoding"}
_OF_CAPTION = {"zh": "图{}说明", "en": "caption of picture {}"}


@cache
def _names(language: str) -> dict[str, str]:
    return {one.name: one.chinese if language == "zh" else one.english for one in FIELDS}


def field_name(name: str, language: str) -> str:
    """Return the name of a field in a language; a field that is not in the codebook as it is.

    >>> field_name("body_text", "zh"), field_name("source", "en"), field_name("images.0.caption", "zh")
    ('正文', 'source', '图1说明')
    >>> field_name("published", "zh"), field_name("encoding", "zh"), field_name("page", "en")
    ('发布日期', '编码', 'page')
    """
    caption = _CAPTION.fullmatch(name)
    if caption is not None:
        return _OF_CAPTION[language].format(int(caption["number"]) + 1)
    if name == "encoding":
        return _ENCODING[language]
    return _names(language).get(_OF_EVIDENCE.get(name, name), name)

"""Which bodies may be sent to a counter: bodies in the known counters' forms, about this article.

A counter that takes a POST has its fields written in the page, so the page chooses what
the crawler sends. What counters need is small: the article's number, numbers of its
column and site, and a few words (``action=hits``). Anything else is not sent.
"""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlsplit

from unioncrawl import outcomes
from unioncrawl.guard.web_address import Refusal
from unioncrawl.model import Counter

# The longest form that is known (SiteServer's) has under 90 characters.
_MAX_CHARACTERS = 200
_MAX_FIELDS = 6
_SSCMS_FIELDS = frozenset({"siteid", "channelid", "contentid", "autoincrease"})
_NAME = re.compile(
    r"(?:[a-z]{0,12}_?)?id|action|act|op|do|type|t|m|c|a|s|mod|module|model|method|table|field|count|add|"
    r"addclick|view|hits?|clicks?|num",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,10}")
_WORDS = frozenset(
    """add ajax api arc article browse cate channel click clicks cms content count data detail dianji do doc
    down false get hit hits inc index info json liulan mod module news no num page pv read reads set show
    times true up update view views visit visits yes""".split()
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_TOKEN = re.compile(r"[\w-]+")


def refuse_body(counter: Counter, article_url: str) -> Refusal | None:
    """Return why a counter's body may not be sent; None when it may, or when there is no body.

    >>> post = Counter(url="/hits", family="generic", method="POST", body="id=12&action=hits")
    >>> refuse_body(post, "http://a.cn/show-12.html") is None
    True
    >>> refuse_body(post, "http://a.cn/show-13.html").detail
    "none of its values is the article's own"
    """
    body = counter.body
    if not body:
        return None
    if len(body) > _MAX_CHARACTERS:
        return Refusal(outcomes.COUNTER_BODY, f"it has {len(body)} characters; {_MAX_CHARACTERS} are allowed")
    if counter.family == "sscms":
        return None if _is_sscms(body) else Refusal(outcomes.COUNTER_BODY, "it is not SiteServer's form")
    fields = parse_qsl(body, keep_blank_values=True)
    if not 0 < len(fields) <= _MAX_FIELDS:
        return Refusal(outcomes.COUNTER_BODY, f"it has {len(fields)} fields; 1 to {_MAX_FIELDS} are allowed")
    own = _own_values(article_url)
    for name, value in fields:
        if not _NAME.fullmatch(name) or not (value in own or _is_constant(value)):
            return Refusal(outcomes.COUNTER_BODY, f"{name}={value} is in no known counter's form")
    if not any(value in own for _, value in fields):
        return Refusal(outcomes.COUNTER_BODY, "none of its values is the article's own")
    return None


def _is_sscms(body: str) -> bool:
    """Numbers and true or false under SiteServer's four names (its POST ``stl/actions/hits``)."""
    try:
        fields = json.loads(body)
    except ValueError:
        return False
    return isinstance(fields, dict) and all(
        name.lower() in _SSCMS_FIELDS and (isinstance(value, bool) or _NUMBER.fullmatch(str(value)))
        for name, value in fields.items()
    )


def _is_constant(value: str) -> bool:
    """A number of a column or a site, or words that counters use (``view_article_click``, ``addHits``)."""
    if _NUMBER.fullmatch(value):
        return True
    words = _WORD.findall(value)
    return "".join(words) == value.replace("_", "") and all(word.lower() in _WORDS for word in words)


def _own_values(url: str) -> frozenset[str]:
    """The names of the article in its address: the words and numbers of the last part and the query."""
    parts = urlsplit(url)
    last = f"{parts.path.rstrip('/').rpartition('/')[2]}?{parts.query}"
    found = _TOKEN.findall(last) + re.findall(r"(?<!\d)\d+(?!\d)", last)
    return frozenset(value for value in found if any(sign.isdigit() for sign in value))

"""Find the request that returns an article's hits, and read its answer.

The table is field-notes 3.1. A request is only ever taken from the page itself:
EmpireCMS answers ``1`` for an article that does not exist. What an answer's
shape is, the CMS decides; four shapes cover them all: a bare number,
``document.write('N')``, ``$('#hits').html('N')``, JSON.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlencode

from unioncrawl.fields.hits.clean import MOST_HITS
from unioncrawl.model import Counter
from unioncrawl.urls import absolute_url


class _Form(NamedTuple):
    """A counter's address: its family, a cue that the page must hold, what to match at it, in lower case.

    ``word`` is the part of the cue that many forms share: a page without it has none of them.
    """

    family: str
    word: str
    cue: str
    found: re.Pattern[str]


def _form(family: str, word: str, cue: str, path: str = "") -> _Form:
    return _Form(family, word, cue, re.compile(path or re.escape(cue)))


# Each pattern begins with letters that stand for themselves and reads the source in lower case: only so
# does `re` look for those letters first. What stands before them is looked at from there. The pattern for
# click counters of any system took 1,929 µs of a real page when it began with its alternatives, 123 so.
_ADDRESSES = (
    _form("empirecms", "click", "e/public/viewclick", r"e/public/viewclick/?\?"),
    _form(
        "xunrui", "hits", "m=hits",
        r"index\.php\?(?:s=api&(?:amp;)?c=module&[^\"'\s<>]{0,80}|c=api&(?:amp;)?)m=hits",
    ),
    _form("phpcms", "count", "api.php?op=count"),
    _form("dedecms", "count", "plus/count.php?"),
    _form("vsb", "click", "dynclicks.jsp?"),
    _form("jeecms", "content_view", "content_view.jspx?"),
    _form("kesion", "hits", "item/gethits.asp?"),
    _form("powereasy", "hits", "gethits.asp?"),
    _form("jcms", "hits", "articlehits.jsp?"),
    _form("dtcms", "click", "submit_ajax.ashx?action=view_article_click"),
    _form(
        "generic", "click", "click",
        r"click(?:num|count|(?<=getclick)\w*|(?<=articleclick)|(?<=article_click))\.(?:jsp|aspx?|php|do|ashx)\?",
    ),
    _form(
        "generic", "hits", "hits",
        r"hit(?:s?count|s(?:(?<=showhits)|(?<=gethits)|(?<=/hits)))(?:\.(?:jsp|aspx?|php|do|ashx))?\?",
    ),
    _form("generic", "count", "viewcount", r"viewcount\.(?:jsp|aspx?|php|do|ashx)\?"),
    _form("generic", ".asp", "asp/number.asp?"),
    # 苏迪 WebPlus, on the sites of universities' unions: the address stands in an attribute of the number.
    _form("generic", "count", "_visitcountdisplay?"),
    _form("generic", "count", "modelcount", r"modelcount/?\?"),
    _form("generic", ".asp", "check/pro_view.aspx?"),
    _form("generic", "click", "ajaxarticleclick", r"labelfile/notpage/ajaxarticleclick/?[?\w]"),
)  # fmt: skip
_WORDS = tuple(dict.fromkeys(form.word for form in _ADDRESSES))
_BEFORE = re.compile(r"[\w./:%-]*\Z")
_AFTER = re.compile(r"[^\"'\s<>\\)]*")
_LONGEST_ADDRESS = 200
_VSB_CALL = re.compile(
    r"""_showDynClicks\(\s*["'](?P<type>\w+)["']\s*,\s*["']?(?P<owner>\d+)["']?\s*,\s*["']?(?P<id>\d+)["']?"""
)
_VSB_PATH = "/system/resource/code/news/click/dynclicks.jsp"
_JEECMS_CALL = re.compile(r"""Cms\.viewCount\(\s*["'](?P<base>[^"']*)["']\s*,\s*["']?(?P<id>\d+)""")
# $.getJSON("/content_view.jspx", {contentId: 12}, …): the arguments stand in an object beside the address.
_GIVEN_OBJECT = re.compile(
    r"""\$\.(?P<verb>get|getJSON|post)\(\s*["'](?P<url>[^"'?\s]*(?:content_view\.jspx|hits?|click\w*|"""
    r"""view_?count|visit\w*|browse|read_?(?:num|count))[^"'?/\s]*)["']\s*,\s*\{(?P<fields>[^{}]{1,300})\}""",
    re.IGNORECASE,
)
_OBJECT_FIELD = re.compile(r"""["']?(?<!\w)(?P<name>\w++)["']?\s*:\s*["']?(?P<value>[\w-]+)["']?\s*(?:,|$)""")
_NO_HITS = re.compile(r"comment|digg|vote|zan|like|favou?r|share", re.IGNORECASE)
_SSCMS = re.compile(r"""["'](?P<url>[^"'\s]*/(?:api/)?stl/actions/hits[^"'\s]*)["']""")
_SSCMS_FIELD = re.compile(
    r"""["']?(?P<name>siteId|channelId|contentId|autoIncrease)["']?\s*:\s*["']?(?P<value>\d+|true|false)""",
    re.IGNORECASE,
)


def find_counter(text: str, url: str, lowered: str = "") -> Counter | None:
    """The counter request that a page's source holds, or None.

    ``lowered`` is the source in lower case, where that is known.

    >>> find_counter('<script src="/e/public/ViewClick/?classid=9&id=4&addclick=1">', "http://a.cn/x.html").url
    'http://a.cn/e/public/ViewClick/?classid=9&id=4&addclick=1'
    >>> find_counter("<p>没有计数器</p>", "http://a.cn/x.html") is None
    True
    """
    # The places in both are the same: İ alone has two characters in lower case.
    lowered = lowered if len(lowered) == len(text) else text.replace("İ", "i").lower()
    words = {word: places for word in _WORDS if (places := places_of(lowered, word))}
    sscms = _SSCMS.search(text) if "hits" in words and "stl/actions/hits" in lowered else None
    if sscms is not None:
        return _post(sscms, text, url)
    called = _called(text, words)
    if called is not None:
        return replace(called, url=absolute_url(url, called.url))
    for form in _ADDRESSES:
        if not _has_cue(form, lowered, words.get(form.word, ())):
            continue
        for found in form.found.finditer(lowered):
            request = _address(text, found)
            if _asks_for_article(request):
                return Counter(url=absolute_url(url, request), family=form.family)
    return _given_an_object(text, url) if "$." in text else None


def places_of(text: str, word: str) -> list[int]:
    """Where a word stands; a text is searched for it once, and not for each form that has it."""
    places = []
    place = text.find(word)
    while place >= 0:
        places.append(place)
        place = text.find(word, place + 1)
    return places


def _has_cue(form: _Form, lowered: str, places: Sequence[int]) -> bool:
    """Whether a form's cue stands around one of the places of its word."""
    before = form.cue.index(form.word)
    return any(place >= before and lowered.startswith(form.cue, place - before) for place in places)


def _given_an_object(text: str, url: str) -> Counter | None:
    for found in _GIVEN_OBJECT.finditer(text):
        fields = {field["name"]: field["value"] for field in _OBJECT_FIELD.finditer(found["fields"].strip())}
        names_article = any(value.isdigit() for value in fields.values())
        if not names_article or _NO_HITS.search(found["url"] + found["fields"]):
            continue
        address, arguments = absolute_url(url, found["url"]), urlencode(fields)
        family = "jeecms" if "content_view" in found["url"] else "generic"
        if found["verb"] == "post":
            return Counter(url=address, family=family, method="POST", body=arguments)
        return Counter(url=f"{address}?{arguments}", family=family)
    return None


def _called(text: str, words: Collection[str]) -> Counter | None:
    """Return the counter that a page asks by calling a function with the article's id; None without one."""
    found = _VSB_CALL.search(text) if "click" in words and "_showDynClicks" in text else None
    if found is not None:
        query = f"clickid={found['id']}&owner={found['owner']}&clicktype={found['type']}"
        return Counter(url=f"{_VSB_PATH}?{query}", family="vsb")
    found = _JEECMS_CALL.search(text) if "count" in words and "Cms.viewCount" in text else None
    if found is not None:
        return Counter(
            url=f"{found['base'].rstrip('/')}/content_view.jspx?contentId={found['id']}", family="jeecms"
        )
    return None


def _address(text: str, found: re.Match[str]) -> str:
    """The whole address around a match: back and forth to the quotes or the white space."""
    before = _BEFORE.search(text[max(0, found.start() - _LONGEST_ADDRESS) : found.start()])
    after = _AFTER.match(text, found.end(), found.end() + _LONGEST_ADDRESS)
    matched = text[found.start() : found.end()]
    return html.unescape((before[0] if before else "") + matched + (after[0] if after else ""))


def _asks_for_article(request: str) -> bool:
    """Whether a request is for one article: not a batch, a list or a file, and not without an id."""
    if re.search(r"wbnewsfile|clicktimes|dynclicksbatch|[?&]down=[1-9]", request):
        return False
    return re.search(r"=\d+|=[0-9a-f-]{16,}|/\d+", request) is not None


def _post(found: re.Match[str], text: str, url: str) -> Counter | None:
    """SiteServer's counter takes a POST. Its arguments stand inline near its address."""
    near = text[max(0, found.start() - 1500) : found.end() + 1500]
    fields: dict[str, int | bool] = {}
    for field in _SSCMS_FIELD.finditer(near):
        value = field["value"].lower()
        fields[field["name"]] = value == "true" if value in ("true", "false") else int(value)
    if "contentId" not in fields:
        return None
    return Counter(
        url=absolute_url(url, found["url"]), family="sscms", method="POST", body=json.dumps(fields)
    )


_WRITTEN = re.compile(r"""document\.write(?:ln)?\(\s*['"]?\s*(?P<count>\d+)\s*['"]?\s*\)""")
_FILLED = re.compile(r"""#?hits['"]?\)\.(?:html|text)\(\s*['"]?(?P<count>\d+)""")
_ANY_FILLED = re.compile(r"""\)\.(?:html|text)\(\s*['"]?(?P<count>\d+)|innerHTML\s*=\s*['"]?(?P<inner>\d+)""")
_BARE = re.compile(r"\s*(?P<count>\d{1,10})\s*")
_JSONP = re.compile(r"^\s*+(?:[\w.$]++\s*+)?\(\s*+(?P<json>[\[{].*[\]}])\s*+\)\s*+(?:;\s*+)?$", re.DOTALL)
_KEYS = tuple(
    """value hits hit views view viewcount view_count readcount read_count readnum clickcount click_count
    visits wbshowtimes click clicks pv count msg data num number total""".split()
)
# Characters of an answer. No counter sends more, and Python does not read over 4,300 digits.
LONGEST_ANSWER = 4000
_XML_START = re.compile(r"<\?xml[^>]*\?>")


def read_counter(counter: Counter, text: str) -> int | None:
    """The number of hits in a counter's answer; None when it gives no plausible number.

    XunRui answers its number in ``msg``, as a number or, when the visit was
    already counted, as a string; ``code`` 0 is its error.

    >>> read_counter(Counter(url="", family="empirecms"), "document.write('4');")
    4
    >>> read_counter(Counter(url="", family="xunrui"), 'cb({"code":0,"msg":"模块内容不存在"})') is None
    True
    """
    number = _read_number(counter, text)
    return number if number is not None and number <= MOST_HITS else None


def is_answer_implausible(counter: Counter, text: str) -> bool:
    """Whether a counter's answer is a number that no counter could mean, over `MOST_HITS`.

    >>> is_answer_implausible(Counter(url="", family="empirecms"), "document.write('1000000000000000');")
    True
    >>> is_answer_implausible(Counter(url="", family="empirecms"), "document.write('4');")
    False
    """
    number = _read_number(counter, text)
    return number is not None and number > MOST_HITS


def _read_number(counter: Counter, text: str) -> int | None:
    text = _XML_START.sub("", text).strip().lstrip("\ufeff")
    if len(text) > LONGEST_ANSWER or "<html" in text[:300].lower():
        return None
    jsonp = _JSONP.match(text)
    if jsonp is not None or text[:1] in "[{":
        return _from_json(jsonp["json"] if jsonp else text)
    if counter.family == "phpcms":
        found = _FILLED.search(text)
        return int(found["count"]) if found else None
    for form in (_WRITTEN, _FILLED, _ANY_FILLED):
        found = form.search(text)
        if found is not None:
            return int(next(group for group in found.groups() if group))
    bare = _BARE.fullmatch(text)
    if bare is not None:
        return int(bare["count"])
    numbers = re.findall(r"\d+", text)
    if counter.family in ("kesion", "powereasy", "generic") and len(numbers) == 1 and len(text) < 200:
        return int(numbers[0])
    return None


def _from_json(text: str) -> int | None:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):  # no JSON, or brackets without end
        return None
    if isinstance(answer, list):
        return _count(answer[0]) if answer else None
    if not isinstance(answer, dict) or (answer.get("code") in (0, "0") and "msg" in answer):
        return None
    values = {name.lower(): value for name, value in answer.items()}
    for key in _KEYS:
        found = _count(values.get(key))
        if found is not None:
            return found
    return None


def _count(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return _from_json(json.dumps(value)) if isinstance(value, dict) else None

"""Find the request that tells an article's hits, and read its answer.

The table is field-notes 3.1. A request is only ever taken from the page itself:
EmpireCMS answers ``1`` for an article that does not exist. What an answer's
shape is, the CMS decides; four shapes cover them all: a bare number,
``document.write('N')``, ``$('#hits').html('N')``, JSON.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urljoin

from unioncrawl.model import Counter


class _Form(NamedTuple):
    """A counter's request: ``cue`` stands in lower case in every page that has it."""

    family: str
    cue: str
    found: re.Pattern[str]
    request: Callable[[re.Match[str]], str]


_BEFORE = re.compile(r"(?:https?:)?[\w./:%-]*\Z", re.IGNORECASE)
_BEFORE_CHARACTERS = 160
_TAIL = r"""[^"'\s<>\\)]{0,200}"""


def _form(family: str, cue: str, path: str) -> _Form:
    return _Form(family, cue, re.compile(path + _TAIL, re.IGNORECASE), _whole_url)


def _whole_url(found: re.Match[str]) -> str:
    """The match and the part of its URL that stands before it.

    Looked for backwards: a pattern that begins with any URL character tries at
    every character of a page.
    """
    start = found.start()
    before = _BEFORE.search(found.string[max(0, start - _BEFORE_CHARACTERS) : start])
    return html.unescape((before[0] if before else "") + found[0])


def _vsb(found: re.Match[str]) -> str:
    base = "/system/resource/code/news/click/dynclicks.jsp"
    return f"{base}?clickid={found['id']}&owner={found['owner']}&clicktype={found['type']}"


def _jeecms(found: re.Match[str]) -> str:
    return f"{(found['base'] or '').rstrip('/')}/content_view.jspx?contentId={found['id']}"


_FORMS = (
    _form("empirecms", "viewclick", r"/?e/public/ViewClick/?\?"),
    _form("xunrui", "m=hits", r"index\.php\?s=api&(?:amp;)?c=module&[^\"'\s<>]{0,80}m=hits"),
    _form("xunrui", "m=hits", r"index\.php\?c=api&(?:amp;)?m=hits"),
    _form("phpcms", "op=count", r"api\.php\?op=count"),
    _form("dedecms", "plus/count.php", r"plus/count\.php\?"),
    _Form(
        "vsb",
        "_showdynclicks",
        re.compile(
            r"""_showDynClicks\(\s*["'](?P<type>\w+)["']\s*,\s*["']?(?P<owner>\d+)["']?\s*,\s*["']?(?P<id>\d+)["']?"""
        ),
        _vsb,
    ),
    _form("vsb", "dynclicks.jsp", r"dynclicks\.jsp\?"),
    _form("jeecms", "content_view.jspx", r"content_view\.jspx\?"),
    _Form(
        "jeecms",
        "cms.viewcount",
        re.compile(r"""Cms\.viewCount\(\s*["'](?P<base>[^"']*)["']\s*,\s*["']?(?P<id>\d+)"""),
        _jeecms,
    ),
    _form("kesion", "gethits.asp", r"item/GetHits\.asp\?"),
    _form("powereasy", "gethits.asp", r"GetHits\.asp\?"),
    _form("jcms", "articlehits.jsp", r"articlehits\.jsp\?"),
    _form("dtcms", "submit_ajax.ashx", r"tools/submit_ajax\.ashx\?action=view_article_click"),
    _form(
        "generic",
        "",
        r"(?:clicknum|showHits|getClick\w*|hits?count|clickcount|viewcount|"
        r"article_?click)\.(?:jsp|aspx?|php|do|ashx)\?",
    ),
    _form("generic", "asp/number.asp", r"Asp/Number\.Asp\?"),
    _form("generic", "modelcount", r"ModelCount/?\?"),
    _form("generic", "inc/gethits.asp", r"inc/gethits\.asp\?"),
    _form("generic", "pro_view.aspx", r"check/pro_view\.aspx\?"),
    _form("generic", "ajaxarticleclick", r"labelfile/NotPage/AjaxArticleClick/?[?\w]"),
    _form(
        "generic",
        "",
        r"(?:/hits|/click|/viewnum|/getHits)(?:\.\w{2,4})?\?(?:[^\"'\s<>]*&)?(?:id|aid|articleid|"
        r"newsid|contentid)=",
    ),
)
_CUES = tuple(
    """ViewClick hits Hits op=count count.php lick content_view viewCount Number.Asp ModelCount pro_view
    view_article""".split()
)
_SSCMS = re.compile(r"""["'](?P<url>[^"'\s]*/(?:api/)?stl/actions/hits[^"'\s]*)["']""")
_SSCMS_FIELD = re.compile(
    r"""["']?(?P<name>siteId|channelId|contentId|autoIncrease)["']?\s*:\s*["']?(?P<value>\d+|true|false)""",
    re.IGNORECASE,
)


def find_counter(text: str, url: str) -> Counter | None:
    """The counter request that a page's source holds, or None.

    >>> find_counter('<script src="/e/public/ViewClick/?classid=9&id=4&addclick=1">', "http://a.cn/x.html").url
    'http://a.cn/e/public/ViewClick/?classid=9&id=4&addclick=1'
    >>> find_counter("<p>没有计数器</p>", "http://a.cn/x.html") is None
    True
    """
    if not any(cue in text for cue in _CUES):
        return None
    sscms = _SSCMS.search(text)
    if sscms is not None:
        return _post(sscms, text, url)
    lowered = text.lower()
    for form in _FORMS:
        if form.cue not in lowered:
            continue
        for found in form.found.finditer(text):
            request = form.request(found)
            if _asks_for_article(request):
                return Counter(url=urljoin(url, request), family=form.family)
    return None


def _asks_for_article(request: str) -> bool:
    """Batch requests and counters of lists or files are none of ours, and neither is a call without an id."""
    if re.search(r"wbnewsfile|clicktimes|dynclicksbatch|[?&]down=[1-9]", request):
        return False
    return re.search(r"=\d+|=[0-9a-f-]{16,}|/\d+", request) is not None


def _post(found: re.Match[str], text: str, url: str) -> Counter | None:
    """SiteServer's counter takes a POST whose arguments stand inline near its address."""
    near = text[max(0, found.start() - 1500) : found.end() + 1500]
    fields: dict[str, int | bool] = {}
    for field in _SSCMS_FIELD.finditer(near):
        value = field["value"].lower()
        fields[field["name"]] = value == "true" if value in ("true", "false") else int(value)
    if "contentId" not in fields:
        return None
    return Counter(url=urljoin(url, found["url"]), family="sscms", method="POST", body=json.dumps(fields))


_WRITTEN = re.compile(r"""document\.write(?:ln)?\(\s*['"]?\s*(?P<count>\d+)\s*['"]?\s*\)""")
_FILLED = re.compile(r"""#?hits['"]?\)\.(?:html|text)\(\s*['"]?(?P<count>\d+)""")
_ANY_FILLED = re.compile(r"""\)\.(?:html|text)\(\s*['"]?(?P<count>\d+)|innerHTML\s*=\s*['"]?(?P<inner>\d+)""")
_BARE = re.compile(r"\s*(?P<count>\d{1,10})\s*")
_JSONP = re.compile(r"^\s*[\w.$]*\s*\(\s*(?P<json>[\[{].*[\]}])\s*\)\s*;?\s*$", re.DOTALL)
_KEYS = ("value", "hits", "views", "wbshowtimes", "click", "clicks", "count", "msg", "data", "num", "total")


def read_counter(counter: Counter, text: str) -> int | None:
    """The number of hits in a counter's answer; None when it tells none.

    XunRui answers its number in ``msg``, as a number or, when the visit was
    already counted, as a string; ``code`` 0 is its error.

    >>> read_counter(Counter(url="", family="empirecms"), "document.write('4');")
    4
    >>> read_counter(Counter(url="", family="xunrui"), 'cb({"code":0,"msg":"模块内容不存在"})') is None
    True
    """
    text = text.strip().lstrip("\ufeff")
    if len(text) > 4000 or "<html" in text[:300].lower():
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
    except ValueError:
        return None
    if isinstance(answer, list):
        return _count(answer[0]) if answer else None
    if not isinstance(answer, dict) or (answer.get("code") in (0, "0") and "msg" in answer):
        return None
    for key in _KEYS:
        found = _count(answer.get(key))
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

"""Write events as the text and the Markdown of robots, so that a title can steer neither.

Titles come from web pages. The Markdown of the robots has no escape that their documents
promise, so a sign that could begin a link, a mention or a tag is shown in full width.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from unioncrawl.guard.web_address import is_web_link
from unioncrawl.service.channels.message import Item, Shown

# Signs of links, mentions (<@all>, @所有人), tags, emphasis, code, headings and quotes.
_STEERING = str.maketrans("<>[]()`*_~#|\\@!&", "＜＞［］（）｀＊＿～＃｜＼＠！＆")
# What makes a mention or a tag in messages of plain text too.
_TAGS = str.maketrans("<>@&", "＜＞＠＆")
# Clients make links of addresses that stand in a text.
_ADDRESS = re.compile(r"(?i)://|\b(www)\.")
_BEGINNING = re.compile(r"^(?:[-+=]|\d+[.)]\s)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
# In a link's address these would end it.
_LINK_SAFE = "/:?#@!$&'*+,;=%~-._"


def one_line(text: str) -> str:
    r"""Return a text without line ends, controls and signs that turn the direction of writing.

    >>> one_line("市总工会\n\x1b[2J召开\u202e会议"), one_line("召开会议")
    ('市总工会 [2J召开 会议', '召开会议')
    """
    return _CONTROL.sub(" ", text).strip()


def plain_words(text: str) -> str:
    """Return a text for a message of plain text: no mention, no tag, no link.

    >>> plain_words("<at user_id=all>所有人 http://evil.cn")
    '＜at user_id=all＞所有人 http:／／evil.cn'
    >>> plain_words("全国总工会召开会议（第3次）")
    '全国总工会召开会议（第3次）'
    """
    return _ADDRESS.sub(_no_link, one_line(text).translate(_TAGS))


def markdown_words(text: str) -> str:
    r"""Return a text for a message of Markdown: it shows as it stands, and does nothing.

    >>> markdown_words("[领奖](http://evil.cn)<@all>**重要**")
    '［领奖］（http:／／evil.cn）＜＠all＞＊＊重要＊＊'
    >>> markdown_words("送清凉"), markdown_words("- 送清凉") == "\u200b- 送清凉"
    ('送清凉', True)
    """
    words = _ADDRESS.sub(_no_link, one_line(text).translate(_STEERING))
    # A line that begins like a list, a rule or a heading would be one.
    return _BEGINNING.sub(lambda found: f"\u200b{found[0]}", words)


def _no_link(found: re.Match[str]) -> str:
    return f"{found[1]}．" if found[1] else ":／／"


def link_address(url: str) -> str:
    """Return an address for a link, with nothing that ends a link; empty for what may be no link.

    >>> link_address("http://a.cn/新闻(1).html")
    'http://a.cn/%E6%96%B0%E9%97%BB%281%29.html'
    >>> link_address("javascript:alert(1)")
    ''
    """
    return quote(url, safe=_LINK_SAFE) if is_web_link(url) else ""


def write_markdown(heading: str, shown: Shown, *, links: bool = True) -> str:
    """Write a message as Markdown that 企业微信 and 钉钉 read alike: bold, links, quotes."""
    parts = [f"**{markdown_words(heading)}**"]
    for item in shown.items:
        title, url = markdown_words(item.title), link_address(item.url) if links else ""
        lines = [f"[{title}]({url})" if url else f"**{title}**"]
        lines += [f"> {markdown_words(line)}" for line in item.lines]
        # 钉钉 ends a line at two blanks alone.
        parts.append("  \n".join([*lines, f"> {_number(item, shown.language)}"]))
    return "\n\n".join([*parts, *filter(None, [shown.tail])])


def write_text(heading: str, shown: Shown, *, links: bool = True) -> str:
    """Write a message as plain text, addresses on lines of their own."""
    parts = [plain_words(heading)]
    for item in shown.items:
        url = link_address(item.url) if links else ""
        lines = [plain_words(line) for line in (item.title, *item.lines)]
        parts.append("\n".join([*lines, *filter(None, [url]), _number(item, shown.language)]))
    return "\n\n".join([*parts, *filter(None, [shown.tail])])


def _number(item: Item, language: str) -> str:
    return f"event {item.event_id}" if language == "en" else f"编号 {item.event_id}"

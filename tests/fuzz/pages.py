"""Pages built from choices: what union sites print, what mirrors break, what an attacker would write."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random

from bench.material.damage_kinds import TRANSPORT, annotated_sets
from bench.material.paragraphs import own_paragraphs
from tests.fuzz.choices import Choices
from unioncrawl.model import RawPage
from unioncrawl.page.labels import LABELS
from unioncrawl.repair.mirror_model.forward import Decoder, Mirror, damage

MAX_PAGE_CHARACTERS = 100_000
_NAMES = [name for names in LABELS.values() for name in names.split()]
_VALUES = (
    *("2024-04-08", "2024/4/8 9:32:34", "二〇二四年五月六日", "5月6日", "3小时前", "昨天", "24年4月8日"),
    *("2024-02-30", "0001-01-01", "9999-12-31 23:59", "2024-04-08T09:32:34+14:00", "民国113年4月8日"),
    *("1,234次", "1.2万", "10万+", "--", "加载中", "9" * 31, "０１２３", "-5", "1e9", "٣", "²", "①"),
    *("李方", "工人日报", "记者 李方 通讯员 王小丫", "文/图 张三", "雁川市总工会", "（李方）", "摄影：赵岩"),
)
_SIGNS = ("：", ":", "", " ", "　", "/", "丨", "】", "〖", "&nbsp;", "\n", "<br>", "</span><span>", "\ufeff")
_ADDRESSES = (
    *("/xw/2024/0408/12.html", "12.html", "?id=12", "//e.example/1", "http://a.example/xw/12.html", "#", ""),
    *(
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://[1/",
        "http://a:b/",
        "data:text/html,x",
        "http://",
    ),
    *(
        "http://a.example:99999/",
        "ftp://a.example/1",
        " \t/x\n",
        "/工会/新闻.html?题=会",
        "http://\ud800.cn/",
    ),
    *("\\\\e\\x", "http://a.example/%zz/%e5", "/e/public/ViewClick/?classid=9&id=12&addclick=1"),
)
_SCRIPTS = (
    "document.write('12');",
    "$.post('/hits', {id: 12, num: 'x'}, function(d){$('#hits').html(d)})",
    "$.ajax({url:'/api/hits?id=12',type:'post',data:{id:aid}}); var aid = 12;",
    '_showDynClicks("wbnews", 1234, 12)',
    'Cms.viewCount("/a", 12)',
    'url: "/api/stl/actions/hits", siteId: 1, channelId: 2, contentId: 12',
    "createPageHTML(9, 1, 'index', 'html');",
    "location.href='/index.html'",
    "</scr" + "ipt><b>",
)
_TAGS = (
    *("p", "div", "span", "b", "td", "tr", "table", "ul", "li", "h1", "h2", "blockquote", "a", "font", "pre"),
    *("center", "section", "article", "script", "style", "noscript", "template", "svg", "math", "title"),
    *("textarea", "select", "option", "iframe", "xmp", "plaintext", "marquee", "x-y", "o:p", "figure", "dl"),
)
_CLASSES = ("", "content", "info", "nav", "footer", "list", "title", "TRS_Editor", "pages", "sidebar", "工会")
_RAW_PIECES = (
    *("<!--", "-->", "<![CDATA[", "]]>", "<?xml", "&", "&#", "&#xd800;", "&#1114112;", "&lt;script&gt;", "<"),
    *("</html>", "</body>", "<br>", "<hr/>", "\0", "\ufeff", "\u202e", "\ud83d", "\uffff", "\x1f", "(", "（"),
    *(
        "<!--ZJEG_RSS.信息内容.begin-->",
        "<record><![CDATA[<a href=1>x</a>]]></record>",
        "上一页 1 2 3 下一页",
    ),
    *("责任编辑：李方", "来源：工人日报", "点击：", "发布时间：", "打印 关闭", "共3页", "【字体：大 中 小】"),
)
ENCODINGS = (
    "utf-8",
    "gb18030",
    "gbk",
    "big5hkscs",
    "utf-16",
    "utf-16-be",
    "hz",
    "latin-1",
    "cp1252",
    "utf-7",
)
_CHARSETS = (
    *ENCODINGS,
    "",
    "gb2312",
    "x-gbk",
    "undefined",
    "rot13",
    "utf-32",
    "base64",
    "idna",
    "工",
    "\x00",
)


@cache
def _paragraphs() -> list[str]:
    return own_paragraphs(60, seed=20261127)


@cache
def _mirrors() -> list[Mirror]:
    annotated = annotated_sets("\n".join(_paragraphs()), Random(1))  # noqa: S311 - seeded
    return [
        Mirror(annotated, decoder, narrow, cut_marks=cuts)
        for decoder in Decoder
        for narrow in (False, True)
        for cuts in (Mirror.cut_marks, "")
    ]


def damaged_text(choices: Choices) -> str:
    """A paragraph, whole or in part, damaged in up to two ways, or signs of damage alone."""
    text = choices.pick(_paragraphs())
    start = choices.integer(0, len(text))
    part = text[start : start + choices.integer(0, 120)]
    for _ in range(choices.integer(0, 2)):
        part = _damaged(part, choices)
    return text[:start] + part + choices.pick(("", text[start : start + 30]))


def _damaged(text: str, choices: Choices) -> str:
    if choices.flag():
        return damage(text, choices.pick(_mirrors()))
    rng = Random(choices.integer(0, 255))  # noqa: S311 - seeded damage
    try:
        return TRANSPORT[choices.pick(sorted(TRANSPORT))](text, rng)
    except UnicodeEncodeError:  # damage that this damage can't come over
        return text


def repeated(piece: str, choices: Choices) -> str:
    """The piece, now and then so often that whatever is not linear shows."""
    if not piece or not choices.one_in(24):
        return piece
    most = min(choices.pick((3, 40, 1_000, 50_000)), 60_000 // len(piece))
    return piece * max(1, most)


def _labelled(choices: Choices) -> str:
    value = choices.pick(_VALUES) if choices.integer(0, 3) else choices.text()
    return choices.pick(_NAMES) + choices.pick(_SIGNS) + value + choices.pick(_SIGNS)


def _link(choices: Choices) -> str:
    title = choices.pick(_paragraphs())[: choices.integer(2, 24)]
    date = choices.pick(_VALUES) if choices.flag() else ""
    return f'<li><a href="{address(choices)}" title="{title}">{title}</a><span>{date}</span></li>'


def address(choices: Choices) -> str:
    """An address that a page may print."""
    return choices.pick(_ADDRESSES) if choices.integer(0, 4) else choices.text()


def _script(choices: Choices) -> str:
    text = choices.pick(_SCRIPTS) if choices.integer(0, 3) else choices.text(60)
    source = f' src="{address(choices)}"' if choices.flag() else ""
    return f"<script{source}>{text}</script>"


def _picture(choices: Choices) -> str:
    return f'<img src="{address(choices)}" alt="{choices.text(8)}"><p align=center>{choices.text(12)}</p>'


def _raw(choices: Choices) -> str:
    return choices.pick(_RAW_PIECES)


def _any(choices: Choices) -> str:
    return choices.text(40)


_PIECES: tuple[Callable[[Choices], str], ...] = (
    *(damaged_text, damaged_text, _labelled, _labelled, _link, _script, _picture, _raw, _any),
)


def markup(choices: Choices, depth: int = 0) -> str:
    """Some markup: pieces within elements, which are not always closed."""
    pieces: list[str] = []
    length = 0
    while not choices.is_used_up and length < MAX_PAGE_CHARACTERS and len(pieces) < 12:
        deeper = depth < 6 and choices.one_in(3)
        piece = _element(choices, depth + 1) if deeper else choices.pick(_PIECES)(choices)
        pieces.append(repeated(piece, choices)[: MAX_PAGE_CHARACTERS - length])
        length += len(pieces[-1])
    return "".join(pieces)


def _element(choices: Choices, depth: int) -> str:
    tag, name = choices.pick(_TAGS), choices.pick(_CLASSES)
    opening = f'<{tag} class="{name}">' if name else f"<{tag}>"
    return opening + markup(choices, depth) + ("" if choices.one_in(8) else f"</{tag}>")


def page_text(choices: Choices) -> str:
    """The source of a page: a head, mostly a headline with its line and text, then anything."""
    title = choices.pick(_paragraphs())[: choices.integer(0, 40)]
    head = f"<meta charset='{choices.pick(_CHARSETS)}'><title>{title}-雁川市总工会</title>"
    if choices.one_in(6):
        head += f'<base href="{address(choices)}"><meta name="{choices.text(9)}" content="{choices.text(9)}">'
    if choices.one_in(4):
        return f"<html><head>{head}</head><body>{markup(choices)}"
    line = "".join(_labelled(choices) for _ in range(choices.integer(0, 4)))
    body = "".join(f"<p>{damaged_text(choices)}</p>" for _ in range(choices.integer(1, 5)))
    return (
        f"<html><head>{head}</head><body><h1>{title}</h1><div class=info>{line}</div>"
        f"<div class=content>{body}{markup(choices)}</div></body></html>"
    )


def encoded(text: str, choices: Choices) -> bytes:
    """The source in some encoding, now and then with bytes lost or changed."""
    codec = choices.pick(ENCODINGS) if choices.flag() else "utf-8"
    body = bytearray(text.encode("utf-8", "replace").decode().encode(codec, "ignore"))
    for _ in range(choices.integer(0, 3) if choices.one_in(3) else 0):
        place = choices.integer(0, 0xFFFF)
        if place < len(body):
            body[place : place + choices.integer(0, 1)] = choices.raw(1)
    return bytes(body[: choices.integer(0, 0xFFFF)] if choices.one_in(20) else body)


def page_headers(choices: Choices) -> tuple[tuple[str, str], ...]:
    """The response's headers: mostly a content type."""
    if not choices.flag():
        return ()
    return (("content-type", f"text/html; charset={choices.pick(_CHARSETS)}"),)


URLS = (
    *("http://a.example/xw/2024/0408/12.html", "https://www.a.example/", "http://a.example/list.jsp?id=12"),
    *("http://a.example/gate/big5/b.example/1.html", "http://[1/", "http://a.example:x/1", "urn:1", ""),
    *(
        "http://a.example/工会.html?题=会#!/x",
        "http://a.example/index.php?c=show&id=12",
        "//a.example/12.html",
    ),
)


def raw_page(choices: Choices) -> RawPage:
    """A response of a union's site."""
    url = choices.pick(URLS[:3]) if choices.integer(0, 3) else choices.pick(URLS)
    status = choices.pick((200, 200, 200, 200, 404, 412, 521)) if choices.one_in(8) else 200
    headers = page_headers(choices)
    return RawPage(url=url, status=status, headers=headers, body=encoded(page_text(choices), choices))

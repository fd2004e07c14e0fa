"""The table of poisons: values that no column holds, each in the field of one article or row."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.guard.hostile import Answer, page
from tests.guard.stories import article, body_of, hits_of, title_of

HUGE = "9" * 31
LONG = "8" * 5000
MEGABYTE = "工会" * (1 << 19)
_DATE = "发布时间：{} 来源：市总工会 点击：5次"
POISONED = 5


def _line(text: str) -> Answer:
    return page(article(POISONED, "毒", line=text))


def _dated(text: str) -> Answer:
    return _line(_DATE.format(text))


def _stamped(text: str) -> Answer:
    head = f'<meta property="article:published_time" content="{text}"><meta name="pubdate" content="{text}">'
    return page(article(POISONED, "毒", head=head, line="来源：市总工会"))


def _titled(text: str) -> Answer:
    return page(article(POISONED, "毒").replace(title_of(POISONED, "毒"), text))


def _described(**fields: str) -> Answer:
    metadata = json.dumps({"@type": "NewsArticle", **fields})
    return page(
        article(
            POISONED, "毒", head=f'<script type="application/ld+json">{metadata}</script>', line="市总工会"
        )
    )


def _within(text: str) -> Answer:
    return page(article(POISONED, "毒").replace("</div></body>", f"{text}</div></body>"))


def _headed(name: str, value: bytes) -> Answer:
    return page(article(POISONED, "毒"), headers=((name, value),))


def _typed(value: bytes) -> Answer:
    return Answer(article(POISONED, "毒").encode(), content_type=value)


# Name -> the page of the poisoned article.
PAGES: dict[str, Callable[[], Answer]] = {
    "hits-huge": lambda: _line(f"发布时间：2025-03-02 09:30 来源：市总工会 点击：{HUGE}次"),
    "hits-long": lambda: _line(f"发布时间：2025-03-02 09:30 来源：市总工会 点击：{LONG}次"),
    "hits-unit": lambda: _line(f"发布时间：2025-03-02 09:30 来源：市总工会 点击：{HUGE}亿次"),
    "hits-just-too-many": lambda: _line("发布时间：2025-03-02 09:30 来源：市总工会 点击：1000000000001次"),
    "hits-column-size": lambda: _line(
        "发布时间：2025-03-02 09:30 来源：市总工会 点击：9223372036854775808次"
    ),
    "year-1": lambda: _dated("0001-01-01 00:00"),
    "year-9999": lambda: _dated("9999-12-31 23:59:59"),
    "day-24": lambda: _dated("2025-03-02 24:00"),
    "day-none": lambda: _dated("2025-02-30 09:30"),
    "stamp-1": lambda: _stamped("0001-01-01T00:00:00+14:00"),
    "stamp-9999": lambda: _stamped("9999-12-31T23:59:59-12:00"),
    "stamp-number": lambda: _stamped(HUGE),
    "stamp-long": lambda: _stamped(f"{LONG}-01-01"),
    "described-surrogate": lambda: _described(headline="\ud800", author="\udfff", datePublished="\ud800"),
    "described-dates": lambda: _described(datePublished="0001-01-01T00:00:00+14:00", headline="\x00"),
    "described-deep": lambda: page(
        article(
            POISONED, "毒", head=f'<script type="application/ld+json">{"[" * 50_000}{"]" * 50_000}</script>'
        )
    ),
    "title-surrogate": lambda: _titled("市总工会&#xD800;开会&#57343;"),
    "title-raw-surrogate": lambda: _titled("市总工会\ud800开会"),
    "title-nul": lambda: _titled("市总工会&#0;开\x00会"),
    "title-noncharacter": lambda: _titled("市总工会\ufffe开\uffff会&#x1FFFF;&#x110000;"),
    "title-long": lambda: _titled(MEGABYTE),
    "source-nul": lambda: _line("发布时间：2025-03-02 09:30 来源：工人\x00日报&#xDFFF; 作者：王&#xD800;"),
    "source-long": lambda: _line(f"发布时间：2025-03-02 09:30 来源：{MEGABYTE}"),
    "body-surrogate": lambda: _within("<p>市总工会&#xD83D;送清凉\x00&#xFFFE;，慰问一线职工。</p>"),
    "images": lambda: _within("<img src='/a.jpg' alt='工会'>" * 10_000),
    "image-address": lambda: _within(f"<img src='/{'a' * 100_000}.jpg'><img src='http://[::'>"),
    "image-surrogate": lambda: _within("<p><img src='/a&#xD800;.jpg' alt='&#xDC00;'></p>"),
    "attachment": lambda: _within("<p><a href='/&#xD800;\x00.doc'>附件&#xD800;.doc</a></p>"),
    "attributes": lambda: _within(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>工会</p>"),
    "nested": lambda: _within("<div>" * 100_000),
    "nested-inline": lambda: _within("<b><font><span>" * 30_000 + "工会"),
    "links": lambda: _within("<a href='/x.html'>工会</a>" * 50_000),
    "header-latin": lambda: _headed("X-Powered-By", b"\xff\xfe\x80\xe4"),
    "header-type": lambda: _typed(b"text/html; charset=\xff\xfe"),
    "charset-undefined": lambda: _typed(b"text/html; charset=undefined"),
    "charset-idna": lambda: _typed(b"text/html; charset=idna"),
    "charset-rot13": lambda: _typed(b"text/html; charset=rot13"),
    "charset-nul": lambda: _typed(b"text/html; charset=utf-8\x0b"),
    "charset-long": lambda: _typed(b"text/html; charset=" + b"x" * 10_000),
    "coding-unknown": lambda: _headed("Content-Encoding", b"no-such-coding, gzip"),
    "coding-false": lambda: _headed("Content-Encoding", b"gzip"),
    "etag": lambda: _headed("ETag", b'"\xff\x80"'),
    "modified": lambda: _headed("Last-Modified", b"Mon, 99 Foo 99999 99:99:99 GMT"),
    "date-header": lambda: _headed("Date", b"Mon, 01 Jan 0001 00:00:00 +9999"),
    "cookie": lambda: _headed(
        "Set-Cookie", b"a=\xff\x00; expires=Mon, 01 Jan 99999 00:00:00 GMT; max-age=1e99"
    ),
    "moved-junk": lambda: Answer(b"", 302, (("Location", b"http://\xff\xfe\x80[/"),)),
    "status-999": lambda: page(article(POISONED, "毒"), 999),
    "empty": lambda: Answer(b""),
    "nul-bytes": lambda: Answer(b"\x00" * 100_000),
}

# Name -> what the counter of the poisoned article answers.
COUNTERS: dict[str, bytes] = {
    "counter-huge": f"document.write('{HUGE}');".encode(),
    "counter-json-huge": f'{{"hits": {HUGE}}}'.encode(),
    "counter-json-long": f'{{"hits": {LONG[:3900]}}}'.encode(),
    "counter-json-text": f'{{"hits": "{HUGE}"}}'.encode(),
    "counter-infinity": b'{"hits": Infinity, "views": NaN}',
    "counter-exponent": b'{"hits": 1e400, "num": 1e30}',
    "counter-negative": b'{"hits": -5}',
    "counter-surrogate": rb'{"hits": "\ud800", "msg": "\udfff"}',
    "counter-nul": b"\x0012\x00",
    "counter-deep": b"[" * 3900,
    "counter-bytes": b"\xff\xfe\x80\x81",
}


def poisoned_by_counter(name: str) -> Answer:
    """The article whose counter lies at ``/NAME/hits?id=5``."""
    script = f'点击：<script src="/{name}/hits?id=5"></script>'
    return page(article(POISONED, "毒", after=script, line="发布时间：2025-03-02 09:30 来源：市总工会"))


def good_row(number: int) -> dict[str, Any]:
    """A row of an old table that nothing is wrong with."""
    return {
        "url": f"http://old.union.test/20250301/{number}.html",
        "title": title_of(number, "旧"),
        "published_raw": f"2025-03-{1 + number % 28:02d} 09:30",
        "hits_raw": str(hits_of(number)),
        "source": "市总工会",
        "body_text": "\n".join(body_of(number, "旧")),
    }


# Field -> the values that a row is poisoned with in turn.
_TEXTS = ("\ud800", "a\x00b", "\ufffe\uffff", MEGABYTE)
VALUES: dict[str, tuple[Any, ...]] = {
    "url": (*_TEXTS, "http://a/" + "x" * 100_000, "http://[::", "javascript:alert(1)", 10**30, None),
    "title": (*_TEXTS, 10**30, [1], {"a": 1}),
    "published_raw": (
        *_TEXTS,
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "24:00",
        LONG,
        10**30,
    ),
    "hits_raw": (*_TEXTS, HUGE, LONG, 10**30, -5, "1000000000001", 1.5e300),
    "source": _TEXTS,
    "body_text": (*_TEXTS, 10**30),
}


def bad_rows() -> list[dict[str, Any]]:
    """Rows with one poison each."""
    rows: list[dict[str, Any]] = []
    for name, values in VALUES.items():
        for value in values:
            number = 100 + len(rows)
            rows.append({**good_row(number), name: value})
    return rows

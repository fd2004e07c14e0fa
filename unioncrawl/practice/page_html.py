"""HTML pieces that several practice sites print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import TypeVar

from unioncrawl.practice.listener import Response
from unioncrawl.practice.stories import PICTURE, Story

T = TypeVar("T")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
# What a dynamic-script firewall sends instead of the page: field notes 4.2.
CHALLENGE = (
    b'<!DOCTYPE html><html><head><meta charset="utf-8"><script type="text/javascript">'
    b"$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=41207;$_ts.cd=\"qEWxrrAqmqEqDkqtHAlf\";_$qG();"
    b'</script><script type="text/javascript" charset="utf-8" src="/9GmPXv2/rK3d.b8c1.js"></script>'
    b"</head><body></body></html>"
)


def body_html(lines: Iterable[str]) -> str:
    """Paragraphs and pictures of one page of a story."""
    return "".join(_line_html(line) for line in lines)


def _line_html(line: str) -> str:
    if not line.startswith(PICTURE):
        text = _BOLD.sub(r"<strong>\1</strong>", escape(line, quote=False))
        return f"<p>{text}</p>\n"
    path, _, caption = line.removeprefix(PICTURE).partition(" ")
    picture = f'<p style="text-align:center"><img src="{path}" alt="" /></p>\n'
    return picture + f'<p style="text-align:center">{escape(caption)}</p>\n' if caption else picture


def attachments_html(story: Story) -> str:
    """The list of files under the text; empty without files."""
    return "".join(f'<p>附件：<a href="{path}">{escape(name)}</a></p>\n' for path, name in story.attachments)


def page_slice(items: Sequence[T], page: int, per_page: int) -> Sequence[T]:
    """The entries of one list page, counted from 1; beyond the end the list is empty."""
    return items[(page - 1) * per_page : page * per_page]


def page_count(items: Sequence[object], per_page: int) -> int:
    """How many list pages there are, at least one."""
    return max(1, -(-len(items) // per_page))


def slashed(moment: datetime) -> str:
    """A date as Chinese Windows prints it.

    >>> slashed(datetime(2024, 4, 8, 9, 32, 34))
    '2024/4/8 9:32:34'
    """
    return f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment:%M:%S}"


def html_response(html: str, *, content_type: str, encoding: str = "utf-8", status: int = 200) -> Response:
    """A page in the bytes of ``encoding``; characters it lacks become references."""
    body = html.encode(encoding, errors="xmlcharrefreplace")
    return Response(body=body, status=status, headers=(("Content-Type", content_type),))


def challenge_response() -> Response:
    """The tiny script page with status 412."""
    return Response(body=CHALLENGE, status=412, headers=(("Content-Type", "text/html; charset=utf-8"),))


def content_type(story: Story, usual: str) -> str:
    """The story's Content-Type: the site's usual one, or another charset, or none."""
    if story.header_charset is None:
        return usual
    return f"text/html; charset={story.header_charset}" if story.header_charset else "text/html"


def meta_charset(story: Story, usual: str) -> str:
    """The meta element that declares the charset; empty when the story declares no charset."""
    charset = usual if story.meta_charset is None else story.meta_charset
    return f'<meta http-equiv="Content-Type" content="text/html; charset={charset}" />' if charset else ""

"""One site of the world: its life as drawn from a seed, and its answer to a request at a time."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from bench.soak_world.faults import CERTIFICATE, Fault, fault_at
from bench.soak_world.looks import Look
from bench.soak_world.pages import PER_PAGE, Around, Shown, article_page, list_page, message_page, pager_of
from bench.soak_world.stories import Story

GONE_TEXT = "您访问的信息不存在或已被删除！"
# What pages say in a fault: status, text, and whose name stands below.
_MESSAGES: Mapping[str, tuple[int, str, str]] = {
    "login": (200, "请使用手机验证码登录后继续访问网络。", "无线网络认证"),
    "blocked": (403, "您的访问请求可能对网站造成威胁，请求已被云防护系统拦截。", "云防护"),
    "database-error": (
        200,
        "Microsoft OLE DB Provider for SQL Server 错误 '80004005' 不能打开数据库连接",
        "",
    ),
    "parked": (200, "该域名正在出售，有意者请联系。", ""),
}
_ROBOTS = b"User-agent: *\nDisallow: /admin/\n"
_OTHERS = 6


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; ``act`` is ``hang`` or ``reset`` where there is none."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    act: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """A look from a time on, and the kind of redesign that brought it (empty at the beginning)."""

    start: datetime
    look: Look
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Site:
    """A site's whole life."""

    site_id: str
    name: str
    column_names: tuple[str, str]
    stories: tuple[Story, ...]
    periods: tuple[Period, ...]
    faults: tuple[Fault, ...]
    resets: tuple[datetime, ...]
    # Old articles that the lists always show first.
    pinned: int = 0
    _articles: dict[int, dict[str, Story]] = field(default_factory=dict, repr=False, compare=False)
    _lists: dict[int, dict[str, tuple[int, int]]] = field(default_factory=dict, repr=False, compare=False)

    # Time

    def number_of_period(self, at: datetime) -> int:
        """Return the number of the period of a time."""
        return max(0, bisect_right([one.start for one in self.periods], at) - 1)

    def look(self, at: datetime) -> Look:
        """Return the look of a time."""
        return self.periods[self.number_of_period(at)].look

    def fault(self, at: datetime) -> Fault | None:
        """Return what is wrong at a time; None while nothing is. A certificate is asked for by itself."""
        return fault_at(self.faults, at)

    def has_expired(self, at: datetime) -> bool:
        """Whether its certificate has run out."""
        return any(fault.kind == CERTIFICATE and fault.holds(at) for fault in self.faults)

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Every host that it ever has."""
        return frozenset(one.look.host for one in self.periods)

    def is_resolved(self, host: str, at: datetime) -> bool:
        """Whether the name of one of its hosts leads anywhere at a time."""
        if (fault := self.fault(at)) and fault.kind in ("dns", "closed", "network"):
            return False
        return any(one.look.host == host and one.start <= at for one in self.periods)

    # Addresses

    def articles_of(self, number: int) -> Mapping[str, Story]:
        """Return every article by its address in a period, below the host."""
        if number not in self._articles:
            look = self.periods[number].look
            self._articles[number] = {
                look.article_path(one.column, one.index, one.printed_at): one for one in self.stories
            }
        return self._articles[number]

    def visible(self, column: int, at: datetime) -> list[Story]:
        """Return what a list shows at a time: pinned ones, then the newest by the printed date."""
        shown = [one for one in self.stories if one.column == column and one.is_visible(at)]
        shown.sort(key=lambda one: one.printed_at, reverse=True)
        pinned = [one for one in shown if one.index in self.pinned_numbers(column)]
        return pinned + [one for one in shown if one not in pinned]

    def pinned_numbers(self, column: int) -> set[int]:
        """Return the numbers of a column's pinned articles: its oldest ones."""
        return set([one.index for one in self.stories if one.column == column][: self.pinned])

    def list_place(self, number: int, target: str, at: datetime) -> tuple[int, int] | None:
        """Return which column's list, and which page of it, an address names; None where it names none."""
        look = self.periods[number].look
        for column in (0, 1):
            pages = max(1, -(-len(self.visible(column, at)) // PER_PAGE))
            for page in range(1, pages + 1):
                if look.list_path(column, page, pages) == target:
                    return column, page
        return None

    # Answers

    def answer(self, url: str, headers: Mapping[str, str], at: datetime) -> Reply:
        """Return the answer to a request at a time."""
        parts = urlsplit(url)
        if (failed := self._failed(at)) is not None:
            return failed
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        look = self.look(at)
        old = next((one.look for one in self.periods if one.look.host == parts.hostname), look)
        if parts.hostname != look.host or parts.scheme != look.protocol:
            if parts.hostname == look.host and look.protocol == "http":
                return Reply(act="reset")
            return self._moved(target, old, look, at)
        if parts.path == "/robots.txt":
            return Reply(_ROBOTS, 200, (("Content-Type", "text/plain"),))
        return self._page(target, headers, at)

    def _failed(self, at: datetime) -> Reply | None:
        """Return what a fault answers; None while nothing is wrong."""
        fault, look = self.fault(at), self.look(at)
        if fault is None:
            return None
        html = (("Content-Type", f"text/html; charset={look.charset}"),)
        if fault.kind in _MESSAGES:
            status, text, name = _MESSAGES[fault.kind]
            return Reply(message_page(look, text, name), status, html)
        if fault.kind.startswith("status-"):
            return Reply(b"<h1>Service Unavailable</h1>", int(fault.kind[-3:]), html)
        if fault.kind == "empty":
            return Reply(b"", 200, html)
        return Reply(act="hang" if fault.kind == "timeout" else "reset")

    def _moved(self, target: str, old: Look, look: Look, at: datetime) -> Reply:
        """Return the redirect of an address at an old host or protocol, to the same article if it can be."""
        if old.scheme != look.scheme:
            found = self._old_article(target)
            target = self._path(found, at) if found else "/"
        return Reply(b"", 301, (("Location", f"{look.base}{target}"), ("Content-Type", "text/html")))

    def _page(self, target: str, headers: Mapping[str, str], at: datetime) -> Reply:
        number = self.number_of_period(at)
        story = self.articles_of(number).get(target)
        if story is not None and story.is_visible(at):
            return self._file(self.article(story, at), headers, at)
        if (place := self.list_place(number, target, at)) is not None:
            return self._ok(self.list(*place, at), at)
        if (hits := self._counted(target, at)) is not None:
            return Reply(hits.encode(), 200, (("Content-Type", "text/html"),))
        if target == "/":
            return self._ok(self.list(0, 1, at), at)
        return self._redirected(target, at) or self._gone(at)

    def _ok(self, body: bytes, at: datetime, more: tuple[tuple[str, str], ...] = ()) -> Reply:
        kind = "text/html" if self.look(at).charset == "gb2312" else "text/html; charset=utf-8"
        return Reply(body, 200, (("Content-Type", kind), *more))

    def _file(self, body: bytes, headers: Mapping[str, str], at: datetime) -> Reply:
        if not self.look(at).is_static:
            return self._ok(body, at)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if headers.get("if-none-match") == etag:
            return Reply(b"", 304, (("ETag", etag),))
        return self._ok(body, at, (("ETag", etag),))

    def _redirected(self, target: str, at: datetime) -> Reply | None:
        """Return where an address of an earlier look leads now; None where it leads nowhere."""
        look = self.look(at)
        story = self._old_article(target) if look.old_addresses == "redirect" else None
        if story is None or not story.is_visible(at):
            return None
        return Reply(b"", 301, (("Location", self._path(story, at)), ("Content-Type", "text/html")))

    def _old_article(self, target: str) -> Story | None:
        found = (self.articles_of(number).get(target) for number in range(len(self.periods)))
        return next((one for one in found if one), None)

    def _gone(self, at: datetime) -> Reply:
        look = self.look(at)
        body = message_page(look, GONE_TEXT, self.name)
        match look.gone:
            case "message":
                return self._ok(body, at)
            case "home":
                return Reply(b"", 302, (("Location", f"{look.base}/"), ("Content-Type", "text/html")))
        return Reply(body, int(look.gone), (("Content-Type", f"text/html; charset={look.charset}"),))

    def _counted(self, target: str, at: datetime) -> str | None:
        look = self.look(at)
        known, parts = look.addresses, urlsplit(target)
        query = dict(parse_qsl(parts.query))
        if look.counter != "own" or parts.path != known.counter_path or known.counter_key not in query:
            return None
        if known.family == "xunrui" and query.get("m") != "hits":
            return None
        index = int(query[known.counter_key]) - look.first_number
        story = self._by_index.get(index)
        hits = story.hits(at, self.resets) if story else 0
        return known.counter_answer.format(hits=hits, callback=query.get("callback", "callback"))

    @cached_property
    def _by_index(self) -> dict[int, Story]:
        return {one.index: one for one in self.stories}

    # Pages

    def _path(self, story: Story, at: datetime) -> str:
        return self.look(at).article_path(story.column, story.index, story.printed_at)

    def shown(self, story: Story, at: datetime) -> Shown:
        """Return what the page of a story shows at a time."""
        look, text = self.look(at), story.text(at)
        number, hits = look.first_number + story.index, ""
        if look.counter == "page":
            hits = str(story.hits(at, self.resets))
        elif look.counter == "own":
            hits = look.addresses.counter_script.format(n=number, c=look.column_numbers[story.column])
        return Shown(
            path=self._path(story, at),
            number=number,
            title=text.title,
            lines=text.lines,
            printed_at=story.printed_at,
            source=story.source,
            author=story.author,
            hits=hits,
        )

    def _around(self, column: int, others: Sequence[Story], at: datetime) -> Around:
        look = self.look(at)
        columns = [(name, look.list_path(one, 1, 1)) for one, name in enumerate(self.column_names)]
        shown = [self.shown(one, at) for one in others]
        return Around(
            site_name=self.name, columns=columns, column=self.column_names[column], others=shown, now=at
        )

    def article(self, story: Story, at: datetime) -> bytes:
        """Return the page of a story at a time."""
        near = [one for one in self.stories if one.column == story.column and one.is_visible(at)]
        place = near.index(story)
        others = [*near[max(0, place - 1) : place], *near[place + 1 : place + 2], *near[-_OTHERS:]]
        return article_page(self.look(at), self.shown(story, at), self._around(story.column, others, at))

    def list(self, column: int, page: int, at: datetime) -> bytes:
        """Return a page of a list at a time."""
        look, stories = self.look(at), self.visible(column, at)
        pages = max(1, -(-len(stories) // PER_PAGE))
        entries = [self.shown(one, at) for one in stories[(page - 1) * PER_PAGE : page * PER_PAGE]]
        pager = pager_of(look, column, page, pages, len(stories))
        newest = sorted(stories, key=lambda one: one.visible_at)[-_OTHERS:]
        return list_page(look, entries, pager, self._around(column, newest, at))

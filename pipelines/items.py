"""Items of any kind in the pipelines: another project's item is read as an article, and keeps its type."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NoReturn

from itemadapter import ItemAdapter
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from twisted.python.failure import Failure

from unioncrawl import outcomes
from unioncrawl.addon.item_fields import (
    NORMAL_FIELDS,
    TEXT_FIELDS,
    FieldNames,
    fitted,
    item_value,
    read_item,
)
from unioncrawl.guard.web_address import Refusal, read_web_address
from unioncrawl.model import Article, Evidence, Rejection
from unioncrawl.outcomes import Reason

from .item_types import assigned, declared_kinds

# No crawl has so many items in its pipelines at once; older entries belong to replaced items.
_MOST_ENTRIES = 10_000
# The stages after which an item is found by its address alone.
_WITH_ADDRESS = ("validate", "archive")
# The name under which a crawl keeps its items.
_KEPT = "_unioncrawl_items"
_CHANGEABLE = ("url", *TEXT_FIELDS, *NORMAL_FIELDS, "published_raw", "hits_raw")

Stage = Callable[[Article], Article | Rejection]
logger = logging.getLogger(__name__)


class RecordedDrop(DropItem):
    """An item that is dropped after the archive took its rejection, or where no archive takes any."""


@dataclass(slots=True)
class _Entry:
    """An item on its way through the pipelines, and the article that it was read as."""

    original: Any
    item: Any
    article: Article
    values: dict[str, Any]
    stages: set[str]
    # Fields that did not take their value.
    refused: set[str]


class ItemLine:
    """The items of one crawl: what each was read as, which no item of another project can carry itself.

    An item is forgotten when Scrapy says that it was scraped, dropped or failed.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        self._site: str = crawler.settings.get("UNIONCRAWL_SITE") or crawler.spidercls.name or ""
        self._names = FieldNames(crawler.settings.getdict("UNIONCRAWL_FIELDS"))
        self._entries: dict[int, _Entry] = {}
        self._first_stage = ""
        self._reported: set[tuple[str, str]] = set()
        # Where rejections are recorded; the pipeline of the archive takes them when it is on.
        self.record: Callable[[Rejection], None] | None = None
        self._signals = crawler.signals
        self._is_watching = False

    @classmethod
    def of(cls, crawler: Crawler) -> ItemLine:
        """The items of this crawl, the same for every pipeline.

        The crawl itself keeps them: a table beside it, with weak keys or not, would keep every ended crawl
        of a process, because the items know its stats, and these know the crawl.
        """
        kept = vars(crawler)
        if _KEPT not in kept:
            kept[_KEPT] = cls(crawler)
        line: ItemLine = kept[_KEPT]
        return line

    def through(self, item: Any, stage: str, step: Stage) -> Any:  # noqa: ANN401 - any item
        """Take an item through one stage and return it in its own type; frozen ones as a replaced copy.

        Our own articles come out as the stage returns them. A `Rejection` and an item
        that is not an article stay as they are. Raises `DropItem` when the stage rejects the item.
        """
        if isinstance(item, Article):
            return step(item)
        entry = None if isinstance(item, Rejection) else self._entry(item, stage)
        if entry is None:
            return item
        if stage in _WITH_ADDRESS:
            self._check_address(entry.article)
        result = step(entry.article)
        if isinstance(result, Rejection):
            self.refuse(result)
        before, entry.article = entry.article, result
        self._write(entry, before)
        return entry.item

    def refuse(self, rejection: Rejection) -> NoReturn:
        """Record why an item is not an article, and drop it with the reason. Raises `DropItem`."""
        # What the archive refuses it has recorded itself.
        if self.record is not None and rejection.stage != "archive":
            self.record(rejection)
        said = f"{rejection.stage}: {rejection.reason}: {rejection.url or 'an item without address'}"
        raise RecordedDrop(said, log_level="WARNING")

    def _check_address(self, article: Article) -> None:
        """Reject an item that could not be found again: our own articles have passed the gate."""
        refused = read_web_address(article.url)
        if isinstance(refused, Refusal):
            self._stats.inc_value(f"unioncrawl/rejected/validate/{refused.reason}")
            self.refuse(rejected(article, refused.reason, refused.detail))

    def _failed(self, item: Any, failure: Failure) -> None:  # noqa: ANN401 - any item
        """Keep a trace of an item on which a pipeline failed; Scrapy logs the traceback."""
        entry = self._entries.get(id(item))
        self._forget(item)
        if entry is not None and self.record is not None:
            self.record(failed(entry.article, "pipeline", failure))

    def _entry(self, item: Any, stage: str) -> _Entry | None:  # noqa: ANN401 - any item
        """The item as it was read before, with what other pipelines changed since, or read now."""
        if not ItemAdapter.is_item(item) or not self._names.is_article(_accepted(item)):
            self._count_other(item, stage)
            return None
        entry = self._entries.get(id(item))
        values = self._names.pick(ItemAdapter(item))
        if entry is None or stage in entry.stages:
            self._watch()
            self._note_replaced(item, stage, entry)
            article = self._read(values)
            entry = self._entries[id(item)] = _Entry(item, item, article, values, set(), set())
        else:
            self._take_changes(entry, values)
        entry.stages.add(stage)
        return entry

    def _watch(self) -> None:
        """Hear what becomes of items from the first one that is not ours: each listener is a task an item."""
        if not self._is_watching:
            self._is_watching = True
            for signal in (signals.item_scraped, signals.item_dropped):
                self._signals.connect(self._forget, signal)
            self._signals.connect(self._failed, signals.item_error)

    def _note_replaced(self, item: object, stage: str, entry: _Entry | None) -> None:
        """Count an item with which another pipeline replaced the item of the first stage."""
        self._first_stage = self._first_stage or stage
        if entry is None and stage != self._first_stage:
            self._stats.inc_value("unioncrawl/item/replaced")
            self._report(
                "replaced", type(item).__name__, f"replaced its item before {stage}: what was printed is lost"
            )
        if len(self._entries) >= _MOST_ENTRIES:
            self._entries.pop(next(iter(self._entries)))

    def _count_other(self, item: object, stage: str) -> None:
        self._first_stage = self._first_stage or stage
        if stage == self._first_stage:
            self._stats.inc_value("unioncrawl/item/other")
        self._report(
            "other", type(item).__name__, "is not an article (url, title, body_text) and passes unchanged"
        )

    def _read(self, values: dict[str, Any]) -> Article:
        site = str(values.get("site") or self._site)
        article, unread = read_item(values, site, datetime.now(UTC))
        for name in unread:
            kind = type(values[name]).__name__
            self._stats.inc_value(f"unioncrawl/item/unread/{name}")
            self._report("unread", name, f"holds a {kind}, which is not read; it stays in the item as it is")
        return article

    def _take_changes(self, entry: _Entry, values: dict[str, Any]) -> None:
        """Take over what a pipeline between two stages changed; what stood there before is evidence."""
        changed = {name for name in {*values, *entry.values} if values.get(name) != entry.values.get(name)}
        if not changed:
            return
        article, known = self._read(values), entry.article
        fresh: dict[str, Any] = {name: getattr(article, name) for name in _CHANGEABLE if name in changed}
        replaced = tuple(
            Evidence(name, "item-changed", str(getattr(known, name) or ""))
            for name in fresh
            if fresh[name] != getattr(known, name)
        )
        if "url" in fresh:
            fresh["canonical_url"] = article.canonical_url
        entry.article = replace(known, **fresh, evidence=(*known.evidence, *replaced))
        entry.values = values

    def _write(self, entry: _Entry, before: Article) -> None:
        """Write what a stage changed into the item, each value in the type of its field."""
        accepted, given = _accepted(entry.item), entry.item
        for name in (*TEXT_FIELDS, *NORMAL_FIELDS):
            value = item_value(entry.article, name)
            theirs = self._names.of(name)
            if value == item_value(before, name) and name not in NORMAL_FIELDS:
                continue
            if (
                value is None
                or name in entry.refused
                or theirs not in self._writable(accepted, entry.item, name)
            ):
                continue
            self._write_value(entry, name, theirs, value)
        entry.values = self._names.pick(ItemAdapter(entry.item))
        if entry.item is not given:
            if given is not entry.original:
                del self._entries[id(given)]
            self._entries[id(entry.item)] = entry

    def _writable(self, accepted: Collection[str], item: object, name: str) -> Collection[str]:
        """The accepted fields, and a normal field that a dict lacks if it has the printed string."""
        printed = NORMAL_FIELDS.get(name)
        if isinstance(item, dict) and printed and self._names.of(printed) in item:
            return {*accepted, self._names.of(name)}
        return accepted

    def _write_value(self, entry: _Entry, name: str, theirs: str, value: str | int | datetime) -> None:
        held = ItemAdapter(entry.item).get(theirs)
        if held is not None and _says(name, held, value):
            return
        try:
            entry.item = assigned(
                entry.item, theirs, fitted(name, value, held, declared_kinds(type(entry.item), theirs))
            )
        except (ValueError, TypeError, AttributeError) as error:
            entry.refused.add(name)
            self._stats.inc_value(f"unioncrawl/item/unwritten/{name}")
            self._report(
                "unwritten",
                name,
                f"does not accept {value!r} ({type(error).__name__}); the item keeps its own value",
            )

    def _report(self, what: str, name: str, said: str) -> None:
        """Log a fact once; the stats count how often."""
        if (what, name) not in self._reported:
            self._reported.add((what, name))
            logger.warning("Items: %s %s (unioncrawl/item/%s counts them).", name, said, what)

    def _forget(self, item: Any) -> None:  # noqa: ANN401 - any item
        entry = self._entries.pop(id(item), None)
        if entry is not None:
            self._entries.pop(id(entry.original), None)
            self._entries.pop(id(entry.item), None)


def rejected(article: Article, reason: Reason, detail: str, stage: outcomes.Stage = "validate") -> Rejection:
    """The rejection of an article that is not stored, under the address that led to it."""
    led_here = article.redirected_from
    return Rejection(
        url=led_here[0] if led_here else article.url,
        site=article.site,
        stage=stage,
        reason=reason,
        detail=detail,
        at=article.fetched_at,
        captures=article.captures,
    )


def failed(article: Article, stage: outcomes.Stage, failure: Failure) -> Rejection:
    """The trace of a page or an item on which code failed."""
    name = failure.type.__name__ if failure.type else "unknown"
    return rejected(article, outcomes.INTERNAL_ERROR, f"{name}: {failure.getErrorMessage()}", stage)


def _accepted(item: Any) -> Collection[str]:  # noqa: ANN401 - any item
    """The fields that an item has, or declares."""
    return ItemAdapter(item).field_names()


def _says(name: str, held: Any, value: object) -> bool:  # noqa: ANN401 - another project's value
    """Whether a field says the value already, in whatever type; then it stays as it is."""
    if held == value or name not in NORMAL_FIELDS:
        return bool(held == value)
    read, _ = read_item({"url": "", name: held}, "", datetime.now(UTC))
    return bool(getattr(read, name) == value)


def page_of(response: Response | Failure, site: str) -> Article:
    """The page on which a callback or an errback failed, at the address that was asked for."""
    request = getattr(response, "request", None)
    asked = getattr(response, "url", None) or (request.url if request else "")
    led_here = request.meta.get("redirect_urls", ()) if request else ()
    capture = getattr(response, "capture", None)
    return Article(url=(*led_here, asked)[0], site=site, captures=(capture,) if capture else ())

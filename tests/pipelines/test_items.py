"""Tests for `pipelines.items`: items of other projects keep their type and lose nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import attr
import pydantic
import pytest
import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from pipelines.items import ItemLine
from pipelines.normalize import NormalizePipeline
from pipelines.repair import RepairPipeline
from pipelines.validate import ValidatePipeline
from unioncrawl.errors import SettingInvalid
from unioncrawl.model import Article, Rejection

DAMAGED: dict[str, Any] = {
    "url": "http://a.cn/1",
    "title": "全國(guó)總工會(huì)召開會(huì)議",
    "body_text": "各級(jí)工會(huì)組織開展活動(dòng)，職(zhí)工踴躍參加。",
    "published_raw": "2024/4/8 9:32:34",
    "hits": "1.2万",
    "author": "本报记者 李方",
}
AT = datetime.fromisoformat("2024-04-08T09:32:34+08:00")


@dataclasses.dataclass
class Plain:
    """A dataclass with a field of its own."""

    url: str
    title: str
    body_text: str
    published_raw: str = ""
    hits: int | str | None = None
    author: str = ""
    published_at: datetime | None = None
    price: int = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen dataclass whose fields take text and a date."""

    url: str
    title: str
    body_text: str
    published_raw: str = ""
    hits: str = ""
    author: str = ""
    published_at: date | None = None


@attr.frozen
class Attrs:
    """A frozen attrs class whose times are text."""

    url: str
    title: str
    body_text: str
    published_raw: str = ""
    hits: int | str = 0
    author: str = ""
    published_at: str = ""


class Model(pydantic.BaseModel):
    """A pydantic model."""

    url: str
    title: str
    body_text: str
    published_raw: str = ""
    hits: int | str | None = None
    author: str = ""
    published_at: datetime | None = None


class FrozenModel(Model):
    """A frozen pydantic model."""

    model_config = pydantic.ConfigDict(frozen=True)


class Item(scrapy.Item):
    """An item of Scrapy's own class."""

    url = scrapy.Field()
    title = scrapy.Field()
    body_text = scrapy.Field()
    published_raw = scrapy.Field()
    hits = scrapy.Field()
    author = scrapy.Field()
    published_at = scrapy.Field()


def crawler_with(**settings: object) -> Crawler:
    """A crawler of a spider of another project."""
    crawler = get_crawler(settings_dict=settings)
    crawler._apply_settings()
    return crawler


def down_the_line(crawler: Crawler, item: Any) -> Any:
    """Take an item through repair, normalising and validation."""
    for kind in (RepairPipeline, NormalizePipeline, ValidatePipeline):
        item = kind.from_crawler(crawler).process_item(item)
    return item


def article_of(crawler: Crawler, item: Any) -> Article:
    """What the archive would get of an item: what the line knows of it."""
    seen: list[Article] = []

    def look(article: Article) -> Article:
        seen.append(article)
        return article

    ItemLine.of(crawler).through(item, f"look {item!r}", look)
    return seen[0]


@pytest.mark.parametrize(
    ("kind", "at", "hits"),
    [
        (dict, AT.isoformat(), "12000"),
        (Plain, AT, 12000),
        (Frozen, date(2024, 4, 8), "12000"),
        (Attrs, AT.isoformat(), 12000),
        (Model, AT, 12000),
        (FrozenModel, AT, 12000),
        (Item, AT.isoformat(), "12000"),
    ],
)
def test_every_kind_is_repaired_and_keeps_its_type(
    kind: Callable[..., Any], at: object, hits: object
) -> None:
    """Whatever its class, an item is repaired and normalised, each value in the type of its field."""
    given = kind(**DAMAGED)
    item = down_the_line(crawler_with(), given)
    assert type(item) is type(given)
    get = item.__getitem__ if isinstance(item, dict | scrapy.Item) else lambda name: getattr(item, name)
    assert get("title") == "全国总工会召开会议"
    assert get("body_text") == "各级工会组织开展活动，职工踊跃参加。"
    assert get("author") == "李方"
    assert (get("published_at"), get("hits")) == (at, hits)
    assert get("published_raw") == "2024/4/8 9:32:34"


@pytest.mark.parametrize("kind", [Frozen, Attrs, FrozenModel])
def test_a_frozen_item_becomes_a_copy(kind: Callable[..., Any]) -> None:
    """A frozen item stays as the spider made it; a copy goes on."""
    given = kind(**DAMAGED)
    assert down_the_line(crawler_with(), given) is not given
    assert given.title == DAMAGED["title"]


def test_what_was_printed_and_each_step_go_to_the_archive() -> None:
    """The article of an item has the raw strings and the repair steps, which the item cannot hold."""
    crawler = crawler_with()
    article = article_of(crawler, down_the_line(crawler, dict(DAMAGED)))
    assert dict(article.raw)["title"] == DAMAGED["title"]
    assert article.steps
    assert (article.published_at, article.hits, article.hits_raw) == (AT, 12000, "1.2万")


def test_fields_may_have_other_names() -> None:
    """UNIONCRAWL_FIELDS says what an item calls a field."""
    crawler = crawler_with(UNIONCRAWL_FIELDS={"title": "headline", "published_at": "date"})
    given = {"url": "http://a.cn/1", "headline": "職(zhí)工", "body_text": "职工。", "date": "2024年4月8日"}
    item = down_the_line(crawler, given)
    assert (item["headline"], item["date"]) == ("职工", "2024-04-08T00:00:00+08:00")


def test_a_wrong_field_name_is_refused() -> None:
    """A field that no article has is an error that lists the fields."""
    with pytest.raises(SettingInvalid, match="headlin: no field"):
        ItemLine.of(crawler_with(UNIONCRAWL_FIELDS={"headlin": "title"}))


def test_an_item_that_is_no_article_passes_untouched() -> None:
    """An item without url, title and text is returned as it is, and counted once."""
    crawler = crawler_with()
    given = {"url": "http://a.cn/1", "title": "職(zhí)工手套", "price": 9}
    assert down_the_line(crawler, given) is given
    assert given["title"] == "職(zhí)工手套"
    assert crawler.stats.get_value("unioncrawl/item/other") == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"title": ""}, "no-title"), ({"url": ""}, "address-scheme"), ({"url": 5}, "address-scheme")],
)
def test_a_rejected_item_is_dropped_recorded_and_counted(change: dict[str, Any], reason: str) -> None:
    """An item that is no sound article is dropped with the reason, which is recorded and counted."""
    crawler = crawler_with()
    recorded: list[Rejection] = []
    ItemLine.of(crawler).record = recorded.append
    with pytest.raises(DropItem, match=reason):
        down_the_line(crawler, {**DAMAGED, **change})
    assert [(rejection.stage, rejection.reason) for rejection in recorded] == [("validate", reason)]
    assert crawler.stats.get_value(f"unioncrawl/rejected/validate/{reason}") == 1


def test_lists_stay_lists() -> None:
    """Text in a list, as item loaders give it, is repaired and written back as a list."""
    given = {**DAMAGED, "title": ["職(zhí)工"], "body_text": ["第一段，職(zhí)工。", "第二段。"]}
    item = down_the_line(crawler_with(), given)
    assert (item["title"], item["body_text"]) == (["职工"], ["第一段，职工。", "第二段。"])


def test_a_value_that_says_the_same_stays_as_it_is() -> None:
    """A time without a zone that the spider read itself is China's, and is not written again."""
    at = datetime(2024, 4, 8, 9, 32, 34)  # noqa: DTZ001 - what other projects' spiders yield
    crawler = crawler_with()
    item = down_the_line(crawler, {**DAMAGED, "published_raw": "", "published_at": at, "hits": 12000})
    assert item["published_at"] is at
    assert item["hits"] == 12000
    assert article_of(crawler, item).published_at == AT


def test_a_value_that_cannot_be_read_is_reported() -> None:
    """A value of a type that no field has stays in the item, and stands in evidence and stats."""
    crawler = crawler_with()
    item = down_the_line(crawler, {**DAMAGED, "source": {"name": "工人日报"}})
    assert item["source"] == {"name": "工人日报"}
    assert crawler.stats.get_value("unioncrawl/item/unread/source") == 1
    assert ("source", "item-unread", "dict") in {
        (piece.field, piece.rule, piece.raw) for piece in article_of(crawler, item).evidence
    }


def test_a_value_that_does_not_fit_is_reported() -> None:
    """A time is not written into a field of numbers; the item keeps its own value, and it is counted."""

    @dataclasses.dataclass
    class Numbers:
        url: str
        title: str
        body_text: str
        published_raw: str
        published_at: float = 0.0

    crawler = crawler_with()
    given = Numbers("http://a.cn/1", "职工", "职工。", "2024/4/8")
    assert down_the_line(crawler, given).published_at == 0.0
    assert crawler.stats.get_value("unioncrawl/item/unwritten/published_at") == 1


def test_a_change_between_two_stages_is_taken_over_and_reported() -> None:
    """What another pipeline writes between two stages goes to the archive, with what stood there before."""
    crawler = crawler_with()
    item = RepairPipeline.from_crawler(crawler).process_item(dict(DAMAGED))
    item["title"] = "全总召开会议"
    item = NormalizePipeline.from_crawler(crawler).process_item(item)
    article = article_of(crawler, item)
    assert article.title == "全总召开会议"
    assert ("item-changed", "全国总工会召开会议") in {(piece.rule, piece.raw) for piece in article.evidence}


def test_an_item_that_another_pipeline_replaced_is_reported() -> None:
    """An item that takes another's place between two stages is counted: what was printed is lost."""
    crawler = crawler_with()
    item = RepairPipeline.from_crawler(crawler).process_item(dict(DAMAGED))
    NormalizePipeline.from_crawler(crawler).process_item(dict(item))
    assert crawler.stats.get_value("unioncrawl/item/replaced") == 1


def test_one_dict_used_for_every_article_does_not_mix_them() -> None:
    """A spider that fills the same dict again gets articles that know nothing of each other."""
    crawler = crawler_with()
    item = dict(DAMAGED)
    down_the_line(crawler, item)
    item.update(title="另一篇", body_text="另一篇的正文。", published_raw="", hits=None)
    item.pop("published_at")
    down_the_line(crawler, item)
    article = article_of(crawler, item)
    assert (article.steps, article.published_at) == ((), None)


def test_items_are_forgotten() -> None:
    """Nothing is kept of an item that has left the pipelines."""
    crawler = crawler_with()
    for item in (down_the_line(crawler, Frozen(**DAMAGED)), down_the_line(crawler, dict(DAMAGED))):
        ItemLine.of(crawler)._forget(item)
    assert ItemLine.of(crawler)._entries == {}


def test_an_item_on_which_a_pipeline_failed_is_recorded() -> None:
    """The error of any pipeline leaves a rejection of the stage pipeline, and the item is forgotten."""
    crawler = crawler_with()
    recorded: list[Rejection] = []
    ItemLine.of(crawler).record = recorded.append
    item = down_the_line(crawler, dict(DAMAGED))
    crawler.signals.send_catch_log(
        signals.item_error,
        item=item,
        response=None,
        spider=None,
        failure=Failure(KeyError("price")),  # type: ignore[no-untyped-call]
    )
    assert [(one.stage, one.reason, one.url) for one in recorded] == [
        ("pipeline", "internal-error", "http://a.cn/1")
    ]
    assert "KeyError" in recorded[0].detail
    assert ItemLine.of(crawler)._entries == {}

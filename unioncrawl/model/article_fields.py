"""The fields of an article, each declared once.

`ArticleTexts` declares the fields that are plain text: the attribute of the article, and in its
metadata all that other rooms ask of it. `FIELDS` has these and the values of other types, in the
order of rows, exports and docs/fields.md. From here come the columns of a revision, the keys of
``extract --json`` and of exports, the codebook, the feeds' extension, ``show``, the mapping of
imports, what is repaired, cleaned, masked, compared and withdrawn, and the report of fill rates.

A new plain field is one attribute of `ArticleTexts`, a finder in its folder of
`unioncrawl.fields`, and a migration for its column.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from enum import Flag, StrEnum, auto
from typing import Any


class Group(StrEnum):
    """What a field holds; `unioncrawl.normalize` cleans by group."""

    HEADLINE = "headline"
    DATE = "date"
    HITS = "hits"
    SOURCE = "source"
    PEOPLE = "people"
    TEXT = "text"
    COLUMN = "column"
    RECORD = "record"
    ARCHIVE = "archive"


class Use(Flag):
    """What the rooms do with a field.

    ``STORED``: a text column of the revision has its name. ``MAPPED``: a column of an imported
    table may fill it. ``CLOSING``: a later part of the article fills it where the first part has
    no value. ``SHOWN`` by ``unioncrawl show``; ``FED``: in the extension of the JSON feed.
    """

    STORED = auto()
    REPAIRED = auto()
    MAPPED = auto()
    CLOSING = auto()
    SHOWN = auto()
    FED = auto()


_NOWHERE = Use(0)
_EVERYWHERE = Use.STORED | Use.REPAIRED | Use.MAPPED | Use.SHOWN | Use.FED
_LAST = _EVERYWHERE | Use.CLOSING


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleField:
    """One field: what it is called, what it means, and what the rooms do with it.

    ``place`` orders rows and codebook, ten apart so that a new field finds room; 0 keeps the
    field out of both. ``kind`` is a type of Table Schema.
    """

    name: str
    chinese: str
    english: str
    meaning: str
    place: int
    group: Group
    kind: str = "string"
    uses: Use = _NOWHERE


def _text(place: int, labels: str, meaning: str, group: Group, uses: Use) -> Any:  # noqa: ANN401 - a default of str
    """The attribute of a plain field, with its declaration as metadata; ``labels`` as 中文/English."""
    chinese, _, english = labels.partition("/")
    declared = ArticleField(
        name="", chinese=chinese, english=english, meaning=meaning, place=place, group=group, uses=uses
    )
    return field(default="", metadata={"declared": declared})


def _part(place: int, labels: str, meaning: str, uses: Use = _EVERYWHERE) -> Any:  # noqa: ANN401 - a default of str
    """A part of the headline."""
    return _text(place, labels, meaning, Group.HEADLINE, uses)


def _people(place: int, labels: str, meaning: str, uses: Use = _LAST) -> Any:  # noqa: ANN401 - a default of str
    """Persons of one role."""
    return _text(place, labels, meaning, Group.PEOPLE, uses)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTexts:
    """The fields of an article that are plain text, empty where the page has no value.

    Their order is that of the revision's columns, which the exact digest of a revision
    follows: a new field may stand anywhere, the present ones keep their order.
    """

    title: str = _part(30, "标题/title", "主标题, repaired.", _EVERYWHERE & ~(Use.SHOWN | Use.FED))
    lead_title: str = _part(40, "引题/line above the title", "引题 (肩题): the line above the title.")
    subtitle: str = _part(50, "副题/subtitle", "副题: the line below the title.")
    original_title: str = _part(60, "原标题/original title", "原标题: the title that a reprint says it had.")
    published_raw: str = _text(
        90, "发布日期原文/date as printed", "The date as printed.", Group.DATE, _EVERYWHERE & ~Use.SHOWN
    )
    published_rule: str = _text(0, "日期依据/rule of the date", "", Group.DATE, Use.STORED)
    hits_raw: str = _text(
        110, "点击量原文/hits as printed", "The number as printed or as the counter answered.",
        Group.HITS, Use.REPAIRED | Use.MAPPED,
    )  # fmt: skip
    source: str = _text(130, "来源/source", "来源 as declared, cleaned.", Group.SOURCE, _EVERYWHERE)
    author: str = _people(140, "作者/author", "作者 or 记者, separated by spaces.", _EVERYWHERE & ~Use.FED)
    editor: str = _people(150, "编辑/editor", "编辑, separated by spaces.")
    photographer: str = _people(
        220, "摄影/photographer", "摄影, 供图: who took or supplied the pictures, separated by spaces."
    )
    correspondent: str = _people(230, "通讯员/correspondent", "通讯员, separated by spaces.")
    reviewer: str = _people(
        240, "审核/reviewer",
        "审核, 一审 to 三审, 终审, 监制, 签发, 值班: who let it pass, separated by spaces.",
    )  # fmt: skip
    proofreader: str = _people(250, "校对/proofreader", "校对, 一校 to 三校, separated by spaces.")
    original_source: str = _text(
        260, "转自/original source", "转自, 转载自, 原载, 摘自: the source that a reprint names.",
        Group.SOURCE, _LAST,
    )  # fmt: skip
    dateline: str = _text(
        270, "电头/dateline", "The lead that opens the text: 本报讯, 中工网北京4月7日电.",
        Group.TEXT, _EVERYWHERE & ~Use.MAPPED,
    )  # fmt: skip
    column: str = _text(
        160, "栏目/column", "栏目: the site's section.",
        Group.COLUMN, Use.REPAIRED | Use.MAPPED | Use.SHOWN,
    )  # fmt: skip
    body_text: str = _text(
        170, "正文/text", "正文, repaired, a paragraph a line.",
        Group.TEXT, Use.STORED | Use.REPAIRED | Use.MAPPED,
    )  # fmt: skip
    markup: str = _text(0, "版式/markup", "", Group.RECORD, Use.STORED)
    site_model: str = _text(0, "站点模型/site model", "", Group.RECORD, Use.STORED)
    next_page: str = _text(
        200, "下一页/next part", "Address of a following part that was not joined.", Group.RECORD, _NOWHERE
    )


TEXTS = tuple(replace(one.metadata["declared"], name=one.name) for one in fields(ArticleTexts))


def _value(place: int, name: str, kind: str, labels: str, meaning: str) -> ArticleField:
    chinese, _, english = labels.partition("/")
    group = Group.ARCHIVE if place < _FIRST_OF_PAGE or place > _LAST_OF_PAGE else Group.RECORD
    uses = _USES.get(name, _NOWHERE)
    return ArticleField(
        name=name, chinese=chinese, english=english, meaning=meaning, place=place, group=group, kind=kind,
        uses=uses,
    )  # fmt: skip


# The places of the values that a page gives; the archive adds values before and after them.
_FIRST_OF_PAGE, _LAST_OF_PAGE = 10, 300
_USES = {
    **dict.fromkeys(("hits", "hits_status", "published_precision"), Use.SHOWN | Use.FED),
    **dict.fromkeys(("url", "published_at", "first_seen_at", "last_seen_at"), Use.SHOWN),
    **dict.fromkeys(("reprint_group", "withdrawn_at", "vanished_at"), Use.SHOWN),
}
# The fields whose values are not plain text of the article's own.
_VALUES = (
    _value(1, "id", "integer", "编号/number", "The article's number in the archive."),
    _value(2, "site", "string", "网站/site", "The site's id, as in its site file."),
    _value(10, "kind", "string", "类别/kind", "Always article."),
    _value(20, "url", "string", "网址/address", "The address at which it was first fetched."),
    _value(
        70, "published_at", "datetime", "发布日期/published",
        "发布日期 in ISO 8601 with +08:00; see published_precision.",
    ),
    _value(
        80, "published_precision", "string", "日期精度/precision of the date",
        "How exactly the date was printed: year, month, day, minute, second.",
    ),
    _value(
        100, "hits", "integer", "点击量/hits",
        "点击量: the last number that was shown; empty when there was never one.",
    ),
    _value(
        120, "hits_status", "string", "点击量状态/status of the hits",
        "Where hits comes from (page, counter), or why there is none.",
    ),
    _value(180, "images", "array", "图片/pictures", "Pictures: url and caption."),
    _value(190, "attachments", "array", "附件/files", "Files offered: url and name."),
    _value(
        210, "counter", "object", "计数器/counter",
        "The request that returns the hits; not kept in the archive.",
    ),
    _value(280, "mirror", "boolean", "镜像损伤/mirror damage", "Whether the page carried mirror damage."),
    _value(
        290, "body_html", "string", "正文网页/text as HTML",
        "正文 as safe HTML, with its pictures; without tags it says what body_text says.",
    ),
    _value(
        300, "evidence", "array", "依据/evidence",
        "What decided each field: field, rule, raw (the string as the rule saw it).",
    ),
    _value(
        310, "canonical_url", "string", "规范网址/canonical address",
        "The address by which the archive knows it.",
    ),
    _value(320, "repaired", "boolean", "已修复/repaired", "Whether any text was repaired."),
    _value(330, "repair_steps", "integer", "修复步数/repair steps", "How many repair steps were taken."),
    _value(
        340, "unresolved", "integer", "未修复处/damage left", "How many damaged places are left as they were."
    ),
    _value(350, "fetched_at", "datetime", "抓取时间/fetched", "When the present text was fetched."),
    _value(
        360, "first_seen_at", "datetime", "首见时间/first seen", "When the archive first saw the article."
    ),
    _value(370, "last_seen_at", "datetime", "末见时间/last seen", "When the archive last saw it."),
    _value(
        380, "revision", "integer", "修订号/revision", "The number of its present revision, from 1."
    ),
    _value(
        390, "reprint_group", "integer", "转载组/reprint group",
        "The number of the group of articles that carry the same story.",
    ),
    _value(
        392, "contains", "array", "所含报道/stories held",
        "The articles whose stories stand in the text as those of a roundup: article_id (this one),"
        " part_article_id, start_at and end_at (characters of body_text), share (of the story).",
    ),
    _value(
        394, "contained_in", "array", "见于/held by",
        "The roundups and reports that hold this story, with the same keys.",
    ),
    _value(
        400, "withdrawn_at", "datetime", "撤回时间/withdrawn",
        "When text and captures were withdrawn; then body_text is empty.",
    ),
    _value(
        410, "vanished_at", "datetime", "消失时间/vanished",
        "When it was taken for gone from its address: several visits after last_seen_at did not find it.",
    ),
)  # fmt: skip

# Every field of rows and exports, in their order.
FIELDS = tuple(sorted((one for one in (*TEXTS, *_VALUES) if one.place), key=lambda one: one.place))
# The keys of ``unioncrawl extract``: what a page gives.
PAGE_NAMES = tuple(one.name for one in FIELDS if one.group is not Group.ARCHIVE)
PAGE_TEXTS = tuple(one.name for one in TEXTS if one.place)


def texts_of(use: Use) -> tuple[str, ...]:
    """The names of the plain fields that have a use, in the order of columns."""
    return tuple(one.name for one in TEXTS if use in one.uses)


def fields_of(use: Use) -> tuple[str, ...]:
    """The names of all fields of rows that have a use, in the order of rows."""
    return tuple(one.name for one in FIELDS if use in one.uses)


def _of(*groups: Group) -> tuple[str, ...]:
    return tuple(one.name for one in TEXTS if one.group in groups)


# The parts of an article's headline (主题, 引题, 副题), and what it was called where it was taken from.
HEADLINE_FIELDS = _of(Group.HEADLINE)
# The fields that name where an article is from and who made it.
SOURCE_FIELDS, PEOPLE_FIELDS = _of(Group.SOURCE), _of(Group.PEOPLE)
NAMED_FIELDS = _of(Group.SOURCE, Group.PEOPLE)
STORED_TEXTS = texts_of(Use.STORED)
# What a reader reads of a revision: a takedown empties it, an export masks its numbers.
WORDS = tuple(
    name for name in _of(Group.HEADLINE, Group.SOURCE, Group.PEOPLE, Group.TEXT) if name in STORED_TEXTS
)
# What two revisions are compared by.
COMPARED = texts_of(Use.STORED | Use.REPAIRED)
# A headline's or a name's bound holds for these: they stand in one line of the page.
OF_ONE_LINE = (*HEADLINE_FIELDS, "published_raw", *NAMED_FIELDS, "column")

"""Map the values of another project's item to the fields of an article, and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from unioncrawl.errors import SettingInvalid
from unioncrawl.language.zones import CHINA, local_time
from unioncrawl.model import Article, Attachment, Evidence, HitsStatus, Image
from unioncrawl.model.article_fields import NAMED_FIELDS, Use, texts_of
from unioncrawl.urls import absolute_url, canonical_url

# What repair and normalising may change of an item.
_PRINTED = ("published_raw", "hits_raw")
TEXT_FIELDS = tuple(name for name in texts_of(Use.REPAIRED) if name not in _PRINTED)
# What an item must have to be taken for an article.
_NEEDED = ("url", "title", "body_text")
_READ_ONLY = ("url", "site", "fetched_at", "images", "attachments", *_PRINTED)
# The normal fields, each with the printed string that it is read from.
NORMAL_FIELDS = {
    "published_at": "published_raw",
    "published_precision": "published_raw",
    "hits": "hits_raw",
    "hits_status": "hits_raw",
}
ITEM_FIELDS = (*_READ_ONLY, *TEXT_FIELDS, *NORMAL_FIELDS)
# What an item's pictures and files become, and the key of what is printed at each.
_LINKED: dict[str, tuple[type[Image | Attachment], str]] = {
    "images": (Image, "caption"),
    "attachments": (Attachment, "name"),
}
Values = Mapping[str, Any]


class Unreadable(ValueError):
    """A value of a type that the field cannot be read from."""


@dataclass(frozen=True, slots=True)
class FieldNames:
    """What an item calls the fields of docs/fields.md; a field that is not named has its own name."""

    given: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wrong = sorted(name for name, theirs in self.given.items() if name not in ITEM_FIELDS or not theirs)
        if wrong:
            raise SettingInvalid(
                f"UNIONCRAWL_FIELDS: {', '.join(wrong)}: no field of an article, or no name for it.",
                next_step=f"Write {{'title': 'headline', …}} with the fields {', '.join(ITEM_FIELDS)}.",
            )

    def of(self, name: str) -> str:
        """What the item calls a field.

        >>> FieldNames({"title": "headline"}).of("title"), FieldNames().of("title")
        ('headline', 'title')
        """
        return self.given.get(name, name)

    def is_article(self, item: Collection[str]) -> bool:
        """Whether an item with these fields is taken for an article: it has address, title and text.

        >>> FieldNames().is_article({"url": "http://a.cn/1", "title": "手套", "price": "9.90"})
        False
        """
        return all(self.of(name) in item for name in _NEEDED)

    def pick(self, item: Values) -> dict[str, Any]:
        """The values of an item by the names of our fields; lists as tuples, which stay as they are."""
        found = {name: item[self.of(name)] for name in ITEM_FIELDS if self.of(name) in item}
        return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def read_item(values: Values, site: str, now: datetime) -> tuple[Article, tuple[str, ...]]:
    r"""The article that an item's values (`FieldNames.pick`) give, and the fields that could not be read.

    Text is a string or a list of strings: paragraphs, people, else one alone. A date is
    a printed string, a date or a time; one without a zone is China's. The evidence names
    each unread field (``item-unread``). Nothing is repaired or cleaned here.

    >>> values = {"url": "http://a.cn/1", "title": "送清凉", "body_text": ["一。", "二。"], "hits": 12}
    >>> article, unread = read_item(values, "a", datetime(2024, 4, 9, tzinfo=CHINA))
    >>> article.body_text, article.hits, unread
    ('一。\n二。', 12, ())
    >>> read_item({**values, "title": 12}, "a", datetime(2024, 4, 9, tzinfo=CHINA))[1]
    ('title',)
    """
    found: dict[str, Any] = {}
    unread: list[str] = []
    for name, value in values.items():
        try:
            found |= _read(name, value, values)
        except Unreadable:
            unread.append(name)
    if "hits_raw" in found:
        found["hits_status"] = HitsStatus.PAGE
    url = found.pop("url", "")
    pieces = tuple(Evidence(name, "item-unread", type(values[name]).__name__) for name in unread)
    given = {"site": site, "fetched_at": now, **{name: value for name, value in found.items() if value}}
    if found.get("hits") == 0:
        given["hits"] = 0
    article = Article(url=url, canonical_url=_canonical(url), evidence=pieces, **given)
    return article, tuple(unread)


def _canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:  # no address: the item is rejected for it
        return url


def _read(name: str, value: object, values: Values) -> dict[str, Any]:
    if value is None or name in ("published_precision", "hits_status"):
        return {}
    if name in ("published_raw", "published_at"):
        return _read_published(name, value, values)
    if name in ("hits_raw", "hits"):
        return _read_hits(name, value, values)
    if name in _LINKED:
        return {name: _linked(name, value, str(values.get("url", "")))}
    if name == "fetched_at":
        return {name: _time(value)}
    return {name: text_of(name, value)}


def text_of(name: str, value: object) -> str:
    """The text of a field as an item holds it. Raises `Unreadable`."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Sequence) or not all(isinstance(part, str) for part in value):
        raise Unreadable(name)
    separator = separator_of(name)
    if len(value) > 1 and not separator:
        raise Unreadable(name)
    return separator.join(value)


def separator_of(name: str) -> str:
    """The separator of a field that an item holds as a list; empty for a field of one part."""
    if name == "body_text":
        return "\n"
    return "、" if name in NAMED_FIELDS else ""


def _read_published(name: str, value: object, values: Values) -> dict[str, Any]:
    printed = printed_time(value)
    found: dict[str, Any] = {"published_raw": printed, "published_rule": "item"}
    if isinstance(value, datetime):
        found["published_at"] = _time(value)
    # The printed string decides where the item has both.
    return {} if name == "published_at" and values.get("published_raw") else found


def printed_time(value: object) -> str:
    """A date as a page prints it, in Chinese time. Raises `Unreadable`.

    >>> printed_time(date(2024, 4, 8)), printed_time(datetime(2024, 4, 8, 9, 30))
    ('2024-04-08', '2024-04-08 09:30:00')
    """
    if isinstance(value, datetime):
        return f"{_time(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return text_of("published_raw", value)


def _time(value: object) -> datetime:
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else value
        if not isinstance(read, datetime):
            raise Unreadable("fetched_at")
        return read.replace(tzinfo=CHINA) if read.tzinfo is None else read.astimezone(CHINA)
    except (ValueError, OverflowError) as error:
        raise Unreadable("fetched_at") from error


def _read_hits(name: str, value: object, values: Values) -> dict[str, Any]:
    if name == "hits" and values.get("hits_raw") not in (None, ""):
        return {}
    if isinstance(value, int) and not isinstance(value, bool):
        return {"hits_raw": str(value), **({"hits": value} if value >= 0 else {})}
    return {"hits_raw": text_of("hits_raw", value)}


def _linked(name: str, value: object, base: str) -> tuple[Image | Attachment, ...]:
    """Pictures or files: addresses, or records with ``url`` and caption or name."""
    kind, label = _LINKED[name]
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise Unreadable(name)
    found: list[Image | Attachment] = []
    for entry in value:
        record = {"url": entry} if isinstance(entry, str) else entry
        if not isinstance(record, Mapping) or not isinstance(record.get("url"), str):
            raise Unreadable(name)
        address = absolute_url(base, record["url"]) or record["url"]
        found.append(kind(address, str(record.get(label) or "")))
    return tuple(found)


def item_value(article: Article, name: str) -> str | int | datetime | None:
    """The value of a field as items get it: text, a number or an aware time; None for nothing.

    >>> item_value(Article(url="http://a.cn/1", hits_raw="1.2万", hits=12000), "hits")
    12000
    """
    value: Any = getattr(article, name)
    if name in ("published_precision", "hits_status"):
        return str(value.value) if value is not None else None
    return value if name in ("hits", "published_at") else str(value) or None


def fitted(name: str, value: str | int | datetime, held: object, kinds: frozenset[type]) -> Any:  # noqa: ANN401 - another project's value
    """The value in the type that the item's field has. Raises `Unreadable` where no type fits.

    ``kinds`` are the types that the item's class declares for the field; where it
    declares no type, the type of the value that the field held decides: text stays text. A time
    becomes a date or a text (ISO 8601, +08:00), a number a text, a text a list if the
    field held one.

    >>> fitted("published_at", datetime(2024, 4, 8, 9, 30, tzinfo=CHINA), "2024年4月8日", frozenset())
    '2024-04-08T09:30:00+08:00'
    >>> fitted("hits", 12000, "1.2万", frozenset({int, str})), fitted("hits", 12000, "1.2万", frozenset())
    (12000, '12000')
    >>> fitted("author", "李方、王敏", ["本报记者李方", "王敏"], frozenset({list}))
    ['李方', '王敏']
    """
    if isinstance(value, datetime):
        return _fitted_time(name, value, held, kinds)
    if isinstance(value, int):
        return _fitted_number(name, value, held, kinds)
    if isinstance(held, list | tuple) and held:
        return _fitted_list(name, value, held)
    if kinds and str not in kinds:
        if list not in kinds:
            raise Unreadable(name)
        return value.split(separator_of(name)) if separator_of(name) else [value]
    return value


def _fitted_time(name: str, value: datetime, held: object, kinds: frozenset[type]) -> object:
    allowed = kinds or frozenset({type(held) if isinstance(held, date) else str})
    if datetime in allowed:
        return value
    if date in allowed:
        return value.date()
    if str in allowed:
        return local_time(value)
    raise Unreadable(name)


def _fitted_number(name: str, value: int, held: object, kinds: frozenset[type]) -> object:
    allowed = kinds or frozenset({str if isinstance(held, str) and held else int})
    kind = next((kind for kind in (int, float, str) if kind in allowed), None)
    if kind is None:
        raise Unreadable(name)
    return kind(value)


def _fitted_list(name: str, value: str, held: Sequence[str]) -> Sequence[str]:
    separator = separator_of(name)
    parts = value.split(separator) if separator else [value]
    if name != "body_text" and len(parts) != len(held):
        raise Unreadable(name)
    return tuple(parts) if isinstance(held, tuple) else parts

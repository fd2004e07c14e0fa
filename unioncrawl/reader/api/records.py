"""What the API answers, as records: their fields stand in its description (OpenAPI)."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from unioncrawl.model.article_fields import FIELDS, ArticleField

_KINDS: dict[str, Any] = {
    "string": str,
    "datetime": str,
    "integer": int,
    "boolean": bool,
    "array": list[dict[str, Any]],
    "object": dict[str, Any],
}
_ABOUT_TOTAL = "How many articles match in all: the number that pages, feeds and exports have too."
_NEXT = Field(
    default=None, description="What to give as after for the articles that follow; null at the end."
)


class _Record(BaseModel):
    pass


class Page(_Record):
    """A page of articles that match a query."""

    total: int | None = Field(description=_ABOUT_TOTAL)
    next: str | None = _NEXT
    next_url: str | None = Field(default=None, description="The address of the articles that follow.")


class Found(_Record):
    """An article that was found."""

    id: int
    title: str
    url: str
    site: str
    source: str
    published_at: str | None = Field(description="ISO 8601 in China's time.")
    hits: int | None
    snippet: str = Field(description="A piece of the text; what matched stands between ⟦ and ⟧.")
    vanished_at: str | None = Field(description="When it was found to be gone from its address.")


class FacetCount(_Record):
    """How many matches have a value."""

    value: str
    count: int


class SearchPage(Page):
    """What a search found."""

    results: list[Found]
    facets: dict[str, list[FacetCount]] = {}


def _described(one: ArticleField) -> Any:  # noqa: ANN401 - what declares a field
    form: Any = {"format": "date-time"} if one.kind == "datetime" else None
    return Field(default=None, description=one.meaning, json_schema_extra=form)


# One article: the fields of an export (docs/fields.md), from their one table, and the digest.
ArticleRecord = create_model(
    "ArticleRecord",
    __base__=_Record,
    **{field.name: (_KINDS[field.kind] | None, _described(field)) for field in FIELDS},  # type: ignore[call-overload]
    digest=(str | None, Field(default=None, description="The digest of the revision, as citations have it.")),
)


class ArticleHistory(_Record):
    """An article and everything that happened to it, each list oldest first; its other fields too."""

    model_config = ConfigDict(extra="allow")

    id: int
    moved_to: int | None = Field(
        description="The article of its site that has its story since its own address has it no more."
    )
    shown_instead: str | None = Field(
        description="The address of another article, which the address of this one shows since it vanished."
    )
    aliases: list[str]
    raw: dict[str, Any]
    steps: list[dict[str, Any]]
    revisions: list[dict[str, Any]]
    observations: list[dict[str, Any]]
    captures: list[dict[str, Any]]
    failures: list[dict[str, Any]]


class ArticlePage(Page):
    """Whole articles, the newest first."""

    articles: list[ArticleRecord]  # type: ignore[valid-type]
    left_out: list[int] = Field(description="Articles that match and can't be read, by number.")


class Visit(_Record):
    """The hit count that a visit found."""

    at: str
    hits: int | None
    hits_raw: str
    status: str
    change: int | None = Field(description="Since the last number.")
    per_day: float | None = Field(description="Growth a day since the last number at least 20 hours older.")
    flag: str = Field(description="decrease or reset, where the count fell.")


class HitSeries(_Record):
    """The hit counts of an article, oldest first."""

    article_id: int
    series: list[Visit]


class Ranked(_Record):
    """An article in a ranking by the hits that it gained."""

    id: int
    title: str
    url: str
    site: str
    gained: int
    per_day: float | None
    hits: int
    flags: list[str]


class Ranking(_Record):
    """The articles that gained most hits in a window."""

    articles: list[Ranked]


class Reprint(_Record):
    """A member of a group of reprints."""

    id: int
    site: str
    url: str
    title: str
    source: str
    published_at: str | None
    hits: int | None
    lag_seconds: int | None = Field(description="Since the first publication; null without a date.")
    kind: str
    jaccard: float
    containment: float
    changes: list[str]
    title_changed: bool
    added: int
    removed: int


class ReprintGroup(_Record):
    """A story and all who carried it, the first publisher first."""

    id: int
    origin: str = Field(description="What decided who was first: source, date or seen.")
    members: list[Reprint]


class ReprintPage(_Record):
    """Groups of reprints, the newest first."""

    groups: list[ReprintGroup]
    next: int | None = Field(default=None, description="What to give as before for older groups.")


class SiteRecord(_Record):
    """A site and what the archive holds of it."""

    key: str
    name: str
    level: str
    region: str
    articles: int = Field(description="None withdrawn among them.")
    undated: int
    first_day: str | None
    last_day: str | None


class SiteList(_Record):
    """All sites of the archive."""

    sites: list[SiteRecord]


class RunRecord(_Record):
    """A run of a spider or an import, and what became of the entries of its lists."""

    id: int
    spider: str
    started_at: str
    finished_at: str | None = Field(description="Null while it goes on, or when it was killed.")
    reason: str
    version: str
    entries: dict[str, int] | None
    unwritten: str
    missing: list[str]
    short_lists: list[str]


class RunPage(_Record):
    """Runs, the newest first."""

    runs: list[RunRecord]
    next: int | None = Field(default=None, description="What to give as before for older runs.")

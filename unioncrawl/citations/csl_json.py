"""Items of CSL-JSON, which Zotero, pandoc and citation processors read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from unioncrawl.citations.archive_note import archive_note
from unioncrawl.citations.cited_source import CitedSource, Medium
from unioncrawl.citations.creators import Creator


def csl_item(cited: CitedSource) -> dict[str, Any]:
    """Return one item after the schema csl-data.json of CSL 1.0.2.

    ``accessed`` is the day on which the archive fetched the text. What proves it stands in the note
    alone: the styles of zotero-chinese write ``archive_location`` after the title, and for 2015 put
    the year of a ``publisher`` in the place of the day.

    >>> from datetime import UTC, datetime
    >>> from unioncrawl.citations.cited_source import Evidence, Place, Role
    >>> seen = Evidence(seen_at=datetime(2026, 3, 1, tzinfo=UTC))
    >>> page = CitedSource(
    ...     number=12, url="http://lx.example/1", title="送清凉", people=((Role.AUTHOR, "李方 市总宣教部"),),
    ...     place=Place(key="lxzgh", name="临溪市总工会"), evidence=seen,
    ... )
    >>> csl_item(page)["author"], csl_item(page)["accessed"]
    ([{'family': '李', 'given': '方'}, {'literal': '市总宣教部'}], {'date-parts': [[2026, 3, 1]]})
    """
    is_paper = cited.medium is Medium.NEWSPAPER
    item: dict[str, Any] = {
        "id": cited.key,
        "type": "article-newspaper" if is_paper else "webpage",
        "title": "：".join(filter(None, (cited.headline, cited.subtitle))),
        "author": [_name(creator) for creator in cited.creators],
        "container-title": cited.container,
        "page": cited.place.page,
        "section": cited.place.column,
        "issued": _date(cited.date_parts),
        "accessed": _date(cited.seen_day.split("-")),
        "URL": cited.url,
        "language": "zh-CN",
        "note": archive_note(cited),
    }
    return {name: value for name, value in item.items() if value}


def csl_json(all_cited: Iterable[CitedSource]) -> str:
    """Return the items as one JSON document, Chinese readable."""
    return json.dumps([csl_item(cited) for cited in all_cited], ensure_ascii=False, indent=2) + "\n"


def _name(creator: Creator) -> dict[str, str]:
    if creator.given:
        return {"family": creator.family, "given": creator.given}
    return {"literal": creator.family}


def _date(parts: Iterable[str]) -> dict[str, list[list[int]]]:
    numbers = [int(part) for part in parts]
    return {"date-parts": [numbers]} if numbers else {}

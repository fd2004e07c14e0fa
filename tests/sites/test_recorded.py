"""Every recorded page gives what its expected.json says, field by field.

A recorded page is a folder ``<family>/<page>``: the bytes of the page, the facts
of the response, and the fields that a reader sees on it.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.line import read_page
from unioncrawl.model import Article, Extraction, RawPage
from unioncrawl.rows import article_row

FOLDER = Path(__file__).parent
PAGES = sorted(path.parent for path in FOLDER.glob("*/*/expected.json"))


def read_recorded(folder: Path) -> tuple[Extraction, dict[str, Any]]:
    """What the line makes of a recorded page, and what it should."""
    response = json.loads((folder / "response.json").read_text(encoding="utf-8"))
    fetched_at = response.get("fetched_at")
    raw = RawPage(
        url=response["url"],
        body=(folder / "page.html").read_bytes(),
        status=response["status"],
        headers=tuple((name, value) for name, value in response["headers"]),
        fetched_at=datetime.fromisoformat(fetched_at) if fetched_at else None,
    )
    return read_page(raw), json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def comparable_fields(article: Article) -> dict[str, object]:
    """An article's fields in the words of expected.json."""
    row = article_row(article)
    row["images"] = [image.url for image in article.images]
    row["captions"] = [image.caption for image in article.images]
    row["attachments"] = [attachment.url for attachment in article.attachments]
    row["counter"] = article.counter.family if article.counter else None
    row["counter_url"] = article.counter.url if article.counter else None
    return row


@pytest.mark.parametrize("folder", PAGES, ids=["/".join(page.parts[-2:]) for page in PAGES])
def test_recorded_page_gives_its_fields(folder: Path) -> None:
    """Each field named in expected.json comes out exactly."""
    found, expected = read_recorded(folder)
    assert found.kind.value == expected.pop("kind"), found.reason
    if found.article is None:
        return
    fields = comparable_fields(found.article)
    if expected.get("body_text", "") is None:  # damage that only a twin settles
        del expected["body_text"]
    if expected.get("title", "") is None:
        del expected["title"]
    different = {name: (fields[name], wanted) for name, wanted in expected.items() if fields[name] != wanted}
    assert not different


def test_every_family_is_recorded() -> None:
    """Sixty pages and more, of every family that the notes describe."""
    families = {page.parent.name for page in PAGES}
    assert len(PAGES) >= 60
    assert families >= {
        *("trs", "jcms", "vsb", "phpcms", "empirecms", "dedecms", "xunrui", "jeecms", "sscms", "asp"),
        *("webforms", "drupal", "jiyuehua", "founder", "people", "workercn", "mirror", "blocked", "shell"),
    }

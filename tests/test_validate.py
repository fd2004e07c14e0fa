"""Tests for `unioncrawl.validate`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from unioncrawl.model import Article, Image
from unioncrawl.validate import reason_to_reject

NOW = datetime(2024, 4, 9, tzinfo=UTC)
SOUND = Article(url="http://a/1", title="市总工会送清凉", body_text="今天送出。")


def test_a_picture_story_is_an_article() -> None:
    """One picture and no text is an article."""
    assert reason_to_reject(replace(SOUND, body_text="", images=(Image("http://a/1.jpg"),)), NOW) is None


def test_neither_text_nor_picture_is_none() -> None:
    """A page with a title and nothing else is rejected."""
    assert reason_to_reject(replace(SOUND, body_text=" "), NOW) == ("no-body", "市总工会送清凉")


def test_undecodable_bytes_reject() -> None:
    """Bytes that fitted no encoding, standing in the body, reject the item with their number."""
    found = reason_to_reject(replace(SOUND, body_text="今天\ufffd\ufffd出", undecodable_bytes=2), NOW)
    assert found is not None
    assert found[0] == "undecodable"
    assert found[1].startswith("2 bytes")


def test_a_printed_replacement_sign_is_no_reason() -> None:
    """A U+FFFD that the site itself printed in sound bytes is damage, not a reason to reject."""
    assert reason_to_reject(replace(SOUND, body_text="今天\ufffd出"), NOW) is None


def test_a_future_date_rejects() -> None:
    """An article dated after tomorrow is rejected; one of tonight in another zone is not."""
    future = replace(SOUND, published_at=NOW + timedelta(days=3), published_raw="2024-04-12")
    assert reason_to_reject(future, NOW) == ("future-date", "2024-04-12")
    assert reason_to_reject(replace(SOUND, published_at=NOW + timedelta(hours=20)), NOW) is None

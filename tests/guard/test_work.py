"""No text that a user or a site gives takes repair or reading long."""

from __future__ import annotations

import random

import pytest

from tests.guard.place import Place, processor
from tests.guard.stories import article

MOST_TEXT_BYTES = 100_000
# Time on the processor; what the command imports is no part of it.
WORK_SECONDS = 8

# Texts made to be ambiguous: marks before characters that none of them expects.
_DRAWN = random.Random(1)  # noqa: S311 - the same every time
_NOTES = "全縣各鄉鎮（街道）工會(huì)、縣直機關工會(huì)召開(kāi)勞動(dòng)保護工作會(huì)議。"
AMBIGUOUS: dict[str, str] = {
    "marks": _NOTES + "！腥" * 190,
    "questions": _NOTES + "各?。▍^" * 80,
    "any": _NOTES + "".join(_DRAWN.choices("?。▍^︱﹂ヅ∈錾﹃！？；腥醅", k=390)),
    "alone": "！腥" * 16_000,
    "notes": "會(huì)" * 9_000,
    "mojibake": "Á½ÄêÀï£¬ÊÐ×Ü" * 2500,
    "twice": "鍏ㄥ浗鎬诲伐浼?" * 4000,
    "entities": "&amp;" * 10_000 + "&#24037;" * 3000,
    "escapes": "&" + "amp;" * 20_000,
    "digits": "1" * 90_000,
    "spaces": "点击" + " " * 90_000 + "次",
    "brackets": "(" * 45_000 + ")" * 45_000,
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_no_text_takes_repair_long(place: Place, name: str) -> None:
    """No text under 100 kB takes repair, or the reading of a page, more than a few seconds of work."""
    text = AMBIGUOUS[name]
    assert len(text.encode()) < MOST_TEXT_BYTES
    (place.folder / "text.txt").write_text(text, encoding="utf-8")
    html = article(1, line=text, after=f"<p>{text}</p>").replace("<title>", f"<title>{text[:2000]}")
    (place.folder / "page.html").write_text(html, encoding="utf-8")
    for command in (
        ("repair", "text.txt", "-o", "out.txt"),
        ("extract", "page.html", "--url", "http://a.cn/1.html"),
    ):
        ended = place.unioncrawl(*command, limit=processor(WORK_SECONDS))
        assert ended.code == 0, ended.said

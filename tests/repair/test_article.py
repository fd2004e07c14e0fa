"""An article is repaired as one page, and each change is recorded."""

from __future__ import annotations

from unioncrawl.model import Article, Image
from unioncrawl.repair.article import repair_article
from unioncrawl.repair.plan import replay

MIRRORED = Article(
    url="http://mirror.example/1.html",
    title="縣級總工會開展活動",
    body_text="全國(guó)總工會(huì)召開會(huì)議",
    source="工人日報",
    images=(Image("http://mirror.example/1.jpg", "會(huì)議現場"),),
)


def test_all_fields_are_repaired_on_the_page_s_evidence() -> None:
    """Title, source and captions are turned back because the body is a mirror's."""
    repaired = repair_article(MIRRORED)
    assert repaired.title == "县级总工会开展活动"
    assert repaired.body_text == "全国总工会召开会议"
    assert repaired.source == "工人日报"
    assert repaired.images[0].caption == "会议现场"
    assert repaired.mirror


def test_raw_keeps_each_changed_field_and_its_steps_replay() -> None:
    """From the raw string the recorded steps lead to the repaired one."""
    repaired = repair_article(MIRRORED)
    raw = dict(repaired.raw)
    steps = [entry.step for entry in repaired.steps if entry.field == "body_text"]
    assert raw["body_text"] == MIRRORED.body_text
    assert replay(raw["body_text"], steps) == repaired.body_text


def test_a_clean_article_is_the_same() -> None:
    """An undamaged article comes back as it is, and is not a mirror's."""
    clean = Article(url="http://a.example/1.html", title="全国总工会召开会议", body_text="会议强调。")
    assert repair_article(clean) is clean

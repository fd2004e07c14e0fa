"""Articles that hold several stories: they link to each by its place and join none."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from unioncrawl.archive.care.vacuum import regroup
from unioncrawl.archive.read.json_records import full_record
from unioncrawl.archive.schema import reprint_member, story_part
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article

TIME = datetime(2024, 4, 8, 1, 0, tzinfo=UTC)
CHARACTERS = [chr(code) for code in range(0x4E00, 0x5200)]
Told = tuple[str, Sequence[str]]


def _story(seed: int, paragraphs: int = 5) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - invented text
    return ["".join(chance.choices(CHARACTERS, k=80)) + "。" for _ in range(paragraphs)]


def _title(seed: int) -> str:
    return "".join(random.Random(-seed - 1).choices(CHARACTERS, k=14))  # noqa: S311 - invented text


STORIES = {name: _story(seed) for seed, name in enumerate("ABCDEFGH")}
TITLES = {name: _title(seed) for seed, name in enumerate("ABCDEFGH")}


def _told(name: str) -> Told:
    return TITLES[name], STORIES[name]


@pytest.fixture
def archive(any_archive: str) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(any_archive) as opened:
        yield opened


def _store(archive: Archive, articles: Sequence[Told], *, at_once: bool = False) -> None:
    run = archive.begin_run("x", {})
    for title, body in articles:
        number = archive.counts["new"] + archive.waiting
        url = f"http://site{number}.example.cn/{number}"
        text = "\n".join(body)
        archive.store(
            Article(url=url, site=f"site{number}", title=title, body_text=text, fetched_at=TIME), run
        )
        if not at_once:
            archive.flush()
    archive.flush()


def _groups(archive: Archive, articles: Sequence[Told]) -> list[set[str]]:
    """The titles that stand together, the first title first."""
    with archive.engine.connect() as connection:
        groups = {row.article_id: row.group_id for row in connection.execute(select(reprint_member))}
    sets: dict[int, set[str]] = {}
    for number, group in groups.items():
        sets.setdefault(group, set()).add(articles[number - 1][0])
    return sorted(sets.values(), key=sorted)


def _contained(archive: Archive, articles: Sequence[Told]) -> set[tuple[str, str]]:
    query = select(story_part.c.article_id, story_part.c.part_article_id)
    with archive.engine.connect() as connection:
        rows = connection.execute(query.where(story_part.c.relation == "contains")).all()
    return {(articles[one - 1][0], articles[other - 1][0]) for one, other in rows}


def _copy(name: str) -> Told:
    return f"转载：{TITLES[name]}", ["本报讯（记者 李方）" + STORIES[name][0], *STORIES[name][1:]]


# Each holds A and B, and what else it holds may not be known.
ROUNDUPS: dict[str, list[str]] = {
    "whole stories": [*STORIES["A"], *STORIES["B"]],
    "under headings": [f"一、{TITLES['A']}", *STORIES["A"], f"二、{TITLES['B']}", *STORIES["B"]],
    "with an introduction": [_story(99, 1)[0], *STORIES["A"], *STORIES["B"]],
    "first paragraphs": [
        f"一、{TITLES['A']}", STORIES["A"][0], f"二、{TITLES['B']}", STORIES["B"][0], STORIES["H"][0],
    ],
    "among stories that nobody has": [
        *_story(97), TITLES["A"], *STORIES["A"], *_story(96), TITLES["B"], *STORIES["B"], *_story(94),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", ROUNDUPS)
@pytest.mark.parametrize("place", [0, 1, 2, 4])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_roundup_joins_no_stories(archive: Archive, kind: str, place: int, *, at_once: bool) -> None:
    """Before, between or after its stories and their copies, a roundup links to each and stands alone."""
    articles = [_told("A"), _told("B"), _copy("A"), _copy("B")]
    articles.insert(place, ("工会一周要闻第十七期", ROUNDUPS[kind]))
    _store(archive, articles, at_once=at_once)
    assert _groups(archive, articles) == sorted(
        [{TITLES[name], f"转载：{TITLES[name]}"} for name in "AB"], key=sorted
    )
    assert {("工会一周要闻第十七期", TITLES[name]) for name in "AB"} <= _contained(archive, articles)


@pytest.mark.parametrize("seed", range(4))
def test_a_roundup_of_many_stories_links_to_all(archive: Archive, seed: int) -> None:
    """Twenty stories of which each is a twentieth are found, in any order."""
    stories = [(_title(seed), _story(seed, 4)) for seed in range(100, 120)]
    whole: Told = ("要闻速览", [line for _, body in stories for line in body])
    articles = [whole, *stories]
    random.Random(seed).shuffle(articles)  # noqa: S311 - a fixed order
    _store(archive, articles, at_once=seed % 2 == 0)
    assert _groups(archive, articles) == []
    assert _contained(archive, articles) == {("要闻速览", title) for title, _ in stories}


def test_a_reprinted_roundup_is_a_group_of_roundups(archive: Archive) -> None:
    """Two sites carry one roundup: these two are reprints, whoever came first."""
    body = ROUNDUPS["under headings"]
    articles = [("要闻", body), _told("A"), ("本周要闻", ["本报讯 " + body[0], *body[1:]]), _told("B")]
    _store(archive, articles)
    assert _groups(archive, articles) == [{"要闻", "本周要闻"}]


def test_a_roundup_of_roundups_holds_them(archive: Archive) -> None:
    """A month's news made of two weeks' news joins neither, and neither joins the other."""
    weeks = [("第一周要闻", STORIES["A"] + STORIES["B"]), ("第二周要闻", STORIES["C"] + STORIES["D"])]
    articles = [*map(_told, "ABCD"), *weeks, ("一月要闻", weeks[0][1] + weeks[1][1])]
    for order in (articles, articles[::-1]):
        _store(archive, order)
        assert _groups(archive, order) == []
        assert {("一月要闻", week[0]) for week in weeks} <= _contained(archive, order)
        break


def test_an_excerpt_stays_a_reprint(archive: Archive) -> None:
    """Half of a story is a reprint of it; both halves are, when one has the story's title."""
    story = _story(50, 8)
    title = _title(50)
    articles = [(title, story), ("节选", story[:4]), ("导读一则短消息", story[3:7])]
    _store(archive, articles)
    assert _groups(archive, articles) == [{title, "节选", "导读一则短消息"}]
    assert _contained(archive, articles) == set()


def test_two_excerpts_that_stand_apart_prove_no_roundup(archive: Archive) -> None:
    """The first and the last third of a story are its reprints, though they share nothing."""
    story = _story(51, 9)
    articles = [("全文", story), ("开头", story[:3]), ("结尾", story[6:])]
    _store(archive, articles)
    assert _groups(archive, articles) == [{"全文", "开头", "结尾"}]


def test_two_excerpts_that_tile_a_story_prove_no_roundup(archive: Archive) -> None:
    """Both halves of a story are its reprints, though nothing stands between: they say the same words."""
    first = [
        "4月8日，临溪市机械厂举行焊工技能比武，一百二十名焊工和钳工同台竞技，比武持续三天。",
        "比武由东河县总工会和机械厂联合主办，焊接评委来自六家企业，奖金由县总工会承担。",
    ]
    latter = [
        "焊工孙长河在技能比武中焊接的管道没有一处气孔，评委给出满分，他获得奖金三千元。",
        "县总工会主席说，技能比武让年轻钳工看到差距，机械厂明年将把奖金提高一倍继续主办。",
    ]
    articles = [("全文", first + latter), ("开头", first), ("结尾", latter)]
    _store(archive, articles)
    assert _groups(archive, articles) == [{"全文", "开头", "结尾"}]


def test_two_stories_that_begin_as_news_are_a_roundup(archive: Archive) -> None:
    """Without a heading between them, and in the same words, a second day opens a second story."""
    eighth = [
        "4月8日，临溪市机械厂举行焊工技能比武，一百二十名焊工和钳工同台竞技，比武由县总工会主办。"
        + _story(70, 1)[0]
    ]
    ninth = [
        "4月9日，县总工会给焊工技能比武颁奖，机械厂三名钳工获得奖金，主办方说明年还将举行比武。"
        + _story(71, 1)[0]
    ]
    articles = [("八日", eighth), ("九日", ninth), ("两日", eighth + ninth)]
    _store(archive, articles)
    assert _groups(archive, articles) == []


@pytest.mark.parametrize(
    "above", ["通知全文如下：", "附：通知", "相关链接", "市总工会发出通知，现刊登如下："]
)
def test_a_text_that_is_announced_is_held(archive: Archive, above: str) -> None:
    """A line above a whole text says that another follows, and its title need not stand there."""
    report = ("市总工会部署职工书屋建设", [*_story(60, 2), above, *STORIES["A"]])
    articles = [_told("A"), report, _copy("A")]
    _store(archive, articles)
    assert _groups(archive, articles) == [{TITLES["A"], f"转载：{TITLES['A']}"}]
    assert (report[0], TITLES["A"]) in _contained(archive, articles)


def test_a_copy_of_a_held_story_is_held(archive: Archive) -> None:
    """A copy under another title, without a heading in the longer text, joins neither it nor its groups."""
    page = (TITLES["A"], [*STORIES["A"], "相关链接：", TITLES["B"], *STORIES["B"]])
    slips = ("另题", [line[:30] + "的" + line[31:] for line in STORIES["B"]])
    articles = [_told("B"), page, ("又一题", STORIES["B"]), slips, ("其他", STORIES["A"])]
    _store(archive, articles)
    assert _groups(archive, articles) == sorted(
        [{TITLES["B"], "又一题", "另题"}, {TITLES["A"], "其他"}], key=sorted
    )


def test_links_below_a_story_make_it_no_roundup(archive: Archive) -> None:
    """相关链接 hold another story: the page stays a reprint of its own, which its title names."""
    page = (TITLES["A"], [*STORIES["A"], "相关链接", *STORIES["B"]])
    articles = [_told("A"), page, _told("B"), _copy("B")]
    _store(archive, articles)
    assert _groups(archive, articles) == sorted(
        [{TITLES["A"]}, {TITLES["B"], f"转载：{TITLES['B']}"}], key=sorted
    )
    assert _contained(archive, articles) == {
        (TITLES["A"], title) for title in (TITLES["B"], f"转载：{TITLES['B']}")
    }


def test_news_that_quotes_a_notice_whole_is_no_reprint_of_it(archive: Archive) -> None:
    """A notice under its own title, after a report of its own, is contained."""
    report = ("市总工会部署职工书屋建设", [*_story(60, 2), TITLES["A"], *STORIES["A"]])
    for articles in ([_told("A"), report], [report, _told("A")]):
        _store(archive, articles)
        break
    assert _groups(archive, articles) == []
    assert _contained(archive, articles) == {(report[0], TITLES["A"])}


def test_the_place_is_in_the_body(archive: Archive) -> None:
    """The characters that the archive names are the story's, closing signs included."""
    body = [
        "编者按。",
        f"一、{TITLES['A']}",
        *STORIES["A"],
        f"二、{TITLES['B']}",
        "“" + STORIES["B"][0],
        STORIES["B"][1],
    ]
    articles = [_told("A"), _told("B"), ("要闻", body)]
    _store(archive, articles)
    text = "\n".join(body)
    with archive.engine.connect() as connection:
        rows = {row.part_article_id: row for row in connection.execute(select(story_part))}
        shown = full_record(connection, "3")["contains"]
        assert full_record(connection, "1")["contained_in"] == shown[:1]
    assert [one["part_article_id"] for one in shown] == [1, 2]
    assert text[rows[1].start_at : rows[1].end_at] == "\n".join(STORIES["A"])
    assert text[rows[2].start_at : rows[2].end_at] == "“" + "\n".join(STORIES["B"][:2])


def test_regrouping_parts_what_a_roundup_joined(archive: Archive) -> None:
    """An archive in which roundups joined their stories has them apart after ``vacuum --regroup``."""
    articles = [_told("A"), _told("B"), _copy("A"), ("要闻", ROUNDUPS["whole stories"])]
    _store(archive, articles)
    with archive.engine.begin() as connection:
        connection.execute(story_part.delete())
        connection.execute(reprint_member.update().values(group_id=1))
    assert regroup(archive.engine) == 2
    assert _groups(archive, articles) == [{TITLES["A"], f"转载：{TITLES['A']}"}]
    assert len(_contained(archive, articles)) == 3

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from unioncrawl.archive.reprints.fingerprints import reprint_folded, sketch
from unioncrawl.archive.reprints.lineage import load_groups
from unioncrawl.archive.reprints.reprint_changes import Change
from unioncrawl.archive.reprints.same_story import Story, compare
from unioncrawl.archive.schema import fingerprint, recent_fingerprint, reprint_member
from unioncrawl.archive.store import Archive
from unioncrawl.language.folding import fold
from unioncrawl.model import Article, Precision
from unioncrawl.sites.profile import Level, SiteProfile

TIME = datetime(2024, 4, 8, 1, 0, tzinfo=UTC)
CHARACTERS = [chr(code) for code in range(0x4E00, 0x5200)]
BLURB = (
    "本网站所刊登的各种新闻信息和专题资料均为本网版权所有未经协议授权禁止下载使用转载请注明出处并保留作者姓名"
)


def _story(seed: int, paragraphs: int = 5, length: int = 80) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - invented text
    return ["".join(chance.choices(CHARACTERS, k=length)) + "。" for _ in range(paragraphs)]


@pytest.fixture
def archive(any_archive: str) -> Iterator[Archive]:
    """An archive with two sites, one a paper."""
    with Archive.open(any_archive) as opened:
        for key, name in (("paper", "工人日报"), ("city", "西安市总工会")):
            opened.ensure_site(SiteProfile(id=key, name=name, level=Level.PAPER, family="x", hosts=(key,)))
        yield opened


def _store(archive: Archive, bodies: list[list[str]], **more: Any) -> list[int | None]:
    """The group of each body, each stored as an article of its own."""
    number = archive.begin_run("x", {})
    base = archive.counts["new"]
    for position, body in enumerate(bodies):
        values = {"site": f"site{base + position}", "title": f"第{base + position}篇", **more}
        url = f"http://example.cn/{base + position}"
        archive.store(Article(url=url, body_text="\n".join(body), fetched_at=TIME, **values), number)
    archive.flush()
    groups = _groups(archive)
    return [groups.get(base + position + 1) for position in range(len(bodies))]


def _groups(archive: Archive) -> dict[int, int]:
    with archive.engine.connect() as connection:
        return {row.article_id: row.group_id for row in connection.execute(select(reprint_member))}


EDITS: dict[str, Callable[[list[str]], list[str]]] = {
    "本报讯 added": lambda story: ["本报讯（记者 张三）" + story[0], *story[1:]],
    "a paragraph dropped": lambda story: story[1:],
    "width and punctuation": lambda story: [line.replace("。", " . ") for line in story],
    "a third of it": lambda story: story[:2],
    "own commentary": lambda story: [*story, *_story(999, 2)],
    "pinyin notes": lambda story: [f"{line[:9]}(gōng){line[9:40]}(huì ){line[40:]}" for line in story],
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("flush_between", [False, True])
def test_edited_reprints_join(archive: Archive, edit: str, flush_between: bool) -> None:  # noqa: FBT001
    """Each way in which reprints differ is found, in one batch and over two."""
    story, other = _story(1), _story(2)
    batches = (
        [[story, other], [EDITS[edit](story)]] if flush_between else [[story, other, EDITS[edit](story)]]
    )
    for batch in batches:
        _store(archive, batch)
    assert _groups(archive) == {1: 1, 3: 1}


def test_boilerplate_joins_nothing(archive: Archive) -> None:
    """Short stories over one long disclaimer stay apart, from the first pair on."""
    stories = [[*_story(seed, 1, 60), BLURB] for seed in range(8)]
    assert _store(archive, stories[:2]) == [None, None]
    assert _store(archive, stories[2:]) == [None] * 6


def test_boilerplate_hides_no_reprint(archive: Archive) -> None:
    """Once known as boilerplate, disclaimers on both sides don't hide an excerpt."""
    _store(archive, [[*_story(seed, 1, 60), BLURB] for seed in range(10, 15)])
    story = _story(1)
    groups = _store(archive, [story, [*story[:2], BLURB]])
    assert groups[0] is not None
    assert groups[0] == groups[1]


def test_groups_merge_when_a_bridge_arrives(archive: Archive) -> None:
    """Two groups become one when an article belongs to both; no half of a group is left."""
    story = _story(1, 10)
    first, second = story[:6], story[5:]
    assert _store(archive, [first, first[1:], second, second[:4]]) == [1, 1, 2, 2]
    assert len(set(_store(archive, [story]))) == 1
    with archive.engine.connect() as connection:
        groups = set(connection.execute(select(reprint_member.c.group_id)).scalars())
    assert len(groups) == 1


def test_pouring_loses_no_fingerprint(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the recent fingerprints are poured, reprints are found as before."""
    monkeypatch.setattr("unioncrawl.archive.reprints.fingerprint_postings._POUR_ROWS", 1)
    monkeypatch.setattr("unioncrawl.archive.reprints.fingerprint_postings._COUNTED_EVERY", 1)
    story = _story(1)
    _store(archive, [story])
    with archive.engine.connect() as connection:
        assert connection.execute(select(recent_fingerprint)).all() == []
        assert set(connection.execute(select(fingerprint.c.hash)).scalars()) == sketch(
            reprint_folded(fold("".join(story)))
        )
    assert _store(archive, [story[:3]]) == [1]


def test_lineage_prefers_the_declared_source(archive: Archive) -> None:
    """The outlet that others name is first, though its label prints a later time of the day."""
    story = "\n".join(_story(1))
    number = archive.begin_run("x", {})
    values: dict[str, Any] = {"body_text": story, "fetched_at": TIME, "published_precision": Precision.MINUTE}
    copy = Article(
        url="http://city/1", site="city", title="转载", source="工人日报", published_at=TIME, **values
    )
    later = TIME + timedelta(hours=2)
    original = Article(url="http://paper/1", site="paper", title="原题", published_at=later, **values)
    third = Article(url="http://x/1", site="x", title="原题", published_at=TIME + timedelta(days=1), **values)
    for record in (copy, original, third):
        archive.store(record, number)
    archive.flush()
    with archive.engine.connect() as connection:
        group = load_groups(connection, [1])[0]
    assert group.origin == "source"
    assert [member.article.record.site for member in group.members] == ["paper", "city", "x"]
    assert [member.lag for member in group.members] == [
        timedelta(0),
        timedelta(hours=-2),
        timedelta(hours=22),
    ]
    assert [member.title_changed for member in group.members] == [False, True, False]


def test_lineage_goes_by_date(archive: Archive) -> None:
    """Without a declared source the earliest labelled date is the first; what was dropped is counted."""
    story = _story(1)
    number = archive.begin_run("x", {})
    for position, body in enumerate((story[1:], story)):
        published = TIME - timedelta(days=position)
        url = f"http://x{position}/1"
        archive.store(
            Article(
                url=url, site=f"x{position}", title="题", body_text="\n".join(body), published_at=published
            ),
            number,
        )
    archive.flush()
    with archive.engine.connect() as connection:
        group = load_groups(connection, [1])[0]
    assert (group.origin, [member.article.record.site for member in group.members]) == ("date", ["x1", "x0"])
    assert (group.members[1].added, group.members[1].removed) == (0, 80)


def test_shared_talk_is_no_reprint() -> None:
    """Stories that share a fifth of what they say are two stories."""
    left, right = _story(1), _story(2)
    assert compare(Story.of("\n".join([*left, right[0]])), Story.of("\n".join(right))) is None


def _notice(place: str, day: int) -> list[str]:
    words = _story(7, 4, 60)
    return [f"{place}总工会{words[0]}", words[1], words[2], f"{words[3][:-1]}截止{day}日{place}总工会。"]


def test_an_excerpt_without_names_joins_no_two_notices(archive: Archive) -> None:
    """What parts two unions' notices counts for their excerpts too: the second notice stays apart."""
    notice = _notice("神木市", 12)
    groups = _store(archive, [notice, notice[1:3]])
    assert groups == [1, 1]
    assert _store(archive, [_notice("府谷县", 27)]) == [None]


def test_background_joins_no_other_story_to_an_excerpt(archive: Archive) -> None:
    """An excerpt that is mostly background brings no story with the same background into its group."""
    background = _story(5, 1, 150)
    first, second = [*_story(1, 3, 80), *background], [*_story(2, 3, 80), *background]
    assert _store(archive, [first, [first[2], *background]]) == [1, 1]
    assert _store(archive, [second]) == [None]


@pytest.mark.parametrize("seed", range(4))
def test_groups_are_the_same_in_any_order(archive: Archive, seed: int) -> None:
    """Whoever arrives first, the same articles stand together, over batches too."""
    story, other = _story(1, 6), _story(2, 6)
    bodies = [story, EDITS["本报讯 added"](story), story[:3], story[2:], EDITS["own commentary"](story)]
    bodies += [other, other[1:], _notice("神木市", 12), _notice("神木市", 12)[:3], _notice("府谷县", 27)]
    order = list(range(len(bodies)))
    random.Random(seed).shuffle(order)  # noqa: S311 - a fixed order
    for some in (order[:4], order[4:]):
        _store(archive, [bodies[place] for place in some])
    groups = {place: _groups(archive).get(position + 1) for position, place in enumerate(order)}
    together = [{place for place in groups if groups[place] == groups[one]} for one in (0, 5, 7)]
    assert together == [{0, 1, 2, 3, 4}, {5, 6}, {7, 8}]
    assert groups[9] is None


def _lineage(archive: Archive, *records: dict[str, Any]) -> list[tuple[str, timedelta | None]]:
    """Who published first and who followed, with the lag, whatever arrives in this order."""
    number = archive.begin_run("x", {})
    body = "\n".join(_story(1))
    for place, record in enumerate(records):
        url = f"http://{record['site']}.example.cn/{place}"
        archive.store(Article(url=url, title="题", body_text=body, fetched_at=TIME, **record), number)
    archive.flush()
    with archive.engine.connect() as connection:
        (group,) = load_groups(connection, [1])
    return [(member.article.record.site, member.lag) for member in group.members]


def test_a_mirror_is_never_the_first(archive: Archive) -> None:
    """A mirror that shows an earlier date is not the publisher, damaged or not."""
    profile = SiteProfile(id="copies", name="西安市总工会镜像", level=Level.MIRROR, family="x", hosts=("m",))
    archive.ensure_site(profile)
    early, late = TIME - timedelta(days=9), TIME
    found = _lineage(
        archive,
        {"site": "copies", "published_at": early},
        {"site": "other", "published_at": early, "mirror": True},
        {"site": "city", "published_at": late, "published_precision": Precision.MINUTE},
    )
    assert found[0][0] == "city"


def test_who_names_a_member_is_not_the_first(archive: Archive) -> None:
    """By any of its names: the copy that is dated earlier still is a copy."""
    found = _lineage(
        archive,
        {"site": "x", "published_at": TIME - timedelta(days=1), "source": "来源：西安工会网"},
        {"site": "city", "published_at": TIME, "source": "本站"},
        {"site": "y", "published_at": TIME + timedelta(days=1), "source": "新华社"},
    )
    assert [site for site, _ in found] == ["city", "x", "y"]


def test_lag_is_in_days_where_a_date_shows_no_time(archive: Archive) -> None:
    """A day beside a minute makes no lag of hours, forwards or back."""
    minute = {"published_precision": Precision.MINUTE}
    found = _lineage(
        archive,
        {"site": "x", "published_at": TIME.replace(hour=16), "published_precision": Precision.DAY},
        {"site": "city", "published_at": TIME, "source": "本站", **minute},
        {"site": "y", "published_at": TIME + timedelta(hours=5), **minute},
    )
    assert found == [("city", timedelta(0)), ("y", timedelta(hours=5)), ("x", timedelta(days=1))]


def test_changes_are_named_against_the_first(archive: Archive) -> None:
    """Kind and changes compare with the first publication, not with the copy that came in before."""
    story, number = _story(1), archive.begin_run("x", {})
    bodies = (story[:3], ["本报讯" + story[0], *story[1:]], story)
    for place, body in enumerate(bodies):
        published = TIME - timedelta(days=place)
        url = f"http://x{place}/1"
        archive.store(
            Article(url=url, site=f"x{place}", title="题", body_text="\n".join(body), published_at=published),
            number,
        )
    archive.flush()
    with archive.engine.connect() as connection:
        (group,) = load_groups(connection, [1])
    changes_of = {member.article.record.site: (member.kind, list(member.changes)) for member in group.members}
    assert changes_of == {
        "x2": ("first", []),
        "x1": ("copy", [Change.LEAD_ADDED]),
        "x0": ("edited", [Change.PARAGRAPHS_DROPPED]),
    }


def test_copies_of_a_much_used_form_are_found(archive: Archive) -> None:
    """Where dozens of unions fill in one form, a copy finds its own, and so does an edited one."""
    places = [f"{first}{second}县" for first in "神府榆安永" for second in "木谷阳康和"]
    notices = [
        [
            *_notice(place, number + 1),
            f"招聘{number * 7 + 11}名，年龄{number + 30}岁以下，电话{2_000_001 + number * 977}。",
        ]
        for number, place in enumerate(places)
    ]
    assert _store(archive, notices) == [None] * len(places)
    lead = EDITS["本报讯 added"](notices[9])
    assert _store(archive, [["".join(notices[3])], lead]) == [1, 2]
    groups = _groups(archive)
    assert (groups[4], groups[10]) == (1, 2)

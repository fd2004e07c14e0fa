"""The invented stories: enough of them, long enough, and no two alike."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pytest

from unioncrawl.practice.server import SITE_TYPES
from unioncrawl.practice.stories import Story, find_story, load_stories

SHORTEST, LONGEST = 300, 1500
LARGEST_LIKENESS = 0.3
REPRINT = ("practice-xunrui/9", "practice-phpcms/183")
PICTURE_STORIES = {"practice-xunrui/12", "practice-empire/1031"}


@cache
def articles() -> tuple[Story, ...]:
    """Every story that stands as an article on some site."""
    stories = [story for kind in SITE_TYPES for story in load_stories(kind.site_id)]
    return tuple(story for story in stories if story.page == "article")


def grams(text: str) -> set[str]:
    """The text's character 3-grams, white space aside."""
    joined = "".join(text.split())
    return {joined[start : start + 3] for start in range(len(joined) - 2)}


def likeness(first: str, second: str) -> float:
    """The exact Jaccard likeness of two texts' 3-grams."""
    one, other = grams(first), grams(second)
    return len(one & other) / len(one | other)


def test_there_are_enough_articles() -> None:
    """Five sites, at least 80 articles, at least 80 of them of their own."""
    assert len(SITE_TYPES) == 5
    assert len(articles()) >= 90
    assert len({story.text for story in articles() if story.text}) >= 80


@pytest.mark.parametrize("story", articles(), ids=lambda story: story.key)
def test_story_is_as_long_as_news_is(story: Story) -> None:
    """300 to 1,500 characters in several paragraphs, but for picture news of one line."""
    if story.key in PICTURE_STORIES:
        assert story.text == ""
        assert len(story.body.splitlines()) == 1
        return
    assert SHORTEST <= len(story.text) <= LONGEST
    assert len(story.paragraphs) >= 4
    for later in story.later:
        assert SHORTEST <= len(later) <= LONGEST


def test_no_two_stories_are_alike() -> None:
    """Each pair's 3-gram likeness is below 0.3, so that only reprints look like reprints."""
    originals = {story.text: story.key for story in articles() if story.text and story.key != REPRINT[1]}
    for (first, first_key), (second, second_key) in combinations(originals.items(), 2):
        assert likeness(first, second) < LARGEST_LIKENESS, (first_key, second_key)


def test_the_reprint_is_nearly_the_original() -> None:
    """The story on two sites differs in its first words and its end, and says where it is from."""
    original, reprint = (find_story(key) for key in REPRINT)
    assert original.text != reprint.text
    assert likeness(original.text, reprint.text) > 0.85
    assert reprint.original_title == original.title
    assert reprint.source == original.source == "临溪市总工会"


def test_dates_reach_from_2023_to_2026() -> None:
    """Each year of 2023 to 2026 has stories, and each site has one of the last months."""
    assert {story.published.year for story in articles()} == {2023, 2024, 2025, 2026}
    for kind in SITE_TYPES:
        newest = load_stories(kind.site_id)[0].published
        assert (newest.year, newest.month) >= (2026, 10)


def test_each_site_lists_newest_first_on_two_pages_or_more() -> None:
    """Stories come newest first, with distinct ids, on every site."""
    for kind in SITE_TYPES:
        stories = load_stories(kind.site_id)
        assert [story.published for story in stories] == sorted(
            (story.published for story in stories), reverse=True
        )
        assert len({story.id for story in stories}) == len(stories)


def test_unknown_story_has_no_entry() -> None:
    """A key that no site has is a KeyError."""
    with pytest.raises(KeyError):
        find_story("practice-xunrui/4711")

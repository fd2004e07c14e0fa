"""Clean paragraphs to damage: the shared corpus when it is there, else the project's own text.

The project's own text is the practice sites' stories, whose sentences are put
together anew, seeded, with other dates and numbers.
"""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from unioncrawl.practice.stories import load_stories

_SITES = ("practice-xunrui", "practice-empire", "practice-phpcms", "practice-asp")
_SENTENCE = re.compile("[^。！？\n]+[。！？]”?")
_NUMBER = re.compile("(?<![0-9])[1-9][0-9]{0,3}(?![0-9])")
_SHORTEST = 12


def own_sentences() -> list[str]:
    """Return the sentences of the practice stories, each once, in a fixed order."""
    stories = [story for site in _SITES for story in load_stories(site)]
    found = (sentence for story in stories for sentence in _SENTENCE.findall(story.text))
    return sorted({sentence.strip() for sentence in found if len(sentence) >= _SHORTEST})


def own_paragraphs(count: int, seed: int) -> list[str]:
    """Return so many paragraphs of one to four sentences each, numbers changed."""
    rng = Random(seed)
    sentences = own_sentences()
    return [
        _NUMBER.sub(
            lambda found: _other_number(found[0], rng), "".join(rng.sample(sentences, rng.randint(1, 4)))
        )
        for _ in range(count)
    ]


def _other_number(number: str, rng: Random) -> str:
    low = 10 ** (len(number) - 1)
    return str(rng.randrange(low, low * 10))


def corpus_paragraphs(folder: Path, count: int, seed: int) -> list[str]:
    """Return so many paragraphs of the shared corpus, news and law in equal parts; empty without it."""
    rng = Random(seed)
    found: list[str] = []
    for name in ("news.txt", "laws.txt"):
        if (folder / name).is_file():
            lines = (folder / name).read_text(encoding="utf-8").splitlines()
            found += rng.sample(lines, min(count // 2, len(lines)))
    rng.shuffle(found)
    return found

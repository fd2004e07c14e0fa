"""Each input as text lines or as words with counts."""

from __future__ import annotations

import json
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.lexicon.inputs import unpack_single

WordCounts = dict[str, float]
_THREE_SENTENCES = re.compile("(?:[^。]*。){1,3}”?|[^。]+$")
_CHINESE_WORD = re.compile(r"[\u4e00-\u9fa5·]+")


def read_plain(data: bytes) -> Iterator[str]:
    """Yield the paragraphs of a file with one on each line."""
    for line in data.decode().split("\n"):
        if line.strip():
            yield line.strip()


def split_broadcasts(lines: Iterable[str]) -> Iterator[str]:
    """Cut broadcast items, which come as one line each, into paragraphs as web pages have them."""
    for line in lines:
        yield from _THREE_SENTENCES.findall(line)


def read_people_daily(data: bytes) -> Iterator[str]:
    """Yield the paragraphs of the tagged newspaper (``迈向/v  充满/v``), tags taken off."""
    for line in data.decode().split("\n"):
        words = (token.removeprefix("[").rsplit("/", 1)[0] for token in line.split())
        text = "".join(words)
        if text:
            yield text


def read_statutes(data: bytes) -> Iterator[str]:
    """Yield the paragraphs of every article in the database of statutes."""
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        file.write(data)
        file.flush()
        base = sqlite3.connect(file.name)
        for (text,) in base.execute("select article_text from articles order by id"):
            for line in (text or "").split("\n"):
                if line.strip():
                    yield line.strip()
        base.close()


def read_glossary(path: Path) -> list[str]:
    """Read a list written for the project: one entry a line, ``#`` begins a comment."""
    return [line for line in path.read_text().split("\n") if line and not line.startswith("#")]


def read_jieba_words(data: bytes) -> WordCounts:
    """Read ``word count tag`` lines."""
    rows = (line.split(" ") for line in data.decode().split("\n") if line)
    return {row[0]: float(row[1]) for row in rows if _CHINESE_WORD.fullmatch(row[0])}


def read_news_words(data: bytes) -> WordCounts:
    """Read ``word tag count tag count …`` lines."""
    rows = (line.rstrip("\r").split("\t") for line in data.decode().split("\n") if line)
    return {row[0]: sum(map(float, row[2::2])) for row in rows if _CHINESE_WORD.fullmatch(row[0])}


def read_web_words(data: bytes) -> WordCounts:
    """Read a zipped file of one JSON pair a line."""
    pairs = (json.loads(line) for line in unpack_single(data).decode().split("\n") if line)
    return {word: float(count) for word, count in pairs if _CHINESE_WORD.fullmatch(word)}


def read_domain_words(data: bytes) -> dict[str, WordCounts]:
    """Read THUOCL: its lists of law, places, people, finance, each with document counts."""
    lists = json.loads(data)
    return {
        topic: {word.strip("\ufeff"): 1.0 for word in words if _CHINESE_WORD.fullmatch(word.strip("\ufeff"))}
        for topic, words in lists.items()
    }


def read_places(data: bytes) -> Iterator[tuple[int, str]]:
    """Yield level and name: 1 province, 2 city, 3 county, 4 township, 5 village."""
    for line in unpack_single(data).decode().split("\n"):
        name = line.strip().split("\t")[0]
        if name:
            yield len(line) - len(line.lstrip("\t")) + 1, name


def read_arpa(data: bytes) -> Iterator[tuple[list[str], float]]:
    """Yield the n-grams of a word language model, shorter ones first, with log10 probability."""
    for line in unpack_single(data).decode().split("\n"):
        fields = line.split("\t")
        if len(fields) >= 2:
            words = fields[1].split(" ")
            if not any(word.startswith("<") for word in words):
                yield words, float(fields[0])

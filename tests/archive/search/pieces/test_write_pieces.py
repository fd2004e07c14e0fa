"""Pieces in PostgreSQL: whatever is put in, taken out and merged, a search finds what stands in the texts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from unioncrawl.archive.care.vacuum import reindex
from unioncrawl.archive.database import writing
from unioncrawl.archive.search.answer import SearchRequest, search
from unioncrawl.archive.search.index.asks import Ask, Both, Either, Without, Words
from unioncrawl.archive.search.index.index_words import EVERY_ARTICLE, IndexEntry, entry_text, site_word
from unioncrawl.archive.search.index.pieces import leaves, newest_stretches, write_pieces
from unioncrawl.archive.search.index.pieces.piece_rows import pieces_of
from unioncrawl.archive.search.index.pieces.piece_view import PieceView
from unioncrawl.archive.search.index.pieces.read_vocabulary import read_vocabulary
from unioncrawl.archive.search.index.pieces.write_pieces import (
    add_documents,
    forget_gone,
    merge_last,
    remove_all,
    remove_documents,
)
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.errors import ArchiveError
from unioncrawl.model import Article

_DAY = datetime(2024, 5, 1, tzinfo=UTC)
_BEYOND = 1 << 40
_EVERY = Words((EVERY_ARTICLE,))
_ASKS: tuple[Ask, ...] = (
    _EVERY,
    Words(("工会",)),
    Words(("工会", "会职")),
    Words(("职工", "工会", "会")),
    Words(("工会", "会", "劳模")),
    Words(("工工", "工工", "工工")),
    Both((Words(("工会", "会工")), Words(("劳模",)))),
    Without(Words(("工会", "会工")), Words(("工会", "会工", "工会"))),
    Words(("\ue000工会", "\ue000会")),
    Words(("无有", "有无")),
    Words(("工",), prefix=True),
    Both((Words(("工",), prefix=True), Words(("劳",), prefix=True))),
    Either((Words(("劳模",)), Words(("模",)))),
    Without(_EVERY, Words(("劳",), prefix=True)),
    Words((site_word("xian"),)),
    Words((site_word("nowhere"),)),
    Words(("无有",)),
)
Texts = dict[int, IndexEntry]


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    """An archive on PostgreSQL that knows two sites."""
    with Archive.open(postgres_url) as archive:
        with archive.engine.begin() as connection:
            sites = "VALUES (1, 'xian', '', '[]'), (2, 'yan-an', '', '[]')"
            connection.execute(text(f"INSERT INTO site (id, key, name, hosts) {sites}"))
        yield archive.engine


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same in each run


def _entry(chance: random.Random) -> IndexEntry:
    body = "".join(chance.choices("工会职劳模，", k=chance.randint(0, 12)))
    site = chance.choice(("xian", "yan-an"))
    return IndexEntry(0, _DAY + timedelta(1), chance.choice(("", "工会")), body, site, "工人日报")


def _holds(ask: Ask, words: Sequence[str]) -> bool:
    match ask:
        case Words((asked,), prefix=True):
            return any(word.startswith(asked) for word in words)
        case Words(asked):
            return any(tuple(words[place : place + len(asked)]) == asked for place in range(len(words)))
        case Both(parts):
            return all(_holds(part, words) for part in parts)
        case Either(parts):
            return any(_holds(part, words) for part in parts)
        case Without(base, rest):
            return _holds(base, words) and not _holds(rest, words)


def _check(connection: Connection, texts: Texts) -> None:
    """Every question has the numbers that the texts themselves give, and so has every word."""
    words = {number: entry_text(entry).split() for number, entry in texts.items()}
    for ask in _ASKS:
        wanted = sorted(number for number in texts if _holds(ask, words[number]))
        view = PieceView(connection)
        assert list(view.numbers(ask, 0, _BEYOND)) == wanted, ask
        assert view.count(ask, 0, _BEYOND) == len(wanted), ask
        spans = [(300, 900), (1_500, _BEYOND)]
        for span, found in zip(spans, PieceView(connection).newest(ask, spans), strict=True):
            assert list(found) == [one for one in reversed(wanted) if span[0] <= one < span[1]], ask
        assert view.count(ask, 300, 900) == sum(300 <= one < 900 for one in wanted)
        assert view.among(ask, [1, 5, 300]) == {1, 5, 300} & set(wanted)
    held: Counter[tuple[str, str]] = Counter()
    for word, times, numbers, places in read_vocabulary(connection):
        held.update({(word, "times"): times, (word, "numbers"): numbers, (word, "places"): places})
    expected: Counter[tuple[str, str]] = Counter()
    for number, standing in words.items():
        for place, word in enumerate(standing):
            expected.update({(word, "times"): 1, (word, "numbers"): number, (word, "places"): place})
    assert held == expected


@pytest.mark.parametrize(("block", "fan"), [(65_536, 64), (16, 3), (40, 2)])
def test_a_search_finds_what_stands_in_the_texts(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, block: int, fan: int
) -> None:
    """Through hundreds of random changes, numbers given again included, blocks filled and pieces merged."""
    monkeypatch.setattr(write_pieces, "MOST_IN_BLOCK", block)
    monkeypatch.setattr(write_pieces, "_FAN", fan)
    monkeypatch.setattr(write_pieces, "_PLAIN_DOCUMENTS", 8)
    monkeypatch.setattr(write_pieces, "_LEAVES_AT_ONCE", 1)
    monkeypatch.setattr(leaves, "LEAF_VALUES", 20)
    monkeypatch.setattr(leaves, "_MOST_VALUES", 22)
    monkeypatch.setattr(newest_stretches, "_MOST_DOCUMENTS", 3)
    chance, texts = _chance(block), Texts()
    for step in range(60):
        with writing(engine) as connection:
            gone = chance.sample(sorted(texts), min(len(texts), chance.randint(0, 3)))
            remove_documents(connection, gone)
            for number in gone:
                del texts[number]
            free = sorted(set(range(1_000)) - set(texts)) if step % 2 else [*gone, *range(2_000, 2_006)]
            numbers = sorted(set(chance.sample(free, chance.randint(0, min(6, len(free))))) - set(texts))
            added = {number: _entry(chance) for number in numbers}
            add_documents(connection, list(added.items()))
            texts |= added
            if step % 7 == 0:
                merge_last(connection)
            if step % 11 == 0:
                assert forget_gone(connection) in {True, False}
        if step % 6 == 5:
            with engine.connect() as connection:
                _check(connection, texts)
    with writing(engine) as connection:
        while forget_gone(connection):
            pass
        _check(connection, texts)
        assert not any(piece.gone for piece in pieces_of(connection))
        remove_all(connection)
        _check(connection, {})


def test_a_block_that_is_full_is_one_piece(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The documents that do not fit begin a block; what was written before is not written again."""
    monkeypatch.setattr(write_pieces, "MOST_IN_BLOCK", 20)
    chance = _chance(1)
    whole: set[int] = set()
    for batch in range(12):
        with writing(engine) as connection:
            numbers = range(batch * 6, batch * 6 + 6)
            add_documents(connection, [(number, _entry(chance)) for number in numbers])
            pieces = pieces_of(connection)
            assert whole <= {piece.id for piece in pieces}
            full = [piece for piece in pieces if piece.block < pieces[-1].block]
            assert [piece.documents for piece in full] == [18] * (batch // 3)
            whole = {piece.id for piece in full}


def test_a_reader_sees_one_state(engine: Engine) -> None:
    """Who began to read before all was taken out and put in anew reads what was there, to the end."""
    chance = _chance(3)
    before = {number: _entry(chance) for number in range(300, 340)}
    with writing(engine) as connection:
        add_documents(connection, list(before.items()))
    with engine.connect() as reader:
        assert PieceView(reader).count(_EVERY, 0, _BEYOND) == 40
        with writing(engine) as connection:
            remove_all(connection)
            add_documents(connection, [(7, _entry(chance))])
        _check(reader, before)
    with engine.connect() as reader:
        assert list(PieceView(reader).numbers(_EVERY, 0, _BEYOND)) == [7]


def test_many_documents_at_once_are_several_pieces(engine: Engine) -> None:
    """More than are sorted at once go into pieces that follow each other."""
    chance = _chance(4)
    texts = {number: _entry(chance) for number in range(2_300)}
    with writing(engine) as connection:
        add_documents(connection, list(texts.items()))
        assert [piece.documents for piece in pieces_of(connection)] == [1_000, 1_000, 300]
        _check(connection, texts)


@pytest.mark.parametrize(
    ("damage", "is_read"),
    [
        ("UPDATE search_index_leaf SET content = set_byte(content, 9, 255 - get_byte(content, 9))", False),
        ("DELETE FROM search_index_leaf", True),
        ("UPDATE search_index_piece SET first_ordinal = first_ordinal + 1", True),
        ("DELETE FROM search_index_piece", True),
        ("UPDATE search_index_piece SET gone = '\\x3a3000000100000000000000100000000000'", True),
    ],
)
def test_damage_is_told(postgres_url: str, tmp_path: Path, damage: str, is_read: bool) -> None:  # noqa: FBT001 - pytest's
    """Verify finds what was changed or lost in the index; no search answers from what it can't read."""
    with Archive.open(postgres_url) as archive:
        run = archive.begin_run("x", {})
        for number in range(3):
            body = f"第{number}次慰问职工，工会送清凉到一线。"
            archive.store(Article(url=f"http://x.cn/{number}", site="x", title="工会", body_text=body), run)
        archive.finish_run(run, {}, "finished")
        assert list(verify(archive.engine, tmp_path)) == []
        with archive.engine.begin() as connection:
            connection.execute(text(damage))
        found = list(verify(archive.engine, tmp_path))
        assert {one.check for one in found} == {"index"}
        assert "vacuum --reindex" in found[0].next_step
        if not is_read:
            with archive.engine.connect() as connection, pytest.raises(ArchiveError, match="full-text index"):
                search(connection, SearchRequest(query="工会"))
        reindex(archive.engine)
        assert list(verify(archive.engine, tmp_path)) == []
        with archive.engine.connect() as connection:
            assert search(connection, SearchRequest(query="工会")).total == 3

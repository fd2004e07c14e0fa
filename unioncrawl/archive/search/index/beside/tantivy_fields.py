"""The fields of a document in tantivy's index, and a question in its queries.

``words`` holds the words of the database's index in their order, with places: a longer word is a phrase
of its pairs. A single character is no beginning of words, as it is for FTS5, but a word of its own in
``characters``, so that a frequent one costs no more than any pair.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import lru_cache

import tantivy
from tantivy import Document, FieldType, Occur, Query, Schema

from unioncrawl.archive.search.index.asks import Ask, Both, Either, Without, Words
from unioncrawl.archive.search.index.beside.index_protocol import State
from unioncrawl.archive.search.index.index_words import (
    COLUMN_MARK,
    EVERY_ARTICLE,
    SITE_MARK,
    SOURCE_MARK,
    TITLE_MARK,
    IndexEntry,
    entry_text,
    words_digest,
)

_MARKS = (TITLE_MARK, SOURCE_MARK, COLUMN_MARK)
# The word of the one document that holds no article but the state of the archive.
_STATE = "state"


@lru_cache(maxsize=1)
def schema() -> Schema:
    """Return the fields."""
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field("number", indexed=True, fast=True)
    made.add_unsigned_field("article", indexed=True, fast=True)
    made.add_unsigned_field("digest", fast=True)
    made.add_text_field("words", tokenizer_name="whitespace", index_option="position")
    made.add_text_field("characters", tokenizer_name="whitespace", index_option="basic")
    made.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    made.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    return made.build()


def article_document(number: int, entry: IndexEntry) -> Document:
    """Return the document of an article."""
    words = entry_text(entry)
    document = Document()
    document.add_unsigned("number", number)
    document.add_unsigned("article", entry.article_id)
    document.add_unsigned("digest", words_digest(words))
    document.add_text("words", words)
    document.add_text("characters", " ".join(characters(words.split())))
    return document


def characters(words: Iterable[str]) -> list[str]:
    """Return the characters of index words, each once, with the marks of the part in which it stands.

    Every character begins some word.

    >>> characters(["总工", "工会", "会", EVERY_ARTICLE])
    ['会', '工', '总']
    >>> characters([TITLE_MARK + "总工"]) == [TITLE_MARK + "总"]
    True
    """
    begun = {word[:2] if word.startswith(_MARKS) else word[:1] for word in words}
    return sorted(begun - {SITE_MARK, EVERY_ARTICLE})


def state_document(state: State) -> Document:
    """Return the document that says which state of the archive an index holds."""
    document = Document()
    document.add_text("kind", _STATE)
    document.add_text("state", json.dumps(asdict(state)))
    return document


def read_state(written: str) -> State:
    """Read what `state_document` wrote."""
    return State(**json.loads(written))


def of_state() -> Query:
    """Return the query of the document that holds the state."""
    return Query.term_query(schema(), "kind", _STATE, "basic")


def of_article(article_id: int) -> Query:
    """Return the query of an article's document."""
    return Query.term_query(schema(), "article", article_id, "basic")


def of_words(ask: Ask) -> Query:
    """Return the query of a question."""
    match ask:
        case Words(words, prefix):
            return _of_side_by_side(words, is_character=prefix)
        case Both(parts):
            return Query.boolean_query([(Occur.Must, of_words(part)) for part in parts])
        case Either(parts):
            return Query.boolean_query([(Occur.Should, of_words(part)) for part in parts])
        case Without(base, rest):
            return Query.boolean_query([(Occur.Must, of_words(base)), (Occur.MustNot, of_words(rest))])


def _of_side_by_side(words: Sequence[str], *, is_character: bool) -> Query:
    if len(words) > 1:
        return Query.phrase_query(schema(), "words", list(words))
    return Query.term_query(schema(), "characters" if is_character else "words", words[0], "basic")


def within(query: Query, first: int, beyond: int) -> Query:
    """Return a query of those documents alone whose numbers lie from ``first`` on and below ``beyond``."""
    spanned = Query.range_query(
        *(schema(), "number", FieldType.Unsigned), lower_bound=first, upper_bound=beyond, include_upper=False
    )
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, spanned)])


def among(query: Query, numbers: Sequence[int]) -> Query:
    """Return a query of those documents alone that have one of some numbers."""
    wanted = Query.term_set_query(schema(), "number", numbers)
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, wanted)])

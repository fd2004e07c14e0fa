"""Which signs make a page an article, and which make it a list.

Two tables of rules: the first one whose limits and condition hold decides. ``pages`` says which
kind of page a rule is for, and how many it decides of the recorded ones (tests/sites, 75) and of
the made ones (tests/cases/kinds.json). Where both counts are 0 the limit is a judgement that no
page has tried; tests/extract/test_article_signs.py holds each one to its place.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Signs(NamedTuple):
    """What speaks for an article, or against it.

    ``named``: the template names the text's element, in one ``<article>`` with the headline;
    ``text_length`` in characters; ``anchored``: the headline is one for sure; ``outside``
    and ``inside``: entries of a list (a link with a date beside it) around and in the text;
    ``links``: lines below the headline that lead to other pages, as the entries of a list without dates do.
    """

    text: str
    text_length: int
    sentences: int
    images: int
    attachments: int
    titled: bool
    labelled: bool
    dated: bool
    anchored: bool
    outside: int = 0
    inside: int = 0
    links: int = 0
    named: bool = False

    @property
    def entries(self) -> int:
        """How many entries of a list the page has."""
        return self.outside + self.inside

    @property
    def media(self) -> int:
        """How many pictures, films and files the text has."""
        return self.images + self.attachments


_ENDLESS = sys.maxsize


class Rule(NamedTuple):
    """What a page is whose text has so many characters and sentences, when ``holds`` says so too."""

    name: str
    decides: bool
    holds: Callable[[Signs], bool]
    pages: str
    least_characters: int = 0
    least_sentences: int = 0
    most_characters: int = _ENDLESS
    most_sentences: int = _ENDLESS


def first_rule(rules: Sequence[Rule], signs: Signs) -> Rule | None:
    """The first rule that holds; None where no rule holds."""
    for rule in rules:
        if (
            rule.least_characters <= signs.text_length <= rule.most_characters
            and rule.least_sentences <= signs.sentences <= rule.most_sentences
            and rule.holds(signs)
        ):
            return rule
    return None


def _always(_: Signs) -> bool:
    return True


ARTICLE_RULES = (
    Rule(
        "text-without-headline", True, lambda signs: not signs.titled,
        "a text whose template shows its headline in a picture (0, 0)", 200, 4,
    ),
    Rule("no-headline", False, lambda signs: not signs.titled, "what has no headline (0, 0)"),
    Rule("running-text", True, _always, "any article of some length (61, 3)", 120, 2),
    Rule(
        "sure-headline", True, lambda signs: signs.anchored,
        "a short notice below its headline (1, 11)", 30, 2,
    ),
    Rule(
        "bare-lines", False,
        lambda signs: not (signs.labelled or signs.anchored or signs.media),
        "an e-paper's page index: a date and lines of links (0, 5)", most_sentences=0,
    ),
    Rule(
        "labelled-line", True, lambda signs: signs.labelled or signs.dated,
        "a line or two below date or source (0, 5)", 8,
    ),
    Rule(
        "labelled-media", True, lambda signs: (signs.labelled or signs.dated) and signs.media > 0,
        "a picture, a film or a file below date or source (0, 7)",
    ),
    Rule("labelled-nothing", False, lambda signs: signs.labelled or signs.dated, "an emptied article (0, 0)"),
    Rule(
        "sure-media", True,
        lambda signs: signs.anchored and signs.media > 0 and not (signs.entries or signs.links),
        "a scan or a file below its headline (0, 3)",
    ),
    Rule(
        "named-media", True, lambda signs: signs.anchored and signs.named and signs.media > 0,
        "a picture or a file where WordPress sets the text, its date in English below it (0, 0)",
    ),
    Rule("captioned-picture", True, lambda signs: signs.images > 0, "a picture with its caption (0, 1)", 8),
    Rule("a-sentence", True, _always, "a notice without date and source (0, 0)", 60, 1),
)  # fmt: skip

# Entries in the text that make it a list, unless it has so many sentences for each of them.
_ENTRIES_INSIDE, _SENTENCES_AN_ENTRY = 4, 12
# Entries around the text that make the page a list, unless it has so many characters for each of them.
_ENTRIES_OUTSIDE, _CHARACTERS_AN_ENTRY = 5, 40


def _is_bare_list(signs: Signs) -> bool:
    is_shown = signs.images or (signs.named and signs.media)
    return signs.entries > 0 and not signs.labelled and not is_shown


LIST_RULES = (
    Rule(
        "bare-entries", True, _is_bare_list,
        "a list and hardly a word (2, 6)", most_characters=79, most_sentences=1,
    ),
    Rule("entries-and-words", False, _is_bare_list, "a notice among links (0, 0)", most_sentences=1),
    Rule(
        "entries-inside", True,
        lambda signs: signs.inside >= _ENTRIES_INSIDE
        and signs.sentences < _SENTENCES_AN_ENTRY * signs.inside,
        "a list where the text would be (1, 3)",
    ),
    Rule(
        "labelled-text", False, lambda signs: signs.labelled and signs.dated,
        "an article above a list of others (53, 14)", 20,
    ),
    Rule(
        "labelled-picture", False, lambda signs: signs.labelled and signs.dated and signs.images > 0,
        "a picture above a list of others (0, 5)",
    ),
    Rule(
        "sure-file", False,
        lambda signs: signs.anchored and signs.media > 0 and not signs.inside
        and (signs.named or (signs.labelled and signs.dated)),
        "a file, or a picture without date, beside a list of others (0, 0)",
    ),
    Rule(
        "dated-headline", False, lambda signs: signs.anchored and signs.dated,
        "a short notice above a list of others (4, 2)", 30, 2,
    ),
    Rule(
        "entries-outside", True,
        lambda signs: signs.outside >= _ENTRIES_OUTSIDE
        and signs.text_length < _CHARACTERS_AN_ENTRY * signs.outside,
        "the front page of a column: entries and teasers (0, 0)", most_sentences=7,
    ),
)  # fmt: skip


def is_article(signs: Signs) -> bool:
    """Whether the signs are an article's.

    >>> signs = Signs("", 0, 0, 1, 0, titled=True, labelled=True, dated=True, anchored=True)
    >>> is_article(signs), is_article(signs._replace(images=0))
    (True, False)
    """
    rule = first_rule(ARTICLE_RULES, signs)
    return rule is not None and rule.decides


def is_list(signs: Signs) -> bool:
    """Whether the signs are a list's, whatever speaks for an article.

    >>> signs = Signs("", 60, 0, 0, 0, titled=True, labelled=False, dated=True, anchored=False)
    >>> is_list(signs._replace(outside=12)), is_list(signs)
    (True, False)
    """
    rule = first_rule(LIST_RULES, signs)
    return rule is not None and rule.decides

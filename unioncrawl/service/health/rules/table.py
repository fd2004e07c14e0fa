"""The rules by which a site's runs are judged, in the order in which a person would look.

A rule is a function of a `Case`: readings that follow each other, and those before them. It says whether
the former are bad beside the latter, and with which figures; None where they say nothing of what it looks at.
"""

from __future__ import annotations

from unioncrawl.service.health.rules import answers, articles, days, entries, lists, pages
from unioncrawl.service.health.rules.answers import CERTIFICATE, DOWN
from unioncrawl.service.health.rules.case import Rule

RULES = (
    Rule(DOWN, answers.look_for_articles),
    Rule((CERTIFICATE,), answers.look_at_certificate),
    Rule(("address-moved",), lists.look_for_moves),
    Rule(("layout-changed",), pages.look_at_layouts),
    Rule(("charset-changed",), pages.look_at_encodings),
    Rule(("list-lost",), lists.look_for_lists),
    Rule(("pager-lost",), lists.look_for_pagers),
    Rule(("list-replaced",), entries.look_at_entries),
    Rule(("pages-lost",), pages.look_for_refusals),
    Rule(("addresses-changed",), articles.look_for_doubles),
    Rule(("all-revised",), pages.look_for_revisions),
    Rule(("field-lost",), articles.look_at_fields),
    Rule(("hits-lost",), articles.look_at_hits),
    Rule(("dates-ahead",), articles.look_at_dates),
    Rule(("texts-short",), articles.look_at_lengths),
    Rule(("repairs-uncertain",), articles.look_at_repairs),
    Rule(("lines-dropped",), articles.look_at_drops),
    Rule(("list-still",), entries.look_for_list_news),
    Rule(("silent",), days.look_for_news),
)
# How a site looks and where it is does not come back: whoever changes the site file takes it for normal.
LOOKS = frozenset(
    {"address-moved", "layout-changed", "charset-changed", "addresses-changed", "list-replaced"}
)
# What neither explains another fault of the site's pages nor follows from one: a certificate that has ended
# may stay so for months, in which the site is redesigned.
APART = frozenset({*DOWN, CERTIFICATE})

from __future__ import annotations

from unioncrawl.service.health.alert_rows import NETWORK
from unioncrawl.service.health.needs import NEEDED_KINDS
from unioncrawl.service.health.rules.table import RULES
from unioncrawl.service.health.words import said_kinds


def test_every_kind_has_words() -> None:
    """Each kind of a rule has a sentence and a next step in both languages, and no other has."""
    assert {*said_kinds()} == {
        NETWORK,
        "no-run-ever",
        *NEEDED_KINDS,
        *(kind for rule in RULES for kind in rule.kinds),
    }

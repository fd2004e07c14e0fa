"""The page as evidence: what all its fields together show of its damage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from unioncrawl.repair.budget import USUAL_BUDGET, Budget, Work
from unioncrawl.repair.mirror_model.evidence import MirrorEvidence, learn
from unioncrawl.repair.mirror_model.forward import narrow_marks
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified

SIMPLIFIED_HINTS = frozenset({"simplified", "zh-hans", "zh-cn", "zh-sg", "mirror"})
# Words that two texts of the same story share.
_WORDS = re.compile("[一-鿿]{6,}")
TRADITIONAL_HINTS = frozenset({"traditional", "zh-hant", "zh-tw", "zh-hk", "zh-mo"})


@dataclass(frozen=True)
class Page:
    """The fields of one page as they stand now, and what the caller knows about it.

    ``hint`` is the language or kind of the site when it is known: ``simplified``
    (or a language tag such as ``zh-CN``), ``traditional`` (``zh-Hant``, ``zh-TW``,
    ``zh-HK``), ``mirror``, or None. ``twins`` are texts of the same story from
    elsewhere, undamaged; ``budget`` is what reading its broken runs may cost. The
    evidence of the fields is computed once, on first use.
    """

    texts: tuple[str, ...]
    hint: str | None = None
    twins: tuple[str, ...] = ()
    budget: Budget = USUAL_BUDGET

    @cached_property
    def work(self) -> Work:
        """What is left of the budget; all fields share it."""
        return Work(self.budget, sum(map(len, self.texts)))

    @cached_property
    def simplified(self) -> bool:
        """Whether the caller knows that the site writes simplified Chinese."""
        return (self.hint or "").lower() in SIMPLIFIED_HINTS

    @cached_property
    def traditional(self) -> bool:
        """Whether the caller knows that the site writes traditional Chinese."""
        return (self.hint or "").lower() in TRADITIONAL_HINTS

    @cached_property
    def mirror(self) -> MirrorEvidence | None:
        """What the page shows of class A damage; None when it is not a mirror's."""
        simplified = self.simplified or bool(self.twins)
        mirrored = (self.hint or "").lower() == "mirror" or self._repeats_a_twin()
        return learn(self.texts, simplified=simplified, traditional=self.traditional, mirrored=mirrored)

    def _repeats_a_twin(self) -> bool:
        """Whether the fields, once simplified, have words in a row that a twin has."""
        twins = narrow_marks("\n".join(self.twins))
        if self.traditional or not twins:
            return False
        parts = (part for text in self.texts for part in _WORDS.findall(turn_to_simplified(text)))
        return any(part in twins for part in parts)

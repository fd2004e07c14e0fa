"""Find the bytes that a mirror lost, by a beam search over what could have stood there.

A hypothesis reads the mirror's bytes in their true alignment while the page shows
them in a wrong one. It is the text so far, the bytes so far, and the lead byte (if
any) that still waits for its second byte: known, or lost and so any of 126. Each
token of the page gives a hypothesis its next bytes or contradicts it, and the
statistics of the language rank what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from operator import itemgetter
from typing import TypeAlias

from unioncrawl.repair.budget import Work
from unioncrawl.repair.mirror.character_scores import Statistics
from unioncrawl.repair.mirror.runs.extensions import Extensions, State
from unioncrawl.repair.mirror.runs.hypothesis import WAITING_NATS, Reading, Rules
from unioncrawl.repair.mirror.runs.lead_bytes import ANY_LEAD, NO_LEAD
from unioncrawl.repair.mirror.runs.tokens import Shown, Token, with_following

BEAM = 12
# A hypothesis that scores this many nats less than the best one is given up.
GAP_NATS = 8.5
# At first it may score still less: the page's own signs read well until the next ones.
_FIRST_TOKENS, _FIRST_NATS = 2, 5.0
# So many hypotheses are sorted, and checked for a note, in the time of a step.
_STATES_A_STEP = 8
# After this many readable tokens in a row every hypothesis is in step again.
CALM_TOKENS = 3
# What two characters after vanished pairs will cost at least.
TWICE_NATS = 2.0

_Ranked: TypeAlias = tuple[float, State]

_RANK = itemgetter(0)


class Search:
    """A search from a place in step with the page, on until all readings are in step again.

    Its steps are taken off ``work``; it stops when no more are left.
    """

    def __init__(self, statistics: Statistics, rules: Rules, work: Work) -> None:
        self._work = work
        self._extensions = Extensions(statistics, rules)
        self._gap = GAP_NATS
        self._best: list[float] = []  # the best ranks of this step, the lowest first
        self._note = ""  # the note after the present token, which must fit

    def run(self, tokens: Iterable[Token], before: str, data: bytes) -> list[Reading]:
        """Return the readings of a window, best first; empty when no reading is consistent.

        ``before`` is the simplified text before the window, ``data`` the bytes of its
        last piece (at least of its last character). When ``work`` is stopped, the search is incomplete.
        """
        beam: list[_Ranked] = [(0.0, (0.0, before, NO_LEAD, int.from_bytes(data[-2:]), -1, len(before)))]
        calm = 0
        for index, (token, following) in enumerate(with_following(tokens)):
            if self._work.is_stopped:
                return []
            self._extensions.index = index
            self._gap = GAP_NATS + (_FIRST_NATS if index < _FIRST_TOKENS else 0.0)
            noted = not self._extensions.dropping and following is not None and following.shown is Shown.NOTE
            self._note = following.reading if noted and following else ""
            beam = self._fitting(self._step(beam, token, following))
            beam.sort(key=_RANK, reverse=True)
            del beam[BEAM:]
            in_step = all(state[2] == NO_LEAD for _, state in beam)
            calm = calm + 1 if in_step and token.shown not in _TROUBLED else 0
            if calm >= CALM_TOKENS or not beam:
                break
        return [Reading(*state) for _, state in beam if state[2] == NO_LEAD]

    def _fitting(self, found: list[_Ranked]) -> list[_Ranked]:
        """Keep the readings that fit the note after them; keep all when no reading fits."""
        if not self._note:
            return found
        return [ranked for ranked in found if self._extensions.takes_note(ranked[1], self._note)] or found

    def _step(self, beam: list[_Ranked], token: Token, following: Token | None) -> list[_Ranked]:
        """Give one token to every reading; a reading that ranks too low is not even made.

        Losses without a trace are tried last, against that floor.
        """
        found: list[_Ranked] = []
        extensions = self._extensions
        self._best = []
        extensions.begin(token, following, beam[0][0] - 2 * self._gap)
        before = extensions.steps
        for _, state in beam:
            self._collect(found, extensions.take(state, token))
        for _, state in beam:
            if state[2] not in _NONE_VANISHES:
                for vanished in extensions.vanish(state):
                    self._take_vanished(found, vanished, token)
            if extensions.drops:
                self._take_dropped(found, state, token)
        self._work.spend(extensions.steps - before + len(found) // _STATES_A_STEP)
        return found

    def _take_vanished(self, found: list[_Ranked], vanished: State, token: Token) -> None:
        """Go on after a pair that vanished: with the token, another such pair, or a dropped byte."""
        extensions = self._extensions
        self._collect(found, extensions.take(vanished, token))
        if vanished[0] - TWICE_NATS - extensions.owed > extensions.floor:
            for again in extensions.vanish(vanished, again=True):
                self._collect(found, extensions.take(again, token))
        if extensions.drops:
            self._take_dropped(found, vanished, token)

    def _take_dropped(self, found: list[_Ranked], state: State, token: Token) -> None:
        for dropped in self._extensions.drop(state):
            self._collect(found, self._extensions.take(dropped, token))

    def _collect(self, found: list[_Ranked], taken: Sequence[State]) -> None:
        """Keep what may be among the best of this step; the floor rises with them."""
        if not taken:
            return
        floor, best, note = self._extensions.floor, self._best, self._note
        for state in taken:
            rank = state[0] if state[2] == NO_LEAD else state[0] - WAITING_NATS
            if rank > floor:
                found.append((rank, state))
                floor = max(floor, rank - self._gap)
                if not note or self._extensions.takes_note(state, note):
                    heappush(best, rank)
                    if len(best) > BEAM:
                        heappop(best)
                    if len(best) == BEAM:
                        floor = max(floor, best[0])
        self._extensions.floor = floor


# Before the token of one that is in step, or that may have any lead, no pair vanished.
_NONE_VANISHES = (NO_LEAD, ANY_LEAD)
_TROUBLED = frozenset({Shown.LOST, Shown.NOTE_TAIL, Shown.WALL, Shown.END})

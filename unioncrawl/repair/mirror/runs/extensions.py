"""Extend a hypothesis by one token of the page.

Each way of taking a token returns the hypotheses that follow from it, and an empty
list when the token contradicts it. See ``beam_search`` for the whole.
"""

from __future__ import annotations

from typing import TypeAlias

from unioncrawl.language.lexicon import HISTORY_CHARACTERS
from unioncrawl.repair.mirror.character_scores import Statistics, best_above, swallowed_signs
from unioncrawl.repair.mirror.runs.byte_pairs import BY_READING, NOTED, PLAIN, UNDEFINED, VANISHING
from unioncrawl.repair.mirror.runs.hypothesis import WAITING_NATS, Rules, is_cut_out
from unioncrawl.repair.mirror.runs.lead_bytes import (
    ANY_LEAD,
    HIGH_LEAD,
    LOW_LEAD,
    NO_LEAD,
    UNDEFINED_LEAD,
    lost_pairs,
    may_lead,
    options_of,
)
from unioncrawl.repair.mirror.runs.tokens import Shown, Token
from unioncrawl.repair.mirror_model.forward import CUT_MARKS, Decoder

# A sign that GBK lacks, or a real question mark where one is unlikely.
_LOST_SIGN_NATS = -8.0
_LITERAL_NOTE_NATS = -9.0
# A byte that was lost without leaving a trace, an ASCII sign that was swallowed.
_SILENT_NATS = -1.0
# What the character after a vanished pair will cost at least.
_VANISHED_NATS = 1.0
# How many characters are tried for a vanished pair, and how many where a note gives a reading.
_MOST_VANISHED, _MOST_NOTED = 6, 12
# So many pairs are compared with a reading's bytes in the time of a step.
_PAIRS_A_STEP = 10
_ASCII_END, _SECOND_START, _USER_LOW_END, _ONE_BYTE = 0x80, 0x40, 0xA8, 0xFF

State: TypeAlias = tuple[float, str, int, int, int, int]
"""The fields of a ``Reading``, which is slow to make by the thousand."""


class Extensions:
    """Extends hypotheses by one token after another, for one mirror.

    ``index`` counts the tokens, ``steps`` how often one was given to a hypothesis. A
    hypothesis that ranks below ``floor`` need not be made; one that is out of step
    owes ``owed`` after the present token. ``drops`` says that the decoder may have
    dropped a byte before it.
    """

    def __init__(self, statistics: Statistics, rules: Rules) -> None:
        self._after = statistics.after
        self._rules = rules
        self.dropping = rules.decoder is Decoder.DROPPING
        self.index = self.steps = 0
        self.floor = self.owed = 0.0
        self._vanished_owe = 0.0
        self.drops = self._at_cut = self._noted = self._piece_ends = False

    def begin(self, token: Token, following: Token | None, floor: float) -> None:
        """Begin a step with a token; a reading that is out of step mostly waits again after it."""
        self.floor = floor
        waits = token.shown is Shown.PAIR and token.pair & 0xFF > _ASCII_END and not token.byte
        self.owed = WAITING_NATS if waits else 0.0
        self._noted = following is not None and following.shown is Shown.NOTE
        self._piece_ends = _ends_piece(following)
        self._at_cut = self.dropping and _ends_piece(token)
        self.drops = self.dropping and (
            self._at_cut or token.shown is Shown.NOTE or 0 < token.byte < _SECOND_START
        )
        self._vanished_owe = 0.0 if self.dropping and token.cut else self.owed

    def take(self, state: State, token: Token) -> list[State]:
        """Give a token to a hypothesis."""
        self.steps += 1
        shown = token.shown
        if shown is Shown.PAIR:
            if state[2] == NO_LEAD:
                return self._take_in_step(state, token)
            taken = self._take_out_of_step(state, token)
            return taken + self._take_byte(state, token) if token.byte else taken
        if shown is Shown.BYTE:
            return self._take_byte(state, token)
        if shown is Shown.LOST:
            return self._take_lost(state, token)
        if shown is Shown.NOTE:
            return self._take_note(state, token)
        if shown is Shown.NOTE_TAIL:
            return self._take_note_tail(state, token)
        return self._take_wall(state, token)

    def _take_in_step(self, state: State, token: Token) -> list[State]:
        nats, text, _, last, upto, length = state
        pair = token.pair
        if nats <= self.floor or (not token.cut and self._is_noted(last, pair >> 8)):
            return []
        row = self._after(text[-HISTORY_CHARACTERS:])
        last = 0 if token.cut else pair
        return [
            (nats + row[char], text + char, NO_LEAD, last, upto, length)
            for char in PLAIN.get(pair, token.text)
        ]

    def _take_out_of_step(self, state: State, token: Token) -> list[State]:
        first, second = token.pair >> 8, token.pair & 0xFF
        before = state[3]
        if not token.cut and self._is_noted(before, first):
            return []
        taken: list[State] = []
        for nats, text, _, joined, upto, length in self._join(state, first, self.owed):
            if is_cut_out(text[-1], before) and not (text[-1] == "。" and token.text in "！？；"):
                continue
            last = 0 if token.cut else _push(joined, second)
            if second > _ASCII_END:
                taken.append((nats, text, second, last, upto, length))
            elif second < _ASCII_END:
                sign = chr(second)
                paid = nats + self._after(text[-HISTORY_CHARACTERS:])[sign]
                taken.append((paid, text + sign, NO_LEAD, last, upto, length + 1))
        return taken

    def _join(self, state: State, byte: int, owed: float = 0.0) -> list[State]:
        """Give the waiting lead its second byte; the reading is then between characters.

        A reading that can't pay what it then owes is not made.
        """
        nats, text, lead, last, _, _ = state
        index, length, least = self.index, len(text) + 1, self.floor - nats + owed
        if least >= 0:
            return []
        row = self._after(text[-HISTORY_CHARACTERS:])
        if lead > 0:
            last = _push(last, byte)
            chars = PLAIN.get(lead << 8 | byte, "")
            return [
                (nats + row[char], text + char, NO_LEAD, last, index, length)
                for char in chars
                if row[char] > least
            ]
        taken: list[State] = []
        for scored, first, char in best_above(row, options_of(lead, byte), least):
            if scored <= least:
                break
            taken.append((nats + scored, text + char, NO_LEAD, first << 8 | byte, index, length))
        return taken

    def _take_byte(self, state: State, token: Token) -> list[State]:
        nats, text, lead, last, upto, length = state
        byte = token.byte
        if lead == NO_LEAD:
            nats += self._after(text[-HISTORY_CHARACTERS:])[token.text]
            return [(nats, text + token.text, NO_LEAD, _push(last, byte), upto, length)]
        if byte >= _SECOND_START and (self._noted or not self._is_noted(last, byte)):
            return self._join(state, byte)
        return []

    def _take_wall(self, state: State, token: Token) -> list[State]:
        nats, text, lead, _, upto, length = state
        return [(nats, text + token.text, NO_LEAD, 0, upto, length)] if lead == NO_LEAD else []

    def _is_noted(self, last: int, byte: int) -> bool:
        """Whether a byte would complete an annotated pair, where the page shows no note."""
        return last > 0 and ((last & 0xFF) << 8 | byte) in self._rules.annotated

    def _take_lost(self, state: State, token: Token) -> list[State]:
        nats, text, lead, last, upto, length = state
        at_cut = self._piece_ends
        if lead == NO_LEAD:
            literal = nats + max(self._after(text[-HISTORY_CHARACTERS:])["？"], _LOST_SIGN_NATS)
            taken = [(literal, text + token.text, NO_LEAD, _push(last, ord("?")), upto, length)]
            if at_cut and not self.dropping:
                taken.append((nats, text, ANY_LEAD, last, self.index, len(text)))
            return taken
        if self.dropping:
            return []
        joined = self._join_lost(state)
        swallowed = self._swallow(joined, token.ahead)
        return joined + swallowed if at_cut else swallowed

    def _join_lost(self, state: State) -> list[State]:
        """Give the waiting lead a lost second byte that could itself lead."""
        nats, text, lead, last, _, _ = state
        index, length = self.index, len(text) + 1
        least = self.floor - nats
        taken: list[State] = []
        if least >= 0:
            return taken
        for scored, pair, char in lost_pairs(self._after(text[-HISTORY_CHARACTERS:]), lead, least):
            if scored <= least:
                break
            if lead < 0 or not (self._is_noted(last, pair & 0xFF) or is_cut_out(char, last)):
                taken.append((nats + scored, text + char, NO_LEAD, pair, index, length))
        return taken

    def _swallow(self, joined: list[State], ahead: str) -> list[State]:
        """Add the ASCII sign that was lost together with a second byte."""
        taken: list[State] = []
        self.steps += min(len(joined), 8)
        for nats, text, _, last, upto, length in joined[:8]:
            for sign, likely in swallowed_signs(self._after(text[-HISTORY_CHARACTERS:]), ahead):
                paid = nats + _SILENT_NATS + likely
                if paid > self.floor:
                    taken.append((paid, text + sign, NO_LEAD, _push(last, ord(sign)), upto, length + 1))
            second = last & 0xFF
            if second in UNDEFINED:
                taken.append((nats, text, UNDEFINED_LEAD - second, last, upto, length))
        return taken

    def vanish(self, state: State, *, again: bool = False) -> list[State]:
        """Take a pair of the user-defined areas, which left no trace on the page before the token.

        More characters are tried for the second of two (``again``) where a note gives the
        reading of the next one.
        """
        nats, text, lead, last, upto, _ = state
        least = self.floor - nats + _VANISHED_NATS + self._vanished_owe
        taken: list[State] = []
        if least >= 0:
            return taken
        noted = again and self._noted
        likely = lost_pairs(self._after(text[-HISTORY_CHARACTERS:]), lead, least, VANISHING, deep=noted)
        upto, length = max(upto, self.index - 1), len(text) + 1
        cut_out = CUT_MARKS if last > 0 else ""
        for scored, pair, char in likely[: _MOST_NOTED if noted else _MOST_VANISHED]:
            if scored <= least:
                break
            if char not in cut_out:
                waiting = LOW_LEAD if pair & 0xFF < _USER_LOW_END else HIGH_LEAD
                taken.append((nats + scored, text + char, waiting, pair, upto, length))
        return taken

    def drop(self, state: State) -> list[State]:
        """Lose a byte silently before the token, as the dropping decoder does; only where it ``drops``."""
        nats, text, lead, last, upto, _ = state
        upto = max(upto, self.index - 1)
        if lead == NO_LEAD:
            return [(nats + _SILENT_NATS, text, ANY_LEAD, last, upto, len(text))] if self._at_cut else []
        return [(*joined[:4], upto, joined[5]) for joined in self._join_lost(state)]

    def _take_note(self, state: State, token: Token) -> list[State]:
        nats, text, lead, last, upto, length = state
        taken: list[State] = []
        if self.takes_note(state, token.reading):
            upto = self.index if upto >= self.index - 1 else upto
            taken.append((nats, text, lead, last, upto, length))
        elif lead == NO_LEAD:
            taken.append((nats + _LITERAL_NOTE_NATS, text + token.text, lead, last, upto, length))
        return taken + self._take_note_tail(state, token) if self.dropping else taken

    def takes_note(self, state: State, reading: str) -> bool:
        """Whether the last two bytes of a hypothesis may have a note of that reading."""
        pair = state[3]
        return pair > _ONE_BYTE and reading in NOTED.get(pair, ()) and pair not in self._rules.bare

    def _take_note_tail(self, state: State, token: Token) -> list[State]:
        """Take ``?wù)``: the lost byte and the one before are a character of that reading."""
        nats, text, lead, last, _, _ = state
        if not last:
            return []
        pairs = [pair for pair in BY_READING[token.reading] if pair not in self._rules.bare]
        self.steps += len(pairs) // _PAIRS_A_STEP
        index = self.index
        if lead == NO_LEAD:
            waiting = [pair for pair in pairs if pair >> 8 == last & 0xFF]
            return [(nats, text, pair & 0xFF, pair, index, len(text)) for pair in waiting]
        row = self._after(text[-HISTORY_CHARACTERS:])
        return [
            (nats + row[char], text + char, NO_LEAD, pair, index, len(text) + 1)
            for pair in pairs
            if may_lead(pair >> 8, lead)
            for char in PLAIN[pair]
        ]


def _ends_piece(token: Token | None) -> bool:
    """Whether the mirror's piece ends before a token: at a cut, or where a field or paragraph ends."""
    return token is None or token.cut or token.shown is Shown.END or token.text == "\n"


def _push(last: int, byte: int) -> int:
    """Return the last two bytes after one more byte."""
    return (last << 8 | byte) & 0xFFFF

"""Find the bytes that a mirror lost, by a beam search over what could have stood there.

A hypothesis reads the mirror's bytes in their true alignment while the page shows
them in a wrong one. It is the text so far, the bytes so far, and the lead byte (if
any) that still waits for its second byte: known, or lost and so any of 126. Each
token of the page gives a hypothesis its next bytes or contradicts it, and the
statistics of the language rank what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from unioncrawl.repair.candidates import TOLD_DIGITS, Statistics, best_of, swallowed_signs
from unioncrawl.repair.forward import Decoder
from unioncrawl.repair.leads import (
    ANY_LEAD,
    HIGH_LEAD,
    LOW_LEAD,
    NO_LEAD,
    UNDEFINED_LEAD,
    lost_pairs,
    may_lead,
    options_of,
)
from unioncrawl.repair.pairs import BY_READING, NOTED, PLAIN, UNDEFINED, VANISHING
from unioncrawl.repair.reading import Reading, Rules, is_cut_out, rank_of
from unioncrawl.repair.tokens import Shown, Token, with_following

BEAM = 12
# A hypothesis this many nats behind the best one is given up.
GAP_NATS = 8.5
# At first it may be further behind: the page's own signs read well until the next ones.
_FIRST_TOKENS, _FIRST_NATS = 2, 5.0
# How many readable tokens in a row tell that every hypothesis is in step again.
CALM_TOKENS = 4
# History that the statistics look at.
REACH = 3

# A sign that GBK lacks, or a real question mark where none is likely.
_LOST_SIGN_NATS = -8.0
_LITERAL_NOTE_NATS = -9.0
# A byte that was lost without leaving a trace, an ASCII sign that was swallowed.
_SILENT_NATS = -1.0
# What two characters behind pairs that vanished will cost at least.
TWICE_NATS = 4.0
# What the character behind a vanished pair will cost at least.
_VANISHED_NATS = 2.0
_ASCII_END, _SECOND_START, _USER_LOW_END = 0x80, 0x40, 0xA8


class Search:
    """A search from a place in step with the page, on until all readings are in step again."""

    def __init__(self, statistics: Statistics, rules: Rules, *, patience: float = 1.0) -> None:
        self._beam, self._gap_nats = int(BEAM * patience), GAP_NATS * patience
        self._after = statistics.after
        self._rules = rules
        self._dropping = rules.decoder is Decoder.DROPPING
        self._index = 0
        self._floor = 0.0
        self._gap = self._gap_nats

    def run(self, tokens: Iterable[Token], before: str, data: bytes) -> list[Reading]:
        """Answer the readings of a window, best first; none when nothing is consistent.

        ``before`` is the simplified text before the window, ``data`` the bytes of its
        last piece (at least of its last character).
        """
        beam = [Reading(0.0, before, NO_LEAD, data, 0, -1, len(before))]
        calm = 0
        for self._index, (token, following) in enumerate(with_following(tokens)):
            beam = sorted(self._step(beam, token, following), key=rank_of, reverse=True)[: self._beam]
            in_step = all(reading.lead == NO_LEAD for reading in beam)
            calm = calm + 1 if in_step and token.shown not in _TROUBLED else 0
            if calm >= CALM_TOKENS or not beam:
                break
        return [reading for reading in beam if reading.lead == NO_LEAD]

    def _step(self, beam: list[Reading], token: Token, following: Token | None) -> list[Reading]:
        """Give one token to every reading; what falls behind the best is not even made.

        What could have been lost without a trace is tried last, against that floor.
        """
        found: list[Reading] = []
        self._gap = self._gap_nats + (_FIRST_NATS if self._index < _FIRST_TOKENS else 0.0)
        self._floor = rank_of(beam[0]) - 2 * self._gap
        for reading in beam:
            self._collect(found, self._take(reading, token, following))
        for reading in beam:
            if reading.lead not in (NO_LEAD, ANY_LEAD):
                for vanished in self._vanish(reading):
                    self._take_vanished(found, vanished, token, following)
            if self._dropping:
                for dropped in self._drop(reading, token):
                    self._collect(found, self._take(dropped, token, following))
        return found

    def _take_vanished(
        self, found: list[Reading], vanished: Reading, token: Token, following: Token | None
    ) -> None:
        """Go on behind a pair that vanished: with the token, another such pair, or a dropped byte."""
        self._collect(found, self._take(vanished, token, following))
        if vanished.nats - TWICE_NATS > self._floor:
            for again in self._vanish(vanished):
                self._collect(found, self._take(again, token, following))
        if self._dropping:
            for dropped in self._drop(vanished, token):
                self._collect(found, self._take(dropped, token, following))

    def _collect(self, found: list[Reading], taken: Iterable[Reading]) -> None:
        floor = self._floor
        for reading in taken:
            rank = rank_of(reading)
            if rank > floor:
                found.append(reading)
                floor = max(floor, rank - self._gap)
        self._floor = floor

    def _take(self, reading: Reading, token: Token, following: Token | None) -> Iterable[Reading]:
        shown = token.shown
        if shown is Shown.PAIR:
            if reading.lead == NO_LEAD:
                return self._take_in_step(reading, token)
            if token.byte:
                return (*self._take_out_of_step(reading, token), *self._take_byte(reading, token, following))
            return self._take_out_of_step(reading, token)
        if shown is Shown.BYTE:
            return self._take_byte(reading, token, following)
        if shown is Shown.LOST:
            return self._take_lost(reading, token, following)
        if shown is Shown.NOTE:
            return self._take_note(reading, token)
        if shown is Shown.NOTE_TAIL:
            return self._take_note_tail(reading, token)
        return self._take_wall(reading, token)

    def _take_in_step(self, reading: Reading, token: Token) -> Iterator[Reading]:
        nats, text, _, data, piece, upto, length = reading
        pair = token.pair
        if not token.cut and self._is_noted(data, piece, pair >> 8):
            return
        data += pair.to_bytes(2)
        row = self._after(text[-REACH:])
        if token.cut:
            piece = len(data)
        for char in PLAIN.get(pair, token.text):
            yield Reading(nats + row[char], text + char, NO_LEAD, data, piece, upto, length)

    def _take_out_of_step(self, reading: Reading, token: Token) -> Iterator[Reading]:
        first, second = token.pair >> 8, token.pair & 0xFF
        if not token.cut and self._is_noted(reading.data, reading.piece, first):
            return
        for joined in self._join(reading, first):
            nats, text, _, data, piece, upto, length = joined
            if is_cut_out(text[-1], reading) and not (text[-1] == "。" and token.text in "！？；"):
                continue
            data += bytes((second,))
            if token.cut:
                piece = len(data)
            if second > _ASCII_END:
                yield Reading(nats, text, second, data, piece, upto, length)
            elif second < _ASCII_END:
                sign = chr(second)
                nats += self._after(text[-REACH:])[sign]
                yield Reading(nats, text + sign, NO_LEAD, data, piece, upto, length + 1)

    def _join(self, reading: Reading, byte: int) -> Iterator[Reading]:
        """Give the waiting lead its second byte; the reading is then between characters."""
        nats, text, lead, data, piece, _, _ = reading
        row = self._after(text[-REACH:])
        length = len(text) + 1
        if lead > 0:
            data += bytes((byte,))
            for char in PLAIN.get(lead << 8 | byte, ""):
                yield Reading(nats + row[char], text + char, NO_LEAD, data, piece, self._index, length)
            return
        for scored in best_of(row, options_of(lead, byte), self._floor - nats):
            joined = data + bytes((scored.byte, byte))
            yield Reading(nats + scored.nats, text + scored.char, NO_LEAD, joined, piece, self._index, length)

    def _take_byte(self, reading: Reading, token: Token, following: Token | None) -> Iterator[Reading]:
        nats, text, lead, data, piece, upto, length = reading
        byte = token.byte
        if lead == NO_LEAD:
            nats += self._after(text[-REACH:])[token.text]
            yield Reading(nats, text + token.text, NO_LEAD, data + bytes((byte,)), piece, upto, length)
        elif byte >= _SECOND_START:
            noted = following is not None and following.shown is Shown.NOTE
            if noted or not self._is_noted(data, piece, byte):
                yield from self._join(reading, byte)

    def _take_wall(self, reading: Reading, token: Token) -> Iterator[Reading]:
        nats, text, lead, data, _, upto, length = reading
        if lead == NO_LEAD:
            yield Reading(nats, text + token.text, NO_LEAD, data, len(data), upto, length)

    def _is_noted(self, data: bytes, piece: int, byte: int) -> bool:
        """Tell whether a byte would complete an annotated pair, where the page shows no note."""
        return len(data) > piece and (data[-1] << 8 | byte) in self._rules.annotated

    def _take_lost(self, reading: Reading, token: Token, following: Token | None) -> Iterator[Reading]:
        nats, text, lead, data, piece, upto, length = reading
        at_cut = following is None or following.cut or following.shown is Shown.END
        if lead == NO_LEAD:
            literal = max(self._after(text[-REACH:])["？"], _LOST_SIGN_NATS)
            yield Reading(nats + literal, text + token.text, NO_LEAD, data + b"?", piece, upto, length)
            if at_cut and not self._dropping:
                yield Reading(nats, text, ANY_LEAD, data, piece, self._index, len(text))
        elif not self._dropping:
            joined = list(self._join_lost(reading))
            if at_cut:
                yield from joined
            yield from self._swallow(joined, token.ahead)

    def _join_lost(self, reading: Reading) -> Iterator[Reading]:
        """Give the waiting lead a lost second byte that could itself lead."""
        nats, text, lead, data, piece, _, _ = reading
        row = self._after(text[-REACH:])
        length = len(text) + 1
        for scored in lost_pairs(row, lead, self._floor - nats):
            pair = scored.byte
            if lead < 0 or not (self._is_noted(data, piece, pair & 0xFF) or is_cut_out(scored.char, reading)):
                tail = data + (pair.to_bytes(2) if lead < 0 else bytes((pair & 0xFF,)))
                yield Reading(
                    nats + scored.nats, text + scored.char, NO_LEAD, tail, piece, self._index, length
                )

    def _swallow(self, joined: list[Reading], ahead: str) -> Iterator[Reading]:
        """Add the ASCII sign that was lost together with a second byte."""
        for nats, text, _, data, piece, upto, length in joined[:8]:
            row = self._after(text[-REACH:])
            told = row.keys() & TOLD_DIGITS
            for sign, counted, extra in swallowed_signs(ahead):
                # The page or its twin may tell the very digit.
                likely = row[sign] if sign in told else row[counted] + extra
                paid = nats + _SILENT_NATS + likely
                if paid > self._floor:
                    yield Reading(paid, text + sign, NO_LEAD, data + sign.encode(), piece, upto, length + 1)
            if data[-1] in UNDEFINED:
                yield Reading(nats, text, UNDEFINED_LEAD - data[-1], data, piece, upto, length)

    def _vanish(self, reading: Reading) -> Iterator[Reading]:
        """Take a pair of the user-defined areas, which left no trace on the page."""
        nats, text, lead, data, piece, upto, _ = reading
        upto = max(upto, self._index - 1)
        row = self._after(text[-REACH:])
        length = len(text) + 1
        for scored in lost_pairs(row, lead, self._floor - nats + _VANISHED_NATS, VANISHING)[:6]:
            pair = scored.byte
            if is_cut_out(scored.char, reading):
                continue
            tail = data + (pair.to_bytes(2) if lead < 0 else bytes((pair & 0xFF,)))
            waiting = LOW_LEAD if pair & 0xFF < _USER_LOW_END else HIGH_LEAD
            yield Reading(nats + scored.nats, text + scored.char, waiting, tail, piece, upto, length)

    def _drop(self, reading: Reading, token: Token) -> Iterator[Reading]:
        """Lose a byte silently before this token, as the dropping decoder does."""
        nats, text, lead, data, piece, upto, _ = reading
        upto = max(upto, self._index - 1)
        at_cut = token.cut or token.shown is Shown.END
        if lead == NO_LEAD:
            if at_cut:
                yield Reading(nats + _SILENT_NATS, text, ANY_LEAD, data, piece, upto, len(text))
        elif at_cut or token.shown is Shown.NOTE or 0 < token.byte < _SECOND_START:
            for joined in self._join_lost(reading):
                yield joined._replace(upto=upto)

    def _take_note(self, reading: Reading, token: Token) -> Iterator[Reading]:
        nats, text, lead, data, piece, upto, length = reading
        if len(data) - piece > 1 and self._may_be_noted(int.from_bytes(data[-2:]), token.reading):
            upto = self._index if upto >= self._index - 1 else upto
            yield Reading(nats, text, lead, data, piece, upto, length)
        elif lead == NO_LEAD:
            yield Reading(nats + _LITERAL_NOTE_NATS, text + token.text, lead, data, piece, upto, length)
        if self._dropping:
            yield from self._take_note_tail(reading, token)

    def _may_be_noted(self, pair: int, reading: str) -> bool:
        return reading in NOTED.get(pair, ()) and pair not in self._rules.bare

    def _take_note_tail(self, reading: Reading, token: Token) -> Iterator[Reading]:
        """Take ``?wù)``: the lost byte and the one before are a character of that reading."""
        nats, text, lead, data, piece, _, _ = reading
        if len(data) <= piece:
            return
        row = self._after(text[-REACH:])
        if lead == NO_LEAD:
            for pair in BY_READING[token.reading]:
                if pair >> 8 == data[-1] and pair not in self._rules.bare:
                    tail = data + bytes((pair & 0xFF,))
                    yield Reading(nats, text, pair & 0xFF, tail, piece, self._index, len(text))
            return
        for pair in BY_READING[token.reading]:
            if pair not in self._rules.bare and may_lead(pair >> 8, lead):
                tail = data + (pair.to_bytes(2) if lead < 0 else bytes((pair & 0xFF,)))
                for char in PLAIN[pair]:
                    paid = nats + row[char]
                    yield Reading(paid, text + char, NO_LEAD, tail, piece, self._index, len(text) + 1)


_TROUBLED = frozenset({Shown.LOST, Shown.NOTE_TAIL, Shown.WALL, Shown.END})

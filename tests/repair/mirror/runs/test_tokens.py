"""A damaged text is read as what it shows of the bytes."""

from __future__ import annotations

from unioncrawl.repair.mirror.runs.tokens import Shown, read_tokens, with_following


def test_a_swallowed_bracket_belongs_to_its_note() -> None:
    """``?wù)`` is a lost byte with the note whose bracket it took along."""
    tokens = list(read_tokens("獎(jiǎng)?wù)芦@", 0, narrow=False))
    assert [token.shown.name for token in tokens] == ["PAIR", "NOTE", "NOTE_TAIL", "PAIR", "BYTE", "END"]
    assert tokens[2].reading == "wù"


def test_narrow_marks_may_have_been_wide() -> None:
    """On a page whose width was turned, an ASCII comma shows the bytes of both, but not after ``?``."""
    comma, *_ = read_tokens(",工", 0, narrow=True)
    assert (comma.text, comma.byte, comma.cut) == ("，", ord(","), True)
    _, after_loss, *_ = read_tokens("?,工", 0, narrow=True)
    assert (after_loss.shown, after_loss.pair) == (Shown.BYTE, 0)


def test_a_silent_loss_leaves_question_marks_alone() -> None:
    """Where the decoder drops bytes, a question mark is just that."""
    first, *_ = read_tokens("?wù)", 0, narrow=False, silent=True)
    assert first.shown is Shown.BYTE


def test_signs_without_bytes_are_walls() -> None:
    """An emoji has no GBK bytes; the euro sign is the single byte 80."""
    euro, emoji, _ = read_tokens("€🕤", 0, narrow=False)
    assert (euro.shown, euro.byte) == (Shown.BYTE, 0x80)
    assert emoji.shown is Shown.WALL


def test_tokens_with_their_followers() -> None:
    """Each token comes with the next token, the last token without."""
    pairs = list(with_following(read_tokens("工会", 0, narrow=False)))
    assert [following.text if following else None for _, following in pairs] == ["会", "", None]

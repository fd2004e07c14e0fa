"""Mask an article before it leaves the archive, by the rules that the export's description names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from unioncrawl.archive.exports.mask_numbers import mask_numbers
from unioncrawl.model import Article
from unioncrawl.model.article_fields import WORDS

# RFC 5322, 3.4.1, without quoted names; the full-width ＠ of Chinese pages counts as one too.
_MAIL = re.compile(
    r"(?<![\w.+%-])(?P<shown>[\w+%-])(?P<hidden>[\w.+%-]*)(?=[@＠][\w-]+(?:\.[\w-]+)+)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class MaskRules:
    """What is masked: phone, identity and card numbers; the names of mail addresses."""

    numbers: bool = True
    mail: bool = False

    @property
    def names(self) -> list[str]:
        """The rules as an export's description names them."""
        return [name for name in ("numbers", "mail") if getattr(self, name)]


@dataclass(slots=True)
class Masking:
    """Masks texts by rules; `stretches` counts what was hidden, a number in groups as its groups."""

    rules: MaskRules
    stretches: int = 0

    def text(self, text: str) -> str:
        """Return the text masked; its length stays."""
        masked = mask_mail(text) if self.rules.mail else text
        masked = mask_numbers(masked) if self.rules.numbers else masked
        if masked != text:
            self.stretches += hidden_stretches(text, masked)
        return masked

    def article(self, record: Article) -> Article:
        """Return the article masked; do so before HTML is made from its text."""
        if not self.rules.names:
            return record
        texts: dict[str, Any] = {name: self.text(getattr(record, name)) for name in WORDS}
        return replace(
            record,
            **texts,
            images=tuple(replace(image, caption=self.text(image.caption)) for image in record.images),
            attachments=tuple(replace(file, name=self.text(file.name)) for file in record.attachments),
            evidence=tuple(replace(piece, raw=self.text(piece.raw)) for piece in record.evidence),
        )


def mask_mail(text: str) -> str:
    """The text with the names of mail addresses made unreadable but for their first sign; its length stays.

    Addresses that are written otherwise (``li(at)union.example``) stay.

    >>> mask_mail("投稿请发 lifang@linxi-gh.example，或致电12351")
    '投稿请发 l*****@linxi-gh.example，或致电12351'
    >>> mask_mail("工会@全体职工")
    '工会@全体职工'
    """
    if "@" not in text and "＠" not in text:
        return text
    return _MAIL.sub(_hidden, text)


def _hidden(found: re.Match[str]) -> str:
    # Of a name of one sign nothing may be shown.
    return found["shown"] + "*" * len(found["hidden"]) if found["hidden"] else "*"


def hidden_stretches(before: str, after: str) -> int:
    """How many stretches of a text a masked one hides.

    >>> hidden_stretches("张三 13912345678、李方 13812345678", "张三 139****5678、李方 138****5678")
    2
    """
    changed = "".join("x" if old != new else " " for old, new in zip(before, after, strict=True))
    return len(changed.split())

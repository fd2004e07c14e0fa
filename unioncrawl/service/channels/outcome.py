"""How sending a message ended, and what a person can do about each refusal, in Chinese and English."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple


class Nature(StrEnum):
    """Who has to do something before the same message can arrive."""

    DELIVERED = "delivered"
    # Nobody: it is sent again by itself, after growing pauses.
    TEMPORARY = "temporary"
    # The operator: a key, a keyword, a list of addresses.
    SETUP = "setup"
    # The message itself was refused; another one may pass.
    CONTENT = "content"


class Fault(NamedTuple):
    """A sort of refusal: whose fault, what it is in both languages, and the next step."""

    nature: Nature
    zh: str
    en: str
    step_zh: str = ""
    step_en: str = ""


def _faults() -> dict[str, Fault]:
    written = Path(__file__).with_name("faults.toml").read_text(encoding="utf-8")
    known = {
        name: Fault(Nature(values.pop("nature")), **values) for name, values in tomllib.loads(written).items()
    }
    return {"": Fault(Nature.DELIVERED, "已送达", "delivered"), **known}


FAULTS = _faults()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one message ended: a key of `FAULTS` (empty when it arrived), and what came back."""

    fault: str = ""
    detail: str = ""

    @property
    def nature(self) -> Nature:
        """Who has to do something."""
        return FAULTS[self.fault].nature

    @property
    def needs_person(self) -> bool:
        """Whether it does not pass by itself."""
        return self.nature in {Nature.SETUP, Nature.CONTENT}

    def __str__(self) -> str:
        """As the archive keeps it; `read_outcome` reads it."""
        return f"{self.fault}: {self.detail}" if self.fault else ""


def read_outcome(kept: str) -> Outcome:
    """Return the outcome that the archive keeps.

    >>> read_outcome("rate: 45009 api freq out of limit").nature
    <Nature.TEMPORARY: 'temporary'>
    >>> read_outcome("").nature
    <Nature.DELIVERED: 'delivered'>
    """
    fault, _, detail = kept.partition(": ")
    return Outcome(fault, detail) if fault in FAULTS else Outcome("unknown", kept)


def outcome_in_words(outcome: Outcome, language: str) -> str:
    """Return what happened and the next step, for a person.

    >>> outcome_in_words(Outcome("rate", "45009"), "zh")
    '发送过于频繁（45009）。会自动重发。'
    """
    fault = FAULTS[outcome.fault]
    if language == "en":
        detail = f" ({outcome.detail})" if outcome.detail else ""
        return f"{fault.en}{detail}. {fault.step_en}".strip()
    detail = f"（{outcome.detail}）" if outcome.detail else ""
    return f"{fault.zh}{detail}。{fault.step_zh}"

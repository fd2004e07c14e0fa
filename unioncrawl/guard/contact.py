"""How a webmaster reaches the operator: the contact within the User-Agent."""

from __future__ import annotations

import re

# The setting and the environment variable.
CONTACT_SETTING = "UNIONCRAWL_CONTACT"
# Plain signs of ASCII, without those that end a comment of a header or a text in settings.
_CONTACT = re.compile(r"(?:mailto:)?[\w.+%-]+@[\w.-]+|https?://[\w.:/?#@!$&*+,;=%~-]+", re.ASCII)
MISSING = (
    "the User-Agent names nobody whom a webmaster could write to. "
    f"Set {CONTACT_SETTING} to a mail address or a page of your own, such as you@example.org."
)


def is_contact(text: str) -> bool:
    """Whether a webmaster could use it, and whether it may stand in a header: a mail or a web address.

    >>> [is_contact(text) for text in ("li@union.example", "https://union.example/bot", "李方", "a@b (x)")]
    [True, True, False, False]
    """
    return _CONTACT.fullmatch(text) is not None


def agent_with_contact(contact: str, agent: str) -> str:
    """The User-Agent of an operator who can be reached; the contact is a comment (RFC 9110, 10.1.5).

    >>> agent_with_contact("archive@union.example", "unioncrawl/1.0"), agent_with_contact("", "own/1.0")
    ('unioncrawl/1.0 (+archive@union.example)', 'own/1.0')
    """
    return f"{agent} (+{contact})" if contact else agent

"""What a robots.txt says to one crawler, and what it means when there is none (RFC 9309)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from protego import Protego

_SERVER_ERROR, _TOO_MANY_REQUESTS = 500, 429
_ENDS = re.compile(r"\r\n|[\r\n]")
# RFC 9309, section 2.2.1: a product token has letters, _ and -; what follows it (a version) is no part.
_TOKEN = re.compile(r"[A-Za-z_-]+")
_EVERYBODY = re.compile(r"\*(?:\s|$)")
_RULE_NAMES = frozenset({"allow", "disallow"})
# Stands for all crawlers that are not ours; no product token has such a sign.
_OTHERS = "+"


def rules_unknown(status: int) -> bool:
    """Whether a status says nothing of the rules, so that everything is forbidden.

    RFC 9309, section 2.3.1.4: a server's error is "unreachable"; 4xx is
    "unavailable", which allows everything (2.3.1.3). A server that asks to be left
    alone for a while (429) is counted with the former.

    >>> rules_unknown(503), rules_unknown(429), rules_unknown(404), rules_unknown(200)
    (True, True, False, False)
    """
    return status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS


def read_rules(body: bytes, agent: str) -> Protego:
    r"""Read the rules that a robots.txt has for a crawler with this product token.

    Protego does the matching of paths. What it takes otherwise than RFC 9309 is made plain
    first: a group is ours by its whole token (section 2.2.1), not by a part of it, with a
    version or without; other records, such as Crawl-delay, end no group (2.2.4); a byte order
    mark is no sign of the first line.

    >>> rules = read_rules("User-agent: unioncrawl/1.0\nDisallow: /内部\n".encode(), "unioncrawl")
    >>> rules.can_fetch("http://a.cn/内部/1", "unioncrawl"), rules.can_fetch("http://a.cn/xw", "unioncrawl")
    (False, True)
    >>> read_rules(b"User-agent: union\nDisallow: /", "unioncrawl").can_fetch("http://a.cn/", "unioncrawl")
    True
    """
    token = _TOKEN.match(agent)
    return Protego.parse(_plain_rules(body.decode("utf-8-sig", "ignore"), token[0] if token else agent))


def _plain_rules(text: str, agent: str) -> str:
    groups = _Groups(agent.lower())
    for line in _ENDS.split(text):
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            groups.take(name.strip().lower(), value.strip())
    return "\n".join([*groups.lines, *groups.delays])


@dataclass(slots=True)
class _Groups:
    """The lines of a robots.txt for one crawler; its delays stand in groups of their own at the end."""

    agent: str
    lines: list[str] = field(default_factory=list)
    delays: list[str] = field(default_factory=list)
    _agents: list[str] = field(default_factory=list)
    _has_rules: bool = False

    def take(self, name: str, value: str) -> None:
        """Take one record."""
        if name == "user-agent":
            if self._has_rules:
                self._agents, self._has_rules = [], False
            self._agents.append(f"user-agent: {self._named(value)}")
            self.lines.append(self._agents[-1])
        elif name in _RULE_NAMES and self._agents:
            self._has_rules = True
            self.lines.append(f"{name}: {value}")
        elif name == "crawl-delay":
            self.delays += [*self._agents, f"crawl-delay: {value}"]

    def _named(self, value: str) -> str:
        if _EVERYBODY.match(value):
            return "*"
        token = _TOKEN.match(value)
        return self.agent if token and token[0].lower() == self.agent else _OTHERS

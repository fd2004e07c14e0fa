"""Addresses, keys and passwords: read where they are kept, and taken out of all that is written.

An address of a robot is a secret: whoever has it can write to the group. So no message, log,
error or row of the archive holds one; what a library or a server answers is searched for them.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from unioncrawl.service.channels.outcome import Outcome

ENVIRONMENT, FILE = "env:", "file:"
HIDDEN = "[…]"
# Group and others may do nothing with a file that holds a secret.
OPEN_TO_OTHERS = 0o077
# Shorter parts of an address stand in ordinary words too.
_LEAST_CHARACTERS = 6
_MAX_FILE_BYTES = 65_536
_MAX_SHOWN = 300


class NotSent(Exception):
    """A message that was not taken; `outcome` says why, without secrets once it was redacted."""

    def __init__(self, fault: str, detail: str = "") -> None:
        super().__init__(fault)
        self.outcome = Outcome(fault, detail)


def is_literal(setting: str) -> bool:
    """Whether a setting is the secret itself.

    >>> is_literal("env:ROBOT"), is_literal("https://robot.example/send?key=k")
    (False, True)
    """
    return bool(setting) and not setting.startswith((ENVIRONMENT, FILE))


def read_secret(setting: str, folder: Path) -> str:
    """Return what a setting stands for: ``env:NAME``, ``file:PATH`` (from ``folder``), or itself.

    Raises `NotSent` (secret-missing) for what is not there, empty, or a file that others may read.
    """
    if setting.startswith(ENVIRONMENT):
        name = setting.removeprefix(ENVIRONMENT).strip()
        return _given(os.environ.get(name, "").strip(), f"env:{name}")
    if setting.startswith(FILE):
        return _from_file(folder / Path(setting.removeprefix(FILE).strip()).expanduser())
    return setting.strip()


def _from_file(path: Path) -> str:
    try:
        if os.name == "posix" and path.stat().st_mode & OPEN_TO_OTHERS:
            raise NotSent("secret-missing", f"file:{path}: chmod 600")
        with path.open("rb") as opened:
            kept = opened.read(_MAX_FILE_BYTES).decode("utf-8-sig", "replace").strip()
    except OSError as error:
        raise NotSent("secret-missing", f"file:{path}: {error.strerror}") from None
    return _given(kept, f"file:{path}")


def _given(value: str, where: str) -> str:
    if not value:
        raise NotSent("secret-missing", where)
    return value


class Redactor:
    """Takes the secrets of a channel out of texts."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for part in _parts(secret) for form in _forms(part)}
        longest_first = sorted((form for form in forms if form), key=len, reverse=True)
        # Libraries write names of types and hosts in small letters.
        joined = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(joined, re.IGNORECASE) if joined else None

    def redact(self, text: str) -> str:
        """Return a text in one line of bounded length, without a secret and without control characters.

        >>> Redactor(["https://r.example/send?key=693a-91b8"]).redact("no robot 693a-91b8 at r.example")
        'no robot […] at r.example'
        """
        found = self._pattern.sub(HIDDEN, text) if self._pattern else text
        shown = " ".join("".join(sign if sign.isprintable() else " " for sign in found).split())
        return shown if len(shown) <= _MAX_SHOWN else f"{shown[:_MAX_SHOWN]}…"


def _parts(secret: str) -> Iterator[str]:
    """A secret, and of an address all that may identify its owner: user, path, parameters."""
    yield secret
    try:
        parts = urlsplit(secret)
        if not (parts.scheme and parts.netloc):
            return
        pieces = [parts.username or "", parts.password or "", parts.query, parts.fragment]
    except ValueError:
        return
    pieces += [value for _, value in parse_qsl(parts.query, keep_blank_values=True)]
    pieces += [piece.partition("=")[2] for piece in parts.query.split("&")]
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    pieces += [target, parts.path, *parts.path.split("/")]
    # Plain words of a path, as "webhook" and "send", are no secrets.
    yield from (piece for piece in pieces if len(piece) >= _LEAST_CHARACTERS and not _is_word(piece))


def _is_word(piece: str) -> bool:
    return re.fullmatch(r"[a-z]{1,12}(?:[-_/][a-z]{0,12})*", piece.strip("/")) is not None


def _forms(secret: str) -> Iterator[str]:
    """A secret as it may stand in a text: as it is, encoded for an address, in base64."""
    yield from (secret, unquote(secret), quote(secret, safe=""), quote(secret), quote_plus(secret))
    yield repr(secret)[1:-1]
    encoded = secret.encode("utf-8", "replace")
    yield base64.b64encode(encoded).decode()
    for blanks in range(3):
        # Base64 of it within a longer value: without the first and last group, which others share.
        inner = base64.b64encode(b"\0" * blanks + encoded).decode().rstrip("=")
        yield inner[4 if blanks else 0 : -2 if len(encoded) > _LEAST_CHARACTERS else None]

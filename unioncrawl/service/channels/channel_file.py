"""The file of channels: where notices go, written by the operator and kept out of the archive."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from unioncrawl.archive.database import archive_url, is_file
from unioncrawl.errors import ChannelInvalid
from unioncrawl.service.channels.secrets import OPEN_TO_OTHERS, is_literal

CHANNELS_SETTING = "UNIONCRAWL_CHANNELS"
CHANNELS_FILE = "channels.toml"
TYPES = ("mail", "json", "wecom", "dingtalk", "feishu")
# What operators call them.
_TYPE_NAMES = {
    **{name: name for name in TYPES},
    "企业微信": "wecom",
    "钉钉": "dingtalk",
    "飞书": "feishu",
    "lark": "feishu",
    "邮件": "mail",
    "email": "mail",
}
_CHOICES = {
    "language": ("zh", "en"),
    "format": ("markdown", "text"),
    "security": ("starttls", "ssl", "none"),
}
_MAX_FILE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One place where notices go; `address`, `secret` and `password` may be ``env:NAME`` or ``file:PATH``.

    ``secret`` signs (钉钉, 飞书, json); ``keyword`` is what the robot's settings ask of each
    message; ``allow_private`` lets the address lead into the operator's own network.
    """

    name: str
    type: str
    address: str
    secret: str = ""
    keyword: str = ""
    language: str = "zh"
    format: str = "markdown"
    allow_private: bool = False
    to: tuple[str, ...] = ()
    sender: str = ""
    user: str = ""
    password: str = ""
    security: str = "starttls"
    folder: Path = Path()

    def __repr__(self) -> str:
        """Name and type alone."""
        return f"<channel {self.name} ({self.type})>"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The settings that stand for secrets: the address of a robot is one, that of a mail server not."""
        given = (self.password,) if self.type == "mail" else (self.address, self.secret)
        return tuple(one for one in given if one)


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels of a file; ``warnings`` are sentences for the operator."""

    path: Path
    by_name: Mapping[str, Channel]
    faults: Mapping[str, str]
    warnings: tuple[str, ...] = ()

    def named(self, name: str) -> Channel:
        """Return a channel; raises `ChannelInvalid` for one that is not there or wrong."""
        if name in self.by_name:
            return self.by_name[name]
        if name in self.faults:
            raise ChannelInvalid(
                f"the channel {name} in {self.path}: {self.faults[name]}", next_step=_EXAMPLE
            )
        known = "、".join(self.by_name)
        raise ChannelInvalid(
            f"there is no channel {name!a} in {self.path}." if not name.isprintable() else
            f"there is no channel {name} in {self.path}.",
            next_step=f"There are: {known}." if known else _EXAMPLE,
        )  # fmt: skip


_EXAMPLE = "See docs/service.md, Alerts and watches, for an example of each type."


def channels_path(address: str) -> Path:
    """Return where the channels of an archive are written: ``UNIONCRAWL_CHANNELS``, or beside the archive.

    >>> channels_path("data/archive.db"), channels_path("postgresql://host/news")
    (PosixPath('data/channels.toml'), PosixPath('data/channels.toml'))
    """
    named = os.environ.get(CHANNELS_SETTING)
    if named:
        return Path(named)
    url = archive_url(address)
    folder = Path(str(url.database)).parent if is_file(url) else Path("data")
    return folder / CHANNELS_FILE


def load_channels(path: Path) -> Channels:
    """Read a file of channels; one that is absent has none.

    A wrong entry is a fault of its own channel and stops no other. Raises `ChannelInvalid` when
    the file is not TOML or can't be read; the message holds nothing of what stands in it.
    """
    try:
        with path.open("rb") as opened:
            mode, written = os.fstat(opened.fileno()).st_mode, opened.read(_MAX_FILE_BYTES)
    except FileNotFoundError:
        return Channels(path, {}, {})
    except OSError as error:
        raise ChannelInvalid(
            f"{path} can't be read: {error.strerror}.", next_step="Check its rights."
        ) from None
    entries = _entries(path, written)
    channels: dict[str, Channel] = {}
    faults: dict[str, str] = {}
    for number, entry in enumerate(entries, 1):
        name = entry.get("name") if isinstance(entry.get("name"), str) else ""
        fault = _fault(entry) or ("the name stands twice." if name in channels else "")
        if fault:
            faults[name or f"{number}"] = fault
        else:
            channels[str(name)] = _channel(entry, path.parent)
    return Channels(path, channels, faults, _warnings(path, mode, channels))


def _entries(path: Path, written: bytes) -> list[Mapping[str, Any]]:
    try:
        read = tomllib.loads(written.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        # The parser's own message may quote what stands there.
        line = getattr(error, "lineno", None)
        place = f" at line {line}" if line else ""
        raise ChannelInvalid(f"{path} is not TOML in UTF-8{place}.", next_step=_EXAMPLE) from None
    entries = read.get("channels", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise ChannelInvalid(f"{path}: channels are written as [[channels]].", next_step=_EXAMPLE)
    if read.keys() - {"channels"}:
        unknown = ", ".join(sorted(read.keys() - {"channels"}))
        raise ChannelInvalid(
            f"{path}: unknown: {unknown}.", next_step="Each channel begins with [[channels]]."
        )
    return entries


def _fault(entry: Mapping[str, Any]) -> str:
    """What is wrong with an entry, by its keys alone; empty when nothing is."""
    known = {field.name: field for field in fields(Channel) if field.name != "folder"}
    for key in sorted(entry.keys() - known.keys()):
        return f"unknown key {key!a}; there are {', '.join(known)}."
    for key, value in entry.items():
        if key in ("to", "allow_private"):
            continue
        if not isinstance(value, str) or not value.strip() or any(ord(sign) < ord(" ") for sign in value):
            return f"{key} must be a text of one line."
        if key in _CHOICES and value not in _CHOICES[key]:
            return f"{key} must be {' or '.join(_CHOICES[key])}."
    for key in ("name", "type", "address"):
        if key not in entry:
            return f"{key} is missing."
    if entry["type"] not in _TYPE_NAMES:
        return f"type must be one of {', '.join(_TYPE_NAMES)}."
    if not isinstance(entry.get("allow_private", False), bool):
        return "allow_private must be true or false."
    return _mail_fault(entry) if _TYPE_NAMES[entry["type"]] == "mail" else ""


def _mail_fault(entry: Mapping[str, Any]) -> str:
    to = entry.get("to")
    if not isinstance(to, list) or not to or not all(_is_mailbox(one) for one in to):
        return 'to must be a list of mail addresses: to = ["a@example.org"].'
    if not _is_mailbox(entry.get("sender")):
        return "sender must be a mail address."
    if ("user" in entry) != ("password" in entry):
        return "user and password stand together."
    return ""


def _is_mailbox(value: object) -> bool:
    if not isinstance(value, str) or value.count("@") != 1:
        return False
    local, _, domain = value.partition("@")
    return bool(local and domain) and not any(sign in '<>,;:"()[]\\' or sign <= " " for sign in value)


def _channel(entry: Mapping[str, Any], folder: Path) -> Channel:
    made = Channel(**{key: value for key, value in entry.items() if key != "to"})
    return replace(made, type=_TYPE_NAMES[made.type], to=tuple(entry.get("to", ())), folder=folder)


def _warnings(path: Path, mode: int, channels: Mapping[str, Channel]) -> tuple[str, ...]:
    literal = [one.name for one in channels.values() if any(map(is_literal, one.secrets))]
    if os.name != "posix" or not mode & OPEN_TO_OTHERS or not literal:
        return ()
    named = "、".join(literal)
    advice = f"chmod 600 {path}, or write env:NAME or file:PATH instead"
    return (f"{path} holds secrets ({named}) and may be read by others: {advice}.",)

"""What repair says of its steps is English, as it stands in the record; a Chinese page says it in Chinese."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_PART = "(?:[,;] |$)"


def chinese_reason(reason: str) -> str:
    """Return evidence or a reason of repair in Chinese; empty where a part of it is not known.

    >>> chinese_reason("GBK bytes read as cp1252, some as UTF-8")
    'GBK 字节误作 cp1252，部分误作 UTF-8'
    >>> chinese_reason("GBK bytes read as cp1252, by an oracle")
    ''
    """
    said: list[str] = []
    at = 0
    while at < len(reason):
        for pattern, chinese in _phrases():
            if found := pattern.match(reason, at):
                said.append(chinese.format(**found.groupdict()))
                at = found.end()
                break
        else:
            return ""
    return "，".join(said)


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = files(__package__).joinpath("repair_reasons.toml").read_text(encoding="utf-8")
    return tuple((re.compile(f"(?:{key}){_PART}"), chinese) for key, chinese in tomllib.loads(text).items())

"""企业微信 (WeCom): robots of groups.

https://developer.work.weixin.qq.com/document/path/91770 (message types, bytes, 20 messages a minute),
https://developer.work.weixin.qq.com/document/path/90313 (codes).
"""

from __future__ import annotations

import json

from unioncrawl.service.channels.channel_file import Channel
from unioncrawl.service.channels.markup import write_markdown, write_text
from unioncrawl.service.channels.message import Message, Shown, fit
from unioncrawl.service.channels.outcome import Outcome
from unioncrawl.service.channels.post import post
from unioncrawl.service.channels.robot_answer import Codes, read_robot

# Of the content alone, in UTF-8.
MOST_BYTES = {"markdown": 4_096, "text": 2_048}
_KEYS = (("errcode", "errmsg"),)
CODES: Codes = {
    -1: "busy",
    # Parameters, of which a content that is too long is the usual one.
    40058: {"exceed": "too-long", "": "form"},
    40008: "form",
    40035: "form",
    44004: "form",
    45002: "too-long",
    45009: "rate",
    45033: "rate",
    60020: "ip",
    93000: "wrong-key",
    93004: "disabled",
    93008: "disabled",
    93017: "disabled",
}


def send_wecom(channel: Channel, address: str, message: Message) -> Outcome:
    """Send a message to a robot of 企业微信; raises `NotSent` without an answer."""
    kind = "text" if message.plain else channel.format
    write = write_text if kind == "text" else write_markdown
    heading = f"{channel.keyword} {message.heading}".strip()

    def content(shown: Shown) -> str:
        return write(heading, shown, links=not message.plain)

    body = {"msgtype": kind, kind: {"content": fit(message, content, MOST_BYTES[kind])}}
    written = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return read_robot(post(address, written, {}, allow_private=channel.allow_private), _KEYS, CODES)

"""钉钉 (DingTalk): robots of groups.

https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages (types, 20 messages a
minute, else ten minutes without any),
https://open.dingtalk.com/document/robots/customize-robot-security-settings (keyword, signature, addresses).
The robot refuses more than 20,000 bytes ("message too long, exceed 20000 bytes").
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import quote_plus

from unioncrawl.service.channels.channel_file import Channel
from unioncrawl.service.channels.markup import markdown_words, write_markdown, write_text
from unioncrawl.service.channels.message import Message, Shown, cut_bytes, fit
from unioncrawl.service.channels.outcome import Outcome
from unioncrawl.service.channels.post import post
from unioncrawl.service.channels.robot_answer import Codes, read_robot

# Of the whole body, which is more than any part of it.
MOST_BYTES = 20_000
_TITLE_BYTES = 200
_KEYS = (("errcode", "errmsg"),)
CODES: Codes = {
    -1: "busy",
    101002: "too-long",
    130101: "rate",
    300001: "wrong-key",
    300005: "wrong-key",
    310000: {
        "keyword": "keyword",
        "关键词": "keyword",
        "timestamp": "sign",
        "sign": "sign",
        "签名": "sign",
        "ip": "ip",
        "": "security",
    },
    400013: "disabled",
    400101: "wrong-key",
    400102: "disabled",
    400105: "form",
    400106: "disabled",
    40035: "form",
    43004: "form",
    410100: "rate",
    430101: "unsuitable",
    430102: "unsuitable",
    430103: "unsuitable",
    430104: "unsuitable",
    460101: "too-long",
}


def send_dingtalk(channel: Channel, address: str, secret: str, message: Message) -> Outcome:
    """Send a message to a robot of 钉钉, signed with ``secret``; raises `NotSent` without an answer."""
    kind = "text" if message.plain else channel.format
    heading = f"{channel.keyword} {message.heading}".strip()

    def body(shown: Shown) -> str:
        if kind == "text":
            content = {"content": write_text(heading, shown, links=not message.plain)}
        else:
            title = cut_bytes(markdown_words(heading), _TITLE_BYTES)
            content = {"title": title, "text": write_markdown(heading, shown)}
        return json.dumps({"msgtype": kind, kind: content}, ensure_ascii=False)

    written = fit(message, body, MOST_BYTES).encode("utf-8", "replace")
    url = address + _signature(secret, "&" if "?" in address else "?") if secret else address
    return read_robot(post(url, written, {}, allow_private=channel.allow_private), _KEYS, CODES)


def _signature(secret: str, joint: str) -> str:
    milliseconds = str(round(time.time() * 1_000))
    return f"{joint}timestamp={milliseconds}&sign={quote_plus(sign(secret, milliseconds))}"


def sign(secret: str, timestamp: str) -> str:
    """Return the signature of a moment: the secret signs time and secret.

    >>> sign("SEC0", "1700000000000")
    'grq97xXoTUjTHFvKaCG7ayUVYZj98Kc7erzY+P9gZxg='
    """
    signed = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(signed.digest()).decode()

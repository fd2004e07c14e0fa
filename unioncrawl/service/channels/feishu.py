"""飞书 (Feishu, Lark): robots of groups.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (types, codes, 20 kB a request,
100 messages a minute and 5 a second, signature).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator

from unioncrawl.service.channels.channel_file import Channel
from unioncrawl.service.channels.markup import link_address, one_line, plain_words
from unioncrawl.service.channels.message import Item, Message, Shown, fit
from unioncrawl.service.channels.outcome import Outcome
from unioncrawl.service.channels.post import post
from unioncrawl.service.channels.robot_answer import Codes, read_robot

# Of the whole body; 20 kB are 20,480 bytes or fewer.
MOST_BYTES = 20_000
# Older robots answer with the second pair; where both stand, both count.
_KEYS = (("code", "msg"), ("StatusCode", "StatusMessage"))
CODES: Codes = {
    # One code for requests that cannot be read and for too many of them.
    9499: {"too many": "rate", "frequen": "rate", "": "form"},
    11232: "rate",
    11233: "rate",
    10002: "form",
    19001: "wrong-key",
    19002: "form",
    19007: "disabled",
    19021: "sign",
    19022: "ip",
    19024: "keyword",
    19036: "too-long",
    99991400: "rate",
}
_Paragraph = list[dict[str, str]]


def send_feishu(channel: Channel, address: str, secret: str, message: Message) -> Outcome:
    """Send a message to a robot of 飞书, signed with ``secret``; raises `NotSent` without an answer.

    Its rich text keeps words and links apart, so that a title is never read as markup.
    """
    heading = f"{channel.keyword} {message.heading}".strip()
    signed = _signature(secret) if secret else {}

    def body(shown: Shown) -> str:
        return json.dumps({**signed, **_content(heading, shown, links=not message.plain)}, ensure_ascii=False)

    written = fit(message, body, MOST_BYTES).encode("utf-8", "replace")
    return read_robot(post(address, written, {}, allow_private=channel.allow_private), _KEYS, CODES)


def _content(heading: str, shown: Shown, *, links: bool) -> dict[str, object]:
    paragraphs = [line for item in shown.items for line in _paragraphs(item, shown.language, links=links)]
    if shown.tail:
        paragraphs.append([{"tag": "text", "text": shown.tail}])
    post_of = {"title": one_line(heading), "content": paragraphs}
    return {"msg_type": "post", "content": {"post": {"zh_cn": post_of}}}


def _paragraphs(item: Item, language: str, *, links: bool) -> Iterator[_Paragraph]:
    url = link_address(item.url) if links else ""
    title = plain_words(item.title)
    yield [{"tag": "a", "text": title, "href": url}] if url else [{"tag": "text", "text": title}]
    for line in item.lines:
        yield [{"tag": "text", "text": plain_words(line)}]
    yield [{"tag": "text", "text": f"{'event' if language == 'en' else '编号'} {item.event_id}"}]


def _signature(secret: str) -> dict[str, str]:
    seconds = str(round(time.time()))
    return {"timestamp": seconds, "sign": sign(secret, seconds)}


def sign(secret: str, timestamp: str) -> str:
    """Return the signature of a moment: time and secret are the key, and nothing is signed with it.

    >>> sign("SEC0", "1700000000")
    'LJwVqKBrh53wM6KSg59hIjBWMapB+x0ZXpCltaPxFME='
    """
    signed = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256)
    return base64.b64encode(signed.digest()).decode()

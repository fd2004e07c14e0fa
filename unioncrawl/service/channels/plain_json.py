"""A web address of one's own that takes the events as JSON."""

from __future__ import annotations

import hashlib
import hmac
import json

from unioncrawl.service.channels.channel_file import Channel
from unioncrawl.service.channels.message import Message
from unioncrawl.service.channels.outcome import Outcome
from unioncrawl.service.channels.post import Answer, post
from unioncrawl.service.channels.robot_answer import by_status

MOST_BYTES = 256_000
_SUCCESS = range(200, 300)


def send_json(channel: Channel, address: str, secret: str, message: Message) -> Outcome:
    """Send the events of a message; raises `NotSent` without an answer.

    With a ``secret``, ``X-Unioncrawl-Signature`` is ``sha256=`` and the HMAC of the body.
    """
    written = json_body(message)
    headers = {"X-Unioncrawl-Message": message.message_id}
    if secret:
        signed = hmac.new(secret.encode(), written, hashlib.sha256).hexdigest()
        headers["X-Unioncrawl-Signature"] = f"sha256={signed}"
    return _outcome(post(address, written, headers, allow_private=channel.allow_private))


def json_body(message: Message) -> bytes:
    """Return as many events as fit, and how many there are, as JSON."""
    shown = len(message.records)
    while True:
        record = {
            "message_id": message.message_id,
            "heading": message.heading,
            "count": message.count,
            "left_out": message.count - shown,
            "events": list(message.records[:shown]),
        }
        written = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
        if len(written) <= MOST_BYTES or not shown:
            return written
        shown = shown * 3 // 4


def _outcome(answer: Answer) -> Outcome:
    """Any success, but no page for people: a network that asks for a login answers with one."""
    if answer.status not in _SUCCESS:
        return by_status(answer.status)
    if "html" in answer.content_type or answer.body.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
        return Outcome("foreign-answer", f"HTTP {answer.status}, {answer.content_type}")
    return Outcome()

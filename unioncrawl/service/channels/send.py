"""Send a message by its channel, and report how it ended without any secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from unioncrawl.service.channels.channel_file import Channel
from unioncrawl.service.channels.dingtalk import send_dingtalk
from unioncrawl.service.channels.feishu import send_feishu
from unioncrawl.service.channels.mail import send_mail
from unioncrawl.service.channels.message import Message
from unioncrawl.service.channels.outcome import Outcome
from unioncrawl.service.channels.plain_json import send_json
from unioncrawl.service.channels.secrets import NotSent, Redactor, read_secret
from unioncrawl.service.channels.wecom import send_wecom


def send(channel: Channel, message: Message, at: datetime) -> Outcome:
    """Send a message; whatever goes wrong is an outcome, whose words hold no secret of the channel."""
    secrets: list[str] = []
    try:
        outcome = _send(channel, message, at, secrets)
    except NotSent as error:
        outcome = error.outcome
    except Exception as error:  # noqa: BLE001 - messages of libraries quote addresses: none gets further than here
        outcome = Outcome("unknown", f"{type(error).__name__}: {error}")
    return replace(outcome, detail=Redactor(secrets).redact(outcome.detail))


def _send(channel: Channel, message: Message, at: datetime, secrets: list[str]) -> Outcome:
    def read(setting: str) -> str:
        value = read_secret(setting, channel.folder) if setting else ""
        if setting in channel.secrets:
            secrets.append(value)
        return value

    address, signing, password = map(read, (channel.address, channel.secret, channel.password))
    if password:
        # As a login writes it (RFC 4616).
        secrets.append(f"\0{channel.user}\0{password}")
    match channel.type:
        case "wecom":
            return send_wecom(channel, address, message)
        case "dingtalk":
            return send_dingtalk(channel, address, signing, message)
        case "feishu":
            return send_feishu(channel, address, signing, message)
        case "json":
            return send_json(channel, address, signing, message)
        case "mail":
            return send_mail(channel, address, password, message, at)
    raise NotSent("no-channel", f"type {channel.type}")

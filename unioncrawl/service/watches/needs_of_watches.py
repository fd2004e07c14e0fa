"""What the watches add to health: that no run has ended, and channels that take nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from unioncrawl.service.channels.outcome import FAULTS
from unioncrawl.service.health.needs import Need, silence_of_runs
from unioncrawl.service.watches.event import Event, event_id
from unioncrawl.service.watches.notices import channel_faults
from unioncrawl.service.watches.saved_watches import Watch
from unioncrawl.service.words import Words

CHANNEL_REFUSED = "channel-refused"
_SILENT = "alert-no-run"
_DAYS_OF_A_WEEK = 7


def silence_event(connection: Connection, one: Watch, now: datetime) -> list[Event]:
    """Return that no run has ended for the hours of a watch: one event, and one each week while it lasts."""
    hours = one.arguments.get("hours")
    if not hours:
        return []
    return [
        Event(
            event_id=event_id(
                _SILENT, need.since, hours, (now - (need.since or now)).days // _DAYS_OF_A_WEEK
            ),
            kind=_SILENT,
            site="",
            at=now,
            title=need.said,
            lines=(need.next_step,),
        )
        for need in silence_of_runs(connection, now, hours)
    ]


def channel_needs(connection: Connection) -> list[Need]:
    """Return the channels whose refusals do not pass by themselves, with the next step."""
    return [
        Need(
            site="",
            kind=CHANNEL_REFUSED,
            said=Words(
                zh=f"通道 {name} 收不到通知：{FAULTS[refusal.fault].zh}（{refusal.detail}）。",
                en=f"channel {name} takes no notices: {FAULTS[refusal.fault].en} ({refusal.detail}).",
            ),
            next_step=Words(zh=FAULTS[refusal.fault].step_zh, en=FAULTS[refusal.fault].step_en),
        )
        for name, refusal in channel_faults(connection).items()
    ]

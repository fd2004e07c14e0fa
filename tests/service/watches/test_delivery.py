"""What waits arrives once; what is refused is repeated with the same id, and holds up no other channel."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.processes import ROOT
from tests.service.channels.robots import KEY, Robot, RobotServer, running_robots
from unioncrawl.archive.database import reading, writing
from unioncrawl.archive.service_tables import notice
from unioncrawl.archive.store import Archive
from unioncrawl.service.channels.channel_file import load_channels
from unioncrawl.service.channels.outcome import Outcome
from unioncrawl.service.watches.delivery import MOST_A_MINUTE, Delivered, deliver
from unioncrawl.service.watches.event import Event
from unioncrawl.service.watches.notices import Notice, channel_faults, list_notices, make_due, remove_old
from unioncrawl.service.watches.one_at_a_time import one_at_a_time
from unioncrawl.service.watches.outbox import queue_event
from unioncrawl.service.watches.run import run_watches
from unioncrawl.service.watches.saved_watches import Watch, WatchKind, add_watch
from unioncrawl.service.words import both

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
OK = (200, "application/json", b'{"errcode":0,"errmsg":"ok","code":0}')
TOO_FAST = (200, "application/json", b'{"errcode":45009,"errmsg":"api freq out of limit"}')
UNSAFE = (200, "application/json", b'{"errcode":430101,"errmsg":"unsafe outer link"}')


class Desk:
    """An archive with a watch of health whose notices go to all the robots of a server."""

    def __init__(self, archive: Archive, folder: Path, server: RobotServer) -> None:
        self.engine, self.server = archive.engine, server
        self.file = folder / "channels.toml"
        self.write_channels(*server.robots)
        made = Watch(name="健康", kind=WatchKind.HEALTH, channels=tuple(server.robots), created_at=NOW)
        with writing(self.engine) as connection:
            add_watch(connection, made)

    def write_channels(self, *names: str, extra: str = "") -> None:
        """Write the file of channels."""
        entries = (
            f'[[channels]]\nname = "{name}"\ntype = "{self.server.robots[name].kind}"\nallow_private = true\n'
            f'address = "{self.server.address(name)}"\n{extra}\n'
            for name in names
        )
        self.file.write_text("".join(entries), encoding="utf-8")
        self.file.chmod(0o600)

    def queue(self, *ids: str, now: datetime = NOW) -> None:
        """Queue an event for each id."""
        with writing(self.engine) as connection:
            for one in ids:
                event = Event(event_id=one, kind="alert-opened", site="linxi", at=now, title=both(f"题{one}"))
                queue_event(connection, event, now)

    def deliver(self, now: datetime = NOW) -> dict[str, Delivered]:
        """Deliver what is due."""
        return {turn.channel: turn for turn in deliver(self.engine, load_channels(self.file), now)}

    def notices(self) -> list[Notice]:
        """All notices, the newest first."""
        with reading(self.engine) as connection:
            return list_notices(connection, 1_000)

    def taken(self, name: str) -> list[str]:
        """What a robot took, as text."""
        return [json.dumps(one, ensure_ascii=False) for one in self.server.robots[name].taken]


@pytest.fixture
def desk(any_archive: str, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Makes a desk with robots."""
    with Archive.open(any_archive) as archive:
        open_servers = []

        def make(**robots: Robot) -> Desk:
            server = running_robots(**robots)
            open_servers.append(server)
            return Desk(archive, tmp_path, server.__enter__())

        yield make
        for server in open_servers:
            server.__exit__(None, None, None)


def test_many_events_are_one_message_that_arrives_once(desk: Callable[..., Desk]) -> None:
    """A hundred events make one message, which counts those not shown; nothing is sent again."""
    made = desk(group=Robot("wecom"))
    made.queue(*(f"{number:020d}" for number in range(100)))
    assert made.deliver()["group"] == Delivered("group", messages=1, events=100)
    (taken,) = made.taken("group")
    shown = taken.count("编号")
    assert f"另有 {100 - shown} 条" in taken
    assert made.deliver() == {}
    assert len(made.taken("group")) == 1


@pytest.mark.parametrize("stored_in", ["sqlite"])
def test_a_program_gets_every_event(desk: Callable[..., Desk]) -> None:
    """In messages of a hundred, where a person would get one that counts the rest."""
    made = desk(hook=Robot("json"))
    ids = [f"{number:020d}" for number in range(230)]
    made.queue(*ids)
    assert made.deliver()["hook"] == Delivered("hook", messages=3, events=230)
    taken = made.server.robots["hook"].taken
    assert [one["event_id"] for message in taken for one in message["events"]] == ids
    assert [message["left_out"] for message in taken] == [0, 0, 0]


def test_a_refused_message_is_repeated_as_the_same_message_after_a_pause(desk: Callable[..., Desk]) -> None:
    """Events that came meanwhile go out beside it, and the channel rests between two tries."""
    made = desk(group=Robot("json"))
    robot = made.server.robots["group"]
    robot.scripted = [(503, "text/plain", b"")]
    made.queue("a" * 20, "b" * 20)
    assert made.deliver()["group"].outcome.fault == "busy"
    made.queue("c" * 20)
    assert made.deliver(NOW + timedelta(seconds=30))["group"] == Delivered("group", waiting=3)
    assert robot.asked == 1
    made.deliver(NOW + timedelta(minutes=2))
    first, second = robot.taken
    assert [one["event_id"] for one in first["events"]] == ["a" * 20, "b" * 20]
    assert [one["event_id"] for one in second["events"]] == ["c" * 20]
    assert {one.message for one in made.notices()} == {first["message_id"], "c" * 20}
    assert all(one.tries == (1 if one.event.event_id[0] == "c" else 2) for one in made.notices())


def test_pauses_grow(desk: Callable[..., Desk]) -> None:
    """Ten minutes after too many messages, then longer."""
    made = desk(group=Robot("wecom"))
    made.server.robots["group"].scripted = [TOO_FAST] * 3
    made.queue("a" * 20)
    now, pauses = NOW, []
    for _ in range(3):
        made.deliver(now)
        (one,) = made.notices()
        assert one.next_try_at is not None
        pauses.append((one.next_try_at - now).total_seconds() / 60)
        now = one.next_try_at
    assert pauses == [10, 20, 60]


def test_a_dead_channel_stops_no_other(desk: Callable[..., Desk]) -> None:
    """A closed port, a missing variable, a channel that is not in the file: the others deliver."""
    made = desk(dead=Robot("json"), unset=Robot("json"), absent=Robot("json"), good=Robot("wecom"))
    made.write_channels("dead", "unset", "good")
    written = made.file.read_text(encoding="utf-8")
    written = written.replace(made.server.address("dead"), "http://127.0.0.1:1/")
    made.file.write_text(written.replace(made.server.address("unset"), "env:UNIONCRAWL_NOT_THERE_AT_ALL"))
    made.queue("a" * 20)
    turns = made.deliver()
    faults = {name: turn.outcome.fault for name, turn in turns.items()}
    assert faults == {"dead": "no-answer", "unset": "secret-missing", "absent": "no-channel", "good": ""}
    with reading(made.engine) as connection:
        assert sorted(channel_faults(connection)) == ["absent", "unset"]
    # Mended, and tried at once.
    made.write_channels("dead", "unset", "absent", "good")
    with writing(made.engine) as connection:
        assert [make_due(connection, name, NOW) for name in ("absent", "good")] == [1, 0]
    assert made.deliver()["absent"].events == 1


def test_one_event_that_a_robot_refuses_holds_up_no_other(desk: Callable[..., Desk]) -> None:
    """A message refused for what it holds is parted; the one at fault is given up in the end."""
    made = desk(group=Robot("dingtalk"))
    made.server.robots["group"].scripted = [UNSAFE, OK, UNSAFE, UNSAFE, OK]
    made.queue("a" * 20, "b" * 20, "c" * 20)
    turn = made.deliver()["group"]
    assert (turn.events, turn.waiting) == (2, 1)
    made.queue("d" * 20)
    made.deliver(NOW + timedelta(minutes=1))
    (refused,) = [one for one in made.notices() if one.delivered_at is None]
    assert refused.event.event_id == "b" * 20
    made.server.robots["group"].scripted = [UNSAFE] * 9
    now = NOW
    for _ in range(9):
        now += timedelta(hours=2)
        made.deliver(now)
    (refused,) = [one for one in made.notices() if one.delivered_at is None]
    assert refused.is_given_up
    assert refused.tries == 4
    with reading(made.engine) as connection:
        assert channel_faults(connection) == {"group": Outcome("unsuitable", "430101 unsafe outer link")}


@pytest.mark.parametrize("stored_in", ["sqlite"])
def test_parts_of_a_message_stay_below_the_messages_of_a_minute(desk: Callable[..., Desk]) -> None:
    """Where all are refused, each turn ends in time, and the rest waits a minute."""
    made = desk(group=Robot("dingtalk"))
    made.server.robots["group"].scripted = [UNSAFE] * 90
    made.queue(*(f"{number:020d}" for number in range(40)))
    for seconds in (0, 20, 40):
        made.deliver(NOW + timedelta(seconds=seconds))
    assert made.server.robots["group"].asked == MOST_A_MINUTE


@pytest.mark.parametrize("stored_in", ["sqlite"])
def test_a_robot_gets_fewer_than_twenty_messages_a_minute(desk: Callable[..., Desk]) -> None:
    """However often delivery runs, and whatever it parts."""
    made = desk(group=Robot("wecom"))
    for number in range(24):
        made.queue(f"{number:020d}")
        made.deliver(NOW + timedelta(seconds=number))
    assert made.server.robots["group"].asked == MOST_A_MINUTE < 20
    made.deliver(NOW + timedelta(seconds=80))
    assert all(one.delivered_at for one in made.notices())


def test_old_notices_are_removed_and_counted(desk: Callable[..., Desk]) -> None:
    """Delivered ones after 90 days; what never arrived is given up then, and the count says so."""
    made = desk(good=Robot("json"), dead=Robot("json"))
    made.server.robots["dead"].scripted = [(404, "text/html", b"")]
    made.queue("a" * 20)
    made.deliver()
    with writing(made.engine) as connection:
        assert remove_old(connection, NOW + timedelta(days=90)) == (0, 0)
        # A clock that is ahead gives up nothing that was hardly tried.
        assert remove_old(connection, NOW + timedelta(days=91)) == (1, 0)
        connection.execute(update(notice).values(tries=10))
        assert remove_old(connection, NOW + timedelta(days=91)) == (0, 1)
    assert made.notices() == []


@pytest.mark.parametrize("stored_in", ["sqlite"])
def test_a_clock_that_was_a_year_ahead_holds_up_nothing(desk: Callable[..., Desk]) -> None:
    """What was queued, tried and put off then is due when the clock is right again."""
    made = desk(group=Robot("wecom"))
    ahead = NOW + timedelta(days=365)
    made.server.robots["group"].scripted = [TOO_FAST]
    made.queue("a" * 20, now=ahead)
    made.deliver(ahead)
    made.queue("b" * 20, now=ahead)
    assert made.deliver()["group"].events == 2


def test_one_process_delivers_at_a_time(desk: Callable[..., Desk]) -> None:
    """Another leaves it to the first, and says so."""
    made = desk(group=Robot("json"))
    made.queue("a" * 20)
    with one_at_a_time(made.engine) as is_ours:
        assert is_ours
        ran = run_watches(made.engine, load_channels(made.file), NOW)
        assert ran.is_elsewhere
        assert made.taken("group") == []
    assert not run_watches(made.engine, load_channels(made.file), NOW).is_elsewhere
    assert len(made.taken("group")) == 1


_DELIVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.service.channels.channel_file import load_channels
from unioncrawl.service.watches.run import run_watches
print("ready", flush=True)
run_watches(open_engine(sys.argv[1], create=False), load_channels(Path(sys.argv[2])), datetime.now(UTC))
"""


@pytest.mark.parametrize("stored_in", ["sqlite"])
def test_a_kill_between_sending_and_recording_repeats_the_same_message(
    desk: Callable[..., Desk], any_archive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The robot took the message and the process was killed before it knew: the same ids come again."""
    made = desk(group=Robot("json"))
    made.queue("a" * 20, "b" * 20)
    killed: list[subprocess.Popen[bytes]] = []
    answer = Robot.answer

    def take_and_kill(robot: Robot, address: str, body: bytes) -> dict[str, Any]:
        taken = answer(robot, address, body)
        if killed:
            os.kill(killed.pop().pid, signal.SIGKILL)
        return taken

    monkeypatch.setattr(Robot, "answer", take_and_kill)
    command = [sys.executable, "-c", _DELIVER, any_archive, str(made.file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        killed.append(process)
        assert process.wait() == -signal.SIGKILL
    assert all(one.delivered_at is None and one.tries == 1 for one in made.notices())
    made.queue("c" * 20)
    assert not run_watches(made.engine, load_channels(made.file), datetime.now(UTC)).is_elsewhere
    first, again, fresh = made.server.robots["group"].taken
    assert again == first
    assert [one["event_id"] for one in fresh["events"]] == ["c" * 20]
    assert KEY not in str(made.notices())

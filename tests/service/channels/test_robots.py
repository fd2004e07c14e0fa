"""Robots refuse with HTTP 200; each refusal is noticed, and no message is above their bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.service.channels.robots import KEY, Robot, RobotServer, running_robots
from unioncrawl.service.channels.channel_file import Channel
from unioncrawl.service.channels.message import Item, Message
from unioncrawl.service.channels.outcome import Nature, Outcome
from unioncrawl.service.channels.send import send

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
_CASES = json.loads((Path(__file__).parents[2] / "cases" / "robot_refusals.json").read_text(encoding="utf-8"))
ROBOTS = ("wecom", "dingtalk", "feishu")


@pytest.fixture(scope="module")
def shared() -> Iterator[RobotServer]:
    """A robot of each kind, without settings."""
    with running_robots(**{kind: Robot(kind) for kind in (*ROBOTS, "json")}) as server:
        yield server


@pytest.fixture
def robots(shared: RobotServer) -> RobotServer:
    """The same robots, which have taken nothing yet."""
    for name, robot in shared.robots.items():
        shared.robots[name].__dict__.update(Robot(robot.kind).__dict__)
    return shared


def channel(server: RobotServer, name: str, **settings: Any) -> Channel:
    """A channel to a robot on loopback."""
    given: dict[str, Any] = {"address": server.address(name), "allow_private": True, **settings}
    return Channel(name=name, type=server.robots[name].kind, **given)


def message(*titles: str, lines: tuple[str, ...] = (), url: str = "http://a.cn/1.html") -> Message:
    """A message of some events."""
    items = tuple(Item(f"{number:020x}", title, lines, url) for number, title in enumerate(titles))
    records = tuple({"event_id": item.event_id, "title": item.title} for item in items)
    return Message(message_id="5e" * 10, heading=f"工会监测：{len(titles)} 条", items=items, records=records)


@pytest.mark.parametrize("case", _CASES, ids=[case["label"] for case in _CASES])
def test_each_refusal_is_noticed_and_sorted(robots: RobotServer, case: dict[str, Any]) -> None:
    """Whatever a robot answers but its own success is a refusal, with whose turn it is."""
    robot = robots.robots[case["robot"]]
    robot.scripted = [(case["status"], case["type"], case["answer"].encode())]
    outcome = send(channel(robots, case["robot"]), message("总工会送清凉"), NOW)
    assert (outcome.fault, outcome.nature.value) == (case["fault"], case["nature"])
    assert robot.asked == 1, "a redirect was followed"
    assert KEY not in str(outcome)


@pytest.mark.parametrize("name", [*ROBOTS, "json"])
def test_a_message_that_the_robot_took_is_delivered(robots: RobotServer, name: str) -> None:
    """It holds title, address and event id."""
    assert send(channel(robots, name), message("总工会送清凉"), NOW) == Outcome()
    written = json.dumps(robots.robots[name].taken, ensure_ascii=False)
    assert "总工会送清凉" in written
    assert "0" * 20 in written
    assert name == "json" or "http://a.cn/1.html" in written


@pytest.mark.parametrize("name", ["dingtalk", "feishu"])
def test_keyword_signature_and_clock_are_as_the_robot_asks(robots: RobotServer, name: str) -> None:
    """What the robot's settings ask is in the message; without it the refusal names what is missing."""
    robot = robots.robots[name]
    robot.keyword, robot.secret = "工会监测站", "SEC-long-secret"
    right = channel(robots, name, keyword="工会监测站", secret="SEC-long-secret")  # noqa: S106 - the same
    assert send(right, message("题"), NOW) == Outcome()
    assert send(channel(robots, name, secret="SEC-long-secret"), message("题"), NOW).fault == "keyword"  # noqa: S106
    assert send(channel(robots, name, keyword="工会监测站"), message("题"), NOW).fault == "sign"
    robot.clock_offset_seconds = 7_200
    assert send(right, message("题"), NOW).fault == "sign"


@pytest.mark.parametrize("form", ["markdown", "text"])
@pytest.mark.parametrize("name", ROBOTS)
@pytest.mark.parametrize(
    ("titles", "lines"),
    [
        (["会" * 20_000], ()),
        (["慰问一线职工" * 20] * 300, ("第一行",)),
        (["😀" * 3_000], ("长" * 30_000,) * 3),
    ],
)
def test_no_message_is_above_the_robots_bytes_and_a_cut_is_reported(
    robots: RobotServer, name: str, titles: list[str], lines: tuple[str, ...], form: str
) -> None:
    """The robot counts bytes of UTF-8 and takes it; what was left out is counted, no character is cut."""
    assert send(channel(robots, name, format=form), message(*titles, lines=lines), NOW) == Outcome()
    (taken,) = robots.robots[name].taken
    written = json.dumps(taken, ensure_ascii=False)
    assert "\ufffd" not in written
    assert "…" in written
    if len(titles) > 1:
        shown = written.count("编号")
        assert 0 < shown < len(titles)
        assert f"另有 {len(titles) - shown} 条" in written


def test_a_robots_own_limits_are_used_up(robots: RobotServer) -> None:
    """A long message takes nearly all the bytes that the robot allows."""
    send(channel(robots, "wecom"), message("会" * 20_000), NOW)
    assert 4_080 <= len(robots.robots["wecom"].taken[0]["markdown"]["content"].encode()) <= 4_096


@pytest.mark.parametrize(
    "title",
    ["<@all> 放假", "@所有人 领奖", "[领奖](http://evil.example)", '<at user_id="all">所有人</at>',
     "http://evil.example/x", "**重要**", '<font color="warning">x</font>', "题\n# 大标题", "题\u202e文"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["markdown", "text"])
@pytest.mark.parametrize("name", ROBOTS)
def test_a_title_steers_no_message(robots: RobotServer, name: str, form: str, title: str) -> None:
    """No mention, link, tag or heading of a web page gets into a group."""
    sent = message(title, lines=(title,), url="http://a.cn/)](http://evil.example")
    assert send(channel(robots, name, format=form), sent, NOW) == Outcome()
    (taken,) = robots.robots[name].taken
    written = json.dumps(taken, ensure_ascii=False)
    steering = ["<@", "@所有人", "<at", "<font", "\u202e", '"http://evil', "\\n#"]
    if name != "feishu" and form == "markdown":
        steering += ["](http://evil", "**重要**"]
    assert [sign for sign in steering if sign in written] == []
    # The page's own address is whole, and nothing in it ends the link.
    assert written.count("http://evil") == written.count("http://a.cn/%29%5D%28http://evil") == 1


def test_a_mention_of_all_is_never_asked_for(robots: RobotServer) -> None:
    """No message has a field that calls people."""
    for name in ROBOTS:
        send(channel(robots, name), message("题"), NOW)
        assert not {"at", "mentioned_list"} & set(
            json.dumps(robots.robots[name].taken).replace('"', " ").split()
        )


def test_a_private_address_is_refused_unless_the_channel_allows_it(robots: RobotServer) -> None:
    """No webhook leads into one's own network by accident, by number, name or another spelling."""
    for url in (
        robots.address("wecom"),
        robots.address("wecom").replace("127.0.0.1", "localhost"),
        robots.address("wecom").replace("http", "https"),
        "https://[::ffff:127.0.0.1]/send?key=k",
        "https://127.1/",
        "ftp://a.example/",
    ):
        refused = send(channel(robots, "wecom", address=url, allow_private=False), message("题"), NOW)
        assert refused.fault == "address"
        assert refused.nature is Nature.SETUP
    assert robots.robots["wecom"].asked == 0


def test_a_machines_own_metadata_is_refused_even_where_private_addresses_are_allowed(
    robots: RobotServer,
) -> None:
    """169.254.169.254 gives a cloud's machine its keys."""
    refused = send(channel(robots, "wecom", address="http://169.254.169.254/latest"), message("题"), NOW)
    assert refused.fault == "address"

"""``unioncrawl watch``: from a channel's file to a message, and what is printed on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.commands.run_command import run, run_json
from tests.service.channels.robots import KEY, Robot, RobotServer, running_robots
from unioncrawl.archive.store import Archive
from unioncrawl.cli import app
from unioncrawl.model import Article
from unioncrawl.service.watches.after_crawl import watch_after_crawl

TEXT = (
    "临溪市总工会到环卫驿站送清凉，为三百名一线职工送去防暑药品和清凉饮料，并叮嘱大家合理安排作息，注意安全。"
)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RobotServer]:
    """Robots, and the file of channels beside the archive; one of its addresses is a variable."""
    with running_robots(group=Robot("wecom"), other=Robot("dingtalk")) as robots:
        monkeypatch.setenv("UNIONCRAWL_CHANNELS", str(tmp_path / "channels.toml"))
        monkeypatch.setenv("UNION_GROUP", robots.address("group"))
        monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
        file = tmp_path / "channels.toml"
        file.write_text(
            '[[channels]]\nname = "群"\ntype = "企业微信"\nallow_private = true\n'
            'address = "env:UNION_GROUP"\n'
            '[[channels]]\nname = "other"\ntype = "钉钉"\nallow_private = true\nlanguage = "en"\n'
            f'address = "{robots.address("other")}"\n',
            encoding="utf-8",
        )
        file.chmod(0o600)
        yield robots


def store(address: str, number: int) -> None:
    """Store an article."""
    with Archive.open(address) as archive:
        url = f"http://example.cn/new-{number}.html"
        archive.store(
            Article(url=url, site="xian", title=f"[题](http://e.cn) {number}", body_text=f"{number} {TEXT}"),
            archive.begin_run("xian", {}),
        )  # fmt: skip


def test_an_article_reaches_the_group_once(address: str, server: RobotServer) -> None:
    """A dry run shows it and sends nothing; the run sends it; the log has it; the second run has nothing."""
    run(address, "watch", "add", "清凉", "--query", "送清凉", "--to", "群", "--to", "other")
    assert "清凉  检索: 送清凉  → 群, other" in run(address, "watch", "list").stdout
    store(address, 1)
    dry = run(address, "watch", "run", "--dry-run").stdout
    assert "新文章" in dry
    assert server.robots["group"].asked == 0
    (planned,) = run_json(address, "watch", "run", "--dry-run")["watches"]
    assert "送达 1 条" in run(address, "watch", "run").stdout
    assert run(address, "watch", "run").output == ""
    assert run_json(address, "watch", "run") == {
        "watches": [{"name": "清凉", "events": 0, "queued": 0, "error": ""}],
        "channels": [], "removed": 0, "given_up": 0, "delivered_elsewhere": False, "ok": True,
    }  # fmt: skip
    (event,) = planned["events"]
    for name, words in (("group", "新文章"), ("other", "new")):
        (taken,) = [json.dumps(one, ensure_ascii=False) for one in server.robots[name].taken]
        assert event["event_id"] in taken
        assert words in taken
    logged = run_json(address, "watch", "log")
    assert [(one["channel"], one["event_id"]) for one in logged] == [
        (name, event["event_id"]) for name in ("other", "群")
    ]
    assert "已送达" in run(address, "watch", "log", "群").stdout


def test_a_refusal_is_named_with_the_next_step_and_mended(
    address: str, tmp_path: Path, server: RobotServer
) -> None:
    """It exits 1 and prints what to do; after a test of the channel what waits goes out."""
    run(address, "watch", "add", "all", "--query", "", "--to", "other")
    store(address, 1)
    server.robots["other"].keyword = "工会监测"
    refused = run(address, "watch", "run", expected=1)
    assert "关键词" in refused.stderr
    assert "keyword" in run(address, "watch", "log", "--language", "en").stdout
    assert "310000" in run(address, "watch", "test", "other", expected=1).stderr
    health = CliRunner().invoke(app, ["health", "--json", "--archive", address])
    (need,) = [one for one in json.loads(health.stdout)["needs"] if one["kind"] == "channel-refused"]
    assert "关键词" in need["said"]["zh"]
    file = tmp_path / "channels.toml"
    file.write_text(file.read_text(encoding="utf-8") + 'keyword = "工会监测"\n', encoding="utf-8")
    tested = run(address, "watch", "test", "other").stdout
    assert "待发的 1 条" in tested
    assert "送达 1 条" in run(address, "watch", "run").stdout
    assert len(server.robots["other"].taken) == 2


def test_no_secret_is_printed_or_kept(address: str, server: RobotServer, tmp_path: Path) -> None:
    """After refusals of many kinds neither output nor any file beside the channels' has the key."""
    said = []
    run(address, "watch", "add", "all", "--query", "", "--to", "群", "--to", "other")
    answers = [
        f'{{"errcode":93000,"errmsg":"invalid webhook url key={KEY}"}}',
        f"<html>{KEY}",
        "",
        f'{{"errcode":45009,"errmsg":"{server.address("group")}"}}',
    ]
    for robot in server.robots.values():
        robot.scripted = [(200, f"text/{KEY}", answer.encode()) for answer in answers]
    for number in range(len(answers)):
        store(address, number)
        for command in (["run", "--retry"], ["run", "--dry-run"], ["log"], ["log", "--json"], ["list"]):
            result = CliRunner().invoke(app, ["watch", *command, "--archive", address])
            said.append(result.output + result.stderr)
    assert server.robots["group"].asked == len(answers)
    assert [one for one in said if KEY in one] == []
    kept = [
        file for file in Path(address).parent.rglob("*") if file.is_file() and file.name != "channels.toml"
    ]
    assert [file for file in kept if KEY.encode() in file.read_bytes()] == []
    del tmp_path


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--query", "a", "--health"], "one of"),
        ([], "one of"),
        (["--query", "(", "--to", "群"], "query"),
        (["--story", "http://nowhere.example/", "--to", "群"], "no article"),
        (["--health", "--to", "nobody"], "no channel nobody"),
        (["--query", "", "--reprints", "--to", "群"], "--story"),
        (["--query", "", "--from", "gestern", "--to", "群"], "gestern"),
    ],
)
@pytest.mark.usefixtures("server")
def test_a_wrong_watch_is_refused_in_words(address: str, given: list[str], words: str) -> None:
    """Nothing is stored."""
    to = [] if "--to" in given else ["--to", "群"]
    result = CliRunner().invoke(app, ["watch", "add", "x", *given, *to, "--archive", address])
    assert result.exit_code in {1, 2}
    assert words in f"{result.output}{result.exception}"
    assert run_json(address, "watch", "list")["watches"] == []


@pytest.mark.usefixtures("server")
def test_a_watch_is_shown_paused_and_removed(address: str) -> None:
    """Removing it says what had not been sent."""
    run(address, "watch", "add", "health", "--health", "--site", "xian", "--to", "群")
    run(address, "watch", "add", "story", "--story", "http://example.cn/1.html", "--to", "群")
    assert run_json(address, "watch", "show", "story")["arguments"] == {"article": 1, "reprints": False}
    assert "已暂停" in run(address, "watch", "pause", "health").stdout
    assert "已暂停" not in run(address, "watch", "pause", "health", "--resume").stdout
    assert "0 条" in run(address, "watch", "remove", "story").stdout
    assert [one["name"] for one in run_json(address, "watch", "list")["watches"]] == ["health"]


def test_watches_that_fail_harm_no_crawl(address: str, tmp_path: Path, server: RobotServer) -> None:
    """A file of channels that is no TOML is named; an archive without watches says nothing."""
    assert watch_after_crawl(address, "en") == []
    (missing,) = watch_after_crawl(f"{address}-not-there", "zh")
    assert missing.startswith("watch: 未能执行监测（")
    assert "not-there" in missing
    run(address, "watch", "add", "all", "--query", "", "--to", "群")
    store(address, 1)
    file = tmp_path / "channels.toml"
    written = file.read_text(encoding="utf-8")
    file.write_text(f'name = "{KEY}', encoding="utf-8")
    (wrong,) = watch_after_crawl(address, "en")
    assert "is not TOML" in wrong
    assert KEY not in wrong
    file.write_text(written, encoding="utf-8")
    assert watch_after_crawl(address, "en") == []
    assert len(server.robots["group"].taken) == 1

"""Tests for `unioncrawl.addon.components`, in projects as ``scrapy startproject`` makes them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.databases import archive_at, in_files
from tests.warm import run_module
from unioncrawl import open_archive

ROOT = Path(__file__).resolve().parents[2]
ADDON = 'ADDONS = {"unioncrawl.addon.Addon": 300}\nFEEDS = {"out.jsonl": {"format": "jsonlines"}}\n'
# Two articles, one of them without a headline, and something else; each kind of item in turn.
SPIDER = """
import dataclasses
import attr, pydantic, scrapy

FIELDS = {"url": str, "title": str, "body_text": str, "published_raw": str}
TEXT = "各級(jí)工會(huì)組織開展活動(dòng)，職(zhí)工踴躍參加。"

Data = dataclasses.make_dataclass("Data", list(FIELDS.items()), frozen=True)
Attrs = attr.make_class("Attrs", list(FIELDS))
Model = pydantic.create_model("Model", **FIELDS)


class Item(scrapy.Item):
    url, title, body_text, published_raw = (scrapy.Field() for _ in FIELDS)


class NewsSpider(scrapy.Spider):
    name = "news"
    start_urls = ["data:text/html,<p>ok</p>"]

    def parse(self, response):
        for kind in (dict, Data, Attrs, Model, Item):
            url = f"http://gh.example/{kind.__name__}"
            yield kind(url=url, title="職(zhí)工之家", body_text=TEXT, published_raw="2024/4/8 9:32")
            yield kind(url=url + "/2", title="", body_text=TEXT, published_raw="")
        yield {"url": "http://gh.example/", "title": "手套", "price": 9}
"""
KINDS = ("dict", "Data", "Attrs", "Model", "Item")


def scrapy(folder: Path, *arguments: str) -> str:
    """Run Scrapy in a folder; what it logged."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": ""}
    done = run_module(("scrapy", *arguments), environment, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A fresh project of Scrapy with one spider, which yields items of every kind."""
    scrapy(tmp_path, "startproject", "elsewhere", "project")
    folder = tmp_path / "project"
    (folder / "elsewhere" / "spiders" / "news.py").write_text(SPIDER, encoding="utf-8")
    return folder


def add_settings(project: Path, text: str) -> None:
    """Append lines to the project's settings."""
    with (project / "elsewhere" / "settings.py").open("a", encoding="utf-8") as file:
        file.write(text)


def rows(project: Path) -> list[dict[str, Any]]:
    """What the project's own feed holds."""
    return [json.loads(line) for line in (project / "out.jsonl").read_text(encoding="utf-8").splitlines()]


def test_one_line_repairs_and_archives_items_of_every_kind(project: Path) -> None:
    """With the add-on alone, each kind is repaired, checked and archived; another item passes unchanged."""
    address = archive_at(project / "data" / "archive.db")
    # In a file the archive is where the add-on has it by itself.
    add_settings(project, ADDON + ("" if in_files() else f"UNIONCRAWL_ARCHIVE = {address!r}\n"))
    logged = scrapy(project, "crawl", "news")
    fed = rows(project)
    assert [row["title"] for row in fed] == ["职工之家"] * 5 + ["手套"]
    assert fed[0]["published_at"] == "2024-04-08T09:32:00+08:00"
    assert fed[-1] == {"url": "http://gh.example/", "title": "手套", "price": 9}
    assert "'item_dropped_count': 5" in logged
    assert "'unioncrawl/rejected/validate/no-title': 5" in logged
    with open_archive(address) as archive:
        for kind in KINDS:
            article = archive.article(f"http://gh.example/{kind}")
            assert article.title == "职工之家"
            assert dict(article.raw)["title"] == "職(zhí)工之家"


def test_each_stage_can_be_switched_off(project: Path) -> None:
    """Without archive and validation nothing is stored or dropped; without repair the text stays."""
    off = "".join(f"UNIONCRAWL_{stage}_ENABLED = False\n" for stage in ("ARCHIVE", "VALIDATE", "REPAIR"))
    add_settings(project, ADDON + off)
    scrapy(project, "crawl", "news")
    assert not (project / "data").exists()
    fed = rows(project)
    assert len(fed) == 11
    assert fed[0]["title"] == "職(zhí)工之家"
    assert fed[0]["published_at"] == "2024-04-08T09:32:00+08:00"


def test_everything_else_of_the_project_stays(project: Path) -> None:
    """The add-on adds four pipelines and the archive's address; every other setting is the project's."""
    before = settings_of(project)
    add_settings(project, 'ADDONS = {"unioncrawl.addon.Addon": 300}\n')
    after = settings_of(project)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed == {"ADDONS", "ITEM_PIPELINES", "UNIONCRAWL_ARCHIVE"}
    assert [order for _, order in sorted(after["ITEM_PIPELINES"].items())] == [240, 220, 210, 230]


def settings_of(project: Path) -> dict[str, Any]:
    """The settings that the project's spider runs with."""
    script = (
        "import json\n"
        "from scrapy.crawler import CrawlerProcess\n"
        "from scrapy.utils.project import get_project_settings\n"
        "crawler = CrawlerProcess(get_project_settings()).create_crawler('news')\n"
        "crawler._apply_settings()\n"
        "plain = lambda value: dict(value) if hasattr(value, 'attributes') else value\n"
        "printed = {name: repr(plain(value)) for name, value in crawler.settings.items()}\n"
        "found = crawler.settings.getdict('ITEM_PIPELINES')\n"
        "printed['ITEM_PIPELINES'] = {getattr(k, '__name__', k): v for k, v in found.items()}\n"
        "print('SETTINGS', json.dumps(printed))\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(project)]),
        "PYTHONWARNINGS": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("SETTINGS "))
    found: dict[str, Any] = json.loads(line.removeprefix("SETTINGS "))
    return found

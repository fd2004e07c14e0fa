"""What a crawl reports after a wrong call, and when it found nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from tests.databases import in_files
from tests.spiders.conftest import Workplace
from unioncrawl.practice.server import SITE_TYPES

SITES = [kind.site_id for kind in SITE_TYPES]


def test_a_bad_argument_fails_with_words(workplace: Workplace) -> None:
    """A since that is not a date ends the command with an error that names it."""
    done = workplace.run("scrapy", "crawl", "practice-xunrui", "-a", "since=gestern")
    assert done.returncode == 2
    assert "since=gestern" in done.stderr
    assert "Traceback" not in done.stderr
    repeated = workplace.run("unioncrawl", "crawl", "practice-xunrui", "--since", "gestern")
    assert repeated.returncode == 1
    assert repeated.stderr.count("since=gestern") == 1
    assert "Traceback" not in repeated.stderr


def test_a_site_file_with_an_error_leaves_the_others(workplace: Workplace) -> None:
    """Scrapy list shows every sound site, and the log names the file, the key and what is allowed."""
    bad = workplace.folder / "sites" / "bad.toml"
    bad.write_text(
        'id = "bad"\nname = "坏"\nlevel = "town"\nfamily = "asp"\nhosts = ["a.cn"]\n', encoding="utf-8"
    )
    done = workplace.run("scrapy", "list", "-s", "LOG_ENABLED=1")
    assert done.returncode == 0
    assert set(SITES) <= set(done.stdout.split())
    assert "bad" not in done.stdout.split()
    assert "bad.toml" in done.stderr
    assert "'level'" in done.stderr
    assert "'county'" in done.stderr


def test_contracts_run_cleanly(workplace: Workplace) -> None:
    """`scrapy check` ends well for sites that are as they were."""
    done = workplace.run("scrapy", "check", *SITES)
    assert done.returncode == 0, done.stderr


def test_an_unknown_site_is_reported(workplace: Workplace) -> None:
    """Asking for a site that is not there exits 1 and says how to list them."""
    done = workplace.run("unioncrawl", "crawl", "nowhere")
    assert done.returncode == 1
    assert "'nowhere'" in done.stderr
    assert "unioncrawl sites list" in done.stderr
    repeated = workplace.run("scrapy", "crawl", "nowhere")
    assert repeated.returncode == 2
    assert "Spider not found: nowhere" in repeated.stderr
    assert "Traceback" not in repeated.stderr


def test_no_network_ends_with_a_summary(workplace: Workplace) -> None:
    """When nothing answers, the crawl retries, sums up in a line and exits 1."""
    workplace.server.stop()
    done = workplace.run("unioncrawl", "crawl", "practice-asp", "--json")
    record = json.loads(done.stdout)[0]
    assert done.returncode == 1
    assert record["ok"] is False
    assert record["rejections"] == {"fetch/robots-unreachable": 2}
    repeated = workplace.run("unioncrawl", "crawl", "practice-asp")
    assert "did not answer, after retries" in repeated.stderr
    assert "Traceback" not in repeated.stderr


def test_a_crawl_that_found_nothing_says_so_in_its_stats(workplace: Workplace) -> None:
    """Lists without an article make unioncrawl crawl exit 1, and set a stat under plain scrapy."""
    path = workplace.site_file("practice-asp")
    text = path.read_text(encoding="utf-8")
    netloc = urlsplit(workplace.server.base_urls["practice-asp"]).netloc
    start = text.index("columns = [")
    text = (
        text[:start]
        + f'columns = [{{ name = "空", url = "http://{netloc}/robots.txt" }}]\n'
        + text[text.index("\n[politeness]") :]
    )
    path.write_text(text, encoding="utf-8")
    assert workplace.crawl("practice-asp")["unioncrawl/crawl/empty"] == 1
    assert workplace.run("unioncrawl", "crawl", "practice-asp").returncode == 1


def test_an_archive_of_a_newer_version_is_refused(workplace: Workplace) -> None:
    """A crawl into an archive of a newer schema says so, changes nothing, and exits 1."""
    workplace.crawl("practice-asp", "-a", "max_pages=1")
    workplace.rows("update alembic_version set version_num = '9999'")
    for command in ("unioncrawl", "scrapy"):
        done = workplace.run(command, "crawl", "practice-asp")
        assert done.returncode in (1, 2)
        assert "Upgrade unioncrawl" in done.stderr
        assert "Traceback" not in done.stderr
    assert workplace.rows("select count(*) from run") == [(1,)]


def test_scrapy_runs_from_any_folder(workplace: Workplace, tmp_path: Path) -> None:
    """Everything a crawl writes lies below the working directory."""
    workplace.crawl("practice-asp")
    written = {path.name for path in (tmp_path / "data").iterdir()}
    assert written >= {"captures", "feeds"} | ({"archive.db"} if in_files() else set())
    assert os.environ.get("UNIONCRAWL_ARCHIVE") is None

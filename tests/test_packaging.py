"""The package as its users install it: what the wheel holds, and that it runs from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from unioncrawl.practice.server import PracticeServer
from unioncrawl.practice.site_files import write_site_files
from unioncrawl.sites.catalogue import bundled_folder

ROOT = Path(__file__).resolve().parent.parent


def _run(*command: str, cwd: Path, **extra: str) -> str:
    given = {**os.environ, "PYTHONWARNINGS": "", **extra}
    # Scrapy takes a variable that is empty for one that is set.
    environment = {name: value for name, value in given.items() if value}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from this checkout."""
    out = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), ".", cwd=ROOT)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed in it, to be put on PYTHONPATH."""
    target = tmp_path_factory.mktemp("installed")
    _run(
        *(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index"),
        *("--target", str(target), str(wheel)),
        cwd=target,
    )
    return target


def _tracked(*folders: str) -> set[str]:
    listed = _run("git", "ls-files", "--cached", "--others", "--exclude-standard", *folders, cwd=ROOT)
    return {line for line in listed.splitlines() if (ROOT / line).is_file()}


def test_wheel_holds_exactly_the_three_packages(wheel: Path) -> None:
    """The wheel holds `unioncrawl` alone, with spiders and pipelines inside, and misses no file."""
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = _tracked("unioncrawl") | {f"unioncrawl/{name}" for name in _tracked("spiders", "pipelines")}
    assert inside == expected


def test_installed_wheel_lists_the_sites(installed: Path, tmp_path: Path) -> None:
    """From an installed wheel, in an empty folder, `scrapy list` shows the sites."""
    listed = _run(
        *(sys.executable, "-m", "scrapy", "list"),
        cwd=tmp_path,
        PYTHONPATH=str(installed),
        SCRAPY_SETTINGS_MODULE="unioncrawl.settings",
    )
    assert "practice-xunrui" in listed.split()


def test_installed_wheel_crawls(installed: Path, tmp_path: Path) -> None:
    """From an installed wheel, in an empty folder, a practice site is crawled into an archive."""
    with PracticeServer(port=0) as server:
        sites = tmp_path / "sites"
        sites.mkdir()
        bundled = (bundled_folder() / "practice-empire.toml").read_text(encoding="utf-8")
        host = server.base_urls["practice-empire"].removeprefix("http://").rstrip("/")
        (sites / "practice-empire.toml").write_text(bundled.replace("127.0.0.1:8802", host), encoding="utf-8")
        _run(
            *(sys.executable, "-m", "unioncrawl", "crawl", "practice-empire"),
            cwd=tmp_path,
            PYTHONPATH=str(installed),
            UNIONCRAWL_SITES_DIRS=str(sites),
        )
    printed = _run(
        *(sys.executable, "-m", "unioncrawl", "stats", "--json"), cwd=tmp_path, PYTHONPATH=str(installed)
    )
    assert json.loads(printed)["articles"] == 20


def test_installed_wheel_makes_a_project_that_crawls(installed: Path, tmp_path: Path) -> None:
    """From an installed wheel, `unioncrawl init` makes a project whose own site is crawled."""
    project = tmp_path / "archive"
    _run(*(sys.executable, "-m", "unioncrawl", "init", str(project)), cwd=tmp_path, PYTHONPATH=str(installed))
    with PracticeServer(port=0) as server:
        write_site_files(server.base_urls, project / "my_unions" / "sites")
        _run(
            *(sys.executable, "-m", "scrapy", "crawl", "practice-empire"),
            cwd=project,
            PYTHONPATH=str(installed),
            SCRAPY_SETTINGS_MODULE="",
        )
    assert (project / "data" / "archive.db").is_file()
    fed = (project / "data" / "feeds" / "practice-empire.jsonl").read_text(encoding="utf-8")
    assert len({json.loads(line)["url"] for line in fed.splitlines()}) == 20


def test_installed_wheel_is_an_addon(installed: Path, tmp_path: Path) -> None:
    """From an installed wheel, another project's items are repaired and archived by the add-on."""
    spider = (
        "import scrapy\n"
        "class News(scrapy.Spider):\n"
        "    name = 'news'\n"
        "    start_urls = ['data:text/html,<p>ok</p>']\n"
        "    def parse(self, response):\n"
        "        yield {'url': 'http://gh.example/1', 'title': '職(zhí)工', 'body_text': '职工之家。'}\n"
    )
    (tmp_path / "news.py").write_text(spider, encoding="utf-8")
    addons = 'ADDONS={"unioncrawl.addon.Addon": 300}'
    _run(
        *(sys.executable, "-m", "scrapy", "runspider", "news.py", "-s", addons, "-O", "out.json"),
        cwd=tmp_path,
        PYTHONPATH=str(installed),
        SCRAPY_SETTINGS_MODULE="",
    )
    (row,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert row["title"] == "职工"
    assert (tmp_path / "data" / "archive.db").is_file()


def test_installed_wheel_imports_its_own_spiders(installed: Path, tmp_path: Path) -> None:
    """A foreign `spiders` folder beside the user's work is never imported instead of ours."""
    foreign = tmp_path / "spiders"
    foreign.mkdir()
    (foreign / "__init__.py").write_text("raise RuntimeError('foreign')\n", encoding="utf-8")
    named = _run(
        *(sys.executable, "-c", "from unioncrawl import _layout; print(_layout.package_name('spiders'))"),
        cwd=tmp_path,
        PYTHONPATH=str(installed),
    )
    assert named.strip() == "unioncrawl.spiders"


def test_foreign_spiders_in_a_checkout_are_refused(tmp_path: Path) -> None:
    """In a checkout, a `spiders` of another project first on the path raises with the next step."""
    foreign = tmp_path / "spiders"
    foreign.mkdir()
    (foreign / "__init__.py").write_text("", encoding="utf-8")
    script = (
        "from unioncrawl import _layout, errors\n"
        "try:\n    _layout.package_name('spiders')\n"
        "except errors.LayoutError as error:\n    print(error)\n"
    )
    printed = _run(
        sys.executable, "-c", script, cwd=tmp_path, PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)])
    )
    assert "another 'spiders'" in printed

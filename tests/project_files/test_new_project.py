"""Tests for `unioncrawl.project_files`: a project of one's own runs, and is packed for scrapyd."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from unioncrawl.errors import ProjectExists, StreamError
from unioncrawl.project_files.new_project import FILES, write_project
from unioncrawl.sites.catalogue import read_site_file

ROOT = Path(__file__).resolve().parents[2]
# What scrapyd.runner.activate_egg of scrapyd 1.6 does with an egg that was deployed, and `scrapy list`.
ACTIVATE = """
import os, sys, pkg_resources
distribution = next(pkg_resources.find_distributions(sys.argv[1]))
distribution.activate()
os.environ["SCRAPY_SETTINGS_MODULE"] = distribution.get_entry_info("scrapy", "settings").module_name
from scrapy.cmdline import execute
execute(["scrapy", "list"])
"""


def run(folder: Path, *command: str) -> str:
    """Run Python in a folder; what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "", "UNIONCRAWL_SITES_DIRS": ""}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_project_has_its_files(tmp_path: Path) -> None:
    """A project has its files, a sound site file, data/ and a README of ten lines in two languages."""
    folder = tmp_path / "new" / "archive"
    assert write_project(folder) == [folder / name for name in FILES]
    assert (folder / "data").is_dir()
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) == 10
    assert "站点文件" in readme
    assert read_site_file(folder / "my_unions" / "sites" / "linxi-example.toml").id == "linxi-example"


@pytest.mark.parametrize("name", [*FILES, "data"])
def test_nothing_is_overwritten(tmp_path: Path, name: str) -> None:
    """A folder that holds one of the files is refused by its name, and nothing is written."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ProjectExists, match=name):
        write_project(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_takes_nothing_is_reported(tmp_path: Path) -> None:
    """A folder below a file is an error with the next step."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StreamError, match="can be written"):
        write_project(tmp_path / "file" / "project")


def test_scrapy_finds_the_sites_of_a_new_project(tmp_path: Path) -> None:
    """`scrapy list` in the folder shows the project's own site beside the bundled ones."""
    write_project(tmp_path)
    listed = run(tmp_path, "-m", "scrapy", "list").split()
    assert {"linxi-example", "practice-empire"} <= set(listed)


def test_the_egg_that_scrapyd_deploys_holds_the_sites(tmp_path: Path) -> None:
    """The egg that scrapyd-deploy builds is loaded packed, as scrapyd does, with the project's own site."""
    project, elsewhere = tmp_path / "project", tmp_path / "scrapyd"
    write_project(project)
    elsewhere.mkdir()
    run(project, "setup.py", "-q", "bdist_egg", "-d", str(elsewhere))
    (egg,) = elsewhere.glob("*.egg")
    assert egg.is_file()
    assert "linxi-example" in run(elsewhere, "-c", ACTIVATE, str(egg)).split()


def test_the_contact_stands_in_the_settings(tmp_path: Path) -> None:
    """A contact that was given is a setting of the new project; without one the line is a comment."""
    for name, contact in (("with", "archive@union.example"), ("without", "")):
        write_project(tmp_path / name, contact)
        text = (tmp_path / name / "my_unions" / "settings.py").read_text("utf-8")
        assert ('\nUNIONCRAWL_CONTACT = "archive@union.example"' in text) is bool(contact)
        compile(text, "settings.py", "exec")

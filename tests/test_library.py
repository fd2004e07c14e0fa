"""What ``import unioncrawl`` offers a notebook."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO, StringIO
from pathlib import Path

import pytest

import unioncrawl
from unioncrawl.errors import ExtractError, NotAnArticle, SiteFileError

ROOT = Path(__file__).resolve().parent.parent
URL = "http://www.linxi-gh.example/xw/1.html"
BODY = "<p>4月8日，临溪市总工会召开集体协商推进会，部署全年工作。会议要求把协商成果写进合同。</p>" * 3
HTML = f"<h1>临溪市总工会召开推进会</h1><div>发布时间：2024-04-08 09:32 来源：市总工会</div>{BODY}"


def _with_checkout() -> dict[str, str]:
    return {**os.environ, "MYPYPATH": str(ROOT)}


def alone(script: str) -> str:
    """What a script prints in a Python of its own."""
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()


def test_importing_is_light() -> None:
    """The import alone loads no other module of the package and no library, Scrapy least of all."""
    script = "import sys; before = set(sys.modules); import unioncrawl; print(*set(sys.modules) - before)"
    loaded = {name for name in alone(script).split() if name.partition(".")[0] not in sys.stdlib_module_names}
    assert loaded == {"unioncrawl"}


@pytest.mark.parametrize("name", [name for name in unioncrawl.__all__ if name != "__version__"])
def test_each_name_comes_without_scrapy(name: str) -> None:
    """Each name is there when it is asked for, in either way of importing, without loading Scrapy."""
    script = (
        f"import sys, unioncrawl; one = unioncrawl.{name}\n"
        f"from unioncrawl import {name} as other\n"
        "print(one is other, callable(one), 'scrapy' in sys.modules, 'twisted' in sys.modules)"
    )
    assert alone(script) == "True True False False"


def test_the_package_repair_answers_calls() -> None:
    """``unioncrawl.repair`` is the package, and called the function, whatever was imported before."""
    script = (
        "import unioncrawl, unioncrawl.repair.driver\n"
        "from unioncrawl import repair\n"
        "print(unioncrawl.repair('工會(huì)會(huì)議').text, repair('县总工会').text)\n"
        "print(repair.driver.__name__)"
    )
    assert alone(script) == "工会会议 县总工会\nunioncrawl.repair.driver"


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelt name raises Python's own error, and is in no list."""
    with pytest.raises(AttributeError, match="no attribute 'read_pages'"):
        _ = unioncrawl.read_pages
    assert set(dir(unioncrawl)) == set(unioncrawl.__all__)


@pytest.mark.parametrize("kind", ["bytes", "text", "path", "binary file", "text file"])
def test_a_page_is_read_from_anything(kind: str, tmp_path: Path) -> None:
    """Bytes, text, a path and open files of the same page give the same article."""
    file = tmp_path / "page.html"
    file.write_bytes(HTML.encode("gbk"))
    page = {
        "bytes": HTML.encode("gbk"),
        "text": HTML,
        "path": file,
        "binary file": BytesIO(HTML.encode("gbk")),
        "text file": StringIO(HTML),
    }[kind]
    article = unioncrawl.read_page(page, url=URL)  # type: ignore[arg-type]
    assert (article.title, article.source) == ("临溪市总工会召开推进会", "市总工会")
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2024-04-08T09:32:00+08:00"
    assert article.canonical_url == URL


def test_no_page_without_an_article_becomes_one() -> None:
    """A page that is not an article raises with its kind, its address and the next step."""
    with pytest.raises(NotAnArticle, match="was not found") as caught:
        unioncrawl.read_page("<h1>404</h1><p>你访问的页面不存在</p>", url=URL)
    assert (caught.value.url, caught.value.stage) == (URL, "extract")
    assert "unioncrawl extract" in caught.value.next_step


def test_a_name_of_a_file_is_not_read_as_a_page(tmp_path: Path) -> None:
    """A string that names a file raises and says how to give one."""
    file = tmp_path / "page.html"
    file.write_text(HTML, encoding="utf-8")
    with pytest.raises(ExtractError, match="is the name of a file") as caught:
        unioncrawl.read_page(str(file))
    assert "pathlib.Path" in caught.value.next_step


def test_an_unknown_site_is_reported() -> None:
    """A site that no file describes raises with the command that lists them."""
    with pytest.raises(SiteFileError, match="unioncrawl sites"):
        unioncrawl.read_page(HTML, site="nowhere")


def test_a_notebook_shows_an_article_safely() -> None:
    """What a page wrote into its headline is text in a notebook, never a script."""
    article = unioncrawl.Article(url=URL, title="<script>alert(1)</script>", body_text="会议召开。")
    shown = article._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert "会议召开。" in shown


def test_types_are_seen_by_mypy(tmp_path: Path) -> None:
    """A strict mypy knows what each name of the package gives."""
    (tmp_path / "user.py").write_text(
        "import unioncrawl\n"
        "from unioncrawl import repair\n"
        "text: str = unioncrawl.repair('县总工会').text + repair('工会').text\n"
        "title: str = unioncrawl.read_page(b'', url='').title\n"
        "hits: int | None = unioncrawl.parse_hits('12')\n"
        "with unioncrawl.open_archive('a.db') as archive:\n"
        "    names: list[str] = [hit.title for hit in archive.search('工会').results]\n",
        encoding="utf-8",
    )
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--follow-imports=silent",
        "--config-file=",
        "user.py",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env=_with_checkout()
    )
    assert done.returncode == 0, done.stdout + done.stderr

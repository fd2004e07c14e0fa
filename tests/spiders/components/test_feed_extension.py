"""A feed that refuses rows, in a crawl over HTTP."""

from __future__ import annotations

from pathlib import Path

from tests.spiders.canned import article, listing
from tests.spiders.test_bounds import Answer, _Handler, _page, _served, _stored

# An exporter of the user's own, with a fault.
_EXPORTER = """
from scrapy.exporters import JsonLinesItemExporter
class Faulty(JsonLinesItemExporter):
    def export_item(self, item):
        if item["url"].endswith("2.html"):
            raise ValueError("a fault")
        super().export_item(item)
"""
_SETTING = 'FEED_EXPORTERS={"jsonlines": "faulty.Faulty"}'


def _site(asked: _Handler) -> Answer | None:
    if asked.path == "/list.html":
        return _page(listing([f"/a/{n}.html" for n in range(1, 4)]))
    number = asked.path.removeprefix("/a/").removesuffix(".html")
    return _page(article(int(number))) if number.isdigit() else None


def test_a_row_that_an_exporter_refuses_is_counted(tmp_path: Path) -> None:
    """The crawl ends with exit code 3 and says how many rows its feed lacks; the archive has them all."""
    with _served(tmp_path, _site) as (_, workplace):
        (tmp_path / "faulty.py").write_text(_EXPORTER, encoding="utf-8")
        workplace.environment["PYTHONPATH"] += f":{tmp_path}"
        workplace.environment["SCRAPY_SETTINGS_MODULE"] = "unioncrawl.settings"
        done = workplace.run("scrapy", "crawl", "hostile", "-s", _SETTING)
        assert _stored(workplace) == ["1.html", "2.html", "3.html"], done.stderr
        assert len(workplace.feed("hostile")) == 2
        assert done.returncode == 3, done.stderr
        assert "Rows that a feed could not take: 1" in done.stderr

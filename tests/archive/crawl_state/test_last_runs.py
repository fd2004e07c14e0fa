from __future__ import annotations

from unioncrawl.archive.crawl_state.last_runs import last_runs
from unioncrawl.archive.exports.cursors import Cursor, changed_since, present_cursor
from unioncrawl.archive.store import Archive


def test_the_last_run_that_counted_is_given_for_each_site(any_archive: str) -> None:
    """Runs that counted no entries, or go on, are passed over; text of an earlier version is read."""
    counted = {"unioncrawl/entries/total": 3, "unioncrawl/entries/stored": 3}
    with Archive.open(any_archive) as archive:
        for site, stats in (
            ("linxi", {**counted, "unioncrawl/walk/short_lists": "['要闻: 12 pages']"}),
            ("donghe", {**counted, "unioncrawl/entries/total": 2}),
            ("donghe", {**counted, "unioncrawl/walk/short_lists": ["要闻: 12 pages"]}),
            ("donghe", {"unioncrawl/list/pages": 1}),
        ):
            archive.finish_run(archive.begin_run(site, {}), stats, "finished")
        archive.begin_run("linxi", {})
        with archive.engine.connect() as connection:
            found = {one.site: one for one in last_runs(connection)}
            assert [one.site for one in last_runs(connection, "linxi")] == ["linxi"]
            assert changed_since(connection, Cursor(0, 0, 0)) == set()
            assert present_cursor(connection) == (0, 0, 0)
    assert found["donghe"].entries["total"] == 3
    assert found["donghe"].short_lists == ("要闻: 12 pages",)
    assert found["linxi"].short_lists == ("['要闻: 12 pages']",)

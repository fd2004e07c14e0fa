"""What no copy has: tables and columns of others, and when hosts were asked."""

from __future__ import annotations

from sqlalchemy import create_engine, text

from tests.archive.copying.conftest import Places
from tests.archive.copying.test_copy_archive import execute
from unioncrawl.archive.copying.copy_archive import copy_archive
from unioncrawl.archive.database import archive_url


def test_tables_and_columns_of_others_are_named(places: Places) -> None:
    """What stands beside the archive in its database is not copied, and said."""
    execute(
        places.source, "CREATE TABLE my_codes (id INTEGER)", "ALTER TABLE article ADD COLUMN my_note TEXT"
    )
    report = copy_archive(places.source, places.empty("sqlite"))
    assert report.left_out == ["article.my_note", "my_codes"]
    assert report.is_complete


def test_when_hosts_were_asked_stays_behind(places: Places) -> None:
    """It is kept to a part of a second, as no other time is, and means nothing elsewhere."""
    target = places.empty("sqlite")
    report = copy_archive(places.source, target)
    assert report.left_out == []
    engine = create_engine(archive_url(target))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM host_pace")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM planned_site")).scalar_one() == 1
    engine.dispose()

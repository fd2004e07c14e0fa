"""Whatever a server, a role or a locale is set to, an archive there answers as one in a file."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert

from bench.parity import differences
from tests.archive.server.test_unfit import database
from tests.archive.small_archive import TIME, fill
from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.opening.read_only import open_archive
from unioncrawl.archive.read.stored_articles import count_all
from unioncrawl.archive.reports.site_overview import load_sites
from unioncrawl.archive.search.known_sites import known_sites
from unioncrawl.archive.service_tables import notice
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveNotFound, ArchiveUnwritable
from unioncrawl.model import Article
from unioncrawl.service.jobs.plan import compare_plan, planned_sites, write_plan
from unioncrawl.service.jobs.tasks import Kind
from unioncrawl.service.watches.notices import channels_with_notices
from unioncrawl.sites.profile import Level, SiteProfile

# Locales order them in other ways than their bytes: signs last or not at all, numbers by what they count.
_SITES = ("a-gi", "a_gh", "agh", "a10", "a9", "a-gh", "i-gh")
_LOCALES = {
    "C": "LOCALE 'C'",
    "C.UTF-8": "LOCALE 'C.UTF-8'",
    "English": "LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'",
    "Chinese": "LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'zh-CN'",
    "Turkish": "LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'",
    "numbers": "LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'en-u-kn-true'",
}
_QUERIES = ["工会", "清凉 OR 劳模", "-防暑", "第3篇", "site:a-gh", "APP", "app İ", "level:city", "區"]


def _store(archive: Archive, folder: Path) -> None:
    fill(archive, folder)
    for key in _SITES:
        name = f"{key}总工会"
        profile = SiteProfile(id=key, name=name, level=Level.CITY, region="610100", family="x", hosts=("x",))
        archive.ensure_site(profile)
    run = archive.begin_run("sites", {})
    for number, key in enumerate(_SITES):
        text = f"{key} 的職工下載ＡＰＰ，İstanbul 与 ıssız，第{number}篇。"
        url = f"http://{number}.cn/İ"
        archive.store(Article(url=url, site=key, title="题", body_text=text, fetched_at=TIME), run)
    archive.finish_run(run, {}, "finished")


@pytest.mark.parametrize("locale", _LOCALES)
def test_a_locale_changes_no_answer(postgres_server: str, tmp_path: Path, locale: str) -> None:
    """Searches, orders, histories and exports are those of a file in any locale of the database."""
    with (
        database(postgres_server, "in_another_locale", f"ENCODING 'UTF8' {_LOCALES[locale]}") as address,
        Archive.open(str(tmp_path / "a.db")) as one,
        Archive.open(address) as other,
    ):
        for archive, folder in ((one, tmp_path / "a"), (other, tmp_path / "b")):
            _store(archive, folder)
        assert list(differences(one, other, _QUERIES, seed=1)) == []
        with one.engine.connect() as left, other.engine.connect() as right:
            assert [row.key for row in load_sites(left)] == [row.key for row in load_sites(right)]
            assert list(known_sites(left).items()) == list(known_sites(right).items())


def test_a_locale_does_not_order_the_plan_or_the_channels(postgres_server: str, tmp_path: Path) -> None:
    """The plan of workers and the channels with notices are listed in the order that a file has."""
    found = []
    locale = f"ENCODING 'UTF8' {_LOCALES['numbers']}"
    with (
        database(postgres_server, "in_another_locale", locale) as address,
        Archive.open(str(tmp_path / "a.db")) as one,
        Archive.open(address) as other,
    ):
        for archive in (one, other):
            with archive.engine.begin() as connection:
                planned = dict.fromkeys(_SITES, (Kind.DAILY,))
                write_plan(connection, compare_plan({}, planned, is_whole=True), TIME)
                for number, key in enumerate(_SITES):
                    row = {"id": number, "event_id": "e", "channel": key, "event": {}, "created_at": TIME}
                    connection.execute(insert(notice), {**row, "tries": 0, "next_try_at": TIME})
                found.append((list(planned_sites(connection)), channels_with_notices(connection)))
    assert found == [(sorted(_SITES), sorted(_SITES))] * 2


_ODD_SETTINGS = {
    "DateStyle": "German",
    "TimeZone": "America/St_Johns",
    "client_encoding": "GBK",
    "bytea_output": "escape",
    "extra_float_digits": "0",
    "default_transaction_isolation": "serializable",
    "IntervalStyle": "sql_standard",
    "standard_conforming_strings": "off",
}


def test_settings_of_a_database_change_no_answer(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another form of dates, zone, encoding of the client or kind of transactions is not noticed."""
    name = postgres_url.rpartition("/")[2]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for setting, value in _ODD_SETTINGS.items():
            connection.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'".encode())
    monkeypatch.setenv("PGCLIENTENCODING", "GBK")
    monkeypatch.setenv("PGDATESTYLE", "German")
    with Archive.open(str(tmp_path / "a.db")) as one, Archive.open(postgres_url) as other:
        for archive, folder in ((one, tmp_path / "a"), (other, tmp_path / "b")):
            _store(archive, folder)
        assert list(differences(one, other, _QUERIES, seed=1)) == []


@pytest.mark.parametrize("begins", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_way_to_write_an_address_is_taken(postgres_url: str, begins: str) -> None:
    """An address may begin as libpq, other programs or SQLAlchemy write it."""
    address = begins + postgres_url.partition("://")[2]
    with Archive.open(address) as archive:
        archive.begin_run("xian", {})
    with open_archive(address) as read:
        assert read.counts()["articles"] == 0


def test_a_reader_sees_one_state_while_others_write(any_archive: str, tmp_path: Path) -> None:
    """What is written after the first question is not in the answer to the next; another reader has it."""
    with (
        Archive.open(any_archive) as archive,
        open_archive(any_archive) as read,
        archive_to_read(any_archive) as first,
        read.connected() as second,
    ):
        assert count_all(first)["articles"] == count_all(second)["articles"] == 0
        fill(archive, tmp_path / "captures")
        assert count_all(first)["articles"] == count_all(second)["articles"] == 0
        with archive_to_read(any_archive) as third:
            assert count_all(third)["articles"] == 5


def test_a_reader_can_change_nothing(postgres_url: str) -> None:
    """Who opens an archive to read it is refused each change, by the server."""
    Archive.open(postgres_url).close()
    with (
        open_archive(postgres_url) as read,
        pytest.raises(ArchiveUnwritable, match="read-only transaction"),
        read.connected() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM article")


@pytest.mark.parametrize("name", ["no_such_database", "port"])
def test_what_a_server_does_not_have_is_said_in_a_line(postgres_server: str, name: str) -> None:
    """The driver's words stand on several lines, and end as they like."""
    address = postgres_server + name if name != "port" else "postgresql://127.0.0.1:1/news"
    with pytest.raises(ArchiveNotFound, match="no database answers") as raised:
        Archive.open(address)
    said = str(raised.value)
    assert "\n" not in said
    assert said.endswith("Check that the server runs and the database exists.")
    assert not {"..", "?."} & {said[place : place + 2] for place in range(len(said))}

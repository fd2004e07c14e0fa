from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.archive.imports.test_take_in import BODY, DAMAGED, write_rows
from tests.databases import archive_at
from unioncrawl.archive.imports.column_mapping import read_mapping
from unioncrawl.archive.imports.import_report import ImportReport
from unioncrawl.archive.imports.site_names import SiteNames
from unioncrawl.archive.imports.take_in import Destination, TableImport, import_table
from unioncrawl.archive.schema import site
from unioncrawl.archive.store import Archive
from unioncrawl.sites.profile import Level, SiteProfile


def _profile(key: str, name: str) -> SiteProfile:
    hosts = (f"www.{key}.example.cn",)
    return SiteProfile(id=key, name=name, level=Level.COUNTY, region="610100", family="x", hosts=hosts)


def test_a_site_gets_what_its_file_says(archive: Archive, tmp_path: Path) -> None:
    """Name, level, region and hosts of the site file are the archive's, for rows taken before too."""
    rows = [
        {
            "site": key,
            "url": f"http://www.{host}.example.cn/{key}",
            "title": "送清凉",
            "body_text": f"{BODY}{key}",
        }
        for key, host in (("donghe", "donghe"), ("linxi", "linxi"), ("bare", "bare"), ("wrong", "linxi"))
    ]
    (tmp_path / "old.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    names = {"donghe": "东河县总工会", "linxi": "临溪市总工会", "wrong": "别处总工会"}
    profiles = {key: _profile(key, name) for key, name in names.items()}
    for sites in ({}, profiles):
        destination = Destination(archive, archive.begin_run("import", {}), sites=sites)
        how = TableImport(read_mapping(None, ""))
        import_table(tmp_path / "old.jsonl", how, destination, ImportReport())
        archive.flush()
    with archive.engine.connect() as connection:
        stored = {
            row.key: (row.name, row.level, row.region, row.hosts) for row in connection.execute(select(site))
        }
    assert stored == {
        "donghe": ("东河县总工会", "county", "610100", ["www.donghe.example.cn"]),
        "linxi": ("临溪市总工会", "county", "610100", ["www.linxi.example.cn"]),
        "bare": ("bare", "", "", []),
        "wrong": ("wrong", "", "", []),
    }


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ({"published_raw": "2024-1-5"}, {}),
        ({"published_raw": "2024年1月5日 8:30"}, {}),
        ({"published_raw": "二〇二四年一月五日"}, {}),
        ({"published_raw": "2024-01-05T00:30:00Z"}, {}),
        ({"published_raw": "昨天", "seen_raw": "2024-01-06"}, {"published_at": "2024-01-05T00:00:00+08:00"}),
        ({"published_raw": "十三月"}, {"published_at": ""}),
        ({"hits_raw": "1,204次"}, {}),
        ({"hits_raw": "1.2万"}, {}),
        ({"hits_raw": "加载中"}, {"hits": ""}),
        ({"source": " 工人日报\u3000"}, {}),
        ({"body_text": f"<p>{BODY}</p>\r\n<p>又讯。</p>"}, {}),
        ({"body_text": f"<p>{DAMAGED}</p>"}, {"body_text": BODY}),
        ({"title": "市總工會(huì)送清涼"}, {"title": "市总工会送清凉"}),
    ],
)
def test_only_real_changes_are_reported(
    tmp_path: Path, given: dict[str, str], changed: dict[str, str]
) -> None:
    """Another form of the same value is no change; a repair, a completed and an unread value are."""
    write_rows(tmp_path / "a.jsonl", [{"title": "市总工会送清凉", "body_text": BODY, **given}])
    names = ("title", "body_text", "published_raw", "hits_raw", "source", "seen_raw")
    columns = "".join(f'{name}="{name}"\n' for name in names)
    (tmp_path / "map.toml").write_text(f'site="old"\n[fields]\n{columns}')
    report = ImportReport()
    how = TableImport(read_mapping(tmp_path / "map.toml", "old"))
    import_table(tmp_path / "a.jsonl", how, Destination(), report)
    found = {name: after for row in report.rows for name, (_, after) in row.changes.items()}
    assert found == changed


LINXI = SiteProfile(
    id="linxi", name="临溪市总工会", aliases=("临溪工会网", "工会在线"), level=Level.CITY, family="generic",
    hosts=("gh.linxi.example",),
)  # fmt: skip
DONGHE = SiteProfile(
    id="donghe", name="东河县总工会", aliases=("工会在线",), level=Level.COUNTY, family="generic",
    hosts=("gh.donghe.example",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("called", "key"),
    [
        ("linxi", "linxi"),
        ("临溪市总工会", "linxi"),
        ("臨溪市總工會", "linxi"),
        ("临溪工会网 ", "linxi"),
        ("gh.donghe.example", "donghe"),
        ("东河县总工会", "东河县总工会"),
        ("旧站", "旧站"),
        ("工会在线", ""),
    ],
)
def test_a_row_may_call_its_site_by_any_of_its_names(tmp_path: Path, called: str, key: str) -> None:
    """Id, name, alias and host are the site; a stored id stays, a name of two is refused."""
    profiles = {one.id: one for one in (LINXI, DONGHE)}
    # An earlier version imported under this name, if the archive has it.
    stored = ("东河县总工会",)
    row = {"site": called, "id": "7", "title": "市总工会送清凉", "body_text": BODY}
    write_rows(tmp_path / "a.jsonl", [row])
    with Archive.open(archive_at(tmp_path / "archive.db")) as opened:
        number = opened.begin_run("import", {})
        how = TableImport(read_mapping(None, ""), names=SiteNames.of(profiles, stored))
        report = ImportReport()
        import_table(tmp_path / "a.jsonl", how, Destination(opened, number, sites=profiles), report)
        opened.flush()
        with opened.engine.connect() as connection:
            assert connection.execute(select(site.c.key)).scalars().all() == ([key] if key else [])
    assert [one.problem for one in report.rows] == (
        [] if key else ["工会在线 is the name of linxi and donghe: write the id"]
    )

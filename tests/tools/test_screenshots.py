"""The pictures of the documents are those that the script takes, and what they show is there."""

from __future__ import annotations

import re
from pathlib import Path

from tools.pictures.invented_archive import Shown, build_archive
from tools.take_screenshots import MOST_BYTES, PICTURES, ROOT, pictures
from unioncrawl.archive.read.revisions import load_present
from unioncrawl.archive.store import Archive

_PICTURE = re.compile(r"pictures/([\w-]+)\.png")


def test_each_picture_is_taken_and_shown() -> None:
    """What the script takes, what lies in the folder and what documents show are the same pictures."""
    taken = {one.name for one in pictures(Shown("", Path(), {"story": 1, "damaged": 2}))}
    files = {path.stem: path.stat().st_size for path in PICTURES.glob("*.png")}
    texts = [path.read_text(encoding="utf-8") for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))]
    assert set(files) == taken
    assert {name for text in texts for name in _PICTURE.findall(text)} == taken
    assert [name for name, size in files.items() if size > MOST_BYTES] == []


def test_the_archive_of_the_pictures_has_what_they_show(tmp_path: Path) -> None:
    """The story has reprints and a revision, the damaged article steps and places that are not certain."""
    shown = build_archive(tmp_path)
    with Archive.open(shown.address) as archive, archive.engine.connect() as connection:
        story = load_present(connection, shown.numbers["story"])
        damaged = load_present(connection, shown.numbers["damaged"])
    assert story.reprint_group is not None
    assert story.revision == 2
    assert damaged.record.steps
    assert damaged.record.unresolved

"""A changed byte in an archive ends in findings or in an error of our own, never in a traceback."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.guard.hostile import Hostile, page
from tests.guard.place import Place
from tests.guard.stories import article, listing

FLIPS = 60
ARTICLES = range(1, 31)
# Runs commands one after another in one process, as `unioncrawl` runs each, and says how each ended.
_DRIVER = """
import contextlib, io, json, shutil, sys, traceback
from unioncrawl.cli import main

def run(*words):
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    sys.argv = ["unioncrawl", *words]
    code, trace = 0, ""
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        trace = traceback.format_exc()
    out.flush()
    said = out.buffer.getvalue().decode("utf-8", "replace") + err.getvalue()
    return {"words": words, "code": code, "trace": trace, "said": said[-2000:]}

whole = open("whole.db", "rb").read()
for line in open("flips.jsonl"):
    flip = json.loads(line)
    changed = bytearray(whole)
    for place in flip["places"]:
        changed[place] ^= flip["mask"]
    open("flipped.db", "wb").write(changed)
    for words in (["verify", "--captures", "data/captures"], ["export", "-o", "out.jsonl"], ["show", "3"]):
        print(json.dumps({"flip": flip, **run(*words, "--archive", "flipped.db")}), flush=True)
"""


@pytest.fixture(scope="module")
def flipped(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What each command said of each changed archive."""
    place = Place(tmp_path_factory.mktemp("flips"))
    with Hostile() as hostile:
        paths = {number: f"/20250301/{number}.html" for number in ARTICLES}
        hostile.pages["/list.html"] = page(listing(list(paths.values())))
        hostile.pages.update({path: page(article(number, "翻")) for number, path in paths.items()})
        place.site("flips", hostile.host, [f"{hostile.url}/list.html"])
        ended = place.unioncrawl("crawl", "flips")
        assert ended.code == 0, ended.said
    with closing(sqlite3.connect(place.folder / "data" / "archive.db")) as archive:
        archive.execute("vacuum into ?", (str(place.folder / "whole.db"),))
    _write_flips(place.folder)
    (place.folder / "driver.py").write_text(_DRIVER, encoding="utf-8")
    place.variables["PYTHONPATH"] = f"{place.folder}:{Path(__file__).resolve().parents[2]}"
    ended = place.run("driver")
    assert ended.code == 0, ended.said
    return [json.loads(line) for line in (place.folder / "stdout").read_text(encoding="utf-8").splitlines()]


def _write_flips(folder: Path) -> None:
    """Single bits anywhere and in texts, and stretches of a page, drawn by a fixed seed."""
    drawn = random.Random(20250301)  # noqa: S311 - the same every time
    whole = (folder / "whole.db").read_bytes()
    text = [start for start in range(0, len(whole), 512) if "工会".encode() in whole[start : start + 512]]
    flips = []
    for number in range(FLIPS):
        start = drawn.choice(text) + drawn.randrange(512) if number % 2 else drawn.randrange(len(whole))
        width = 1 if number % 6 else 64
        places = [place for place in range(start, start + width) if place < len(whole)]
        flips.append({"places": places, "mask": 1 << drawn.randrange(8)})
    lines = "".join(json.dumps(flip) + "\n" for flip in flips)
    (folder / "flips.jsonl").write_text(lines, encoding="utf-8")


@pytest.mark.parametrize("command", ["verify", "export", "show"])
def test_no_changed_byte_ends_in_a_traceback(flipped: list[dict[str, Any]], command: str) -> None:
    """No changed archive of sixty makes a command fail with anything but an error of our own."""
    ended = [one for one in flipped if one["words"][0] == command]
    assert len(ended) == FLIPS
    failed = [one for one in ended if one["trace"] or "Traceback" in one["said"]]
    assert [(one["flip"], one["trace"][-1500:]) for one in failed] == []
    assert {one["code"] for one in ended} <= {0, 1, None}


def test_most_changed_texts_are_found(flipped: list[dict[str, Any]]) -> None:
    """Verify finds a change in most texts, and a command that fails says why in a sentence."""
    verified = [one for one in flipped if one["words"][0] == "verify"]
    found = [one for one in verified[1::2] if one["code"] == 1]
    assert len(found) * 2 > len(verified[1::2])
    assert [one for one in flipped if one["code"] == 1 and not one["said"].strip()] == []

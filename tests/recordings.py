"""Recorded pages: the project's own, and those of a folder beside the checkout when there is one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BESIDE = ROOT.parent / "shared" / "data"
# Every test of a recording runs on the project's own; a second run uses what lies beside the checkout.
PLACES = ("own", "beside") if BESIDE.is_dir() else ("own",)


@dataclass(frozen=True)
class RecordedCms:
    """The responses of a XunRui, as bytes with their headers, by the path that was asked for."""

    place: str
    answers: dict[str, bytes]

    def head(self, target: str) -> list[tuple[str, str]]:
        """The headers of a response."""
        lines = self.answers[target].partition(b"\r\n\r\n")[0].decode("latin-1").splitlines()[1:]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    def body(self, target: str) -> bytes:
        """The body of a response."""
        return self.answers[target].partition(b"\r\n\r\n")[2]

    def articles(self) -> list[str]:
        """The paths of the articles that exist."""
        return [target for target in self.answers if "c=show" in target and "9999" not in target]


def recorded_cms(place: str) -> RecordedCms:
    """Read the recorded XunRui of one place."""
    root = ROOT / "tests" / "samples" if place == "own" else BESIDE
    folder = root / "recorded" / "xunrui"
    rows = [line.split("\t") for line in (folder / "INDEX.tsv").read_text(encoding="utf-8").splitlines()]
    return RecordedCms(place, {row[1]: (folder / row[0]).read_bytes() for row in rows})


@dataclass(frozen=True)
class MirrorPage:
    """A mirror's page, the wide text that it was made of, and the narrow text that must come back."""

    page: str
    wide: str
    restored: str
    annotated: str


def mirror_page(place: str) -> MirrorPage:
    """Read the mirror's page of one place."""
    if place == "own":
        folder = ROOT / "tests" / "samples" / "mirror"
        page, wide, annotated = (
            (folder / f"{name}.txt").read_text(encoding="utf-8") for name in ("page", "original", "annotated")
        )
        restored = wide.translate(str.maketrans("，：；（）！？", ",:;()!?"))
        return MirrorPage(page, wide, restored, annotated.strip())
    samples = BESIDE / "samples"
    restored = (samples / "seed.gold.txt").read_text(encoding="utf-8")
    sets = json.loads((BESIDE / "mirror-variants.json").read_text(encoding="utf-8"))
    # Where the page's runs are broken, the original had wide brackets.
    wide = restored.replace("(省、区)", "（省、区）").replace("省(区、市)", "省（区、市）")
    return MirrorPage((samples / "seed.txt").read_text(encoding="utf-8"), wide, restored, sets["seed"])

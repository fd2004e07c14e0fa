"""The styles of citation by name: what writes them, and what the result is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from unioncrawl.citations.bibtex import bibtex_entry
from unioncrawl.citations.cited_source import CitedSource
from unioncrawl.citations.csl_json import csl_json
from unioncrawl.citations.gbt7714 import gbt7714_2015, gbt7714_2025
from unioncrawl.citations.ris import ris_record


@dataclass(frozen=True, slots=True)
class Style:
    """One style: ``write`` makes a whole document of sources; ``title`` is what readers know it by."""

    title: str
    write: Callable[[Iterable[CitedSource]], str]
    suffix: str
    media_type: str


def _joined(write: Callable[[CitedSource], str], between: str) -> Callable[[Iterable[CitedSource]], str]:
    def write_all(all_cited: Iterable[CitedSource]) -> str:
        return "".join(write(cited) + between for cited in all_cited)

    return write_all


_TEXT = "text/plain; charset=utf-8"
STYLES = {
    "gbt7714-2025": Style("GB/T 7714—2025", _joined(gbt7714_2025, "\n"), ".txt", _TEXT),
    "gbt7714-2015": Style("GB/T 7714—2015", _joined(gbt7714_2015, "\n"), ".txt", _TEXT),
    "bibtex": Style("BibTeX", _joined(bibtex_entry, "\n"), ".bib", "application/x-bibtex; charset=utf-8"),
    "ris": Style(
        "RIS", _joined(ris_record, ""), ".ris", "application/x-research-info-systems; charset=utf-8"
    ),
    "csl-json": Style("CSL-JSON", csl_json, ".json", "application/vnd.citationstyles.csl+json"),
}
DEFAULT_STYLE = "gbt7714-2025"


def write_citations(all_cited: Iterable[CitedSource], style: str = DEFAULT_STYLE) -> str:
    """Return the citations of some sources as one document of a style of `STYLES`."""
    return STYLES[style].write(all_cited)

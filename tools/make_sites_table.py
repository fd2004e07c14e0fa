"""Write docs/sites.md from the bundled site files."""

from __future__ import annotations

from pathlib import Path

from unioncrawl.sites.catalogue import load_catalogue
from unioncrawl.sites.table import sites_document

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "sites.md"

if __name__ == "__main__":
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(sites_document(load_catalogue()), encoding="utf-8")
    print(f"wrote {DOCUMENT}")

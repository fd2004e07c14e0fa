"""What travels down the line? Frozen records, one type an arrow, and each field of an article declared once.

``Request -> RawPage -> DecodedPage -> Article (raw fields) -> Article + steps
(repair) -> Article (normal fields) -> archive row and capture``.

A stage returns a new record (`dataclasses.replace`), so that what an earlier stage saw
stays as it was. Times are aware datetimes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unioncrawl.model.article import Article as Article
    from unioncrawl.model.article import Attachment as Attachment
    from unioncrawl.model.article import Counter as Counter
    from unioncrawl.model.article import Extraction as Extraction
    from unioncrawl.model.article import HitsStatus as HitsStatus
    from unioncrawl.model.article import Image as Image
    from unioncrawl.model.article import Precision as Precision
    from unioncrawl.model.article import Rejection as Rejection
    from unioncrawl.model.pages import CaptureRef as CaptureRef
    from unioncrawl.model.pages import DecodedPage as DecodedPage
    from unioncrawl.model.pages import Evidence as Evidence
    from unioncrawl.model.pages import Listing as Listing
    from unioncrawl.model.pages import ListLink as ListLink
    from unioncrawl.model.pages import RawPage as RawPage
    from unioncrawl.model.repaired import FieldStep as FieldStep
    from unioncrawl.model.repaired import FieldUnresolved as FieldUnresolved
    from unioncrawl.model.repaired import Repaired as Repaired
    from unioncrawl.model.repaired import Step as Step
    from unioncrawl.model.repaired import Unresolved as Unresolved
    from unioncrawl.outcomes import PageKind as PageKind

# What reads an archive asks for the names of fields alone; the records themselves take 30 ms to make.
_HOMES = {
    "unioncrawl.model.article": (
        "Article",
        "Attachment",
        "Counter",
        "Extraction",
        "HitsStatus",
        "Image",
        "Precision",
        "Rejection",
    ),
    "unioncrawl.model.pages": ("CaptureRef", "DecodedPage", "Evidence", "Listing", "ListLink", "RawPage"),
    "unioncrawl.model.repaired": ("FieldStep", "FieldUnresolved", "Repaired", "Step", "Unresolved"),
    "unioncrawl.outcomes": ("PageKind",),
}
__all__ = sorted(name for names in _HOMES.values() for name in names)  # noqa: PLE0605 - one table of them


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            found: object = getattr(import_module(home), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

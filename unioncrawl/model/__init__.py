"""What travels down the line? Frozen records, one type an arrow, and each field of an article declared once.

``Request -> RawPage -> DecodedPage -> Article (raw fields) -> Article + steps
(repair) -> Article (normal fields) -> archive row and capture``.

A stage returns a new record (`dataclasses.replace`), so that what an earlier stage saw
stays as it was. Times are aware datetimes.
"""

from unioncrawl.model.article import (
    Article,
    Attachment,
    Counter,
    Extraction,
    HitsStatus,
    Image,
    Precision,
    Rejection,
)
from unioncrawl.model.pages import CaptureRef, DecodedPage, Evidence, Listing, ListLink, RawPage
from unioncrawl.model.repaired import FieldStep, FieldUnresolved, Repaired, Step, Unresolved
from unioncrawl.outcomes import PageKind

__all__ = [
    "Article",
    "Attachment",
    "CaptureRef",
    "Counter",
    "DecodedPage",
    "Evidence",
    "Extraction",
    "FieldStep",
    "FieldUnresolved",
    "HitsStatus",
    "Image",
    "ListLink",
    "Listing",
    "PageKind",
    "Precision",
    "RawPage",
    "Rejection",
    "Repaired",
    "Step",
    "Unresolved",
]

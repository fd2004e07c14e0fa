"""The pages of one article, as one router."""

from __future__ import annotations

from fastapi import APIRouter

from unioncrawl.reader.pages.one_article import (
    captures,
    diff,
    ledger,
    lineage,
    permalink,
    repair,
    taken_files,
)

router = APIRouter()
for _page in (repair, diff, ledger, lineage, permalink, captures, taken_files):
    router.include_router(_page.router)

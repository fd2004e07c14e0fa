"""The pages of one article, as one router."""

from __future__ import annotations

from fastapi import APIRouter

from unioncrawl.reader.pages.one_article import captures, diff, ledger, lineage, permalink, repair

router = APIRouter()
for _page in (repair, diff, ledger, lineage, permalink, captures):
    router.include_router(_page.router)

"""The number of an article in a path."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

# The largest number of a row in either database.
MOST_ID = 2**63 - 1
ArticleId = Annotated[int, Path(ge=1, le=MOST_ID)]

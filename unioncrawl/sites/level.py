"""Whose news a site carries; apart from the schema of site files, which loads pydantic."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """Whose news a site carries."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    INDUSTRY = "industry"
    PAPER = "paper"
    MIRROR = "mirror"
    PRACTICE = "practice"

"""The language in which a command speaks of the service: what was asked for, else that of the terminal."""

from __future__ import annotations

import os
from typing import Annotated, Literal

import typer

LanguageOption = Annotated[
    Literal["en", "zh"] | None,
    typer.Option("--language", help="English or Chinese; else that of LC_ALL or LANG."),
]


def spoken(asked: str | None) -> str:
    """Return ``en`` or ``zh``.

    >>> spoken("zh"), spoken("en")
    ('zh', 'en')
    """
    if asked:
        return asked
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if named.lower().startswith("zh") else "en"

"""The option of the language in which a command speaks of the service."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from unioncrawl.service.words import spoken

__all__ = ["LanguageOption", "spoken"]
LanguageOption = Annotated[
    Literal["en", "zh"] | None,
    typer.Option("--language", help="English or Chinese; else that of LC_ALL or LANG."),
]

"""Show the models of a site's layouts that an archive keeps."""

from __future__ import annotations

from typing import Any

from unioncrawl.archive.crawl_state.site_models import KeptModel


def model_record(kept: KeptModel) -> dict[str, Any]:
    """A model for a machine."""
    record: dict[str, Any] = {
        "id": kept.id,
        "learnt_at": kept.learnt_at.isoformat(),
        "retired_at": kept.retired_at.isoformat() if kept.retired_at else None,
        "retired_reason": kept.retired_reason,
        "readable": kept.model is not None,
    }
    if kept.model is not None:
        record["boxes"] = kept.model.boxes
        record["layouts"] = [layout._asdict() for layout in kept.model.layouts]
    return record


def model_line(kept: KeptModel) -> str:
    """A model in one line."""
    line = f"model {kept.id}, learnt {kept.learnt_at:%Y-%m-%d %H:%M} UTC"
    if kept.model is None:
        return f"{line}: not readable, for it is of another version or damaged (unioncrawl verify says it)"
    layouts = ", ".join(f"{one.name} ({one.samples} pages)" for one in kept.model.layouts)
    line = f"{line}: {kept.model.boxes} boxes of the site around the articles of the layouts {layouts}"
    return f"{line}; retired {kept.retired_at:%Y-%m-%d}: {kept.retired_reason}" if kept.retired_at else line

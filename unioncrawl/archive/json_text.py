"""JSON as the archive keeps it in its columns."""

from __future__ import annotations

import json
from typing import Any


def json_text(value: Any) -> str:  # noqa: ANN401 - whatever a JSON column holds
    """The one text of a value, Chinese readable.

    >>> json_text({"题": ["工会", 1.0]})
    '{"题":["工会",1.0]}'
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

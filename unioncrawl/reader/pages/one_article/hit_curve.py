"""The hits of an article over time: a picture of them, and their table."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from unioncrawl.archive.reports.hit_series import Observation
from unioncrawl.reader.charts.lines import Measure, Series, draw_lines
from unioncrawl.reader.charts.picture import Caption
from unioncrawl.reader.page_view import PageView, drawn

# A page of sixty kilobytes has room for so many points, and for so many rows.
MOST_POINTS = 400
MOST_ROWS = 30


def draw_hits(view: PageView, series: Sequence[Observation]) -> Markup:
    """Return the picture of a series of hits; nothing where fewer than two visits saw a number."""
    known = [one for one in series if one.hits is not None]
    if len(known) <= 1:
        return Markup()
    step = -(-len(series) // MOST_POINTS)
    # The newest point is always there.
    points = tuple((one.at, one.hits) for one in series[::-1][::step][::-1])
    first, last = known[0], known[-1]
    caption = Caption(
        name="hits",
        title=view.words("hit_curve.title"),
        description=view.words("hit_curve.described", first=first.hits, last=last.hits, visits=len(series)),
        nothing=view.words("hit_curve.nothing"),
        language="zh" if view.language == "zh" else "en",
    )
    return drawn(
        draw_lines(caption, [Series(view.words("hit_curve.title"), points)], Measure(from_zero=False))
    )

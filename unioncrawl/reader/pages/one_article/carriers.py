"""Who carried a story: a picture and a table of it, and how a time between two copies is said."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from unioncrawl.archive.reprints.lineage import Outline
from unioncrawl.model import Precision
from unioncrawl.reader.charts.lineage_picture import Carrier, draw_lineage
from unioncrawl.reader.charts.picture import Caption
from unioncrawl.reader.page_view import PageView, drawn

# More publications than this make no picture that could be read.
MOST_DRAWN = 40
_MINUTE_KNOWN = (Precision.MINUTE, Precision.SECOND, None)


def draw_carriers(view: PageView, story: Outline) -> Markup:
    """Return the picture of who carried a story, from the first on; at most `MOST_DRAWN` of them."""
    members = story.members[:MOST_DRAWN]
    carriers = [
        Carrier(
            name=one.site_name or one.record.site,
            at=one.record.published_at,
            precision="minute" if one.record.published_precision in _MINUTE_KNOWN else "day",
            note=said_lag(lag, view.language) if lag else "",
        )
        for one, lag in zip(members, story.lags, strict=False)
    ]
    caption = Caption(
        name="lineage",
        title=view.words("lineage.picture"),
        description=view.words(
            "lineage.described",
            first=members[0].site_name or members[0].record.site,
            count=len(story.members),
        ),
        nothing=view.words("lineage.no_date"),
        language="zh" if view.language == "zh" else "en",
    )
    return drawn(draw_lineage(caption, carriers))


_UNITS = {"zh": (" 天", " 小时", " 分"), "en": (" d", " h", " min")}


def said_lag(lag: timedelta | None, language: str) -> str:
    """Return a time between two publications as people say it; empty where there is none.

    >>> said_lag(timedelta(hours=26, minutes=5), "zh"), said_lag(-timedelta(hours=2), "en")
    ('+1 天 2 小时 5 分', '−2 h')
    >>> said_lag(timedelta(), "zh"), said_lag(None, "zh")
    ('', '')
    """
    if not lag:
        return ""
    minutes = round(abs(lag).total_seconds() / 60)
    amounts = (minutes // (24 * 60), minutes // 60 % 24, minutes % 60)
    parts = [f"{amount}{unit}" for amount, unit in zip(amounts, _UNITS[language], strict=True) if amount]
    return ("−" if lag < timedelta() else "+") + " ".join(parts) if parts else ""

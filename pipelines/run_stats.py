"""The final numbers of a run, counted from its rows in the archive."""

from __future__ import annotations

from scrapy.statscollectors import StatsCollector

from unioncrawl.archive.crawl_state.crawl_runs import RunRows
from unioncrawl.archive.database import reading
from unioncrawl.service.health.article_figures import RowsBefore, article_figures


def count_rows(rows: RunRows, stats: StatsCollector) -> None:
    """Put the archive's numbers of this run into the stats, in place of the numbers counted on the way."""
    counts = rows.count()
    stored = {"new": counts.new, "revised": counts.revised, "unchanged": counts.unchanged}
    stored |= {"observation": counts.visits, "rejection": sum(counts.rejections.values())}
    named = {f"unioncrawl/archive/{name}": number for name, number in stored.items()}
    counted = [name for name in stats.get_stats() if name.startswith("unioncrawl/rejected/")]
    named |= dict.fromkeys(counted, 0)
    named |= {f"unioncrawl/rejected/{'/'.join(key)}": number for key, number in counts.rejections.items()}
    for name, number in named.items():
        if number or stats.get_value(name):
            stats.set_value(name, number)


def count_health(rows: RunRows, stats: StatsCollector, duplicates: int) -> None:
    """Put into the stats what health compares of this run's articles with those of other runs.

    ``duplicates``: entries that were articles of the archive under another address.
    """
    before = RowsBefore(*rows.last_before)
    with reading(rows.engine) as connection:
        figures = article_figures(connection, rows.run_id, before)
    stats.set_value("unioncrawl/health/articles", {**figures, "duplicates": duplicates})

"""unioncrawl: crawl, repair and archive the news of Chinese labour unions (工会)."""

from __future__ import annotations

__version__ = "0.1.0"

"""How does another Scrapy project get our repair, checks and archive for its own items?"""

from unioncrawl.addon.components import Addon, OwnComponents

__all__ = ["Addon", "OwnComponents"]

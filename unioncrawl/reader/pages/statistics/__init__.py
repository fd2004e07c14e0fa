"""What do the figures say? Pages of sites, trends, hits, reprints, runs and reports, and their files."""

from unioncrawl.reader.pages.statistics import files, hits, reports, reprints, runs, sites, trends

STATISTICS = tuple(one.router for one in (sites, trends, hits, reprints, runs, reports, files))

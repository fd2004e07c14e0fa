"""How many sites one process crawls at once: as many as it may open files for, and as a core can read."""

from __future__ import annotations

import resource
from collections.abc import Mapping

# What a site that is crawled has open: database, journal and its index, capture, feed, two connections.
# Measured with 256 at once over 700 sites: 782 in the whole process (python -m bench.many_hosts).
FILES_PER_SITE = 10
# What the process itself has open: libraries, the log, names that are looked up.
_OTHER_FILES = 100


def sites_at_once(settings: Mapping[str, object]) -> int:
    """Return how many sites may be crawled at once, after asking the system for as many files.

    ``UNIONCRAWL_SITES_AT_ONCE`` is the wish; the process's hard limit of open files is the bound.
    """
    wanted = max(1, int(str(settings["UNIONCRAWL_SITES_AT_ONCE"])))
    needed = wanted * FILES_PER_SITE + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    allowed = wanted if soft == resource.RLIM_INFINITY else (soft - _OTHER_FILES) // FILES_PER_SITE
    return max(1, min(wanted, allowed))

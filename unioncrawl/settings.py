"""Scrapy settings of unioncrawl: polite by default; each may be overridden with ``-s``.

Paths are relative to the working directory. Settings of our own begin with
``UNIONCRAWL_``; an environment variable of the same name sets each of them too, ``-s``
wins over it. One that is empty counts for texts alone (no folder, no contact).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from unioncrawl._layout import __version__, package_name
from unioncrawl.errors import SettingInvalid
from unioncrawl.guard.bounds import BODY_BYTES, ENTRIES, LIST_PAGES, REDIRECTS, SITEMAPS, UNPACK_RATIO
from unioncrawl.guard.contact import CONTACT_SETTING, is_contact
from unioncrawl.language.zones import zone_named
from unioncrawl.sites.window import read_window

_SPIDERS = package_name("spiders")
_PIPELINES = package_name("pipelines")
_LARGEST = 1e15
_PREFIX = "UNIONCRAWL_"
# Read where an archive is opened, by commands and notebooks as well.
_OF_THE_ENVIRONMENT = "UNIONCRAWL_SEARCH_INDEX"
# The stages that the add-on gives another project; UNIONCRAWL_…_ENABLED switches one off.
_STAGES = ("REPAIR", "NORMALIZE", "VALIDATE", "ARCHIVE")

# What a site's administrator can write to, for the User-Agent: an address or a page of your own.
UNIONCRAWL_CONTACT = ""
# Who keeps the archive, a person or an organisation: named in the WARC files beside the contact.
UNIONCRAWL_OPERATOR = ""
# The archive: a SQLite file or a SQLAlchemy URL.
UNIONCRAWL_ARCHIVE = "data/archive.db"
# The folder of raw responses (WARC), for crawls and commands; None is the folder "captures" beside
# the archive. Empty keeps none.
UNIONCRAWL_CAPTURES: str | None = None
# The file of the channels of notices (docs/service.md); None is channels.toml beside the archive.
UNIONCRAWL_CHANNELS: str | None = None
# A search index beside the database's own (docs/archive.md): tantivy for a folder beside an archive in a
# file, tantivy:FOLDER for any archive. In the environment alone: crawls and commands share it.
UNIONCRAWL_SEARCH_INDEX = ""
# Folders of your own site files; those of the variable, separated as in PATH, come after these.
UNIONCRAWL_SITES_DIRS: list[str] = []
# The hours of a day in which ``crawl --due`` may crawl sites whose file names no window of their own, as
# 20:00-06:00, in a zone of the IANA database; empty is at any time, and China's zone.
UNIONCRAWL_WINDOW = ""
UNIONCRAWL_ZONE = ""
# How many sites are crawled at once, each at its own pace: at 2 seconds a host so many keep a core busy
# (docs/performance.md). Open files may bound it further.
UNIONCRAWL_SITES_AT_ONCE = 256
# How many known articles in a row, on the walk from new to old, end the walk.
UNIONCRAWL_KNOWN_MARGIN = 5
# Unsaved articles are written when so many wait, and when so many seconds have passed. Written one by one
# they cost five times as much. After a kill the next run fetches again what waited.
UNIONCRAWL_FLUSH_ARTICLES = 250
UNIONCRAWL_FLUSH_SECONDS = 30.0
# While the archive or the disk takes nothing: fetching pauses when so many records wait, and
# the crawl ends (reason archive-unwritable, exit code 3) after so many seconds.
UNIONCRAWL_MAX_UNSAVED = 1_000
UNIONCRAWL_UNWRITABLE_SECONDS = 300.0

# The folder of what all crawls of this user share: when each host was asked, and its robots.txt. None
# is "unioncrawl" in $XDG_STATE_HOME (~/.local/state). Empty shares nothing: two crawls of one host at
# the same time ask it twice as fast.
UNIONCRAWL_STATE: str | None = None

# The longest that a site's Crawl-delay or Retry-After is obeyed.
UNIONCRAWL_PATIENCE_SECONDS = 300.0

# Python's garbage collector runs after so many new objects; 0 leaves it as Python has it.
UNIONCRAWL_COLLECT_AFTER = 50_000

# 1 lets a crawl learn what the pages of its site share, and read them without the site's own boxes;
# 0 reads every page in full (docs/archive.md, "Models of sites").
UNIONCRAWL_SITE_MODELS = 0

# Bounds on what a site may cost (docs/bounds.md).
UNIONCRAWL_MAX_BODY_BYTES = BODY_BYTES.default
UNIONCRAWL_MAX_UNPACK_RATIO = UNPACK_RATIO.default
UNIONCRAWL_MAX_LIST_PAGES = LIST_PAGES.default
UNIONCRAWL_MAX_ENTRIES = ENTRIES.default
UNIONCRAWL_MAX_SITEMAPS = SITEMAPS.default


def _take_environment(settings: dict[str, object], environment: Mapping[str, str]) -> None:
    """Give each setting of ours the value of the environment variable of its name."""
    for name, default in list(settings.items()):
        given = environment.get(name)
        # Folders are read from the variable where they are looked for (`own_folders`).
        if not name.startswith(_PREFIX) or given is None or isinstance(default, list):
            continue
        if given or isinstance(default, str | None):
            settings[name] = given


# Our numbers and their defaults, before the environment gives others.
_NUMBERS = {
    name: default
    for name, default in list(globals().items())
    if name.startswith(_PREFIX) and isinstance(default, (int, float))
}
# Settings of ours that have no default.
_WITHOUT_DEFAULT = ("CHECK_ARTICLE", "FIELDS", "SITE", *(f"{stage}_ENABLED" for stage in _STAGES))
_NAMES = {
    *(name for name in list(globals()) if name.startswith(_PREFIX)),
    *(_PREFIX + name for name in _WITHOUT_DEFAULT),
}
_BOUNDS = {bound.name: bound for bound in (BODY_BYTES, ENTRIES, LIST_PAGES, SITEMAPS, UNPACK_RATIO)}


def unknown_names(given: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each name that looks like a setting of ours and is none, with what may be meant or is known.

    >>> list(unknown_names(["UNIONCRAWL_ARCHVE", "UNIONCRAWL_ARCHIVE", "LOG_LEVEL"]))
    [('UNIONCRAWL_ARCHVE', 'Did you mean UNIONCRAWL_ARCHIVE?')]
    """
    for name in sorted(given):
        prefix, own = name[: len(_PREFIX)], name[len(_PREFIX) :]
        if prefix.upper() == _PREFIX and name not in _NAMES:
            known = [one.removeprefix(_PREFIX) for one in sorted(_NAMES)]
            near = get_close_matches(own.upper(), known, n=1)
            meant = f"Did you mean {_PREFIX}{near[0]}?" if near else f"There are {', '.join(sorted(_NAMES))}."
            yield name, meant


def refuse_wrong_settings(given: Mapping[str, object]) -> None:
    """Raise `SettingInvalid` for the first unknown name or unreadable number, `ArgumentInvalid` for a bound.

    >>> refuse_wrong_settings({"UNIONCRAWL_FLUSH_SECONDS": "0.5"})
    """
    for name, meant in unknown_names(given):
        raise SettingInvalid(f"{name}: no setting of unioncrawl.", next_step=meant)
    _refuse_wrong_contact(given)
    _refuse_wrong_hours(given)
    _refuse_index_of_one_crawl(given)
    for name, default in _NUMBERS.items():
        value = given.get(name)
        if name in _BOUNDS:
            _BOUNDS[name].given(given)
        elif value is not None and not _is_number(str(value), whole=isinstance(default, int)):
            kind = "whole number" if isinstance(default, int) else "number"
            raise SettingInvalid(
                f"{name}={value}: not a {kind} of 0 or more.", next_step=f"Its default is {default}."
            )


def _refuse_wrong_contact(given: Mapping[str, object]) -> None:
    contact = str(given.get(CONTACT_SETTING) or "")
    if contact and not is_contact(contact):
        raise SettingInvalid(
            f"{CONTACT_SETTING}={contact}: neither a mail address nor a web address.",
            next_step="Give one that a webmaster can write to, such as you@example.org.",
        )


def _refuse_wrong_hours(given: Mapping[str, object]) -> None:
    """Raise `SettingInvalid` for a window that is no hours of a day, and for a zone that is not there."""
    for name, read in (("UNIONCRAWL_WINDOW", read_window), ("UNIONCRAWL_ZONE", zone_named)):
        try:
            read(str(given.get(name) or ""))
        except ValueError as error:
            raise SettingInvalid(
                f"{name}: {error}.", next_step="Give 20:00-06:00, or Asia/Shanghai."
            ) from error


def _refuse_index_of_one_crawl(given: Mapping[str, object]) -> None:
    """Raise `SettingInvalid` for a search index that one crawl alone is given: no search would know it."""
    named = str(given.get(_OF_THE_ENVIRONMENT) or "")
    if named != os.environ.get(_OF_THE_ENVIRONMENT, ""):
        raise SettingInvalid(
            f"{_OF_THE_ENVIRONMENT}={named}: only the environment names a search index.",
            next_step=f"Export {_OF_THE_ENVIRONMENT} for crawls and commands alike.",
        )


def _is_number(text: str, *, whole: bool) -> bool:
    """Whether Scrapy reads a text as a number that our components can count or wait with."""
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        return False
    return 0 <= number < _LARGEST


_take_environment(globals(), os.environ)

BOT_NAME = "unioncrawl"
USER_AGENT = f"unioncrawl/{__version__}"
SPIDER_MODULES = [_SPIDERS]
COMMANDS_MODULE = f"{_SPIDERS}.commands"
SPIDER_LOADER_CLASS = f"{_SPIDERS}.loader.SiteSpiderLoader"
ITEM_PIPELINES = {
    f"{_PIPELINES}.repair.RepairPipeline": 100,
    f"{_PIPELINES}.normalize.NormalizePipeline": 200,
    f"{_PIPELINES}.validate.ValidatePipeline": 300,
    f"{_PIPELINES}.archive.ArchivePipeline": 900,
}
# What -s ITEM_PIPELINES, EXTENSIONS or DOWNLOADER_MIDDLEWARES give is added to ours.
ADDONS = {"unioncrawl.addon.OwnComponents": 0}
# 50: the gate takes the place of Scrapy's offsite check, before robots.txt (100) and all others.
# 589: a body that ended too early is asked for again before anybody reads it.
# 585: after HttpCompression (590) has unpacked the body, before MetaRefresh (580) reads its text.
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    f"{_SPIDERS}.components.robots_middleware.BoundedRobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    f"{_SPIDERS}.components.unpack_middleware.BoundedCompressionMiddleware": 590,
    f"{_SPIDERS}.components.cut_middleware.CutBodyMiddleware": 589,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    f"{_SPIDERS}.components.gate_middleware.GateMiddleware": 50,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    f"{_SPIDERS}.components.redirect_middleware.GateMetaRefreshMiddleware": 580,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    f"{_SPIDERS}.components.redirect_middleware.GateRedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    f"{_SPIDERS}.components.cookies_middleware.LocalCookiesMiddleware": 700,
    f"{_SPIDERS}.components.conditional_middleware.ConditionalMiddleware": 588,
    f"{_SPIDERS}.components.decode_middleware.DecodeMiddleware": 585,
    f"{_SPIDERS}.components.capture_middleware.CaptureMiddleware": 583,
}
# http and https alone; no page may name a file, a mailbox of data, or another protocol.
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("data", "file", "ftp", "s3")),
    **dict.fromkeys(("http", "https"), f"{_SPIDERS}.components.gate_resolver.GateHttpHandler"),
}
# The gate refuses a longer address with its reason; Scrapy's own limit drops it in silence.
URLLENGTH_LIMIT = 0
# After AutoThrottle (0), which may lower the delay that this one keeps.
EXTENSIONS = {
    "scrapy.extensions.feedexport.FeedExporter": None,
    f"{_SPIDERS}.components.feed_extension.ReportingFeedExporter": 0,
    f"{_SPIDERS}.components.steady_clock_extension.SteadyClockExtension": 0,
    f"{_SPIDERS}.components.politeness.patience_extension.PatienceExtension": 500,
    f"{_SPIDERS}.components.gc_extension.GarbageCollectionExtension": 500,
}

# For scrapy check: the site's list, and the article that UNIONCRAWL_CHECK_ARTICLE names.
SPIDER_CONTRACTS = {
    f"{_SPIDERS}.components.page_contracts.ListContract": 20,
    f"{_SPIDERS}.components.page_contracts.ArticleContract": 20,
}

# Politeness. A site file's [politeness] sets delay and concurrency for that site.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "unioncrawl"
ROBOTSTXT_PARSER = f"{_SPIDERS}.components.robots_middleware.ExactRobotParser"
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
DOWNLOAD_DELAY = 2.0
# The delay is a minimum: Scrapy would make it half as long at times.
DOWNLOAD_DELAY_JITTER = 0.0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Scrapy makes as many tasks for each response; a page brings one item or a few requests.
CONCURRENT_ITEMS = 4
DOWNLOAD_TIMEOUT = 40
# Scrapy's default one knows no IPv6, not even an address written out.
TWISTED_DNS_RESOLVER = "scrapy.resolver.CachingHostnameResolver"
# A site's spider sets it to UNIONCRAWL_MAX_BODY_BYTES.
DOWNLOAD_MAXSIZE = BODY_BYTES.default
# Beyond so many a chain of redirects is the rejection redirect-loop.
REDIRECT_MAX_TIMES = REDIRECTS.default
RETRY_TIMES = 3
# The page's own end decides what is whole (CutBodyMiddleware); Scrapy would throw the body away.
DOWNLOAD_FAIL_ON_DATALOSS = False
# Every status reaches the spider: it classifies challenges, soft and real 404s, and records them.
HTTPERROR_ALLOW_ALL = True
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}
COOKIES_ENABLED = True

# Nothing listens: neither the console nor the remote control.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

FEEDS = {
    "data/feeds/%(name)s.jsonl": {"format": "jsonlines", "encoding": "utf-8", "overwrite": False},
}
# Whole lines, a torn end cut; "" and "file" are the keys of Scrapy's own storage of files.
FEED_STORAGES = {
    "": f"{_PIPELINES}.feed_storage.WholeLineFeedStorage",
    "file": f"{_PIPELINES}.feed_storage.WholeLineFeedStorage",
}
FEED_EXPORT_ENCODING = "utf-8"
FEED_STORE_EMPTY = False

LOG_LEVEL = "INFO"
LOG_FORMATTER = f"{_SPIDERS}.components.log_formatter.QuietLogFormatter"
LOG_VERSIONS: list[str] = []
DEFAULT_DROPITEM_LOG_LEVEL = "INFO"
LOG_FORMATTER = f"{_SPIDERS}.components.log_formatter.QuietLogFormatter"
# It reads the source of every callback, each time a spider starts.
WARN_ON_GENERATOR_RETURN_VALUE = False

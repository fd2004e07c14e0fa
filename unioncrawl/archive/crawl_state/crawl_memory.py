"""What a crawl knows of the runs before it, and what the archive must know of a crawl."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

from sqlalchemy import Engine

from unioncrawl.archive.captures.warc_writer import Original
from unioncrawl.archive.crawl_state.crawl_runs import last_complete_walks
from unioncrawl.archive.crawl_state.due_visits import YoungArticle, unfinished_articles, young_articles
from unioncrawl.archive.crawl_state.entry_ledger import EntryLedger
from unioncrawl.archive.crawl_state.failed_addresses import FailedAddress, find_missed
from unioncrawl.archive.crawl_state.known_addresses import KnownArticle
from unioncrawl.archive.crawl_state.site_models import KeptModel, kept_models
from unioncrawl.archive.database import reading
from unioncrawl.layouts.site_model import SiteModel
from unioncrawl.model import Article
from unioncrawl.sites.profile import SiteProfile


class AskedArchive(Protocol):
    """What a crawl asks the archive while it runs (`unioncrawl.archive.store.Archive` answers)."""

    engine: Engine

    def known(self, site: str, canonical_urls: Iterable[str]) -> dict[str, KnownArticle]:
        """Return which of these URLs the archive has, by URL."""
        ...

    def failed(self, site: str, urls: Iterable[str]) -> list[FailedAddress]:
        """Return which of these addresses failed when they were asked last, and why."""
        ...

    def original_capture(self, digest: str) -> Original | None:
        """An earlier capture of the same body."""
        ...

    def withdrawn_addresses(self) -> frozenset[str]:
        """Every address of a withdrawn article."""
        ...

    def write_after(self, to_disk: Callable[[], None]) -> None:
        """Call this before each batch is written."""
        ...

    def keep_model(self, key: str, model: SiteModel, run_id: int) -> bool:
        """Keep the model of a site's layouts that a run learnt; whether it may be read by."""
        ...

    def retire_model(self, model_id: str, reason: str) -> None:
        """Take a model out of use."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlMemory:
    """What earlier runs left to a site's crawl, as it stood when the crawl began.

    ``young_articles``: known articles that may be owed a visit, newest first.
    ``left_open``: articles that a stopped run stored before it had asked for their hits or
    their next part. ``missed``: addresses whose last failure is owed a request.
    ``settled_at``: when the last complete walk of each column finished, by its address;
    articles that a later, broken-off run brought do not end a walk, since older ones after
    them may still be missing. ``models``: what earlier runs learnt of the layouts of the site,
    newest first.
    ``captures``: the folder of raw responses; None where none are kept.
    """

    archive: AskedArchive
    run_id: int
    captures: Path | None = None
    models: Sequence[KeptModel] = ()
    young_articles: Sequence[YoungArticle] = ()
    left_open: Sequence[YoungArticle] = ()
    missed: Sequence[FailedAddress] = ()
    settled_at: Mapping[str, datetime] = field(default_factory=dict)


class DayWindow(Protocol):
    """The days that a run was asked for."""

    def admits(self, published_at: datetime | None) -> bool:
        """Whether an article of this date is within the window."""
        ...


@runtime_checkable
class SiteCrawl(Protocol):
    """A spider of one site, as pipelines and components see it in either layout.

    ``memory`` is None until the archive is open, and stays so without the archive
    pipeline. ``unfinished`` are articles that wait for a part or for their counter, by
    URL: a run that is stopped stores them as they are. ``ledger`` has every entry of its lists.
    """

    name: str
    profile: SiteProfile
    given_arguments: dict[str, str]
    unfinished: dict[str, Article]
    ledger: EntryLedger

    @property
    def arguments(self) -> DayWindow:
        """What the run was asked for."""
        ...

    @property
    def memory(self) -> CrawlMemory | None:
        """What earlier runs left to do."""
        ...

    def remember(self, memory: CrawlMemory) -> None:
        """Take what earlier runs left to do, before the first request."""
        ...


def recall(
    archive: AskedArchive, profile: SiteProfile, spider: str, run_id: int, captures: Path | None
) -> CrawlMemory:
    """Return what the archive has for a crawl of a site that begins now, as a run."""
    with reading(archive.engine) as connection:
        models = kept_models(connection, profile.id)
    oldest = datetime.now(UTC) - timedelta(days=profile.revisit.until_days)
    return CrawlMemory(
        archive=archive,
        run_id=run_id,
        captures=captures,
        models=models,
        young_articles=young_articles(archive.engine, profile.id, oldest),
        left_open=unfinished_articles(archive.engine, profile.id),
        missed=find_missed(archive.engine, profile.id),
        settled_at=last_complete_walks(archive.engine, spider),
    )


def site_crawl(spider: object) -> SiteCrawl | None:
    """Return the spider as a site's; None for a spider of another project, or without a spider."""
    return spider if isinstance(spider, SiteCrawl) else None


def memory_of(spider: object) -> CrawlMemory | None:
    """Return what a spider remembers; None for a spider of another project, or without an archive."""
    return spider.memory if isinstance(spider, SiteCrawl) else None


def profile_of(spider: object) -> SiteProfile | None:
    """Return the site file of a spider; None for a spider of another project, or without a spider."""
    return spider.profile if isinstance(spider, SiteCrawl) else None

"""The archive as a crawl uses it: open, ask what is known, store, flush, close.

Writes wait in memory and go out in one transaction, when the batch is full or
old, and on `flush` and `close`. A process that is killed leaves a sound
database that holds every flushed batch; what waited is fetched again by the
next run, because nothing calls it known.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Self

from sqlalchemy import Engine, func, select

from unioncrawl.archive.captures.warc_writer import Original
from unioncrawl.archive.crawl_state.failed_addresses import FailedAddress, find_failed
from unioncrawl.archive.crawl_state.known_addresses import KnownArticle, find_known, withdrawn_addresses
from unioncrawl.archive.crawl_state.site_models import keep_model, retire_model
from unioncrawl.archive.database import BUSY_TIMEOUT_SECONDS, give_back_memory, reading, writing
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.reprints.repair_from_twin import TwinRepair
from unioncrawl.archive.schema import capture, run
from unioncrawl.archive.search.index.beside.chosen_index import keep_up
from unioncrawl.archive.search.index.merge_index import give_back_space, merge_pieces
from unioncrawl.archive.write.batch_items import Item
from unioncrawl.archive.write.column_values import unkeepable
from unioncrawl.archive.write.run_rows import add_run, end_run
from unioncrawl.archive.write.site_rows import save_profile
from unioncrawl.archive.write.write_queue import WriteQueue
from unioncrawl.errors import ArchiveUnwritable
from unioncrawl.layouts.site_model import SiteModel
from unioncrawl.model import Article, CaptureRef, Rejection
from unioncrawl.sites.profile import SiteProfile

BATCH_SIZE = 1_000
BATCH_AGE_SECONDS = 10.0

__all__ = ["Archive", "KnownArticle"]
logger = logging.getLogger(__name__)


class Archive:
    """An archive of union news in SQLite or PostgreSQL.

    Use `Archive.open` as a context manager. `counts` counts the outcomes of the
    stored items: ``new revised unchanged duplicate observation rejection``.
    Safe to call from several threads.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        batch_size: int = BATCH_SIZE,
        batch_age_seconds: float = BATCH_AGE_SECONDS,
    ) -> None:
        self.engine = engine
        self.counts: Counter[str] = Counter()
        self._batch_size = batch_size
        self._batch_age_seconds = batch_age_seconds
        self._queue = WriteQueue(engine)
        self._waiting_since = 0.0
        # Groups of reprints of which damaged members may be repaired, and the run that touched them.
        self._groups: set[int] = set()
        self._twin_repair = TwinRepair()
        self._run_id = 0
        self._lock = threading.RLock()

    @classmethod
    def open(
        cls,
        url: str,
        *,
        create: bool = True,
        batch_size: int = BATCH_SIZE,
        batch_age_seconds: float = BATCH_AGE_SECONDS,
        busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS,
    ) -> Self:
        """Open a SQLite file or a SQLAlchemy URL, bringing its schema up to date.

        Raises `ArchiveNotFound` (with ``create=False``), `ArchiveTooNew`,
        `ArchiveLocked`.
        """
        engine = open_engine(str(url), create=create, busy_timeout_seconds=busy_timeout_seconds)
        return cls(engine, batch_size=batch_size, batch_age_seconds=batch_age_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ensure_site(self, profile: SiteProfile) -> None:
        """Record a site and its columns, or bring what is recorded up to date."""
        with self._lock, writing(self.engine) as connection:
            save_profile(connection, profile)

    def begin_run(self, spider: str, arguments: Mapping[str, str]) -> int:
        """Record that a run began; its number goes with every item it stores."""
        with self._lock, writing(self.engine) as connection:
            return add_run(connection, spider, arguments)

    def finish_run(self, run_id: int, stats: Mapping[str, object], reason: str) -> None:
        """Flush, and record how the run ended; values that JSON can't write become text."""
        self.flush()
        with self._lock, writing(self.engine) as connection:
            end_run(connection, run_id, stats, reason)
        try:
            merge_pieces(self.engine)
            give_back_space(self.engine)
        except ArchiveUnwritable as error:
            logger.warning("The archive's file stays larger than it needs to be: %s", error)
        keep_up(self.engine)

    @contextmanager
    def run(
        self, spider: str, arguments: Mapping[str, str], stats: Callable[[], Mapping[str, object]]
    ) -> Iterator[int]:
        """Record a run that ends as what is done in it: finished, interrupted or failed."""
        run_id = self.begin_run(spider, arguments)
        reason = "failed"
        try:
            yield run_id
            reason = "finished"
        except KeyboardInterrupt:
            reason = "interrupted"
            raise
        finally:
            self.finish_run(run_id, stats(), reason)

    def ask(self) -> None:
        """Ask the database for anything; raises `ArchiveUnwritable` when it doesn't answer."""
        with reading(self.engine) as connection:
            connection.execute(select(func.max(run.c.id)))

    def known(self, site: str, canonical_urls: Iterable[str]) -> dict[str, KnownArticle]:
        """Return which of these URLs the archive (with what waits to be written) has, by URL."""
        self.flush_if_due()
        wanted = [url for url in canonical_urls if not unkeepable(url)]
        with reading(self.engine) as connection:
            return find_known(connection, site, wanted)

    def failed(self, site: str, urls: Iterable[str]) -> list[FailedAddress]:
        """Return which of these addresses failed when they were asked last, and why."""
        with reading(self.engine) as connection:
            return find_failed(connection, site, [url for url in urls if not unkeepable(url)])

    def original_capture(self, digest: str) -> Original | None:
        """An earlier capture of the same body (SHA-256), for `CaptureWriter`."""
        query = (
            select(capture.c.url, capture.c.fetched_at)
            .where(capture.c.digest == digest, capture.c.file != "", capture.c.fetched_at.is_not(None))
            .order_by(capture.c.id)
            .limit(1)
        )
        with reading(self.engine) as connection:
            row = connection.execute(query).first()
        return Original(row.url, row.fetched_at) if row else None

    def withdrawn_addresses(self) -> frozenset[str]:
        """Every address of an article that is withdrawn now: what comes from it is not kept."""
        with reading(self.engine) as connection:
            return withdrawn_addresses(connection)

    def keep_model(self, key: str, model: SiteModel, run_id: int) -> bool:
        """Keep the model of a site's layouts that a run learnt; whether it may be read by.

        Raises `ArchiveUnwritable`.
        """
        with self._lock, writing(self.engine) as connection:
            return keep_model(connection, key, model, run_id)

    def retire_model(self, model_id: str, reason: str) -> None:
        """Take a model out of use. Raises `ArchiveUnwritable`."""
        with self._lock, writing(self.engine) as connection:
            retire_model(connection, model_id, reason)

    def write_after(self, to_disk: Callable[[], None]) -> None:
        """Call this before each batch: what its rows refer to must outlive a power cut as they do."""
        self._queue.before_writing = to_disk

    @property
    def waiting(self) -> int:
        """Return how many articles and rejections are not written yet."""
        return len(self._queue)

    @property
    def waiting_seconds(self) -> float:
        """Return how long the oldest of them has waited; 0 when nothing waits."""
        return time.monotonic() - self._waiting_since if self._queue else 0.0

    def store(self, article: Article, run_id: int) -> Article | Rejection:
        """Take an article; it is written with the batch. See `counts` after a flush.

        What is written of it: the article, with characters in its traces replaced if
        need be, or a rejection when a column can't hold one of its values.
        """
        return self._add(Item(run_id, article))

    def reject(self, rejection: Rejection, run_id: int) -> None:
        """Take a rejection; it is written with the batch."""
        self._add(Item(run_id, rejection))

    def _add(self, item: Item) -> Article | Rejection:
        with self._lock:
            if not self._queue:
                self._waiting_since = time.monotonic()
            taken = self._queue.add(item)
            self._run_id = item.run_id
            self.flush_if_due()
            return taken

    def flush_if_due(self) -> None:
        """Write the batch when it is full or old."""
        with self._lock:
            full = len(self._queue) >= self._batch_size
            if self._queue and (full or self.waiting_seconds >= self._batch_age_seconds):
                self.flush()

    def flush(self) -> None:
        """Write everything that waits, in one transaction unless an item fails.

        An item that the archive does not take becomes a rejection (reason
        ``unwritable``), and the others are stored. Raises `ArchiveUnwritable`
        (`ArchiveLocked` is one) when the archive takes nothing at all for now; the waiting
        items still wait, and the next flush writes them, nothing twice.
        """
        with self._lock:
            wrote = len(self._queue) > 0
            try:
                self._queue.write()
            finally:
                self._groups |= self._queue.groups
                self._queue.groups = set()
                self.counts += self._queue.counts
                self._queue.counts.clear()
            if self._groups:
                self._repair_from_twins()
            if wrote:
                give_back_memory(self.engine)

    def take_refused(self) -> list[CaptureRef]:
        """The captures of withdrawn articles that visits brought again, for `blank_captures`; once."""
        refused, self._queue.refused = self._queue.refused, []
        return refused

    def _repair_from_twins(self) -> None:
        """Repair the damaged members of the touched groups after their undamaged ones."""
        groups, parts = sorted(self._groups), [self._groups]
        while parts:
            part = parts.pop()
            try:
                self._repair_groups(part)
            except ArchiveUnwritable:
                raise
            except Exception:
                if len(part) > 1:
                    parts = [{group} for group in groups]
                    continue
                self.counts["unrepaired"] += 1
                logger.exception("The damaged copies of group %s stay damaged.", *part)
        self._groups = set()

    def _repair_groups(self, groups: Iterable[int]) -> None:
        with reading(self.engine) as connection:
            repaired = self._twin_repair.repaired(connection, groups)
        if repaired:
            self.rederive(repaired, self._run_id)
        if self._twin_repair.is_to_remember:
            with reading(self.engine) as connection:
                self._twin_repair.remember(connection)

    def rederive(self, articles: Sequence[Article], run_id: int) -> None:
        """Write articles derived again from what is stored: a revision of its own kind where they differ."""
        with self._lock:
            queue = WriteQueue(self.engine, (Item(run_id, one, derived_again=True) for one in articles))
            queue.write()
            self.counts += queue.counts

    def close(self) -> None:
        """Flush and close the database."""
        try:
            self.flush()
        finally:
            self.engine.dispose()

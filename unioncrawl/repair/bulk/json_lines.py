"""Repair piles of texts: JSON lines in, JSON lines out, in order, in constant memory.

Lines travel in batches, to worker processes when there are several jobs; no more
than a few batches a job are under way, however large the pile. A bad line is
passed on as it is and reported.
"""

from __future__ import annotations

import json
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from unioncrawl.errors import UnioncrawlError
from unioncrawl.model import Repaired
from unioncrawl.repair.bulk.streams import MAX_LINE_BYTES
from unioncrawl.repair.driver import repair
from unioncrawl.repair.repairs_table import is_suspect

_BATCH_BYTES = 1 << 18
_BATCHES_UNDER_WAY = 3
# When one text of a group is suspicious, each text of the group is checked alone.
_TOGETHER_BYTES = 1 << 13
_parse = json.JSONDecoder().decode


@dataclass(frozen=True, slots=True)
class BulkOptions:
    """How a pile is repaired.

    ``twins`` are undamaged texts of the same stories, ``hint`` what is known of
    the site, ``jobs`` the number of processes.
    """

    twins: tuple[str, ...] = ()
    hint: str | None = None
    jobs: int = 1


class BadLine(NamedTuple):
    """A line that could not be read, counted from 1, and why."""

    number: int
    reason: str


class Batch(NamedTuple):
    """Finished lines, ready to write, the bad ones among them, and how many bytes came in."""

    output: bytes
    bad: tuple[BadLine, ...]
    input_bytes: int


def repair_json_lines(lines: Iterable[bytes], options: BulkOptions) -> Iterator[Batch]:
    r"""Repair the ``text`` of each line's object; the same objects in the same order.

    Each object comes back with ``changed``, ``steps`` and ``unresolved``. A line that
    is not an object with a ``text`` comes back unchanged and is reported in ``bad``.

    >>> lines = [b'{"text": "&ldquo;\\u5de5\\u4f1a&rdquo;"}\n', b"not JSON\n"]
    >>> batch = next(repair_json_lines(lines, BulkOptions()))
    >>> batch.output.decode().splitlines()[1], batch.bad[0].number
    ('not JSON', 2)
    """
    batches = _batches(lines)
    work = partial(_repair_batch, options=options)
    if options.jobs <= 1:
        yield from (batch if isinstance(batch, Batch) else work(*batch) for batch in batches)
        return
    with ProcessPoolExecutor(options.jobs, initializer=_ignore_interrupts) as pool:
        under_way: deque[Future[Batch]] = deque()
        try:
            for batch in batches:
                under_way.append(_done(batch) if isinstance(batch, Batch) else pool.submit(work, *batch))
                if len(under_way) >= options.jobs * _BATCHES_UNDER_WAY:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that writes: it stops between lines. SIGTERM ends a worker as ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _done(batch: Batch) -> Future[Batch]:
    future: Future[Batch] = Future()
    future.set_result(batch)
    return future


def _batches(lines: Iterable[bytes]) -> Iterator[tuple[int, list[bytes]] | Batch]:
    """Yield lines in batches of about `_BATCH_BYTES`, each with its first line's number.

    A piece of a line that is too long comes as a finished batch.
    """
    batch: list[bytes] = []
    size, number, is_inside = 0, 0, False
    for line in lines:
        is_whole = line.endswith(b"\n") or (len(line) < MAX_LINE_BYTES and not is_inside)
        is_piece = is_inside or not is_whole
        number += not is_inside
        if not is_piece:
            batch.append(line)
            size += len(line)
        if batch and (is_piece or size >= _BATCH_BYTES):
            yield number - len(batch) + (not is_piece or is_inside), batch
            batch, size = [], 0
        if is_piece:
            bad = () if is_inside else (BadLine(number, f"longer than {MAX_LINE_BYTES >> 20} MB"),)
            yield Batch(line, bad, len(line))
        is_inside = not is_whole
    if batch:
        yield number - len(batch) + 1, batch


def _repair_batch(first: int, lines: list[bytes], options: BulkOptions) -> Batch:
    output: list[bytes] = []
    bad: list[BadLine] = []
    start = 0
    for group in _groups(lines):
        _repair_group(first + start, group, options, (output, bad))
        start += len(group)
    return Batch(b"\n".join(output) + b"\n", tuple(bad), sum(map(len, lines)))


def _groups(lines: list[bytes]) -> Iterator[list[bytes]]:
    """Yield lines that are suspected together: short ones many, long ones few."""
    group: list[bytes] = []
    size = 0
    for line in lines:
        group.append(line)
        size += len(line)
        if size >= _TOGETHER_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _repair_group(
    first: int, lines: list[bytes], options: BulkOptions, sink: tuple[list[bytes], list[BadLine]]
) -> None:
    """Repair a few lines; when all their texts together look clean, no line is checked alone."""
    output, bad = sink
    records: list[dict[str, object] | None] = []
    for number, line in enumerate(lines, start=first):
        try:
            records.append(_record(line))
        except (ValueError, TypeError, RecursionError) as error:
            bad.append(BadLine(number, str(error)))
            records.append(None)
    together = "\n".join(str(record["text"]) for record in records if record)
    is_clean = not is_suspect(together) and not options.hint
    for number, (line, record) in enumerate(zip(lines, records, strict=True), start=first):
        try:
            output.append(_repair_line(line, record, None if is_clean else options))
        except UnioncrawlError as error:
            bad.append(BadLine(number, str(error)))
            output.append(line.rstrip(b"\r\n"))


def _record(line: bytes) -> dict[str, object] | None:
    """The object of a line; None for a blank one."""
    if not line.strip():
        return None
    record = _parse(line.decode("utf-8", "surrogatepass").removeprefix("\ufeff"))
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise TypeError('not an object with a string "text"')
    return record


def _repair_line(line: bytes, record: dict[str, object] | None, options: BulkOptions | None) -> bytes:
    """The line with the repaired text; without options the text is known to be clean."""
    if record is None:
        return line.rstrip(b"\r\n")
    text = str(record["text"])
    repaired = repair(text, options.hint, twins=options.twins) if options else None
    if _ADDED.isdisjoint(record) and not (repaired and (repaired.steps or repaired.unresolved)):
        return line.strip()[:-1].rstrip() + _NOTHING_FOUND
    repaired = repaired or Repaired(text)
    return written({**record, "text": repaired.text, **repair_facts(repaired)})


_ADDED = frozenset(("changed", "steps", "unresolved"))
_NOTHING_FOUND = b', "changed": false, "steps": [], "unresolved": []}'


def repair_facts(repaired: Repaired) -> dict[str, object]:
    """What repair did, for a machine to read: ``changed``, ``steps``, ``unresolved``.

    >>> repair_facts(Repaired("工会"))
    {'changed': False, 'steps': [], 'unresolved': []}
    """
    names = ("kind", "start", "end", "before", "after", "confidence", "evidence")
    return {
        "changed": repaired.changed,
        "steps": [{name: getattr(step, name) for name in names} for step in repaired.steps],
        "unresolved": [
            {
                "start": span.start,
                "end": span.end,
                "reason": span.reason,
                "alternatives": list(span.alternatives),
            }
            for span in repaired.unresolved
        ],
    }


def written(record: dict[str, object]) -> bytes:
    """A record as one line of JSON in UTF-8, Chinese readable; lone surrogates are escaped."""
    try:
        return json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(record).encode()

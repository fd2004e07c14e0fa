"""The output of a pile while it is unfinished: beside its final name, so that it can be gone on with.

``out.jsonl`` is written as ``out.part.jsonl`` and gets its name when it is whole. A run
that was interrupted, or killed, leaves the part; the next one takes its whole lines over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from unioncrawl.errors import StreamError
from unioncrawl.repair.bulk.streams import Lines, open_input, open_output

# A line of the output that was repaired names what stays damaged; one that was passed on does not.
_IS_REPAIRED = b'"unresolved"'


@dataclass(slots=True)
class Unfinished:
    """An output that is being written: the stream, the lines that it has, the bad ones among them.

    The file gets its final name only when ``is_whole`` is set before it is closed.
    """

    stream: BinaryIO
    lines: int = 0
    bad: int = 0
    is_whole: bool = False

    def write(self, output: bytes) -> None:
        """Write finished lines."""
        self.stream.write(output)
        self.lines += output.count(b"\n")


def part_of(path: Path) -> Path:
    """Where an output is written until it is whole; the suffix stays, since it names the packing.

    >>> part_of(Path("data/out.jsonl.gz")).name
    'out.jsonl.part.gz'
    """
    return path.with_name(f"{path.stem}.part{path.suffix}")


@contextmanager
def open_unfinished(path: Path | None, *, resumes: bool) -> Iterator[Unfinished]:
    """Open an output by the name of its part; with ``resumes`` the lines of an earlier part are in it.

    Standard output (None) and what is no file (a pipe, a device) are written as they are.
    Raises StreamError when there is no part to go on with, or the output cannot be written.
    """
    path = path.resolve() if path else None
    if path is None or (path.exists() and not path.is_file()):
        with open_output(path) as stream:
            yield Unfinished(stream)
        return
    part = part_of(path)
    earlier = _put_aside(part) if resumes else None
    with open_output(part) as stream:
        unfinished = Unfinished(stream)
        if earlier is not None:
            _take_over(earlier, unfinished)
            stream.flush()
            earlier.unlink()
        yield unfinished
    if unfinished.is_whole:
        part.replace(path)


def _put_aside(part: Path) -> Path:
    """Move an earlier part out of the way; one that a killed resumption had moved has more lines."""
    earlier = part.with_name(f"{part.stem}.earlier{part.suffix}")
    if not earlier.exists():
        if not part.exists():
            raise StreamError(
                f"there is no {part.name} to go on with.", next_step="Leave --resume out to begin anew."
            )
        part.rename(earlier)
    return earlier


def _take_over(earlier: Path, unfinished: Unfinished) -> None:
    """Copy the whole lines of an earlier part, also of one whose packing is cut off."""
    with open_input(earlier) as (stream, _):
        whole = sum(line.endswith(b"\n") for line in Lines(stream))
    with open_input(earlier) as (stream, _):
        is_start = True
        for line in Lines(stream):
            if unfinished.lines == whole:
                return
            unfinished.write(line)
            is_bad = is_start and line.strip() and _IS_REPAIRED not in line
            unfinished.bad += bool(is_bad)
            is_start = line.endswith(b"\n")


def without_first(lines: Iterable[bytes], count: int) -> Iterator[bytes]:
    r"""Yield the lines after the first ``count``; the pieces of a long line belong to one line.

    >>> list(without_first([b"a\n", b"b", b"b\n", b"c\n"], 2))
    [b'c\n']
    """
    left = count
    for line in lines:
        if left:
            left -= line.endswith(b"\n")
        else:
            yield line

"""Arrays of numbers and texts as PostgreSQL receives them: packed at once.

psycopg looks at each element by itself, to find what it is and whether it needs quotes: a quarter of what
storing news takes of this process.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

# What PostgreSQL sends and takes as binary arrays (`array_recv` in its utils/adt/arrayfuncs.c): dimensions,
# whether any element is NULL, the type of elements, how many there are, the number of the first.
_HEAD = struct.Struct(">iiIii")
_LENGTH = struct.Struct(">i")
_NULL = _LENGTH.pack(-1)
_NUMBER = struct.Struct(">iq")
# The numbers of types (PostgreSQL's catalog/pg_type.dat): int8, text and arrays of them.
_INT8, _TEXT, _INT8_ARRAY, _TEXT_ARRAY = 20, 25, 1016, 1009


class BigIntegers(list[int | None]):
    """Numbers to bind as ``bigint[]``."""


class Texts(list[str | None]):
    """Texts to bind as ``text[]``."""


def pack_numbers(numbers: Iterable[int | None]) -> bytes:
    """Return numbers as a binary array of PostgreSQL.

    >>> pack_numbers([7, None]).hex(" ", 4)
    '00000001 00000001 00000014 00000002 00000001 00000008 00000000 00000007 ffffffff'
    """
    given = list(numbers)
    if None not in given:
        laid = chain.from_iterable(zip((8,) * len(given), given, strict=True))
        return _head(_INT8, len(given)) + struct.Struct(">" + "iq" * len(given)).pack(*laid)
    packed = (_NULL if one is None else _NUMBER.pack(8, one) for one in given)
    return _head(_INT8, len(given), has_null=True) + b"".join(packed)


def pack_texts(texts: Iterable[str | None]) -> bytes:
    """Return texts as a binary array of PostgreSQL.

    >>> pack_texts(["工会"]).hex()
    '000000010000000000000019000000010000000100000006e5b7a5e4bc9a'
    """
    coded = [None if one is None else one.encode() for one in texts]
    parts = [b"" if one is None else one for one in coded]
    lengths = [_NULL if one is None else _LENGTH.pack(len(one)) for one in coded]
    laid = chain.from_iterable(zip(lengths, parts, strict=True))
    return _head(_TEXT, len(coded), has_null=None in coded) + b"".join(laid)


def _head(element: int, count: int, *, has_null: bool = False) -> bytes:
    return _HEAD.pack(1, has_null, element, count, 1)


def register_arrays(connection: Any) -> None:  # noqa: ANN401 - psycopg's
    """Let a connection of psycopg bind `BigIntegers` and `Texts`."""
    for bound, array, pack in ((BigIntegers, _INT8_ARRAY, pack_numbers), (Texts, _TEXT_ARRAY, pack_texts)):
        connection.adapters.register_dumper(bound, _dumper(array, pack))


def _dumper(array: int, pack: Callable[[Any], bytes]) -> type:
    from psycopg import DataError  # noqa: PLC0415 - only where there is a server
    from psycopg.adapt import Dumper  # noqa: PLC0415
    from psycopg.pq import Format  # noqa: PLC0415

    class Packed(Dumper):
        format = Format.BINARY
        oid = array

        def dump(self, obj: Any) -> bytes:  # noqa: ANN401 - psycopg's
            try:
                return pack(obj)
            except struct.error as error:
                raise DataError(f"a number does not fit into a column ({error})") from error

    return Packed

"""The types of another project's item: what its class declares, and how a value gets into it."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from typing import Any

import attr
from itemadapter import ItemAdapter


def assigned(item: Any, name: str, value: object) -> Any:  # noqa: ANN401 - any item
    """The item with a value in a field: the item itself, or a copy of a frozen item.

    Raises what its class raises for a value that it does not take.
    """
    try:
        ItemAdapter(item)[name] = value
    except AttributeError:
        if dataclasses.is_dataclass(item) and not isinstance(item, type):
            return dataclasses.replace(item, **{name: value})
        if attr.has(type(item)):
            return attr.evolve(item, **{name: value})
        raise
    except ValueError:
        if not getattr(item, "model_config", {}).get("frozen"):
            raise
        return type(item).model_validate({**ItemAdapter(item), name: value})
    return item


def declared_kinds(kind: type, name: str) -> frozenset[type]:
    """The types that a class declares for a field; empty where it declares no type, or any type."""
    try:
        hint = typing.get_type_hints(kind).get(name, Any)
    except (NameError, TypeError):  # names that only a type checker knows
        return frozenset()
    found = frozenset(_flat(hint)) - {type(None)}
    return frozenset() if Any in found or object in found else found


def _flat(hint: Any) -> Iterator[type]:  # noqa: ANN401 - a type hint
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        for part in typing.get_args(hint):
            yield from _flat(part)
    elif origin is typing.Annotated:
        yield from _flat(typing.get_args(hint)[0])
    else:
        yield origin or hint

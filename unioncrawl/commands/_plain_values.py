"""Take from the command line what needs no validator.

typer (0.29) converts each value by pydantic, which takes a tenth of a CPU-second to load. What was left
out, a text, a choice as it is written and a plain number are taken as they are; all else is typer's, and
so is each refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args, get_origin

from typer.core import TyperArgument, TyperOption

# So many digits are a whole number for Python and for typer, and a float holds it exactly.
_DIGITS = 15
_NOT_PLAIN = object()


def take_plain_values(command: Any, ctx: Any) -> None:  # noqa: ANN401 - typer's own click is private
    """Let a command, and the commands in it, take plain values without pydantic."""
    for param in command.get_params(ctx):
        # typer makes its parameters of these two classes, and has no place to name others.
        if type(param) is TyperOption:
            param.__class__ = _PlainOption
        elif type(param) is TyperArgument:
            param.__class__ = _PlainArgument
    for inner in getattr(command, "commands", {}).values():
        take_plain_values(inner, ctx)


class _PlainOption(TyperOption):
    def get_runtime_param(self) -> Any:  # noqa: ANN401 - the same
        return _PlainFirst(super().get_runtime_param)


class _PlainArgument(TyperArgument):
    def get_runtime_param(self) -> Any:  # noqa: ANN401 - the same
        return _PlainFirst(super().get_runtime_param)


class _PlainFirst:
    """Converts a value in typer's place, and asks typer where that needs more than a look."""

    def __init__(self, typers_own: Callable[[], Any]) -> None:
        self._typers_own = typers_own

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 - whatever the parameter takes
        kind = param.type_descriptor
        taken = _plain(
            value, kind.annotation, kind.parameter_info, several=param.multiple or param.nargs != 1
        )
        return self._typers_own().coerce(value, param, ctx) if taken is _NOT_PLAIN else taken


def _plain(value: object, kind: object, given: Any, *, several: bool) -> object:  # noqa: ANN401 - the same
    """Return the value as the command gets it, or `_NOT_PLAIN` where typer must look."""
    if value is None:
        return () if several else None
    if several:
        texts = list(value) if isinstance(value, list | tuple) and kind == list[str] else [None]
        return texts if all(map(_is_text, texts)) else _NOT_PLAIN
    if kind is str and given.parser is None:
        return value if _is_text(value) else _NOT_PLAIN
    if get_origin(kind) is Literal:
        return value if _is_text(value) and value in get_args(kind) else _NOT_PLAIN
    return _plain_number(value, kind, given) if kind in (int, float) else _NOT_PLAIN


def _is_text(value: object) -> bool:
    """Whether a value is a text of whole characters: bytes that are no UTF-8 come as halves of them."""
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _plain_number(value: object, kind: Any, given: Any) -> object:  # noqa: ANN401 - the same
    is_plain = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _DIGITS
    if not is_plain and type(value) not in (int, kind):
        return _NOT_PLAIN
    number = kind(value)
    is_within = (given.min is None or given.min <= number) and (given.max is None or number <= given.max)
    return number if is_within and not given.clamp else _NOT_PLAIN

"""Find the numbers that decide in a module's source, and change one of them.

A threshold is the value of a named constant of the module, a number in an ordering
comparison, or the limit of a repetition in a pattern. These are not thresholds: 0 and 1
in comparisons (they ask whether there is any), numbers written in hexadecimal (bytes
and characters of a standard), and the number of digits of a date or time.
"""

from __future__ import annotations

import ast
import io
import operator
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

Number = int | float
_OPERATORS: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.LShift: lambda one, other: int(one) << int(other),
}
_ORDERING = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
# Up to this number, half and double are too far away to show where the border is.
_SMALL = 5
_DIGITS_OF_A_DATE = 4
_REPETITION = re.compile(r"(?P<what>\\d|\[[0-9０-９-]+\])?\{\{?(?P<least>\d*),(?P<most>\d*)\}\}?")


@dataclass(frozen=True, order=True)
class Threshold:
    """A number of the source: its place, its holder (constant or function), and the number as written."""

    path: str
    start: int
    stop: int
    line: int
    holder: str
    old: str
    value: Number
    least: int = 0


@dataclass(frozen=True, order=True)
class Mutant:
    """One threshold with another number."""

    threshold: Threshold
    new: str

    @property
    def label(self) -> str:
        """``file:line holder old -> new``."""
        old = self.threshold
        return f"{old.path}:{old.line} {old.holder} {old.old} -> {self.new}"


class _Source:
    """A module's text with the offset of each line, to turn positions of the syntax tree into offsets."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.tree = ast.parse(text)
        self.lines = text.splitlines(keepends=True)
        self.offsets = [0]
        for line in self.lines:
            self.offsets.append(self.offsets[-1] + len(line))

    def offset(self, line: int, column_bytes: int) -> int:
        """Return the offset of a position as `ast` counts it: columns in bytes of UTF-8."""
        start = self.lines[line - 1].encode()[:column_bytes]
        return self.offsets[line - 1] + len(start.decode())

    def threshold(self, node: ast.expr, holder: str, value: Number) -> Threshold:
        """Return the threshold that a node holds."""
        start = self.offset(node.lineno, node.col_offset)
        stop = self.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return Threshold(self.path, start, stop, node.lineno, holder, self.text[start:stop], value)


def find_thresholds(path: str, text: str) -> tuple[Threshold, ...]:
    r"""Return the thresholds of a module, in the order of its text.

    >>> [found.old for found in find_thresholds("a.py", "_LONGEST = 40\nMANY = x > 3\n会 = 7\n")]
    ['40', '3']
    >>> find_thresholds("a.py", "_LEAD = 0xA1\nANY = x > 0\n")
    ()
    """
    source = _Source(path, text)
    found = {
        (threshold.start, threshold.stop): threshold
        for threshold in (*_constants(source), *_compared(source), *_repetitions(source))
        if threshold.value and "0x" not in threshold.old
    }
    return tuple(sorted(found.values()))


def mutants(threshold: Threshold) -> tuple[Mutant, ...]:
    """Return a threshold changed down and up: by one where it is small, else to half and double.

    >>> [one.new for one in mutants(Threshold("a.py", 0, 2, 1, "_MANY", "40", 40))]
    ['20', '80']
    >>> [one.new for one in mutants(Threshold("a.py", 0, 1, 1, "_FEW", "3", 3))]
    ['2', '4']
    """
    value = threshold.value
    if isinstance(value, float):
        pair: tuple[Number, ...] = (value / 2, value * 2)
    else:
        pair = (value - 1, value + 1) if abs(value) <= _SMALL else (value // 2, value * 2)
    return tuple(
        Mutant(threshold, repr(max(new, threshold.least)))
        for new in pair
        if new >= threshold.least or value > threshold.least
    )


def mutated(text: str, mutant: Mutant) -> str:
    """Return the module's text with the other number. Raise `ValueError` when it has changed since."""
    old = mutant.threshold
    if text[old.start : old.stop] != old.old:
        raise ValueError(f"{old.path} has changed: {old.old} no longer stands in line {old.line}")
    return text[: old.start] + mutant.new + text[old.stop :]


def _number(node: ast.expr) -> Number | None:
    """Return the value of a number as written (40, -6.0, 10**12, 1 << 20), else ``None``."""
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _number(operand)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=sign, right=right):
            one, other = _number(left), _number(right)
            reckon = _OPERATORS.get(type(sign))
            return None if one is None or other is None or reckon is None else reckon(one, other)
    return None


def _constants(source: _Source) -> Iterator[Threshold]:
    for target, expression in _assigned(source.tree):
        value = _number(expression)
        if value is not None and isinstance(target, ast.Name) and target.id.isupper():
            yield source.threshold(expression, target.id, value)


def _assigned(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What the module assigns, name by name: A, B = 1, 2 too."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                yield from zip(names, values, strict=False)
            case ast.Assign(targets=[target], value=value):
                yield target, value
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield target, value


def _compared(source: _Source) -> Iterator[Threshold]:
    for holder, node in _with_holders(source.tree, "module"):
        if not isinstance(node, ast.Compare) or not any(isinstance(sign, _ORDERING) for sign in node.ops):
            continue
        for operand in (node.left, *node.comparators):
            for number, value in _numbers_in(operand):
                if abs(value) != 1 or isinstance(value, float):
                    yield source.threshold(number, holder, value)


def _with_holders(node: ast.AST, holder: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield each node with the name of the function that holds it."""
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        within = child.name if named else holder  # type: ignore[attr-defined]
        yield within, child
        yield from _with_holders(child, within)


def _numbers_in(node: ast.expr) -> Iterator[tuple[ast.expr, Number]]:
    """Yield the numbers of one side of a comparison, without indexes."""
    value = _number(node)
    if value is not None:
        yield node, value
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr) and not isinstance(node, ast.Subscript):
            yield from _numbers_in(child)


def _repetitions(source: _Source) -> Iterator[Threshold]:
    """Yield the limits of repetitions in raw strings: the upper one, or the lower one if it is alone."""
    prose = _docstring_lines(source.tree)
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        line, column = token.start
        prefix = token.string.split(token.string[-1], 1)[0].lower() if token.type == tokenize.STRING else ""
        if "r" not in prefix or line in prose:
            continue
        begin = source.offsets[line - 1] + column
        for found in _REPETITION.finditer(token.string):
            threshold = _limit(source, found, begin, line)
            if threshold is not None:
                yield threshold


def _limit(source: _Source, found: re.Match[str], begin: int, line: int) -> Threshold | None:
    group = "most" if found["most"] else "least"
    written = found[group]
    if not written or int(written) <= 1 or (found["what"] and int(written) <= _DIGITS_OF_A_DATE):
        return None
    start, stop = begin + found.start(group), begin + found.end(group)
    line += source.text.count("\n", begin, start)
    limit = Threshold(source.path, start, stop, line, "pattern", written, int(written))
    return replace(limit, least=int(found["least"] or 0)) if group == "most" else limit


def _docstring_lines(tree: ast.Module) -> set[int]:
    bare = (node for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {line for node in bare for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}

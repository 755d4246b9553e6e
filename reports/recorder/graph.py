"""Expressions of the recorded engine: one node for each operation on numbers, and the same operation is the same node.

A node knows its numpy value, so what is recorded is also computed. Nodes either have one value (a price) or one for
each column of the time axis (`monthly`); the operations along time are the short closed list of the model.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

ELEMENTWISE: dict[str, Callable] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "power": np.power,
    "remainder": np.remainder,
    "negative": np.negative,
    "absolute": np.absolute,
    "ceil": np.ceil,
    "floor": np.floor,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "as_number": lambda condition: condition * 1.0,
    "where": np.where,
}
COMPARISONS = {"greater", "greater_equal", "less", "less_equal", "equal", "not_equal"}
CONDITIONS = COMPARISONS | {"and", "or", "not"}
NEEDS_NUMBERS = COMPARISONS | {"where", "minimum", "maximum", "absolute", "negative"}
LEAVES = {"number", "input", "months", "constants"}


def lagged(values, months):
    """`values` moved `months` columns later, earlier when negative, zeros moving in."""
    moved = np.zeros(values.shape)
    if months >= 0:
        moved[months:] = values[: values.size - months]
    else:
        moved[:months] = values[-months:]
    return moved


def _window(values, first, last):
    so_far = np.cumsum(values)
    return lagged(so_far, first) - lagged(so_far, min(last + 1, values.size))


ALONG_TIME: dict[str, Callable] = {
    "lag": lagged,
    "prefix_sum": np.cumsum,
    "prefix_max": np.maximum.accumulate,
    "prefix_min": np.minimum.accumulate,
    "window": _window,
    "look": lambda values, positions: values[list(positions)],
}
OVER_TIME: dict[str, Callable] = {
    "sum": np.sum,
    "max": np.max,
    "min": np.min,
    "pick": lambda values, column: values[column],
}


class Node:
    """One operation: its name, the nodes it is applied to, fixed terms such as a lag, and its value."""

    __slots__ = ("args", "extra", "monthly", "op", "site", "value")

    def __init__(self, op: str, args: tuple["Node", ...], extra: tuple, value: Any, site: Any) -> None:
        self.op, self.args, self.extra, self.site = op, args, extra, site
        self.value = np.asarray(value)
        self.value.flags.writeable = False
        self.monthly = self.value.ndim > 0

    @property
    def is_leaf(self) -> bool:
        """A number, an input, the months or fixed numbers: nothing was computed."""
        return self.op in LEAVES

    def below(self) -> Iterator["Node"]:
        """This node and all it is made of, each once, in no particular order."""
        seen, waiting = set(), [self]
        while waiting:
            node = waiting.pop()
            if id(node) not in seen:
                seen.add(id(node))
                yield node
                waiting.extend(node.args)


class Graph:
    """All nodes of one recording, over columns 0 to `horizon`."""

    def __init__(self, horizon: int) -> None:
        self.horizon = horizon
        self.inputs: dict[str, Node] = {}
        self.fixed: set[str] = set()  # whole inputs that Python itself had to know: their value is written out
        self._whole: set[str] = set()
        self._nodes: dict[tuple, Node] = {}
        self.months = self._known("months", (), (), np.arange(horizon + 1.0), None)

    @property
    def nodes(self) -> list[Node]:
        """All of them, each after those that it is made of."""
        return list(self._nodes.values())

    def number(self, value: float) -> Node:
        """A number written in the engine, or one that is fixed before it runs."""
        return self._known("number", (), (float(value),), float(value), None)

    def input(self, path: str, value: float, whole: bool = False) -> Node:
        """A number of the scenario that stays open; a whole one may turn out to be one that Python must know."""
        node = self.inputs[path] = self._known("input", (), (path,), value, None)
        if whole:
            self._whole.add(path)
        return node

    def may_be_fixed(self, path: str) -> bool:
        """Whether Python may decide on this input, which then is no longer open."""
        return path in self._whole

    def group(self, path: str) -> tuple[Node, ...]:
        """All inputs of one group of the scenario, in order; they stand side by side on the sheet."""
        return tuple(node for known, node in self.inputs.items() if known.rpartition(".")[0] == path)

    def constants(self, values: np.ndarray) -> Node:
        """Fixed numbers along time; the columns' own numbers are the months."""
        if np.array_equal(values, self.months.value):
            return self.months
        return self._known("constants", (), tuple(values.tolist()), values, None)

    def make(self, op: str, *args: Node, extra: tuple = (), site: Any = None) -> Node:
        """The node of an operation, in its simplest equal form.

        Where a sheet would not take TRUE for 1, a condition is first made a number.
        """
        if op in NEEDS_NUMBERS:
            keep = 1 if op == "where" else 0
            args = args[:keep] + tuple(self.make("as_number", a) if a.op in CONDITIONS else a for a in args[keep:])
        if simpler := self._simplified(op, args, extra, site):
            return simpler
        if all(arg.op == "number" for arg in args) and op in ELEMENTWISE:
            return self.number(ELEMENTWISE[op](*(arg.value for arg in args)))
        return self._known(op, args, extra, None, site)

    def _known(self, op: str, args: tuple[Node, ...], extra: tuple, value: Any, site: Any) -> Node:
        key = (op, *map(id, args), *extra)
        node = self._nodes.get(key)
        if node is None:
            if value is None:
                value = self._value(op, args, extra)
            node = self._nodes[key] = Node(op, args, extra, value, site)
        return node

    def _value(self, op: str, args: tuple[Node, ...], extra: tuple) -> Any:
        if op in ELEMENTWISE:
            return ELEMENTWISE[op](*(arg.value for arg in args))
        if op == "choose":
            return np.array([float(args[position].value) for position in extra])
        if op == "spread":
            return np.broadcast_to(args[0].value, self.months.value.shape)
        (values,) = (arg.value for arg in args)
        return (ALONG_TIME.get(op) or OVER_TIME[op])(values, *extra)

    def _simplified(self, op: str, args: tuple[Node, ...], extra: tuple, site: Any) -> Node | None:
        if op in BINARY_RULES and len(args) == 2:
            return BINARY_RULES[op](self, *args, site)
        match op:
            case "negative" if args[0].op == "negative":
                return args[0].args[0]
            case "as_number" if args[0].op not in CONDITIONS:
                return args[0]
            case "where" if args[0].op == "number":
                return args[1] if args[0].value else args[2]
            case "where" if args[1] is args[2]:
                return args[1]
            case "lag" if extra == (0,):
                return args[0]
            case "lag" if abs(extra[0]) > self.horizon:
                return self.number(0)
            case "lag" if args[0].op == "lag" and args[0].extra[0] * extra[0] > 0:
                return self.make("lag", *args[0].args, extra=(args[0].extra[0] + extra[0],), site=site)
        return None


def is_number(node: Node, value: float) -> bool:
    """Whether the node is this very number, written in the engine."""
    return node.op == "number" and node.value == value


def _add(graph, a, b, site):
    if a.op in CONDITIONS and b.op in CONDITIONS:
        return graph.make("or", a, b, site=site)
    if is_number(a, 0):
        return graph.make("as_number", b)
    if is_number(b, 0):
        return graph.make("as_number", a)
    return graph.make("subtract", a, b.args[0], site=site) if b.op == "negative" else None


def _subtract(graph, a, b, site):
    if a is b:
        return graph.number(0)
    if is_number(b, 0):
        return graph.make("as_number", a)
    if is_number(a, 0):
        return graph.make("negative", b, site=site)
    first, start = _so_far(a)
    last, other_start = _so_far(b)
    if start is not None and start is other_start and 0 <= first < last:
        return graph.make("window", start, extra=(first, last - 1), site=site)
    return None


def _so_far(node):
    """(k, x) when the node is the running sum of x as it was k months before."""
    lag, inner = (node.extra[0], node.args[0]) if node.op == "lag" else (0, node)
    return (lag, inner.args[0]) if inner.op == "prefix_sum" else (0, None)


def _multiply(graph, a, b, site):
    if a.op in CONDITIONS and b.op in CONDITIONS:
        return graph.make("and", a, b, site=site)
    if is_number(a, 0) or is_number(b, 0):
        return graph.number(0)
    if is_number(a, 1):
        return graph.make("as_number", b)
    return graph.make("as_number", a) if is_number(b, 1) else None


def _divide(graph, a, b, site):
    if is_number(a, 0):
        return graph.number(0)
    return graph.make("as_number", a) if is_number(b, 1) else None


def _power(graph, a, b, site):
    if is_number(a, 0) or is_number(a, 1):  # the model never raises 0 to the power 0
        return a
    return a if is_number(b, 1) else None


BINARY_RULES = {"add": _add, "subtract": _subtract, "multiply": _multiply, "divide": _divide, "power": _power}

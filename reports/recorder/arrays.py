"""An array-like for the engine to run on: it computes with numpy and keeps the expression of what was computed.

Arithmetic arrives through `__array_ufunc__`, the few other functions through `__array_function__`, and shapes are
changed by numpy itself, on the values' places. What is not understood is refused aloud, with the remedy.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from reports.recorder.graph import ELEMENTWISE, Graph, Node, is_number
from reports.recorder.shapes import places, recognised
from reports.recorder.sites import calling_site


class RecordingError(NotImplementedError):
    """The engine did something that has no formula; the sentence says what to write instead."""


UFUNCS = {function: name for name, function in ELEMENTWISE.items() if isinstance(function, np.ufunc)} | {
    np.bitwise_and: "and",
    np.bitwise_or: "or",
    np.invert: "not",
    np.true_divide: "divide",
    np.float_power: "power",
}
ACCUMULATED = {np.add: "prefix_sum", np.maximum: "prefix_max", np.minimum: "prefix_min"}
REDUCED = {np.add: "sum", np.maximum: "max", np.minimum: "min"}
REMEDY = "Keep to the verbs of the model (docs: workbook) or teach reports/recorder the new one, with a test."


class Recorded(NDArrayOperatorsMixin):
    """Numbers with their expression. `node` is None for a mere selection of places that waits to be put together.

    `places` remembers where a selection came from, so that a shift by all but one column is still seen as a shift.
    """

    __slots__ = ("graph", "node", "places", "shape")

    def __init__(self, graph: Graph, node: Node | None, shape: tuple[int, ...], places: Any = None) -> None:
        self.graph, self.node, self.shape, self.places = graph, node, shape, places

    @property
    def value(self) -> np.ndarray:
        """The numbers, as the engine would have had them."""
        if self.node is not None:
            return np.broadcast_to(self.node.value, self.shape)
        values = [node.value if column is None else node.value[column] for node, column in self.places.ravel()]
        return np.array(values, dtype=float).reshape(self.shape)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of values."""
        return int(np.prod(self.shape))

    @property
    def dtype(self) -> np.dtype:
        """Type of the values."""
        return self.value.dtype

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        if out is not None:
            raise RecordingError("The engine assigns into an array (+=, out=): write x = x + y instead.")
        if method == "accumulate" and ufunc in ACCUMULATED:
            return _along_time(self.graph, ACCUMULATED[ufunc], inputs[0], options.get("axis", -1))
        if method == "reduce" and ufunc in REDUCED:
            return _over_time(self.graph, REDUCED[ufunc], inputs[0], **options)
        if method != "__call__" or ufunc not in UFUNCS or options:
            raise RecordingError(f"np.{ufunc.__name__} ({method}) has no formula. {REMEDY}")
        return elementwise(self.graph, UFUNCS[ufunc], *inputs)

    def __array_function__(self, function, types, args, kwargs):
        if function in SHAPES:
            return _reshaped(self.graph, function, args, kwargs)
        if function not in FUNCTIONS:
            raise RecordingError(f"np.{function.__name__} has no formula. {REMEDY}")
        return FUNCTIONS[function](self.graph, *args, **kwargs)

    def __getitem__(self, key):
        return _put_together(self.graph, places(self)[plain(key)])

    def __len__(self) -> int:
        return self.shape[0]

    def __bool__(self) -> bool:
        return bool(self._fixed("decides (if, and, or, min, max) on"))

    def __int__(self) -> int:
        return int(self._fixed("turns into a whole number"))

    def __index__(self) -> int:
        return int(self._fixed("counts with"))

    def __float__(self) -> float:
        return float(self._fixed("takes out of the array"))

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self._fixed("takes out of the array"), dtype=dtype)

    def __setitem__(self, key, value):
        raise RecordingError("The engine assigns into an array: write np.where, or a mask times a value, instead.")

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        raise RecordingError(f"The array method {name!r} has no formula. {REMEDY}")

    def sum(self, axis=None, **options):
        """Sum over time."""
        return _over_time(self.graph, "sum", self, axis, **options)

    def max(self, axis=None, **options):
        """Highest value over time."""
        return _over_time(self.graph, "max", self, axis, **options)

    def min(self, axis=None, **options):
        """Lowest value over time."""
        return _over_time(self.graph, "min", self, axis, **options)

    def cumsum(self, axis=-1):
        """Running sum along time."""
        return _along_time(self.graph, "prefix_sum", self, axis)

    def astype(self, _dtype):
        """The same numbers: a sheet has one kind."""
        return elementwise(self.graph, "as_number", self)

    def _fixed(self, verb: str) -> np.ndarray:
        """The value, which the file fixes, when it hangs on whole numbers of the scenario only."""
        open_inputs = [path for path in self._inputs() if not self.graph.may_be_fixed(path)]
        if open_inputs:
            raise RecordingError(
                f"The engine {verb} a number that depends on {open_inputs[0]}, which a formula cannot follow: use "
                "np.where, np.minimum, np.maximum or a mask."
            )
        self.graph.fixed.update(self._inputs())
        return self.value

    def _inputs(self) -> list[str]:
        nodes = [self.node] if self.node is not None else [node for node, _ in self.places.ravel()]
        return sorted({leaf.extra[0] for node in nodes for leaf in node.below() if leaf.op == "input"})


def plain(key: Any) -> Any:
    """An index with recorded parts turned into the whole numbers that they are."""
    if isinstance(key, Recorded):
        return np.asarray(key).astype(int)
    if isinstance(key, tuple):
        return tuple(plain(part) for part in key)
    return key


def lifted(graph: Graph, value: Any) -> Recorded:
    """A number or plain array as a recorded one: it does not depend on any input."""
    if isinstance(value, Recorded):
        return value
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or array.size == 0:
        raise RecordingError(f"The engine computes with {value!r:.60}, which is not a number.")
    first = array.reshape(-1)[0]
    if array.size == 1 or np.all(array == first):
        return Recorded(graph, graph.number(first), array.shape)
    if array.shape == graph.months.value.shape:
        return Recorded(graph, graph.constants(array.astype(float)), array.shape)
    raise RecordingError(
        f"The engine uses fixed numbers of shape {array.shape}, which are not one for each column of time: "
        "take months from the month quantity."
    )


def elementwise(graph: Graph, op: str, *inputs: Any) -> Recorded:
    """An operation on each value."""
    arrays = [lifted(graph, value) for value in inputs]
    for array in arrays:
        if array.node is None:
            raise RecordingError(
                f"The engine computes with a part of the months (shape {array.shape}): use cohorts.shifted, a mask, "
                "or a running sum, which keep the whole time axis."
            )
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    if len(shape) > 1:
        raise RecordingError(f"The engine computes with an array of shape {shape}: keep to the one axis of time.")
    return Recorded(graph, graph.make(op, *(array.node for array in arrays), site=calling_site()), shape)


def _along_time(graph, op, values, axis):
    array = lifted(graph, values)
    if array.node is None or axis not in (-1, array.ndim - 1) or array.shape != graph.months.value.shape:
        raise RecordingError(f"The engine accumulates over shape {array.shape}: keep to the whole axis of time.")
    if is_number(array.node, 0):
        return array
    node = array.node if array.node.monthly else graph.make("spread", array.node)
    return Recorded(graph, graph.make(op, node, site=calling_site()), array.shape)


def _over_time(graph, op, values, axis=None, keepdims=False, **options):
    array = lifted(graph, values)
    if options or array.ndim != 1 or axis not in (None, -1, 0):
        raise RecordingError(f"The engine takes the {op} over shape {array.shape}: keep to the one axis of time.")
    shape = (1,) if keepdims else ()
    if array.node is None:
        raise RecordingError(f"The engine takes the {op} of a part of the months: multiply by a mask instead.")
    if not array.node.monthly:
        times = graph.number(array.size if op == "sum" else 1)
        return Recorded(graph, graph.make("multiply", array.node, times, site=calling_site()), shape)
    return Recorded(graph, graph.make(op, array.node, site=calling_site()), shape)


def _any(graph, condition, axis=None):
    """Whether it holds in any month; asked without an axis, as a guard of work that depends on it, whether it may."""
    array = lifted(graph, condition)
    if axis is None:
        return bool(array._inputs()) or bool(np.any(array.value))
    return _over_time(graph, "max", array, axis)


def _put_together(graph: Graph, chosen: Any) -> Recorded:
    if not isinstance(chosen, np.ndarray):  # numpy hands out a single place as the pair itself
        single, chosen = chosen, np.empty((), dtype=object)
        chosen[()] = single
    node = recognised(graph, chosen)
    return Recorded(graph, node, chosen.shape, chosen if node is None or chosen.size == 1 else None)


def _reshaped(graph, function, args, kwargs):
    def of_places(value):
        if isinstance(value, Recorded):
            return places(value)
        if isinstance(value, np.ndarray):
            return places(lifted(graph, value)) if value.size else np.empty(value.shape, dtype=object)
        return [of_places(part) for part in value] if isinstance(value, list | tuple) and _has_arrays(value) else value

    result = function(*map(of_places, args), **{name: of_places(value) for name, value in kwargs.items()})
    if isinstance(result, list | tuple):
        return type(result)(_put_together(graph, part) for part in result)
    return _put_together(graph, result)


def _has_arrays(values) -> bool:
    return any(isinstance(value, Recorded | np.ndarray) for value in values)


SHAPES = {
    np.concatenate, np.broadcast_arrays, np.broadcast_to, np.atleast_1d, np.expand_dims, np.squeeze, np.reshape,
    np.ravel, np.stack, np.take, np.roll, np.flip,
}  # fmt: skip
FUNCTIONS: dict[Callable, Callable] = {
    np.where: lambda graph, *args: elementwise(graph, "where", *args),
    np.clip: lambda graph, x, low, high: np.minimum(np.maximum(x, low), high),
    np.cumsum: lambda graph, x, axis=None: _along_time(graph, "prefix_sum", x, axis),
    np.any: _any,
    np.sum: lambda graph, x, axis=None, **options: _over_time(graph, "sum", x, axis, **options),
    np.max: lambda graph, x, axis=None, **options: _over_time(graph, "max", x, axis, **options),
    np.min: lambda graph, x, axis=None, **options: _over_time(graph, "min", x, axis, **options),
    np.zeros_like: lambda graph, x: np.zeros(x.shape),
    np.ones_like: lambda graph, x: np.ones(x.shape),
    np.shape: lambda graph, x: x.shape,
    np.ndim: lambda graph, x: x.ndim,
    np.size: lambda graph, x: x.size,
}

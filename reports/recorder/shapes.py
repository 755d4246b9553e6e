"""From places back to expressions: numpy moves the places of values about, and here the result is recognised.

A place is (node, column), or (node, None) for a node that has one value.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from reports.recorder.graph import Graph, Node, is_number


def places(array: Any) -> np.ndarray:
    """The places that a recorded array is made of, in its shape."""
    if array.places is not None:
        return array.places
    found = np.empty(array.shape, dtype=object)
    for i, index in enumerate(np.ndindex(array.shape)):
        found[index] = (array.node, i if array.node.monthly else None)
    return found


def recognised(graph: Graph, chosen: np.ndarray) -> Node | None:
    """The expression that has its values at these places: itself, one value, a shift along time, or a choice."""
    flat = list(chosen.ravel())
    if not flat:
        return None
    if all(place == flat[0] for place in flat):
        node, column = flat[0]
        return node if column is None else graph.make("pick", node, extra=(column,))
    if chosen.shape != graph.months.value.shape:
        return None
    sources = {id(node): node for node, column in flat if column is not None}
    if len(sources) == 1:
        return _moved(graph, *sources.values(), flat)
    return _choice(graph, flat) if not sources else None


def _moved(graph: Graph, source: Node, flat: list) -> Node | None:
    taken = {t: column for t, (_, column) in enumerate(flat) if column is not None}
    if len(taken) == len(flat):
        if all(t == column for t, column in taken.items()):
            return source
        return graph.make("look", source, extra=(tuple(taken.values()),))
    if not all(is_number(node, 0) for node, column in flat if column is None):
        return None
    lags = {t - column for t, column in taken.items()}
    if len(lags) != 1 or len(taken) != len(flat) - abs(next(iter(lags))):
        return None
    return graph.make("lag", source, extra=(next(iter(lags)),))


def _choice(graph: Graph, flat: list) -> Node:
    """One of several single values in each month; where a whole group of inputs takes turns, the group in its order."""
    chosen = [node for node, _ in flat]
    args = tuple(dict.fromkeys(chosen))
    if all(node.op == "input" for node in args):
        groups = {node.extra[0].rpartition(".")[0] for node in args}
        group = graph.group(*groups) if len(groups) == 1 else ()
        if group and takes_turns([group.index(node) for node in chosen], len(group)):
            args = group
    return graph.make("choose", *args, extra=tuple(args.index(node) for node in chosen))


def takes_turns(positions: Sequence[int], count: int) -> bool:
    """Whether each position is the one after the position before, the first coming after the last."""
    return all(position == (positions[0] + t) % count for t, position in enumerate(positions))

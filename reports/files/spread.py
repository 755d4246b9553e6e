"""Names beside the ends of curves: each as near its place as can be, none over another."""

from collections.abc import Sequence


def spread(places: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Middles for labels of these heights, in the order given, within [low, high] as far as they fit.

    Labels that would touch are pushed apart evenly around where they want to be.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    blocks: list[tuple[float, float, list[int]]] = []  # (start, height, members)
    for i in order:
        height, members = heights[i], [i]
        start = max(low, min(places[i] - height / 2, high - height))
        while blocks and blocks[-1][0] + blocks[-1][1] > start:
            _, before_height, before = blocks.pop()
            height, members = before_height + height, [*before, *members]
            start = max(low, min(_best_start(members, places, heights), high - height))
        blocks.append((start, height, members))
    return _middles(blocks, heights, low)


def _best_start(members: Sequence[int], places: Sequence[float], heights: Sequence[float]) -> float:
    """Start of a stack whose labels are on average where they want to be."""
    offset, total = 0.0, 0.0
    for i in members:
        total += places[i] - (offset + heights[i] / 2)
        offset += heights[i]
    return total / len(members)


def _middles(blocks: Sequence[tuple[float, float, list[int]]], heights: Sequence[float], low: float) -> list[float]:
    middles: dict[int, float] = {}
    end = low
    for start, _, members in blocks:
        at = max(start, end)
        for i in members:
            middles[i] = at + heights[i] / 2
            at += heights[i]
        end = at
    return [middles[i] for i in sorted(middles)]

"""Things bought in batches, for the yardstick: costmodel/cohorts.py with arrays that are written in place.

The last axis of every array is time. Ages and lives are in months, and so are columns.
"""

import numpy as np


def moved(values, columns):
    """`values` so many columns later, or earlier when negative; zeros move in."""
    result = np.zeros(values.shape)
    if columns > 0:
        result[..., columns:] = values[..., :-columns]
    else:
        result[..., :columns] = values[..., -columns:]
    return result


def additions(needed):
    """What each column adds to the highest need so far."""
    added = np.maximum.accumulate(needed, axis=-1)
    added[..., 1:] -= added[..., :-1].copy()
    return added


def renewed(added, life):
    """`added` and its replacements after each `life`."""
    total = added.copy()
    for age in range(life, added.shape[-1], life):
        total[..., age:] += added[..., :-age]
    return total


def in_service(started, first, last):
    """Sum of what was `started` `first` to `last` columns ago."""
    so_far, total = np.cumsum(started, axis=-1), np.zeros(started.shape)
    columns = started.shape[-1]
    total[..., first:] = so_far[..., : columns - first]
    if last + 1 < columns:
        total[..., last + 1 :] -= so_far[..., : columns - last - 1]
    return total

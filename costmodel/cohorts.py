"""Things bought in batches: what is added, replaced and in service in each month, without loops over months."""

import numpy as np

from costmodel.arrays import Array, Value


def shifted(values: Array, months: Value) -> Array:
    """`values` moved `months` columns later (earlier when negative), zeros moving in. Last axis is time."""
    columns = values.shape[-1]
    if months == 0:
        return values
    if abs(months) >= columns:
        return np.zeros_like(values)
    gap = np.zeros((*values.shape[:-1], abs(months)), values.dtype)  # in a third of the time of zeros_like
    kept = values[..., :-months] if months > 0 else values[..., -months:]
    return np.concatenate([gap, kept] if months > 0 else [kept, gap], axis=-1)


def additions(needed: Array) -> Array:
    """Increments of the running maximum: what must be added in each month to cover `needed`; nothing is given back."""
    highest = np.maximum.accumulate(needed, axis=-1)
    return highest - shifted(highest, 1)


def with_replacements(added: Array, life_months: int) -> Array:
    """`added` and its like-for-like replacements, each `life_months` after the one before, within the columns."""
    total = added
    for age in range(life_months, added.shape[-1], life_months):
        total = total + shifted(added, age)
    return total


def in_service(started: Array, first_age: int, last_age: int) -> Array:
    """Sum of what was `started` and has an age of `first_age` to `last_age` months in each column (0: starts now)."""
    so_far = np.cumsum(started, axis=-1)
    return shifted(so_far, first_age) - shifted(so_far, last_age + 1)

"""Version 2 to 3: the load curve takes its shape from the coefficient of variation."""

from typing import Any

from costmodel.demand import variation_of_peak

PEAK, BUSY, BATCH = "workload.peak_to_mean_ratio", "workload.busy_hours_frac", "workload.batch_frac"
CURVES_OF_2 = {  # preset -> busiest hour, hours with traffic and requests that may wait, as version 2 had them
    "assistant": (4, 0.35, 0.05),
    "startup": (4, 0.35, 0.05),
    "healthcare": (3.5, 0.6, 0.25),
    "automotive": (2, 0.65, 0),
    "finance": (4, 0.4, 0.65),
    "media": (12, 0.8, 0.35),
    "batch": (2, 0.9, 0.9),
}


def with_load_variation(document: dict[str, Any]) -> dict[str, Any]:
    """The busiest hour gave the load curve its shape: who entered one keeps it as it was."""
    changes = document.get("changes")
    if not isinstance(changes, dict) or not {PEAK, BUSY} & changes.keys():
        return document
    before = dict(zip((PEAK, BUSY, BATCH), CURVES_OF_2.get(document.get("preset", ""), (4, 0.35, 0.05)), strict=True))
    curve = before | {path: value for path, value in changes.items() if path in before}
    if not all(isinstance(value, int | float) for value in curve.values()):
        return document  # opening it says what is wrong
    peak, busy, batch = curve.values()
    levelled, hours = peak * (1 - batch) + batch, busy + batch * (1 - busy)
    try:
        variation = variation_of_peak(levelled, hours) / (1 - batch)
    except ArithmeticError:
        return document
    shape = {PEAK: peak, BUSY: busy, "workload.load_variation_ratio": variation}
    return {**document, "changes": {**changes, **shape}}

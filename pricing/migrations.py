"""Documents of older versions, brought up to the version of today, one step after another."""

from collections.abc import Callable, Mapping
from typing import Any

from costmodel.demand import variation_of_peak
from pricing import catalogue

Step = Callable[[dict[str, Any]], dict[str, Any]]

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


def _load_variation(document: dict[str, Any]) -> dict[str, Any]:
    """The busiest hour gave the curve its shape: who entered a load curve keeps it as it was."""
    changes = document.get("changes")
    if not isinstance(changes, dict) or not {PEAK, BUSY} & changes.keys():
        return document
    before = dict(zip((PEAK, BUSY, BATCH), CURVES_OF_2.get(document.get("preset"), (4, 0.35, 0.05)), strict=True))
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


PEAK_RULE, BYTES, WINDOW = "rules.peak_must_be_carried", "workload.transfer_bytes_per_token", "context_window_tokens"
LIMITS_OF_3 = {"media": 850_000, "batch": 900_000, "finance": 400_000}  # tok/s agreed with every provider of a preset
BYTES_OF_3 = 35


def _peak_and_longest_request(document: dict[str, Any]) -> dict[str, Any]:
    """No rule asked for the peak to be carried, and no option knew its longest request.

    Whoever changed a preset keeps the verdict without that rule; what an option's model takes is the catalogue's. A
    number with the reader's own range keeps the value that the range was made for.
    """
    changes, added, ranges = (document.get(part, {}) for part in ("changes", "added", "ranges"))
    if not all(isinstance(part, dict) for part in (changes, added, ranges)) or not (changes or added or ranges):
        return document
    limits = {
        path: LIMITS_OF_3.get(document.get("preset")) for path in ranges if path.endswith(".rate_limit_tok_per_s")
    }
    kept = {path: limit for path, limit in limits.items() if limit} | ({BYTES: BYTES_OF_3} if BYTES in ranges else {})
    added = {slug: _with_longest_request(option) for slug, option in added.items()}
    parts = {"changes": {PEAK_RULE: False, **kept, **changes}, "added": added}
    return {**document, **{name: part for name, part in parts.items() if part}}


def _with_longest_request(option: Any) -> Any:
    """An added option with what its model takes, 0 where the catalogue does not know it."""
    match option:
        case {"device": dict(device)}:
            return {**option, "device": {WINDOW: 0, **device}}
        case {"serving": {"model": str(model)}}:
            return {WINDOW: catalogue.longest_request_of(model), **option}
        case {"provider": str(provider), "model": str(model)}:
            return {WINDOW: catalogue.longest_request_of(model, provider), **option}
        case _:
            return option


START_MONTH, START_YEAR = "workload.start_month", "workload.start_year"
LATE_MONTHS = (11, 12)  # what starts in these still started in 2026 when version 4 was left, all else in 2027


def _dated(document: dict[str, Any]) -> dict[str, Any]:
    """The start had no year: month 1 was the next calendar month of its name."""
    changes = document.get("changes")
    if not isinstance(changes, dict) or changes.get(START_MONTH) not in LATE_MONTHS:
        return document
    return {**document, "changes": {**changes, START_YEAR: 2026}}


STEPS: dict[int, Step] = {  # version -> what makes the next one of its documents
    1: dict,  # rank correlations
    2: _load_variation,
    3: _peak_and_longest_request,
    4: _dated,
}


def migrated(document: Mapping[str, Any], version: int) -> dict[str, Any]:
    """The document, which says its own version, in that `version`; one that has it already comes back as it is."""
    now = dict(document)
    for older in range(now["version"], version):
        now = {**STEPS[older](now), "version": older + 1}
    return now

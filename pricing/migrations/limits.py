"""Version 3 to 4: whether the peak must be carried, and how long a request an option can take."""

from typing import Any

from pricing import catalogue

PEAK_RULE, BYTES, WINDOW = "rules.peak_must_be_carried", "workload.transfer_bytes_per_token", "context_window_tokens"
LIMITS_OF_3 = {"media": 850_000, "batch": 900_000, "finance": 400_000}  # tok/s agreed with every provider of a preset
BYTES_OF_3 = 35


def with_peak_and_longest_request(document: dict[str, Any]) -> dict[str, Any]:
    """No rule asked for the peak to be carried, and no option knew its longest request.

    Whoever changed a preset keeps the verdict without that rule; what an option's model takes is the catalogue's. A
    number with the reader's own range keeps the value that the range was made for.
    """
    changes, added, ranges = (document.get(part, {}) for part in ("changes", "added", "ranges"))
    if not all(isinstance(part, dict) for part in (changes, added, ranges)) or not (changes or added or ranges):
        return document
    limits = {
        path: LIMITS_OF_3.get(document.get("preset", "")) for path in ranges if path.endswith(".rate_limit_tok_per_s")
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

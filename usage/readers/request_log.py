"""A log of one's own, one row for each request or period, whose columns go by their usual names or are chosen."""

import re
from collections.abc import Callable, Iterable, Mapping, Set
from itertools import islice
from typing import Any

from intake.errors import NotPlain, Refusal
from intake.fields import LARGEST, amount, unsigned
from intake.records import Record, Rows, at, spelled
from usage.bulk import groups_of, is_bulk
from usage.fields import currency, first, number, text, unwrapped, yes
from usage.fields import names as names_of
from usage.groups import NUMBERS, WORDS, checked, hour_of
from usage.hints import Hints
from usage.names import provider_id
from usage.row import Row
from usage.tally import MOST_SHOWN, Tally
from usage.times import AMBIGUOUS, DAY_S, HOUR_S, has_zone, is_clock, is_day, moment, on_day, writes_day_first

FORMAT = "generic request log"
PERIODS = {"hour": float(HOUR_S), "minute": 60.0}  # a column of times by that name has one row for each
NAMES = {  # what is wanted -> names it goes by, the surest first
    "time": ("timestamp", "time", "datetime", "created_at", "created", "start_time", "startTime", "request_time", "ts",
             "request_timestamp", "event_time", "date", "day", "timestamp_utc", "TimeGenerated", *PERIODS),
    "hour": ("hour", "hour_utc", "hour_of_day", "time_of_day", "clock"),
    "model": ("model", "model_name", "model_id", "response_model", "request_model", "deployment", "engine"),
    "input": ("prompt_tokens", "input_tokens", "tokens_in", "tokens_prompt", "input_token_count", "prompt_token_count",
              "usage.prompt_tokens", "usage.input_tokens", "ContextTokens", "context_tokens", "num_prefill_tokens",
              "request_tokens", "tokens_input", "in_tokens", "input"),
    "output": ("completion_tokens", "output_tokens", "tokens_out", "tokens_completion", "output_token_count",
               "completion_token_count", "candidates_token_count", "usage.completion_tokens", "usage.output_tokens",
               "GeneratedTokens", "generated_tokens", "num_decode_tokens", "response_tokens", "tokens_output",
               "out_tokens", "output"),
    "cached": ("cached_tokens", "cached_input_tokens", "cache_read_input_tokens", "cache_read_tokens", "tokens_cached",
               "input_cached_tokens", "prompt_tokens_cached", "cached_prompt_tokens", "cached_read",
               "cached_content_token_count"),
    "written": ("cache_creation_input_tokens", "cache_write_tokens", "cache_creation_tokens", "cache_write",
                "cache_write_input_tokens"),
    "reasoning": ("reasoning_tokens", "tokens_reasoning", "thinking_tokens", "thoughts_token_count"),
    "total": ("total_tokens", "total_token_count", "tokens_total", "usage.total_tokens"),
    "batch": ("batch", "is_batch"),
    "status": ("status", "status_code", "http_status", "response_status", "code"),
    "requests": ("requests", "num_requests", "request_count", "requests_count", "num_model_requests", "calls"),
    "cost": ("cost_usd", "costUSD", "total_cost_usd", "cost", "total_cost", "spend"),
    "currency": ("currency", "currency_code", "cost_currency", "billing_currency"),
    "provider": ("provider", "provider_name", "vendor"),
    "id": ("request_id", "call_id", "generation_id"),
}  # fmt: skip
NEEDED = ("time", "model", "input", "output")
FAILED = (
    "fail", "error", "cancel", "timeout", "timed out", "denied", "reject", "throttl", "refus", "abort", "unavailable",
)  # fmt: skip
STATUS = re.compile(r"(?:http[/\d.]*|status)?\W*(\d{3})(?!\d)")  # 429, 429.0, 429 Too Many Requests, HTTP/1.1 503
NO_CURRENCY = "Costs name no currency and were read as US dollars; where they are not, give a column with the currency."
NO_ZONE = "Times carry no offset and were read as {}; give the zone where that is wrong."


def columns(available: Set[str], hints: Hints) -> dict[str, str]:
    """The column for each thing wanted that the file has, as chosen or by its usual name."""
    found = {}
    for what, names in NAMES.items():
        chosen = hints.columns.get(what)
        if chosen is not None and spelled(chosen) not in available:
            raise Refusal(f"has no column {chosen!r:.60}, which was chosen as the {what}.")
        name = chosen or next((name for name in names if spelled(name) in available), None)
        if name:
            found[what] = name
    if found.get("hour") == found.get("time"):
        found.pop("hour", None)
    return found


def is_log(available: Set[str], hints: Hints) -> bool:
    """Whether a file has a time and tokens under some names; a model may be missing when there is only one."""
    found = columns(available, hints)
    return "time" in found and ("input" in found or "output" in found)


def read(rows: Rows, tally: Tally, hints: Hints) -> None:
    """Each row a request; a row of a day without a time is a sum, whose requests only a column of its own can tell."""
    tally.formats.append(FORMAT)
    names = columns(names_of(rows), hints)
    _split_times(rows, names)
    wanted = tuple(names.values())
    note_missing(names, tally)
    day_first = writes_day_first(rows, names["time"])
    if day_first is None:
        tally.note(AMBIGUOUS)
    if is_bulk(rows, names, hints) and _read_at_once(rows, names, hints, tally):
        return
    for record in unwrapped(rows, wanted):
        if _failed(record, names):
            tally.counts["failures"] += 1
            continue
        tally.add(_row(record, names, hints, tally, day_first))


def _split_times(rows: Rows, names: dict[str, str]) -> None:
    """Where the column of times has a clock alone, take the day from the column beside it."""
    days = ("date", "day", "usage_date")
    record = next(iter(unwrapped(rows, (names["time"], *days))), {})
    day = next((name for name in days if is_day(at(record, name))), None)
    if day and is_clock(at(record, names["time"])):
        names["hour"], names["time"] = names["time"], day


def add_groups(groups: Iterable[Mapping[str, Any]], names: dict[str, str], hints: Hints, tally: Tally,
               cell: Callable[[str], str] = str) -> None:  # fmt: skip
    """Rows that an engine added up by hour and what they share; NotPlain where sums do not tell what rows would.

    cell: what a text of the file says.
    """
    for group in map(checked, groups):
        if group.get("reasoning") and _beside(group.get) not in (None, 0.0, group["reasoning"]):
            raise NotPlain("has totals that only its rows explain.")
        record = {spelled(names[name]): group[name] for name in NUMBERS if name in names}
        words = {name: group[name] for name in WORDS if name in names}
        record |= {spelled(names[name]): word if word is None else cell(word) for name, word in words.items()}
        record[spelled(names["time"])] = hour_of(group, hints.zone)
        if _failed(record, names):
            tally.counts["failures"] += group["rows"]
            continue
        row = _row(record, names, hints, tally, None)
        row.requests = float(group["rows"])
        if group.get("beside"):
            tally.rules_broken.add(row.parts_rule)
        if group.get("thought_beside") and not _tells_outputs(names):
            tally.outputs_broken.add(row.parts_rule)
        tally.add(row, group["rows"])


def note_missing(names: Mapping[str, str], tally: Tally) -> None:
    """Say which columns a log lacks."""
    if missing := [what for what in NEEDED if what not in names]:
        tally.note(f"No column was found for the {' and '.join(missing)}; choose it.")


def _read_at_once(rows: Rows, names: dict[str, str], hints: Hints, tally: Tally) -> bool:
    """Have the file added up by DuckDB; False where it holds what only reading row by row understands."""
    held = Tally(tally.name)
    answered = (record for record in unwrapped(rows, tuple(names.values())) if not _failed(record, names))
    held.first_rows += [_row(record, names, hints, held, None) for record in islice(answered, MOST_SHOWN)]
    try:
        add_groups(groups_of(rows, names, held, tally.watch), names, hints, held, rows.cell)
    except NotPlain:
        return False
    if tally.everywhere:
        held.overlook_duplicates()
    tally.absorb(held)
    return True


def _row(record: Record, names: dict[str, str], hints: Hints, tally: Tally, day_first: bool | None) -> Row:
    when, bucket_s = _when(record, names)
    if when is not None and not is_day(when) and not has_zone(when):
        tally.note(NO_ZONE.format(hints.zone))

    def tokens(what: str) -> float | None:
        return number(record, names[what]) if what in names else None

    requests = tokens("requests")
    cost, code = _cost(record, names, tally)
    provider = provider_id(text(record, names["provider"])) if "provider" in names else None
    rule = f"the log{f' of {provider}' if provider else ''}"
    return Row(
        moment(when, names["time"], hints.zone, bool(day_first)),
        bucket_s,
        provider,
        text(record, names["model"]) if "model" in names else None,
        requests=1.0 if requests is None and not bucket_s else requests,
        input_tokens=tokens("input"),
        cached_read_tokens=tokens("cached"),
        cache_write_tokens=tokens("written"),
        output_tokens=_output(tokens, names, rule, tally),
        reasoning_tokens=tokens("reasoning"),
        batch=yes(at(record, names["batch"])) if "batch" in names else None,
        cost=cost,
        currency=code,
        parts_rule=rule,
        once=text(record, names["id"]) if "id" in names else None,
    )


def _when(record: Record, names: Mapping[str, str]) -> tuple[Any, float]:
    """The time of a row as the file has it, and the seconds of the period that it stands for; 0 for a request."""
    when = first(record, names["time"])
    clock = first(record, names["hour"]) if "hour" in names else None
    if not is_day(when):
        return when, PERIODS.get(spelled(names["time"]), 0.0)
    if clock is None:
        return when, float(DAY_S)
    return on_day(when, clock), PERIODS["hour"] if spelled(names["hour"]).startswith("hour") else 0.0


def _output(tokens: Callable[[str], float | None], names: Mapping[str, str], rule: str, tally: Tally) -> float | None:
    """All output, with the reasoning that a log may leave out of it: its total tells, and Google counts both apart."""
    output, reasoning = tokens("output"), tokens("reasoning")
    if output is None or not reasoning or not _tells_outputs(names):
        return output
    rest = _beside(tokens)
    tally.outputs_known.add(rule)
    return output if rest == 0 or (rest != reasoning <= output and not _is_google(names)) else output + reasoning


def _tells_outputs(names: Mapping[str, str]) -> bool:
    """Whether each row of a log tells by itself if its output holds its reasoning."""
    return "total" in names or _is_google(names)


def _is_google(names: Mapping[str, str]) -> bool:
    return spelled(names["output"]).startswith("candidates")


def _beside(tokens: Callable[[str], float | None]) -> float | None:
    """What the total has beyond input and output; None where a row has no total."""
    total = tokens("total")
    return None if total is None else total - (tokens("input") or 0.0) - (tokens("output") or 0.0)


def _cost(record: Record, names: Mapping[str, str], tally: Tally) -> tuple[float | None, str | None]:
    """What was charged and in which currency: that of its column, of its sign, or of the column's name."""
    if "cost" not in names:
        return None, None
    value, sign = unsigned(at(record, names["cost"]))
    cost = amount(value, names["cost"], lowest=-LARGEST)
    if cost is None:
        return None, None
    code = currency(record, names["currency"]) if "currency" in names else None
    if not (code or sign or "usd" in names["cost"].lower()):
        tally.note(NO_CURRENCY)
    return cost, code or sign or "USD"


def _failed(record: Record, names: dict[str, str]) -> bool:
    status = str(first(record, names["status"]) or "").strip().lower() if "status" in names else ""
    if found := STATUS.match(status):
        return int(found[1]) >= 400
    return any(word in status for word in FAILED)

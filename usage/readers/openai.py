"""OpenAI: pages of the usage and costs API, the CSVs of the dashboard, and answers with their usage."""

import re
from datetime import datetime

from intake.records import Record, Rows, at, objects
from usage.fields import currency, first, first_number, money, names, number, text, unwrapped, yes
from usage.names import is_model
from usage.row import Row, added
from usage.tally import Tally
from usage.times import length_s, moment

PAGES, USAGE_CSV, COSTS_CSV = "openai usage page", "openai dashboard usage csv", "openai dashboard costs csv"
COUNTED = ("completions", "embeddings", "moderations", "images", "audio_speeches", "audio_transcriptions", "decisions")
OTHERS = "Usage of OpenAI's {} has no tokens and is left out."
UNIT_TOKENS = {"tokens": 1, "1000_tokens": 1_000}
TIMES = ("start_time", "end_time", "start_time_iso", "end_time_iso")
USAGE_COLUMNS = (
    *TIMES, "model", "batch", "num_model_requests", "input_tokens", "input_cached_tokens", "input_uncached_tokens",
    "input_cache_write_tokens", "input_cache_write_30m_tokens", "input_cache_write_12h_tokens", "output_tokens",
)  # fmt: skip
COSTS_COLUMNS = (*TIMES, "amount_value", "amount_currency", "quantity", "quantity_unit", "line_item")


def is_bucket(bucket: Record) -> bool:
    """Whether this is a bucket of a page: seconds of Unix time and results."""
    return {"starttime", "endtime", "results"} <= set(bucket)


def read_pages(rows: Rows, tally: Tally) -> None:
    """Pages, several of them, or their buckets alone."""
    tally.parts_documented = True
    for page in rows.records():
        if is_bucket(page):
            _bucket(page, tally)
            continue
        tally.page(yes(at(page, "has_more")) or False)
        for bucket in objects(at(page, "data")):
            _bucket(bucket, tally)
    if not tally.formats:
        tally.formats.append(PAGES)


def _bucket(bucket: Record, tally: Tally) -> None:
    start, end = moment(at(bucket, "start_time"), "start_time"), moment(at(bucket, "end_time"), "end_time")
    rows: dict[str, list[Row]] = {}
    for result in objects(at(bucket, "results")):
        kind = (text(result, "object") or "").split(".")
        what = kind[-2] if len(kind) > 2 else "costs" if at(result, "amount") else "completions"
        told = "openai costs page" if what == "costs" else f"openai usage {what} page"
        if told not in tally.formats:
            tally.formats.append(told)
        if what == "costs":
            row = _cost(result, start, end, money(result, "amount", "value"), currency(result, "amount/currency"))
        elif what in COUNTED:
            row = _usage(result, start, length_s(start, end))
        else:
            tally.note(OTHERS.format(what.replace("_", " ")))
            continue
        row.team = tally.by.of(result)
        rows.setdefault(what, []).append(row)
    for what, found in (rows or {"": []}).items():
        tally.bucket(what, start, end, found)


def _usage(result: Record, start: datetime | None, bucket_s: float | None) -> Row:
    total, cached, uncached = (
        number(result, f"input_{kind}") for kind in ("tokens", "cached_tokens", "uncached_tokens")
    )
    written = number(result, "input_cache_write_tokens")
    if written is None and "inputcachewritetokens" not in result and None not in (total, cached, uncached):
        written = max(total - cached - uncached, 0.0)  # the three parts add up, so the rest was written
    lifetimes = [(name, number(result, f"input_cache_write_{name}_tokens")) for name in ("30m", "12h")]
    written = added(*(tokens for _, tokens in lifetimes)) if written is None else written
    return Row(
        start,
        bucket_s,
        "openai",
        text(result, "model"),
        requests=number(result, "num_model_requests"),
        input_tokens=total,
        cached_read_tokens=cached,
        cache_write_tokens=written,
        output_tokens=number(result, "output_tokens"),
        batch=yes(at(result, "batch")),
        parts_rule="the rows of OpenAI",
        ttl_tokens=tuple((name, tokens) for name, tokens in lifetimes if tokens is not None),
    )


def _cost(result: Record, start: datetime | None, end: datetime | None, cost: float | None, code: str | None) -> Row:
    item = text(result, "line_item")
    name = (item or "").split(",")[0].strip()
    model = name if name and is_model(name, "openai") else None
    times = UNIT_TOKENS.get(text(result, "quantity_unit") or "")
    tokens = (number(result, "quantity") or 0.0) * times if times else None
    return Row(start, length_s(start, end), "openai", model, cost=cost, currency=code, line=item, line_tokens=tokens)


def read_csv(rows: Rows, tally: Tally) -> None:
    """A CSV of the dashboard. Its empty buckets are rows of times alone, and so are all rows of an empty export."""
    known = names(rows)
    costs, usage = "amountvalue" in known, not known.isdisjoint(("inputtokens", "nummodelrequests"))
    tally.formats.append(COSTS_CSV if costs else USAGE_CSV)
    tally.parts_documented = True
    if not costs and not usage:
        tally.note("The export holds no usage: it has times alone.")
    for record in rows.records(COSTS_COLUMNS if costs else USAGE_COLUMNS):
        start = moment(first(record, "start_time", "start_time_iso"), "start_time")
        end = moment(first(record, "end_time", "end_time_iso"), "end_time")
        if start and end:
            tally.buckets.add((start, end))
        if costs:
            code = currency(record, "amount_currency")
            tally.add(_cost(record, start, end, money(record, "amount_value"), code))
        elif usage:
            tally.add(_usage(record, start, length_s(start, end)))


ANSWER_TIMES = ("created", "created_at", "timestamp", "time", "start_time", "date", "ts")
ANSWER_COLUMNS = ("id", "model", "usage", "object", "type", *ANSWER_TIMES)


def is_answer(record: Record) -> bool:
    """Whether this is an answer of a model as the API gave it, with its usage."""
    usage = at(record, "usage")
    return bool(at(record, "model")) and any(
        at(usage, name) is not None for name in ("prompt_tokens", "input_tokens", "completion_tokens")
    )


def read_answers(rows: Rows, tally: Tally) -> None:
    """Answers of OpenAI's or Anthropic's API, one object each; Anthropic's input is without cached reads and writes."""
    tally.formats.append("answers of the api with their usage")
    for record in unwrapped(rows, ANSWER_COLUMNS):
        usage = at(record, "usage")
        anthropic = any(at(usage, f"cache_{kind}_input_tokens") is not None for kind in ("read", "creation"))
        read = first_number(usage, "cache_read_input_tokens", "prompt_tokens_details/cached_tokens",
                            "input_tokens_details/cached_tokens")  # fmt: skip
        written = first_number(usage, "cache_creation_input_tokens", "prompt_tokens_details/cache_write_tokens",
                               "input_tokens_details/cache_write_tokens")  # fmt: skip
        stated = first_number(usage, "prompt_tokens", "input_tokens")
        model = text(record, "model")
        tally.add(
            Row(
                moment(first(record, *ANSWER_TIMES), "created"),
                0.0,
                "anthropic" if anthropic or re.match("claude", model or "") else None,
                model,
                requests=1.0,
                input_tokens=stated if not anthropic or stated is None else stated + (read or 0) + (written or 0),
                cached_read_tokens=read,
                cache_write_tokens=written,
                output_tokens=first_number(usage, "completion_tokens", "output_tokens"),
                reasoning_tokens=first_number(usage, "completion_tokens_details/reasoning_tokens",
                                              "output_tokens_details/reasoning_tokens"),
                once=text(record, "id"),
            )
        )  # fmt: skip

"""Langfuse: exports of observations, events or the older table, with usage as disjoint parts."""

import re
from collections.abc import Mapping

from intake.records import Record, Rows, at, inner
from usage.fields import first_number, money, number, text, unwrapped
from usage.row import Row, added
from usage.tally import Tally
from usage.times import moment

LANGFUSE_COLUMNS = (
    "id", "startTime", "providedModelName", "model", "usageDetails", "usage", "totalCost", "calculatedTotalCost",
    "costDetails", "promptTokens", "completionTokens",
)  # fmt: skip
ANTHROPIC = {"cachereadinputtokens": "read", "cachecreationinputtokens": "write"}
LIFETIME = re.compile(r"ephemeral(\d+[mh])")  # of a cache write, which LangChain counts by this name alone


def read(rows: Rows, tally: Tally) -> None:
    """Observations with usage and a model. Their usage is of disjoint parts; `total` is used where they overlap."""
    tally.formats.append("langfuse observations export")
    for record in unwrapped(rows, LANGFUSE_COLUMNS):
        usage = next((found for name in ("usageDetails", "usage") if (found := inner(at(record, name)))), None)
        model = text(record, "providedModelName", "model")
        row = _langfuse_usage(usage) if isinstance(usage, Mapping) else Row(None)
        if row.input_tokens is None and row.output_tokens is None:
            row.input_tokens = first_number(record, "promptTokens", "usage/promptTokens")
            row.output_tokens = first_number(record, "completionTokens", "usage/completionTokens")
        if not model or not added(row.input_tokens, row.output_tokens):
            continue
        row.start, row.bucket_s, row.model = moment(at(record, "startTime"), "startTime"), 0.0, model
        row.requests, row.currency, row.once = 1.0, "USD", text(record, "id")
        costs = ("totalCost", "calculatedTotalCost", "costDetails/total")
        row.cost = next((cost for name in costs if (cost := money(record, *name.split("/"))) is not None), None)
        tally.add(row)


def _langfuse_usage(usage: Record) -> Row:
    sums: dict[str, float] = {}
    lifetimes: dict[str, float] = {}
    texts = None
    for key in usage:
        if key == "unit" or key.endswith("cost"):  # of the shape before `usageDetails`
            continue
        value = number(usage, key)
        if value is None:
            continue
        if key == "inputtexttokens":
            texts = value
        part = ANTHROPIC.get(key) or (
            "input" if key.startswith("input") else "output" if key.startswith("output") else ""
        )
        named = [part] if part in ("input", "output") else ["input", part] if part else []
        if lifetime := LIFETIME.search(key):
            lifetimes[lifetime[1]] = value
        if part == "input" and (lifetime or "cach" in key):
            named.append("write" if lifetime or "creat" in key or "writ" in key else "read")
        if part == "output" and "reasoning" in key:
            named.append("reasoning")
        for name in named:
            sums[name] = sums.get(name, 0.0) + value
    total = number(usage, "total")
    if texts is not None and total is not None:  # text tokens stand again in the other parts
        sums["input"] = max(total - sums.get("output", 0.0), 0.0)
    cached = ("read" in sums or "write" in sums) or None
    return Row(
        None,
        input_tokens=sums.get("input"),
        cached_read_tokens=cached and sums.get("read", 0.0),
        cache_write_tokens=cached and sums.get("write", 0.0),
        output_tokens=sums.get("output"),
        reasoning_tokens=sums.get("reasoning"),
        ttl_tokens=tuple(lifetimes.items()),
    )

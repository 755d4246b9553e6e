"""Anthropic: usage, cost and analytics reports of the API, and the CSVs of the console."""

from datetime import datetime

from costmodel.numerals import numeral
from intake.errors import Refusal
from intake.records import Record, Rows, at, objects
from usage.fields import currency, first_number, money, number, text, yes
from usage.row import Row, added
from usage.tally import Tally
from usage.times import DAY_S, length_s, moment

CENTS = 100
USAGE, COST = "anthropic usage_report/messages (legacy)", "anthropic cost_report (legacy)"
MOST_GROUPS = 100  # of a bucket in the bucketed analytics reports, without a row for the rest
LIFETIMES = ("5m", "1h")
USAGE_COLUMNS = (
    "usage_date_utc", "model_version", "model", "usage_type", "usage_input_tokens_no_cache",
    "usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write_1h", "usage_input_tokens_cache_read",
    "usage_output_tokens",
)  # fmt: skip
COST_COLUMNS = ("usage_date_utc", "model", "cost_usd", "list_price_usd")
FULL = "A bucket holds {} groups; a report that shows only the largest 100 leaves out the rest."
REGION = (
    "Usage ran in the United States alone (inference_geo us), for which Anthropic asks a tenth more than its list; "
    "list prices here are without that surcharge, which an option states as its own."
)
OVERLAP = "is grouped by rbac_group_id, and a person in two groups counts twice; export it without that grouping."


def is_page(page: Record) -> bool:
    """Whether an object is a page of one of the reports, or one bucket of it."""
    entry = next(objects(at(page, "data")), page)
    return "startingat" in entry and any(key in entry for key in ("results", "usage", "cost"))


def read_pages(rows: Rows, tally: Tally) -> None:
    """Pages of a report, several of them, or their buckets alone."""
    for page in rows.records():
        entries = objects(at(page, "data")) if at(page, "data") is not None else iter((page,))
        if at(page, "data") is not None:
            tally.page(yes(at(page, "has_more")) or False)
            tally.known_until = moment(at(page, "data_refreshed_at"), "data_refreshed_at") or tally.known_until
        for entry in entries:
            start = moment(at(entry, "starting_at"), "starting_at")
            end = moment(at(entry, "ending_at"), "ending_at")
            if at(entry, "results") is None:
                _analytics(entry, start, end, tally)
            else:
                _bucket(entry, start, end, tally)
    if not tally.formats:
        tally.formats.append("anthropic report")


def _bucket(entry: Record, start: datetime | None, end: datetime | None, tally: Tally) -> None:
    rows: dict[str, list[Row]] = {}
    for result in objects(at(entry, "results")):
        _refuse_overlap(result)
        if at(result, "amount") is None:
            row = _usage(result, result, start, end)
            _told_region(tally, result)
            row.team = tally.by.of(result)
            rows.setdefault(USAGE, []).append(row)
            continue
        row = Row(start, length_s(start, end), "anthropic", text(result, "model"))
        row.cost, row.list_cost = _dollars(result, "amount"), _dollars(result, "list_amount")
        row.currency = currency(result, "currency") or "USD"
        row.team = tally.by.of(result)
        rows.setdefault(COST, []).append(row)
    for form, found in (rows or {"": []}).items():
        tally.bucket(form, start, end, found)
        if form:
            _told(tally, form)
        if len(found) >= MOST_GROUPS:
            tally.note(FULL.format(numeral(len(found), ",")))


def _analytics(entry: Record, start: datetime | None, end: datetime | None, tally: Tally) -> None:
    group, usage, cost = (at(entry, name) for name in ("group", "usage", "cost"))
    _refuse_overlap(group)
    if product := text(group, "product"):
        tally.note(
            f"The report holds the product {product!r:.40}; seats of chat, Claude Code and office products are no bill "
            "of an API."
        )
    if usage is not None:
        _told(tally, "anthropic analytics usage")
        row = _usage(usage, group, start, end)
        _told_region(tally, group)
        row.requests = number(usage, "requests")
    else:
        _told(tally, "anthropic analytics cost")
        row = Row(
            start,
            length_s(start, end),
            "anthropic",
            text(group, "model"),
            requests=number(cost, "requests"),
            cost=_dollars(cost, "amount"),
            currency=currency(cost, "currency") or "USD",
            list_cost=_dollars(cost, "list_amount"),
        )
    row.team = tally.by.of(group)
    tally.add(row)


def _usage(usage: Record, group: Record, start: datetime | None, end: datetime | None) -> Row:
    """Uncached input, cached reads and writes are apart in every report; no field holds their sum."""
    uncached, read = number(usage, "uncached_input_tokens"), number(usage, "cache_read_input_tokens")
    lifetimes = [(name, number(usage, "cache_creation", f"ephemeral_{name}_input_tokens")) for name in LIFETIMES]
    written = added(*(tokens for _, tokens in lifetimes))
    written = first_number(usage, "cache_creation_input_tokens") if written is None else written
    tier = text(group, "service_tier")
    return Row(
        start,
        length_s(start, end),
        "anthropic",
        text(group, "model"),
        requests=number(usage, "requests"),
        input_tokens=added(uncached, read, written),
        cached_read_tokens=read,
        cache_write_tokens=written,
        output_tokens=number(usage, "output_tokens"),
        batch=None if tier is None else tier == "batch",
        ttl_tokens=tuple((name, tokens) for name, tokens in lifetimes if tokens is not None),
    )


def _refuse_overlap(group: Record) -> None:
    if at(group, "rbac_group_id") is not None:
        raise Refusal(OVERLAP)


def _told_region(tally: Tally, record: Record) -> None:
    """Usage that was kept in one country costs more than the list says."""
    if (text(record, "inference_geo") or "").lower() == "us":
        tally.note(REGION)


def _dollars(record: Record, name: str) -> float | None:
    cents = money(record, name)
    return None if cents is None else cents / CENTS


def _told(tally: Tally, form: str) -> None:
    if form not in tally.formats:
        tally.formats.append(form)


def read_usage_csv(rows: Rows, tally: Tally) -> None:
    """The console's usage: a day, a model and four kinds of input that add up."""
    tally.formats.append("anthropic console usage csv")
    for record in rows.records(USAGE_COLUMNS):
        kinds = ("no_cache", "cache_read", "cache_write_5m", "cache_write_1h")
        plain, read, *written = (number(record, f"usage_input_tokens_{kind}") for kind in kinds)
        tier = text(record, "usage_type")
        _told_region(tally, record)
        tally.add(
            Row(
                moment(at(record, "usage_date_utc"), "usage_date_utc"),
                DAY_S,
                "anthropic",
                text(record, "model_version", "model"),
                input_tokens=added(plain, read, *written),
                cached_read_tokens=read,
                cache_write_tokens=added(*written),
                output_tokens=number(record, "usage_output_tokens"),
                batch=None if tier is None else tier.lower() == "batch",
                ttl_tokens=tuple((name, t) for name, t in zip(LIFETIMES, written, strict=True) if t is not None),
            )
        )


def read_cost_csv(rows: Rows, tally: Tally) -> None:
    """The console's cost: dollars, where the API has cents; models by the name they are shown under."""
    tally.formats.append("anthropic console cost csv")
    for record in rows.records(COST_COLUMNS):
        tally.add(
            Row(
                moment(at(record, "usage_date_utc"), "usage_date_utc"),
                DAY_S,
                "anthropic",
                text(record, "model"),
                cost=money(record, "cost_usd"),
                currency="USD",
                list_cost=money(record, "list_price_usd"),
            )
        )

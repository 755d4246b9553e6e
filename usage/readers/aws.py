"""AWS: lines of the Cost and Usage Report, with the Marketplace lines of Bedrock, and Bedrock's log of calls."""

from intake.errors import Refusal
from intake.records import Record, Rows, at
from usage.fields import currency, first, money, names, number, text
from usage.meters import MARKETPLACE_UNIT, NO_TOKENS, OTHER, Meter, aws, tokens_to_the_unit
from usage.row import Row, added
from usage.tally import Tally
from usage.times import length_s, moment

USAGE_LINES = ("usage", "discountedusage", "savingsplancoveredusage")
COLUMNS = (
    "line_item_line_item_type", "line_item_usage_start_date", "line_item_usage_end_date", "line_item_product_code",
    "line_item_usage_type", "line_item_usage_amount", "line_item_unblended_cost", "line_item_currency_code",
    "pricing_unit", "product", "product_name", "product_product_name",
)  # fmt: skip


def read_bill(rows: Rows, tally: Tally) -> None:
    """Cost and Usage Report 2.0, or the older one with its strokes in names. Marketplace lines count as Bedrock's."""
    rows.identity = ("identity_line_item_id",)
    tally.formats.append("aws cur (legacy)" if "productproductname" in names(rows) else "aws cur 2.0")
    tally.silent_parts = True
    for record in rows.records(COLUMNS):
        kind = text(record, "line_item_line_item_type") or "Usage"
        cost, code = money(record, "line_item_unblended_cost"), currency(record, "line_item_currency_code")
        if kind.lower().replace(" ", "") not in USAGE_LINES:
            tally.aside(kind, cost, code)
            continue
        product = text(record, "product/product_name", "product_name", "product_product_name")
        product_code, usage_type = text(record, "line_item_product_code"), text(record, "line_item_usage_type") or ""
        meter = aws(usage_type, product)
        if "bedrock" not in f"{product} {product_code}".lower() and not (meter.kind and "MP:" in usage_type):
            tally.aside(OTHER, cost, code)
            continue
        start = moment(at(record, "line_item_usage_start_date"), "line_item_usage_start_date")
        end = moment(at(record, "line_item_usage_end_date"), "line_item_usage_end_date")
        known = {"start": start, "bucket_s": length_s(start, end), "provider": "aws", "cost": cost, "currency": code}
        tally.add(meter.row(_tokens(record, meter, tally), **known))


def _tokens(record: Record, meter: Meter, tally: Tally) -> float | None:
    amount, unit = money(record, "line_item_usage_amount"), text(record, "pricing_unit")
    if meter.kind is None or amount is None:
        tally.note(NO_TOKENS.format("Bedrock", "the hour, the image or the unit of a service"))
        return None
    if (times := tokens_to_the_unit(unit)) is not None:
        return amount * times
    marketplace = "MP:" in (text(record, "line_item_usage_type") or "")
    if unit is None:
        tally.note("Lines without a unit were read as AWS writes them: Marketplace in millions, others in thousands.")
    if unit is not None and unit.lower() not in ("units", "unit"):
        raise Refusal(f"has tokens in the unit {unit!r:.40}, which must be one such as 1K tokens, 1M tokens or Units.")
    return amount * (MARKETPLACE_UNIT if unit or marketplace else 1e3)


LOG_COLUMNS = ("schema_type", "timestamp", "model_id", "input", "output", "error_code", "request_id")


def is_log(record: Record) -> bool:
    """Whether this is one call in the log of Bedrock's calls."""
    return "modelid" in record and ("schematype" in record or at(record, "input", "inputTokenCount") is not None)


def read_log(rows: Rows, tally: Tally) -> None:
    """Bedrock's log of calls. Input is without cached reads and writes; calls that failed are left out."""
    tally.formats.append("bedrock model invocation log")
    tally.silent_parts = True
    for record in rows.records(LOG_COLUMNS):
        if text(record, "error_code"):
            tally.counts["failures"] += 1
            continue
        plain, read, written = (
            number(record, "input", f"{kind}InputTokenCount") for kind in ("", "cacheRead", "cacheWrite")
        )
        tally.add(
            Row(
                moment(first(record, "timestamp"), "timestamp"),
                0.0,
                "aws",
                (text(record, "model_id") or "").rpartition("/")[2] or None,
                requests=1.0,
                input_tokens=added(plain, read, written),
                cached_read_tokens=read,
                cache_write_tokens=written,
                output_tokens=number(record, "output", "output_token_count"),
                once=text(record, "request_id"),
            )
        )

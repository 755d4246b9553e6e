"""Google Cloud: the billing export of BigQuery, nested or flat, with Vertex AI and the Gemini API."""

import re

from intake.records import Record, Rows, at, each
from usage.fields import currency, money, text
from usage.meters import NO_TOKENS, OTHER, Meter, google, tokens_to_the_unit
from usage.tally import Tally
from usage.times import length_s, moment

COLUMNS = (
    "service", "sku", "usage_start_time", "usage_end_time", "usage", "cost", "currency", "credits", "cost_type",
    "service.description", "sku.description", "usage.amount", "usage.unit", "credits.amount",
    "service_description", "sku_description", "usage_amount", "usage_unit",
)  # fmt: skip
GENERATIVE = re.compile(
    r"gemini|claude|llama|mistral|codestral|palm|imagen|veo\b|deepseek|qwen|grok|embedding|generate content|gpt-oss",
    re.I,
)
SERVICES = re.compile(
    r"vertex ai|gemini api|generative language|^(?:claude|llama|mistral|codestral|grok|deepseek|qwen)", re.I
)


def read_bill(rows: Rows, tally: Tally) -> None:
    """The billing export of BigQuery, nested or flat. A line's cost is net of the credits that belong to it."""
    tally.formats.append("gcp billing export")
    tally.silent_parts = True
    for record in rows.records(COLUMNS):
        service, sku = text(record, "service/description") or "", text(record, "sku/description") or ""
        cost, code = money(record, "cost"), currency(record, "currency")
        credits = sum(money(entry, "amount") or 0.0 for entry in each(at(record, "credits")))
        credits += money(record, "credits", "amount") or 0.0
        net = None if cost is None else cost + credits
        kind = text(record, "cost_type") or "regular"
        if kind.lower() != "regular":
            tally.aside(kind, net, code)
        elif not (SERVICES.search(service) and GENERATIVE.search(f"{service} {sku}")):
            tally.aside(OTHER, net, code)
        else:
            start = moment(at(record, "usage_start_time"), "usage_start_time")
            end = moment(at(record, "usage_end_time"), "usage_end_time")
            meter = google(sku, service)
            known = {"start": start, "bucket_s": length_s(start, end), "provider": "google", "cost": net}
            tally.add(meter.row(_tokens(record, meter, tally), currency=code, **known))


def _tokens(record: Record, meter: Meter, tally: Tally) -> float | None:
    amount, unit = money(record, "usage", "amount"), (text(record, "usage/unit") or "").lower()
    times = 1.0 if unit == "count" else tokens_to_the_unit(unit)
    if meter.kind is None or amount is None or times is None:
        told = "the character" if "char" in unit else "the hour, the image or another unit"
        tally.note(NO_TOKENS.format("Google", told))
        return None
    return amount * times

"""DeepSeek's console: amounts of tokens and costs, in two files of one archive."""

from intake.records import Rows, at
from usage.fields import currency, money, names, number, text
from usage.row import Row
from usage.tally import Tally
from usage.times import length_s, moment

AMOUNT_COLUMNS = ("start_time_iso", "end_time_iso", "model", "type", "amount")
COST_COLUMNS = ("start_time_iso", "end_time_iso", "model", "cost", "currency")


def read(rows: Rows, tally: Tally) -> None:
    """A row for each kind of tokens, or the cost. Times carry an offset: a Chinese day is not one of UTC."""
    amounts = "amount" in names(rows)
    tally.formats.append(f"deepseek console export ({'amount' if amounts else 'cost'}-*.csv of the zip)")
    tally.silent_parts = True
    for record in rows.records(AMOUNT_COLUMNS if amounts else COST_COLUMNS):
        start = moment(at(record, "start_time_iso"), "start_time_iso")
        row = Row(
            start,
            length_s(start, moment(at(record, "end_time_iso"), "end_time_iso")),
            "deepseek",
            text(record, "model"),
        )
        if amounts:
            kind, amount = text(record, "type") or "", number(record, "amount")
            _fill(row, kind, amount, tally)
        else:
            row.cost, row.currency = money(record, "cost"), currency(record, "currency")
        tally.add(row)


def _fill(row: Row, kind: str, amount: float | None, tally: Tally) -> None:
    if kind == "request_count":
        row.requests = amount
    elif kind == "output_tokens":
        row.output_tokens = amount
    elif kind in ("input_cache_hit_tokens", "input_cache_miss_tokens"):
        row.input_tokens = amount
        row.cached_read_tokens = amount if kind == "input_cache_hit_tokens" else None
    else:
        tally.note(f"Rows of the kind {kind!r:.40} are not known here and are left out.")

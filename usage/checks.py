"""What a reader should know before believing a file: each test a sentence, none a crash."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from costmodel.numerals import numeral
from usage.list_prices import at
from usage.meters import kind_of
from usage.money import usd
from usage.names import listed
from usage.tally import Cell, Tally
from usage.times import DAY_S, HOUR_S, month_start, next_month
from usage.totals import by_month, covered, currencies, month_of

NEAR = 3.0  # how far a price paid may lie from the list: discounts, tiers, regions
UNITS = ((100, "cents that were read as whole units"), (1e3, "thousands of tokens"), (1e6, "millions of tokens"))
UNIT_SPREAD = 3.0
FEWEST_USD = 0.01  # below, rounding decides


def sentences(tally: Tally) -> list[str]:
    """What is to be said about one file, whatever others are given."""
    cells = list(tally.cells.values())
    found = [*tally.notes, *_left_out(tally), *_parts(tally, cells), *_currencies(cells), *_prices(cells)]
    found += [*_lines(tally), *_undated(cells), *_resolution(tally), *_silence(tally, cells)]
    return list(dict.fromkeys(found))


def span(tallies: Sequence[Tally], now: datetime | None = None) -> list[str]:
    """What is to be said about the time that files of one kind cover together."""
    whole = joined(tallies)
    return [*_pages(whole, now or datetime.now(UTC)), *_months(whole)]


def joined(tallies: Sequence[Tally]) -> Tally:
    """The time that files of one kind cover together."""
    whole = Tally("", buckets=set().union(*(tally.buckets for tally in tallies)))
    for tally in tallies:
        whole.cells |= tally.cells
        whole.more += tally.more
        whole.known_until = max(filter(None, (whole.known_until, tally.known_until)), default=None)
    return whole


def part_months(tallies: Sequence[Tally], now: datetime | None = None) -> set[str]:
    """Months, as YYYY-MM, of which files of one kind hold a part: cut at an end, or still running."""
    whole = joined(tallies)
    running = running_from(whole, now)
    return {month for month, *_ in cut_months(whole)} | ({f"{running:%Y-%m}"} if running else set())


def _left_out(tally: Tally) -> Iterator[str]:
    told = {
        "failures": "{} of the calls failed and {are} not counted.",
        "cancelled": "{} of the calls {were} cancelled: tokens and cost count, the call does not.",
        "gateway_cache_hits": "{} of the answers came from a gateway's cache, asked no model, and {are} left out.",
        "repeated within the file": "{} of the rows {stand} again on an overlapping page and {are} counted once.",
        "sums": "{} of the rows {are} the sum of others and {are} left out.",
        "perhaps sums": "{} of the rows {have} no time or {are} called a total, but {are} not the sum of others: "
        "{they} {count}, so leave out what is a total.",
        "copies": "{} of the rows {are} like another in all that is read, and {they} {count}: where parts of the "
        "file overlap, leave one of them out.",
        "repeated from another file": "{} of the rows {stand} in a file given before and {are} counted once in sums.",
    }
    for why, sentence in told.items():
        if count := tally.counts[why]:
            one = {"are": "is", "were": "was", "stand": "stands", "have": "has", "they": "it", "count": "counts"}
            yield sentence.format(numeral(count, ","), **(one if count == 1 else {word: word for word in one}))
    if tally.duplicates_unknown:
        yield "There are too many rows to look for those that stand twice."
    for (_, name, currency), cost in tally.beside.items():
        amount = f"{numeral(cost, ',.10g')} {currency or 'in a currency that is not named'}"
        yield f"Beside the cost of usage: {name}, {amount}."
    if not tally.rows:
        yield "No row holds any usage or cost."


def _parts(tally: Tally, cells: list[Cell]) -> Iterator[str]:
    """Test 1: parts that exceed the input show that it leaves them out, and so does reasoning above the output."""
    for rule in sorted(tally.rules_broken):
        yield f"In {rule} cached tokens exceed the input in some rows: it leaves them out, so they were added to it."
    said = {cell.key.parts_rule for cell in cells if cell.key.parts_rule and cell.cached_read_tokens}
    for rule in sorted(said - tally.rules_broken if not tally.parts_documented else ()):
        yield f"In {rule} the input was taken to hold cached tokens, which no row disproves and none proves."
    for rule in sorted(tally.outputs_broken):
        yield f"In {rule} reasoning exceeds the output in some rows: the output leaves it out, so it was added."
    said = {cell.key.parts_rule for cell in cells if cell.key.parts_rule and cell.reasoning_tokens}
    for rule in sorted(said - tally.outputs_broken - tally.outputs_known if not tally.parts_documented else ()):
        yield f"In {rule} the output was taken to hold reasoning tokens, which no row disproves and none proves."


def _pages(tally: Tally, now: datetime) -> Iterator[str]:
    """Test 3: a page that is missing, gaps between buckets, a last bucket that still runs."""
    if tally.more and all(tally.more):
        yield "Another page follows the last one (has_more is true): what is read here is not all."
    if gaps := _gaps(tally):
        more = f", nor at {numeral(len(gaps) - 1, ',')} other times" if len(gaps) > 1 else ""
        told = f"No bucket is from {_day(gaps[0][0])} to {_day(gaps[0][1])}{more}"
        yield f"{told}: a page is missing, or quiet times are left out."
    if start := running_from(tally, now):
        yield f"The last bucket, from {_day(start)}, is still running or cut off: leave it out of growth and peaks."


def _gaps(tally: Tally) -> list[tuple[datetime, datetime]]:
    found, reached = [], None
    for start, end in sorted(tally.buckets):
        if reached and start > reached:
            found.append((reached, start))
        reached = max(reached or end, end)
    return found


def running_from(tally: Tally, now: datetime | None = None) -> datetime | None:
    """The beginning of a last bucket that had not ended, or is shorter than the others; None where there is none."""
    cells = (cell.key for cell in tally.cells.values() if cell.key.start and cell.key.bucket_s)
    held = tally.buckets or {(key.start, key.start + timedelta(seconds=key.bucket_s)) for key in cells}
    if not held:
        return None
    start, end = max(held)
    known_until = min(now or datetime.now(UTC), tally.known_until or datetime.max.replace(tzinfo=UTC))
    usual = Counter(end - start for start, end in tally.buckets).most_common(1)
    return start if end > known_until or (usual and end - start < usual[0][0]) else None


def _months(tally: Tally) -> Iterator[str]:
    """Test 5: months of which the files hold a part."""
    for month, first, last in cut_months(tally):
        yield f"{month} is here from {_day(first)} to {_day(last)}: part of a month, to be left out of growth."


def _undated(cells: list[Cell]) -> Iterator[str]:
    without = [cell for cell in cells if month_of(cell) is None]
    if any(cell.key.start is None for cell in without):
        yield "Some rows say no time, so they belong to no month; say which period the file covers."
    if any(cell.key.start for cell in without):
        yield "Some rows last from one month into another and belong to neither; export them by day."


def cut_months(tally: Tally) -> list[tuple[str, datetime, datetime]]:
    """(month, from, to) for the first and the last month where the file does not hold all of it.

    Where empty buckets are not listed, less than a day without traffic at either end is taken for a quiet one.
    """
    listed = (min(tally.buckets)[0], max(end for _, end in tally.buckets)) if tally.buckets else None
    span = listed or covered(tally.cells.values())
    if span is None or not tally.cells:
        return []
    quiet = timedelta() if listed else timedelta(seconds=DAY_S - 1)
    first, last = span
    found = {}
    for moment in (first, last - timedelta(microseconds=1)):
        begin, end = month_start(moment), next_month(moment)
        if first > begin + quiet or last < end - quiet:
            found[moment.strftime("%Y-%m")] = (max(first, begin), min(last, end))
    return [(month, *bounds) for month, bounds in found.items()]


def _currencies(cells: list[Cell]) -> Iterator[str]:
    if len(known := currencies(cells)) > 1:
        yield f"Costs are in {' and '.join(known)}, which are not added up."


def _resolution(tally: Tally) -> Iterator[str]:
    """Test 4: what days cannot show."""
    if tally.bucket_s is not None and tally.bucket_s > HOUR_S:
        what = "days" if tally.bucket_s == DAY_S else "longer than an hour"
        yield f"Buckets are {what}: the busiest hour and the hours with traffic cannot be known from this file."


def _silence(tally: Tally, cells: list[Cell]) -> Iterator[str]:
    """What the whole file does not say, which is not zero."""
    tokens = [cell for cell in cells if cell.input_tokens or cell.output_tokens]
    if not tokens:
        return
    if all(cell.requests is None for cell in cells):
        yield "The file counts no requests, so tokens a request are not known."
    if all(cell.cached_read_tokens is None for cell in tokens):
        yield "The file says nothing about cached tokens, which is not none."


def _prices(cells: list[Cell]) -> Iterator[str]:
    """Test 2: money for tokens near the list price; a power of ten between them is a unit that was read wrongly."""
    starts = {(month_of(cell), cell.key.provider, cell.key.model): cell.key.start for cell in cells}
    only = currencies(cells)
    for (month, provider, model, currency), sums in by_month(cells).items():
        cell = Cell(None, sums)
        when = starts.get((month, provider, model))
        if not cell.cost or cell.cost < 0 or not (cell.input_tokens or cell.output_tokens):
            continue
        price = listed(provider, model, when)
        paid = usd(cell.cost, currency or (only[0] if only else None), when)
        if price is None or paid is None:
            continue
        parts = at(cell, price)
        expected = parts.total - parts.batch
        if max(paid, expected) > FEWEST_USD and expected > 0:
            yield from _told(f"{model} in {month}", paid / expected)


def _lines(tally: Tally) -> Iterator[str]:
    """Test 2 for lines of a bill that count tokens of one kind each, such as "gpt-4.1, input_tokens"."""
    for line, (tokens, cost) in tally.quantities.items():
        model, _, rest = line.partition(",")
        kind, price = kind_of(rest.replace("_", " ")), listed("openai", model.strip(), None)
        if kind and price and cost > FEWEST_USD and currencies(tally.cells.values()) == ["USD"]:
            name = {"cached_read": "cache_read", "reasoning": "output"}.get(kind, kind)
            yield from _told(line, cost / (tokens * getattr(price.prices, f"{name}_usd_per_mtok") / 1e6))


def _told(what: str, ratio: float) -> Iterator[str]:
    """ratio: of money paid to the list price."""
    if 1 / NEAR <= ratio <= NEAR:
        return
    apart = max(ratio, 1 / ratio)
    unit = next((name for size, name in UNITS if size / UNIT_SPREAD <= apart <= size * UNIT_SPREAD), None)
    likely = f"probably a unit, such as {unit}" if unit else "look at tier, region, discount and what is not tokens"
    times = f"{numeral(ratio, ',.3g')} times" if ratio > 0.01 else f"1/{numeral(1 / ratio, ',.0f')} of"
    yield f"{what} costs {times} its list price: {likely}."


def _day(when: datetime) -> str:
    return when.strftime("%Y-%m-%d" if (when.hour, when.minute) == (0, 0) else "%Y-%m-%d %H:%M UTC")

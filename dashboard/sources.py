"""Where a number comes from, in a line that stands beside it."""

from datetime import date

from costmodel.scenario import number_at
from dashboard import state
from dashboard.components import plain
from pricing.dates import day
from pricing.facts import Fact
from pricing.origins import JUDGEMENT, Origin
from reports.words.origins import dated, source_of
from reports.words.plain import typeset
from reports.words.typed import between

STALE = ":material/schedule: older than half a year."


def note(origin: Origin, path: str) -> str:
    """Where the value at `path` is from, with its range; of the reader's own, what stood there before."""
    spec = number_at(state.scenario(), path)
    if origin.yours:
        return plain(" ".join(filter(None, (f"Yours. {source_of(origin, spec)}.", origin.why))))
    parts = [cited(origin)]
    if origin.low is not None and spec and origin.low < origin.high:
        parts.append(f"Range {between(origin.low, origin.high, spec)}.")
    if origin.why:
        parts.append(origin.why)
    return typeset(" ".join(part.replace("$", "\\$") for part in parts))


def cited(source: Fact | Origin) -> str:
    """Title, date and confidence of a source, linked where it has an address."""
    title = typeset(source.source.rstrip("."))
    linked = f"[{title}]({source.source_url})" if source.source_url else plain(title)
    stale = f" {STALE}" if source.is_stale(date.today()) else ""
    judged = source.confidence == JUDGEMENT and JUDGEMENT in title  # is not said twice
    more = day(source.as_of) if source.as_of else "", "" if judged else source.confidence
    return typeset(f"{dated(linked, *more, sentence=source.source.endswith('.'))}.{stale}")

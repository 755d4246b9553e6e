"""Where a number comes from, in a line that stands beside it."""

from datetime import date

from costmodel.scenario import number_at
from dashboard import state
from pricing.evidence import Evidence
from pricing.facts import Fact
from reports.text import with_unit

STALE = ":material/schedule: older than half a year"


def note(found: Evidence | None, path: str) -> str:
    """The source of the value at `path`, with its range; or what the source says, when the value was changed."""
    if found is None:
        return "Entered here; no source."
    spec = number_at(state.scenario(), path)
    parts = [cited(found.fact)]
    if not found.unchanged:
        says = with_unit(found.value, spec.unit) if spec else str(found.value)
        parts.insert(0, f"**Changed**; the source says {says}.")
    if found.low is not None and spec and found.low < found.high:
        parts.append(f"Range {with_unit(found.low, spec.unit)} to {with_unit(found.high, spec.unit)}.")
    if found.fact.why:
        parts.append(found.fact.why)
    return " ".join(part.replace("$", "\\$") for part in parts)


def cited(fact: Fact) -> str:
    """Title, date and confidence of a source, linked where it has an address."""
    title = f"[{fact.source}]({fact.source_url})" if fact.source_url else fact.source
    stale = f" {STALE}" if fact.is_stale(date.today()) else ""
    return f"{title}, {fact.as_of:%Y-%m-%d}, {fact.confidence}.{stale}"

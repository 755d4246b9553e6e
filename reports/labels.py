"""Paths of a scenario as readers know them."""

from costmodel.fields import Number, number_of
from costmodel.scenario import Scenario, declared
from costmodel.units import UNITS
from reports.dates import MONTHS
from reports.money import in_currency
from reports.text import field_name, with_unit

SHORT_UNITS = {"share": "%", "per year": "% a year", "tokens/request": "per request"}
IN_PERCENT = ("share", "per year")  # units that are entered and shown in percent
SAYS_ITS_UNIT = ("ratio", "month of the year", "calendar year", "tokens")


def field_label(record: type, name: str) -> str:
    """'Server price (USD)': a field and the unit that its input takes."""
    spec = number_of(record, name)
    if spec is None:
        return field_name(name)
    title = field_name(name, spec.unit, spec.label)
    if UNITS[spec.unit].suffix.strip("_") == name or spec.unit in SAYS_ITS_UNIT:
        return title
    return f"{title} ({in_currency(SHORT_UNITS.get(spec.unit, spec.unit))})"


def path_label(scenario: Scenario, path: str, also: tuple[str, ...] = ()) -> str:
    """A path without its context: 'Own servers: server price (USD)'; with `also`, the name of all their options."""
    label = field_label(*declared(scenario, path))
    if not path.startswith("options."):
        return label
    named = [scenario.options[member.split(".")[1]] for member in (path, *also)]
    kinds = {option.title for option in named}
    whose = named[0].label if len(named) == 1 else f"{' and '.join(sorted(kinds))}, all"
    return f"{whose}: {label if label[:2].isupper() else label[0].lower() + label[1:]}"


def said(value: object, spec: Number | None) -> str:
    """A value of the scenario in words: a number with its unit, a switch as yes or no, a choice without underscores."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if spec is None:
        return str(value).replace("_", " ") or "none"
    if spec.unlimited and value >= spec.high:
        return "no limit"
    if spec.unknown and value <= spec.low:
        return "not known"
    return MONTHS[int(value) - 1] if spec.unit == "month of the year" else with_unit(value, spec.unit)

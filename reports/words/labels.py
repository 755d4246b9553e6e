"""Paths of a scenario as readers know them."""

from costmodel.errors import Amount, At, Bounds, Fault, ForFiles, Named, ScenarioError, Unit
from costmodel.fields import SHARES, Number, number_of
from costmodel.numerals import marked
from costmodel.scenario import Scenario, declared, has, numbers
from costmodel.units import UNITS
from pricing.dates import MONTHS
from reports.words.money import in_currency, is_money
from reports.words.text import (
    ACRONYMS,
    FIGURES,
    NO_LIMIT,
    NOT_KNOWN,
    SHORT_UNITS,
    YEAR,
    converted_roughly,
    field_name,
    in_figures,
    in_full,
    in_unit,
    spoken,
    spoken_at_most,
    to_figures,
    unit_label,
    with_unit,
)

ONE = "1.0"  # of a ratio: no "1 times"
SAYS_ITS_UNIT = ("ratio", "month of the year", "calendar year", "tokens")


def field_title(record: type, name: str) -> str:
    """'Server price': a field without its unit; beside others of its base, what is its own."""
    spec = number_of(record, name)
    title = field_name(name, spec.unit, spec.label) if spec else field_name(name)
    says_itself = spec and spec.label and name in record.__annotations__
    return f"{title}, {record.aside}" if record.aside and not says_itself else title


def field_label(record: type, name: str) -> str:
    """'Server price (USD)': a field and the unit that its input takes."""
    return f"{field_title(record, name)}{_in_brackets(record, name)}"


def _in_brackets(record: type, name: str) -> str:
    spec = number_of(record, name)
    if spec is None or UNITS[spec.unit].suffix.strip("_") == name or spec.unit in SAYS_ITS_UNIT:
        return ""
    return f" ({in_currency(SHORT_UNITS.get(spec.unit, UNITS[spec.unit].label))})"


def label_of(path: str, spec: Number | None) -> str:
    """The end of a path for readers, without its unit: 'Server price'."""
    return field_name(path.rpartition(".")[2], spec.unit if spec else "", getattr(spec, "label", ""))


def path_label(scenario: Scenario, path: str, also: tuple[str, ...] = ()) -> str:
    """A path without its context: 'Own servers: server price (USD)'; with `also`, the name of all their options."""
    record, name = declared(scenario, path)
    return f"{_with_owner(scenario, field_title(record, name), path, also)}{_in_brackets(record, name)}"


def path_name(scenario: Scenario, path: str, also: tuple[str, ...] = ()) -> str:
    """What stands at a path, without its unit: 'Own servers: server price'; of a path the scenario lacks, its end."""
    try:
        record, name = declared(scenario, path)
    except ScenarioError:
        return field_name(path.rpartition(".")[2])
    return _with_owner(scenario, field_title(record, name), path, also)


def path_of_figures(scenario: Scenario, path: str, also: tuple[str, ...] = ()) -> str:
    """The same beside figures that stand alone, with the unit that they do not show: 'Longest time per token (ms)'."""
    unit = numbers(scenario)[path].unit
    return (path_name if unit in SHARES or is_money(unit) else path_label)(scenario, path, also)


def _with_owner(scenario: Scenario, title: str, path: str, also: tuple[str, ...] = ()) -> str:
    """'Own servers: wage', or of several options 'Wage of all own servers and token APIs'.

    Others of a kind may have another value: 'Wage of all own servers and of A by API', '... of 2 of 3 token APIs'.
    """
    if not path.startswith("options."):
        return title
    named = {member.split(".")[1] for member in (path, *also)}
    if len(named) == 1:
        return f"{scenario.options[named.pop()].label}: {lowered(title)}"
    within, whole, some = path.split(".", 2)[2], [], []
    for kind in sorted({_plural(scenario.options[slug].title) for slug in named}):
        of_kind = {slug: option.label for slug, option in scenario.options.items() if _plural(option.title) == kind}
        there = [slug for slug in of_kind if has(scenario, f"options.{slug}.{within}")]
        ours = [of_kind[slug] for slug in there if slug in named]
        if len(ours) == len(there):
            whole.append(kind)
        else:
            some.append(ours[0] if len(ours) == 1 else f"{len(ours)} of {len(there)} {kind}")
    told = [f"all {' and '.join(whole)}" * bool(whole), *some]
    return f"{title}{',' if ',' in title else ''} of {' and of '.join(filter(None, told))}"


def lowered(title: str) -> str:
    """A title within a sentence: 'price decline', but 'ML engineers'."""
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def within(name: str) -> str:
    """The name of a number within a sentence; one that begins with an option's stays as it is."""
    return name if ": " in name else lowered(name)


def _plural(kind: str) -> str:
    """A kind of option within a sentence: 'token APIs', 'own servers'."""
    return f"{kind[0].lower()}{kind[1:]}{'' if kind.endswith('s') else 's'}"


def on_screen(refusal: Fault, scenario: Scenario) -> str:
    """A refusal in words for a screen: names for paths, amounts in the reader's units, nothing about spelling."""
    return refusal.told(lambda part: _part_on_screen(part, scenario))


def _part_on_screen(part: object, scenario: Scenario) -> str:
    match part:
        case At(path) if path.startswith("options.") and path.count(".") == 1:
            return _option_label(path.removeprefix("options."), scenario)
        case At(path):
            return path_name(scenario, path)
        case Named(slug):
            return _option_label(slug, scenario)
        case Amount(value, unit):
            return f"{in_figures(value, unit, spoken_at_most)}{' %' if unit in SHARES else ''}"
        case Bounds(low, high, unit) if unit in SHARES:
            return f"between {spoken(in_unit(low, unit))} and {in_full(high, unit)}"
        case Bounds(low, high, unit) if unit == YEAR:
            return f"between {in_figures(low, unit)} and {in_figures(high, unit)}"
        case Bounds(low, high, unit):
            least, most = (spoken(converted_roughly(end, unit)) for end in (low, high))
            return f"between {least} and {most} {unit_label(unit)}".rstrip()
        case Unit(unit):
            return unit_label(unit)
        case ForFiles():
            return ""
        case _:
            return str(part)


def _option_label(slug: str, scenario: Scenario) -> str:
    return scenario.options[slug].label if slug in scenario.options else slug


def roughly(value: float, spec: Number) -> str:
    """A number of the scenario in words where its last digits mean nothing: as many as headlines and amounts have."""
    return said(to_figures(value, spec.unit, FIGURES), spec)


def said(value: object, spec: Number | None) -> str:
    """A value of the scenario in words: a number with its unit, a switch as yes or no, a choice without underscores."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if spec is None:
        return " ".join(ACRONYMS.get(word, word) for word in str(value).split("_")) or "none"
    if spec.unlimited and value >= spec.high:
        return NO_LIMIT
    if spec.unknown and value <= spec.low:
        return NOT_KNOWN
    if spec.unit == "ratio" and value == 1:
        return f"{marked(ONE)} {unit_label(spec.unit)}"
    return MONTHS[int(value) - 1] if spec.unit == "month of the year" else with_unit(value, spec.unit)

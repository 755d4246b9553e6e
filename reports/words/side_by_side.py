"""Several scenarios held against each other, in sentences and rows."""

from collections.abc import Mapping, Sequence

from answers.side_by_side import SideBySide
from costmodel.comparison import Comparison, OptionCost
from reports.words.briefing import Table
from reports.words.measure import measure
from reports.words.order import SAME, TOO_CLOSE, leaders, listed
from reports.words.text import percent, signed_percent, usd
from reports.words.verdict import span


def results(chosen: SideBySide) -> Table:
    """The cheapest option of each, what every option costs, and the difference to the first."""
    compared, costs = chosen.comparisons, chosen.costs_usd
    names = list(compared)
    rows = [("Cheapest", *(_cheapest(found) for found in compared.values()))]
    if chosen.per_year:
        rows.append(("Horizon", *(span(found.scenario.finance.horizon_months) for found in compared.values())))
    for alike in _same_options(compared):
        cells = []
        for name in names:
            slug, first = alike.get(name), alike.get(names[0])
            if slug is None:
                cells.append("")
                continue
            before = costs[names[0]][first] if first and name != names[0] else 0.0
            out = ", ruled out" if compared[name][slug].broken_rules else ""
            cells.append(f"{_with_delta(costs[name][slug], before)}{out}")
        labels = dict.fromkeys(compared[name][slug].label for name, slug in alike.items())
        rows.append((" / ".join(labels), *cells))
    told = f"{measured(chosen)}{', a year' if chosen.per_year else ''}"
    return Table(headline(chosen), [told, *names], rows, _note(chosen))


def _same_options(compared: Mapping[str, Comparison]) -> list[dict[str, str]]:
    """Scenario -> slug of each option, whatever it is called there: as what differs is told, then by its name."""
    rows: list[dict[str, str]] = []
    for name, found in compared.items():
        left = dict(found.costs)
        for is_same in (_is_renamed, _is_namesake):
            for row in rows:
                before = [compared[other][slug] for other, slug in row.items()]
                if name not in row and (slug := next((s for s in left if is_same(left[s], before)), None)):
                    row[name] = slug
                    del left[slug]
        rows += [{name: slug} for slug in left]
    return rows


def _is_renamed(cost: OptionCost, before: Sequence[OptionCost]) -> bool:
    return any((cost.slug, cost.option.kind) == (other.slug, other.option.kind) for other in before)


def _is_namesake(cost: OptionCost, before: Sequence[OptionCost]) -> bool:
    return any(cost.label == other.label for other in before)


def measured(chosen: SideBySide) -> str:
    """In which money the scenarios are told."""
    return " or ".join(dict.fromkeys(measure(scenario).name for scenario in chosen.scenarios.values()))


def curves_note(chosen: SideBySide) -> str:
    """What the curves are, also where the title's figure is a year of them."""
    told = "The cheapest option of each scenario, cumulative; the last step of a curve is what is sold at the end."
    return (
        f"{told} Each goes to its own horizon; the title has what the whole is worth a year."
        if chosen.per_year
        else told
    )


def _note(chosen: SideBySide) -> str:
    """Against what differences are, and how horizons that differ are made comparable."""
    told = f"In brackets: the difference to {next(iter(chosen.scenarios))}."
    if not chosen.per_year:
        return told
    return f"{told} Horizons differ, so costs are a year: the level yearly payment that is worth the whole."


def _cheapest(found: Comparison) -> str:
    if not found.allowed:
        return "none keeps the rules"
    first, *others = (found[slug].label for slug in leaders(found))
    return f"{listed([first, *others])}: {TOO_CLOSE}" if others else first


def headline(chosen: SideBySide) -> str:
    """What the first costs at the least, and how much more or less each of the others is."""
    compared = chosen.comparisons
    if none := [name for name, found in compared.items() if not found.allowed]:
        return f"{', '.join(none)}: the rules of the scenario leave no option"
    (first, amount), *others = chosen.least_usd.items()
    label = compared[first][compared[first].ranking[0]].label
    gaps = [f"{name}: {_gap(other, amount)}" for name, other in others]
    per_year, told = " a year" if chosen.per_year else "", measure(compared[first].scenario).said
    return f"{first}: {label} for {usd(amount)}{per_year} {told}; {'; '.join(gaps)}"


def _gap(amount: float, first: float) -> str:
    change = amount / first - 1 if first else 0.0
    if abs(change) < SAME:
        return "as much" if amount == first else "about as much"
    return f"{percent(abs(change))} {'more' if change > 0 else 'less'}"


def _with_delta(amount: float, before: float) -> str:
    change = amount / before - 1 if before else 0.0
    if abs(change) < SAME:
        return usd(amount)
    return f"{usd(amount)} ({signed_percent(change)})"


def curves_title(chosen: SideBySide) -> str:
    """Which of the scenarios costs least, by the end or a year."""
    ends, when = chosen.least_usd, "a year" if chosen.per_year else "by the end"
    least, most = min(ends, key=ends.get), max(ends, key=ends.get)
    if ends[most] - ends[least] <= SAME * abs(ends[most]):
        return f"All cost the same {when}, {usd(ends[least])}"
    return f"{least}: lowest cost {when}, {usd(ends[least])}"

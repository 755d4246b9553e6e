"""A decision beside what happened since, in words: planned and paid, its signposts, the verdict with today's usage."""

from collections.abc import Collection, Iterable

from costmodel.comparison import Comparison
from costmodel.numerals import numeral
from costmodel.scenario import Scenario, numbers
from pricing.dates import MONTHS, day
from pricing.decisions import Decision, Signpost
from reports.words.briefing import Table
from reports.words.labels import path_name, roughly
from reports.words.money import converted
from reports.words.order import TOO_CLOSE, difference, leaders, listed, ruling
from reports.words.planned import Line, Month, Planned
from reports.words.text import MINUS, MULTIPLES_FROM, compact, four_figures, percent, spoken, usd_exact
from reports.words.uncertainty import Also

CROSSED, NEAR, FAR = "crossed", "near", "far"
LINE_COLUMNS = ("Line", "Planned", "Paid", "Difference", "By volume", "By price", "Tokens planned", "Tokens used")
BESIDE = "planned beside it"


def headline(planned: Planned) -> str:
    """How the last month stands against its plan."""
    if not planned.months:
        return "No whole month of these files lies within the plan"
    month = planned.months[-1]
    total, what = month.total, "paid" if month.is_billed else "at list price"
    return f"{month.name}: {usd_exact(total.paid_usd)} {what}, {_against(total)}"


def _against(line: Line) -> str:
    left = line.difference_usd
    if abs(left) < 0.5:
        return "as planned"
    if line.planned_usd <= 0:
        return f"{usd_exact(abs(left))} {'above' if left > 0 else 'below'} the plan"
    if (ratio := line.paid_usd / line.planned_usd) >= MULTIPLES_FROM:
        return f"{compact(ratio)} times the plan"
    return f"{percent(abs(left) / line.planned_usd)} {'above' if left > 0 else 'below'} the plan"


def remarks(planned: Planned) -> list[str]:
    """What has to be known to read the comparison."""
    starts = f"{MONTHS[planned.starts.month - 1]} {planned.starts.year}"
    if not planned.months:
        return [f"The plan starts in {starts}."]
    told = []
    if planned.begun:
        told.append(f"The plan starts in {starts}: beside {planned.months[-1].name} stands its first month, as if it "
                    "had begun then.")  # fmt: skip
    used = sorted({model for month in planned.months for model in month.models})
    if not planned.model:
        told.append("The plan pays no provider for tokens of a model of its own: what is paid here may be beside it.")
    elif planned.model not in used:
        told.append(f"The plan is for {planned.model} and these files are of {listed(used)}: another model has other "
                    "prices and counts other tokens.")  # fmt: skip
    if not all(month.is_billed for month in planned.months):
        told.append("Where no file holds the bill of a whole month, paid is usage at list price less the discount.")
    return told


def months_table(planned: Planned) -> Table:
    """Month by month: requests and money, planned and real."""
    rows = [
        (month.name, usd_exact(month.total.planned_usd), usd_exact(month.total.paid_usd),
         _signed(month.total.difference_usd), _against(month.total), _count(month.planned_requests),
         _count(month.used_requests))
        for month in planned.months
    ]  # fmt: skip
    columns = ("Month", "Planned", "Paid", "Difference", "Paid is", "Requests planned", "Requests")
    return Table(headline(planned), columns, rows, "Planned is what a bill for tokens tells of the option.")


def lines_table(month: Month) -> Table:
    """One month by line: what other numbers of tokens make of the difference, and what other prices do."""
    rows = [_row(line) for line in (*month.lines, month.total) if line.planned_usd or line.paid_usd or
            line.used_tokens]  # fmt: skip
    rows += [(f"{line.name}, {BESIDE}", *_row(line)[1:]) for line in month.beside]
    note = (
        "Tokens are paid at the list prices of their days less the discount; what the bill has beyond is the other "
        "charges. By volume: other numbers of tokens at the planned price."
    )
    return Table(f"{month.name} by line", LINE_COLUMNS, rows, note)


def _row(line: Line) -> tuple[str, ...]:
    amounts = (line.difference_usd, line.by_volume_usd, line.by_price_usd)
    return (line.name, usd_exact(line.planned_usd), "" if line.paid_usd is None else usd_exact(line.paid_usd),
            *map(_signed, amounts), _count(line.planned_tokens), _count(line.used_tokens))  # fmt: skip


def _count(value: float | None) -> str:
    return "" if value is None else numeral(value, ",.0f")


def _signed(usd: float | None) -> str:
    if usd is None:
        return ""
    told = usd_exact(usd)
    return told if told.startswith(MINUS) or round(converted(usd)) == 0 else f"+{told}"


def signpost_words(scenario: Scenario, post: Signpost, also: Also) -> str:
    """'Requests in an average month above 2.8 million requests a month'."""
    value = roughly(post.value, numbers(scenario)[post.path])
    return f"{path_name(scenario, post.path, also.get(post.path, ()))} {post.side} {value}"


def standing(post: Signpost, now: float) -> str:
    """Whether a signpost is crossed, near or far."""
    return CROSSED if post.crossed(now) else NEAR if post.near(now) else FAR


def signposts_table(decision: Decision, decided: Scenario, now: Scenario, told: Collection[str],
                    also: Also) -> Table:  # fmt: skip
    """Each signpost, how the number stood and stands, and who would be the cheapest beyond; crossed ones first.

    `told` has the paths that files or the reader tell; any other number stands as it was decided.
    """
    known = numbers(decided)
    states = {post: standing(post, now[post.path]) for post in decision.signposts}
    order = (CROSSED, NEAR, FAR)
    rows = [
        (signpost_words(decided, post, also), states[post],
         roughly(now[post.path], known[post.path]) if post.path in told else "as decided: no file tells it",
         roughly(decided[post.path], known[post.path]), decided.options[post.then].label)
        for post in sorted(decision.signposts, key=lambda post: order.index(states[post]))
    ]  # fmt: skip
    columns = ("Signpost", "It is", "Now", "When decided", "Cheapest beyond it")
    note = "Near: within a tenth of the value. Each number for itself, everything else as decided."
    return Table(_signposts_title(states.values()), columns, rows, note)


def _signposts_title(states: Iterable[str]) -> str:
    states = list(states)
    if not states:
        return "No single number would have changed the decision"
    told = [f"{states.count(state)} {state}" for state in (CROSSED, NEAR) if state in states]
    return f"Signposts: {' and '.join(told)}" if told else "No signpost is near"


def today(decision: Decision, before: Comparison, after: Comparison) -> str:
    """What would be decided with today's usage."""
    chosen, best = after[decision.option], after[after.ranking[0]]
    if not after.allowed:
        return "With today's usage the rules of the scenario leave no option"
    if chosen.broken_rules:
        return f"With today's usage {chosen.label} breaks a rule: {ruling(chosen)}"
    was = "" if decision.option in leaders(before) else f"; when decided it cost {difference(before, decision.option)}"
    if chosen is not best:
        return (
            f"With today's usage {best.label} is the cheapest, and {chosen.label} costs "
            f"{difference(after, decision.option)}{was}"
        )
    others = [after[slug].label for slug in leaders(after)[1:]]
    close = f", {TOO_CLOSE} against {listed(others)}" if others else ""
    return f"With today's usage {chosen.label} is {'now' if was else 'still'} the cheapest{close}"


def chosen_words(decision: Decision, scenario: Scenario) -> str:
    """'Decided on 29 November 2026 for Own servers: the sentence.'"""
    return f"Decided on {day(decision.on)} for {scenario.options[decision.option].label}: {decision.sentence}"


def volume_words(now: Scenario) -> str:
    """The volume that today's verdict is for."""
    return f"{spoken(four_figures(now.workload.requests_per_month))} requests in an average month"

"""What decides between the cheapest option and the next: the groups of cost in which they differ, computed anew."""

from costmodel.comparison import Comparison
from reports.words.briefing import Step
from reports.words.labels import lowered
from reports.words.order import listed
from reports.words.parts import groups
from reports.words.text import percent, usd

MOST, ENOUGH = 2, 0.8  # groups that are named; share of the difference that is enough
LARGE = 0.3  # of the cheapest option's cost: a group so large is worth saying that it decides nothing
SAME = 0.03  # of a group, it is the same for both; of the difference, it need not be told


def decided_by(comparison: Comparison) -> str:
    """Where the next option costs more and where less than the cheapest; empty where there is no other."""
    if len(comparison.allowed) < 2:
        return ""
    best, other = (comparison[slug] for slug in comparison.ranking[:2])
    amounts = groups(comparison, [best.slug, other.slug])
    more = {group: theirs - ours for group, (ours, theirs) in amounts.items()}
    gap = sum(more.values())
    above = sorted((group for group in more if more[group] > 0), key=more.get, reverse=True)
    below = sorted((group for group in more if more[group] < 0), key=more.get)
    if not above or gap <= 0:
        return ""
    told = _foremost(above, more, gap + sum(-more[group] for group in below))
    if below and -sum(more[group] for group in below) > (1 - ENOUGH) * gap:
        told += _foremost(below, more, sum(more[group] for group in below))
    words = [_more(more[group], lowered(group)) for group in told]
    rest = gap - sum(more[group] for group in told)
    words += [_more(rest, "all else")] if abs(rest) > SAME * gap else []
    return f"{other.label} costs {listed(words)} than {best.label}.{_alike(amounts, float(best.net_present_cost_usd))}"


def steps(comparison: Comparison) -> tuple[Step, ...]:
    """From the cost of the next option to that of the cheapest, group by group; empty where there is no other."""
    if len(comparison.allowed) < 2:
        return ()
    best, other = (comparison[slug] for slug in comparison.ranking[:2])
    changes = {group: ours - theirs for group, (ours, theirs) in groups(comparison, [best.slug, other.slug]).items()}
    return (
        Step(other.label, float(other.net_present_cost_usd)),
        *(Step(group, change) for group, change in changes.items() if change),
        Step(best.label, float(best.net_present_cost_usd)),
    )


def _foremost(order: list[str], more: dict[str, float], whole: float) -> list[str]:
    """The first groups until they are enough of the whole."""
    told, sum_usd = [], 0.0
    for group in order[:MOST]:
        told.append(group)
        sum_usd += more[group]
        if sum_usd >= ENOUGH * whole if whole > 0 else sum_usd <= ENOUGH * whole:
            break
    return told


def _more(amount: float, what: str) -> str:
    """'$240k more for tokens'."""
    return f"{usd(abs(amount))} {'more' if amount > 0 else 'less'} for {what}"


def _alike(amounts: dict[str, list[float]], cost: float) -> str:
    """The largest group in which the two do not differ, where it is a large part of the cost."""
    gap = abs(sum(theirs - ours for ours, theirs in amounts.values()))
    same = [group for group, (ours, theirs) in amounts.items()
            if ours > LARGE * cost > 0 and abs(theirs - ours) <= SAME * min(ours, gap)]  # fmt: skip
    if not same:
        return ""
    group = max(same, key=lambda group: amounts[group][0])
    return f" {group}, {percent(amounts[group][0] / cost)} of the cheapest, cost the same in both."

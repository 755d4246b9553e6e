"""The answer in sentences, computed from the result. Screen, slides and brief say the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from answers.pair import owned_and_rented
from answers.volume import VOLUME, VOLUME_ABOVE, crossings_by_volume
from costmodel.break_even import Crossing, in_time
from costmodel.comparison import Comparison, OptionCost, Switch
from costmodel.numerals import numeral
from costmodel.scenario import Scenario
from costmodel.units import MONTHS_PER_YEAR
from reports.words.behind import unlike_models
from reports.words.dates import month_name, numbered
from reports.words.measure import measure
from reports.words.order import EQUAL, TOO_CLOSE, WITHIN_ERROR, alike, dearer, leaders, listed, ruling
from reports.words.own_speed import is_bound
from reports.words.start import bridged_months, service
from reports.words.text import MULTIPLES_FROM, compact, percent, usd
from reports.words.workload import unlike_applications, volume_asked

WITHOUT_REFUSED = " without models that you refused"
UNTIL_SOLD = ", but not once what is sold at the end counts"


@dataclass(frozen=True)
class Verdict:
    """The first screen in words: who is cheapest, by how much, and where owning stands."""

    cheapest: str
    headline: str
    owning: str


def span(months: int) -> str:
    """'5 years' or '18 months'."""
    years, rest = divmod(months, MONTHS_PER_YEAR)
    if rest or not years:
        return f"{months} month{'s' if months > 1 else ''}"
    return f"{years} year{'s' if years > 1 else ''}"


def over(scenario: Scenario) -> str:
    """What a verdict is over: '5 years' or, where marks rule a model out, '5 years without models that you refused'."""
    refused = any(option.serves_itself() and option.model_refused for option in scenario.options.values())
    return span(scenario.finance.horizon_months) + (WITHOUT_REFUSED if refused else "")


def asked(scenario: Scenario) -> str:
    """What is asked for how long: '594k requests in an average month, growing 9 % a year, 5 years from May 2027 on'."""
    return f"{volume_asked(scenario)}, {span(scenario.finance.horizon_months)} from {month_name(scenario, 1)} on"


def verdict(comparison: Comparison) -> Verdict:
    """Headline and the sentence about owning, for a single scenario."""
    ranking = comparison.ranking
    best = comparison[ranking[0]]
    horizon = over(comparison.scenario)
    if best.broken_rules:
        headline = "The rules of the scenario leave no option"
        return Verdict(best.slug, f"{headline}; without them {best.label} would cost least.", ruling(best))
    amount = f"{usd(best.net_present_cost_usd)} {measure(comparison.scenario).said}"
    close = leaders(comparison)[1:]
    if close:
        others = [f"{comparison[slug].label} ({_more(comparison, slug)})" for slug in close]
        headline = f"Too close to call over {horizon}: {listed([f'{best.label} ({amount})', *others])}."
    else:
        runner_up = comparison.allowed and ranking[1 : len(comparison.allowed)][:1]
        second = "".join(f"; next: {comparison[slug].label}, {_more(comparison, slug)}" for slug in runner_up)
        first = "Cheapest" if second or len(ranking) == 1 else "The only option that the rules leave"
        headline = f"{first} over {horizon}: {best.label}, {amount}{second}."
    told = (
        WITHIN_ERROR if close else "",
        _barred(comparison, best),
        _owning(comparison),
        _waiting(comparison, best),
        _unasked(best),
        _bounds(comparison),
        unlike_models(comparison),
        unlike_applications(comparison.scenario),
    )
    return Verdict(best.slug, headline, " ".join(dict.fromkeys(filter(None, told))))


def _more(comparison: Comparison, slug: str) -> str:
    amount, least = (float(comparison[each].net_present_cost_usd) for each in (slug, comparison.ranking[0]))
    return dearer(amount, least)


def _barred(comparison: Comparison, best: OptionCost) -> str:
    """The cheapest of the options that a rule excludes, where it would cost less than the best of the rest."""
    barred = next((comparison[slug] for slug in comparison.ranking if slug not in comparison.allowed), None)
    if barred is None or barred.net_present_cost_usd >= best.net_present_cost_usd:
        return ""
    return _ruling(barred)


def _ruling(cost: OptionCost) -> str:
    amount = usd(cost.net_present_cost_usd)
    return f"{cost.label}: ruled out by the scenario, though it would cost {amount}. {ruling(cost)}"


def _unasked(best: OptionCost) -> str:
    """That the cheapest option does not carry the peak, where no rule asks it to, as in documents from before it."""
    if best.task.scenario.rules.peak_must_be_carried or best.carries_peak:
        return ""
    return f"{best.label}: does not carry the busiest hour of every month, and the rule that it must is off."


def _bounds(comparison: Comparison) -> str:
    """Which options may cost less than is told, since the measurement that they are sized from is a lower bound."""
    bound = [cost.label for cost in comparison.costs.values() if (it := cost.option.gpu_serving()) and is_bound(it)]
    return f"Your measurement is a lower bound of what the GPUs do, so less may do: {listed(bound)}." if bound else ""


def _waiting(comparison: Comparison, best: OptionCost) -> str:
    """Whether users wait for the cheapest option, which is in no cost, or what serves them meanwhile."""
    scenario, option = comparison.scenario, best.option
    if bridged_months(scenario, option):
        return f"{best.label}: {service(scenario, option, numbered)}."
    if option.months_until_serving(scenario.options):
        return f"{best.label}: {service(scenario, option, numbered)}; doing without until then is not costed."
    return ""


def _owning(comparison: Comparison) -> str:
    owned, rented = owned_and_rented(comparison)
    if owned is None or rented is None:
        return ""
    for slug, other in ((rented, owned), (owned, rented)):
        if comparison[slug].broken_rules and not comparison[other].broken_rules:
            return _ruling(comparison[slug])
    return owning_sentence(comparison, rented, owned)


@dataclass(frozen=True)
class Overtaking:
    """How one option's curve stands to another's over time: in words, and the crossings that these words name."""

    words: str
    crossings: tuple[Crossing, ...] = ()


def overtaking(comparison: Comparison, rented: str, owned: str) -> Overtaking:
    """Whether and when `owned` becomes cheaper than `rented`: by cumulative cost, without what is sold at the end."""
    found = in_time(comparison[rented], comparison[owned])
    a, told = _with_ruling(comparison, rented), found.crossings[-2:]
    when = [numbered(comparison.scenario, crossing.at) for crossing in told]
    pays = comparison[owned].net_present_cost_usd < comparison[rented].net_present_cost_usd
    match found.outcome:
        case "same" if not pays:
            return Overtaking(f"{EQUAL} cost as {a}")
        case "start":
            return Overtaking(f"cheaper than {a} from the start{'' if pays else UNTIL_SOLD}")
        case "month":
            return Overtaking(f"cheaper than {a} from {when[-1]} on{'' if pays else UNTIL_SOLD}", told[-1:])
        case _ if pays:
            return Overtaking(f"cheaper than {a} only through what the hardware is worth at the end")
        case _ if len(told) == 2:
            return Overtaking(f"cheaper than {a} from {when[0]} on, dearer from {when[1]} on", told)
        case _ if told:
            return Overtaking(f"dearer than {a} from {when[0]} on", told)
        case _:
            return Overtaking(f"never cheaper than {a}")


def owning_sentence(comparison: Comparison, rented: str, owned: str) -> str:
    """Whether, when and from which volume `owned` is cheaper than `rented`, in one or two sentences."""
    words = overtaking(comparison, rented, owned).words
    if words.startswith("never"):
        words += f" at this volume; {_volume(comparison, rented, owned)}"
    return f"{comparison[owned].label}: {words}."


def closeness(comparison: Comparison, a: str, b: str) -> str:
    """That two options cost the same within the model's own error; empty where they do not."""
    if not alike(comparison, a, b):
        return ""
    less, more = sorted((comparison[slug] for slug in (a, b)), key=lambda cost: float(cost.net_present_cost_usd))
    told = dearer(float(more.net_present_cost_usd), float(less.net_present_cost_usd))
    return f"Over the whole horizon they are {TOO_CLOSE}: {more.label} costs {told}. {WITHIN_ERROR}"


def _volume(comparison: Comparison, rented: str, owned: str) -> str:
    today = comparison.scenario[VOLUME]
    found = crossings_by_volume(comparison.scenario, rented, owned)
    above = [crossing.at for crossing in found if crossing.cheaper == owned and crossing.at > today]
    if not above:
        return f"nor would it be at {numeral(VOLUME_ABOVE, ',')} times as much"
    return f"it would be {volumes_won(found, owned)[0]}, {above_today(above[0] / today)}"


def above_today(ratio: float) -> str:
    """How far a number is above today's: '28 % above today's', and from three times on '12 times today's'."""
    if ratio >= MULTIPLES_FROM:
        return f"{numeral(ratio, ',.0f')} times today's"
    return f"{percent(ratio - 1)} above today's" if percent(ratio - 1) != percent(0) else "just above today's"


def volumes_won(crossings: Sequence[Crossing], b: str) -> tuple[str, list[Crossing]]:
    """(at which volumes `b` is the cheaper one, in words; the crossings named there): whole servers make more."""
    first, last = crossings[0], crossings[-1]
    wins = [crossing for crossing in crossings if crossing.cheaper == b]
    if not wins:
        return f"up to {compact(last.at)} requests a month", [last]
    if last.cheaper != b:
        return f"from {compact(wins[0].at)} to {compact(last.at)} requests a month", [wins[0], last]
    words, told = f"from {compact(last.at)} requests a month on", [last]
    if wins[0] is not last:
        words, told = f"{words}, in places from {compact(wins[0].at)}", [wins[0], last]
    if first.cheaper != b:
        words, told = f"{words}, and up to {compact(first.at)}", [first, *told]
    return words, told


def crossing_title(comparison: Comparison, rented: str, owned: str) -> str:
    """Title of the cumulative cost chart: what it shows for this pair."""
    words = overtaking(comparison, rented, owned).words
    close = f", yet {TOO_CLOSE}" if alike(comparison, rented, owned) and not words.startswith(EQUAL) else ""
    return f"{_with_ruling(comparison, owned)}: {words}{close}"


def _with_ruling(comparison: Comparison, slug: str) -> str:
    ruled_out = comparison.allowed and comparison[slug].broken_rules
    return f"{comparison[slug].label}{' (ruled out)' if ruled_out else ''}"


def volume_title(comparison: Comparison, a: str, b: str, crossings: Sequence[Crossing]) -> str:
    """Title of the chart against volume: at which volumes `b` is cheaper than `a`."""
    name_a, name_b = comparison[a].label, comparison[b].label
    if crossings:
        return f"{name_b}: cheaper than {name_a} {volumes_won(crossings, b)[0]}"
    if comparison[b].net_present_cost_usd < comparison[a].net_present_cost_usd:
        return f"{name_b}: cheaper than {name_a} at every volume"
    return f"{name_b}: at no volume cheaper than {name_a}"


def switch_facts(switch: Switch) -> list[tuple[str, str]]:
    """(what, value) of moving from one option to another."""
    if switch.irr_per_year is None:
        irr = "none: not an outlay followed by savings"
    elif switch.irr_per_year < 0:
        irr = "below zero: less comes back than is laid out"
    else:
        irr = f"{percent(switch.irr_per_year)} a year"
    if switch.payback_months is None:
        paid_back = "never within the horizon"
    else:
        paid_back = f"after {numeral(switch.payback_months, '.1f')} months" if switch.payback_months else "at once"
    return [
        ("Net present value of the switch", usd(switch.npv_usd)),
        ("Internal rate of return", irr),
        ("Paid back, discounted", paid_back),
    ]

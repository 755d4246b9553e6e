"""What an option's replicas carry and what holds them back; the steps from the busiest hour to servers."""

from itertools import pairwise

import numpy as np

from answers.sizing import gpu_steps
from costmodel import replica
from costmodel.comparison import Comparison, OptionCost
from costmodel.demand import input_tokens_each, output_tokens_each
from costmodel.memory import sequences_in_memory
from costmodel.numerals import numeral
from costmodel.sizing import (
    concurrency,
    peak_carried_ratio,
    peak_tok_per_s,
    replica_tok_per_s,
    replicas_for_peak,
    servers_for_peak,
    speed_ratio,
    time_per_token_ms,
)
from costmodel.units import SECONDS_PER_HOUR
from reports.words.briefing import Table
from reports.words.dates import numbered
from reports.words.measure import measure
from reports.words.text import compact, highest, percent, usd

MOST_JUMPS = 6  # that a sentence can name
MANIFOLD = 2  # growth from here on is told as a multiple
BY = {  # what takes a token's time -> what of the hardware that is
    "weights": "memory bandwidth, for weights",
    "cache": "memory bandwidth, for attention caches",
    "compute": "compute, for the next tokens",
    "prefill": "compute, for prompts of other requests",
    "messages": "links between GPUs",
    "fixed": "launches, scheduling and waiting",
}


def count(number: float) -> str:
    """Pieces, of which a scenario may allow fractions."""
    return numeral(round(float(number), 2), ",.10g")


OF_THOSE = "GPUs for the peak, of those there"  # in its busiest month, as `gpus_for_peak` tells


def gpus_for_peak(cost: OptionCost) -> str:
    """GPUs that the peak of the busiest month needs, of those that are there: '2 of 8', '8 of 8'.

    More are there where servers come in wholes, where a least number is had and where some stand by.
    """
    needed = np.max(replicas_for_peak(cost.task)) * cost.option.serving.gpus_per_replica
    return f"{count(needed)} of {count(np.max(servers_for_peak(cost.task)) * cost.option.gpus_per_server)}"


def unit_of(cost: OptionCost) -> str:
    """What holds GPUs: a server that is owned, an instance that is rented."""
    return "server" if cost.option.owns_hardware(cost.task.scenario.options) else "instance"


def counted(number: float, name: str) -> str:
    """'1 server', '2.5 servers'."""
    return f"{count(number)} {name}{'' if round(float(number), 2) == 1 else 's'}"


def carried(cost: OptionCost) -> Table:
    """Requests at once, tokens a second and requests an hour: of a replica, a server, the fleet, and what is asked."""
    task, serving, unit = cost.task, cost.option.serving, unit_of(cost)
    per_server = cost.option.gpus_per_server / serving.gpus_per_replica
    asked = highest(peak_tok_per_s(task))
    usable = highest(replica_tok_per_s(task)) * serving.utilization_ceiling_frac
    fleet = highest(_at_peak(task, peak_carried_ratio(task, servers_for_peak(task)))) * asked / usable
    rows = [
        _carried_row(task, "One replica", 1),
        *([_carried_row(task, f"One {unit}", per_server)] if per_server != 1 else []),
        _carried_row(task, "All that serve in the busiest month", fleet),
        _carried_row(task, "Asked for in its busiest hour", asked / usable, gpus=""),
    ]  # fmt: skip
    at_once = highest(concurrency(task))
    together = f", the {count(fleet)} that serve {numeral(at_once * fleet, ',.0f')}" if round(fleet) > 1 else ""
    headline = f"A replica carries {numeral(at_once, ',.0f')} requests at once{together}"
    note = (
        "Requests at once are users who wait for an answer at the same moment, with every place taken. Tokens and "
        f"requests are what may be planned with: {percent(serving.utilization_ceiling_frac)} of that, so that bursts "
        "find room. Spare replicas and what stands by are left out."
    )
    return Table(headline, ["Of", "GPUs", "Requests at once", "Output tokens/s", "Requests an hour"], rows, note)


def _carried_row(task, what: str, replicas: float, gpus: str | None = None) -> tuple[str, ...]:
    serving = task.option.serving
    rate = replicas * highest(replica_tok_per_s(task)) * serving.utilization_ceiling_frac
    an_hour = rate / highest(output_tokens_each(task)) * SECONDS_PER_HOUR
    own = count(replicas * serving.gpus_per_replica) if gpus is None else gpus
    return what, own, numeral(replicas * highest(concurrency(task)), ",.0f"), compact(rate), compact(an_hour)


def held_back(cost: OptionCost) -> list[str]:
    """Which bound holds: memory or the limit on the time per token; and what of the hardware a token waits for."""
    task, serving = cost.task, cost.option.serving
    lengths = input_tokens_each(task), task.scenario.workload.cached_input_frac, output_tokens_each(task)
    limit = task.scenario.workload.time_per_token_limit_ms
    limit_here = limit * speed_ratio(task)
    held = highest(sequences_in_memory(serving, lengths[0] + lengths[2]))
    allowed = highest(replica.batch_within_limit(serving, *lengths, limit_here))
    if highest(replica.least_limit_ms(serving, lengths[0], lengths[2])) > limit_here:
        first = (
            f"**The limit of {numeral(limit, '.3g')} ms is shorter than this replica keeps**: a token takes "
            f"{numeral(highest(time_per_token_ms(task)), '.3g')} ms. More GPUs per replica or a looser limit help."
        )
    elif held < allowed:
        first = (
            f"**Memory holds**: it has room for {numeral(held, ',.0f')} requests at once; the limit of "
            f"{numeral(limit, '.3g')} ms a token "
            f"would allow {numeral(allowed, ',.0f')}."
        )
    else:
        first = (
            f"**The limit holds**: {numeral(limit, '.3g')} ms a token allows {numeral(allowed, ',.0f')} "
            "requests at once; memory has room for "
            f"{numeral(held, ',.0f')}."
        )
    parts = replica.period_parts_ms(serving, concurrency(task), *lengths)
    whole = sum(highest(part) for part in parts.values())
    shares = sorted(((highest(part) / whole, BY[name]) for name, part in parts.items()), reverse=True)
    (most, what), *others = [(share, what) for share, what in shares if share >= 0.005]
    rest = "; ".join(f"{percent(share)} {what}" for share, what in others)
    return [
        first,
        f"A token then waits for **{what}** most: {percent(most)} of its time" + (f" ({rest})." * bool(rest)),
    ]


def gpu_steps_table(comparison: Comparison, slug: str) -> Table | None:
    """What fewer and more GPUs per replica do: the nearest numbers that servers and memory allow; None: no other."""
    today, found = comparison[slug].option.serving.gpus_per_replica, gpu_steps(comparison, slug)
    if len(found) == 1:
        return None
    rows = [_step_row(cost, gpus, found[today], gpus == today) for gpus, cost in found.items()]
    more = max(found)
    columns = ["GPUs per replica", "Requests at once", "Time per token", "Tokens/s per GPU", OF_THOSE,
               measure(comparison.scenario).name, "Against today"]  # fmt: skip
    return Table(_step_headline(found[today], found[more], today, more), columns, rows)


def _step_row(cost: OptionCost, gpus: int, now: OptionCost, is_today: bool) -> tuple[str, ...]:
    difference = highest(cost.net_present_cost_usd) - highest(now.net_present_cost_usd)
    against = "" if is_today else f"{usd(abs(difference))} {'more' if difference >= 0 else 'less'}"
    return (
        f"{gpus} (today)" if is_today else str(gpus),
        numeral(highest(concurrency(cost.task)), ",.0f"),
        f"{numeral(highest(time_per_token_ms(cost.task)), '.3g')} ms",
        compact(_per_gpu(cost)),
        gpus_for_peak(cost),
        usd(cost.net_present_cost_usd),
        flagged(cost, against),
    )


def flagged(cost: OptionCost, told: str) -> str:
    """`told` of an option, after a mark where it breaks a rule."""
    return ": ".join(filter(None, ("breaks a rule" * bool(cost.breaches), told)))


def _step_headline(now: OptionCost, then: OptionCost, today: int, more: int) -> str:
    if more == today:
        return f"{counted(today, 'GPU')} per replica is the most that fits"
    change = _per_gpu(then) / _per_gpu(now) - 1
    times = highest(concurrency(then.task)) / highest(concurrency(now.task))
    step = "One more GPU" if more == today + 1 else f"{more} GPUs instead of {today}"
    return (
        f"{step} per replica: {numeral(times, '.2g')} times the requests at once, "
        f"{percent(abs(change))} {'more' if change >= 0 else 'less'} from each GPU"
    )


def _per_gpu(cost: OptionCost) -> float:
    return highest(replica_tok_per_s(cost.task)) / cost.option.serving.gpus_per_replica


def rounding(cost: OptionCost) -> str:
    """From the busiest hour to servers in words, each step up to a whole one named."""
    task, option, serving, unit = cost.task, cost.option, cost.option.serving, unit_of(cost)
    peak, rate = highest(peak_tok_per_s(task)), highest(replica_tok_per_s(task))
    needed = peak / (rate * serving.utilization_ceiling_frac)
    replicas, servers = highest(replicas_for_peak(task)), highest(servers_for_peak(task))
    busiest = numbered(task.scenario, int(np.argmax(np.ravel(peak_tok_per_s(task)))))
    serve = replicas - (serving.spare_replicas if replicas else 0)
    parts = [f"{numeral(needed, ',.3g')} replicas"]
    if not serving.fractional_replicas:
        parts.append(f"{count(serve)} in whole ones")
    if serving.spare_replicas and replicas:
        parts.append(f"{count(replicas)} with those that are spare")
    gpus, each = counted(replicas * serving.gpus_per_replica, "GPU"), counted(option.gpus_per_server, "GPU")
    return (
        f"The busiest hour, in {busiest}, asks for {compact(peak)} output tokens/s. A replica is planned at "
        f"{percent(serving.utilization_ceiling_frac)} of its {compact(rate)}. That takes {', '.join(parts)}: {gpus}, "
        f"in {counted(servers, unit)} of {each}{_standing_by(cost)}."
    )


def _standing_by(cost: OptionCost) -> str:
    least = cost.option.minimum_servers
    told = f", at least {count(least)}" if least else ""
    by = {"server": f", one {unit_of(cost)} standing by", "site": ", half of them on a second site"}
    return told + by.get(cost.option.serving.standby, "")


def jumps(cost: OptionCost) -> str:
    """When servers or instances become more or fewer, and how much more traffic in the busiest hour needs the next.

    What is owned or committed stays once it is there; what is rented by the hour goes when it is not needed.
    """
    task, unit = cost.task, unit_of(cost)
    if task.option.serving.fractional_replicas:
        return "Fractions of replicas and servers count, so nothing jumps."
    needed = np.ravel(servers_for_peak(task))[1:]
    if not needed.any():
        return "Nothing is asked for, so nothing runs."
    stays = task.option.owns_hardware(task.scenario.options) or task.option.paid_round_the_clock()
    there = np.maximum.accumulate(needed) if stays else needed
    begins = [0, *(np.flatnonzero(np.diff(there)) + 1), len(there)]
    told = [_there(task, counted(there[i], unit), i, end) for i, end in pairwise(begins) if there[i] > 0]
    if len(told) > MOST_JUMPS:
        most = int(np.argmax(there))
        peak = _there(task, counted(there[most], unit), most, begins[begins.index(most) + 1])
        told = [told[0], f"{len(told) - 1} changes after that, at the most {peak}"]
    room = highest(_at_peak(task, peak_carried_ratio(task, servers_for_peak(task))))
    grown = f"grows by {percent(max(room - 1, 0))}" if room < MANIFOLD else f"is {numeral(room, '.3g')} times as high"
    return f"{', '.join(told)}. The next {unit} is needed once the busiest hour {grown}."


def _there(task, servers: str, first: int, end: int) -> str:
    """'3 instances from month 49 (July 2031)', or in that month alone."""
    month = numbered(task.scenario, first + 1)
    is_last = end == task.scenario.finance.horizon_months
    return f"{servers} in {month} alone" if end == first + 1 and not is_last else f"{servers} from {month}"


def _at_peak(task, monthly) -> float:
    """A monthly figure in the month of the highest peak."""
    peak, monthly = np.broadcast_arrays(peak_tok_per_s(task), monthly)
    return monthly[..., int(np.argmax(np.ravel(peak)))]

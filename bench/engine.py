"""What the engine takes: one comparison, draws, tornado, heat map; beside one scenario at a time, and bare numpy.

`one at a time` is the same work as single runs, measured on a sample and scaled. `bare numpy` is the same arithmetic
written by hand for this very scenario (bench/bare_numpy.py), without varying, checking, drawing or counting anything;
both must give the same costs. What is compared is run in turns, since times drift with the machine. Shown are medians
of processor time, which on a machine with nothing else to do is time on the clock: everything runs on one thread.
"""

import resource
import tracemalloc
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable, Mapping
from statistics import median
from time import process_time

import numpy as np

from bench.bare_numpy import net_present_costs
from costmodel.comparison import compare
from costmodel.scenario import Scenario
from costmodel.uncertainty.drivers import sobol_drivers, sobol_runs
from costmodel.uncertainty.heatmap import heat_map
from costmodel.uncertainty.metrics import excess
from costmodel.uncertainty.montecarlo import monte_carlo
from costmodel.uncertainty.ranges import Range, drawable
from costmodel.uncertainty.sampling import Draws
from costmodel.uncertainty.switching import switching_values
from costmodel.uncertainty.tornado import tornado
from pricing.presets import DEFAULT, preset
from pricing.ranges import ranges

ROUNDS, SINGLE_RUNS = 7, 200
DRAWS, MANY_DRAWS = 10_000, 100_000
TEN = (  # endings of the ten drawn paths: they reach every month of every option
    "requests_per_month",
    "growth_per_year",
    "input_tokens_per_request",
    "peak_to_mean_ratio",
    "electricity_usd_per_kwh",
    "throughput_ratio",
    "utilization_ceiling_frac",
    "on_demand_usd_per_gpu_hour",
    "server_price_usd",
    "price_decline_per_year",
)
MAP_ROWS, MAP_COLUMNS = 30, 40
KNOWN = {"token_api", "cloud_gpu", "on_prem"}  # kinds that the yardstick can do
AGREEMENT = 1e-9


def comparable() -> Scenario:
    """The default scenario, without options of a kind that the yardstick cannot do."""
    whole = preset(DEFAULT).scenario
    return whole.vary({}, options={slug: option for slug, option in whole.options.items() if option.kind in KNOWN})


def costs(scenario: Scenario) -> dict[str, np.ndarray]:
    """Net present cost by slug, by the engine."""
    return {slug: cost.net_present_cost_usd for slug, cost in compare(scenario).costs.items()}


def in_turns(works: Mapping[str, Callable], rounds: int = ROUNDS) -> dict[str, float]:
    """Median seconds of each work, run in turns."""
    times = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            start = process_time()
            work()
            times[name].append(process_time() - start)
    return {name: median(taken) for name, taken in times.items()}


def last(steps: Iterable):
    """The last of what a generator yields."""
    for step in steps:  # noqa: B007
        pass
    return step


def peak_mb(work: Callable) -> float:
    """Most memory that Python and numpy held at once while working, MB."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def agreeing(scenarios: list[Scenario]) -> list[Scenario]:
    """The scenarios, once the engine and the yardstick are seen to give the same costs."""
    for scenario in scenarios:
        bare = net_present_costs(scenario)
        for slug, cost in costs(scenario).items():
            if not np.allclose(cost, bare[slug], rtol=AGREEMENT, atol=0):
                raise SystemExit(f"bench/bare_numpy.py does not cost {slug} as the engine does: bring it up to date.")
    return scenarios


def single(scenario: Scenario, changes: list[dict], runs: int) -> float:
    """Seconds of `runs` single runs, scaled from those of a sample of the changes."""
    sample = changes[:: max(len(changes) // SINGLE_RUNS, 1)]
    start = process_time()
    for change in sample:
        costs(scenario.vary(change))
    return (process_time() - start) / len(sample) * runs


def row(name: str, seconds: float, alone: float | None = None, bare: float | None = None, note: str = "") -> None:
    """Print one line of the table."""
    cells = [f"{name:<58}{seconds * 1e3:>10,.1f} ms"]
    cells.append(f"{alone:>9,.2f} s {alone / seconds:>6,.0f}x" if alone else " " * 19)
    cells.append(f"{bare * 1e3:>9,.1f} ms {seconds / bare:>5.2f}x" if bare else " " * 19)
    print("  ".join([*cells, note]).rstrip())


def one_comparison(scenario: Scenario) -> None:
    """A single comparison, as after every edit."""
    agreeing([scenario])
    volume = scenario["workload.requests_per_month"]

    def engine():
        costs(scenario.vary({"workload.requests_per_month": volume}))

    times = in_turns({"engine": engine, "bare": lambda: net_present_costs(scenario)}, SINGLE_RUNS)
    row("one comparison, with its vary", times["engine"], bare=times["bare"])


def draws(scenario: Scenario, spread: Mapping[str, Range], count: int, what: str, rounds: int = ROUNDS) -> None:
    """Monte Carlo, drawing and counting included."""
    chance = Draws(scenario, spread)
    varied = agreeing([scenario.vary(chance.changes(places)) for places in chance.probabilities(DRAWS)])

    def engine():
        return last(monte_carlo(chance, count)).cheapest_probability

    def bare():
        for each in varied:
            net_present_costs(each)

    times = in_turns({"engine": engine, "bare": bare}, rounds)
    first = chance.changes(next(chance.probabilities(SINGLE_RUNS)))
    rows = [{path: float(values[i, 0]) for path, values in first.items()} for i in range(SINGLE_RUNS)]
    note = f"peak {peak_mb(engine):,.0f} MB"
    row(
        f"{count:,} draws x {what}", times["engine"], single(scenario, rows, count), times["bare"] * count / DRAWS, note
    )


def tornado_runs(scenario: Scenario, spread: Mapping[str, Range]) -> list[Scenario]:
    """The array runs of a tornado: every number at its low and its high."""
    seen, metric = [], excess(next(iter(scenario.options)))
    tornado(scenario, spread, lambda comparison: seen.append(comparison.scenario) or metric(comparison))
    return seen


def all_ends(scenario: Scenario, spread: Mapping[str, Range]) -> None:
    """Tornado over every range, whole-number terms included."""
    metric, seen = excess(next(iter(scenario.options))), agreeing(tornado_runs(scenario, spread))

    def bare():
        for each in seen:
            net_present_costs(each)

    times = in_turns({"engine": lambda: tornado(scenario, spread, metric), "bare": bare})
    ends = [each.at(path, end) for path, each in spread.items() for end in (each.low, each.high)]
    row(f"tornado over {len(spread)} numbers", times["engine"], single(scenario, ends, len(ends)), times["bare"])


def two_numbers(scenario: Scenario, spread: Mapping[str, Range]) -> None:
    """Heat map over the first two of the ten paths."""
    x_path, y_path = list(spread)[:2]
    x = np.linspace(spread[x_path].low, spread[x_path].high, MAP_COLUMNS)
    y = np.linspace(spread[y_path].low, spread[y_path].high, MAP_ROWS)
    varied = scenario.vary({x_path: x[np.newaxis, :, np.newaxis], y_path: y[:, np.newaxis, np.newaxis]})
    agreeing([varied])
    times = in_turns({
        "engine": lambda: heat_map(scenario, x_path, x, y_path, y),
        "bare": lambda: net_present_costs(varied),
    })  # fmt: skip
    cells = [{x_path: float(a), y_path: float(b)} for b in y for a in x]
    row(f"heat map, {MAP_COLUMNS} x {MAP_ROWS}", times["engine"], single(scenario, cells, len(cells)), times["bare"])


def main() -> None:
    """Print the table."""
    scenario = comparable()
    spread = ranges(scenario)
    by_chance = drawable(scenario, spread)
    ten = {path: by_chance[path] for path in (next(p for p in by_chance if p.endswith(ending)) for ending in TEN)}
    print(f"Default scenario: {len(scenario.options)} options over {scenario.finance.horizon_months} months.")
    print(f"{'':58}{'engine':>13}  {'one at a time':>19}  {'bare numpy':>19}")
    one_comparison(scenario)
    draws(scenario, ten, DRAWS, "10 numbers")
    draws(scenario, by_chance, DRAWS, f"{len(by_chance)} numbers")
    draws(scenario, ten, MANY_DRAWS, "10 numbers", rounds=3)
    all_ends(scenario, spread)
    two_numbers(scenario, ten)
    found = in_turns({"values": lambda: switching_values(scenario, spread)})["values"]
    row(f"switching values, {len(spread)} numbers", found)
    metric = excess(next(iter(scenario.options)))
    indices = in_turns({"sobol": lambda: last(sobol_drivers(scenario, ten, metric))}, 3)["sobol"]
    row(f"Sobol indices of 10 numbers, {sobol_runs(len(ten)):,} runs", indices)
    print(f"Most memory of the whole process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB.")


if __name__ == "__main__":
    ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter).parse_args()
    main()

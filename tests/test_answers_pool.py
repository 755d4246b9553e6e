"""Workers draw what this process would draw, once for all who wait, and end with the server whatever ends it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Barrier, Thread

import numpy as np
import pytest

from answers import pool, simulation
from answers.analysis import Analysis
from costmodel.errors import ScenarioError
from costmodel.uncertainty.montecarlo import monte_carlo
from costmodel.uncertainty.ranges import Range
from costmodel.uncertainty.sampling import SLICE, Draws
from pricing.documents import Opened
from pricing.presets import DEFAULT, preset
from tests.neutral import neutral_option, neutral_scenario

ANALYSIS = Analysis(Opened(preset(DEFAULT).scenario, DEFAULT))
COUNT = 2 * SLICE + 100
OUTLAY = "options.own.launch.migration_usd"


@pytest.fixture(scope="module")
def workers():
    with pool.workers(2) as running:
        yield running


@pytest.fixture(autouse=True)
def empty_store(monkeypatch):
    monkeypatch.setattr(simulation, "_store", type(simulation._store)())


def even_chance() -> Draws:
    """Renting and owning are the cheapest in half of the draws each."""
    scenario = neutral_scenario({
        "rent": neutral_option("token_api", support_usd_per_month=100),
        "own": neutral_option("token_api", launch__migration_usd=1000),
    })  # fmt: skip
    return Draws(scenario, {OUTLAY: Range(0, 1000, 2400, "uniform")})


def test_workers_draw_bit_for_bit_what_one_process_draws(workers):
    *_, alone = monte_carlo(ANALYSIS.draws(), COUNT, (ANALYSIS.pair,))
    *_, shared = ANALYSIS.simulate(COUNT)
    assert shared.done == shared.wanted == COUNT
    for here, there in zip(alone.outcomes, shared.outcomes, strict=True):
        assert here.keys() == there.keys()
        assert all(np.array_equal(here[name], there[name]) for name in here)
    assert workers.waiting() == 0


def test_equal_questions_of_different_visitors_are_one_run(workers, monkeypatch):
    handed_out, outcomes, barrier = [], pool.Worker.outcomes, Barrier(3)
    seen = lambda self, task: handed_out.append(task.start) or outcomes(self, task)  # noqa: E731
    monkeypatch.setattr(pool.Worker, "outcomes", seen)
    found = []

    def visitor():
        barrier.wait()
        *_, run = simulation.simulate(even_chance(), COUNT, [("rent", "own")])
        found.append(run.never_probability("rent", "own"))

    visitors = [Thread(target=visitor) for _ in range(barrier.parties)]
    for each in visitors:
        each.start()
    for each in visitors:
        each.join()
    assert sorted(handed_out) == [0, SLICE, 2 * SLICE]
    assert len(found) == barrier.parties
    assert len(set(map(str, found))) == 1


def test_a_run_stops_at_the_fewest_slices_that_are_enough_whatever_came_at_once(workers):
    enough = lambda run: run.known_within(0.012)  # noqa: E731
    *_, first = simulation.simulate(even_chance(), 10 * SLICE, enough=enough)
    assert first.done == 2 * SLICE, "half of the draws: 0.5 / root of 2,048 is 0.011"
    *_, whole = simulation.simulate(even_chance(), 10 * SLICE)
    *_, again = simulation.simulate(even_chance(), 10 * SLICE, enough=enough)
    assert (whole.done, again.done) == (10 * SLICE, first.done)
    assert np.array_equal(whole.first(first.done).net_present_cost_usd["own"], first.net_present_cost_usd["own"])


@pytest.mark.parametrize("known", [0, 100, SLICE, SLICE + 100, 5 * SLICE])
def test_how_many_are_enough_does_not_hang_on_how_many_are_known(workers, known):
    if known:
        list(simulation.simulate(even_chance(), known))
    *_, run = simulation.simulate(even_chance(), 10 * SLICE, enough=lambda run: run.known_within(0.012))
    assert run.done == 2 * SLICE


def test_where_the_first_slice_is_enough_no_other_is_begun(workers, monkeypatch):
    handed_out, outcomes = [], pool.Worker.outcomes
    seen = lambda self, task: handed_out.append(task.start) or outcomes(self, task)  # noqa: E731
    monkeypatch.setattr(pool.Worker, "outcomes", seen)
    *_, run = simulation.simulate(even_chance(), 10 * SLICE, enough=lambda run: run.known_within(0.02))
    time.sleep(0.05)  # a worker without work would have begun by now
    assert (run.done, handed_out) == (SLICE, [0])


def test_an_operator_says_how_many_workers_or_there_is_one_for_each_core():
    assert 1 <= pool.wanted({}) <= pool.MOST_WORKERS
    assert [pool.wanted({pool.VARIABLE: said}) for said in ("0", " 3 ")] == [0, 3]
    for wrong in ("-1", "many", "9", "1.5"):
        with pytest.raises(ScenarioError, match="whole number from 0 to 8"):
            pool.wanted({pool.VARIABLE: wrong})
    with pool.workers(0) as none:
        assert none is None


def test_a_run_that_nobody_waits_for_is_drawn_no_further(workers):
    class MovedOnError(Exception):
        pass

    def moved_on():
        raise MovedOnError

    with pytest.raises(MovedOnError):
        list(simulation.simulate(ANALYSIS.draws(seed=5), 1_000_000, meanwhile=moved_on))
    assert workers.waiting() == 0


def test_a_short_run_does_not_wait_for_a_long_one(workers):
    long = simulation.simulate(ANALYSIS.draws(seed=6), 200 * SLICE)
    next(long)
    *_, short = simulation.simulate(even_chance(), SLICE)
    assert short.done == SLICE
    assert next(long).done < 100 * SLICE
    long.close()
    assert workers.waiting() == 0


def test_a_long_run_does_not_wait_for_all_the_short_ones_that_begin_after():
    time_s = 0.0
    idle = pool.Pool(0, now=lambda: time_s)
    long, *short = (pool.Asked(key, even_chance(), 10 * SLICE, (), None, None) for key in ("long", "short", "another"))
    with idle._waiting(long) as run:
        run.tally.done = run.handed_out = 9 * SLICE
        with idle._waiting(short[0]):
            assert idle._next()[0] == "short"
        time_s = 2.0
        with idle._waiting(short[1]):
            assert idle._next()[0] == "another"
            time_s = 60.0
        with idle._waiting(short[0]):
            assert idle._next()[0] == "long"


def test_a_draw_that_cannot_be_is_refused_in_the_sentence_that_one_process_has(workers):
    scenario = neutral_scenario({"own": neutral_option("on_prem")})
    draws = Draws(scenario, {"options.own.serving.total_params_b": Range(8, 8, 200, "uniform")})
    with pytest.raises(ScenarioError, match=r"Not every simulation is possible.*take more GPUs"):
        list(simulation.simulate(draws, 10))


def test_a_worker_that_is_killed_is_replaced_and_its_draws_are_done(workers):
    *_, before = simulation.simulate(even_chance(), SLICE)
    children = Path(f"/proc/{os.getpid()}/task")
    if not children.exists():
        pytest.skip("this system does not list the children of a process")
    of_ours = {
        child
        for listed in children.glob("*/children")
        for child in listed.read_text().split()
        if b"answers.worker" in Path(f"/proc/{child}/cmdline").read_bytes()
    }  # a browser may be another
    assert of_ours
    for child in of_ours:
        os.kill(int(child), signal.SIGKILL)
    *_, after = simulation.simulate(even_chance(), 3 * SLICE)
    assert after.done == 3 * SLICE
    assert np.array_equal(after.first(SLICE).net_present_cost_usd["own"], before.net_present_cost_usd["own"])


STARTED = """
import sys, time
from answers import pool, worker
seen, start = [], worker.Worker.__init__
worker.Worker.__init__ = lambda self: (start(self), seen.append(self.process.pid))[0]
with pool.workers(2):
    while len(seen) < 2: time.sleep(0.01)
    print(*seen, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, None], ids=["killed", "closed"])
def test_workers_end_with_the_server_whatever_ends_it(ending):
    root = Path(__file__).parents[1]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", STARTED], cwd=root, **pipes) as it:
        pids = [int(pid) for pid in it.stdout.readline().split()]
        assert len(pids) == 2
        it.send_signal(ending) if ending else it.stdin.close()
    for _ in range(2000):  # a worker that is starting sees the end of its input once it has started
        if not any(alive(pid) for pid in pids):
            return
        time.sleep(0.02)
    pytest.fail("a worker outlived its server")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"

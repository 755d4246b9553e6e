"""Ten thousand draws of all numbers of the default scenario, beside an earlier commit, in turns: seconds and outcomes.

An earlier commit draws in one process; this one in its workers, which are as many as there are cores. Time is time on
the clock, since it is cores that are compared. Costs must be the same to the last bit.

    python -m bench.draws [--before COMMIT]
"""

import argparse
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from bench.commits import commit
from tests.browser.driver import ROOT

BEFORE, ROUNDS = "3b3b844", 9
DRAWER = """
import sys
from contextlib import nullcontext
from hashlib import sha256
from time import perf_counter

from answers import simulation
from answers.analysis import DRAWS, Analysis
from pricing.documents import Opened
from pricing.presets import DEFAULT, preset

try:
    from answers.pool import cores, workers

    pool = workers(cores())
except ImportError:
    pool = nullcontext()

analysis = Analysis(Opened(preset(DEFAULT).scenario, DEFAULT))
with pool:
    for _ in sys.stdin:
        simulation._store = type(simulation._store)()
        start = perf_counter()
        *_, run = analysis.simulate(DRAWS)
        taken = perf_counter() - start
        costs = b"".join(run.net_present_cost_usd[slug].tobytes() for slug in run.slugs)
        print(taken, sha256(costs).hexdigest(), flush=True)
"""


@contextmanager
def drawer(path: Path):
    """`draw()` gives (seconds, digest of the costs) of the draws by the code at `path`."""
    with subprocess.Popen(
        [sys.executable, "-c", DRAWER],
        cwd=path,
        env={"PYTHONPATH": str(path), "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def draw() -> tuple[float, str]:
            process.stdin.write("\n")
            process.stdin.flush()
            seconds, digest = process.stdout.readline().split()
            return float(seconds), digest

        yield draw


def main() -> None:
    """Print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", default=BEFORE, help="the earlier commit")
    asked = parser.parse_args()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folders = stack.enter_context(commit(asked.before, scratch / "before")), ROOT
        draw = [stack.enter_context(drawer(folder)) for folder in folders]
        found = [[each() for each in draw] for _ in range(ROUNDS + 1)][1:]  # the first round imports and warms up
    digests = {digest for rounds in found for _, digest in rounds}
    before, now = (median(rounds[place][0] for rounds in found) for place in (0, 1))
    ratio = median(rounds[1][0] / rounds[0][0] for rounds in found)
    print(f"10,000 draws of all numbers: {before:.2f} s at {asked.before}, {now:.2f} s now, {ratio:.2f} times in turns")
    print("same costs to the last bit" if len(digests) == 1 else "COSTS DIFFER")


if __name__ == "__main__":
    main()

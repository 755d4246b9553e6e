"""How hypothesis searches: the same examples in every run of the suite; HYPOTHESIS_PROFILE=explore looks further.

Linear algebra takes one thread: the matrices are small, and threads that wait for each other take the other worker's
time. Papers are told from few draws. What is there once the tests are known never becomes garbage: collections need not
look at it again, as in the server. They are rare, since nearly all that a test makes goes without them. Marks of
coverage stay where they are: one costs some nanoseconds, and to look for all functions that bear one 50 milliseconds,
hundreds of times. `--screenshots` keeps pictures of the pages.
"""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from slipcover import Slipcover

gc.disable()  # until the tests are known
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is first imported, after this file
Slipcover.deinstrument_seen = lambda tracer: None
COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
settings.register_profile("ci", max_examples=20, derandomize=True, database=None, **COMMON)
settings.register_profile("explore", max_examples=1000, **COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser):
    parser.addoption("--screenshots", action="store_true", help="keep pictures of the pages in .screenshots")


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as cores: a browser test waits for its browser a quarter of its time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores * 3 // 2)


def pytest_configure(config: pytest.Config) -> None:
    """What no test imports each worker tells of: who waits for the workers need not read it once more at the end."""
    if config.getoption("dist", "no") != "no":
        Slipcover._add_unseen_source_files = lambda tracer, source: None


def pytest_collection_finish():
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def papers_of_few_draws() -> Iterator[None]:
    from tests.few_draws import few_draws  # imports numpy

    with few_draws():
        yield

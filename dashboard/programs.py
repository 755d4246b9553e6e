"""The programs that browsers fetch: one for all scenarios that differ in open numbers only, printed when asked for."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic_core import to_json

from costmodel.scenario import Scenario, numbers, values
from reports.program import program

URL = "/program/"
ROOT, PRINTED_BY = Path(__file__).parents[1], ("costmodel", "reports/program", "reports/recorder")
SOURCES = [path for room in PRINTED_BY for path in sorted(ROOT.joinpath(room).rglob("*.py"))]
VERSION = sha256(b"".join(path.read_bytes() for path in SOURCES)).hexdigest()
MOST = 64  # programs and scenarios that are kept, of 60 kB each
_offered: dict[str, Scenario] = {}
_lock = Lock()


def offered(scenario: Scenario) -> str:
    """The address of the program for this scenario: a hash of choices and whole numbers, and of what prints it."""
    known = numbers(scenario)
    fixed = {path: value for path, value in values(scenario).items() if path not in known or known[path].whole}
    told = {"version": VERSION, "fixed": fixed, "open": [path for path in known if path not in fixed]}
    key = sha256(to_json(told)).hexdigest()
    with _lock:
        # Of a new one a copy, without what has been worked out of it and would be kept along.
        _offered[key] = _offered.pop(key, None) or Scenario.build(dict(scenario))
        while len(_offered) > MOST:
            del _offered[next(iter(_offered))]
    return f"{URL}{key}"


def todays(scenario: Scenario) -> list[float]:
    """Today's value of every number of the scenario, to whose places a printed program points."""
    every = values(scenario)
    return [every[path] for path in numbers(scenario)]


@lru_cache(maxsize=MOST)
def printed(key: str) -> bytes:
    """The program as JSON; `places` has the place of each of its inputs among all numbers. KeyError: nobody has it."""
    scenario = _offered[key]
    told: Mapping[str, Any] = program(scenario)
    places = {path: i for i, path in enumerate(numbers(scenario))}
    return to_json({**told, "places": [places[path] for path in told["inputs"]]})

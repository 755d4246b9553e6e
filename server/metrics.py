"""`/metrics` in OpenMetrics, where the operator wants it: visitors, moves and their seconds, memory, the library.

Streamlit's own `/_stcore/metrics` is shown by the same switch. Off, both are addresses that are not there.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit.runtime import get_instance

from answers import pool
from dashboard.tally import LIMITS_S, MOVES
from server.health import complaint

VARIABLE, PATH, STREAMLITS = "CROSSOVER_METRICS", "/metrics", "/_stcore/metrics"
MEDIA_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
PROCESS = Path("/proc/self")


def wanted() -> bool:
    """Whether the operator wants metrics shown."""
    return os.environ.get(VARIABLE, "").strip().lower() in {"1", "on", "true", "yes"}


def visitors() -> int:
    """Browsers that are connected now."""
    (found,) = get_instance().stats_mgr.get_stats(family_names=["active_sessions"])["active_sessions"]
    return int(found.value)


def resident_bytes() -> int:
    """Memory of this process; raises OSError where the system does not say."""
    return int((PROCESS / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


GAUGES: dict[str, tuple[str, Callable[[], float]]] = {  # name -> what it is, and now
    "crossover_visitors": ("Browsers that are connected.", visitors),
    "crossover_moves_under_way": ("Moves that are being answered.", lambda: MOVES.under_way),
    "crossover_draws_waiting": ("Runs of draws that somebody waits for.", lambda: pool.waiting()),
    "crossover_library_up": ("1 when the library answers, else 0.", lambda: not complaint()),
    "process_resident_memory_bytes": ("Resident memory.", resident_bytes),
    "process_open_fds": ("Open files and sockets.", lambda: len(list((PROCESS / "fd").iterdir()))),
}


def text() -> str:
    """All metrics; one that the system does not tell is left out."""
    return "\n".join((*_gauges(), *_moves(), "# EOF", ""))


def _gauges() -> Iterator[str]:
    for name, (about, now) in GAUGES.items():
        try:
            value = now()
        except OSError:
            continue
        unit = [f"# UNIT {name} bytes"] if name.endswith("_bytes") else []
        yield from (f"# TYPE {name} gauge", *unit, f"# HELP {name} {about}", f"{name} {value + 0}")


def _moves() -> Iterator[str]:
    counts, seconds = MOVES.told()
    name = "crossover_move_seconds"
    yield from (f"# TYPE {name} histogram", f"# UNIT {name} seconds", f"# HELP {name} Time to answer a move.")
    for limit, count in zip(LIMITS_S, counts, strict=True):
        yield f'{name}_bucket{{le="{"+Inf" if limit == float("inf") else limit}"}} {count}'
    yield from (f"{name}_sum {seconds:.6f}", f"{name}_count {counts[-1]}")


async def metrics(_request) -> PlainTextResponse:
    """The metrics as they are now."""
    return PlainTextResponse(await run_in_threadpool(text), media_type=MEDIA_TYPE)


class OnlyWhereWanted:
    """Plain ASGI middleware: without the operator's word, addresses of metrics are not there."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        asked = scope.get("path", "").rstrip("/")
        if scope["type"] == "http" and asked in (PATH, STREAMLITS) and not wanted():
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


ROUTES = [Route(PATH, metrics)]

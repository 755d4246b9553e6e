"""Routes for who watches the process: `/livez` says that it runs, `/readyz` that it serves, and how the library is."""

import os
import time

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from streamlit.runtime import get_instance

from costmodel.errors import ScenarioError
from library import library

ASKED_AGAIN_AFTER_S = 5  # however often somebody asks, the database is asked this often
_known = (-ASKED_AGAIN_AFTER_S, "")


async def live(_request) -> PlainTextResponse:
    """200 as long as the process answers at all: one that does not is to be started anew."""
    return PlainTextResponse("ok")


async def ready(_request) -> JSONResponse:
    """200 once visitors are served, with `library` as what the library complains of, empty when nothing.

    A library that is away leaves the process ready: scenarios live in their links, and taking every process off for
    one database would turn the loss of saving into the loss of everything.
    """
    serves = get_instance().state.name.endswith("CONNECTED")
    body = {"ready": serves, "library": await run_in_threadpool(complaint)}
    return JSONResponse(body, 200 if serves else 503, headers={"Cache-Control": "no-store"})


def complaint() -> str:
    """What the library complains of, asked at most every few seconds; empty when it answers."""
    global _known
    asked, told = _known
    if time.monotonic() - asked >= ASKED_AGAIN_AFTER_S:
        _known = (time.monotonic(), told)  # who comes meanwhile is told what was known
        try:
            library(os.environ).database.ask()
            told = ""
        except ScenarioError as refusal:
            told = str(refusal)
        _known = (time.monotonic(), told)
    return told


ROUTES = [Route("/livez", live), Route("/readyz", ready)]

"""The web server: `streamlit run app.py`. The dashboard itself is the script dashboard/frame.py."""

import os
import webbrowser
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.metadata import distribution

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import FileResponse
from starlette.routing import Route
from streamlit.runtime import get_instance

from answers.pool import wanted, workers
from costmodel.comparison import compare
from dashboard.plot import PLOTLY_URL
from pricing.presets import DEFAULT, preset
from reports.words.market import cheaper
from reports.words.verdict import verdict
from server import health, in_one_go, left_widgets, login, metrics, programs, scripts, session_values, theme
from server.compressed import Compressed
from server.files import keep_a_while
from server.first_words import FirstWords
from server.headers import SecurityHeaders
from server.memory import collected_seldom, few_heaps, given_back

PLOTLY_FILE = distribution("plotly").locate_file("plotly/package_data/plotly.min.js")


async def plotly_js(_request) -> FileResponse:
    # The address carries the version, so browsers may keep the file for good.
    return FileResponse(
        PLOTLY_FILE, media_type="text/javascript", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


@asynccontextmanager
async def lifespan(_app):
    keep_a_while(get_instance().media_file_mgr)
    # The first visitor need not wait for imports and catalogues.
    for module in ("dashboard.levers", "dashboard.live", "dashboard.uncertainty_views", "dashboard.exports"):
        import_module(module)
    comparison = compare(preset(DEFAULT).scenario)
    verdict(comparison)
    cheaper(comparison, {})
    collected_seldom()
    # Streamlit opens a browser for plain scripts only. The port is bound already, so the page may be asked for.
    if not st.get_option("server.headless"):
        address = st.get_option("server.address")
        host = "127.0.0.1" if address in {"0.0.0.0", "::"} else address
        webbrowser.open(f"http://{host}:{st.get_option('server.port')}")
    with workers(wanted(os.environ)):
        async with given_back():
            yield


def apology(_error: Exception) -> bool:
    """What a visitor sees of an uncaught error; the traceback is in the server's log only."""
    st.error("Something went wrong here. Your scenario is unchanged; the server's log has the details.")
    return True


login.check()
few_heaps()
theme.keep()
session_values.keep()
in_one_go.keep()
left_widgets.forget()
app = st.App(
    "dashboard/frame.py",
    routes=[Route(PLOTLY_URL, plotly_js), *programs.ROUTES, *scripts.ROUTES, *health.ROUTES, *metrics.ROUTES],
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(metrics.OnlyWhereWanted),
        Middleware(login.BackToTheLink),
        Middleware(Compressed),
        Middleware(FirstWords),
    ],
    lifespan=lifespan,
    on_script_error=apology,
)

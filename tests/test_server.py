"""What the server answers beside the dashboard: headers, health, and metrics where they are wanted."""

import asyncio
import gc
import gzip
import re
import subprocess
import sys
import weakref
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Thread
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime import RuntimeState, app_session
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import WStates

from dashboard import scripts as modules
from dashboard.tally import LIMITS_S, Tally
from library.errors import LibraryError
from server import health, in_one_go, left_widgets, memory, metrics, scripts, theme
from server.compressed import Compressed
from server.files import KEPT_S, keep_a_while
from server.headers import HEADERS, SecurityHeaders
from server.in_one_go import HELD_S, Handing, HeldQueue
from server.session_values import SessionValues, as_now


@pytest.fixture
def runtime(monkeypatch):
    """Streamlit's runtime as far as it is asked, with three browsers."""
    found = SimpleNamespace(
        state=RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED,
        stats_mgr=SimpleNamespace(get_stats=lambda family_names: {family_names[0]: [SimpleNamespace(value=3)]}),
    )
    for route in (health, metrics):
        monkeypatch.setattr(route, "get_instance", lambda: found)
    monkeypatch.setattr(health, "_known", (-1e9, ""))
    return found


@pytest.fixture
def visit(runtime, tmp_path, monkeypatch):
    """Asks a server of these routes, whose library is in a folder of its own."""
    monkeypatch.setenv("CROSSOVER_DATA", str(tmp_path))
    streamlits = Route(metrics.STREAMLITS, lambda _request: PlainTextResponse("Streamlit's"))
    routes = [*health.ROUTES, *metrics.ROUTES, streamlits]
    app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders), Middleware(metrics.OnlyWhereWanted)])
    return TestClient(app).get


def test_a_process_that_serves_is_live_and_ready(visit):
    assert (visit("/livez").status_code, visit("/livez").text) == (200, "ok")
    assert visit("/readyz").json() == {"ready": True, "library": ""}


def test_a_process_that_stops_is_not_ready(visit, runtime):
    runtime.state = RuntimeState.STOPPING
    assert visit("/readyz").status_code == 503
    assert visit("/livez").status_code == 200


def test_a_library_that_is_away_is_told_and_asked_again_but_takes_no_visitor_away(visit, monkeypatch):
    asked = []

    def away(_environ):
        asked.append(1)
        raise LibraryError("The library does not answer.")

    whole = health.library
    monkeypatch.setattr(health, "library", away)
    for _ in range(5):
        told = visit("/readyz")
        assert (told.status_code, told.json()["library"]) == (200, "The library does not answer.")
    assert len(asked) == 1, "however often somebody asks, the database is asked once in a while"
    monkeypatch.setattr(health, "library", whole)
    monkeypatch.setattr(health, "ASKED_AGAIN_AFTER_S", 0)
    assert visit("/readyz").json()["library"] == ""


@pytest.mark.parametrize("path", [metrics.PATH, metrics.STREAMLITS, metrics.PATH + "/"])
@pytest.mark.parametrize("word", ["", "off", "0"])
def test_metrics_are_no_address_unless_the_operator_wants_them(visit, monkeypatch, path, word):
    monkeypatch.setenv(metrics.VARIABLE, word)
    assert visit(path).status_code == 404


def test_metrics_are_open_metrics(visit, monkeypatch):
    monkeypatch.setenv(metrics.VARIABLE, "on")
    tally = Tally()
    monkeypatch.setattr(metrics, "MOVES", tally)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), tally.move():
            1 / 0  # noqa: B018
    answer = visit(metrics.PATH)
    assert answer.headers["content-type"] == metrics.MEDIA_TYPE
    lines = answer.text.splitlines()
    assert lines[-1] == "# EOF"
    assert answer.text.endswith("# EOF\n")
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert values["crossover_visitors"] == "3"
    assert values["crossover_library_up"] == "1"
    assert values["crossover_move_seconds_count"] == values['crossover_move_seconds_bucket{le="+Inf"}'] == "2"
    assert int(values["process_resident_memory_bytes"]) > 10_000_000
    families = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(set(families)) == len(families)
    for name in values:
        assert re.fullmatch(r'[a-z_]+(\{le="[^"]+"\})?', name)
        assert any(name.startswith(family) for family in families)
    assert visit(metrics.STREAMLITS).text == "Streamlit's"


def test_moves_are_counted_up_to_each_limit(monkeypatch):
    tally, clock = Tally(), iter([0, 0.05, 1, 1.3, 2, 14])
    monkeypatch.setattr("dashboard.tally.time.monotonic", lambda: next(clock))
    for _ in range(3):
        with tally.move():
            pass
    counts, seconds = tally.told()
    assert dict(zip(LIMITS_S, counts, strict=True)) == {
        0.1: 1, 0.25: 1, 0.5: 2, 1.0: 2, 2.5: 2, 5.0: 2, 10.0: 2, float("inf"): 3,
    }  # fmt: skip
    assert seconds == pytest.approx(12.35)
    assert tally.under_way == 0


def test_headers_stand_on_every_response_and_tls_is_for_good_only_where_it_is(visit):
    for path in ("/livez", "/nowhere"):
        assert {name.lower(): value for name, value in HEADERS.items()}.items() <= dict(visit(path).headers).items()
    assert "strict-transport-security" not in visit("/livez").headers
    behind = visit("/livez", headers={"X-Forwarded-Proto": "https"})
    assert behind.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" in visit("https://testserver/livez").headers


def test_the_theme_is_told_as_streamlit_would_tell_it_each_time():
    tell = theme.kept(app_session._populate_theme_msg)
    for _ in range(2):
        first, again = NewSession(), NewSession()
        for message, populate in ((first, app_session._populate_theme_msg), (again, tell)):
            populate(message.custom_theme)
            populate(message.custom_theme.dark, "theme.dark")
            populate(message.custom_theme.dark.sidebar, "theme.dark.sidebar")
        assert again.custom_theme.dark.primary_color
        assert again == first


def test_a_widget_is_told_of_its_value_what_it_would_find_among_all_of_them():
    session = SafeSessionState(SessionState(), lambda: None)
    session["find"], session["none"] = "wage", None
    values = SessionValues(session)
    assert dict(values) == session.filtered_state == {"find": "wage", "none": None}
    assert len(values) == 2
    assert values["none"] is None
    assert "else" not in values


def test_widgets_are_gone_through_while_a_run_that_is_being_stopped_adds_one(monkeypatch):
    monkeypatch.setattr(WStates, "__iter__", as_now)
    known = WStates()
    known.set_from_value("there", "value")
    for widget in known:
        known.set_from_value(f"after {widget}", "value")
    assert list(known) == ["there", "after there"]


@pytest.mark.parametrize(("fragments", "kept"), [(None, {"stays"}), (["part"], {"stays", "beside"})])
def test_what_a_widget_was_told_goes_with_its_value_and_no_sooner(fragments, kept):
    known = WStates()
    for widget, fragment in (("stays", "part"), ("left", "part"), ("beside", None)):
        known.set_widget_metadata(WidgetMetadata(widget, str, str, "string_value", fragment_id=fragment))
        known.set_from_value(widget, widget)
    known.set_widget_metadata(WidgetMetadata("stays__events", str, str, left_widgets.CALLS, fragment_id="part"))
    left_widgets._left(known, frozenset({"stays"}), fragments)
    assert set(known.states) == kept
    assert set(known.widget_metadata) == kept | {"stays__events"}, "what a component calls has an id of its own"


def test_what_a_run_shows_waits_a_moment_for_the_rest_of_it_but_for_the_first_run_and_what_is_done():
    clock, asked = [0.0], []
    queue = HeldQueue(asked.append, now=lambda: clock[0])

    def told(kind, seconds=0.0):
        """How many messages are sent right after one of this kind that comes so many seconds later."""
        clock[0] += seconds
        queue.enqueue(ForwardMsg(**{kind: 0 if kind == "script_finished" else {}}))
        return len(queue.flush())

    assert [told("new_session"), told("script_finished")] == [1, 1], "a visitor's first page is awaited"
    assert [told("new_session"), told("script_finished", HELD_S / 2)] == [0, 2], "a short run is told as a whole"
    assert [told("new_session"), told("page_not_found", HELD_S), told("page_not_found")] == [0, 2, 1]
    runs = [told("new_session", 0.3 * HELD_S) for _ in range(5)]
    assert runs == [0, 0, 0, 0, 5], "runs that overtake each other do not wait for ever"
    assert asked == [HELD_S] * 3, "the server looks again by itself, also where no more comes"


def test_the_server_looks_for_what_it_can_send_alone():
    queue, looks = HeldQueue(lambda seconds: None), []
    session = SimpleNamespace(_browser_queue=queue, _message_enqueued_callback=lambda: looks.append(len(queue.flush())))
    first, run = ("new_session", "script_finished"), ("new_session", "page_not_found", "script_finished")
    for kind in (*first, *run):
        in_one_go._enqueue(session, ForwardMsg(**{kind: 0 if kind == "script_finished" else {}}))
    assert looks == [1, 1, 3], "once for a run, in which it looks through the queues of all visitors"


def test_a_visitor_who_goes_while_a_script_is_fetched_leaves_the_whole_of_it_to_those_who_come_later():
    parts = [b"let part = 0\n"] * 1000

    async def script(_request):
        return StreamingResponse(_slowly(parts), media_type="text/javascript")

    app, sent = Compressed(Starlette(routes=[Route("/static/js/a.js", script)])), []
    scope = {"type": "http", "method": "GET", "path": "/static/js/a.js", "query_string": b"", "root_path": "",
             "headers": [(b"accept-encoding", b"gzip")], "asgi": {"spec_version": "2.3"}}  # fmt: skip

    async def gone():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message.get("body", b""))

    for _ in range(2):
        sent.clear()
        asyncio.run(app(scope, gone, send))
        assert gzip.decompress(b"".join(sent)) == b"".join(parts)


async def _slowly(parts: list[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        await asyncio.sleep(0)
        yield part


def test_what_a_run_hands_over_is_done_in_its_order_and_wakes_the_event_loop_once():
    done, wakes, trouble, handing = [], [], [], Handing()

    def fails() -> None:
        raise RuntimeError("one of them")

    async def visit() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: trouble.append(str(context["exception"])))

        def wake(hand_over: Callable[[], None]) -> None:
            wakes.append(len(done))
            loop.call_soon_threadsafe(hand_over)

        def run() -> None:
            for number in range(100):
                handing.add(fails if number == 50 else partial(done.append, number), wake)
            loop.call_soon_threadsafe(done.append, "a browser asks for the next run")

        for _ in range(2):
            thread = Thread(target=run)
            thread.start()
            thread.join()  # the loop stands still meanwhile
            await asyncio.sleep(0.01)

    asyncio.run(visit())
    run_then_next = [*(number for number in range(100) if number != 50), "a browser asks for the next run"]
    assert done == run_then_next * 2, "what a run told would go nowhere after the next had begun"
    assert trouble == ["one of them"] * 2, "what fails keeps nothing else from being done"
    assert wakes == [0, 100]


def test_files_that_no_page_names_and_what_makes_them_outlive_scripts_but_not_for_long():
    clock, storage = [0.0], MemoryMediaFileStorage("/media")
    manager = MediaFileManager(storage)
    keep_a_while(manager, now=lambda: clock[0])
    button = manager.add_deferred(lambda: b"made", "text/csv", "0.1", "made.csv")
    made = manager.execute_deferred(button).rpartition("/")[2]
    manager.clear_session_refs()  # the page is drawn anew, while scripts of others end
    for _ in range(5):
        clock[0] += KEPT_S / 6
        manager.remove_orphaned_files()
    assert storage.get_file(made).content == b"made"
    assert manager.execute_deferred(button).rpartition("/")[2] == made
    for _ in range(2):
        clock[0] += KEPT_S
        manager.remove_orphaned_files()
    for gone in (lambda: storage.get_file(made), lambda: manager.execute_deferred(button)):
        with pytest.raises(MediaFileStorageError):
            gone()


def test_a_script_is_fetched_by_the_address_that_its_component_names():
    (address,) = re.findall(r"/scripts/\w+/live\.js", modules.module("live.js"))
    get, text = TestClient(Starlette(routes=scripts.ROUTES)).get, modules.MODULES["live.js"]
    assert (get(address).text, get(address).headers["content-type"]) == (text, "text/javascript; charset=utf-8")
    for other in (address.replace("live", "another"), "/scripts/0000/live.js"):
        assert get(other).status_code == 404
    assert {*re.findall(r'from "\./(.+)"', "".join(modules.MODULES.values()))} <= modules.MODULES.keys()


class Visit:
    """What goes in a circle, as all that Streamlit keeps of a visit does."""

    def __init__(self):
        self.itself = self


def test_what_visits_leave_is_gone_after_a_while_though_garbage_is_looked_for_seldom(monkeypatch):
    monkeypatch.setattr(memory, "EVERY_S", 0.01)

    async def a_while() -> None:
        async with memory.given_back():
            for _ in range(500):
                await asyncio.sleep(0.01)
                if left() is None:
                    return

    gc.disable()
    try:
        left = weakref.ref(Visit())
        assert left() is not None
        with ThreadPoolExecutor(1) as beside:  # the loop of a browser's test before may still run here
            beside.submit(asyncio.run, a_while()).result()
        assert left() is None
    finally:
        gc.enable()


@pytest.mark.skipif(sys.platform != "linux", reason="the heaps of glibc")
def test_threads_share_few_heaps():
    program = """
import ctypes, threading
from server.memory import few_heaps
few_heaps()
kept, all_there = [], threading.Barrier(12)
def visit():
    all_there.wait()
    kept.append(bytearray(100_000))
threads = [threading.Thread(target=visit) for _ in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
ctypes.CDLL("libc.so.6").malloc_stats()
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr
    assert 1 <= said.count("Arena ") <= memory.HEAPS

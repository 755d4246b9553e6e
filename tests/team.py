"""A team's service as it runs: nginx, PostgreSQL and two processes, of which some are lost. Run by `make test-team`.

Not part of `make test`: it wants nginx and PostgreSQL on the machine.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from tempfile import mkdtemp

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from deploy.postgres import Postgres
from deploy.team import secret
from library import Library, LibraryError
from library.backup import back_up, restore
from library.database import Database
from library.place import database_url, file_url
from pricing.documents import document, to_link
from tests.browser.actions import change, go, lever, volume
from tests.browser.driver import ROOT, WATCH_ACTIVITY, chromium, served, settled
from tests.openid_provider import CLIENT, provider
from tests.test_library import LATER, NOW, opened, requests_of

PATIENCE_S, BLOCK = 90, 4  # ports: nginx, two processes, PostgreSQL
ANN, BOB = "ann@example.org", "bob@example.org"


def free_ports(number: int) -> int:
    """The first of so many ports next to each other that nobody uses."""
    for first in range(20_000 + os.getpid() % 9_000, 60_000, number):
        with suppress(OSError):
            for port in range(first, first + number):
                with closing(socket.socket()) as listener:
                    listener.bind(("127.0.0.1", port))
            return first
    raise RuntimeError("no free ports")


def listens(port: int) -> bool:
    """Whether somebody listens on a port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def until(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


class Team:
    """The service, in a folder of its own."""

    def __init__(self) -> None:
        self.folder, self.port = Path(mkdtemp()), free_ports(BLOCK)
        self.folder.chmod(0o755)  # PostgreSQL and nginx run as others
        self.url = f"http://127.0.0.1:{self.port}"
        self.postgres = Postgres(self.folder, self.port + 3, "")
        self.start()

    def start(self) -> None:
        """Start it, and wait until all of it is there."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("CROSSOVER_")}
        command = [sys.executable, "-m", "deploy.team", f"--port={self.port}", f"--folder={self.folder}"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ)
        until(self.whole, "the service did not start")

    def answers(self, path: str = "/readyz") -> str:
        """What an address answers; empty when it does not or refuses."""
        with suppress(OSError), urllib.request.urlopen(f"{self.url}{path}", timeout=5) as answer:
            return answer.read().decode()
        return ""

    def whole(self) -> bool:
        """Whether both processes are named to nginx."""
        file = self.folder / "nginx.conf"
        return file.exists() and file.read_text().count("backup;") == 2 and bool(self.answers())

    def pid(self, port: int) -> int:
        """The process on a port."""
        return int((self.folder / f"replica-{port}.pid").read_text())

    def library(self, person: str = "") -> Library:
        """The library, as a program on this machine reaches it."""
        password = secret(self.folder / "password")
        address = f"postgresql://crossover:{password}@127.0.0.1:{self.postgres.port}/postgres"
        return Library(Database(database_url({"CROSSOVER_DATABASE_URL": address})), person)


@pytest.fixture(scope="module")
def team() -> Iterator[Team]:
    if not shutil.which("nginx"):
        pytest.fail("nginx is not here: make test-team installs it.")
    running = Team()
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGCONT)  # where a test ended while it was stopped
        running.process.terminate()
        running.process.wait(PATIENCE_S)
    shutil.rmtree(running.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    with sync_playwright() as playwright, chromium(playwright) as browser:
        found = browser.new_context(viewport={"width": 1280, "height": 900})
        found.add_init_script(WATCH_ACTIVITY)
        yield found


@pytest.fixture
def page(team: Team, context: BrowserContext) -> Iterator[Page]:
    """A visitor of the service, with a step of a lever made."""
    context.clear_cookies()
    page = context.new_page()
    page.goto(team.url)
    settled(page)
    with change(page):
        lever(page).press("ArrowRight")
    yield page
    page.close()


def replica_of(page: Page) -> int:
    """The port of the process that has the visitor's session."""
    (value,) = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "crossover_replica"]
    return int(value)


def test_losing_a_process_costs_its_visitors_a_reload_and_nothing_else(team: Team, page: Page):
    before, address, lost = volume(page), page.url, replica_of(page)
    os.kill(team.pid(lost), signal.SIGKILL)
    page.reload()
    settled(page)
    assert volume(page) == before
    assert page.url == address
    assert replica_of(page) != lost
    with change(page):
        lever(page).press("ArrowRight")
    assert volume(page) != before
    until(team.whole, "the lost process was not started again")


def test_who_does_not_reload_goes_on_with_the_other_process(team: Team, page: Page):
    before, lost = volume(page), replica_of(page)
    os.kill(team.pid(lost), signal.SIGKILL)
    until(lambda: replica_of(page) != lost, "the page did not find the other process")
    settled(page)
    assert volume(page) == before
    with change(page):
        lever(page).press("ArrowRight")
    assert volume(page) != before
    until(team.whole, "the lost process was not started again")


def test_a_file_goes_up_and_comes_down_through_the_process_of_the_session(team: Team, page: Page, tmp_path):
    go(page, "export")
    with page.expect_download() as download:
        page.get_by_role("button", name="Scenario file", exact=False).first.click()
    file = tmp_path / "scenario.json"
    download.value.save_as(file)
    page.set_input_files("input[type=file]", file)
    expect(page.get_by_text("Opened", exact=False).first).to_be_visible()


def test_each_process_is_started_anew_while_visitors_come_in(team: Team):
    before, refused, done = {team.pid(team.port + number) for number in (1, 2)}, [], threading.Event()

    def come_in() -> None:
        while not done.is_set():
            if not team.answers("/"):
                refused.append(time.monotonic())
            time.sleep(0.1)

    visitor = threading.Thread(target=come_in)
    visitor.start()
    team.process.send_signal(signal.SIGHUP)
    until(lambda: not {team.pid(team.port + number) for number in (1, 2)} & before, "not all were started anew")
    until(team.whole, "not all came back")
    done.set()
    visitor.join()
    assert refused == []


def test_metrics_are_for_the_operator_alone(team: Team):
    for path in ("/metrics", "/_stcore/metrics"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{team.url}{path}", timeout=10)


def test_a_database_that_goes_and_comes_back_costs_saving_alone(team: Team, page: Page):
    go(page, "scenarios")
    team.process.send_signal(signal.SIGSTOP)  # or it would bring the database back before anybody notices
    team.postgres.stop("immediate")
    with change(page):
        lever(page).press("ArrowRight")
    page.get_by_label("Name", exact=True).fill("Board")
    page.get_by_label("Name", exact=True).press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("does not answer", exact=False).first).to_be_visible(timeout=30_000)
    until(lambda: "does not answer" in team.answers(), "it is not told of the database")
    assert '"ready":true' in team.answers()
    team.process.send_signal(signal.SIGCONT)
    until(lambda: '"library":""' in team.answers(), "the database did not come back")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("as version 1", exact=False).first).to_be_visible(timeout=30_000)
    assert [entry.name for entry in team.library().scenarios("Board")] == ["Board"]


def test_two_writers_and_a_backup_on_postgresql(team: Team, tmp_path):
    shelves = team.library()
    with ThreadPoolExecutor(4) as pool:
        saved = list(pool.map(lambda i: team.library().save(opened(i + 1, "Same"), at=NOW).version, range(12)))
    assert sorted(saved) == list(range(1, 13))
    copy = tmp_path / "copy.sqlite"
    back_up(shelves.database, copy)
    there = Library(Database(file_url(copy)))
    assert there.export_all() == shelves.export_all()
    with pytest.raises(LibraryError, match="holds something already"):
        restore(shelves.database, copy)
    other = Postgres(team.folder / "other", free_ports(1), secret(team.folder / "password"))
    try:
        empty = Library(Database(database_url({"CROSSOVER_DATABASE_URL": other.start()})))
        restore(empty.database, copy)
        assert empty.export_all() == shelves.export_all()
        assert empty.save(opened(name="After"), at=LATER).version == 1
        assert requests_of(empty.open("same", 3).opened) == requests_of(shelves.open("same", 3).opened)
    finally:
        other.stop("immediate")


def test_roles_on_postgresql(team: Team):
    own, other = team.library(ANN), team.library(BOB)
    slug = own.save(opened(name="Ann's own"), at=NOW).slug
    with pytest.raises(LibraryError, match="has no scenario"):
        other.open(slug)
    own.give(slug, BOB, "reader", at=NOW)
    assert other.open(slug).entry.name == "Ann's own"
    with pytest.raises(LibraryError, match="Only an editor"):
        other.rename(slug, "Bob's", at=NOW)
    own.let_in(slug, True, at=NOW)
    assert requests_of(own.opened_by(own.open_link(slug))) == 1e6
    assert [change.action for change in own.changes(slug)][-1] == "saved"


def test_who_does_not_read_is_let_go_and_who_reads_is_not(team: Team):
    move = BackMsg(rerun_script=ClientState()).SerializeToString()
    address = f"ws://127.0.0.1:{team.port}/_stcore/stream"
    options = {"subprotocols": ["streamlit"], "max_size": None, "close_timeout": 1}
    with connect(address, **options) as deaf, connect(address, **options) as other:

        def let_go() -> bool:
            """Ask on, take nothing of what is answered, and see whether others are answered."""
            assert team.answers("/livez") == "ok"
            with suppress(TimeoutError):
                while other.recv(timeout=0):
                    pass
            try:
                deaf.send(move)
            except ConnectionClosed:
                return True
            return False

        until(let_go, "it was not let go")
        other.send(move)
        assert other.recv(timeout=PATIENCE_S)


def test_a_person_logs_in_by_openid_connect_and_lands_on_the_link(context: BrowserContext, tmp_path, monkeypatch):
    port, link = free_ports(1), to_link(document(opened(4e6)))
    with provider() as found:
        auth = {"redirect_uri": f"http://127.0.0.1:{port}/oauth2callback", "cookie_secret": "a" * 64, **CLIENT,
                "server_metadata_url": f"{found.issuer}/.well-known/openid-configuration"}  # fmt: skip
        secrets = tmp_path / "secrets.toml"
        secrets.write_text("[auth]\n" + "".join(f'{name} = "{value}"\n' for name, value in auth.items()))
        monkeypatch.setenv("CROSSOVER_LOGIN", "on")
        flags = (f"--secrets.files={secrets}",)
        with served(ROOT / "app.py", tmp_path / "log", *flags, port=port) as server:
            context.clear_cookies()
            page = context.new_page()
            page.goto(f"{server.url}/?s={link}")
            page.get_by_role("button", name="Log in").click()
            page.get_by_text(ANN).wait_for()
            settled(page)
            assert link in page.url
            go(page, "scenarios")
            page.get_by_role("button", name="Log out").click()
            page.get_by_role("button", name="Log in").wait_for()
            found.person = {"sub": "2", "email": BOB, "email_verified": False}
            page.get_by_role("button", name="Log in").click()
            page.get_by_text("no confirmed e-mail address", exact=False).wait_for()
            page.close()


def test_a_service_that_is_killed_takes_its_processes_along_and_starts_again_with_what_was_kept(team: Team):
    before = team.library().export_all()
    team.process.kill()
    team.process.wait()
    until(lambda: not any(map(listens, range(team.port, team.port + 3))), "processes outlived the service")
    (team.folder / "nginx.conf").unlink()
    team.start()
    assert team.library().export_all() == before


def test_the_service_ends_gracefully_and_leaves_nothing(team: Team):
    pids = [team.pid(team.port + number) for number in (1, 2)]
    team.process.terminate()
    assert team.process.wait(PATIENCE_S) == 0
    for port in range(team.port, team.port + BLOCK):
        with closing(socket.socket()) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

"""Serve a team: `python -m deploy.team`. SIGTERM stops all gracefully, SIGHUP starts one process after the other anew.

PostgreSQL is that of CROSSOVER_DATABASE_URL, else one of its own. What ends is started again, also a process that does
not answer any more; nginx is told of those that are ready. All end with this one, however it ends.
"""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from ctypes import CDLL
from pathlib import Path

from deploy.postgres import Postgres

ROOT = Path(__file__).parent.parent
URL_VARIABLE = "CROSSOVER_DATABASE_URL"
LOOK_S, STOP_S, SETTLE_S = 0.25, 20, 1.0
ASK_S, HUNG_S = 5.0, 120.0  # how often a process is asked whether it lives, and after how long a silence it does not
AGAIN_S = 5.0  # from one start of a process to the next, where it cannot be started
PARENT_DEATH = 1  # prctl: the signal that Linux sends when the parent is gone
C = CDLL(None)


class Replica:
    """One process of the dashboard on a port of this machine."""

    def __init__(self, port: int, environ: dict[str, str], folder: Path):
        self.port, self.ready, self._environ = port, False, environ
        self.began = self._asked = self._answered = 0.0
        self._log, self._pid = folder / f"replica-{port}.log", folder / f"replica-{port}.pid"
        self.process = self.start()

    def start(self) -> subprocess.Popen:
        """Start it; it is not ready yet."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address=127.0.0.1",
                   f"--server.port={self.port}", "--server.headless=true", "--server.allowedHosts=*",
                   f"--browser.serverAddress={os.uname().nodename}"]  # fmt: skip
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self._environ, stdout=log, stderr=log,
                                            preexec_fn=end_with_parent)  # fmt: skip
        put(self._pid, str(self.process.pid))
        self.ready = False
        self.began = self._asked = self._answered = time.monotonic()
        return self.process

    def ended(self) -> bool:
        """Whether the process is gone."""
        return self.process.poll() is not None

    def answers(self, path: str = "/readyz") -> bool:
        """Whether it takes visitors, or what else an address of it says."""
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
            return answer.status == 200
        return False

    def hangs(self) -> bool:
        """Whether it runs and has not answered for so long that it will not any more; asked now and then."""
        now = time.monotonic()
        if now - self._asked >= ASK_S:
            self._asked = now
            if self.answers("/livez"):
                self._answered = now
        return now - self._answered >= HUNG_S

    def stop(self) -> None:
        """Let it finish what it is answering, and end."""
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Team:
    """nginx before several replicas."""

    def __init__(self, address: str, replicas: list[Replica], folder: Path):
        self.address, self.replicas, self.folder = address, replicas, folder
        self.anew: list[Replica] = []  # that wait for being started anew
        self.nginx: subprocess.Popen | None = None  # once somebody is ready

    def look(self) -> None:
        """Notice who came and who went, and tell nginx; let one of those that wait be started anew once all are up."""
        before = [replica.ready for replica in self.replicas]
        for replica in self.replicas:
            if replica.ended():
                replica.ready = False
                if time.monotonic() - replica.began >= AGAIN_S:
                    tell(f"The process on port {replica.port} ended and is started again.")
                    replica.start()
            elif replica.hangs():
                tell(f"The process on port {replica.port} does not answer and is ended.")
                replica.process.kill()
            elif not replica.ready:
                replica.ready = replica.answers()
        if [replica.ready for replica in self.replicas] != before:
            self._tell()
        if self.anew and all(replica.ready for replica in self.replicas):
            replica = self.anew.pop(0)
            replica.ready = False
            self._tell()
            time.sleep(SETTLE_S)
            replica.stop()
            replica.start()

    def stop(self) -> None:
        """End all: new visitors first, then those who are there."""
        for replica in self.replicas:
            replica.process.terminate()
        for replica in self.replicas:
            replica.stop()
        if self.nginx:
            self.nginx.send_signal(signal.SIGQUIT)
            with suppress(subprocess.TimeoutExpired):
                self.nginx.wait(STOP_S)
            self.nginx.terminate()
            self.nginx.wait()

    def ended(self) -> bool:
        """Whether nginx ended, without which nobody is reached."""
        return self.nginx is not None and self.nginx.poll() is not None

    def _tell(self) -> None:
        self._write()
        if self.nginx:
            self.nginx.send_signal(signal.SIGHUP)
            return
        command = ["nginx", "-p", str(self.folder), "-c", "nginx.conf", "-e", "nginx.log"]
        self.nginx = subprocess.Popen(command, preexec_fn=end_with_parent)
        print(f"Crossover is at http://{self.address}, its logs in {self.folder}.", flush=True)

    def _write(self) -> None:
        """nginx's file. Where nobody is ready any more, all are named, so that it answers with its own error."""
        ports = [replica.port for replica in self.replicas if replica.ready]
        ports = ports or [replica.port for replica in self.replicas]
        upstreams = [_upstream("any", ports, first=None)]
        upstreams += [_upstream(f"replica_{port}", ports, first=port) for port in ports]
        filled = {
            "@UPSTREAMS@": "\n".join(upstreams), "@ADDRESS@": self.address,
            "@ROUTES@": "\n".join(f"        {port} replica_{port};" for port in ports),
        }  # fmt: skip
        text = (Path(__file__).parent / "nginx.conf").read_text()
        for mark, words in filled.items():
            text = text.replace(mark, words)
        put(self.folder / "nginx.conf", text)


def _upstream(name: str, ports: list[int], first: int | None) -> str:
    servers = [
        f"        server 127.0.0.1:{port} max_fails=1 fail_timeout=2s{'' if first in (None, port) else ' backup'};"
        for port in ports
    ]
    return "\n".join(
        [f"    upstream {name} {{", *(["        least_conn;"] if first is None else []), *servers, "    }"]
    )


def secret(file: Path) -> str:
    """A secret that is kept, readable by its owner alone; made when there is none."""
    if not file.exists():
        put(file, secrets.token_hex(32))
    return file.read_text()


def put(file: Path, text: str) -> None:
    """Write a file of which nobody ever finds a half, and that its owner alone reads."""
    half = file.with_name(f"{file.name}.half")
    half.touch(0o600)
    half.write_text(text)
    half.replace(file)


def end_with_parent() -> None:
    """Let the process that begins here be told to end when its parent is gone, where the system can."""
    with suppress(AttributeError):
        C.prctl(PARENT_DEATH, signal.SIGTERM)


def tell(words: str) -> None:
    """Say to who looks after the service what became of it."""
    print(words, file=sys.stderr, flush=True)


def main() -> int:
    """Serve until told to stop; 0 when all ended as asked."""
    parser = argparse.ArgumentParser(description="Serve Crossover to a team from this machine.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8501, help="of nginx; processes and database take those after it")
    parser.add_argument("--replicas", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=ROOT / ".team", help="where database, secrets and logs lie")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    environ = {**os.environ, "STREAMLIT_SERVER_COOKIE_SECRET": secret(asked.folder / "cookie_secret")}
    environ.setdefault("CROSSOVER_WORKERS", str(max((os.cpu_count() or 1) // asked.replicas, 1)))  # share the cores
    ports = range(asked.port + 1, asked.port + 1 + asked.replicas)
    postgres = None
    if not environ.get(URL_VARIABLE):
        postgres = Postgres(asked.folder, ports.stop, secret(asked.folder / "password"))
        environ[URL_VARIABLE] = postgres.start()
    wanted = {"stop": False, "anew": False}
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: wanted.update(stop=True))
    signal.signal(signal.SIGHUP, lambda *_: wanted.update(anew=True))
    folder = asked.folder.resolve()
    put(folder / "pid", str(os.getpid()))
    team = Team(f"{asked.host}:{asked.port}", [Replica(port, environ, folder) for port in ports], folder)
    try:
        while not wanted["stop"] and not team.ended():
            if wanted["anew"]:
                wanted["anew"], team.anew = False, list(team.replicas)
            if postgres:
                postgres.tend()
            team.look()
            time.sleep(LOOK_S)
    finally:
        team.stop()
        if postgres:
            postgres.stop()
    return 0 if wanted["stop"] else 1


if __name__ == "__main__":
    sys.exit(main())

"""A PostgreSQL of the team's own, on this machine alone, in a folder."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PLACES = Path("/usr/lib/postgresql")  # where Debian keeps the programs, which are not on the path
USER, SYSTEM_USER = "crossover", "postgres"
ASK_S = 5.0  # how often it is asked whether it is there


class Postgres:
    """The server, its data in `folder`/postgres; it listens on this machine and asks for the password."""

    def __init__(self, folder: Path, port: int, password: str):
        self.data, self.port, self.password = folder.resolve() / "postgres" / "data", port, password
        self._asked = time.monotonic()
        self._path = os.pathsep.join((*map(str, sorted(PLACES.glob("*/bin"), reverse=True)), os.environ["PATH"]))
        self._as = SYSTEM_USER if os.geteuid() == 0 else None  # it will not run as root

    def start(self) -> str:
        """Start it, made on the first time, and return its address."""
        if not self.data.exists():
            self.data.parent.mkdir(parents=True, exist_ok=True)
            key = self.data.parent / "password"
            key.touch(0o600)
            key.write_text(self.password)
            if self._as:
                shutil.chown(self.data.parent, self._as)
                shutil.chown(key, self._as)
            self._run("initdb", "-U", USER, "--auth=scram-sha-256", f"--pwfile={key}", "-E", "UTF8", "--no-locale")
            key.unlink()
        self.resume()
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def runs(self) -> bool:
        """Whether somebody listens where it does."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=ASK_S):
            return True
        return False

    def tend(self) -> None:
        """Start it again where it has ended, which is looked at now and then."""
        if time.monotonic() - self._asked < ASK_S:
            return
        if not self.runs():
            print("PostgreSQL ended and is started again.", file=sys.stderr, flush=True)
            with suppress(SystemExit):  # what keeps it from that is in its log; the next look tries again
                self.resume()
        self._asked = time.monotonic()

    def resume(self) -> None:
        """Start it unless it runs."""
        if self.runs():
            return
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self._run("pg_ctl", "-w", "-l", str(self.data.parent / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """End it: `fast` finishes what it writes, `immediate` is what a power cut does."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def _run(self, tool: str, *arguments: str) -> None:
        program = shutil.which(tool, path=self._path)
        if program is None:
            raise SystemExit("PostgreSQL is not here: install it, or name a database in CROSSOVER_DATABASE_URL.")
        command = [program, "-D", str(self.data), *arguments]
        done = subprocess.run(command, user=self._as, cwd=self.data.parent, capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise SystemExit(f"PostgreSQL could not be used: {done.stderr.strip() or done.stdout.strip()}")

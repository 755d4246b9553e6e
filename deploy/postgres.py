"""A PostgreSQL of the team's own, on this machine alone, in a folder."""

import os
import shutil
import subprocess
from pathlib import Path

PLACES = Path("/usr/lib/postgresql")  # where Debian keeps the programs, which are not on the path
USER, SYSTEM_USER = "crossover", "postgres"


class Postgres:
    """The server, its data in `folder`/postgres; it listens on this machine and asks for the password."""

    def __init__(self, folder: Path, port: int, password: str):
        self.data, self.port, self.password = folder.resolve() / "postgres" / "data", port, password
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

    def resume(self) -> None:
        """Start what is stopped."""
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

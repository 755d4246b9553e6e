"""Where the library lies: a database named in the environment, else a file in the folder that is usual on the platform.

`CROSSOVER_DATABASE_URL` names a database, PostgreSQL for a team; `CROSSOVER_DATA` a folder for the file;
`CROSSOVER_LIBRARY_GB` how large it may grow.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL, make_url

URL_VARIABLE, FOLDER_VARIABLE = "CROSSOVER_DATABASE_URL", "CROSSOVER_DATA"
SIZE_VARIABLE = "CROSSOVER_LIBRARY_GB"
MOST_BYTES = 10_000_000_000  # a judgement: a hundred thousand versions of a full scenario, and a disk's worth of harm
FILE = "library.sqlite"
DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


def data_folder(environ: Mapping[str, str], platform: str = sys.platform, home: Path | None = None) -> Path:
    """The folder of the user's data: as named in the environment, else as is usual on the platform."""
    if named := environ.get(FOLDER_VARIABLE, "").strip():
        return Path(named).expanduser()
    home = home or Path.home()
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Crossover"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Crossover"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "crossover"


def database_url(environ: Mapping[str, str]) -> URL:
    """The address of the database; SQLAlchemy's ArgumentError when what the environment says is none."""
    if named := environ.get(URL_VARIABLE, "").strip():
        url = make_url(named)
        return url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
    return file_url(data_folder(environ) / FILE)


def most_bytes(environ: Mapping[str, str]) -> int:
    """How large the library may grow; ValueError when what the environment says is no amount."""
    named = environ.get(SIZE_VARIABLE, "").strip()
    return int(float(named) * 1e9) if named else MOST_BYTES


def file_url(file: Path) -> URL:
    """The address of a library in a file."""
    return URL.create("sqlite", database=str(file))


def shown(url: URL) -> str:
    """The place as a reader may see it: a path, or an address without its password."""
    return url.database or "memory" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)

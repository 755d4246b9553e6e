"""Large logs added up by DuckDB some megabytes at a time, so that memory is bounded and the numbers so far are known.

DuckDB is handed rows and reaches nothing: no file, no network, no extension, no disk to spill to. What it cannot add up
exactly as reading row by row would is left to that.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache
from typing import Any

import duckdb
import numpy as np
import pyarrow
from pyarrow.compute import sum as sum_of

from intake.errors import NotPlain
from intake.records import MOST_COMPARED, Rows
from usage.division import MODEL
from usage.groups import NUMBERS, WORDS
from usage.hints import Hints
from usage.progress import Progress, Watch
from usage.row import added
from usage.tally import Tally

SMALLEST_BYTES = 4_000_000  # below, row by row is done before an engine has started
MOST_PENDING = 200_000
SUMS = {
    "rows": "BIGINT",
    "wrong": "BIGINT",
    "beside": "BIGINT",
    "thought_beside": "BIGINT",
    **dict.fromkeys(NUMBERS, "DOUBLE"),
}
WANTED = ("time", "id", *WORDS, *NUMBERS)
Block = tuple[pyarrow.Table, float]
CONFIG = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "temp_directory": "",
          "memory_limit": "768MB"}  # fmt: skip
LOCKED = (
    "SET TimeZone = 'UTC'", "SET preserve_insertion_order = false", "SET enable_external_access = false",
    "SET lock_configuration = true",
)  # fmt: skip


def is_bulk(rows: Rows, names: Mapping[str, str], hints: Hints) -> bool:
    """Whether a log is large, is a table, JSON lines or Parquet, and has a request in each row."""
    is_large = rows.has_blocks and rows.part.size >= SMALLEST_BYTES
    return (
        is_large
        and not {"requests", "hour"} & names.keys()
        and names["time"] not in ("hour", "minute")
        and hints.by.kind == MODEL
    )


def groups_of(rows: Rows, names: Mapping[str, str], tally: Tally,
              watch: Watch | None = None) -> list[dict[str, Any]]:  # fmt: skip
    """The groups of all rows of a file. Rows that name their request are counted once: NotPlain when some stand twice,
    a note in the tally where they are too many to look. Of others those that are alike are counted in `rows`.
    """
    signs: list[np.ndarray] | None = []
    groups: list[pyarrow.Table] = []
    wanted = {what: names[what] for what in WANTED if what in names}

    def overlook() -> None:
        nonlocal signs
        signs = None
        wanted.pop("id", None)
        tally.overlook_duplicates()

    if (rows.count or 0) > MOST_COMPARED:
        overlook()
    with _engine() as engine:
        for table, share in _ahead(rows.blocks(wanted, NUMBERS, WORDS)):
            engine.register("log", table)
            try:
                groups.append(_groups(engine))
                if sum(map(len, groups)) > MOST_PENDING:
                    groups = [_merged(groups, engine)]
                if signs is not None:
                    signs.append(engine.execute(_signs("id" in names, table.column_names)).fetchnumpy()["sign"])
            except (duckdb.Error, pyarrow.ArrowException):
                raise NotPlain("cannot be added up at once.") from None
            if signs is not None and sum(map(len, signs)) > MOST_COMPARED:
                overlook()
            if watch:
                watch(_progress(rows.name, groups, share))
        rows.copies = int((np.diff(np.sort(np.concatenate(signs))) == 0).sum()) if signs else 0
        if rows.copies and "id" in names:
            raise NotPlain("has rows that stand twice.")
        return _merged(groups, engine).to_pylist() if groups else []


def _signs(named: bool, columns: list[str]) -> str:
    """What rows have in common that are the same request, or alike where none is named; none of an empty row."""
    quoted = ['"id"'] if named else [f'"{column}"' for column in columns]
    known = " OR ".join(f"{column} IS NOT NULL" for column in quoted)
    return f"SELECT hash({', '.join(quoted)}) AS sign FROM log WHERE {known}"


def _engine() -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect(":memory:", config=CONFIG)
    for setting in LOCKED:
        engine.execute(setting)
    return engine


def _ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """Each block, while the one after it is read."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(copy_context().run, next, blocks, None)  # a refusal there is written as here
        while block := coming.result():
            coming = beside.submit(copy_context().run, next, blocks, None)
            yield block


def _groups(engine: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    schema = engine.sql("SELECT * FROM log LIMIT 0").to_arrow_table().schema
    return engine.sql(_sql(schema)).to_arrow_table()


def _merged(groups: list[pyarrow.Table], engine: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Groups of several blocks as those of one."""
    engine.register("parts", pyarrow.concat_tables(groups, promote_options="permissive"))
    sums = [f"sum({name})::{engine_type} AS {name}" for name, engine_type in SUMS.items()
            if name in groups[0].column_names]  # fmt: skip
    keys = [name for name in groups[0].column_names if name not in SUMS]
    return engine.sql(f"SELECT {', '.join((*keys, *sums))} FROM parts GROUP BY ALL").to_arrow_table()


def _progress(name: str, groups: list[pyarrow.Table], share: float) -> Progress:
    def known(column: str) -> float | None:
        sums = (sum_of(table[column]).as_py() for table in groups if column in table.column_names)
        return added(*sums)

    return Progress(name, int(known("rows") or 0), known("input"), known("output"), share)


@lru_cache(maxsize=16)
def _sql(schema: pyarrow.Schema) -> str:
    """The aggregation in DuckDB's words."""
    import ibis  # takes a third of a second, which no small file needs
    from ibis.common.exceptions import IbisError

    from usage.aggregation import grouped

    log = ibis.table(ibis.Schema.from_pyarrow(schema), name="log")
    try:
        return str(ibis.to_sql(grouped(log, {name: name for name in schema.names}), dialect="duckdb", pretty=False))
    except IbisError:
        raise NotPlain("has columns of another kind.") from None

"""Large logs added up by DuckDB some megabytes at a time, so that memory is bounded and the numbers so far are known.

DuckDB reaches the one file that was given and nothing else: no network, no extension, no other file, no disk to spill
to. What it cannot read exactly as reading row by row would is left to that.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import duckdb
import numpy as np
import pyarrow
from pyarrow.compute import sum as sum_of

from intake.errors import NotPlain
from intake.parquet import Parquet
from intake.records import Rows
from intake.table import Table
from usage.division import MODEL
from usage.groups import NUMBERS, WORDS
from usage.hints import Hints
from usage.progress import Progress, Watch
from usage.row import added
from usage.tally import MOST_SEEN, Tally

SMALLEST_BYTES = 4_000_000  # below, row by row is done before an engine has started
QUOTE = '"'  # of names, in SQL
MEMORY, MOST_PENDING = "768MB", 200_000
SUMS = {"rows": "BIGINT", "wrong": "BIGINT", "beside": "BIGINT", **dict.fromkeys(NUMBERS, "DOUBLE")}
WANTED = ("time", "id", *WORDS, *NUMBERS)
Block = tuple[pyarrow.Table, int]
LOCKED = (
    "SET TimeZone = 'UTC'", "SET preserve_insertion_order = false", "SET enable_external_access = false",
    "SET lock_configuration = true",
)  # fmt: skip


def is_bulk(rows: Rows, names: Mapping[str, str], hints: Hints) -> bool:
    """Whether a log is large, is a table or Parquet on disk, and has a request in each row."""
    on_disk = isinstance(rows, Table) or (isinstance(rows, Parquet) and rows.part.path is not None)
    return on_disk and rows.part.size >= SMALLEST_BYTES and "requests" not in names and hints.by.kind == MODEL


def groups_of(rows: Table | Parquet, names: Mapping[str, str], tally: Tally,
              watch: Watch | None = None) -> list[dict[str, Any]]:  # fmt: skip
    """The groups of all rows of a file. Rows that name their request are counted once: NotPlain when some stand twice,
    a note in the tally where they are too many to look.
    """
    ids: list[np.ndarray] | None = [] if "id" in names else None
    groups: list[pyarrow.Table] = []
    wanted = {what: names[what] for what in WANTED if what in names}
    with _engine(rows) as engine:
        for share in _blocks(rows, wanted, engine):
            try:
                groups.append(_groups(engine))
                if sum(map(len, groups)) > MOST_PENDING:
                    groups = [_merged(groups, engine)]
                if ids is not None:
                    ids.append(engine.execute("SELECT hash(id) AS id FROM log WHERE id IS NOT NULL").fetchnumpy()["id"])
            except duckdb.Error:
                raise NotPlain("cannot be added up at once.") from None
            if ids is not None and sum(map(len, ids)) > MOST_SEEN:
                ids = None
                del wanted["id"]
                tally.overlook_duplicates()
            if watch:
                watch(_progress(rows.name, groups, share))
        if ids and not np.diff(np.sort(np.concatenate(ids))).all():
            raise NotPlain("has rows that stand twice.")
        return _merged(groups, engine).to_pylist() if groups else []


def _engine(rows: Table | Parquet) -> duckdb.DuckDBPyConnection:
    config = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "temp_directory": "",
              "memory_limit": MEMORY}  # fmt: skip
    engine = duckdb.connect(":memory:", config=config)
    if isinstance(rows, Parquet):
        engine.execute(f"SET allowed_paths = [{_quoted(rows.part.path)}]")
    for setting in LOCKED:
        engine.execute(setting)
    return engine


def _blocks(
    rows: Table | Parquet, names: Mapping[str, str], engine: duckdb.DuckDBPyConnection
) -> Iterator[float | None]:
    """Make `log` one block after the other, of the columns that are in `names` then, and tell the share read."""
    if isinstance(rows, Table):
        for table, read_bytes in _ahead(rows.blocks(names, NUMBERS)):
            engine.register("log", table)
            yield read_bytes / rows.part.size if rows.part.path else None
        return
    for start, end in rows.slices():
        columns = ", ".join(f"{_column(rows, name)} AS {what}" for what, name in names.items())
        engine.execute(
            f"CREATE OR REPLACE TEMP VIEW log AS SELECT {columns} FROM read_parquet({_quoted(rows.part.path)}) "
            f"WHERE file_row_number >= {start} AND file_row_number < {end}"
        )
        yield end / rows.count


def _ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """Each block, while the one after it is read."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, blocks, None)
        while block := coming.result():
            coming = beside.submit(next, blocks, None)
            yield block


def _column(rows: Parquet, name: str) -> str:
    """A column in SQL; of moments as their number, since the engine is slow to take them out of a zone."""
    written = _quoted(rows.written(name), QUOTE)
    return f"epoch_us({written})" if rows.is_zoned(name) else written


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


def _progress(name: str, groups: list[pyarrow.Table], share: float | None) -> Progress:
    def known(column: str) -> float | None:
        sums = (sum_of(table[column]).as_py() for table in groups if column in table.column_names)
        return added(*sums)

    return Progress(name, int(known("rows") or 0), known("input"), known("output"), share)


@lru_cache(maxsize=16)
def _sql(schema: pyarrow.Schema) -> str:
    """The aggregation in DuckDB's words."""
    import ibis  # takes a third of a second, which no small file needs

    from usage.aggregation import grouped

    log = ibis.table(ibis.Schema.from_pyarrow(schema), name="log")
    return str(ibis.to_sql(grouped(log, {name: name for name in schema.names}), dialect="duckdb", pretty=False))


def _quoted(value: object, quote: str = "'") -> str:
    return f"{quote}{str(value).replace(quote, quote * 2)}{quote}"

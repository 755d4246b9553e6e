"""A large request log to a workload, against pandas reading and grouping the same file: ratios of one run.

`python -m bench.usage [ROWS]`: ten million by default, about 1 GB as CSV, and ten times as many as Parquet. The files
are made in a temporary folder and removed. Each reading is a process of its own on two cores; its time is from the open
file to the result, its memory the most that the whole process held.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROWS, TIMES, CORES = 10_000_000, 10, 2
MOST_TIME, MOST_MEMORY, MOST_PARQUET_TIME, MOST_MB = 0.4, 0.15, 0.1, 1_000.0
NAMES = "['openai', 'openai', 'anthropic', 'anthropic'][m] AS provider, "
NAMES += "['gpt-4.1', 'gpt-4.1-mini', 'claude-sonnet-4-5', 'claude-haiku-4-5'][m] AS model"
REQUESTS = f"""
    SELECT {{time}} AS timestamp, {{id}} {NAMES}, i, n // 2 AS cached_tokens, n AS prompt_tokens,
        (hash(i + 2) % 2000)::INT AS completion_tokens, if(hash(i + 3) % 100 = 0, 500, 200) AS status,
        (hash(i + 4) % 3000)::INT AS latency_ms, round((hash(i + 5) % 10000) / 1e6, 6) AS cost_usd
    FROM (SELECT i, 1 + (hash(i) % 4)::INT AS m, (hash(i + 1) % 20000)::INT AS n,
        TIMESTAMPTZ '2026-10-01 00:00:00+00' + to_seconds((i * 2678399 // {{rows}})::BIGINT) AS moment
        FROM range({{rows}}) r(i))
"""
AS_TEXT, AS_ID = "strftime(moment AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')", "left(md5(i::VARCHAR), 24) AS request_id,"


def write(path: Path, rows: int, time: str, name: str) -> None:
    """Make a log of so many requests of October 2026."""
    import duckdb

    form = "FORMAT parquet" if path.suffix == ".parquet" else "FORMAT csv, HEADER"
    query = REQUESTS.format(time=time, id=name, rows=rows)
    with duckdb.connect(config={"threads": CORES, "memory_limit": "4GB"}) as engine:
        engine.execute(f"COPY (SELECT * EXCLUDE (i) FROM ({query})) TO '{path}' ({form})")


def with_pandas(path: Path) -> float:
    """Seconds for pandas to read the file and to add it up by hour and model."""
    import pandas as pd

    start = perf_counter()
    log = pd.read_csv(path)
    log = log[log["status"] < 400].assign(hour=lambda found: pd.to_datetime(found["timestamp"]).dt.floor("h"))
    sums = ["prompt_tokens", "cached_tokens", "completion_tokens", "cost_usd"]
    log.groupby(["hour", "provider", "model"])[sums].sum()
    return perf_counter() - start


def with_usage(path: Path) -> float:
    """Seconds from the file to the workload."""
    import ibis.backends.sql.compilers  # noqa: F401 - what is imported once is not the file's time, as for pandas

    from usage import read
    from usage.workload import workload

    start = perf_counter()
    found = workload(read([(path.name, path)]))
    seconds = perf_counter() - start
    assert found is not None
    assert found.values["cached_input_frac"]
    return seconds


def measured(how: str, path: Path) -> tuple[float, float]:
    """Seconds and most megabytes of one reading in a process of its own."""
    command = [sys.executable, "-m", "bench.usage", how, str(path)]
    seconds, megabytes = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), float(megabytes)


def most_mb() -> float:
    """The most memory that this process has held."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e3


def told(what: str, ratio: float, most: float, unit: str = "times pandas") -> None:
    """A row of the result."""
    print(f"  {what:44} {ratio:8.3g} {unit:12} {'within' if ratio <= most else 'over'} {most:g}")


def main(rows: int) -> None:
    """Make the files, read them and print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        text, columns, many = (Path(folder) / name for name in ("log.csv", "log.parquet", "many.parquet"))
        write(text, rows, AS_TEXT, AS_ID)
        write(columns, rows, "moment", AS_ID)
        pandas_s, pandas_mb = measured("pandas", text)
        usage_s, usage_mb = measured("usage", text)
        parquet_s, parquet_mb = measured("usage", columns)
        print(f"{rows:,} requests, {text.stat().st_size / 1e6:,.0f} MB as CSV, {CORES} cores; pandas takes "
              f"{pandas_s:.1f} s and {pandas_mb:,.0f} MB:")  # fmt: skip
        told("CSV to a workload, time", usage_s / pandas_s, MOST_TIME)
        told("CSV to a workload, memory", usage_mb / pandas_mb, MOST_MEMORY)
        told("Parquet to a workload, time", parquet_s / pandas_s, MOST_PARQUET_TIME)
        told("Parquet to a workload, memory", parquet_mb, MOST_MB, "MB")
        text.unlink()
        columns.unlink()
        write(many, rows * TIMES, "moment", "")
        many_s, many_mb = measured("usage", many)
        told(f"{rows * TIMES:,} requests of Parquet, memory", many_mb, MOST_MB, "MB")
        print(f"  in {many_s:.1f} s, {many.stat().st_size / 1e6:,.0f} MB on disk")


if __name__ == "__main__":
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    if sys.argv[1:2] in (["pandas"], ["usage"]):
        seconds = {"pandas": with_pandas, "usage": with_usage}[sys.argv[1]](Path(sys.argv[2]))
        print(seconds, most_mb())
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else ROWS)

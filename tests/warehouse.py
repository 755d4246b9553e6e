"""A log in PostgreSQL and in Spark gives the numbers that its rows give in a file. Run by `make test-warehouse`."""

import json
import os
import random
import shutil
import socket
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import ibis
import pandas as pd
import psycopg
import pytest

from tests.sentence import one_sentence
from usage import read
from usage.__main__ import main
from usage.warehouse import read_log

ROWS, AGAIN = 3_000, 40
MODELS = (("openai", "gpt-4.1"), ("anthropic", "claude-sonnet-4-5"), (None, "own-model"))

COLUMNS = """timestamp timestamptz, request_id text, provider text, model text, prompt_tokens bigint,
    completion_tokens bigint, cached_tokens bigint, batch boolean, status int, cost_usd double"""


@pytest.fixture(scope="module")
def log() -> pd.DataFrame:
    """Requests of two months: some failed, some stand twice, some say nothing of caching or cost."""
    draw, start = random.Random(7), datetime(2026, 9, 20, tzinfo=UTC)
    rows = []
    for place in range(ROWS):
        provider, model = draw.choice(MODELS)
        tokens = draw.randrange(1, 9_000)
        rows.append({
            "timestamp": start + timedelta(seconds=draw.randrange(20 * 86_400)),
            "request_id": None if place % 50 == 0 else f"r{place}", "provider": provider, "model": model,
            "prompt_tokens": tokens, "completion_tokens": draw.randrange(900),
            "cached_tokens": None if provider is None else tokens // 3, "batch": draw.random() < 0.2,
            "status": draw.choice((200, 200, 200, 200, 429)),
            "cost_usd": None if provider is None else draw.randrange(1, 4096) / 4096,
        })  # fmt: skip
    rows += [row for row in rows if row["request_id"]][:AGAIN]
    frame = pd.DataFrame(rows).astype({"cached_tokens": "Int64"})
    return frame.astype({"timestamp": "datetime64[us, UTC]"})


@pytest.fixture(scope="module")
def expected(log) -> dict:
    """What reading row by row says."""
    return found(read([("log", log.to_csv(index=False).encode())]))


def found(reading) -> dict:
    assert not reading.refusals
    terms = reading.terms()
    left_out = sum(reading.files[0].counts.values())  # a row that failed and stands twice is left out either way
    return {"total": terms["total"], "groups": terms["by_month_and_model"], "left out": left_out}


@pytest.fixture(scope="module")
def postgres():
    """The address of a PostgreSQL of one's own."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    path = os.pathsep.join((*map(str, places), os.environ["PATH"]))
    if not shutil.which("initdb", path=path):
        pytest.skip("PostgreSQL is not here: install it, with initdb on the path.")
    folder, owner = Path(mkdtemp()), "postgres" if os.geteuid() == 0 else None
    if owner:  # it will not run as root
        shutil.chown(folder, owner)

    def run(tool: str, *arguments: str) -> None:
        command = [shutil.which(tool, path=path), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, user=owner, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run("initdb", "--auth=trust", "--username=reader", "--encoding=UTF8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c timezone=America/New_York"
    run("pg_ctl", "--wait", "-l", str(folder / "log"), "-o", options, "start")
    yield f"postgres://reader@127.0.0.1:{port}/postgres"
    run("pg_ctl", "--wait", "--mode=fast", "stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def spark():
    """Spark on this machine alone."""
    if not shutil.which("java"):
        pytest.skip("Java is not here: Spark needs 17 or newer.")
    from pyspark.sql import SparkSession

    settings = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
                "spark.sql.shuffle.partitions": "2", "spark.sql.session.timeZone": "UTC"}  # fmt: skip
    session = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    yield session
    session.stop()


def test_postgresql(log, expected, postgres, capsys):
    with psycopg.connect(postgres) as server:
        server.execute(f"CREATE TABLE requests ({COLUMNS.replace(' double', ' double precision')})")
        with server.cursor().copy("COPY requests FROM STDIN WITH (FORMAT csv, HEADER)") as copy:
            copy.write(log.to_csv(index=False))
    reading = read_log(ibis.connect(postgres).table("requests"), "requests")
    assert found(reading) == expected
    assert reading.files[0].counts["repeated within the file"] == AGAIN < reading.files[0].counts["failures"]
    assert main([postgres, "--table", "requests", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == expected["total"]
    assert main([postgres, "--table", "nothing", "--json"]) == 2
    assert "cannot be opened" in one_sentence(capsys.readouterr().err.strip())


def test_spark(log, expected, spark, tmp_path):
    log.to_parquet(tmp_path / "requests.parquet")
    spark.read.parquet(str(tmp_path)).createOrReplaceTempView("requests")
    assert found(read_log(ibis.pyspark.connect(spark).table("requests"), "requests")) == expected

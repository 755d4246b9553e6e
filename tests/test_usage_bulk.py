"""Large logs, which DuckDB adds up: the same numbers as row by row, nothing reached but the file, and how far it is."""

import gzip
import json
import random
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow
import pytest

from intake import parquet, pieces
from tests.sentence import one_sentence
from tests.usage_files import NOW, SECRET, as_csv, as_json, as_parquet, log_row
from usage import bulk, read
from usage.__main__ import SoFar, main
from usage.bulk import groups_of
from usage.hints import Hints
from usage.readers import request_log

NEVER = 10**18


def log(count: int = 600, **more) -> list[dict]:
    """Requests of some days: several models and providers, some failed, some without caching or a price."""
    draw = random.Random(5)
    rows = []
    for _ in range(count):
        day, minute = draw.choice(("2026-09-30", "2026-10-01")), draw.randrange(1440)
        price = draw.choice((None, draw.randrange(999) / 1024))
        row = log_row(
            timestamp=f"{day}T{minute // 60:02d}:{minute % 60:02d}:07Z",
            prompt_tokens=draw.randrange(9_000),
            cost_usd=price,
        )
        row |= {"model": draw.choice(("gpt-4.1", "claude-sonnet-4-5", "'=cmd")), "status": draw.choice((200, 200, 500)),
                "provider": draw.choice(("OpenAI", "anthropic", "")), "batch": draw.choice(("true", "false", "")),
                "cached_tokens": draw.choice((None, 0, 40))}  # fmt: skip
        rows.append({**row, **more})
    return rows


def timed(*kinds: pyarrow.DataType) -> pyarrow.Table:
    """The requests as columns, with their times of another kind."""
    made = pyarrow.Table.from_pylist(log())
    times = pyarrow.array([datetime.fromisoformat(text) for text in made.column("timestamp").to_pylist()])
    for kind in kinds:
        times = times.cast(kind)
    return made.set_column(made.column_names.index("timestamp"), "timestamp", times)


def told(monkeypatch, content, smallest: int, name: str = "log", hints: Hints | None = None) -> dict:
    monkeypatch.setattr(bulk, "SMALLEST_BYTES", smallest)
    return read([(name, content)], hints, NOW).terms()


def on_disk(folder: Path, content: bytes) -> Path:
    path = folder / "it's a log"
    path.write_bytes(content)
    return path


@pytest.fixture
def counted(monkeypatch):
    """How many logs were added up at once."""
    calls = []
    monkeypatch.setattr(request_log, "groups_of", lambda *given: calls.append(1) or groups_of(*given))
    return calls


PLAIN = as_csv(*log())


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace(b",", b"\t"),
        PLAIN.replace(b"\r\n", b"\n")[:-1],
        b"\xef\xbb\xbf" + PLAIN,
        gzip.compress(PLAIN),
        PLAIN.replace(b"07Z", b"07.250+02:00"),
        PLAIN.replace(b"07Z", b"07"),
        PLAIN.replace(SECRET.encode(), b'"one, and\nanother ""line"""'),
        as_csv(*log(request_id=None)),
        as_csv(*({"ts": row["timestamp"], "output_tokens": 7} for row in log())),
        as_csv(*({**row, "request_id": place} for place, row in enumerate(log()))),
        as_csv(*log(prompt_tokens_details="x"), log_row(prompt_tokens="n/a")),
        as_parquet(log()),
        *(
            as_parquet(timed(kind))
            for kind in (
                pyarrow.timestamp("us"),
                pyarrow.timestamp("ns"),
                pyarrow.timestamp("ms", "UTC"),
                pyarrow.timestamp("s", "Europe/Berlin"),
            )
        ),
        *(as_parquet(timed(pyarrow.timestamp(unit, "UTC"), pyarrow.int64())) for unit in ("s", "ms", "us", "ns")),
    ],
)
def test_the_numbers_are_those_of_row_by_row(content, monkeypatch, tmp_path, counted):
    monkeypatch.setattr(pieces, "BLOCK_BYTES", 20_000)
    monkeypatch.setattr(parquet, "BLOCK_ROWS", 100)
    path = on_disk(tmp_path, content)
    one_by_one = told(monkeypatch, path, NEVER)
    assert not counted
    assert told(monkeypatch, path, 0) == one_by_one
    assert told(monkeypatch, content, 0) == one_by_one
    assert len(counted) == 2
    assert one_by_one["total"]["requests"] > 300


@pytest.mark.parametrize(
    "content",
    [
        as_csv(*log(30), log_row(timestamp="10/13/2026 09:00")),
        as_csv(*log(30), log_row(timestamp="2026-10-01")),
        as_csv(*log(30), log_row(timestamp="1790812800")),
        as_csv(*log(30), log_row(prompt_tokens="1,250")),
        as_csv(*log(30), log_row(prompt_tokens=-5)),
        as_csv(*log(30), log_row(prompt_tokens="many")),
        as_csv(*log(30, request_id="a")),
        PLAIN[: PLAIN.rindex(b",")][: PLAIN.rindex(b",") - 30],
        PLAIN + b'"2026',
        PLAIN.replace(b"claude", "Größe".encode("latin-1")),
        as_parquet(log(30))[:-9],
        as_json(*log(30), log_row(prompt_tokens="12")),
        as_json(*log(30), {"Time-Stamp": "2026-10-01T00:00:00Z", "model": "m", "prompt_tokens": 5}),
        as_json(*({"timestamp": row["timestamp"], "usage": {"input_tokens": 7}} for row in log(30))),
        as_json(*log(30))[:-20],
    ],
)
def test_what_is_not_plain_is_read_row_by_row(content, monkeypatch, tmp_path):
    path = on_disk(tmp_path, content)
    assert told(monkeypatch, path, 0) == told(monkeypatch, path, NEVER)


def test_hours_of_a_zone(monkeypatch, tmp_path):
    path = on_disk(tmp_path, PLAIN.replace(b"07Z", b"07"))
    for zone in ("Europe/Berlin", "Asia/Kolkata"):
        hints = Hints(zone=ZoneInfo(zone))
        assert told(monkeypatch, path, 0, hints=hints) == told(monkeypatch, path, NEVER, hints=hints)


def test_the_engine_reaches_nothing(tmp_path):
    other = tmp_path / "other.parquet"
    other.write_bytes(as_parquet(log(9)))
    with bulk._engine() as engine:
        for refused in (
            f"SELECT * FROM read_parquet('{other}')", f"SELECT * FROM '{other}'", f"COPY (SELECT 1) TO '{other}'",
            "SELECT * FROM read_csv('https://example.com/log.csv')", "INSTALL httpfs", "LOAD httpfs",
            "SET enable_external_access = true", f"ATTACH '{tmp_path / 'new.db'}'",
        ):  # fmt: skip
            with pytest.raises(duckdb.Error):
                engine.execute(refused)


def test_progress_and_a_stop(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(bulk, "SMALLEST_BYTES", 0)
    monkeypatch.setattr(pieces, "BLOCK_BYTES", 20_000)
    path, seen = on_disk(tmp_path, PLAIN), []
    read([("log", path)], watch=seen.append)
    assert len(seen) > 2
    assert [progress.rows for progress in seen] == sorted(progress.rows for progress in seen)
    assert (seen[-1].rows, seen[-1].share, seen[-1].name) == (600, 1.0, "log")
    assert seen[0].input_tokens < seen[-1].input_tokens

    def stop(self, progress):
        self._told = -1e9
        told_before(self, progress)
        raise KeyboardInterrupt

    told_before = SoFar.__call__
    monkeypatch.setattr(SoFar, "__call__", stop)
    assert main([str(path), "--json"]) == 130
    printed = capsys.readouterr()
    assert printed.out == ""
    line, stopped = printed.err.splitlines()
    assert "% read, " in line
    assert "tokens in" in line
    assert "Stopped" in one_sentence(stopped)


def test_too_many_rows_to_look_for_those_that_stand_twice(monkeypatch, tmp_path):
    monkeypatch.setattr(bulk, "SMALLEST_BYTES", 0)
    monkeypatch.setattr(bulk, "MOST_COMPARED", 100)
    reading = read([("log", on_disk(tmp_path, as_csv(*log(request_id="a"))))])
    assert reading.files[0].duplicates_unknown


def test_groups_of_many_blocks_are_merged(monkeypatch, tmp_path):
    monkeypatch.setattr(bulk, "MOST_PENDING", 10)
    monkeypatch.setattr(pieces, "BLOCK_BYTES", 5_000)
    path = on_disk(tmp_path, PLAIN)
    assert json.dumps(told(monkeypatch, path, 0)) == json.dumps(told(monkeypatch, path, NEVER))

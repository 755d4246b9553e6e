"""Damaged scenario files, links and uploads: each opens or is refused in one sentence, never with a traceback.

A seeded part runs always; `make test ARGS="-m slow tests/test_fuzz.py"` does ten thousand of each.
"""

import base64
import json
import zlib
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

import benchmarks
from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from intake.errors import Refusal
from library import Library
from library.database import Database
from library.errors import KEPT
from library.place import file_url
from library.price_files import read_own
from pricing.documents import Opened, document, from_json, from_link, to_json, to_link
from pricing.facts import Server
from pricing.own import cells_of
from pricing.presets import preset, presets
from tests import benchmark_files, usage_files
from tests.fuzzing import damaged
from tests.sentence import one_sentence
from tests.test_own_prices import MINE
from usage import read

SEED, ALWAYS, ASKED_FOR = 20261124, 150, 10_000
COMPARED_EACH = 25  # of the damaged files that open, one in so many is worked out
NOW = datetime(2026, 11, 24, tzinfo=UTC)
HERE = Path(__file__).parent
OLD = list(json.loads((HERE / "documents_of_version_2.json").read_text("utf-8")).values())
TODAY = [document(from_json(json.dumps(content))) for content in OLD]
FRESH = [document(Opened(preset(slug).scenario, slug, slug)) for slug in presets()]
SCENARIOS = [*OLD, *TODAY, *FRESH]

numbers = pytest.mark.parametrize("number", [ALWAYS, pytest.param(ASKED_FOR, marks=pytest.mark.slow)])


def written(content: object) -> bytes:
    return json.dumps(content).encode()


def table(rows: object) -> bytes:
    """Rows as CSV, as careless programs write it."""
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    lines = [row.keys() for row in rows[:1]] + [row.values() for row in rows]
    return "\n".join(",".join(map(str, line)) for line in lines).encode(errors="replace")


def opens(work, *given):
    """What the work gives; None when it is refused in a sentence, which is all that may happen to it."""
    try:
        return work(*given)
    except (ScenarioError, Refusal) as refusal:
        one_sentence(str(refusal).removesuffix(f" {KEPT}"))
        return None


@numbers
def test_damaged_scenario_files(number):
    opened = [found for file in damaged(SCENARIOS, number, SEED, written) if (found := opens(from_json, file))]
    assert 0 < len(opened) < number
    for found in opened[::COMPARED_EACH]:
        assert opens(compare, found.scenario)
        assert document(from_json(to_json(document(found)))) == document(found)


@numbers
def test_damaged_links(number):
    whole = [to_link(content) for content in SCENARIOS]
    for place, file in enumerate(damaged(SCENARIOS, number, SEED + 1, written)):
        packed = base64.urlsafe_b64encode(zlib.compress(file)).decode()
        opens(from_link, packed)
        link = whole[place % len(whole)]
        cut = place % len(link)
        opens(from_link, link[:cut] + file.decode("latin-1")[:3] + link[cut + place % 7 :])


@numbers
def test_damaged_libraries_add_all_or_nothing(number, tmp_path):
    whole = Library(Database(file_url(tmp_path / "whole")))
    nothing = whole.export_all()
    for content in SCENARIOS[:2]:
        whole.bring(written(content), at=NOW)
    for place, file in enumerate(damaged([json.loads(whole.export_all())], number // 10, SEED + 2, written)):
        library = Library(Database(file_url(tmp_path / str(place))))
        if not opens(partial(library.bring, at=NOW), file):
            assert library.export_all() == nothing
        for entry in library.scenarios():
            opens(library.open, entry.slug)


@numbers
def test_damaged_price_lists(number):
    servers = [cells_of(row) for row in MINE if isinstance(row, Server)]
    for file in damaged([servers], number, SEED + 3, table):
        try:
            read_own(Server, "prices.csv", file)
        except ScenarioError as refusal:
            for sentence in str(refusal).splitlines():
                one_sentence(sentence)


USAGE = [
    usage_files.openai_page(usage_files.openai_bucket(usage_files.SEP_30, usage_files.openai_result())),
    [usage_files.log_row(), usage_files.log_row(prompt_tokens=500)],
    usage_files.aws_line("USE1-Claude4Sonnet-input-tokens", 1200.0, "1K tokens", 3.6),
    usage_files.focus_line(3.0, 1000.0, "Tokens"), usage_files.litellm_spend(), usage_files.helicone(),
    usage_files.google_line("Gemini input", 1000.0, 1.0), usage_files.azure_line("gpt 4.1 Inp Tokens", 1000.0, 2.0),
]  # fmt: skip
TABLES = [
    [row] for row in USAGE if isinstance(row, dict) and not any(isinstance(value, list) for value in row.values())
]


@numbers
@pytest.mark.parametrize(("contents", "form"), [(USAGE, written), (TABLES, table)], ids=["json", "csv"])
def test_damaged_usage_files(number, contents, form):
    for file in damaged(contents, number, SEED + 4, form):
        reading = read([("some file", file)], None, NOW)
        for sentence in (*reading.refusals, *reading.aside, *reading.sentences()):
            one_sentence(sentence)


RUNS = [
    benchmark_files.vllm(), benchmark_files.sglang(), benchmark_files.guidellm(benchmark_files.guidellm_run()),
    benchmark_files.aiperf(), benchmark_files.genai(), benchmark_files.stage(), benchmark_files.endpoints(),
]  # fmt: skip


@numbers
def test_damaged_benchmark_files(number):
    for file in damaged(RUNS, number, SEED + 5, written):
        reading = benchmarks.read([("some file", file)], 8)
        for sentence in (*reading.refusals, *reading.aside):
            one_sentence(sentence)

"""A table with a wrong row: one sentence with file, line, column and what would be right, and no row of it."""

import pytest

from costmodel.errors import ScenarioError
from pricing.facts import FILES, GpuPower, rows
from pricing.reading import read

ROW = {
    "gpu": "H100",
    "max_kw_per_gpu": "1.2",
    "idle_kw_per_gpu": "0.3",
    "source": "A price page",
    "source_url": "https://example.com/prices",
    "as_of": "2026-01-31",
    "checked_on": "2026-11-23",
    "confidence": "vendor",
    "why": "",
}


def table(*rows):
    return "\n".join([",".join(ROW), *(",".join(row.values()) for row in rows)])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"max_kw_per_gpu": "-1"}, "line 3, column max_kw_per_gpu: '-1' stands there; it must be greater than 0."),
        ({"max_kw_per_gpu": "1.2 kW"}, "line 3, column max_kw_per_gpu: '1.2 kW' stands there; it must be a number"),
        ({"as_of": "31.1.2026"}, "line 3, column as_of: '31.1.2026' stands there; it must be a date such as"),
        ({"as_of": "soon"}, "line 3, column as_of: 'soon' stands there; it must be a date such as"),
        ({"gpu": " "}, "line 3, column gpu: ' ' stands there; it must be a text."),
        ({"source_url": "example.com"}, "line 3, column source_url: 'example.com' stands there; it must be written"),
        ({"source_url": ""}, "line 3, column source_url: a figure that is vendor has an address."),
        ({"confidence": "rumour"}, "line 3, column confidence: 'rumour' stands there; it must be 'official', 'vendor'"),
        ({"why": "a, b"}, "line 3, has more cells than the heading has columns"),
    ],
)
def test_a_wrong_cell_is_one_sentence_and_loads_nothing(tmp_path, monkeypatch, change, sentence):
    file = tmp_path / "gpu_power.csv"
    file.write_text(table(ROW, ROW | change, ROW))
    monkeypatch.setitem(FILES, GpuPower, (str(file),))
    rows.cache_clear()
    with pytest.raises(ScenarioError) as refusal:
        rows(GpuPower)
    told = str(refusal.value)
    assert told.startswith(f"gpu_power.csv, {sentence}")
    assert "\n" not in told
    assert told.endswith(".")
    rows.cache_clear()


def test_a_missing_cell_and_an_unknown_column_are_named(tmp_path):
    file = tmp_path / "gpu_power.csv"
    file.write_text(table(ROW).rpartition(",")[0])
    with pytest.raises(ScenarioError, match="line 2, column why: nothing stands there"):
        read(GpuPower, file)
    file.write_text(table(ROW).replace("gpu,", "chip,", 1))
    with pytest.raises(ScenarioError, match=r"line 2, column (gpu: nothing stands there|chip is not one of this file)"):
        read(GpuPower, file)


def test_a_cell_over_several_lines_keeps_the_number_of_the_line(tmp_path):
    file = tmp_path / "gpu_power.csv"
    file.write_text(table(ROW | {"source": '"A page\nof prices"'}, ROW | {"max_kw_per_gpu": "0"}))
    with pytest.raises(ScenarioError, match="line 4, column max_kw_per_gpu"):
        read(GpuPower, file)

"""The constants in the catalogue: what the fit gives, within what is physical, true to rows that it has not seen."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pricing.calibration.__main__ import main
from pricing.calibration.fit import Fit
from pricing.calibration.hierarchy import CONSTANTS, SHARES, constants_of, inverse
from pricing.calibration.left_out import band, left_out
from pricing.calibration.observations import Table, is_possible, observations
from pricing.facts import Gpu, ServingConstants, ServingPoint, rows

ROOT = Path(__file__).parent.parent
FEW = {("Llama 3.1 8B", "H100 SXM 80GB"), ("Llama 3.3 70B", "H200 SXM 141GB"), ("gpt-oss 120B", "H200 SXM 141GB")}
TRUTH = np.array([0.8, 0.6, 0.4, 0.5, 5, 6, 30])  # in the order of CONSTANTS


@pytest.fixture(scope="module")
def fit():
    return Fit.of(observations())


@pytest.fixture(scope="module")
def few():
    """The fit of a few pairs whose rates one set of constants made up."""
    seen = tuple(row for row in observations() if (row.model, row.gpu) in FEW)
    table = Table.of(seen)
    rates = np.exp(
        table.predicted({name: np.full(len(seen), value) for name, value in zip(CONSTANTS, TRUTH, strict=True)})
    )
    return Fit.of(tuple(replace(row, output_tok_per_s_per_gpu=rate) for row, rate in zip(seen, rates, strict=True)))


@pytest.mark.parametrize("asked", ["--help", "--anew"])
def test_who_asks_for_help_or_for_what_is_not_there_starts_no_fit(asked, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["pricing.calibration", asked])
    monkeypatch.setattr("pricing.calibration.__main__.observations", lambda: pytest.fail("it fits"))
    with pytest.raises(SystemExit):
        main()
    assert "python -m pricing.calibration" in "".join(capsys.readouterr())


PROGRAMS = [path for path in ROOT.glob("[a-z]*/**/*.py") if "__main__" in path.read_text(encoding="utf-8")]


def test_a_program_that_is_started_reads_what_it_is_asked():
    """A page is started by its server, a worker and what tests start by programs of ours."""
    others = {"plain_page.py", "worker.py"}
    started = [path for path in PROGRAMS if "tests" not in path.parts and path.name not in others]
    assert len(started) > 10
    for path in started:
        assert re.search(r"ArgumentParser|sys\.argv", path.read_text(encoding="utf-8")), path


def test_the_catalogue_holds_what_the_fit_gives(fit):
    kept = {(row.model, row.precision, row.gpu): row for row in rows(ServingConstants) if row.basis == "measured"}
    assert set(kept) == {(pair.model, pair.precision, pair.gpu) for pair in fit.pairs}
    for pair, values in zip(fit.pairs, fit.values, strict=True):
        row = kept[pair.model, pair.precision, pair.gpu]
        for name, value in constants_of(values).items():
            assert getattr(row, name) == pytest.approx(value, rel=0.02), (pair, name)


def test_every_gpu_has_constants_of_each_kind_and_none_is_beyond_what_is_physical():
    classes = {(row.kind, row.gpu) for row in rows(ServingConstants) if row.basis == "class"}
    assert classes == {(kind, gpu.name) for kind in ("dense", "mixture") for gpu in rows(Gpu)}
    for row in rows(ServingConstants):
        assert all(0 < getattr(row, name) < 1 for name in SHARES), row
        assert row.low_ratio < 1 < row.high_ratio
        assert (row.basis == "measured") == bool(row.points + row.ceilings + row.results)


def test_what_was_never_measured_has_the_wider_band():
    widest = {}
    for row in rows(ServingConstants):
        if row.basis != "measured" or row.points + row.ceilings:  # audited alone: of one length, a band as elsewhere
            widest.setdefault((row.basis, row.kind), row.high_ratio / row.low_ratio)
    for kind in ("dense", "mixture"):
        assert widest["measured", kind] < widest["class", kind]


def test_half_of_all_points_are_met_within_a_tenth(fit):
    points = np.array([row.question == "point" for row in fit.table.rows])
    off = np.abs(np.expm1(fit.errors(np.flatnonzero(points), fit.values)))
    assert np.median(off) < 0.1


def test_transforms_turn_back():
    assert list(constants_of(inverse(TRUTH)).values()) == pytest.approx(TRUTH)


def test_made_up_rates_are_predicted_at_lengths_left_out(few):
    errors = left_out(few, "lengths").plain
    known = errors[~np.isnan(errors)]
    assert np.median(np.abs(known)) < 0.01
    assert np.quantile(np.abs(known), 0.9) < 0.05


def test_a_pair_without_some_rows_is_nearly_what_the_whole_fit_without_them_gives(fit):
    number = next(n for n, pair in enumerate(fit.pairs) if pair.model == "Kimi K2.6" and pair.precision == "INT4")
    mine = np.flatnonzero(fit.pair == number)
    left = mine[: len(mine) // 2]
    by_cavity = fit.errors(left, fit.refitted(fit.cavities()[number], np.setdiff1d(mine, left)))
    assert by_cavity == pytest.approx(fit.errors(left, fit.without(left, 20)), abs=0.05)


def test_nothing_of_what_is_left_out_is_asked_twice_or_known(few):
    number = 0
    concurrency = left_out(few, "concurrency").plain
    asked = [row for row, error in zip(few.table.rows, concurrency, strict=True) if not np.isnan(error)]
    mine = [row for row, pair in zip(few.table.rows, few.pair, strict=True) if pair == number and row.concurrency]
    largest = max(row.concurrency for row in mine)
    assert {row for row in asked if row in mine} == {row for row in mine if row.concurrency > largest / 2}


def test_a_band_holds_the_share_it_says():
    errors = np.log(np.linspace(0.5, 1.5, 1001))
    low, high = band(errors, 0.9)
    ratios = np.exp(-errors)
    assert np.mean((low <= ratios) & (ratios <= high)) == pytest.approx(0.9, abs=0.002)


def test_a_run_that_computes_more_than_its_gpu_can_is_no_measurement():
    beyond = [row for row in rows(ServingPoint) if row.input_tokens == 15000]
    assert beyond
    assert not [row for row in observations() if row.input_tokens == 15000]
    assert all(map(is_possible, observations()))

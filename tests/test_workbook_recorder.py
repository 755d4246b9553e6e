"""Every verb of the engine, recorded, written as a formula and recalculated by another engine; and what is refused."""

import io
import random

import numpy as np
import pytest
import xlsxwriter

from costmodel.cohorts import additions, in_service, shifted, with_replacements
from costmodel.units import index, rounded_up
from pricing.presets import DEFAULT, preset
from reports.files.workbook import sheets
from reports.files.workbook.formulas import Formulas, must_have_rows
from reports.files.workbook.pages import Page, Planner
from reports.files.workbook.style import PlainSheet, Style
from reports.files.workbook.words import Words
from reports.recorder import Graph, Recorded, RecordingError
from reports.recorder.arrays import lifted
from tests.recalculation import PROGRAMS, assert_same
from tests.test_workbook_tools import formulas_of, values_of

HORIZON = 7
INPUTS = {"price": 3.7, "share": 0.35, "growth": -0.2, "count": 4.0, "exponent": 2.6}
SEASON = {f"season.m{i}": 1 + i / 10 for i in range(5)}


class Bench:
    """Recorded inputs, months and a few series to compute with."""

    def __init__(self) -> None:
        self.graph = Graph(HORIZON)
        self.months = Recorded(self.graph, self.graph.months, (HORIZON + 1,))
        values = {f"in.{name}": value for name, value in INPUTS.items()} | SEASON
        found = {path: Recorded(self.graph, self.graph.input(path, value), ()) for path, value in values.items()}
        self.inputs = [found[f"in.{name}"] for name in INPUTS]
        self.season = [found[path] for path in SEASON]
        price, share, growth, count, _ = self.inputs
        self.rising = price * index(growth, self.months) + self.months
        self.uneven = np.where(self.months > 3, self.months * share - 2, count)

    def workbook(self, results: dict[str, Recorded]) -> bytes:
        """The results as rows of one page, with the inputs in named cells."""
        page = Page("Rows", self.graph, lambda path: path)
        page.add("Series", "rising", "", self.rising.node)
        page.add("Series", "uneven", "", self.uneven.node)
        for label, result in results.items():
            result = lifted(self.graph, result)
            page.add("Results", label, "", result.node, monthly=result.ndim > 0)
        Planner(page, must_have_rows).plan()
        file = io.BytesIO()
        with xlsxwriter.Workbook(file) as target:
            target.add_worksheet("Rows", PlainSheet)
            named = target.add_worksheet("Assumptions")
            for i, (path, node) in enumerate(self.graph.inputs.items()):
                named.write_number(i, 2, float(node.value))
                target.define_name(path, f"=Assumptions!$C${i + 1}")
            target.define_name("season", f"=Assumptions!$C${len(INPUTS) + 1}:$C${len(INPUTS) + len(SEASON)}")
            formulas = Formulas(page, lambda path: path, self.graph.fixed)
            sheets.write(
                target, Style(target), page, formulas, Words(page, lambda path: path), "", preset(DEFAULT).scenario
            )
        return file.getvalue()


def verbs(bench: Bench) -> dict[str, Recorded]:
    """One result for each thing that the engine may do with numbers."""
    price, share, growth, count, _ = bench.inputs
    months, rising, uneven = bench.months, bench.rising, bench.uneven
    zeros = np.zeros(HORIZON + 1)
    return {
        "brackets 1": -(count**2),
        "brackets 2": (-count) ** 2,
        "brackets 3": 2 ** (count**0.5),
        "brackets 4": (price**2) ** share,
        "brackets 5": price - (share - count),
        "brackets 6": price / (share / count) / price,
        "brackets 7": -price * -share - -count,
        "brackets 8": (rising > 4) * (1 - (uneven < 0)) - (months >= 2),
        "brackets 9": 2 ** -(months * share),
        "comparisons": (rising >= 4) + 2.0 * (rising <= 4) + 4.0 * (months == 3) + 8.0 * (months != 3),
        "masks": ((months > 1) & (months < 5)) * price + ((months < 2) | (months > 6)) * share + ~(months > 4) * 1.0,
        "condition alone": months > 4,
        "number alone": lifted(bench.graph, 7.5),
        "input alone": price,
        "where": np.where(rising > 4.5, rising / np.where(rising > 4.5, rising - 4.5, 1), 0),
        "nested where": np.where(months > 2, np.where(months > 5, price, share), np.where(months > 5, 1, count)),
        "extremes": np.maximum(np.minimum(rising, uneven), np.maximum(share, np.minimum(months, 2))),
        "clipped": np.clip(rising, 4, 5),
        "others": np.abs(uneven) + np.sqrt(price) + np.exp(share) + np.log(price) + np.floor(rising) + months % 3,
        "whole": rounded_up(rising) + rounded_up(months / 2) + rounded_up(0.1 * 3 * months),
        "growth": index(growth, months - 1) * index(share, -months) * index(growth, np.maximum(months - 1, 0)),
        "running sum": np.cumsum(rising, axis=-1),
        "running sum of months": np.cumsum(months, axis=-1),
        "running highest": np.maximum.accumulate(uneven, axis=-1),
        "running lowest": np.minimum.accumulate(uneven * rising, axis=-1),
        "before": shifted(rising, 1),
        "long before": shifted(rising * 2 + 1, 3),
        "before all": shifted(rising, HORIZON),
        "later": shifted(uneven, -1) + shifted(uneven * rising, -4) + shifted(rising, -HORIZON),
        "beyond": shifted(rising, HORIZON + 5) + 1,
        "twice before": shifted(shifted(rising, 1), 2),
        "there and back": shifted(shifted(rising, 2), -2),
        "sum before": shifted(np.cumsum(rising, axis=-1), 1) + shifted(np.cumsum(uneven, axis=-1), 3),
        "sum later": shifted(np.cumsum(rising, axis=-1), -2),
        "highest before": shifted(np.maximum.accumulate(rising, axis=-1), 2),
        "additions": additions(uneven),
        "replacements": with_replacements(additions(uneven + rising), 3),
        "in service": in_service(rising, 0, 2) + in_service(uneven, 1, 3) + in_service(rising, 2, 40),
        "sum": rising.sum(axis=-1) + np.sum(uneven, axis=-1),
        "sum of products": (rising * uneven).sum(axis=-1) - (rising * uneven * share).sum(axis=-1),
        "sum of an expression": ((rising > 4) * (uneven - price) ** 2 / 3).sum(axis=-1),
        "sum of what no range can do": np.maximum(rising, uneven).sum(axis=-1) + np.where(rising > 4, 1, 0).sum(),
        "sum of a constant": (zeros + price).sum(axis=-1),
        "highest and lowest": rising.max(axis=-1) - uneven.min(axis=-1) + np.max(rising * share, keepdims=True)[..., 0],
        "today and the end": rising[..., 0] + (months == HORIZON) * -(uneven * rising).sum(axis=-1)[..., np.newaxis],
        "at the end": (rising * 2)[..., -1] + rising[3],
        "season": np.concatenate(np.broadcast_arrays(*map(np.atleast_1d, bench.season)))[..., (np.arange(8) + 3) % 5],
        "uneven season": np.stack(bench.season)[[4, 4, 0, 1, 0, 3, 3, 2]] * rising,
        "choice of unlike values": np.stack([price, share, count])[[0, 1, 2, 0, 1, 2, 0, 1]],
        "choice without order": np.stack([price, share, count * 2])[[0, 1, 1, 0, 2, 2, 0, 1]],
        "looked up": rising[[0, 0, 1, 1, 2, 2, 3, 3]],
        "fixed numbers": rising * np.array([1.0, 2, 4, 8, 16, 32, 64, 128]),
        "months written anew": np.arange(HORIZON + 1) * rising,
        "long": sum((rising * k + share) * (uneven - k) for k in range(1, 12)),
    }


def random_results(bench: Bench, count: int, seed: int) -> dict[str, Recorded]:
    """Random trees of verbs, kept to a size at which no power overflows."""
    chance = random.Random(seed)

    def tree(depth: int):
        if depth == 0 or chance.random() < 0.15:
            return chance.choice([*bench.inputs, bench.months, bench.rising, bench.uneven, chance.uniform(-2, 3)])
        a, b = tree(depth - 1), tree(depth - 1)
        return chance.choice([
            lambda: a + b, lambda: a - b, lambda: a * b, lambda: a / (np.abs(b) + 0.5), lambda: -a,
            lambda: np.minimum(np.abs(a) + 0.1, 9) ** np.minimum(np.maximum(b, -3), 3),
            lambda: np.minimum(a, b), lambda: np.maximum(a, b), lambda: np.where(a > b, a, b * 2),
            lambda: (a > b) * 1.0, lambda: along(np.cumsum, a), lambda: along(np.maximum.accumulate, a),
            lambda: shifted(spread(a), chance.randint(-3, 3)), lambda: spread(a).sum(axis=-1) / 8,
            lambda: in_service(spread(a), chance.randint(0, 2), chance.randint(2, 4)), lambda: spread(a)[..., 2],
        ])()  # fmt: skip

    def spread(value):
        return value + bench.months * 0.0 if np.ndim(value) else value * (bench.months + 1)

    def along(function, value):
        return function(spread(value), axis=-1)

    found = {}
    while len(found) < count:
        result = lifted(bench.graph, tree(4))
        if np.all(np.isfinite(result.value)) and np.max(np.abs(result.value)) < 1e9:
            found[f"tree {len(found)}"] = result
    return found


@pytest.mark.parametrize("results", [verbs, lambda bench: random_results(bench, 60, seed=3)], ids=["verbs", "trees"])
@pytest.mark.parametrize("recalculate", PROGRAMS)
def test_a_formula_gives_what_numpy_gives(results, recalculate, tmp_path):
    bench = Bench()
    data = bench.workbook(results(bench))
    cells = formulas_of(data)
    assert_same(recalculate(data, {}, {}, tmp_path), values_of(data), cells)
    assert max(len(formula) for formula in cells.values()) < 400


def test_recording_computes_what_the_engine_computes():
    bench = Bench()
    plain = Bench()
    plain.inputs, plain.season = [np.float64(value) for value in INPUTS.values()], list(SEASON.values())
    plain.months = np.arange(HORIZON + 1.0)
    price, share, growth, count, _ = plain.inputs
    plain.rising = price * index(growth, plain.months) + plain.months
    plain.uneven = np.where(plain.months > 3, plain.months * share - 2, count)
    for label, expected in verbs(plain).items():
        got = verbs(bench)[label]
        expected = expected.value if isinstance(expected, Recorded) else expected
        np.testing.assert_array_equal(np.broadcast_to(lifted(bench.graph, got).value, np.shape(expected)), expected)


def test_the_same_operation_is_the_same_row():
    bench = Bench()
    assert (bench.rising * 2 + 1).node is (bench.rising * 2 + 1).node
    assert (bench.rising * 1 + 0).node is bench.rising.node
    assert (bench.rising - bench.rising).node.op == "number"


REFUSED = {
    "a Python decision": (lambda b: 1 if b.rising.sum() > 2 else 0, "np.where"),
    "Python's max": (lambda b: max(b.inputs[0], 2), "np.maximum"),
    "a float": (lambda b: float(b.inputs[0]), "depends on in.price"),
    "a position that varies": (lambda b: np.arange(9)[b.inputs[3]], "depends on in.count"),
    "an array without its expression": (lambda b: np.asarray(b.rising), "depends on"),
    "an unknown function": (lambda b: np.sort(b.rising), "np.sort has no formula"),
    "an unknown operation": (lambda b: np.arctan(b.rising), "np.arctan"),
    "an unknown method": (lambda b: b.rising.argsort(), "argsort"),
    "a part of the months": (lambda b: b.rising[1:] - b.rising[:-1], "cohorts.shifted"),
    "a sum of a part of the months": (lambda b: b.rising[2:].sum(), "mask"),
    "a second axis": (lambda b: b.rising[:, np.newaxis] * b.rising, "keep the whole time axis"),
    "runs of many": (lambda b: b.inputs[0] * np.ones((3, 1)), "one axis of time"),
    "a table of fixed numbers": (lambda b: b.rising * np.arange(16.0).reshape(2, 8), "month quantity"),
    "text": (lambda b: b.rising * "2", "not a number"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_has_no_formula_is_refused_with_the_remedy(what):
    doing, said = REFUSED[what]
    with pytest.raises(RecordingError, match=said):
        doing(Bench())


def test_assigning_into_an_array_is_refused():
    bench = Bench()
    with pytest.raises(RecordingError, match="x = x \\+ y"):
        bench.rising += 1
    with pytest.raises(RecordingError, match=r"np\.where"):
        bench.rising[0] = 1


def test_a_whole_number_that_python_asks_for_is_fixed_and_written_out():
    graph = Graph(HORIZON)
    life = Recorded(graph, graph.input("in.life", 3, whole=True), ())
    rising = Recorded(graph, graph.months, (HORIZON + 1,)) * 2.0
    assert (1 / life).node.op == "divide"
    assert not graph.fixed
    assert list(shifted(rising, life).value) == [0, 0, 0, 0, 2, 4, 6, 8]
    assert graph.fixed == {"in.life"}

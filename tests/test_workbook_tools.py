"""What the workbook tests share: scenarios of every variant, workbooks read back, two independent recalculations."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from functools import cache
from typing import Literal, get_args, get_origin
from xml.etree import ElementTree

import numpy as np
import pytest
from openpyxl.utils import column_index_from_string, get_column_letter

from costmodel.errors import ScenarioError
from costmodel.fields import Number
from costmodel.scenario import Scenario, fields, numbers
from reports.workbook import workbook
from tests.strategies import ordinary_scenario, value_at

MONTHS = 5
SHORT = {  # contract terms short enough for everything to happen within the months of a test
    "horizon_months": MONTHS, "refresh_months": 6, "term_months": 3, "lead_time_months": 1, "warranty_months": 2,
}  # fmt: skip
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
POISON = -987654321
NOISE, NOISE_OF_STEPS = 1e-15, 1e-12  # of shares near 1, and of the steps on the way to them: high powers
SOFFICE = shutil.which("soffice")
NEEDS_LIBREOFFICE = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
LIBREOFFICE_RECALCULATES = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Cells = dict[tuple[str, str], object]


def every_variant(months: int = MONTHS, copies: int = 3) -> Scenario:
    """Options of every kind, and of each kind enough copies to have each of its choices; growing, with short terms."""
    scenario = ordinary_scenario()
    terms = {path: SHORT[name] for path in numbers(scenario) if (name := path.rpartition(".")[2]) in SHORT}
    scenario = scenario.vary({**terms, "finance.horizon_months": months, "workload.growth_per_year": 1.5})
    options, choices = dict(scenario.options), {}
    for slug, option in scenario.options.items():
        own = {path: found for path, found in choices_of(scenario).items() if path.startswith(f"options.{slug}.")}
        its_own = [len(found) for path, found in own.items() if path.count(".") == 2]
        for i in range(min(copies, max(its_own, default=1))):
            copy = f"{slug}_{i + 1}" if i else slug
            options[copy] = option
            choices |= {path.replace(slug, copy, 1): found[i % len(found)] for path, found in own.items()}
            choices[f"options.{copy}.label"] = copy.replace("_", " ")
            if hasattr(option, "bridge_option"):
                choices[f"options.{copy}.bridge_option"] = "token_api"
    return scenario.vary(choices, options=options)


def families(scenario: Scenario) -> list[tuple[str, ...]]:
    """The options, those together that rely on each other: each family can be compared without the others."""
    found: list[set[str]] = []
    for slug, option in scenario.options.items():
        family = {slug, *option.relies_on().values()}
        related = [known for known in found if known & family]
        found = [known for known in found if known not in related] + [family.union(*related)]
    return [tuple(slug for slug in scenario.options if slug in family) for family in found]


def only(scenario: Scenario, kept: Sequence[str]) -> Scenario:
    """The scenario with these options alone."""
    return scenario.vary({}, options={slug: scenario.options[slug] for slug in kept})


def choices_of(scenario: Scenario) -> dict[str, tuple]:
    """Path -> all its values, for every choice and switch of the scenario."""
    found = {}
    for path, record, name in fields(scenario):
        annotation = record.model_fields[name].annotation
        if annotation is bool:
            found[path] = (False, True)
        elif get_origin(annotation) is Literal and len(get_args(annotation)) > 1 and name != "precision":
            found[path] = get_args(annotation)
    return found


def moved(scenario: Scenario, seed: int) -> dict[str, float]:
    """Another value for every open number, somewhere in its sensible range, as far as the scenario's rules admit it."""
    chance = np.random.default_rng(seed)
    wanted = {
        path: value_at(chance.random(), path.rpartition(".")[2], spec) for path, spec in open_numbers(scenario).items()
    }
    return admitted(scenario, wanted)


def at_bounds(scenario: Scenario, part: int, parts: int, side: int) -> dict[str, float]:
    """Every so-manieth open number at one of its bounds, neighbours at opposite ones, as far as admitted."""
    wanted = {}
    for i, (path, spec) in enumerate(open_numbers(scenario).items()):
        if i % parts == part:
            bound = (spec.low, spec.high)[(i // parts + side) % 2]
            wanted[path] = int(bound) if spec.whole else bound
    return admitted(scenario, wanted)


def admitted(scenario: Scenario, wanted: dict[str, float]) -> dict[str, float]:
    """Those of the changes that together break no rule across fields."""
    try:
        scenario.vary(wanted)
    except ScenarioError:
        kept: dict[str, float] = {}
        for path, value in wanted.items():
            try:
                scenario.vary({**kept, path: value})
            except ScenarioError:
                continue
            kept[path] = value
        return kept
    return wanted


def open_numbers(scenario: Scenario) -> dict[str, Number]:
    """Numbers that a workbook leaves open: those with a named cell."""
    names = defined_names(workbook(scenario))
    return {path: spec for path, spec in numbers(scenario).items() if path in names}


@cache
def cells_of(data: bytes) -> tuple[Cells, Cells]:
    """(formulas, values) by (sheet, cell), read from the file's own XML: openpyxl takes ten times as long."""
    formulas, values = {}, {}
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {part.get("Id"): part.get("Target") for part in _xml(file, "xl/_rels/workbook.xml.rels")}
        texts = [
            "".join(node.text or "" for node in text.iter(f"{MAIN}t")) for text in _xml(file, "xl/sharedStrings.xml")
        ]
        for sheet in _xml(file, "xl/workbook.xml").find(f"{MAIN}sheets"):
            name, part = sheet.get("name"), parts[sheet.get(RELATION)].removeprefix("/xl/")
            for cell in _xml(file, f"xl/{part}").iter(f"{MAIN}c"):
                key, kind = (name, cell.get("r")), cell.get("t", "n")
                formula, value = cell.findtext(f"{MAIN}f"), cell.findtext(f"{MAIN}v")
                if formula is not None:
                    formulas[key] = f"={formula}"
                if value is not None:
                    values[key] = texts[int(value)] if kind == "s" else float(value) if kind == "n" else value
    return formulas, values


def _xml(file: zipfile.ZipFile, part: str) -> ElementTree.Element:
    return ElementTree.fromstring(file.read(part))


def formulas_of(data: bytes) -> Cells:
    """(sheet, cell) -> formula, of every cell that has one."""
    return cells_of(data)[0]


def values_of(data: bytes) -> Cells:
    """(sheet, cell) -> value, as last calculated by whoever wrote the file."""
    return cells_of(data)[1]


@cache
def defined_names(data: bytes) -> dict[str, str]:
    """Name -> what it refers to."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        names = _xml(file, "xl/workbook.xml").find(f"{MAIN}definedNames")
    return {name.get("name"): name.text for name in names if not name.get("name").startswith("_xlnm")}


def input_cells(data: bytes) -> dict[str, tuple[str, str]]:
    """Path -> (sheet, cell) of the named inputs."""
    places = {path: place.replace("$", "").split("!") for path, place in defined_names(data).items()}
    return {path: (sheet, cell) for path, (sheet, cell) in places.items() if ":" not in cell}


def rule_cells(data: bytes) -> Cells:
    """(sheet, cell) -> whether the option keeps the rules, which the summary takes as given when the file was made."""
    formulas, values = cells_of(data)
    counted = [(sheet, f"G{cell[1:]}") for sheet, cell in formulas if sheet == "Summary" and cell[0] == "H"]
    return {place: values[place] for place in counted if values[place] in ("yes", "no")}


def poisoned(data: bytes, changes: dict[str, float], rules: Cells) -> bytes:
    """The file with other inputs and marks of the rules, and without any value that the engine computed."""
    cells = input_cells(data)
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name in source.namelist():
            content = source.read(name).decode() if name.endswith(".xml") else source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(r"</f><v>[^<]*</v>", f"</f><v>{POISON}</v>", content)
            if name == "xl/worksheets/sheet1.xml":  # the summary
                for (_, cell), mark in rules.items():
                    marked = rf'\g<1> t="str"><v>{mark}</v></c>'
                    content, found = re.subn(rf'(<c r="{cell}"[^>]*) t="s"><v>\d+</v></c>', marked, content)
                    assert found == 1, cell
            if name == "xl/worksheets/sheet2.xml":  # the assumptions
                for path, value in changes.items():
                    content, found = re.subn(
                        rf'(<c r="{cells[path][1]}"[^>]*>)<v>[^<]*</v>', rf"\g<1><v>{float(value)!r}</v>", content
                    )
                    assert found == 1, path
            written.writestr(name, content)
    return target.getvalue()


def by_libreoffice(data: bytes, changes: dict[str, float], rules: Cells, folder) -> Cells:
    """What LibreOffice makes of the formulas; `folder` is its own, with its profile."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(LIBREOFFICE_RECALCULATES)
    (folder / "in.xlsx").write_bytes(poisoned(data, changes, rules))
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation=file://{profile.parent}", "--headless", "--convert-to", "xlsx",
         "--outdir", folder / "out", folder / "in.xlsx"],
        check=True, capture_output=True, timeout=180, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    return values_of((folder / "out" / "in.xlsx").read_bytes())


class FormulasPackage:
    """The workbook in the `formulas` package, which reads formulas only and compiles them once."""

    def __init__(self, data: bytes, folder) -> None:
        import formulas

        file = folder / "book.xlsx"
        file.write_bytes(poisoned(data, {}, {}))
        self.cells = input_cells(data)
        self.titles = {sheet.upper(): sheet for sheet, _ in values_of(data)}
        self.model = formulas.ExcelModel().loads(str(file)).finish()

    def recalculated(self, changes: dict[str, float], rules: Cells) -> Cells:
        """Every cell with these inputs and marks of the rules changed."""
        places = {self.cells[path]: value for path, value in changes.items()} | rules
        inputs = {f"'[book.xlsx]{sheet.upper()}'!{cell}": value for (sheet, cell), value in places.items()}
        solution = self.model.calculate(inputs=inputs)
        found = {}
        for name, ranges in solution.items():
            match = re.fullmatch(r"'\[book\.xlsx\](.+)'!([A-Z]+\d+)", str(name))
            if match and hasattr(ranges, "value"):
                value = ranges.value[0, 0]
                found[self.titles[match[1].replace("''", "'")], match[2]] = (
                    value.item() if isinstance(value, np.generic) else value
                )
        return found


def by_formulas_package(data: bytes, changes: dict[str, float], rules: Cells, folder) -> Cells:
    """What the `formulas` package makes of the formulas."""
    return FormulasPackage(data, folder).recalculated(changes, rules)


def assert_same(found: Cells, expected: Cells, formulas: Cells) -> None:
    """Every formula's value is the expected one: to 1e-9 of itself, or to the last digits of what it was made from."""
    largest: dict[tuple[str, str], float] = {}
    for sheet, cell in formulas:
        value, row = expected[sheet, cell], row_of(sheet, cell)
        if isinstance(value, float):
            largest[row] = max(largest.get(row, 0), abs(value))
    wrong = []
    for (sheet, cell), formula in formulas.items():
        got, wanted = found.get((sheet, cell)), expected[sheet, cell]
        if isinstance(wanted, float) and isinstance(got, int | float):
            noise = NOISE if expected.get((sheet, f"B{cell.lstrip(LETTERS)}")) else NOISE_OF_STEPS
            if abs(got - wanted) > 1e-9 * abs(wanted) + 1e-12 * largest[row_of(sheet, cell)] + noise:
                wrong.append((sheet, cell, formula, got, wanted))
        elif sure_digits(str(got)) != sure_digits(str(wanted)):
            wrong.append((sheet, cell, formula, got, wanted))
    assert not wrong, (len(wrong), wrong[:5])


def sure_digits(words: str) -> str:
    """A text with its numbers cut after 15 digits: a float carries no more."""
    return re.sub(r"((?:\d,?){15})[\d,]+", lambda number: number[1], words)


def largest_within(formula: str, sheet: str, expected: Cells) -> float:
    """Largest value that a formula refers to on its own sheet: a difference is as exact as what it is taken of."""
    largest = 0.0
    for left, top, right in re.findall(r"(?<![!\w.])\$?([A-Z]{1,2})\$?(\d+)(?::\$?([A-Z]{1,2}))?", formula):
        span = range(column_index_from_string(left), column_index_from_string(right or left) + 1)
        values = (expected.get((sheet, f"{get_column_letter(column)}{top}")) for column in span)
        largest = max([largest, *(abs(value) for value in values if isinstance(value, float))])
    return largest


def row_of(sheet: str, cell: str) -> tuple[str, str]:
    """The row whose largest value tells how exact its cells can be; differences of costs share one."""
    return sheet, "" if sheet == "Break-even" else cell.lstrip(LETTERS)

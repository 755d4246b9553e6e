"""What the workbook tests share: scenarios of every variant, workbooks read back."""

import io
import zipfile
from collections.abc import Sequence
from functools import cache
from typing import Literal, get_args, get_origin
from xml.etree import ElementTree

import numpy as np

from costmodel.errors import ScenarioError
from costmodel.fields import Number
from costmodel.scenario import Scenario, fields, numbers
from tests.strategies import ordinary_scenario, value_at

MONTHS = 5
SHORT = {  # contract terms short enough for everything to happen within the months of a test
    "horizon_months": MONTHS, "refresh_months": 6, "term_months": 3, "lead_time_months": 1, "warranty_months": 2,
}  # fmt: skip
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Cells = dict[tuple[str, str], object]


def every_variant(months: int = MONTHS, copies: int = 3) -> Scenario:
    """Options of every kind, and of each kind enough copies to have each of its choices; growing, with short terms."""
    scenario = ordinary_scenario()
    known = ((path, path.rpartition(".")[2], spec) for path, spec in numbers(scenario).items())
    terms = {path: max(SHORT[name], spec.low) for path, name, spec in known if name in SHORT}
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


def moved(scenario: Scenario, data: bytes, seed: int) -> dict[str, float]:
    """Another value for every open number, somewhere in its sensible range, as far as the scenario's rules admit it."""
    chance = np.random.default_rng(seed)
    opened = open_numbers(scenario, data)
    return admitted(
        scenario, {path: value_at(chance.random(), path.rpartition(".")[2], spec) for path, spec in opened.items()}
    )


def at_bounds(scenario: Scenario, data: bytes, side: int) -> dict[str, float]:
    """Every open number at one of its bounds, neighbours at opposite ones, as far as admitted."""
    wanted = {}
    for i, (path, spec) in enumerate(open_numbers(scenario, data).items()):
        bound = (spec.low, spec.high)[(i + side) % 2]
        wanted[path] = int(bound) if spec.whole else bound
    return admitted(scenario, wanted)


def admitted(scenario: Scenario, wanted: dict[str, float], kept: dict[str, float] | None = None) -> dict[str, float]:
    """Those of the changes, on top of the kept ones, that together break no rule across fields: halved till it fits."""
    together = (kept or {}) | wanted
    try:
        scenario.vary(together)
    except ScenarioError:
        if len(wanted) == 1:
            return kept or {}
        paths = list(wanted)
        first, second = paths[: len(paths) // 2], paths[len(paths) // 2 :]
        kept = admitted(scenario, {path: wanted[path] for path in first}, kept)
        return admitted(scenario, {path: wanted[path] for path in second}, kept)
    return together


def open_numbers(scenario: Scenario, data: bytes) -> dict[str, Number]:
    """Numbers that the scenario's workbook leaves open: those with a named cell."""
    names = defined_names(data)
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

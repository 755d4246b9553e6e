"""What the workbook tests share: scenarios of every variant, workbooks read back, and two independent recalculations."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from typing import get_args, get_origin

import numpy as np
import openpyxl

from costmodel.fields import Number
from costmodel.scenario import Scenario, fields, numbers
from reports.workbook import workbook
from tests.strategies import ordinary_scenario, value_at

MONTHS = 9
SHORT = {  # contract terms short enough for everything to happen within the months of a test
    "horizon_months": MONTHS, "refresh_months": 6, "term_months": 3, "lead_time_months": 2, "warranty_months": 2,
}  # fmt: skip
POISON = -987654321
SOFFICE = shutil.which("soffice")
LIBREOFFICE_RECALCULATES = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
Cells = dict[tuple[str, str], object]


def every_variant(months: int = MONTHS, copies: int = 3) -> Scenario:
    """Options of every kind, and of each kind enough copies to have every choice once; growing, with short terms."""
    scenario = ordinary_scenario()
    terms = {p: SHORT[p.rpartition(".")[2]] for p in numbers(scenario) if p.rpartition(".")[2] in SHORT}
    scenario = scenario.vary({**terms, "finance.horizon_months": months, "workload.growth_per_year": 1.5})
    options, choices = dict(scenario.options), {}
    for slug, option in scenario.options.items():
        open_choices = {path: found for path, found in choices_of(scenario).items() if path.startswith(f"options.{slug}.")}
        for i in range(1, min(copies, max((len(found) for found in open_choices.values()), default=1))):
            options[f"{slug}_{i + 1}"] = option
        for i in range(len([name for name in options if name == slug or name.startswith(f"{slug}_")])):
            copy = slug if i == 0 else f"{slug}_{i + 1}"
            for path, found in open_choices.items():
                choices[path.replace(f"options.{slug}.", f"options.{copy}.", 1)] = found[i % len(found)]
    labels = {f"options.{slug}.label": slug.replace("_", " ") for slug in options}
    bridges = {f"options.{slug}.bridge_option": "token_api" for slug in options if slug.startswith("on_prem")}
    return scenario.vary({**choices, **labels, **bridges}, options=options)


def choices_of(scenario: Scenario) -> dict[str, tuple]:
    """Path -> all its values, for every choice and switch of the scenario."""
    found = {}
    for path, record, name in fields(scenario):
        annotation = record.model_fields[name].annotation
        if annotation is bool:
            found[path] = (False, True)
        elif get_origin(annotation) and len(get_args(annotation)) > 1 and name != "precision":
            found[path] = get_args(annotation)
    return found


def moved(scenario: Scenario, level: float, within=lambda path: True) -> dict[str, float]:
    """Other values for the open numbers: each at a level of its sensible range, which depends on its name."""
    steps = np.random.default_rng(round(level * 1e6))
    return {
        path: value_at(steps.random(), path.rpartition(".")[2], spec)
        for path, spec in open_numbers(scenario).items()
        if within(path)
    }


def open_numbers(scenario: Scenario) -> dict[str, Number]:
    """Numbers that a workbook leaves open: those with a named cell."""
    names = openpyxl.load_workbook(io.BytesIO(workbook(scenario))).defined_names
    return {path: spec for path, spec in numbers(scenario).items() if path in names}


def formulas_of(data: bytes) -> Cells:
    """(sheet, cell) -> formula, of every cell that has one."""
    sheets = openpyxl.load_workbook(io.BytesIO(data))
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in sheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def values_of(data: bytes) -> Cells:
    """(sheet, cell) -> value, as last calculated by whoever wrote the file."""
    sheets = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {(s.title, cell.coordinate): cell.value for s in sheets for row in s.iter_rows() for cell in row}


def input_cells(data: bytes) -> dict[str, tuple[str, str]]:
    """Path -> (sheet, cell) of the named inputs."""
    names = openpyxl.load_workbook(io.BytesIO(data)).defined_names
    places = {path: name.attr_text.replace("$", "").split("!") for path, name in names.items() if "!" in name.attr_text}
    return {path: (sheet, cell) for path, (sheet, cell) in places.items() if ":" not in cell}


def poisoned(data: bytes, changes: dict[str, float]) -> bytes:
    """The file with other inputs, and without any value that the engine computed."""
    cells = input_cells(data)
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name in source.namelist():
            content = source.read(name).decode() if name.endswith(".xml") else source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(r"</f><v>[^<]*</v>", f"</f><v>{POISON}</v>", content)
            if name == "xl/worksheets/sheet2.xml":  # the assumptions
                for path, value in changes.items():
                    content, found = re.subn(
                        rf'(<c r="{cells[path][1]}"[^>]*>)<v>[^<]*</v>', rf"\g<1><v>{float(value)!r}</v>", content
                    )
                    assert found == 1, path
            written.writestr(name, content)
    return target.getvalue()


def recalculated_by_libreoffice(data: bytes, changes: dict[str, float], folder) -> Cells:
    """What LibreOffice makes of the formulas; `folder` is its own, with its profile."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(LIBREOFFICE_RECALCULATES)
    (folder / "in.xlsx").write_bytes(poisoned(data, changes))
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
        file.write_bytes(poisoned(data, {}))
        self.cells = input_cells(data)
        self.model = formulas.ExcelModel().loads(str(file)).finish()

    def recalculated(self, changes: dict[str, float]) -> Cells:
        """Every cell with these inputs changed."""
        inputs = {f"'[book.xlsx]{self.cells[path][0].upper()}'!{self.cells[path][1]}": v for path, v in changes.items()}
        solution = self.model.calculate(inputs=inputs)
        found = {}
        for name, ranges in solution.items():
            match = re.fullmatch(r"'\[book\.xlsx\](.+)'!([A-Z]+\d+)", str(name))
            if match and hasattr(ranges, "value"):
                value = ranges.value[0, 0]
                found[match[1].replace("''", "'"), match[2]] = value.item() if isinstance(value, np.generic) else value
        return found


def assert_same(found: Cells, expected: Cells, formulas: Cells, upper: bool = False) -> None:
    """Every formula's value is the expected one: to 1e-9 of itself, or 1e-12 of the largest of its row."""
    rows: dict[tuple[str, str], float] = {}
    for (sheet, cell), value in expected.items():
        row = sheet, cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if (sheet, cell) in formulas and isinstance(value, int | float):
            rows[row] = max(rows.get(row, 0), abs(value))
    wrong = []
    for (sheet, cell), formula in formulas.items():
        got = found.get((sheet.upper() if upper else sheet, cell))
        wanted = expected[sheet, cell]
        if isinstance(wanted, int | float) and isinstance(got, int | float):
            scale = rows[sheet, cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
            if abs(got - wanted) > 1e-9 * abs(wanted) + 1e-12 * scale:
                wrong.append((sheet, cell, formula, got, wanted))
        elif str(got) != str(wanted):
            wrong.append((sheet, cell, formula, got, wanted))
    assert not wrong, (len(wrong), wrong[:5])

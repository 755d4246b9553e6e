"""A workbook recalculated by programs of others, from its formulas alone: every value of the engine is taken out first.

CellRune calculates in every run of the suite, Gnumeric and LibreOffice, where they are installed, when the slow tests
are asked for.
"""

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable

import cellrune
import pytest

from tests.test_workbook_tools import Cells, formulas_of, input_cells, values_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
POISON = -987654321
NOISE, NOISE_OF_STEPS = 1e-15, 1e-12  # of shares near 1, and of the steps on the way to them: high powers
LIBREOFFICE_RECALCULATES = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


def poisoned(data: bytes, changes: dict[str, float], rules: Cells) -> bytes:
    """The file with other inputs and marks of the rules, and without any value that the engine computed."""
    cells = input_cells(data)
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written:
        for name in source.namelist():
            content = source.read(name).decode() if name.endswith(".xml") else source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(r"</f><v>[^<]*</v>", f"</f><v>{POISON}</v>", content)
            if name == "xl/worksheets/sheet1.xml":  # the summary
                content = with_values(content, {cell: mark for (_, cell), mark in rules.items()})
            if name == "xl/worksheets/sheet2.xml":  # the assumptions
                content = with_values(content, {cells[path][1]: float(value) for path, value in changes.items()})
            written.writestr(name, content)
    return target.getvalue()


def with_values(sheet: str, values: dict[str, str | float]) -> str:
    """The sheet's XML with other values in these cells."""
    waiting = dict(values)

    def changed(found: re.Match) -> str:
        if (value := waiting.pop(found[2], None)) is None:
            return found[0]
        kind = ' t="str"' if isinstance(value, str) else ""
        return f"{found[1]}{kind}><v>{value}</v></c>"

    content = re.sub(r'(<c r="([A-Z]+\d+)"(?: s="\d+")?)(?: t="s")?><v>[^<]*</v></c>', changed, sheet)
    assert not waiting
    return content


def by_cellrune(data: bytes, changes: dict[str, float], rules: Cells, _folder=None) -> Cells:
    """What CellRune makes of the formulas: a calculator of its own that follows Excel's rules."""
    with cellrune.Workbook.from_bytes(poisoned(data, changes, rules)) as book:
        report = book.calculate()
        assert report["value_count"] == report["formula_count"] == len(formulas_of(data))
        return values_of(book.to_bytes())


def by_gnumeric(data: bytes, changes: dict[str, float], rules: Cells, folder) -> Cells:
    """What Gnumeric makes of the formulas."""
    return converted(poisoned(data, changes, rules), folder, "ssconvert", "--recalc", "in.xlsx", "out/in.xlsx")


def by_libreoffice(data: bytes, changes: dict[str, float], rules: Cells, folder) -> Cells:
    """What LibreOffice makes of the formulas, with a profile of its own."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(LIBREOFFICE_RECALCULATES)
    return converted(
        poisoned(data, changes, rules), folder, "soffice", f"-env:UserInstallation=file://{profile.parent}",
        "--headless", "--convert-to", "xlsx", "--outdir", "out", "in.xlsx",
    )  # fmt: skip


def converted(data: bytes, folder, *command: str) -> Cells:
    """The values of out/in.xlsx, which the command makes of in.xlsx."""
    (folder / "out").mkdir(exist_ok=True)
    (folder / "in.xlsx").write_bytes(data)
    subprocess.run(
        command, check=True, capture_output=True, timeout=180, cwd=folder, env={**os.environ, "HOME": str(folder)}
    )
    return values_of((folder / "out" / "in.xlsx").read_bytes())


def program(recalculate: Callable[..., Cells], command: str):
    """A parameter of slow tests that is skipped where its program is not installed."""
    missing = pytest.mark.skipif(shutil.which(command) is None, reason=f"{command} is not installed")
    return pytest.param(recalculate, marks=[missing, pytest.mark.slow])


PROGRAMS = [by_cellrune, program(by_gnumeric, "ssconvert"), program(by_libreoffice, "soffice")]


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
    """A text with its numbers to 14 digits, which a float is sure of, whether or not a program writes an exponent."""
    number = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
    return number.sub(lambda found: f"{float(found[0].replace(',', '')):.14g}", words)


def row_of(sheet: str, cell: str) -> tuple[str, str]:
    """The row whose largest value tells how exact its cells can be; differences of costs share one."""
    return sheet, "" if sheet == "Break-even" else cell.lstrip(LETTERS)

"""The workbook as a file: formulas a person can read, texts that stay texts, names and functions that Excel takes."""

import io
import re
import zipfile

import numpy as np
import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from costmodel.break_even import in_time
from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.lines import LINES
from costmodel.scenario import numbers
from pricing.presets import DEFAULT, preset
from reports.files.workbook import Source, workbook
from reports.files.workbook.assumptions import Names
from reports.files.workbook.book import book, sheet_titles
from reports.files.workbook.pages import FIRST, HEADER
from reports.files.workbook.style import LINE_HEIGHT
from reports.words.plain import typeset
from tests.briefings import workbook_of
from tests.neutral import neutral_option, neutral_scenario
from tests.test_workbook_tools import defined_names, every_variant, formulas_of, values_of

EXCEL_2007 = {
    "COUNTIF", "IF", "IFERROR", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "MAX", "MIN", "ABS", "CEILING", "INT", "MOD",
    "ISNUMBER", "OR", "COUNT", "SMALL", "INDEX", "MATCH", "CHOOSE", "ROUND", "SQRT", "EXP", "LN",
}  # fmt: skip
READABLE, LIMIT = 260, 8192
RANGE = r"(?:'[^']*'!|\w+!)?\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+"
REFERENCE = re.compile(r"'[^']*'!|\"[^\"]*\"|[a-z_][\w.]*|(\$?)([A-Z]{1,3})(\$?)(\d+)")
HOSTILE = {
    "formula": '=HYPERLINK("http://example.com","click")',
    "plus": "+1+1",
    "brackets": "a'b:c\\d/e?f*g[h]",
    "long": "An option whose name is much longer than a sheet's may be",
    "long_too": "An option whose name is much longer than a sheet's may be",
    "reserved": "History",
    "ours": "Summary",
    "cell": "A1",
    "function": "My FILTER(1) and SINGLE(2)",
    "markup": "<b>&amp;</b>",
    "only_marks": "???",
    "astral": "🚀" * 20,
    "commas": "Own servers, Frankfurt, 24/7",
}


def by_row(data: bytes) -> dict[tuple[str, int], dict[int, str]]:
    """(sheet, row) -> column -> formula, for the months of every sheet that has them."""
    rows: dict[tuple[str, int], dict[int, str]] = {}
    for (sheet, cell), formula in formulas_of(data).items():
        letters, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
        column = openpyxl.utils.column_index_from_string(letters) - 1
        if (sheet, f"E{HEADER}") in values_of(data) and column >= FIRST:
            rows.setdefault((sheet, int(row)), {})[column] = formula
    return rows


def relative(formula: str, column: int) -> str:
    """The formula with its moving columns written as their distance, so that copies of one formula are equal."""

    def distance(found: re.Match) -> str:
        fixed, letters, row_fixed, row = found.groups()
        if not letters or fixed:
            return found[0]
        return f"C[{openpyxl.utils.column_index_from_string(letters) - 1 - column}]{row_fixed}{row}"

    return REFERENCE.sub(distance, formula)


@pytest.fixture(scope="module")
def varied():
    """A workbook with every kind of option."""
    return workbook(every_variant(months=26))


def test_every_row_has_one_formula_for_all_months(varied):
    rows = by_row(varied)
    assert len(rows) > 200
    for row, formulas in rows.items():
        assert len({relative(formula, column) for column, formula in formulas.items() if column > FIRST}) == 1, row
        assert len(formulas) == 27, row


def test_only_shifts_have_another_formula_today(varied):
    unlike = {
        row for row, formulas in by_row(varied).items()
        if relative(formulas[FIRST], FIRST) != relative(formulas[FIRST + 1], FIRST + 1)
    }  # fmt: skip
    assert 0 < len(unlike) < len(by_row(varied)) / 10


def test_formulas_are_short_and_use_functions_of_excel_2007(varied):
    for (sheet, cell), formula in formulas_of(varied).items():
        assert len(formula) < min(READABLE, LIMIT), (sheet, cell, formula)
        assert set(re.findall(r"([A-Z][A-Z0-9.]*)\(", formula)) <= EXCEL_2007, formula


def test_formulas_are_written_so_that_every_spreadsheet_program_reads_them_alike(varied):
    formulas = "\n".join(formulas_of(varied).values())
    assert not re.findall(r"[\d.]E[+-]?\d", formulas)
    products = re.findall(r"SUMPRODUCT\(([^()]*)", formulas)
    assert len(products) > 20
    assert not [text for text in products if not re.fullmatch(rf"{RANGE}(,{RANGE})+", text)]
    of_rows = re.findall(r"INDEX\((?:'[^']*'!|\w+!)?\$?[A-Z]+\$?(\d+):\$?[A-Z]+\$?(\d+),(1,)?", formulas)
    assert any(first == last for first, last, _ in of_rows)
    assert all(row for first, last, row in of_rows if first == last)


def test_no_formula_starts_a_power_with_a_bare_minus_or_chains_powers(varied):
    for formula in formulas_of(varied).values():
        assert not re.search(r"-[\w.$]+\^|\^[\w.$]+\^", formula), formula


def test_names_are_the_paths_and_excel_takes_them(varied):
    scenario = every_variant(months=26)
    names = defined_names(varied)
    single = {name for name, place in names.items() if ":" not in place}
    assert single <= set(numbers(scenario))
    whole_terms = {path for path, spec in numbers(scenario).items() if spec.whole}
    assert set(numbers(scenario)) - single <= whole_terms
    for name, place in names.items():
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]{0,254}", name)
        assert not re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]|[Rr]\d*[Cc]\d*", name)
        assert re.fullmatch(r"Assumptions!\$C\$\d+(:\$C\$\d+)?", place)
    assert len({name.lower() for name in names}) == len(names)


def test_named_cells_hold_the_values_and_are_checked_against_the_bounds(varied):
    scenario, sheet = every_variant(months=26), openpyxl.load_workbook(io.BytesIO(varied))["Assumptions"]
    rules, known = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}, numbers(scenario)
    for path, place in defined_names(varied).items():
        if ":" not in place:
            cell, spec = place.split("!")[1].replace("$", ""), known[path]
            assert sheet[cell].value == pytest.approx(scenario[path], rel=1e-15)
            assert (float(rules[cell].formula1), float(rules[cell].formula2)) == (spec.low, spec.high)
            assert rules[cell].type == ("whole" if spec.whole else "decimal")


def test_every_cost_line_and_every_option_has_its_place():
    scenario = every_variant(months=26)
    content = book(compare(scenario), Names.of(scenario))
    for slug, cost in compare(scenario).costs.items():
        lines = [row.name for row in content.options[slug].rows if row.kind == "line"]
        assert lines == [name for name in LINES if name in cost.lines]


def test_break_even_is_that_of_the_engine():
    scenario = every_variant(months=26)
    content, comparison = book(compare(scenario), Names.of(scenario)), compare(scenario)
    for (a, b), row in content.overtaken.items():
        found = in_time(comparison[a], comparison[b])
        assert row.shown == (found.month if found.outcome == "month" else row.shown)
    assert {row.shown for row in content.overtaken.values()} >= {"never", "from the start"}


def test_hostile_labels_stay_text():
    option = neutral_option("token_api", prices__input_usd_per_mtok=2)
    scenario = neutral_scenario(dict.fromkeys((*HOSTILE, "plain"), option), finance__horizon_months=2)
    scenario = scenario.vary({f"options.{slug}.label": text for slug, text in HOSTILE.items()})
    prices = {slug: f"options.{slug}.prices" for slug in HOSTILE}
    ranged = {f"{prices[slug]}.input_usd_per_mtok": Source(text, 0, 1) for slug, text in HOSTILE.items()}
    told = {f"{prices[slug]}.output_usd_per_mtok": text for slug, text in HOSTILE.items()}
    data = workbook(scenario, sources={**ranged, **told}, notes={text: text for text in HOSTILE.values()})
    outside_sheet_names = [re.sub(r"'(?:[^']|'')*'!", "", formula) for formula in formulas_of(data).values()]
    assert not any("HYPERLINK" in formula for formula in outside_sheet_names)
    shown = openpyxl.load_workbook(io.BytesIO(data))
    heads = [cell.value for cell in shown["Summary"]["A"]]
    cells = [cell for row in shown["Assumptions"].iter_rows() for cell in row]
    for text in map(typeset, HOSTILE.values()):
        assert text in heads
        kinds = [cell.data_type for cell in cells if cell.value == text]
        assert len(kinds) >= 2, text
        assert {*kinds} == {"s"}, text
    file = zipfile.ZipFile(io.BytesIO(data))
    for name in file.namelist():
        assert not re.search(r"vba|externalLink|macro", name, re.IGNORECASE), name
        assert b'TargetMode="External"' not in file.read(name), name


def test_sheet_titles_are_those_that_excel_takes():
    titles = list(sheet_titles(HOSTILE).values())
    assert len({title.lower() for title in titles}) == len(titles)
    for title in titles:
        assert 0 < len(title.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\(,]|^'|'$", title)
        assert title.lower() not in {"history", "summary", "assumptions", "common", "break-even", "notes"}


def test_very_long_option_names_get_shorter_cell_names():
    scenario = neutral_scenario({"x" * 300: neutral_option("token_api", prices__input_usd_per_mtok=2)})
    names = defined_names(workbook(scenario))
    assert "options.option_1.prices.input_usd_per_mtok" in names
    assert all(len(name) <= 255 for name in names)


def test_texts_that_no_cell_can_hold_are_cut_or_cleaned():
    scenario = neutral_scenario({"a": neutral_option("token_api")})
    workbook(scenario, notes={"controls": "a\x00b\x1f\ud800c", "long": "x" * 100_000})


def test_a_scenario_of_many_runs_is_refused():
    scenario = neutral_scenario({"a": neutral_option("token_api")})
    with pytest.raises(ScenarioError, match=r"workload\.growth_per_year holds 3 values"):
        workbook(scenario.vary({"workload.growth_per_year": np.array([[0.1], [0.2], [0.3]])}))


def test_a_month_without_traffic_shows_no_unit_cost_instead_of_an_error():
    option = neutral_option("token_api", support_usd_per_month=5)
    seasons = {f"workload__season__{month}_ratio": 0 for month in ("january", "february")}
    scenario = neutral_scenario({"a": option}, finance__horizon_months=2, workload__start_month=1, **seasons)
    values = values_of(workbook(scenario))
    assert values["Summary", "D6"] == "n/a"
    assert values["Summary", "B6"] == 10


def test_the_summary_shows_the_totals_and_sources_are_cited():
    scenario = preset(DEFAULT).scenario
    data = workbook(scenario, sources={"workload.growth_per_year": Source("A survey, 2026", 0.1, 0.5)},
                    notes={"token prices": "version 1"})  # fmt: skip
    values, comparison = values_of(data), compare(scenario)
    for i, cost in enumerate(comparison.costs.values()):
        assert values["Summary", f"A{6 + i}"] == cost.label
        assert values["Summary", f"B{6 + i}"] == pytest.approx(float(cost.net_present_cost_usd))
        assert values["Summary", f"C{6 + i}"] == pytest.approx(float(cost.tco_usd))
    assert {"A survey, 2026", 0.1, 0.5} <= {value for (sheet, _), value in values.items() if sheet == "Assumptions"}
    assert "version 1" in {value for (sheet, _), value in values.items() if sheet == "Notes"}


def test_ranges_have_four_figures_and_notes_no_shapes_of_arrays():
    drawn = {"workload.requests_per_month": Source("a judgement", 1 / 3, 24242424.242424)}
    book = openpyxl.load_workbook(io.BytesIO(workbook(preset("assistant").scenario, sources=drawn)))
    rows = {row[0].value: row for row in book["Assumptions"].iter_rows(min_row=5) if row[0].value}
    low, high = (cell.value for cell in rows["workload.requests_per_month"][4:6])
    assert (low, high) == (0.3333, 24240000)
    notes = " ".join(str(cell.value) for row in book["Notes"].iter_rows() for cell in row)
    assert "Shape" not in notes
    assert "T+1" not in notes


def test_texts_are_typeset_and_a_percent_stands_once():
    sheets = openpyxl.load_workbook(io.BytesIO(workbook_of(DEFAULT)))
    texts = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.data_type == "s"]
    assert not [text for text in texts if text != typeset(text)]
    rows = {row[0].value: row for row in sheets["Assumptions"].iter_rows()}
    for path, unit in (("workload.cached_input_frac", "share"), ("workload.growth_per_year", "a year")):
        _, _, value, told, *_ = rows[path]
        assert value.number_format.endswith("%")
        assert told.value == unit
    for heading, cell in zip(rows["Name"], rows["workload.growth_per_year"], strict=True):
        assert cell.value is None or heading.alignment.indent == cell.alignment.indent, heading.value
    spoken = [cell.value for cell in next(iter(sheets["Summary"].iter_rows(min_row=2, max_row=2)))]
    assert "today's" not in spoken[0], "texts in formulas are typeset too"


def test_no_text_of_the_assumptions_is_cut_and_the_bounds_are_not_printed():
    """A text beside another one is cut where it is wider than its column, at either end, unless it is wrapped."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(DEFAULT)))["Assumptions"]
    *headings, least, most = (cell.value for cell in sheet[4])
    assert (least, most) == ("Least allowed", "Most allowed")
    assert sheet.print_area == f"'Assumptions'!$A$1:${get_column_letter(len(headings))}${sheet.max_row}"
    texts = [cell for row in sheet.iter_rows(min_row=5) for cell in row if isinstance(cell.value, str)]
    assert not [cell.value for cell in texts if not cell.alignment.wrap_text and not cell.font.bold]
    for row in sheet.iter_rows(min_row=5):
        lines = [len(cell.value) / sheet.column_dimensions[cell.column_letter].width for cell in row
                 if isinstance(cell.value, str) and not cell.font.bold]  # fmt: skip
        tall = sheet.row_dimensions[row[0].row].height or LINE_HEIGHT
        assert tall >= 0.8 * LINE_HEIGHT * max(lines, default=0), row[0].value


def test_what_a_workbook_holds_fixed_is_told_in_words_but_for_what_somebody_entered():
    scenario = preset(DEFAULT).scenario.vary({"options.own_servers.label": "our_own"})
    book = openpyxl.load_workbook(io.BytesIO(workbook(scenario)))
    values = {row[0].value: row[2].value for row in book["Assumptions"].iter_rows()}
    told = {name: values[f"options.own_servers.{name}"] for name in ("kind", "label", "bridge_option")}
    assert told == {"kind": "Own servers", "label": "our_own", "bridge_option": "gpt-oss 120B by API"}
    assert values["people.service_hours"] == "office hours"
    assert values["options.cloud_on_demand.instance"] == scenario["options.cloud_on_demand.instance"]
    kinds = {row[0].value for row in book["Notes"].iter_rows()}
    assert {option.title for option in scenario.options.values()} < kinds


def test_numbers_in_words_have_marks_and_no_noise():
    shown = openpyxl.load_workbook(io.BytesIO(workbook_of(DEFAULT)))["Own servers"]
    how = " ".join(str(cell.value) for cell in shown["D"])
    assert "0.0833333 \u00d7 " in how
    assert " / 1,000,000" in how
    assert not re.findall(r"(?<!\.)\b\d{5,}", how), "no million without marks"


def test_the_summary_calls_an_option_by_its_label_everywhere():
    option = neutral_option("token_api", prices__input_usd_per_mtok=2)
    scenario = neutral_scenario({"a": option, "b": option}, finance__horizon_months=2)
    scenario = scenario.vary({"options.a.label": "Mixed: a base, an overflow", "options.b.label": "Plain"})
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(scenario)))["Summary"]
    labels = [option.label for option in scenario.options.values()]
    heads = [[cell.value for cell in row[1 : len(labels) + 1]] for row in sheet.iter_rows()
             if row[0].value in ("From", "Group", "Fiscal year")]  # fmt: skip
    assert any(":" in label for label in labels), "a sheet cannot be called so"
    assert heads == [labels] * 3


def test_rows_are_as_high_as_how_they_are_worked_out_needs():
    sheet = openpyxl.load_workbook(io.BytesIO(workbook_of(DEFAULT)))["Own servers"]
    told = [cell for cell in sheet["D"][HEADER:] if cell.value]
    assert all(cell.alignment.wrap_text for cell in told)
    across = sheet.column_dimensions["D"].width
    heights = {cell.row: sheet.row_dimensions[cell.row].height or 15 for cell in told}
    assert all(heights[cell.row] >= 12 * len(cell.value) / across for cell in told)
    assert max(heights.values()) > 2 * min(heights.values())

"""The command line: the same numbers as the engine, and one sentence on standard error for what is refused."""

import csv
import io
import json
import subprocess
import sys

import openpyxl
import pytest
from pptx import Presentation

from cli import main
from costmodel.comparison import compare
from costmodel.lines import LINES
from costmodel.scenario import numbers, paths
from pricing.documents import Opened, document, to_json
from pricing.presets import DEFAULT, preset
from reports.files.brief import pages
from tests.sentence import one_sentence

SCENARIO = preset(DEFAULT).scenario
COMPARISON = compare(SCENARIO)
REQUESTS, HORIZON = "workload.requests_per_month", "finance.horizon_months"
LABEL = f"options.{next(iter(SCENARIO.options))}.label"


@pytest.fixture
def output(capsys):
    """`output(*arguments)` is what the command prints when it works."""

    def output(*arguments: str) -> str:
        assert main(list(arguments)) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        return printed.out

    return output


@pytest.fixture
def refusal(capsys):
    """`refusal(*arguments)` is the sentence with which the command refuses."""

    def refusal(*arguments: str) -> str:
        assert main(list(arguments)) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.endswith("\n")
        return one_sentence(printed.err.removesuffix("\n"))

    return refusal


@pytest.fixture
def saved(tmp_path):
    """`saved(content)` is the name of a file that holds it."""

    def saved(content: bytes | str) -> str:
        file = tmp_path / "scenario.json"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(file)

    return saved


def scenario_file(changes: dict) -> str:
    return to_json(document(Opened(SCENARIO.vary(changes), DEFAULT)))


def totals(comparison) -> dict:
    return {
        slug: {
            "label": comparison[slug].label,
            "tco_usd": comparison[slug].tco_usd,
            "net_present_cost_usd": comparison[slug].net_present_cost_usd,
            "levelized_cost_usd_per_mtok": comparison[slug].levelized_cost_usd_per_mtok,
            "broken_rules": list(comparison[slug].broken_rules),
            "lines_usd": comparison[slug].line_totals(),
        }
        for slug in comparison.ranking
    }


def test_json_has_the_numbers_of_the_engine_cheapest_first(output):
    told = json.loads(output("--json"))
    assert told == totals(COMPARISON)
    assert tuple(told) == COMPARISON.ranking


def test_csv_has_every_cash_flow_of_the_engine(output):
    rows = list(csv.DictReader(io.StringIO(output("--csv"))))
    told = {(row["option"], row["line"], int(row["month"])): float(row["cash (USD)"]) for row in rows}
    wanted = {
        (slug, name, month): amount
        for slug, cost in COMPARISON.costs.items()
        for name in cost.line_totals()
        for month, amount in enumerate((cost.lines[name] + 0 * COMPARISON.months).tolist())
    }
    assert told == wanted


def test_papers_are_written_to_the_file_that_is_named_of_the_scenario_as_set(output, tmp_path):
    files = [
        part for kind in ("xlsx", "pptx", "pdf", "html") for part in (f"--{kind}", str(tmp_path / f"paper.{kind}"))
    ]
    printed = output("--set", f"{LABEL}=Named here", "--json", *files)
    assert "Named here" in {option["label"] for option in json.loads(printed).values()}
    assert "Named here" in openpyxl.load_workbook(tmp_path / "paper.xlsx").sheetnames
    shapes = [shape for slide in Presentation(tmp_path / "paper.pptx").slides for shape in slide.shapes]
    assert any("Named here" in shape.text_frame.text for shape in shapes if shape.has_text_frame)
    assert pages((tmp_path / "paper.pdf").read_bytes()) == 1
    assert "Named here" in (tmp_path / "paper.html").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_refused(refusal, tmp_path):
    assert "cannot be written" in refusal("--xlsx", str(tmp_path / "nowhere" / "paper.xlsx"))


def test_who_asks_for_files_alone_has_nothing_printed(output, tmp_path):
    assert output("--xlsx", str(tmp_path / "paper.xlsx")) == ""


@pytest.mark.parametrize("kind", ["xlsx", "pptx", "pdf", "html"])
def test_a_file_without_a_name_is_refused(refusal, kind):
    assert f"--{kind} needs the name" in refusal(f"--{kind}", "")


def test_the_table_shows_the_numbers_of_the_engine_cheapest_first(output):
    heading, *rows, closing = output().splitlines()
    assert heading.split()[0] == "Option"
    assert f"{SCENARIO.finance.horizon_months} months" in closing
    for row, slug in zip(rows, COMPARISON.ranking, strict=True):
        cost = COMPARISON[slug]
        largest = max(cost.line_totals().items(), key=lambda item: item[1])[0]
        figures = f"{cost.net_present_cost_usd:,.2f} {cost.tco_usd:,.2f} {cost.levelized_cost_usd_per_mtok:,.4f}"
        assert " ".join(row.split()) == f"{cost.label} {figures} {LINES[largest].label}"


LATE = "rules.response_time_limit_s=0.01"  # which nobody keeps
BUSY = ("workload.requests_per_month=7.7e7", "workload.growth_per_year=1.5")  # more than the account of an API allows


@pytest.mark.parametrize("settings", [(LATE,), BUSY])
def test_who_breaks_a_rule_is_marked_and_told_which(output, settings):
    asked = [word for setting in settings for word in ("--set", setting)]
    comparison = compare(SCENARIO.vary({path: float(value) for path, value in (each.split("=") for each in settings)}))
    broken = {slug: list(comparison[slug].broken_rules) for slug in comparison.ranking if comparison[slug].broken_rules}
    assert len(broken) > 0
    assert {slug: told["broken_rules"] for slug, told in json.loads(output(*asked, "--json")).items()} == {
        slug: broken.get(slug, []) for slug in comparison.ranking
    }
    _, *rows = output(*asked).splitlines()
    for slug, row in zip(comparison.ranking, rows, strict=False):
        assert row.startswith(comparison[slug].label)
        assert ("(ruled out)" in row) == (slug in broken and bool(comparison.allowed))
    told = rows[len(comparison.ranking) + 1 :]
    head = "Ruled out by the scenario:" if comparison.allowed else "No option keeps to the rules of the scenario:"
    assert told == [head, *(f"  {comparison[slug].label}: {' '.join(rules)}" for slug, rules in broken.items())]


def test_a_scenario_file_is_opened(output, saved):
    changes = {REQUESTS: 7e6, HORIZON: 24}
    told = json.loads(output(saved(scenario_file(changes)), "--json"))
    assert told == totals(compare(SCENARIO.vary(changes)))


def test_set_can_be_repeated_and_changes_what_the_file_says(output, saved):
    file = saved(scenario_file({REQUESTS: 7e6}))
    told = json.loads(output(file, "--set", f"{REQUESTS}=8e6", "--set", f" {HORIZON} = 24 ", "--json"))
    assert told == totals(compare(SCENARIO.vary({REQUESTS: 8e6, HORIZON: 24})))


@pytest.mark.parametrize("name", ["2026", "Infinity", "true", "1e3", "a=b", "GPUs, größer"])
def test_a_text_can_be_set_to_anything_that_is_a_text(output, name):
    assert name in output("--set", f"{LABEL}={name}")


def test_choices_and_switches_can_be_set(output):
    output("--set", "finance.running_costs_at=month_start")
    switches = [path for path in paths(SCENARIO) if isinstance(SCENARIO[path], bool)]
    for path in switches:
        output("--set", f"{path}={str(not SCENARIO[path]).lower()}")


def test_list_paths_tells_value_bounds_unit_and_meaning_of_every_path(output):
    listed = output("--list-paths", "--set", f"{REQUESTS}=8e6").splitlines()
    assert [line.split(" = ")[0] for line in listed] == list(paths(SCENARIO))
    by_path = dict(zip(paths(SCENARIO), listed, strict=True))
    assert by_path[REQUESTS].startswith(f"{REQUESTS} = 8000000  [1 to 1e+12 requests a month]  ")
    for path, number in numbers(SCENARIO).items():
        assert by_path[path].endswith(number.meaning)
        assert f"[{number.low:g} to {number.high:g}" in by_path[path]


def test_list_paths_says_what_every_choice_means(output):
    assert not [line for line in output("--list-paths").splitlines() if line.endswith("None")]


REFUSED = {
    "an unknown path": (f"{REQUESTS}s=5", f"{REQUESTS}s", f"Did you mean {REQUESTS}"),
    "a path without a value": (REQUESTS, REQUESTS, "PATH=VALUE"),
    "a value without a path": ("=5", "''", "not a path"),
    "a group": ("workload=5", "workload is a group"),
    "a value out of bounds": (f"{REQUESTS}=-5", REQUESTS, "between 1 and 1e+12", "\u22125"),
    "a number with a comma": (f"{REQUESTS}=1,200", REQUESTS, "read as 1.2 or as 1200"),
    "a grouped number": (f"{REQUESTS}=1.200.000", REQUESTS, "write 1200000"),
    "a number with an underscore": (f"{REQUESTS}=1_000", REQUESTS, "write 1000"),
    "a letter for millions": (f"{REQUESTS}=1.2M", REQUESTS, "write 1200000"),
    "no value": (f"{REQUESTS}=", REQUESTS, "must be a number"),
    "no number": (f"{REQUESTS}=many", REQUESTS, "'many'"),
    "NaN": (f"{REQUESTS}=nan", REQUESTS, "nan"),
    "infinity": (f"{REQUESTS}=1e999", REQUESTS, "inf"),
    "a percentage": ("workload.batch_frac=20", "workload.batch_frac", "write 0.2"),
    "a share with a percent sign": ("workload.batch_frac=20%", "workload.batch_frac", "'20%'"),
    "an unknown choice": ("finance.running_costs_at=noon", "finance.running_costs_at", "month_end", "noon"),
    "a part of a month": (f"{HORIZON}=7.5", HORIZON, "whole", "7.5"),
    "a switch for a number": (f"{REQUESTS}=true", REQUESTS, "must be a number"),
    "half a month of the year": ("workload.start_month=1.5", "must be a whole number (month of the year), not 1.5."),
    "no switch": ("rules.peak_must_be_carried=maybe", "peak_must_be_carried must be true or false, not 'maybe'."),
    "an unknown zone": (
        "workload.time_zone=Europe/Berlinn",
        "such as Europe/Berlin",
        "Did you mean Europe/Berlin or Europe/Dublin or Europe/Tallinn?",
    ),
    "a label of two lines": (f"{LABEL}=a\nb", LABEL, "one line"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_setting_is_refused_with_path_value_and_bound(refusal, name):
    setting, *told = REFUSED[name]
    message = refusal("--set", setting)
    assert all(part in message for part in told), message


def test_one_wrong_setting_among_right_ones_prints_nothing_else(refusal):
    refusal("--set", f"{REQUESTS}=5", "--set", "nobody=1", "--json")


FILES = {
    "empty": b"",
    "no JSON": b"{options: all}",
    "no scenario": b'{"format": "grocery-list"}',
    "a binary": bytes(range(256)),
    "an unknown path": json.dumps({**document(Opened(SCENARIO, DEFAULT)), "changes": {"workload.request": 1}}).encode(),
    "a newer version": json.dumps({**document(Opened(SCENARIO, DEFAULT)), "version": 99}).encode(),
}


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_file_is_refused(refusal, saved, name):
    refusal(saved(FILES[name]), "--json")


@pytest.mark.parametrize("name", ["nothing.json", "two\nlines.json"])
def test_a_file_that_is_not_there_is_refused(refusal, tmp_path, name):
    assert "cannot be read" in refusal(str(tmp_path / name))


def test_a_folder_is_refused(refusal, tmp_path):
    assert "directory" in refusal(str(tmp_path))


def test_two_forms_at_once_are_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--json", "--csv"])
    assert stopped.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "cli", *arguments], capture_output=True, text=True, check=False)


def test_the_module_runs_by_name():
    worked, refused = run("--json"), run("--set", "nobody=1")
    assert (worked.returncode, json.loads(worked.stdout)) == (0, totals(COMPARISON))
    assert (refused.returncode, refused.stdout) == (2, "")
    one_sentence(refused.stderr.removesuffix("\n"))

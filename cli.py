"""The comparison without a browser: crossover [SCENARIO.json] [--set path=value] [--json | --csv] [--xlsx FILE ...].

It opens the scenario and hands it to the same functions as the dashboard. `crossover backup FILE` and what else
`library.commands` has is for who runs the library.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from answers.analysis import Analysis
from costmodel.comparison import Comparison
from costmodel.errors import ScenarioError
from costmodel.lines import LINES
from costmodel.numerals import plain
from costmodel.scenario import Scenario, fields, numbers, values
from costmodel.units import UNITS
from library.commands import COMMANDS, run
from pricing.documents import Opened, from_json
from pricing.marks import refusals
from pricing.presets import DEFAULT, preset
from pricing.tokens import counted_anew
from reports.files import offered
from reports.words.dates import month_name
from reports.words.measure import NOMINAL, PRESENT
from reports.words.money import converted, rate_note, shown, shown_in
from reports.words.order import named

PAPERS = {file.what.lstrip("."): file for file in (*offered.TABLES, *offered.PAPERS) if file.what.startswith(".")}
(TIDY,) = (file for file in offered.TABLES if file.what == "tidy.csv")


def main(arguments: list[str] | None = None) -> int:
    """Print what was asked for; 0 when it worked, 2 with one sentence on standard error when the input is refused."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments and arguments[0] in COMMANDS:
            print(run(arguments, os.environ))
            return 0
        asked = _parser().parse_args(arguments)
        opened = _open(asked.scenario)
        changes = dict(_assignment(opened.scenario, text) for text in asked.set)
        scenario = opened.scenario.vary(counted_anew(opened.scenario, changes))
        print(*opened.notes, sep="\n", end="\n" if opened.notes else "", file=sys.stderr)
        _answer(Analysis(replace(opened, scenario=scenario, marks=refusals(scenario, changes, opened.marks))), asked)
    except BrokenPipeError:
        return 0
    except ScenarioError as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    others = " ".join(f"crossover {name}: {command.about}." for name, command in COMMANDS.items())
    parser = argparse.ArgumentParser(prog="crossover", description="Compare the options of a scenario.", epilog=others)
    parser.add_argument("scenario", nargs="?", help="scenario file in JSON; without it, the default scenario")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="change a value; repeatable")
    parser.add_argument(
        "--by", default="", metavar="NAME", help="who made it, for the head of the file that --html writes"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="totals and lines of every option as JSON")
    what.add_argument("--csv", action="store_true", help="one row for each option, month and line")
    what.add_argument("--list-paths", action="store_true", help="every path with value, bounds, unit and meaning")
    files = parser.add_argument_group("files", "any of them in one run; what is printed beside is asked for by name")
    for name, file in PAPERS.items():
        files.add_argument(f"--{name}", metavar="FILE", help=f"write {file.label.lower()} to FILE: {file.about}")
    return parser


def _open(file: str | None) -> Opened:
    if file is None:
        return Opened(preset(DEFAULT).scenario, DEFAULT)
    try:
        return from_json(Path(file).read_bytes())
    except OSError as error:
        raise ScenarioError(f"{file!r} cannot be read: {error.strerror}.") from None


def _assignment(scenario: Scenario, text: str) -> tuple[str, object]:
    path, equals, value = text.partition("=")
    if not equals:
        raise ScenarioError(f"--set {text!r:.80} must be PATH=VALUE, such as workload.requests_per_month=1e6.")
    return path.strip(), _typed(scenario, path.strip(), value.strip())


def _typed(scenario: Scenario, path: str, value: str) -> object:
    """The value as the field at the path takes it; what is not a number or a switch stays a text."""
    now = next((known for name, known in values(scenario).items() if name == path), None)
    if isinstance(now, str):
        return value
    if value in ("true", "false"):
        return value == "true"
    number = plain(value)
    return value if number is None else number


def _answer(analysis: Analysis, asked: argparse.Namespace) -> None:
    targets = {name: target for name in PAPERS if (target := getattr(asked, name)) is not None}
    for name, target in targets.items():
        if not target:
            raise ScenarioError(f"--{name} needs the name of the file that it writes.")
    for name, target in targets.items():
        _write(target, PAPERS[name].make(offered.Wish(analysis, by=asked.by)))
    if not targets or asked.json or asked.csv or asked.list_paths:
        print(_text(analysis, asked), end="")


def _write(target: str, content: bytes) -> None:
    try:
        Path(target).write_bytes(content)
    except OSError as error:
        raise ScenarioError(f"{target!r} cannot be written: {error.strerror}.") from None


def _text(analysis: Analysis, asked: argparse.Namespace) -> str:
    if asked.list_paths:
        return "\n".join(_paths(analysis.scenario)) + "\n"
    if asked.csv:
        return TIDY.make(offered.Wish(analysis)).decode("utf-8-sig")
    if asked.json:
        return json.dumps(_totals(analysis.comparison), indent=1, ensure_ascii=False) + "\n"
    with shown_in(analysis.opened.currency):
        return "\n".join(_table(analysis.comparison)) + "\n"


def _paths(scenario: Scenario) -> Iterable[str]:
    known = numbers(scenario)
    for path, record, name in fields(scenario):
        value, spec = scenario[path], known.get(path)
        if spec:
            bounds = f"{spec.low:g} to {spec.high:g} {UNITS[spec.unit].label}"
            yield f"{path} = {value:.10g}  [{bounds}]  {spec.meaning}"
        else:
            yield f"{path} = {value}  {record.model_fields[name].description or record.title}"


def _totals(comparison: Comparison) -> dict:
    return {
        slug: {
            "label": cost.label,
            "tco_usd": float(cost.tco_usd),
            "net_present_cost_usd": float(cost.net_present_cost_usd),
            "levelized_cost_usd_per_mtok": float(cost.levelized_cost_usd_per_mtok),
            "broken_rules": list(cost.broken_rules),
            "lines_usd": {name: float(total) for name, total in cost.line_totals().items()},
        }
        for slug, cost in ((slug, comparison[slug]) for slug in comparison.ranking)
    }


def _table(comparison: Comparison) -> Iterable[str]:
    names = {slug: named(comparison, slug) for slug in comparison.ranking}
    width = max(map(len, names.values()))
    yield f"{'Option':<{width}}  {PRESENT.name:>16}  {NOMINAL.name:>17}  {'per Mtok':>10}  Largest line"
    for slug, name in names.items():
        cost = comparison[slug]
        totals = cost.line_totals()
        largest = LINES[max(totals, key=totals.get)].label if totals else "none"
        yield (
            f"{name:<{width}}  {converted(cost.net_present_cost_usd):>16,.2f}  "
            f"{converted(cost.tco_usd):>17,.2f}  {converted(cost.levelized_cost_usd_per_mtok):>10,.4f}  {largest}"
        )
    horizon = comparison.scenario.finance.horizon_months
    yield f"{shown().code} over {horizon} months from {month_name(comparison.scenario, 1)} on. {rate_note()}".strip()
    yield from _broken(comparison)


def _broken(comparison: Comparison) -> Iterable[str]:
    """Who breaks which rules of the scenario, below the table."""
    broken = [comparison[slug] for slug in comparison.ranking if slug not in comparison.allowed]
    if broken:
        yield "Ruled out by the scenario:" if comparison.allowed else "No option keeps to the rules of the scenario:"
        yield from (f"  {cost.label}: {' '.join(cost.broken_rules)}" for cost in broken)


if __name__ == "__main__":
    sys.exit(main())

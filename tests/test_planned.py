"""Planned against paid: a file equal to the plan differs by nothing; signposts are near or crossed; a verdict today."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from answers.analysis import Analysis
from answers.decision import decide
from costmodel.comparison import compare
from costmodel.demand import requests
from costmodel.errors import ScenarioError
from pricing.decisions import Decision, Signpost
from pricing.documents import Opened, document, opened
from pricing.presets import DEFAULT, preset
from reports.files import charges
from reports.words import decided as words
from reports.words.planned import REST, Planned, against
from tests.sentence import one_sentence
from tests.test_usage_bill import DAYS, SONNET, invoice, list_usd, usage
from tests.test_usage_today import begun
from tests.usage_files import opened as files_opened
from usage.bill import bill
from usage.list_prices import KINDS
from usage.paid import PaidMonth, paid
from usage.today import SLUG, of_files, with_usage
from usage.workload import workload

ON = date(2026, 11, 29)
FLAT = {f"workload.season.{month}_ratio": 1.0 for month in ("january", "september", "october")}
MIX = {"cached_tokens": 5e8, "cache_creation_tokens": 1e8, "batch": "false"}
VOLUME = "workload.requests_per_month"


def months(*contents: bytes) -> tuple[PaidMonth, ...]:
    reading = files_opened(*contents)
    return paid(reading, bill(reading))


@pytest.fixture(scope="module")
def plan() -> Opened:
    """What one begins with from a file: its usage as the workload, what runs now as an option, an even year."""
    found = begun(usage("2026-09", **MIX), invoice("2026-09", usd=list_usd()))
    return replace(found, scenario=found.scenario.vary({**FLAT, "workload.growth_per_year": 0.0}))


def lines(planned: Planned, at: int = -1) -> dict:
    return {line.name: line for line in planned.months[at].lines}


def at_list(plan: Opened) -> float:
    return plan.bill.list_usd


def test_a_file_equal_to_the_plan_differs_by_nothing_in_any_line(plan):
    found = against(plan.scenario, SLUG, months(usage(**MIX), invoice(usd=at_list(plan))))
    (month,) = found.months
    assert (month.month, month.is_billed, found.begun, found.starts) == ("2026-10", True, True, date(2027, 1, 1))
    assert month.planned_requests == pytest.approx(month.used_requests) == pytest.approx(200_000)
    for line in month.lines:
        assert line.difference_usd == pytest.approx(0, abs=1e-6 * at_list(plan)), line.name
        if line.planned_tokens:
            assert line.used_tokens == pytest.approx(line.planned_tokens)
    assert month.total.paid_usd == pytest.approx(at_list(plan))
    assert words.headline(found).endswith("as planned")
    assert len(words.remarks(found)) == 1, "that the plan starts later"


def test_batch_is_taken_off_line_by_line(plan):
    half = MIX, {**MIX, "batch": "true"}
    found = begun(*(usage("2026-09", **part) for part in half), invoice("2026-09", usd=1))
    flat = found.scenario.vary({**FLAT, "workload.growth_per_year": 0.0})
    planned = against(flat, SLUG, months(*(usage(**part) for part in half), invoice(usd=found.bill.list_usd)))
    assert planned.months[0].total.paid_usd < 2 * at_list(plan)
    assert all(line.difference_usd == pytest.approx(0, abs=0.01) for line in planned.months[0].lines)


def test_the_difference_is_told_by_volume_and_by_price_and_adds_up_to_the_bill(plan):
    billed = 2 * at_list(plan) + 777
    doubled = usage(times=2.0, **{**MIX, "cached_tokens": 1e9, "cache_creation_tokens": 2e8})
    found = against(plan.scenario, SLUG, months(doubled, invoice(usd=billed)))
    for name, line in lines(found).items():
        if name == REST:
            assert line.difference_usd == pytest.approx(777)
            assert line.by_volume_usd is None
        else:
            assert line.by_volume_usd == pytest.approx(line.planned_usd)
            assert line.by_price_usd == pytest.approx(0, abs=0.01)
    assert found.months[0].total.paid_usd == pytest.approx(billed)
    dearer = against(plan.scenario.vary({f"options.{SLUG}.discount_frac": 0.5}), SLUG,
                     months(usage(**MIX), invoice(usd=at_list(plan))), discount_frac=0.0)  # fmt: skip
    output = lines(dearer)["Output tokens"]
    assert output.by_volume_usd == pytest.approx(0, abs=0.01)
    assert output.by_price_usd == pytest.approx(output.planned_usd)


def test_a_month_of_the_plan_is_that_month_with_its_growth_and_season(plan):
    year = plan.scenario.vary({"workload.start_year": 2026, "workload.start_month": 8,
                               "workload.growth_per_year": 1.0, "workload.season.october_ratio": 1.2})  # fmt: skip
    files = usage("2026-09", **MIX), usage(**MIX), invoice("2026-09", usd=9), invoice(usd=9)
    found = against(year, SLUG, months(*files))
    assert [month.name for month in found.months] == ["September 2026", "October 2026"]
    assert not found.begun
    for month, column in zip(found.months, (2, 3), strict=True):
        assert month.planned_requests == pytest.approx(float(requests(year)[column]))
        planned = sum(float(compare(year)[SLUG].lines["output_tokens"][c]) for c in (column,))
        assert {line.name: line.planned_usd for line in month.lines}["Output tokens"] == pytest.approx(planned)


def test_months_outside_the_plan_are_left_out_and_that_is_told(plan):
    ended = plan.scenario.vary({"workload.start_year": 2020})
    found = against(ended, SLUG, months(usage(), invoice(usd=1)))
    assert found.months == ()
    assert "January 2020" in one_sentence(*words.remarks(found))


def test_without_a_bill_usage_at_list_price_stands_there_and_is_called_so(plan):
    found = against(plan.scenario, SLUG, months(usage(**MIX)))
    assert not found.months[0].is_billed
    assert lines(found)[REST].paid_usd is None
    assert "at list price" in words.headline(found)
    assert any("list price" in told for told in words.remarks(found))


def test_what_no_bill_for_tokens_tells_stands_beside_and_counts_in_no_difference():
    scenario = preset(DEFAULT).scenario
    owned = next(slug for slug, option in scenario.options.items() if option.owns_hardware(scenario.options))
    (month,) = against(scenario, owned, months(usage(), invoice(usd=1000.0))).months
    assert month.beside
    assert month.total.planned_usd + sum(line.planned_usd for line in month.beside) == pytest.approx(
        float(compare(scenario.vary({"workload.start_year": 2026, "workload.start_month": 10}))[owned].cash_usd[1])
    )
    assert month.total.paid_usd == pytest.approx(1000)


def test_a_plan_for_another_model_than_the_files_are_of_is_told(plan):
    other = next(slug for slug, option in plan.scenario.options.items() if slug != SLUG and hasattr(option, "prices"))
    found = against(plan.scenario, other, months(usage(), invoice(usd=1.0)))
    assert any(SONNET in one_sentence(told) and plan.scenario.options[other].model in told
               for told in words.remarks(found))  # fmt: skip


@pytest.mark.parametrize(
    ("times", "said"), [(1.12, "12 % above the plan"), (0.5, "50 % below the plan"), (20, "20.0 times the plan")]
)
def test_the_headline_says_how_far_off_the_plan_a_month_is(plan, times, said):
    found = against(plan.scenario, SLUG, months(usage(**MIX), invoice(usd=times * at_list(plan))))
    assert words.headline(found).endswith(said)


def test_only_whole_months_count():
    part = usage("2026-10").replace(b"2026-10-01", b"2026-10-09").replace(b"2026-10-31", b"2026-10-20")
    assert [month.month for month in months(usage("2026-09"), part)] == ["2026-09"]
    assert DAYS["2026-09"]


def test_the_file_for_finance_adds_up_to_the_bill(plan):
    found = against(plan.scenario, SLUG, months(usage(**MIX), invoice(usd=12_345.67)))
    header, *rows = csv.reader(io.StringIO(charges.planned_and_paid(found).decode("utf-8-sig")))
    assert header[4:7] == ["planned (USD)", "paid (USD)", "difference (USD)"]
    assert sum(float(row[5]) for row in rows if row[5]) == pytest.approx(12_345.67, abs=0.03)
    assert {row[-1] for row in rows} <= {"bill", words.BESIDE}
    for row in rows:
        if row[7]:
            assert float(row[7]) + float(row[8]) == pytest.approx(float(row[6]), abs=0.02)


def post(side: str, value: float) -> Signpost:
    return Signpost(VOLUME, side, value, SLUG)


@pytest.mark.parametrize(
    ("side", "value", "state"),
    [("above", 100, "crossed"), ("above", 99, "crossed"), ("above", 109, "near"), ("above", 120, "far"),
     ("below", 100, "crossed"), ("below", 101, "crossed"), ("below", 92, "near"), ("below", 80, "far")],
)  # fmt: skip
def test_a_signpost_is_near_within_a_tenth_and_crossed_from_its_value_on(side, value, state):
    assert words.standing(post(side, value), 100) == state


def test_a_decision_has_the_switching_values_of_its_analysis_and_the_volume(plan):
    analysis = Analysis(plan)
    found = decide(analysis, SLUG, "Stay.", ON)
    assert (found.on, found.sentence, found.option) == (ON, "Stay.", SLUG)
    assert found.signposts
    best = analysis.comparison.ranking[0]
    for sign in found.signposts:
        paths, step = (sign.path, *analysis.also.get(sign.path, ())), sign.value - plan.scenario[sign.path]
        beyond, before = (plan.scenario.vary(dict.fromkeys(paths, sign.value + k * step)) for k in (1e-4, -1e-4))
        assert compare(beyond).ranking[0] == sign.then != best, sign.path
        assert compare(before).ranking[0] == best, sign.path
        assert sign.crossed(beyond[sign.path])
        assert not sign.crossed(before[sign.path])


def test_a_decision_goes_with_its_document_and_what_is_wrong_in_one_is_a_sentence(plan):
    told = replace(plan, decision=Decision(ON, "Stay.", SLUG, (post("above", 3e5), Signpost("gone", "below", 1, SLUG))))
    content = document(told)
    assert opened(content).decision == replace(told.decision, signposts=(post("above", 3e5),))
    assert opened(document(plan)).decision is None
    for wrong in ({"option": "nobody"}, {"on": "soon"}, {"signposts": [[VOLUME, "beside", 1, SLUG]]},
                  {"signposts": [[VOLUME, "above", 10**400, SLUG]]}, {"sentence": 3}):  # fmt: skip
        with pytest.raises(ScenarioError) as refusal:
            opened({**content, "decision": {**content["decision"], **wrong}})
        one_sentence(str(refusal.value))


def now(plan: Opened, *contents: bytes):
    reading = files_opened(*contents)
    return with_usage(plan.scenario, of_files(reading, workload(reading), bill(reading)))


def test_the_same_usage_gives_the_same_verdict_today(plan):
    today = now(plan, usage(**MIX), invoice(usd=1))
    before, after = compare(plan.scenario), compare(today)
    assert after.ranking == before.ranking
    for slug in before.costs:
        assert after[slug].net_present_cost_usd == pytest.approx(before[slug].net_present_cost_usd)
    best = before.ranking[0]
    assert "is still the cheapest" in words.today(Decision(ON, "", best), before, after)


def test_a_volume_beyond_its_signpost_crosses_it_and_turns_the_verdict(plan):
    found = decide(Analysis(plan), compare(plan.scenario).ranking[0], "Stay.", ON)
    sign = next(each for each in found.signposts if each.path == VOLUME)
    assert sign.side == "below"
    times = 0.95 * sign.value / plan.scenario[VOLUME]
    less = usage(requests=100_000 * times, times=times, cached_tokens=5e8 * times,
                 cache_creation_tokens=1e8 * times, batch="false")  # fmt: skip
    today = now(plan, less, invoice(usd=1))
    assert today[VOLUME] == pytest.approx(0.95 * sign.value, rel=1e-4)
    assert words.standing(sign, today[VOLUME]) == words.CROSSED
    table = words.signposts_table(found, plan.scenario, today, {VOLUME}, {})
    assert "crossed" in table.headline
    assert table.rows[0][1] == words.CROSSED
    before, after = compare(plan.scenario), compare(today)
    assert after.ranking[0] == sign.then
    assert after[sign.then].label in words.today(found, before, after)


def test_usage_by_kind_is_the_list_price_of_the_month():
    (month,) = months(usage(**MIX))
    reading = files_opened(usage(**MIX), invoice(usd=1))
    assert sum(month.list_usd[kind] for kind in KINDS) == pytest.approx(bill(reading).months[0].list_usd)
    assert month.tokens == {"input": 6e8, "cache_read": 1e9, "cache_write": 2e8, "output": 1.4e8}
    assert SONNET

"""What the reports say is what the engine found, and no text of the reader's becomes a formula in a spreadsheet."""

import csv
import io
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.analysis import Analysis
from answers.pair import decision_pair, owned_and_rented
from answers.volume import VOLUME, crossings_by_volume, volume_grid
from costmodel.comparison import compare
from costmodel.fields import Number
from costmodel.scenario import fields, numbers
from dashboard import charts, uncertainty_charts
from pricing.documents import Opened
from pricing.presets import DEFAULT, preset, presets
from reports.files import offered
from reports.words import chapters, verdict
from reports.words.briefing import crossings
from reports.words.labels import field_label, path_label
from reports.words.text import MINUS, compact, percent, usd, usd_each
from reports.words.typed import between
from reports.words.verdict import above_today

SCENARIO = preset(DEFAULT).scenario
RENTED = [slug for slug, option in SCENARIO.options.items() if option.kind in {"token_api", "cloud_gpu"}]
VOLUMES = st.floats(4, 10).map(lambda exponent: 10**exponent)
HOSTILE = ["=HYPERLINK(1)", "+x", "-x", "@SUM(A1)", "|cmd", "＝x"]
TOO_CLOSE = {"healthcare", "finance", "startup"}  # by 0.4 % to 1.5 %, less than the model's own error
UNSEEN = " \u200b"
FORMULA_STARTS = "=+-@|\t\r＝＋－＠"
CSV_FILES = [file for file in offered.TABLES if file.what.endswith(".csv")]


def renamed(label: str):
    """The default scenario with names of options that begin like this."""
    return SCENARIO.vary({f"options.{slug}.label": f"{label}{i}" for i, slug in enumerate(SCENARIO.options)})


def cells(content: bytes) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def formulas(content: bytes) -> list[str]:
    """Cells that a spreadsheet would read as a formula."""
    texts = [cell for cell in cells(content) if not is_number(cell)]
    return [text for text in texts if text.strip(UNSEEN).startswith(tuple(FORMULA_STARTS))]


@pytest.mark.parametrize("label", HOSTILE)
@pytest.mark.parametrize("file", CSV_FILES, ids=lambda file: file.label)
def test_no_name_becomes_a_formula_in_a_file(file, label):
    scenario = renamed(label)
    content = file.make(offered.Wish(Analysis(Opened(scenario, DEFAULT, label))))
    assert formulas(content) == []
    name = next(iter(scenario.options.values())).label
    assert any(name in cell for cell in cells(content))


@pytest.mark.parametrize("slug", presets())
def test_a_map_s_headline_is_of_its_own_points_and_its_legend_names_whoever_leads_somewhere(slug):
    analysis = Analysis(Opened(preset(slug).scenario, slug))
    for found in (analysis.heat_map, analysis.map_of(VOLUME, "workload.growth_per_year", 40, 12)):
        headline, winners = chapters.map_headline(analysis, found), {found.slugs[at] for at in found.winner.ravel()}
        leading = [slug for slug in analysis.comparison.ranking if slug in winners]
        named = [analysis.comparison[slug].label for slug in leading]
        assert all(name in headline for name in named) or f"{len(named)} options" in headline
        assert (f"all {found.winner.size} points" in headline) == (len(leading) == 1)
        figure = uncertainty_charts.winners(found, analysis.comparison, *analysis.pair, analysis.also)
        regions = [trace for trace in figure["data"] if trace.get("showlegend", True)]
        assert [region["name"] for region in regions] == named
        for slug, region in zip(leading, regions, strict=True):
            assert (np.isfinite(region["z"]) == (found.winner == found.slugs.index(slug))).all()
        (today,) = (trace for trace in figure["data"] if trace["name"] == "Today")
        assert today["textposition"] in ("top left", "top right"), "beside a line that goes up through today's place"
        assert len(figure["layout"]["annotations"]) == 1, "the unit of the axis: no name stands on the map"


@pytest.mark.parametrize("slug", presets())
def test_no_two_numbers_have_one_name(slug):
    scenario = preset(slug).scenario
    names = [path_label(scenario, path) for path in numbers(scenario)]
    assert len({*names}) == len(names)


def test_the_name_of_an_option_stays_as_it_is_within_the_headline_of_a_map():
    analysis = Analysis(Opened(preset(DEFAULT).scenario, DEFAULT))
    found = analysis.map_of(VOLUME, "options.own_servers.server_price_usd", 3, 2)
    assert chapters.map_headline(analysis, found).endswith("over volume and Own servers: server price")


@pytest.mark.parametrize("slug", presets())
def test_the_headline_names_the_cheapest_and_by_how_much(slug):
    comparison = compare(preset(slug).scenario)
    costs = {slug: float(cost.net_present_cost_usd) for slug, cost in comparison.costs.items()}
    best, second = comparison.ranking[:2]
    assert costs[best] == min(costs[slug] for slug in comparison.allowed)
    said = verdict.verdict(comparison).headline
    assert comparison[best].label in said
    assert comparison[second].label in said
    assert usd(costs[best]) in said
    more = f"{percent(costs[second] / costs[best] - 1)} more" if costs[second] > 1.0005 * costs[best] else "the same"
    assert more in said, "in relation to the cheapest, as in the tiles"
    assert said.startswith("Too close to call") == (costs[second] / costs[best] < 1.05) == (slug in TOO_CLOSE)


def test_which_of_two_that_are_too_close_to_call_costs_more_is_named_whichever_is_asked_for_first():
    comparison = compare(preset("healthcare").scenario)
    told = [verdict.closeness(comparison, *pair) for pair in permutations(comparison.allowed)]
    assert len({*told}) == 1
    assert "too close to call: Own base with API overflow costs 1.5 % more." in told[0]


def test_where_rules_leave_one_option_alone_the_headline_says_so_and_one_without_others_is_the_cheapest():
    scenario = preset("healthcare").scenario
    allowed = compare(scenario).allowed
    fewer = {slug: option for slug, option in scenario.options.items() if slug == "own_servers" or slug not in allowed}
    said = verdict.verdict(compare(scenario.vary({}, options=fewer))).headline
    assert said.startswith(f"The only option that the rules leave over 5 years: {fewer['own_servers'].label}, $")
    alone = scenario.vary({}, options={"frontier_api": scenario.options["frontier_api"]})
    alone = alone.vary({"rules.sensitive_data_stays": False})
    assert verdict.verdict(compare(alone)).headline.startswith("Cheapest over 5 years: ")


def after(sentence: str, words: str) -> str:
    """The word that follows in the sentence."""
    return sentence.partition(words)[2].split()[0].rstrip(".,;")


@given(VOLUMES, st.sampled_from(RENTED))
def test_what_is_said_about_owning_over_time_is_what_the_cash_says(requests, rented):
    comparison = compare(SCENARIO.vary({VOLUME: requests}))
    owned, _ = owned_and_rented(comparison)
    said = verdict.owning_sentence(comparison, rented, owned)
    lead = comparison[rented].cumulative_present_usd - comparison[owned].cumulative_present_usd
    pays = comparison[owned].net_present_cost_usd < comparison[rented].net_present_cost_usd
    assert comparison[owned].label in said
    assert comparison[rented].label in said
    if "dearer " in said:
        month = int(after(said, "dearer from month " if "dearer from" in said else "from month "))
        assert lead[month - 1] >= 0 > lead[month]
        assert (lead[month:] < 0).all()
        assert not pays
    elif "from month " in said:
        month = int(after(said, "from month "))
        assert lead[month] >= 0 > lead[month - 1]
        assert (lead[month:] >= 0).all()
        assert ("but not once what is sold" in said) == (not pays)
    elif "from the start" in said:
        assert (lead[1:] >= 0).all()
        assert ("but not once what is sold" in said) == (not pays)
    elif "only through what the hardware is worth" in said:
        assert lead[-1] < 0
        assert pays
    else:
        assert "never cheaper" in said
        assert lead[-1] < 0
        assert not pays


@given(VOLUMES, st.sampled_from(RENTED))
def test_the_volume_from_which_owning_pays_is_where_the_costs_meet(requests, rented):
    scenario = SCENARIO.vary({VOLUME: requests})
    owned, _ = owned_and_rented(compare(scenario))

    def saved(volume: float) -> float:
        found = compare(scenario.vary({VOLUME: volume}))
        return float(found[rented].net_present_cost_usd - found[owned].net_present_cost_usd)

    crossings = crossings_by_volume(scenario, rented, owned)
    first, *_, last = volume_grid(scenario)
    assert (saved(first) * saved(last) < 0) == len(crossings) % 2, "an odd number leads from one to the other"
    for crossing in crossings:
        below, above = saved(crossing.at * 0.999), saved(crossing.at * 1.001)
        assert below * above <= 0
        assert (above > 0) == (crossing.cheaper == owned)


@given(st.floats(1e-6, 1e15))
def test_a_short_number_is_right_to_three_figures(value):
    said = compact(value)
    scale = {"k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}.get(said[-1], 1)
    assert float(said.rstrip("kMBT").replace(",", "")) * scale == pytest.approx(value, rel=0.0051)
    assert usd(value) in (f"${said}", f"${said}0")  # cents are two
    assert usd(-value) == f"−{usd(value)}"


@pytest.mark.parametrize(("value", "said"), [
    (0.058, "$0.0580"), (1, "$1.00"), (11.6, "$11.60"), (118.2, "$118.20"), (999.999, "$1,000"), (-3, "\u2212$3.00"),
])  # fmt: skip
def test_what_one_of_something_comes_to_has_cents(value, said):
    assert usd_each(value) == said


def test_whatever_a_number_counts_marks_stand_between_its_thousands():
    assert [compact(9994), compact(4.79e15), compact(-3.434e19)] == ["9,990", "4,790T", f"{MINUS}34,300,000T"]
    assert [percent(9.9949), percent(-12.3449), percent(2e4)] == ["999 %", f"{MINUS}1,234 %", "2,000,000 %"]


@pytest.mark.parametrize(("low", "high", "unit", "said"), [
    (1, 2, "ratio", "1 to 2 times"), (0.3, 0.4, "share", "30 to 40 %"), (1, 3, "months", "1 to 3 months"),
    (2e4, 4e4, "USD/year", "$20,000 to $40,000 a year"),
])  # fmt: skip
def test_a_range_says_its_unit_once(low, high, unit, said):
    assert between(low, high, Number(unit, -1e9, 1e12, "M.")) == said


@given(st.floats(-100, 100))
def test_a_percentage_is_right_to_a_tenth_or_to_a_whole(frac):
    said = float(percent(frac).removesuffix(" %").replace(",", "").replace(MINUS, "-"))
    assert said == pytest.approx(frac * 100, abs=0.051 if abs(frac) < 0.0995 else 0.51)


def test_the_decision_is_between_owning_and_renting_unless_the_rules_leave_only_one_of_them():
    comparison = compare(preset("assistant").scenario)
    assert decision_pair(comparison) == owned_and_rented(comparison)[::-1]
    ruled = compare(preset("healthcare").scenario)
    assert not set(owned_and_rented(ruled)) <= set(ruled.allowed)
    assert decision_pair(ruled) == ruled.ranking[1::-1]
    assert set(decision_pair(ruled)) <= set(ruled.allowed)
    late = {"rules.latest_start_months": 0, "rules.response_time_limit_s": 0.01}
    none = compare(comparison.scenario.vary(late))
    assert not none.allowed
    assert decision_pair(none) == owned_and_rented(none)[::-1]


def test_the_verdict_names_what_would_be_cheaper_and_which_rule_excludes_it():
    small = SCENARIO.vary({"options.open_api.rate_limit_tok_per_s": 300.0})
    told = verdict.verdict(compare(small))
    assert told.cheapest == "frontier_api"
    assert (
        "gpt-oss 120B by API: ruled out by the scenario, though it would cost $734k. The peak must be " in told.owning
    )
    both = verdict.verdict(compare(preset("healthcare").scenario)).owning
    assert both.count("ruled out by the scenario") == 1, "the same is not said twice"
    off = verdict.verdict(compare(small.vary({"rules.peak_must_be_carried": False})))
    assert off.cheapest == "open_api"
    assert "does not carry the busiest hour of every month, and the rule that it must is off." in off.owning


@pytest.mark.parametrize("slug", presets())
def test_every_option_of_a_preset_carries_its_peak_and_takes_its_requests(slug):
    comparison = compare(preset(slug).scenario)
    for cost in comparison.costs.values():
        assert cost.carries_peak
        assert not any("peak" in told or "longest" in told for told in cost.broken_rules)


@pytest.mark.parametrize("slug", presets())
def test_every_figure_can_be_sent_to_the_browser(slug):
    comparison = compare(preset(slug).scenario)
    figures = [
        charts.cumulative(comparison, crossings(comparison)),
        charts.cost_stack(comparison),
    ]
    figures += [charts.monthly_stack(cost, comparison.months) for cost in comparison.costs.values()]
    for figure in figures:
        for trace in figure["data"]:
            assert len(trace["x"]) == len(trace["y"])
            numeric = [axis for axis in (trace["x"], trace["y"]) if not isinstance(axis[0], str)]
            assert all(np.isfinite(np.asarray(axis, dtype=float)).all() for axis in numeric)


def test_every_field_has_a_label_for_readers():
    for path, record, name in fields(SCENARIO):
        assert field_label(record, name).replace("_", " ") == field_label(record, name) != "", path


@pytest.mark.parametrize(("ratio", "says"), [
    (1.0001, "just above today's"), (1.04, "4 % above today's"), (1.9, "90 % above today's"),
    (3.0, "3 times today's"), (1234.5, "1,234 times today's"),
])  # fmt: skip
def test_how_far_a_volume_is_above_todays_is_never_once(ratio, says):
    assert above_today(ratio) == says

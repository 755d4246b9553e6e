"""The compare page: what it shows at first, what the reader chose, and differences that are the engine's."""

import numpy_financial

from answers.side_by_side import SideBySide
from costmodel.comparison import compare
from costmodel.scenario import numbers
from dashboard.side_by_side import LONG, ON_SCREEN
from pricing.documents import Opened, document, to_link
from pricing.presets import DEFAULT, preset, presets
from reports.words.side_by_side import results
from reports.words.text import percent, usd
from tests.as_typed import as_typed
from tests.visitor import Visitor

REQUESTS = "workload.requests_per_month"
SCENARIO = preset(DEFAULT).scenario
OWN = f"{presets()[DEFAULT]} (preset)"


def changed() -> Visitor:
    """A visitor with three times the volume."""
    more = SCENARIO.vary({REQUESTS: 3 * SCENARIO[REQUESTS]})
    return Visitor(to_link(document(Opened(more, DEFAULT)))).go("compare")


def chosen(visitor: Visitor) -> list[str]:
    return visitor.at.multiselect(key="compare_choice").value


def test_what_is_on_screen_is_first_shown_against_the_preset_that_was_changed():
    visitor = changed()
    assert chosen(visitor) == [ON_SCREEN, OWN]
    results, inputs = visitor.tables
    assert len(results) == 2 + len(SCENARIO.options)
    assert [row[0] for row in inputs] == ["Input", "Requests in an average month"]
    now, then = (compare(scenario) for scenario in (visitor.scenario, SCENARIO))
    share = then[then.ranking[0]].net_present_cost_usd / now[now.ranking[0]].net_present_cost_usd - 1
    assert f"{OWN}: {percent(-share)} less" in as_typed(visitor.at.title[0].value), (
        "in relation to the first, as in the table"
    )


def test_where_nothing_was_changed_another_scenario_stands_beside_it_until_something_is():
    visitor = Visitor().go("compare")
    assert chosen(visitor)[0] == ON_SCREEN
    assert OWN not in chosen(visitor)
    visitor.go("workload").enter(f"field:{REQUESTS}", 1_000_000.0).go("compare")
    assert chosen(visitor) == [ON_SCREEN, OWN]


def test_what_the_reader_chose_is_kept_and_equal_scenarios_differ_in_nothing():
    visitor = changed()
    visitor.at.multiselect(key="compare_choice").set_value([OWN])
    visitor.run().go("overview").go("compare")
    assert chosen(visitor) == [OWN]
    assert "Choose at least two" in " ".join(text.value for text in visitor.at.markdown)
    visitor.press("Reset")
    visitor.at.multiselect(key="compare_choice").set_value([ON_SCREEN, OWN])
    visitor.run()
    assert f"{OWN}: as much" in visitor.at.title[0].value
    assert "Nothing differs in the inputs. The scenarios cost the same." in visitor.markdown
    assert len(visitor.tables) == 1
    assert any(text.startswith("## All cost the same by the end") for text in visitor.markdown)


def test_an_option_that_one_of_them_lacks_is_one_row():
    visitor = Visitor().go("compare")
    other = next(label for slug, label in presets().items() if slug == "healthcare")
    visitor.at.multiselect(key="compare_choice").set_value([ON_SCREEN, f"{other} (preset)"])
    visitor.run()
    labels = [row[0] for table in visitor.tables[1:] for row in table]
    alone = preset("healthcare").scenario.options.keys() ^ SCENARIO.options.keys()
    assert sum(label.startswith("Option: ") for label in labels) == len(alone)


def test_an_option_that_was_renamed_is_one_row_of_results_as_of_what_differs():
    named = SCENARIO.vary({"options.own_servers.label": "Our own"})
    told = results(SideBySide({"now": named, "before": SCENARIO}))
    rows = {row[0]: row[1:] for row in told.rows}
    amount = usd(compare(SCENARIO)["own_servers"].net_present_cost_usd)
    assert rows["Our own / Own servers"] == (amount, amount)
    assert len(rows) == 1 + len(SCENARIO.options)
    assert not any("" in cells for cells in rows.values())


def test_options_of_one_name_are_one_row_whatever_they_are_called_within():
    options = {("mine" if slug == "own_servers" else slug): option for slug, option in SCENARIO.options.items()}
    moved = SCENARIO.vary({}, options=options)
    rows = results(SideBySide({"now": moved, "before": SCENARIO})).rows
    assert len(rows) == 1 + len(SCENARIO.options)


def test_many_differences_are_folded_up_by_whose_they_are():
    known = numbers(SCENARIO)
    own = [path for path in known if path.startswith(("options.own_servers.", "workload.season."))]
    fewer = {path: 0.99 * SCENARIO[path] for path in own if SCENARIO[path] and not known[path].whole}
    visitor = Visitor(to_link(document(Opened(SCENARIO.vary(fewer), DEFAULT)))).go("compare")
    labels = [box.label.rpartition(": ") for box in visitor.at.main.expander]
    folded = {whose: int(rows) for whose, _, rows in labels}
    assert folded == {"Common inputs": 12, "Own servers": len(fewer) - 12}
    assert len(fewer) > LONG
    assert list(folded.values()) == [len(table) - 1 for table in visitor.tables[1:]]


def test_horizons_that_differ_are_compared_by_the_year():
    shorter = SCENARIO.vary({"finance.horizon_months": 36})
    visitor = Visitor(to_link(document(Opened(shorter, DEFAULT)))).go("compare")
    results = visitor.tables[0]
    rate = SCENARIO["finance.discount_rate_per_year"]
    assert results[0][0] == "In today's money, a year"
    assert results[2] == ["Horizon", "3 years", "5 years"]
    for label, *shown in results[3:]:
        for scenario, years, cell in ((shorter, 3, shown[0]), (SCENARIO, 5, shown[1])):
            (cost,) = (cost for cost in compare(scenario).costs.values() if cost.label == label)
            level = -numpy_financial.pmt(rate, years, float(cost.net_present_cost_usd))
            assert cell.split(" (")[0] == usd(level)
    assert " a year in today's money; " in as_typed(visitor.at.title[0].value)


def test_what_the_rules_exclude_says_so_and_a_scenario_without_an_option_left_does():
    strict = SCENARIO.vary({"rules.sensitive_data_stays": True, "workload.sensitive_frac": 0.5})
    visitor = Visitor(to_link(document(Opened(strict, DEFAULT)))).go("compare")
    comparison = compare(strict)
    for row in visitor.tables[0][2:]:
        broken = next(cost.broken_rules for cost in comparison.costs.values() if cost.label == row[0])
        assert row[1].endswith(", ruled out") == bool(broken), row
        assert not row[2].endswith(", ruled out")
    none = strict.vary({"rules.response_time_limit_s": 0.1})
    visitor = Visitor(to_link(document(Opened(none, DEFAULT)))).go("compare")
    assert visitor.at.title[0].value == f"{ON_SCREEN}: the rules of the scenario leave no option"
    assert visitor.tables[0][1][1] == "none keeps the rules"

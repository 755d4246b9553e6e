"""The sizing page: versions of a served model on offer, taken into the scenario and back; what is known of the rate."""

import pytest

from answers.pair import owned_and_rented
from answers.volume import crossings_by_volume
from costmodel.comparison import compare
from costmodel.scenario import Scenario, numbers, without_option
from costmodel.sizing import replica_tok_per_s, replicas_for_peak, servers_for_peak
from pricing.compression import compression_variants
from pricing.documents import Opened, document, to_link
from pricing.presets import DEFAULT, preset, presets
from pricing.throughput import achieved
from reports.words import capacity, sizing
from reports.words.capacity import OF_THOSE
from reports.words.cards import card
from reports.words.text import compact, usd
from tests.neutral import plain
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
SIZED = [slug for slug, option in SCENARIO.options.items() if hasattr(option, "serving")]
OWN = next(slug for slug in SIZED if SCENARIO.options[slug].kind == "on_prem")
SERVE = "Serve this version"


def visit(scenario: Scenario = SCENARIO, slug: str = DEFAULT, **chosen: str) -> Visitor:
    return Visitor(to_link(document(Opened(scenario, slug)))).go("sizing", "smaller", **chosen)


def offered(scenario: Scenario, slug: str = OWN):
    return compression_variants(scenario.options[slug], scenario.workload)


def shown(visitor: Visitor) -> dict[str, list[str]]:
    """Version -> what the table says of it."""
    (table,) = (table for table in visitor.tables if "Attempts per answer" in table[0])
    return {version.removesuffix(" (today)"): cells for version, *cells in table[1:]}


@pytest.mark.parametrize("slug", SIZED)
def test_each_version_has_its_gpus_its_cost_and_its_break_even(slug):
    visitor, rival = visit(sized=slug), owned_and_rented(compare(SCENARIO))[1]
    table = shown(visitor)
    for variant in offered(SCENARIO, slug):
        varied = compare(SCENARIO.vary(variant.on(slug)))
        _, gpus, _, cost, cheaper, attempts = table[variant.label]
        needed = (replicas_for_peak(varied[slug].task) * varied[slug].option.serving.gpus_per_replica).max()
        there = (servers_for_peak(varied[slug].task) * varied[slug].option.gpus_per_server).max()
        assert gpus == f"{needed:,.0f} of {there:,.0f}"
        assert cost == usd(varied[slug].net_present_cost_usd)
        assert attempts == f"{varied[slug].option.attempts_ratio:.2f}"
        wins = [found.at for found in crossings_by_volume(varied.scenario, rival, slug) if found.cheaper == slug]
        assert cheaper.startswith(f"from {compact(wins[0])}" if wins else ("at ", "up to "))


@pytest.mark.parametrize("slug", presets())
def test_the_gpus_for_the_peak_are_one_number_on_the_whole_page(slug):
    scenario = preset(slug).scenario
    for option in sizing.sized_options(compare(scenario)):
        visitor = visit(scenario, slug, sized=option)
        heading, *facts = next(table for table in visitor.tables if table[1][0] == "Model")
        (needed,) = (row for row in facts if row[0] == f"{OF_THOSE}, busiest month")
        today = next(iter(shown(visitor).values()))
        assert f"needs {needed[heading.index(scenario.options[option].label)]} GPUs at the peak" in card(
            Opened(scenario, slug), compare(scenario), option
        )
        assert today[1] == needed[heading.index(scenario.options[option].label)]


def test_the_page_names_the_source_of_the_rate_and_how_far_off_it_may_be():
    serving, rate = SCENARIO.options[OWN].serving, float(replica_tok_per_s(compare(SCENARIO)[OWN].task))
    row = achieved(serving.model, serving.precision, serving.gpu)
    texts = visit(sized=OWN).markdown
    assert sum(row.source in text for text in texts) == 1
    band = f"between {compact(row.low_ratio * rate)} and {compact(row.high_ratio * rate)}."
    assert any(text.startswith(f"{compact(rate)} tokens/s for a replica of 1 GPU") and band in text for text in texts)
    assert any("**Beyond the largest measured concurrency**" in text for text in texts)


@pytest.mark.parametrize("slug", SIZED)
def test_least_servers_and_what_stands_by_are_fields_of_the_page(slug):
    visitor = visit(sized=slug)
    visitor.enter(f"field:options.{slug}.minimum_servers", 3)
    visitor.enter(f"field:options.{slug}.serving.standby", "site")
    option = visitor.scenario.options[slug]
    assert (option.minimum_servers, option.serving.standby) == (3, "site")
    told = capacity.rounding(compare(visitor.scenario)[slug])
    assert ", in 6 " in told
    assert "at least 3, half of them on a second site" in told
    assert any("half of them on a second site" in text for text in visitor.markdown)


def test_a_version_is_taken_into_the_scenario_and_undo_brings_back_the_other():
    visitor = visit().enter("sized", OWN)
    *_, other = offered(SCENARIO)
    assert visitor.button(SERVE).disabled, "what is served already is not to be chosen"
    visitor.enter(f"version:{OWN}", other.label).press(SERVE)
    assert visitor.complaints == []
    assert visitor.plain == plain(SCENARIO.vary(other.on(OWN)))
    assert visitor.button(SERVE).disabled
    assert next(iter(shown(visitor))) == other.label
    visitor.press("Undo")
    assert visitor.plain == plain(SCENARIO)
    assert not visitor.button(SERVE).disabled


@pytest.mark.parametrize("slug", presets())
def test_every_version_of_every_preset_can_be_served(slug):
    scenario = preset(slug).scenario
    for option in sizing.sized_options(compare(scenario)):
        for variant in offered(scenario, option)[1:3]:
            visitor = visit(scenario, slug, **{"sized": option, f"version:{option}": variant.label}).press(SERVE)
            assert visitor.complaints == []
            assert visitor.scenario.options[option].serving.precision in variant.label


def test_a_model_that_no_catalogue_knows_has_no_other_versions_and_the_page_says_why():
    scenario = SCENARIO.vary({f"options.{OWN}.serving.model": "<b>Our own</b>"})
    visitor = visit(scenario, sized=OWN)
    assert visitor.complaints == []
    (told,) = visitor.at.info
    assert told.value.startswith("No other versions to offer.")
    assert "<b>" not in visitor.html
    assert any("entered by hand" in text for text in visitor.markdown)


def test_a_single_option_has_nothing_to_break_even_with():
    scenario = SCENARIO.vary({f"options.{OWN}.bridge_option": ""})
    for slug in SCENARIO.options:
        if slug != OWN:
            scenario = without_option(scenario, slug)
    assert {cells[4] for cells in shown(visit(scenario)).values()} == {"nothing to compare with"}


def cheaper_than_its_rival(scenario: Scenario) -> set[str]:
    """Where the page says that the versions of the own servers are cheaper than the cheapest rented option."""
    return {cells[4] for cells in shown(visit(scenario, sized=OWN)).values()}


def test_what_is_cheaper_at_every_volume_up_to_one_or_at_none_is_told_so():
    free = {
        path: 0.0
        for path, number in numbers(SCENARIO).items()
        if path.startswith(f"options.{OWN}.") and number.low == 0 and number.unit.startswith(("USD", "FTE"))
    }
    at_any, *up_to = sorted(cheaper_than_its_rival(SCENARIO.vary({**free, "energy.electricity_usd_per_kwh": 2.0})))
    assert at_any == "at any volume"
    assert up_to
    assert all(told.startswith("up to ") for told in up_to)
    assert cheaper_than_its_rival(SCENARIO.vary({f"options.{OWN}.server_price_usd": 1e8})) == {"at no volume"}

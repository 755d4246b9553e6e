"""The people page: the wages of an area in one edit, and the plan of the cheapest option first."""

from costmodel.comparison import compare
from costmodel.scenario import values
from pricing.choices import OCCUPATIONS, wage_areas, wages
from pricing.documents import differences
from pricing.evidence import all_evidence
from pricing.presets import DEFAULT, preset
from reports.words import people
from reports.words.people import OWN_WAGES
from tests.visitor import Visitor

SCENARIO = preset(DEFAULT).scenario
PATHS = {f"people.{field}" for field in OCCUPATIONS}
AREA = "wages_of"


def captions(visitor: Visitor) -> str:
    return " ".join(caption.value for caption in visitor.at.caption)


def test_the_wages_of_an_area_are_one_edit_that_undo_takes_back():
    visitor = Visitor().go("people")
    assert visitor.widget(AREA).value == "United States"
    visitor.enter(AREA, "California")
    assert differences(SCENARIO, visitor.scenario).keys() == PATHS
    assert {f: visitor.scenario[f"people.{f}"] for f in OCCUPATIONS} == wages("California")["people"]
    assert visitor.widget(AREA).value == "California"
    visitor.enter(AREA, "New York").press("Undo")
    assert visitor.widget(AREA).value == "California"
    visitor.press("Undo")
    assert values(visitor.scenario) == values(SCENARIO)


def test_wages_of_no_area_are_own_figures_until_an_area_is_chosen():
    visitor = Visitor().go("people")
    assert OWN_WAGES not in visitor.widget(AREA).options
    visitor.enter("field:people.data_scientist_usd_per_year", 99_000.0)
    assert visitor.widget(AREA).options[0] == OWN_WAGES
    assert visitor.widget(AREA).value == ""
    assert "Bureau" not in captions(visitor)
    visitor.enter(AREA, "Texas")
    assert visitor.widget(AREA).value == "Texas"
    assert "2025-05-31" in captions(visitor)


def test_every_area_is_known_by_its_wages_and_the_country_comes_first():
    visitor = Visitor().go("people")
    assert visitor.widget(AREA).options == wage_areas()
    assert wage_areas()[0] == "United States"
    for area in ("Alabama", wage_areas()[-1]):
        assert visitor.enter(AREA, area).widget(AREA).value == area


def test_the_wages_of_an_area_have_their_own_source():
    local = SCENARIO.vary({f"people.{field}": wage for field, wage in wages("California")["people"].items()})
    found = all_evidence(local, sorted(PATHS))
    assert {path: (entry.value, entry.unchanged) for path, entry in found.items()} == {
        path: (local[path], True) for path in PATHS
    }
    assert {entry.fact.area for entry in found.values()} == {"California"}
    of_country = all_evidence(SCENARIO, sorted(PATHS))
    assert all(entry.unchanged and entry.low < entry.value < entry.high for entry in of_country.values())


def test_the_plan_shown_first_is_that_of_the_option_that_the_title_speaks_of():
    assert Visitor().go("people").widget("people_of").value == compare(SCENARIO).ranking[0]


def test_hours_and_sites_are_asked_first_and_say_what_they_come_to():
    visitor = Visitor().go("people")
    inputs = [box.key for box in (*visitor.at.selectbox, *visitor.at.text_input) if str(box.key).startswith("field:")]
    assert {"field:people.service_hours", "field:people.sites"} <= set(inputs)
    assert visitor.at.header[0].value == "Service hours and sites"
    assert "**One position in office hours takes 2 posts.**" in visitor.markdown
    visitor.enter("field:people.service_hours", "round_the_clock").enter("people_of", "own_servers")
    text = " ".join(visitor.markdown)
    assert (
        "One position round the clock takes 5 posts, so 2.5 times the infrastructure engineers of office hours" in text
    )
    assert "8,760 hours of a year / 1,800" in captions(visitor)
    assert "Own servers: 1.5 infrastructure engineers in office hours at one site come to 3.75 round the clock." in text
    visitor.enter("field:people.sites", 2)
    text = " ".join(visitor.markdown)
    assert "own servers take them at each of 2 sites" in text
    assert "come to 7.5 round the clock at 2 sites" in text
    cost = compare(visitor.scenario)["own_servers"].quantities["infrastructure_engineer_fte"][1]
    assert cost == 7.5 == visitor.scenario["options.own_servers.staff.infrastructure_engineer_fte"] * 2.5 * 2
    visitor.press("Undo").press("Undo")
    assert values(visitor.scenario) == values(SCENARIO)


def test_an_option_that_hands_its_demand_on_has_no_posts_of_its_own():
    healthcare = preset("healthcare").scenario
    assert people.comes_to(compare(healthcare)["hybrid"]) == ""
    rented = healthcare.vary({"people.sites": 2})
    assert people.comes_to(compare(rented)["cloud_on_demand"]).endswith("come to 2.5 round the clock.")

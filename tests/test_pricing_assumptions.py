"""The default scenario: a reason, a unit and bounds for every number, and nothing that two tables claim."""

import pytest
from pydantic import ValidationError

from costmodel.errors import ScenarioError
from costmodel.fields import Record, number_of
from costmodel.option import KINDS
from costmodel.scenario import Scenario
from pricing import choices, tariffs
from pricing.assumptions import (
    GROUPS,
    Assumption,
    assumption,
    assumptions,
    base_groups,
    base_option,
    switches,
)
from pricing.facts import Salary, rows
from pricing.selectors import written

CHOSEN = {
    "token_api": choices.token_api("anthropic", "claude-sonnet-5-5"),
    "cloud_gpu": choices.merged(
        choices.instance("AWS", "p5.48xlarge"),
        choices.serving("Llama 3.3 70B", "FP8", "H100", 2),
        choices.support_plan("AWS Business"),
    ),
    "on_prem": choices.merged(
        choices.server("Lenovo SR680a V3, 8 x H100"),
        choices.serving("Llama 3.3 70B", "FP8", "H100", 2),
    ),
    "seats": choices.seats("OpenAI", "ChatGPT Business, paid by the year"),
}
CHOSEN |= {  # what an option that hands its demand on names is chosen among the others
    "hybrid": {"base_option": "own", "overflow_option": "api"},
    "multi_cloud": {"first_option": "own", "second_option": "api"},
    "edge": {"fallback_option": "api", **written("edge", {})},
}
OFFERED_BY_BOTH = {
    "cloud_gpu.term_months",  # a habit until an instance is chosen with a term
    "cloud_gpu.serving.attention_parallel",  # a habit until a model with a compressed cache is chosen
    "on_prem.serving.attention_parallel",
}


def declared(record, prefix):
    """Path -> (record, field) of every value below a record."""
    found = {}
    for name, field in record.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Record):
            found |= declared(kind, f"{prefix}{name}.")
        else:
            found[prefix + name] = (record, name)
    return found


def flat(groups, prefix):
    found = {}
    for name, value in groups.items():
        found |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return found


FIELDS = {}
for group in GROUPS:
    FIELDS |= declared(Scenario.model_fields[group].annotation, f"{group}.")
for kind, record in KINDS.items():
    if kind in CHOSEN:
        FIELDS |= declared(record, f"{kind}.")
NUMBERS = {path: number_of(*field) for path, field in FIELDS.items() if number_of(*field)}
WRITTEN = {path for kind, chosen in CHOSEN.items() for path in flat(chosen, f"{kind}.")}


def test_a_row_fits_its_field():
    for path, row in assumptions().items():
        number = NUMBERS[path]
        assert row.unit == number.unit, path
        for value in (row.low, row.base, row.high):
            number.check(value)
        assert not number.whole or row.distribution == "not_drawn", path


def test_every_field_has_a_base_or_a_catalogue_that_writes_it():
    based = set(assumptions()) | set(switches())
    assert based | WRITTEN | {f"{kind}.kind" for kind in CHOSEN} == set(FIELDS)
    assert based & WRITTEN == OFFERED_BY_BOTH


def test_what_is_not_a_number_is_a_switch():
    assert set(switches()).isdisjoint(NUMBERS)
    assert set(assumptions()).isdisjoint(switches())


@pytest.mark.parametrize("path", [path for path, row in assumptions().items() if row.distribution == "lognormal"])
def test_the_base_of_a_lognormal_is_its_median(path):
    row = assumptions()[path]
    assert row.base == pytest.approx((row.low * row.high) ** 0.5, rel=0.05)


def test_the_average_month_of_the_default_year_is_an_average_month():
    factors = base_groups()["workload"]["season"].values()
    assert sum(factors) / len(factors) == pytest.approx(1)


def test_the_requests_are_those_of_the_company_described():
    row = assumptions()["workload.requests_per_month"]
    assert row.base == 5000 * 0.60 * 9 * 22
    assert row.low == pytest.approx(5000 * 0.35 * 6.5 * 21, rel=0.01)
    assert row.high == pytest.approx(5000 * 0.85 * 16 * 21.6, rel=0.01)


def test_wages_are_those_of_the_salary_table():
    wages = {row.occupation_code: row for row in rows(Salary) if row.area == "United States"}
    science, data, software = wages["15-1221"], wages["15-2051"], wages["15-1252"]
    engineer = assumptions()["people.ml_engineer_usd_per_year"]
    assert (engineer.low, engineer.base, engineer.high) == (
        data.mean_usd_per_year,
        science.mean_usd_per_year,
        data.p90_usd_per_year,
    )
    platform = assumptions()["people.infrastructure_engineer_usd_per_year"]
    assert (platform.low, platform.base, platform.high) == (
        software.p25_usd_per_year,
        software.mean_usd_per_year,
        software.p75_usd_per_year,
    )
    scientist = assumptions()["people.data_scientist_usd_per_year"]
    assert (scientist.low, scientist.base, scientist.high) == (
        data.p25_usd_per_year,
        data.mean_usd_per_year,
        data.p75_usd_per_year,
    )
    assert choices.wages("United States")["people"] == {
        "ml_engineer_usd_per_year": engineer.base,
        "data_scientist_usd_per_year": scientist.base,
        "infrastructure_engineer_usd_per_year": platform.base,
    }
    assert all(choices.wages(area) for area in choices.wage_areas())
    assert {"United States", "California"} <= set(choices.wage_areas())


def test_the_tariff_and_the_grid_are_those_of_the_area_tables():
    energy = tariffs.area("United States")["energy"]
    base = base_groups()["energy"]
    assert base["electricity_usd_per_kwh"] == energy["electricity_usd_per_kwh"]
    assert base["carbon_gco2e_per_kwh"] == pytest.approx(energy["carbon_gco2e_per_kwh"], abs=0.5)


def test_space_and_cooling_are_paid_once():
    own = base_option("on_prem")
    assert own["power"]["pue_ratio"] > 1
    assert own["cooling_usd_per_kwh"] == 0
    assert own["colocation_usd_per_kw_month"] > 0
    assert own["colocation_usd_per_server_month"] == 0


def test_a_path_finds_its_row():
    assert assumption("workload.growth_per_year").base == 0.25
    assert assumption("options.my_api.discount_frac", "token_api").path == "token_api.discount_frac"
    assert assumption("options.my_gpus.serving.memory_reserve_gb", "cloud_gpu").unit == "GB"
    assert assumption("options.my_api.prices.input_usd_per_mtok", "token_api") is None


def test_an_option_without_a_choice_from_the_catalogue_is_refused():
    with pytest.raises(ScenarioError, match="is missing"):
        Scenario.build({**base_groups(), "options": {"api": base_option("token_api")}})


def test_an_unknown_kind_is_refused():
    with pytest.raises(ScenarioError, match="Did you mean token_api"):
        base_option("tokens_api")


ROW = {
    "path": "workload.growth_per_year",
    "low": "0",
    "base": "0.2",
    "high": "0.5",
    "unit": "per year",
    "distribution": "pert",
    "source": "Somebody",
    "source_url": "",
    "as_of": "2026-11-23",
    "checked_on": "2026-11-23",
    "confidence": "judgement",
    "why": "Because.",
}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"low": "0.3"}, "not in order"),
        ({"low": "0.2", "high": "0.2"}, "nothing to draw"),
        ({"distribution": "lognormal"}, "low above 0"),
        ({"unit": "per decade"}, "not in units.UNITS"),
        ({"why": ""}, "says why"),
        ({"base": "nan"}, "not in order|finite"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(change, complaint):
    with pytest.raises(ValidationError, match=complaint):
        Assumption.model_validate(ROW | change)

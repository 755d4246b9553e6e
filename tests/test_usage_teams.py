"""Usage by project, key or tag: read only when somebody asks, shares that add up, and no secret under any name."""

import json

import pytest

from dashboard.usage_charts import bars
from tests import usage_files as files
from tests.usage_files import OCT_1, as_csv, as_json, as_parquet, opened
from usage.division import BY_MODEL, KEY, NAMELESS, PROJECT, TAG, By
from usage.hints import Hints
from usage.teams import NOBODY, shares
from usage.workload import workload

TEAM = By(TAG, "team")


def log(**names: str) -> list[dict]:
    """A request of 900 in and 100 out for each team, the second one three times as large."""
    return [
        {"time": f"2026-10-{day:02d}T10:00:00Z", "provider": "anthropic", "model": "claude-sonnet-4-6",
         "input_tokens": 900 * size, "output_tokens": 100 * size, **dict(zip(names, whose, strict=True))}
        for day in (1, 31) for size, whose in ((1, names.values()), (3, [f"{value}-2" for value in names.values()]))
    ]  # fmt: skip


def teams(content: bytes, by: By) -> dict[str, float]:
    reading = opened(content, hints=Hints(by=by))
    return {share.name: round(share.share, 9) for share in shares(reading.cells, by)}


FORMS = [lambda rows: as_csv(*rows), lambda rows: as_json(*rows), lambda rows: as_json({"data": rows}), as_parquet]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("column", "kind"), [("project_name", PROJECT), ("key_alias", KEY), ("team", PROJECT)])
def test_a_column_that_is_asked_for_divides_usage_by_cost(form, column, kind):
    assert teams(form(log(**{column: "search"})), By(kind)) == {"search-2": 0.75, "search": 0.25}


def test_nothing_of_it_is_read_unless_it_is_asked_for():
    content = as_csv(*log(project_name=files.SECRET, key_alias=files.SECRET, tags=files.SECRET))
    reading = opened(content)  # asserts that no secret is told
    assert {cell.key.team for cell in reading.cells} == {None}
    assert teams(content, BY_MODEL) == {"Anthropic · Claude Sonnet 4.6": 1}
    by_project = opened(as_csv(*log(project_name="search", key_alias=files.SECRET)), hints=Hints(by=By(PROJECT)))
    assert {cell.key.team for cell in by_project.cells} == {"search", "search-2"}


@pytest.mark.parametrize("secret", ["sk-ant-api03-abcdef", "AKIA1234-X", "0f" * 32])
def test_a_key_itself_is_never_a_name(secret):
    rows = [{**row, "api_key": secret} for row in log()]
    assert teams(as_csv(*rows), By(KEY)) == {NAMELESS: 1}


TAGS = {
    "an object": {"team": "search", "env": "prod"},
    "an object as text": json.dumps({"team": "search"}),
    "an object without braces": '"team": "search","env": "prod"',
    "names with their origin": {"user_team": "search"},
    "pairs": [{"key": "env", "value": "prod"}, {"key": "team", "value": "search"}],
    "words": ["env:prod", "team:search"],
}


@pytest.mark.parametrize("tags", TAGS)
def test_a_tag_is_found_in_every_way_that_it_is_written(tags):
    row, *_ = log()
    assert teams(as_json({**row, "tags": TAGS[tags]}, {**row, "tags": None}), TEAM) == {"search": 0.5, NOBODY: 0.5}


def test_pages_of_providers_name_projects_and_workspaces():
    bucket = files.openai_bucket(OCT_1, files.openai_result(project_id="proj_a"),
                                 files.openai_result(project_id="proj_b"))  # fmt: skip
    assert teams(as_json(files.openai_page(bucket)), By(PROJECT)) == {"proj_a": 0.5, "proj_b": 0.5}
    results = [files.anthropic_usage(workspace_id=name) for name in ("w1", "w2")]
    page = {"data": [files.anthropic_bucket("2026-10-01", *results)], "has_more": False}
    assert teams(as_json(page), By(PROJECT)) == {"w1": 0.5, "w2": 0.5}


def test_a_team_s_usage_is_a_workload_and_all_of_them_are_the_whole():
    reading = opened(as_csv(*log(project_name="search")), hints=Hints(by=By(PROJECT)))
    whole = workload(reading).values
    parts = [workload(reading, lambda key, team=team: key.team == team).values for team in ("search", "search-2")]
    for name in ("requests_per_month",):
        assert sum(part[name] for part in parts) == whole[name]
    assert parts[1]["input_tokens_per_request"] == 2700


def test_shares_are_of_cost_where_every_model_has_a_price_and_of_tokens_elsewhere():
    row, *_ = log(project_name="a")
    dear = {**row, "model": "claude-opus-4-5", "project_name": "b"}
    priced = teams(as_csv(row, dear), By(PROJECT))
    assert priced["b"] > priced["a"]
    assert sum(priced.values()) == pytest.approx(1)
    assert teams(as_csv(row, {**dear, "model": "own-x"}), By(PROJECT)) == {"a": 0.5, "b": 0.5}


def test_a_bill_alone_is_divided_by_what_was_billed():
    day = {"usage_date_utc": "2026-10-01", "model": "Claude Sonnet 4.6", "api_key": "k", "usage_type": "message",
           "context_window": "", "token_type": "output"}  # fmt: skip
    bill = as_csv({**day, "workspace": "a", "cost_usd": 10}, {**day, "workspace": "b", "cost_usd": 30})
    assert teams(bill, By(PROJECT)) == {"b": 0.75, "a": 0.25}


def test_bars_keep_their_order_whatever_the_names_are():
    figure = bars([("12", 0.6), ("3", 0.3), ("<b>", 0.1)])
    assert figure["data"][0]["x"] == [0.1, 0.3, 0.6]
    assert not any(row.isdigit() for row in figure["data"][0]["y"]), "else they would stand where their number is"
    assert "<b>  <b>" not in str(figure["layout"])

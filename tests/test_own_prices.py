"""Prices of the reader's own: read strictly, first where one chooses, carried by the scenario that uses them, kept."""

import gzip
import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from costmodel.comparison import compare
from costmodel.errors import ScenarioError
from costmodel.scenario import with_option
from costmodel.token_prices import NEVER_TOKENS, NEVER_YEAR
from library import Library, Prices
from library.database import Database
from library.place import file_url
from library.price_files import MOST_ROWS, read_own, template
from pricing import tariffs, token_prices
from pricing.choices import sources
from pricing.documents import Opened, document, from_json, from_link, to_json, to_link
from pricing.facts import (
    DIFFERS_FROM_FRAC,
    FILES,
    ElectricityPrice,
    Fact,
    GpuCommitment,
    GpuInstance,
    SeatPrice,
    Server,
    TokenContract,
    rows,
)
from pricing.origins import origins
from pricing.own import EVIDENCE, KEYS, MAY_BE_EMPTY, TABLES, cells_of, columns, entered, key_of, made, used
from pricing.presets import DEFAULT, preset
from pricing.selectors import CATALOGUES, completed, new_option
from reports.words.catalogue import OWN, found, with_own
from reports.words.origins import source_of
from tests.test_library import LATER, NOW

SCENARIO = preset(DEFAULT).scenario
QUOTED = {"source": "Dell, offer 4711", "as_of": "2026-11-02", "valid_until": "2026-12-31", "why": "Support included."}
CELLS = {
    Server: {"name": "XE9680, 8 x H200", "gpu": "H200", "gpus": "8", "price_usd": "231000", **QUOTED},
    GpuInstance: {"provider": "Nebius", "name": "Our H200", "gpu": "H200", "gpus": "8", "region": "eu-north1",
                  "on_demand_usd_per_gpu_hour": "3.125", "spot_usd_per_gpu_hour": "", **QUOTED},
    GpuCommitment: {"provider": "Nebius", "instance": "Our H200", "term_months": "36", "usd_per_gpu_hour": "2.345",
                    **QUOTED},
    TokenContract: {"provider": "openai", "model": "gpt-6-luna, our price", "input_usd_per_mtok": "0.0875",
                 "cache_read_usd_per_mtok": "0.01", "cache_write_usd_per_mtok": "", "output_usd_per_mtok": "0.4",
                 "batch_discount_frac": "45 %", "context_window_tokens": "400,000.0", **QUOTED},
    SeatPrice: {"provider": "Microsoft", "name": "Copilot, our price", "usd_per_user_month": "22.5",
                "billing": "yearly", "term_months": "36", "least_seats": "3000", "limit_requests_per_user_month": "",
                **QUOTED},
    ElectricityPrice: {"name": "Our hall", "usd_per_kwh": "0.0925", **QUOTED},
}  # fmt: skip
MINE = ()
for kind, cells in CELLS.items():
    MINE = (*MINE, entered(kind, cells, MINE))
SERVER, INSTANCE, COMMITMENT, MODEL, SEAT, TARIFF = MINE
PRICE = "options.own_servers.server_price_usd"


def with_mine() -> Opened:
    """The default scenario with own servers bought, GPUs committed and electricity paid as quoted."""
    picked = {"serving.model": "gpt-oss 120B", "serving.precision": "FP4", "serving.gpus_per_replica": 1}
    bought = new_option("on_prem", "Bought", {"server": SERVER.name, **picked}, own=MINE)
    rented = new_option("cloud_gpu", "Rented", {"provider": "Nebius", "instance": INSTANCE.name, **picked}, own=MINE)
    agreed = new_option("token_api", "Agreed", {"provider": MODEL.provider, "model": MODEL.model}, own=MINE)
    scenario = with_option(with_option(SCENARIO, "bought", bought), "rented", rented)
    seated = new_option("seats", "Seated", {"provider": SEAT.provider, "product": SEAT.name}, own=MINE)
    scenario = with_option(with_option(scenario, "agreed", agreed), "seated", seated)
    energy = tariffs.area(TARIFF.name, MINE)["energy"]
    scenario = scenario.vary({f"energy.{field}": value for field, value in energy.items()})
    return Opened(scenario, DEFAULT, own=used(scenario, MINE))


@pytest.fixture
def prices(tmp_path) -> Prices:
    return Prices(Database(file_url(tmp_path / "library.sqlite")))


def csv_of(kind, *changes: dict[str, str], delimiter: str = ",", names=None) -> bytes:
    rows = ([{**CELLS[kind], **change}[name] for name in columns(kind)] for change in changes)
    table = [names or columns(kind), *rows]
    quoted = (delimiter.join(f'"{cell}"' for cell in row) for row in table)
    return "\r\n".join(quoted).encode()


@pytest.mark.parametrize("kind", CELLS)
def test_the_template_is_filled_in_read_back_and_given_out_again(kind):
    heading = template(kind).decode("utf-8-sig").strip()
    assert heading == ",".join(columns(kind))
    (row,) = read_own(kind, "mine.csv", csv_of(kind, {}), MINE)
    assert row == next(row for row in MINE if type(row) is kind)
    assert read_own(kind, "mine.csv", template(kind, MINE), MINE) == (row,)
    assert made(kind, cells_of(row)) == row
    assert (row.confidence, row.checked_on, row.valid_until) == ("yours", date(2026, 11, 2), date(2026, 12, 31))


def test_a_file_is_read_as_spreadsheets_of_any_country_write_it():
    german = csv_of(Server, {"price_usd": "231.000,50", "gpus": "8"}, delimiter=";")
    (row,) = read_own(Server, "mine.csv", german)
    assert row.price_usd == 231_000.5
    for content in (gzip.compress(csv_of(Server, {})), csv_of(Server, {}).decode().encode("utf-16"),
                    b"\xef\xbb\xbf" + csv_of(Server, {}, delimiter="\t") + b"\r\n\r\n"):  # fmt: skip
        assert read_own(Server, "mine.csv", content) == (SERVER,)
    without = b"name,gpu,gpus,price_usd,source,as_of\nA,h200,8,5e5,Dell,2026-11-02\n"
    (row,) = read_own(Server, "mine.csv", without)
    assert (row.gpu, row.price_usd, row.valid_until, row.why) == ("H200 SXM 141GB", 500_000, None, "")


@pytest.mark.parametrize(
    ("kind", "change", "clause"),
    [
        (Server, {"price_usd": "231,000"}, "column price_usd: '231,000' can be read as 231 or as 231000: write"),
        (Server, {"price_usd": "EUR 5"}, "column price_usd: 'EUR 5' stands there; it must be a number such as 1234.5"),
        (Server, {"price_usd": "on request"}, "column price_usd: 'on request' stands there; it must be a number"),
        (Server, {"price_usd": ""}, "column price_usd: '' stands there; it must be a number"),
        (Server, {"price_usd": "-5"}, "column price_usd: -5 stands there; it must lie between"),
        (Server, {"price_usd": "0"}, "column price_usd: 0.0 stands there; it must be greater than 0"),
        (Server, {"gpus": "8.5"}, "column gpus: 8.5 stands there; it must be a whole number"),
        (Server, {"gpus": "4096"}, "column gpus: 4096 stands there; it must lie between 1 and 1024"),
        (Server, {"gpu": "H2000"}, "column gpu: 'H2000' is not in the catalogue. Did you mean"),
        (Server, {"name": " "}, "column name: '' stands there; it must be a text"),
        (Server, {"name": "x" * 201}, "it must be one line of at most 200 signs"),
        (Server, {"name": rows(Server)[0].name}, "column name: the catalogue has 'Lenovo SR680a V3, 8 x H100' already"),
        (Server, {"name": CELLS[Server]["name"].upper()}, "column name: a row above is of the same name"),
        (Server, {"source": ""}, "column source: '' stands there; it must be a text"),
        (Server, {"as_of": "02.11.2026"}, "column as_of: '02.11.2026' stands there; it must be a date such as"),
        (Server, {"valid_until": "soon"}, "column valid_until: 'soon' stands there; it must be a date such as"),
        (Server, {"valid_until": "2026-01-01"}, "column valid_until: 2026-01-01 is before the price's own date"),
        (GpuInstance, {"on_demand_usd_per_gpu_hour": "1001"}, "column on_demand_usd_per_gpu_hour: 1001 stands there"),
        (GpuInstance, {"region": ""}, "column region: '' stands there; it must be a text"),
        (GpuCommitment, {"instance": "p5"}, "column instance: 'p5' of 'Nebius' is not in the catalogue"),
        (GpuCommitment, {"term_months": "36.5"}, "column term_months: 36.5 stands there; it must be a whole number"),
        (TokenContract, {"model": "gpt-6-luna"}, "column model: the catalogue has 'gpt-6-luna' already; it must"),
        (TokenContract, {"batch_discount_frac": "45"}, "column batch_discount_frac: 45 stands there; it must"),
        (TokenContract, {"output_usd_per_mtok": ""}, "column output_usd_per_mtok: '' stands there; it must"),
        (SeatPrice, {"billing": "weekly"}, "column billing: 'weekly' stands there; it must be 'monthly' or 'yearly'"),
        (ElectricityPrice, {"usd_per_kwh": "92.5"}, "column usd_per_kwh: 92.5 stands there; it must lie between"),
        (ElectricityPrice, {"usd_per_kwh": "5 %"}, "column usd_per_kwh: '5 %' stands there; it must be a number"),
    ],
)  # fmt: skip
def test_a_wrong_row_names_file_line_column_and_what_would_be_right_and_nothing_is_loaded(prices, kind, change, clause):
    content = csv_of(kind, {}, change, {KEYS[kind][-1]: "12" if kind is GpuCommitment else "Other"})
    with pytest.raises(ScenarioError) as refusal:
        prices.keep(read_own(kind, "mine.csv", content, MINE), at=NOW)
    (sentence,) = str(refusal.value).splitlines()
    assert sentence.startswith("mine.csv, line 3, ")
    assert clause in sentence
    assert sentence.endswith((".", "?"))
    assert prices.all() == ()


def test_each_wrong_row_has_its_sentence():
    content = csv_of(Server, {"gpus": "no"}, {"name": "B"}, {"name": "C", "as_of": "x"}, {"name": "D", "gpu": ""})
    with pytest.raises(ScenarioError) as refusal:
        read_own(Server, "mine.csv", content)
    lines = [sentence.split(": ")[0] for sentence in str(refusal.value).splitlines()]
    assert lines == [f"mine.csv, line {n}, column {name}" for n, name in ((2, "gpus"), (4, "as_of"), (5, "gpu"))]
    with pytest.raises(ScenarioError, match=r"30 more rows are wrong\.$"):
        read_own(Server, "mine.csv", csv_of(Server, *[{"gpus": "no"}] * 50))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "mine.csv is empty."),
        (b"PK\x03\x04", "mine.csv is damaged or cut off"),
        (b"\x00\x01\x02", "mine.csv is no text; save the sheet as CSV."),
        (csv_of(Server, {}, names=["name", "card", *columns(Server)[2:]]), "line 1, column 'card' is not one"),
        (b"name,gpu,gpus,source,as_of\n", "mine.csv, line 1, column price_usd is missing; it must have name, gpu, "),
        (csv_of(Server), "mine.csv has a heading and no row below it."),
        (csv_of(Server, {}) + b",surplus", "line 2, has more cells than the heading has columns"),
        (csv_of(Server, *[{"name": str(n)} for n in range(MOST_ROWS + 1)]), f"one row more than the {MOST_ROWS:,}"),
        (b"x" * 2_000_001, "has more than 2 MB"),
        (gzip.compress(b"x" * 2_000_001), "has more than 2 MB"),
    ],
)
def test_a_file_that_is_no_table_is_one_sentence(content, sentence):
    with pytest.raises(ScenarioError) as refusal:
        read_own(Server, "mine.csv", content)
    assert sentence in str(refusal.value)


def test_own_prices_stand_first_where_one_chooses_and_are_marked():
    (servers,) = CATALOGUES["servers"].selectors
    assert servers.values({}, MINE)[0] == SERVER.name
    assert servers.told({}, SERVER.name, MINE) == (
        "XE9680, 8 x H200 · 231,000 USD · yours · 2026-11-02 · valid until 2026-12-31"
    )
    sellers, instances = CATALOGUES["gpu_instances"].selectors
    assert sellers.values({}, MINE)[0] == "Nebius"
    assert sellers.told({}, "Nebius", MINE) == "Nebius · yours"
    assert sellers.told({}, "AWS", MINE) == "AWS"
    assert instances.values({"provider": "Nebius"}, MINE)[0] == INSTANCE.name
    assert "3.125 USD/GPU-hour · yours" in instances.told({"provider": "Nebius"}, INSTANCE.name, MINE)
    sellers, models = CATALOGUES["token_prices"].selectors
    assert sellers.values({}, MINE)[0] == "openai"
    assert [sellers.told({}, name, MINE) for name in ("openai", "anthropic")] == ["OpenAI · yours", "Anthropic"]
    assert models.values({"provider": "openai"}, MINE)[0] == MODEL.model
    assert models.told({"provider": "openai"}, MODEL.model, MINE) == (
        "gpt-6-luna, our price · 0.0875 in, 0.4 out USD per million tokens · yours · 2026-11-02 · "
        "valid until 2026-12-31 · 400,000 tokens of context"
    )
    sellers, products = CATALOGUES["seat_prices"].selectors
    assert (sellers.values({}, MINE)[0], products.values({"provider": SEAT.provider}, MINE)[0]) == (
        SEAT.provider, SEAT.name)  # fmt: skip
    assert "22.5 USD a user and month · yours" in products.told({"provider": SEAT.provider}, SEAT.name, MINE)
    assert completed("on_prem", {}, MINE)["server"] == SERVER.name
    assert tariffs.areas(MINE)[0] == TARIFF.name
    on = date(2027, 1, 1)
    for name, kind in OWN.items():
        first = with_own(name, on, MINE).iloc[0]
        assert (first["confidence"], first["stale"]) == ("yours", True)
        assert first["remark"] == "Valid until 2026-12-31, expired. Support included."
        assert len(found(name, on, "dell 4711", MINE)) == 1
        assert len(with_own(name, on, ())) == len(with_own(name, on, MINE)) - 1
        assert kind in CELLS


def test_without_them_they_are_not_offered():
    with pytest.raises(ScenarioError, match="is not offered here"):
        new_option("on_prem", "Bought", completed("on_prem", {}, MINE))


def test_a_choice_writes_the_prices_and_cites_them():
    mine = with_mine()
    bought, rented = mine.scenario.options["bought"], mine.scenario.options["rented"]
    assert (bought.server_price_usd, bought.gpus_per_server) == (231_000, 8)
    assert (rented.on_demand_usd_per_gpu_hour, rented.reserved_usd_per_gpu_hour) == (3.125, 2.345)
    assert rented.spot_usd_per_gpu_hour == 3.125
    agreed = mine.scenario.options["agreed"]
    assert dict(agreed.prices) == {
        "input_usd_per_mtok": 0.0875, "cache_read_usd_per_mtok": 0.01, "cache_write_usd_per_mtok": 0.0875,
        "output_usd_per_mtok": 0.4, "batch_input_discount_frac": 0.45, "batch_cache_read_discount_frac": 0.45,
        "batch_output_discount_frac": 0.45}  # fmt: skip
    assert agreed.context_window_tokens == 400_000
    seated = mine.scenario.options["seated"]
    assert (seated.seat_usd_per_user_month, seated.term_months, seated.least_seats) == (22.5, 36, 3000)
    assert agreed.long_prices.above_tokens == agreed.longest_prices.above_tokens == NEVER_TOKENS
    assert agreed.announced.from_year == NEVER_YEAR
    assert mine.scenario.energy.electricity_usd_per_kwh == 0.0925
    assert mine.scenario.energy.carbon_gco2e_per_kwh == SCENARIO.energy.carbon_gco2e_per_kwh
    wanted = ["options.bought.server_price_usd", "options.rented.reserved_usd_per_gpu_hour",
              "options.rented.spot_usd_per_gpu_hour", "options.agreed.prices.output_usd_per_mtok",
              "options.seated.seat_usd_per_user_month", "energy.electricity_usd_per_kwh"]  # fmt: skip
    for path, origin in origins(mine, wanted).items():
        assert origin.yours, path
        assert source_of(origin, None) == "Dell, offer 4711, 2 November 2026, valid until 31 December 2026"
        assert not origin.is_stale(date(2030, 1, 1))
    assert set(map(key_of, mine.own)) == set(map(key_of, MINE))


def test_who_opens_the_scenario_without_the_catalogue_has_its_numbers_and_its_quotations():
    mine = with_mine()
    for again in (from_json(to_json(document(mine))), from_link(to_link(document(mine)))):
        assert again.own == mine.own
        assert again.scenario == mine.scenario
        assert document(again) == document(mine)
    bare = {name: part for name, part in document(mine).items() if name != "prices"}
    old = from_json(to_json(bare))
    assert compare(old.scenario)["bought"].net_present_cost_usd == compare(mine.scenario)["bought"].net_present_cost_usd
    assert sources(old.scenario.options["bought"], old.scenario.workload).get("server_price_usd") is None
    assert origins(old, ["options.bought.server_price_usd"])["options.bought.server_price_usd"].yours


def test_a_provider_may_be_nobody_s_but_the_reader_s_and_is_written_as_the_catalogue_has_it():
    partner = entered(TokenContract, {**CELLS[TokenContract], "provider": "Our partner", "model": "gpt-oss 120B"})
    option = new_option("token_api", "Partner", {"provider": "Our partner", "model": "gpt-oss 120B"}, own=(partner,))
    assert option["prices"]["input_usd_per_mtok"] == 0.0875
    assert entered(TokenContract, {**CELLS[TokenContract], "provider": "OpenAI"}) == MODEL
    assert entered(GpuInstance, {**CELLS[GpuInstance], "provider": "NEBIUS"}) == INSTANCE
    with pytest.raises(ScenarioError, match="is not offered here"):
        new_option("token_api", "Partner", {"provider": "Our partner", "model": "gpt-oss 120B"})


def test_a_scenario_carries_only_what_it_uses():
    assert used(SCENARIO, MINE) == ()
    assert "prices" not in document(Opened(SCENARIO, DEFAULT, own=MINE))
    edited = with_mine()
    other = edited.scenario.vary({"energy.electricity_usd_per_kwh": 0.2})
    assert TARIFF not in used(other, MINE)


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ({}, "must be a list"),
        ([5], "Price 1 of the document must name its table: servers, gpu_instances"),
        ([{"table": "gpus"}], "Price 1 of the document must name its table"),
        ([{"table": "servers", **CELLS[Server], "gpus": 0}], "Price 1 of the document, column gpus: 0 stands there"),
        ([{"table": "servers", **CELLS[Server], "confidence": "official"}], "column confidence is not one"),
        ([{"table": "servers", **CELLS[Server], "price_usd": [1]}], "column price_usd"),
    ],
)
def test_a_document_with_a_wrong_price_is_one_sentence(part, sentence):
    content = {**document(Opened(SCENARIO, DEFAULT)), "prices": part}
    with pytest.raises(ScenarioError, match=sentence):
        from_json(to_json(content))


def test_the_library_keeps_changes_and_removes_them(prices):
    prices.keep(MINE, at=NOW)
    assert set(map(key_of, prices.all())) == set(map(key_of, MINE))
    dearer = entered(Server, {**CELLS[Server], "price_usd": "240000"})
    prices.keep([dearer], at=LATER)
    assert prices.all()[0] == dearer
    assert len(prices.all()) == len(MINE)
    renamed = entered(Server, {**CELLS[Server], "name": "XE9685L"})
    prices.keep([renamed], at=LATER, instead_of=dearer)
    assert [row for row in prices.all() if type(row) is Server] == [renamed]
    for row in prices.all():
        prices.remove(row, at=NOW)
    assert prices.all() == ()


def test_they_move_with_the_library_and_nothing_is_overwritten(prices, tmp_path):
    prices.keep(MINE, at=NOW)
    carried = Library(prices.database).export_all()
    other = Prices(Database(file_url(tmp_path / "other.sqlite")))
    dearer = entered(Server, {**CELLS[Server], "price_usd": "240000"})
    other.keep([dearer], at=NOW)
    Library(other.database).bring(carried, at=LATER)
    assert dearer in other.all()
    assert len(other.all()) == len(MINE)


def test_every_kind_of_own_price_is_a_table_of_the_catalogue():
    assert set(TABLES.values()) == set(OWN.values()) == set(CELLS)
    assert all(row.confidence != "yours" for kind in FILES for row in rows(kind))
    for kind in CELLS:
        named = {column for column in columns(kind) if column not in ("source", "as_of", "valid_until", "why")}
        assert named <= set(kind.model_fields)


GUIDE = (Path(__file__).parents[1] / "docs" / "adding-a-price.md").read_text("utf-8")


def test_the_guide_has_the_columns_of_every_table_and_an_example_that_is_read():
    for name, kind in OWN.items():
        figures = columns(kind)[: -len(EVIDENCE)]
        assert f"| {name} | {', '.join(f'`{column}`' for column in figures)} |" in GUIDE
    assert all(f"(`{column}`)" in GUIDE for column in EVIDENCE)
    assert f"May be empty: {', '.join(f'`{column}`' for column in MAY_BE_EMPTY)}." in " ".join(GUIDE.split())
    example = GUIDE.split("```csv\n")[1].split("```")[0]
    (row,) = read_own(Server, "mine.csv", example.encode())
    assert (row.gpu, row.price_usd, row.valid_until) == ("H200 SXM 141GB", 231_000, date(2026, 12, 31))


def test_the_guide_names_what_there_is():
    root = Path(__file__).parents[1]
    for name in re.findall(r"`([\w/]+\.(?:csv|py|in))`", GUIDE):
        assert any((root / folder / name).is_file() for folder in ("", "pricing/facts")), name
    assert all(f"`{confidence}`" in GUIDE for confidence in get_args(Fact.model_fields["confidence"].annotation))
    evidence = [name for name in Fact.model_fields if name not in ("source_url", "valid_until")]
    assert all(f"| `{column}`" in GUIDE for column in evidence)
    assert f"more than {DIFFERS_FROM_FRAC:.0%}".replace("%", " %") in GUIDE
    assert hasattr(token_prices, "PRICES_AS_OF")
    page = (root / "dashboard" / "own_prices.py").read_text("utf-8")
    assert all(words in GUIDE and words in page for words in ("Your own prices", "The CSV to fill in"))

"""The prices page: own prices typed or read from a file, chosen on other pages, changed, removed, said when expired."""

import json
from datetime import date

import pytest

from costmodel.scenario import paths
from library import prices
from library.price_files import template
from pricing.facts import ElectricityPrice, GpuCommitment, GpuInstance, Server, TokenContract, rows
from pricing.origins import origins
from pricing.own import columns, key_of
from pricing.tariffs import areas
from reports.words.catalogue import OWN
from tests.as_typed import as_typed
from tests.test_library import NOW
from tests.test_own_prices import CELLS, MINE
from tests.visitor import DATA, Visitor

FORM = "own:Server:"
DAYS = ("as_of", "valid_until")
SERVER = "XE9680, 8 x H200"
TYPED = {"name": SERVER, "gpu": "H200 SXM 141GB", "gpus": 8, "price_usd": 231_000, "source": "Dell, *offer* $4711",
         "as_of": date(2026, 1, 1), "valid_until": date(2026, 2, 1)}  # fmt: skip


@pytest.fixture
def visitor():
    """At the form of own prices, which are gone again afterwards."""
    yield Visitor().go("prices", "own_prices")
    for row in kept():
        library().remove(row, at=NOW)


def library():
    return prices({"CROSSOVER_DATA": DATA.name})


def kept():
    return library().all()


def fill(visitor: Visitor, **cells) -> Visitor:
    for column, cell in cells.items():
        visitor.widget(f"{FORM}:{column}").set_value(str(cell) if isinstance(cell, int) else cell)
    return visitor.press("Keep it")


def upload(visitor: Visitor, kind: str, content: bytes) -> Visitor:
    visitor.at.file_uploader(key=f"own_file:{kind}").upload("mine.csv", content, "text/csv")
    return visitor.run()


def test_what_is_typed_is_kept_stands_first_is_carried_along_and_said_when_expired(visitor):
    visitor.press("Keep it")
    assert visitor.complaints == ["Still needed: Name, GPU, GPUs per server, Server price (USD), Quoted by."]
    fill(visitor, **TYPED)
    assert visitor.complaints == []
    (row,) = kept()
    assert (row.name, row.gpus, row.price_usd, row.confidence) == (SERVER, 8, 231_000, "yours")
    assert visitor.tables[0][1][:4] == [SERVER, "H200 SXM 141GB", "8", "231,000"]
    assert visitor.tables[0][1][6] == "2026-02-01, expired"
    visitor.enter("catalogue", "Servers")
    rows_shown = visitor.at.dataframe[0]
    assert rows_shown.value.iloc[0]["Name"] == SERVER
    assert json.loads(rows_shown.proto.columns)["Name"]["pinned"], "the name stays where a telephone scrolls sideways"
    assert visitor.widget(f"{FORM}:name").value == "", "the form is ready for the next"

    visitor.go("options").enter("option", "own_servers")
    picker = visitor.widget("pick:own_servers:server")
    assert as_typed(picker.options[0]) == f"{SERVER} · 231,000 USD · yours · 2026-01-01 · valid until 2026-02-01"
    visitor.enter("pick:own_servers:server", SERVER)
    assert visitor.scenario["options.own_servers.server_price_usd"] == 231_000
    assert visitor.opened.own == (row,)
    (said,) = (info.value for info in visitor.at.info)
    assert "was valid until 2026-02-01" in said
    assert r"\*offer\* \$4711" in said

    link = visitor.link
    library().remove(row, at=NOW)
    other = Visitor(link).go("options").enter("option", "own_servers")
    assert other.complaints == []
    assert other.widget("pick:own_servers:server").value == SERVER
    assert other.plain == visitor.plain
    found = origins(other.opened, list(paths(other.scenario)))["options.own_servers.server_price_usd"]
    assert (found.source, found.as_of) == (TYPED["source"], TYPED["as_of"])
    other.enter("pick:own_servers:server", rows(Server)[0].name)
    assert other.opened.own == ()
    assert [info.value for info in other.at.info] == []


@pytest.mark.parametrize("name", OWN)
def test_every_table_has_a_form_that_makes_its_row(visitor, name):
    kind = OWN[name]
    expected = next(row for row in MINE if type(row) is kind)
    cells = {**CELLS[kind], "provider": getattr(expected, "provider", ""), "gpu": getattr(expected, "gpu", "")}
    if kind is GpuCommitment:
        library().keep([row for row in MINE if type(row) is GpuInstance], at=NOW)
    visitor.enter("own_table", name)
    for column in columns(kind):
        cell = cells[column]
        visitor.enter(f"own:{kind.__name__}::{column}", date.fromisoformat(cell) if column in DAYS else cell)
    visitor.press("Keep it")
    assert visitor.complaints == []
    assert [row for row in kept() if type(row) is kind] == [expected]
    (table,) = visitor.tables
    assert len(table) == 2
    if kind is TokenContract:
        assert table[1][table[0].index("Batch discount (%)")] == "45"


def test_a_kept_price_is_changed_and_removed(visitor):
    fill(visitor, **TYPED)
    (row,) = kept()
    place = f"{FORM}servers/{SERVER.lower()}"
    visitor.enter("own_row:Server", key_of(row))
    visitor.widget(f"{place}:price_usd").set_value("240000")
    visitor.widget(f"{place}:valid_until").set_value(None)
    visitor.press("Keep it")
    assert visitor.complaints == []
    assert kept() == (row.model_copy(update={"price_usd": 240_000, "valid_until": None}),)
    visitor.press("Remove it")
    assert kept() == ()
    assert "own_row:Server" not in visitor.keys


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"name": rows(Server)[0].name}, "Name: the catalogue has “Lenovo SR680a V3, 8 x H100” already"),
        ({"valid_until": date(2025, 1, 1)}, "Valid until: 2025-01-01 is before the price's own date, 2026-01-01."),
        ({"price_usd": "on request"}, "is not a number"),
    ],
)
def test_what_is_wrong_is_said_below_the_form_and_nothing_is_kept_or_lost(visitor, cells, sentence):
    fill(visitor, **{**TYPED, **cells})
    assert any(sentence in complaint for complaint in visitor.complaints)
    assert kept() == ()
    assert visitor.widget(f"{FORM}:source").value == TYPED["source"]


def test_a_name_that_is_there_is_not_overwritten_by_a_new_one(visitor):
    fill(visitor, **TYPED)
    fill(visitor, **{**TYPED, "name": SERVER.upper(), "price_usd": 1})
    assert visitor.complaints == [f"{SERVER.upper()} is there already: choose it above to change it."]
    assert [row.price_usd for row in kept()] == [231_000]


def test_a_commitment_is_of_an_instance_that_is_there(visitor):
    visitor.enter("own_table", "Commitments")
    form = "own:GpuCommitment:"
    visitor.press("Keep it")
    needed = "Provider, Instance, Term (months), Reserved price (USD per GPU-hour), Quoted by"
    assert visitor.complaints == [f"Still needed: {needed}."]
    visitor.enter(f"{form}:provider", "AWS").enter(f"{form}:instance", "p5.48xlarge").enter(f"{form}:term_months", 36)
    visitor.enter(f"{form}:usd_per_gpu_hour", 2.5).enter(f"{form}:source", "AWS, agreement").press("Keep it")
    assert visitor.complaints == []
    (row,) = kept()
    assert (row.provider, row.instance, row.term_months, row.usd_per_gpu_hour) == ("AWS", "p5.48xlarge", 36, 2.5)


def test_a_list_is_read_whole_or_not_at_all_and_a_tariff_is_chosen(visitor):
    visitor.enter("own_table", "Electricity")
    heading = template(ElectricityPrice).decode("utf-8-sig")
    wrong = f"{heading}Hall,0.0925,Utility,2026-11-01,,\r\nShed,ten cents,Utility,1.11.2026,,\r\n".encode()
    upload(visitor, "ElectricityPrice", wrong)
    (sentence,) = visitor.complaints
    assert sentence.startswith("mine.csv, line 3, column usd_per_kwh: “ten cents” stands there; it must be a number")
    assert kept() == ()
    upload(visitor, "ElectricityPrice", wrong.replace(b"ten cents", b"0.1").replace(b"1.11.2026", b"2026-11-01"))
    assert visitor.complaints == []
    assert "Read: 2 rows, each in the place of one of the same name." in visitor.html
    assert {row.name for row in kept()} == {"Hall", "Shed"}
    upload(visitor, "ElectricityPrice", f"{heading}Hall,0.0925,Utility,2026-11-01,,\r\n".encode())
    assert "Read: 1 row, each in the place of one of the same name." in visitor.html

    visitor.go("workload")
    assert visitor.widget("tariff_of").value == "United States"
    assert visitor.widget("tariff_of").options[:2] == ["Hall · yours", "Shed · yours"]
    grams = visitor.scenario["energy.carbon_gco2e_per_kwh"]
    visitor.enter("tariff_of", "Hall")
    energy = visitor.scenario.energy
    assert (energy.electricity_usd_per_kwh, energy.carbon_gco2e_per_kwh) == (0.0925, grams)
    assert visitor.widget("tariff_of").value == "Hall"
    visitor.enter("tariff_of", "California")
    assert visitor.widget("tariff_of").value == "California"
    assert visitor.opened.own == ()
    assert "California" in areas()

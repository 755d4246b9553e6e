"""Seats beside options that are no application: added from the catalogue, told apart, and compared with one built."""

import pytest

from answers.trade_offs import figures
from costmodel.comparison import compare
from costmodel.scenario import with_option
from pricing.documents import Opened, document, to_link
from pricing.origins import origins
from pricing.presets import DEFAULT, preset
from pricing.selectors import new_option
from reports.files.focus import focus
from reports.files.tables import tidy
from reports.words.trade_offs import table
from reports.words.workload import unlike_applications
from tests.sentence import one_sentence
from tests.visitor import Visitor

COPILOT = new_option(
    "seats", "Copilot", {"provider": "Microsoft", "product": "Microsoft 365 Copilot, paid by the year"}
)
SCENARIO = with_option(preset(DEFAULT).scenario, "copilot", COPILOT)
INCLUDED = "application.application_included"
UNLIKE = "Copilot is an application itself; the others are compared without"


@pytest.fixture(scope="module")
def comparison():
    return compare(SCENARIO)


def test_the_verdict_says_that_the_others_are_compared_without_an_application_until_they_are_not():
    told = one_sentence(unlike_applications(SCENARIO))
    assert told.startswith(UNLIKE)
    assert unlike_applications(SCENARIO.vary({INCLUDED: True})) == ""
    assert unlike_applications(SCENARIO.vary({"options.copilot.brings_application": False})) == ""
    assert unlike_applications(preset(DEFAULT).scenario) == ""


def test_pages_show_the_note_take_the_application_and_its_lines_follow():
    visitor = Visitor(to_link(document(Opened(SCENARIO, DEFAULT))))
    assert UNLIKE in " ".join(visitor.texts("owning"))
    visitor.go("workload").enter(f"field:{INCLUDED}", True).enter("field:application.build_usd", 250_000)
    assert visitor.complaints == []
    assert visitor.scenario["application.build_usd"] == 250_000
    assert not any(UNLIKE in text for text in visitor.markdown)
    visitor.go("overview")
    assert UNLIKE not in " ".join(visitor.texts("owning"))
    visitor.go("options").enter("option", "open_api")
    lines = [row[0] for table in visitor.tables for row in table]
    assert {"Building the application", "Running the application"} <= set(lines)
    visitor.enter("option", "copilot")
    lines = [row[0] for table in visitor.tables for row in table]
    assert "Seats, paid by the year" in lines
    assert "Building the application" not in lines


def test_every_value_of_a_chosen_product_is_the_catalogues_or_a_judgement(comparison):
    wanted = [f"options.copilot.{name}" for name in COPILOT if name not in ("kind", "label") and name[-1] != "_"]
    wanted = [path for path in wanted if not isinstance(COPILOT[path.rpartition(".")[2]], dict)]
    found = origins(Opened(SCENARIO, DEFAULT), wanted)
    assert [path for path, origin in found.items() if origin.yours] == []
    assert found["options.copilot.seat_usd_per_user_month"].source_url.startswith("https://")


def test_trade_offs_say_the_term_and_that_nobody_says_a_limit(comparison):
    known = figures(comparison, 1e5, 1e6)
    assert known["copilot"]["lock_in"] == 12
    assert known["copilot"]["peak_ratio"] is None
    assert known["copilot"]["bill_spread"] == 1
    assert known["copilot"]["longest"] is None
    (row,) = (row for row in table(comparison, known).rows if row[0] == "Copilot")
    assert "not said" in row
    limited = compare(SCENARIO.vary({"options.copilot.limit_requests_per_user_month": 1000.0}))
    assert figures(limited, 1e5, 1e6)["copilot"]["peak_ratio"] > 1


def test_files_name_the_product_its_seller_and_its_seats(comparison):
    assert b'seats_upfront,"Seats, paid by the year",Seats' in tidy(comparison)
    rows = focus(comparison).decode().splitlines()
    heads = rows[0].split(",")
    (bought, *_) = (row for row in rows if "seats_upfront" in row and ",Purchase," in row)
    assert "Microsoft" in bought
    assert "Seat-Months" in " ".join(rows)
    assert "ServiceName" in heads

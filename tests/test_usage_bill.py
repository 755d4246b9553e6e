"""The bill beside usage x dated list price: met to the cent where it is so, and what is left has a likely reason."""

from datetime import UTC, date, datetime

import pytest

from pricing.rates import rate
from pricing.token_prices import price
from reports.words.reasons import reasons
from reports.words.usage import BILL_NOTE, another_month, bill_table, bill_title, likely, no_bill
from tests import usage_files as files
from tests.sentence import one_sentence
from tests.usage_files import as_csv, opened
from usage.bill import Bill, bill
from usage.list_prices import at, price_of
from usage.names import maker
from usage.workload import workload

SONNET = "claude-sonnet-4-6"
HEADING = "time,provider,model,input_tokens,output_tokens,requests"
DAYS = {"2026-09": (1, 30), "2026-10": (1, 31)}


def usage(month: str = "2026-10", model: str = SONNET, times: float = 1.0, **columns: float) -> bytes:
    """100,000 calls on the first and on the last day of a month, 9,000 tokens in and 700 out each."""
    rows = [
        {"time": f"{month}-{day:02d}T12:00:00Z", "provider": maker(model) or "anthropic", "model": model,
         "requests": 100_000, "input_tokens": 9e8 * times, "output_tokens": 7e7 * times, **columns}
        for day in DAYS[month]
    ]  # fmt: skip
    return as_csv(*rows)


def invoice(month: str = "2026-10", usd: float = 0.0, model: str = "Claude Sonnet 4.6") -> bytes:
    """The console's cost file: dollars, and names for display."""
    rows = [
        {"usage_date_utc": f"{month}-{day:02d}", "model": model, "workspace": "w", "api_key": "k",
         "usage_type": "message", "context_window": "", "token_type": "output", "cost_usd": usd / 2}
        for day in DAYS[month]
    ]  # fmt: skip
    return as_csv(*rows)


def focus_days(*currencies: str, **columns: str) -> list[dict]:
    """A FOCUS line of 100 for each day of October, in each currency, for a model whose tokens it does not count."""
    line = {"ProviderName": "Anthropic", "ServiceName": "Anthropic API", "ChargeDescription": "claude-sonnet-4-6 input",
            "ChargeCategory": "Usage", "EffectiveCost": 100, "BilledCost": 100, **columns}  # fmt: skip
    return [
        {**line, "ChargePeriodStart": f"2026-10-{day:02d}T00:00:00Z", "ChargePeriodEnd": f"2026-10-{day:02d}T23:59:59Z",
         "BillingCurrency": code} for day in range(1, 32) for code in currencies
    ]  # fmt: skip


def list_usd(times: float = 1.0) -> float:
    listed = price("anthropic", SONNET, date(2026, 10, 1))
    return times * 2 * (900 * listed.prices.input_usd_per_mtok + 70 * listed.prices.output_usd_per_mtok)


def read(*contents: bytes, **more) -> Bill:
    return bill(opened(*contents), **more)


def why(found: Bill, discount_frac: float = 0.0) -> str:
    return " ".join(map(one_sentence, reasons(found, found.last, discount_frac)))


def test_a_bill_at_list_price_is_met_to_the_cent():
    found = read(usage(), invoice(usd=list_usd()))
    (month,) = found.months
    assert (month.month, month.is_whole, found.is_invoice) == ("2026-10", True, True)
    assert month.list_usd == pytest.approx(list_usd())
    assert month.unexplained_usd(0.0) == pytest.approx(0, abs=0.005)
    assert reasons(found, month, 0.0) == []
    assert month.unmetered_usd == 0, "the bill's name for display is the model of the usage"


@pytest.mark.parametrize(("times", "discount", "says"), [
    (1.25, 0.0, "20 % of the bill is left over"),
    (1.0, 0.0, "nothing of the bill is left over"),
    (0.8, 0.0, "usage at list price is 25 % above the bill"),
    (0.8, 0.1, "usage at list price less your discount is 12 % above the bill"),
])  # fmt: skip
def test_the_title_tells_which_of_bill_and_usage_is_more(times, discount, says):
    assert bill_title(read(usage(), invoice(usd=times * list_usd())), discount) == f"October 2026: {says}"
    worked_out = read(usage(cost_usd=list_usd() / 4))
    assert bill_title(worked_out, 0.0).endswith("usage at list price is 100 % above the cost that a tool worked out")


def test_cached_tokens_and_batch_cost_what_the_list_says_of_them():
    listed = price("anthropic", SONNET)
    given, read_tokens, written = 9e8, 6e8, 1e8
    found = read(usage(cached_tokens=read_tokens, cache_creation_tokens=written, batch="true"), invoice(usd=1))
    prices, plain = listed.prices, given - read_tokens - written
    each = plain * prices.input_usd_per_mtok + read_tokens * prices.cache_read_usd_per_mtok
    each += written * prices.cache_write_usd_per_mtok + 7e7 * prices.output_usd_per_mtok
    assert found.last.list_usd == pytest.approx(2 * each / 1e6 * (1 - prices.batch_output_discount_frac))
    assert listed.prices.batch_output_discount_frac > 0


def test_only_a_discount_that_is_stated_is_taken_off():
    found = read(usage(), invoice(usd=0.9 * list_usd()))
    assert found.last.found_discount_frac == pytest.approx(0.1)
    assert found.last.unexplained_usd(0.0) == pytest.approx(-0.1 * list_usd())
    assert "A discount of 10 % would explain it" in why(found)
    assert found.last.unexplained_usd(0.1) == pytest.approx(0, abs=0.005)
    assert why(found, 0.1) == ""


def test_what_a_cache_may_have_held_is_solved_for_and_not_assumed():
    listed = price("anthropic", SONNET, date(2026, 10, 1))
    saved = 0.6 * 2 * 900 * (listed.prices.input_usd_per_mtok - listed.prices.cache_read_usd_per_mtok)
    found = read(usage(), invoice(usd=list_usd() - saved))
    assert "60 % of input read from it would explain" in why(found)
    told = read(usage(cached_tokens=0), invoice(usd=list_usd() - saved))
    assert "cache" not in why(told), "none was, as the file says"


@pytest.mark.parametrize(
    ("times", "told"),
    [(1.1, "one region"), (2.0, "served first"), (1.3, "costs more than list price"), (0.5, "discount for waiting")],
)
def test_the_likely_reason_follows_from_the_ratio(times, told):
    assert told in why(read(usage(), invoice(usd=times * list_usd())))


def test_a_fee_that_does_not_follow_usage_is_seats():
    months = (("2026-09", 1.0), ("2026-10", 2.0))
    contents = [usage(month, times=times) for month, times in months]
    contents += [invoice(month, list_usd(times) + 3000) for month, times in months]
    found = read(*contents)
    assert [month.unexplained_usd(0.0) for month in found.months] == pytest.approx([3000, 3000])
    assert "seats" in why(found)


def test_models_without_price_and_money_without_usage_are_named():
    found = read(
        usage(), usage(model="own-model-x"), invoice(usd=list_usd()), invoice(usd=500, model="Claude Opus 4.5")
    )
    assert found.last.unpriced == ("own-model-x",)
    assert found.last.unmetered_usd == pytest.approx(500)
    told = why(found)
    assert "No list price is known for own-model-x." in told
    assert "$500 is for models of which no file counts tokens" in told


def test_what_a_tool_works_out_is_no_invoice_and_gives_way_to_one():
    logged = usage(cost_usd=123.0)
    alone = read(logged)
    assert (alone.is_invoice, alone.last.billed_usd) == (False, 246)
    both = read(logged, invoice(usd=list_usd()))
    assert both.is_invoice
    assert both.last.billed_usd == pytest.approx(list_usd())


def test_a_bill_that_is_stated_needs_no_file():
    found = read(usage(), stated_usd={"2026-10": 30_000.0})
    assert (found.is_invoice, found.last.billed_usd) == (True, 30_000)
    assert found.last.unexplained_usd(0.0) == pytest.approx(30_000 - list_usd())


def test_a_bill_is_compared_with_the_usage_of_the_providers_on_it_and_other_usage_is_said():
    other = {"model": "gpt-5.4", "times": 0.1}
    found = read(usage(), usage(**other), invoice(usd=0.9 * list_usd()))
    assert found.last.list_usd == pytest.approx(list_usd())
    assert found.last.found_discount_frac == pytest.approx(0.1), "not what other usage would make of it"
    alone = read(usage(**other), stated_usd={"2026-10": 1.0}).last.list_usd
    assert (found.last.uncovered, found.last.uncovered_usd) == (("openai",), pytest.approx(alone))
    note = one_sentence(bill_table(found, 0.0).note.removesuffix(BILL_NOTE).strip())
    assert note.startswith(f"No bill here covers usage of OpenAI, ${alone:,.0f} at list price in these months")
    both = read(usage(), usage(**other), stated_usd={"2026-10": 1.0}).last
    assert (both.list_usd, both.uncovered) == (pytest.approx(list_usd() + alone), ()), "what is stated is of all"
    assert bill_table(read(usage(), invoice(usd=1)), 0.0).note == BILL_NOTE


def test_usage_of_a_month_that_no_bill_covers_is_compared_with_none_and_said():
    contents = usage("2026-09"), usage("2026-10", times=3.0), invoice("2026-09", list_usd())
    found, asked = read(*contents), workload(opened(*contents))
    assert [month.month for month in found.months] == ["2026-09"]
    assert found.last.unexplained_usd(0.0) == pytest.approx(0, abs=0.005)
    assert found.of(asked) is None
    assert one_sentence(another_month(found, asked)).startswith("No bill here is of the whole of October 2026, whose")
    october = read(*contents, invoice(usd=1.0))
    assert (october.of(asked), another_month(october, asked)) == (october.last, "")
    a_provider_less = read(*contents, usage("2026-10", model="gpt-5.4"), invoice(usd=list_usd(3.0)))
    assert (a_provider_less.last.month, a_provider_less.last.uncovered) == ("2026-10", ("openai",))


def test_a_bill_that_covers_no_usage_of_its_month_is_for_what_nobody_counts():
    found = read(usage(model="gpt-5.4"), invoice(usd=900)).last
    assert (found.list_usd, found.unmetered_usd, found.uncovered) == (0, 900, ("openai",))


def test_whoever_bills_a_model_and_counts_no_tokens_covers_its_usage_under_the_name_of_its_maker():
    found = read(usage(), usage(model="gpt-5.4"), as_csv(*focus_days("USD", ProviderName="Amazon Web Services")))
    assert found.last.list_usd == pytest.approx(list_usd())
    assert (found.last.uncovered, found.last.unmetered_usd) == (("openai",), 0)


def test_a_part_of_a_month_is_never_the_month_that_is_met():
    part = as_csv({"usage_date_utc": "2026-10-09", "model": "Claude Sonnet 4.6", "workspace": "w", "api_key": "k",
                   "usage_type": "message", "context_window": "", "token_type": "output", "cost_usd": 9})  # fmt: skip
    found = read(usage(), part)
    assert [month.is_whole for month in found.months] == [False]
    assert found.last is None
    assert "may not cover the same days" in " ".join(reasons(found, found.months[0], 0.0))


def test_an_invoice_in_euros_counts_at_the_rate_of_its_days():
    cost = {"object": "organization.costs.result", "line_item": "gpt-5.4, output", "project_id": None}
    buckets = [
        files.openai_bucket(int(datetime(2026, 10, day, tzinfo=UTC).timestamp()),
                            {**cost, "amount": {"value": 100.0, "currency": "eur"}}) for day in range(1, 32)
    ]  # fmt: skip
    found = read(usage(), files.as_json(files.openai_page(*buckets)))
    rates = [rate("EUR", date(2026, 10, day))[0] for day in range(1, 32)]
    assert found.last.billed_usd == pytest.approx(sum(100 / each for each in rates))
    assert found.unrated == ()


def test_an_invoice_in_a_currency_without_a_rate_is_no_bill_of_nothing():
    days = focus_days("AED", "USD")
    in_dirham = [day for day in days if day["BillingCurrency"] == "AED"]
    found = read(usage(), as_csv(*in_dirham))
    assert (found.months, found.unrated) == ((), ("AED",))
    assert one_sentence(no_bill(found)).startswith("No exchange rate is known for AED: enter")
    assert read(usage(), as_csv(*in_dirham), stated_usd={"2026-10": 30.0}).unrated == ()
    both = read(usage(), as_csv(*days))
    assert both.last.billed_usd == pytest.approx(3100), "what has a rate counts"
    assert any("for AED: what was billed" in one_sentence(told) for told in likely(both, 0.0))


def test_hours_with_a_price_of_their_own_cost_it_and_a_day_costs_the_mean_of_its_hours():
    listed = price("deepseek", "deepseek-reasoner")
    inside, outside = listed.hourly.output_usd_per_mtok, listed.prices.output_usd_per_mtok
    assert listed.hourly.hours_utc == "00:30-16:30"
    row = {"provider": "deepseek", "model": "deepseek-reasoner", "input_tokens": 0, "output_tokens": 1e6, "requests": 1}
    for when, wanted in (
        ("2026-10-31T10:00:00Z", inside), ("2026-10-31T20:00:00Z", outside),
        ("2026-10-31T00:10:00Z", (inside + outside) / 2), ("2026-10-31", (16 * inside + 8 * outside) / 24),
    ):  # fmt: skip
        (cell,) = opened(as_csv({"time": when, **row})).cells
        assert at(cell, price_of(cell)).output == pytest.approx(wanted)

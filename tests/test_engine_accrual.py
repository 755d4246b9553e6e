"""The books: purchases spread over their life, so that booked cost and book value together are the cash."""

import numpy as np
from hypothesis import given

from costmodel.finance import accrual
from costmodel.lines import LINES
from tests.neutral import compare, neutral_option, neutral_scenario
from tests.strategies import scenarios


def lines(scenario):
    """(name, cash, the record with its contract terms) of every line, or of each part of it."""
    columns = (scenario.finance.horizon_months + 1,)
    for cost in compare(scenario).costs.values():
        for terms, part in cost.parts:
            yield from ((name, np.broadcast_to(cash, columns), terms) for name, cash in part.items())


def book_value(name, cash, option):
    """What a purchase line is still worth in the books at the end of the horizon."""
    known = LINES[name]
    if known.spread_over is None and not known.in_advance:
        return 0 * cash[..., 0]
    return cash.sum(axis=-1) - accrual(name, cash, option).sum(axis=-1)


@given(scenarios())
def test_what_is_booked_and_what_is_left_in_the_books_is_the_cash(scenario):
    for name, cash, option in lines(scenario):
        if LINES[name].nature != "end_credit":
            booked = accrual(name, cash, option).sum() + book_value(name, cash, option)
            np.testing.assert_allclose(booked, cash.sum(), rtol=1e-9, atol=1e-9 * np.abs(cash).max(), err_msg=name)


@given(scenarios())
def test_each_purchase_is_booked_in_equal_parts_from_the_first_month_of_use(scenario):
    for name, cash, option in lines(scenario):
        line = LINES[name]
        if not line.spread_over:
            continue
        life = getattr(option, line.spread_over)
        waiting = getattr(option, line.starts_after) if line.starts_after else 0
        booked = [0.0] * cash.size
        for column, amount in enumerate(cash):
            for month in range(column + waiting + 1, min(column + waiting + life + 1, cash.size)):
                booked[month] += amount / life
        got = accrual(name, cash, option)
        np.testing.assert_allclose(got, booked, rtol=1e-9, atol=1e-9 * cash.max(), err_msg=name)


@given(scenarios())
def test_credits_at_the_end_are_not_booked(scenario):
    for name, cash, option in lines(scenario):
        if LINES[name].nature == "end_credit":
            assert not accrual(name, cash, option).any()
            assert book_value(name, cash, option) == 0


@given(scenarios())
def test_a_book_value_is_between_nothing_and_the_price(scenario):
    for name, cash, option in lines(scenario):
        value = book_value(name, cash, option)
        noise = 1e-9 * np.abs(cash).max()
        assert -noise <= value <= np.maximum(cash.sum(), 0) + noise, name


def test_prepaid_time_is_credited_at_its_book_value():
    gpu = neutral_option("cloud_gpu", billing="reserved", reserved_usd_per_gpu_hour=2, term_months=36, upfront_frac=1)
    cost = compare(neutral_scenario({"gpu": gpu}, workload__requests_per_month=1e4))["gpu"]
    left = book_value("commitment_upfront", cost.lines["commitment_upfront"], cost.option)
    assert left == -cost.lines["unexpired_commitment"].sum()

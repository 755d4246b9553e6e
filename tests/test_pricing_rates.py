"""Exchange rates: dated, offline, and refused where there is none."""

from datetime import date

import pytest

from costmodel.errors import ScenarioError
from pricing.rates import currencies, rate


def test_a_published_rate_is_found():
    euros, day = rate("EUR", date(2014, 3, 28))
    assert euros == pytest.approx(1 / 1.3759)
    assert day == date(2014, 3, 28)


def test_a_weekend_has_the_rate_of_its_friday():
    assert rate("GBP", date(2024, 6, 9)) == rate("GBP", date(2024, 6, 7))
    assert rate("GBP", date(2024, 6, 9))[1] == date(2024, 6, 7)


def test_a_day_that_the_package_does_not_know_yet_has_its_last_rate():
    _, last = rate("JPY", date(2100, 1, 1))
    assert last < date(2100, 1, 1)
    assert rate("jpy ", last) == rate("JPY", date(2100, 1, 1))


def test_the_dollar_is_one_and_is_listed():
    assert rate("USD", date(2024, 6, 7))[0] == 1
    assert {"USD", "EUR", "JPY"} <= set(currencies())
    assert "RUB" not in currencies()


@pytest.mark.parametrize(
    ("currency", "on", "complaint"),
    [
        ("EURO", date(2024, 6, 7), "Did you mean EUR"),
        ("RUB", date(2024, 6, 7), "has no reference rate"),
        ("EUR", date(1990, 1, 1), "has no reference rate on 1990-01-01"),
    ],
)
def test_what_has_no_rate_is_refused(currency, on, complaint):
    with pytest.raises(ScenarioError, match=complaint):
        rate(currency, on)

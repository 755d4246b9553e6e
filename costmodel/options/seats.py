"""Seats of a ready-made assistant, paid for by the user and month, whatever they ask."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from costmodel.arrays import Array, Value
from costmodel.cohorts import in_service, shifted
from costmodel.demand import Task, attempts, month, serves_month, token_quantities
from costmodel.fields import Number, Text
from costmodel.lines import line, lines_of
from costmodel.option import Deferred, Result, StandaloneOption, serves
from costmodel.overheads import CARRIED, overhead_lines, overhead_quantities
from costmodel.quantity import quantity
from costmodel.tiers import support_usd
from costmodel.units import MONTHS_PER_YEAR, MS_PER_S, index, rounded_up


class Seats(StandaloneOption):
    """A subscription to an assistant for each user: the application and the model in one price."""

    title: ClassVar[str] = "Seats"
    catalogues: ClassVar[tuple[str, ...]] = ("seat_prices",)
    prepaid_months: ClassVar[int] = MONTHS_PER_YEAR  # that one payment by the year is for

    kind: Literal["seats"]
    provider: Annotated[Text, Field(description="Who sells the seats.")]
    product: Annotated[Text, Field(description="What is subscribed to.")]
    users: Annotated[float, Number("users", 1, 1e9, "People who could use it in month 1.", label="People")]
    licensed_frac: Annotated[
        float, Number("share", 0, 1, "Share of these people who get a seat.", label="People with a seat")
    ]
    user_growth_per_year: Annotated[float, Number("per year", -0.9, 20, "Yearly growth of the number of people.")]
    seat_usd_per_user_month: Annotated[
        float, Number("USD/user-month", 0, 1e5, "Price of one seat for a month.", label="Price of a seat")
    ]
    discount_frac: Annotated[
        float,
        Number("share", -1, 1, "Negotiated discount on seats; a negative one is a surcharge.",
               label="Discount on seats"),
    ]  # fmt: skip
    price_change_per_year: Annotated[
        float, Number("per year", -0.95, 5, "Yearly change of the price of a seat, from one term to the next.")
    ]
    term_months: Annotated[
        int,
        Number(
            "months",
            1,
            120,
            "Months of a term, in which the number of seats does not fall and their price stands.",
            whole=True,
        ),
    ]
    least_seats: Annotated[
        int, Number("seats", 0, 1e8, "Seats that are paid for at least.", whole=True, label="Least number of seats")
    ]
    billing: Annotated[
        Literal["monthly", "yearly"],
        Field(description="Paid at the end of each month, or for a year in advance; a term then lasts whole years."),
    ]
    limit_requests_per_user_month: Annotated[
        float,
        Number(
            "requests/user-month",
            0,
            1e7,
            "Requests that one seat may send in a month; 0 is not known.",
            label="Requests included in a seat",
            unknown=True,
        ),
    ]
    first_token_ms: Annotated[
        float, Number("ms", 0, 1e6, "Time from the request until the first token leaves the provider.")
    ]
    time_per_token_ms: Annotated[float, Number("ms", 0, 10000, "Time between two tokens of an answer.")]
    support_usd_per_month: Annotated[float, Number("USD/month", 0, 1e8, "Support plan of the provider.")]

    @property
    def committed_months(self) -> Value:
        """Months of a term as it binds: of whole years where seats are paid for by the year."""
        if self.billing == "yearly":
            return rounded_up(self.term_months / MONTHS_PER_YEAR) * MONTHS_PER_YEAR
        return self.term_months

    def says_what_it_carries(self) -> bool:
        """Only where a seat says how many requests it includes."""
        return bool(self.limit_requests_per_user_month)

    def lock_in_months(self) -> int:
        """The term as it binds."""
        return int(self.committed_months)

    def seller(self) -> str:
        """Who sells the seats."""
        return self.provider

    def bought(self) -> str:
        """The product."""
        return self.product

    def priced_by(self) -> Mapping[str, str]:
        """A seat."""
        return {"seat_usd_per_user_month": ""}

    def negotiated_discount(self) -> Value:
        """On all of it."""
        return self.discount_frac

    def list_price_ratio(self, line: str) -> float:
        """Seats are sold at a discount, however they are paid."""
        discounted = line in ("seats", "seats_upfront") and self.discount_frac < 1
        return 1 / (1 - self.discount_frac) if discounted else 1.0


def _term_began(task: Task[Seats]) -> Array:
    """Month in which the term that runs in each month began. Shape (T+1,)."""
    months = month(task.scenario)
    return months - (months - task.first_month) % task.option.committed_months


@quantity("seats", "Seats paid for")
def seats_paid(task: Task[Seats]) -> Array:
    """Whole seats of each month: what the users of the month need, and no fewer than when the running term began.

    A task that is given a share of all requests has that share of the users. Within a term seats are added at its
    price and end with it.
    """
    option, growth = task.option, task.option.user_growth_per_year
    most = np.maximum(index(growth, month(task.scenario) - 1), index(growth, _term_began(task) - 1))
    # seats = share * users * share
    wanted = most * (task.share * option.users * option.licensed_frac)
    return serves_month(task) * np.maximum(rounded_up(wanted), option.least_seats)


@quantity("ratio", "Seat price index")
def seat_price_index(task: Task[Seats]) -> Value:
    """Price of a seat in the term that runs in each month relative to the list of month 1, discounts included."""
    return index(task.option.price_change_per_year, _term_began(task) - 1) * (1 - task.option.discount_frac)


@quantity("seats", "Seats paid for by the year")
def seats_bought(task: Task[Seats]) -> Array:
    """Seats for which a year is paid at each column, for the months after it; none where they are paid by the month."""
    months = month(task.scenario)
    if task.option.billing == "monthly":
        return 0 * months
    begins = (months - task.first_month) % MONTHS_PER_YEAR == 0
    return shifted(begins * seats_paid(task), -1)


@quantity("seats", "Seats paid in advance")
def prepaid_seats(task: Task[Seats]) -> Array:
    """Seats of each month that were paid for when its year began."""
    return in_service(seats_bought(task), 1, MONTHS_PER_YEAR)


@quantity("ratio", "Peak carried within the requests of the seats")
def included_ratio(task: Task[Seats]) -> Array:
    """Requests of a month that the seats include, relative to what all demand asks for; 1 where nobody says a limit.

    Assumes that users share what their seats include. A limit by the hour is not known of any product, so the busiest
    hour is carried wherever the month is.
    """
    limit, asked = task.option.limit_requests_per_user_month, attempts(task)
    # ratio = seats * requests/user-month / (requests/month)
    within = np.where(asked > 0, seats_paid(task) * limit / np.where(asked > 0, asked, 1), 0)
    return np.where(limit > 0, within, serves_month(task))


def _price(task: Task[Seats]) -> Any:
    return seat_price_index(task) * task.option.seat_usd_per_user_month


@quantity("USD", "Monthly value of seats paid by the year")
def prepaid_value(task: Task[Seats]) -> Array:
    """What a month of the seats that are paid for at each column is worth, USD, at the price of the month after it."""
    return seats_bought(task) * shifted(_price(task), -1)


@line("Seats", "Seats")
def seats_usd(task: Task[Seats]) -> Value:
    """Seats paid by the month x price; those that were paid for when their year began are not among them."""
    # USD/month = seats * USD/seat-month
    return np.maximum(seats_paid(task) - prepaid_seats(task), 0) * _price(task)


@line("Seats, paid by the year", "Seats", "purchase", spread_over="prepaid_months", prepaid=True)
def seats_upfront_usd(task: Task[Seats]) -> Array:
    """A year of the seats of its first month, paid in advance."""
    # USD = USD/month * months
    return prepaid_value(task) * MONTHS_PER_YEAR


@line("Prepaid seats not yet used", "Seats", "end_credit")
def unexpired_seats_usd(task: Task[Seats]) -> Array:
    """Credit at the end for the months of prepaid seats that lie beyond it."""
    months, horizon = month(task.scenario), task.scenario.finance.horizon_months
    remaining = np.maximum(months + MONTHS_PER_YEAR - horizon, 0)
    # USD = USD/month * months
    unexpired = (prepaid_value(task) * remaining).sum(axis=-1)
    return 0 - (months == horizon) * unexpired[..., np.newaxis]


@serves(Seats)
def costs(task: Task[Seats]) -> Result:
    """Seats x price, whatever is asked of them, with staff, governance and the launch of any option.

    Billed by the year, the seats of its first month are paid in advance and those added within it by the month. Assumes
    that those who have a seat ask all of the requests, that the number of users follows its own growth and not that of
    the requests, and that the answers of the product are as good as its attempts per answer say. What a seat needs
    beside it, such as an office suite, is taken to be there.
    """
    yearly = (seats_upfront_usd, unexpired_seats_usd) if task.option.billing == "yearly" else ()
    lines = lines_of(task, seats_usd, support_usd, *yearly, *overhead_lines(task))
    return Result(lines, Deferred(lambda: _quantities(task), **{CARRIED: lambda: included_ratio(task)}))


def _quantities(task: Task[Seats]) -> dict[str, Value]:
    option = task.option
    return {
        **token_quantities(task),
        "seats": seats_paid(task),
        "prepaid_seats": prepaid_seats(task),
        **overhead_quantities(task, option.first_token_ms / MS_PER_S, option.time_per_token_ms),
    }

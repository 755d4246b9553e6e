"""A scenario whose prices are in another currency: the model is the same whatever money it counts in."""

from collections.abc import Mapping
from types import MappingProxyType

from costmodel.fields import Record, number_of
from costmodel.scenario import Scenario
from pricing.currency import USD, Currency
from reports.words.money import is_money


def localised(scenario: Scenario, currency: Currency) -> Scenario:
    """The scenario with every amount times the rate, so that each result is the amount in that currency.

    Built without validation, since bounds are in USD: it is a copy of one that passed.
    """
    return scenario if currency == USD else _converted(scenario, currency.per_usd)


def _converted(group: Record, rate: float) -> Record:
    kind = type(group)
    return kind.model_construct(**{name: _value(group, name, rate) for name in kind.model_fields})


def _value(group: Record, name: str, rate: float):
    value, spec = getattr(group, name), number_of(type(group), name)
    if isinstance(value, Record):
        return _converted(value, rate)
    if isinstance(value, Mapping):
        return MappingProxyType({key: _converted(member, rate) for key, member in value.items()})
    return value * rate if spec and is_money(spec.unit) else value

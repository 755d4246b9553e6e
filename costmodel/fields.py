"""What a field of the scenario is: its unit, its bounds and its meaning, declared once and read by everything else."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import core_schema

from costmodel.arrays import Array
from costmodel.errors import Amount, Bounds, Fault, ForFiles, Unit, cut
from costmodel.numerals import advice, numeral

SHARES = ("share", "per year")  # units of which 1 is 100 %


@dataclass(frozen=True)
class Number:
    """Metadata and check of a numeric field.

    A value may be one number or an array of them (a draw, a grid); `whole` fields are contract terms and never arrays.
    """

    unit: str
    low: float
    high: float
    meaning: str
    whole: bool = False
    label: str = ""  # for readers, where the field's own name does not say it
    unlimited: bool = False  # the upper bound stands for no limit
    unknown: bool = False  # the lower bound stands for what nobody has said
    suspect_below: float = 0  # smaller amounts above 0 are taken for a price per thousand and refused

    def check(self, value: Any) -> Any:
        """The value as float, int or read-only float array; ValueError with one sentence when it is out of bounds."""
        is_taken = type(value) is float and self.low <= value <= self.high
        if is_taken and not self.whole and not 0 < value < self.suspect_below:
            return value  # as nearly all are, a thousand times for each move of a lever
        if isinstance(value, np.ndarray) and value.ndim:
            return self._checked_array(value)
        if isinstance(value, np.ndarray | np.generic):
            value = value.item()
        if isinstance(value, bool) or not isinstance(value, int | float):
            hint = ForFiles(advice(value, in_percent=self.unit in SHARES) if isinstance(value, str) else "")
            raise Fault("must be a number ({unit}), not {value}{hint}", unit=Unit(self.unit),
                        value=cut(value), hint=hint)  # fmt: skip
        try:
            number = float(value)
        except OverflowError:
            raise Fault("must lie {bounds}", bounds=self.bounds) from None
        if not self.low <= number <= self.high:
            raise self._refusal(number)
        if 0 < number < self.suspect_below:
            raise self._suspicion(number)
        if self.whole:
            if number != int(number):
                raise Fault("must be a whole number ({unit}), not {value}", unit=Unit(self.unit),
                            value=Amount(number, ""))  # fmt: skip
            return int(number)
        return number

    def _checked_array(self, values: Array) -> Array:
        if self.whole:
            raise Fault("is a whole-number term of a contract and takes one value, not an array")
        if values.dtype.kind not in "fiu" or values.size == 0 or isinstance(values, np.ma.MaskedArray):
            raise Fault("must be a non-empty array of numbers ({unit})", unit=Unit(self.unit))
        for extreme in (values.min(), values.max()):
            if not self.low <= extreme <= self.high:
                raise self._refusal(float(extreme))
        if self.suspect_below and (suspect := values[(values > 0) & (values < self.suspect_below)]).size:
            raise self._suspicion(float(suspect[0]))
        if values.flags.writeable or values.dtype != float:
            values = values.astype(float)
            values.flags.writeable = False
        return values

    @property
    def bounds(self) -> Bounds:
        """Its bounds, to be told in a sentence."""
        return Bounds(self.low, self.high, self.unit)

    def _refusal(self, number: float) -> Fault:
        hint = ""
        if self.unit in SHARES and self.high <= 1 < number <= 100:
            hint = f"; {numeral(number, 'g')} looks like a percentage, write {numeral(number / 100, 'g')}"
        return Fault("must lie {bounds}, not {value}{hint}", bounds=self.bounds,
                     value=Amount(number, self.unit), hint=ForFiles(hint))  # fmt: skip

    def _suspicion(self, number: float) -> Fault:
        return Fault("is {value} USD per million tokens, which looks like a price per thousand: write {meant}",
                     value=Amount(number, ""), meant=Amount(number * 1000, ""))  # fmt: skip

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)


class Record(BaseModel):
    """A frozen group of fields without defaults: a forgotten price must not be a free price.

    `aside` tells its fields from those of the same name in another group.
    """

    aside: ClassVar[str] = ""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def __eq__(self, other: object) -> bool:
        """Whether all values are the same, whatever was worked out of either."""
        return type(self) is type(other) and self.__dict__ == other.__dict__


@cache
def number_of(record: type[Record], field: str) -> Number | None:
    """The Number metadata of a field, or None for a choice, a switch or a text."""
    return next((m for m in record.model_fields[field].metadata if isinstance(m, Number)), None)


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of printable text")
    return text


Label = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, strip_whitespace=True),
    AfterValidator(_printable),
    Field(description="Name shown in charts and tables."),
]
Text = Annotated[str, StringConstraints(max_length=120), AfterValidator(_printable)]

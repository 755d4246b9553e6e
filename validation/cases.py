"""What a published case is, the file that holds them, and the register of the runs that reproduce them."""

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

CASES_FILE = Path(__file__).with_name("cases.toml")
NOISE = 1e-9  # of a published figure: below it a difference is one of binary fractions
RUNS: dict[str, Callable[..., Mapping[str, float]]] = {}


def run(function):
    """Register a function that reproduces published figures: inputs by name -> figures by name."""
    RUNS[function.__name__] = function
    return function


def _in_digits(value: float) -> str:
    """A number without an exponent: 0.0000001."""
    return f"{Decimal(f'{value:.6g}'):f}"


class Strict(BaseModel):
    """A row of the file: nothing unknown, nothing converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Figure(Strict):
    """A figure that the case publishes, its unit in words, and how close ours must come: absolute or relative."""

    what: str
    unit: str
    abs: float | None = Field(default=None, gt=0)
    rel: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _has_one_tolerance(self) -> Self:
        if (self.abs is None) == (self.rel is None):
            raise ValueError("give one tolerance, abs or rel")
        return self

    @property
    def allowed(self) -> str:
        """The tolerance in words."""
        if self.rel is not None and self.rel <= NOISE:
            return "exact"
        return f"±{_in_digits(self.abs)}" if self.abs is not None else f"±{_in_digits(self.rel * 100)} %"

    def covers(self, value: float, target: float) -> bool:
        """Whether `value` lies within the tolerance of `target`."""
        return abs(value - target) <= (self.abs if self.abs is not None else self.rel * abs(target))


class Published(Strict):
    """Figures published for one set of inputs; the inputs are added to those of the case."""

    what: str = ""
    inputs: dict[str, Any] = {}
    figures: dict[str, float] = Field(min_length=1)
    remark: str = ""


class Erratum(Published):
    """Published figures that do not follow from the publication's own inputs, and what does follow."""

    follows: dict[str, float]
    remark: str


class Case(Strict):
    """A publication, the convention it uses, and its figures."""

    id: str
    source: str
    url: str = Field(default="", pattern="^(https://.+)?$")
    method: str
    run: str
    inputs: dict[str, Any] = {}
    figures: dict[str, Figure]
    published: tuple[Published, ...] = Field(default=(), strict=False)
    erratum: tuple[Erratum, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _figures_are_declared(self) -> Self:
        for entry in (*self.published, *self.erratum):
            if unknown := set(entry.figures) - set(self.figures):
                raise ValueError(f"{self.id}: figures {sorted(unknown)} have no unit and tolerance")
        for entry in self.erratum:
            if set(entry.follows) != set(entry.figures):
                raise ValueError(f"{self.id}: an erratum says of each figure what follows from the inputs")
        return self


def cases() -> tuple[Case, ...]:
    """Every case of the file, in its order."""
    found = tuple(Case.model_validate(case) for case in tomllib.loads(CASES_FILE.read_text("utf-8"))["case"])
    if len({case.id for case in found}) < len(found):
        raise ValueError("two cases have the same id")
    return found

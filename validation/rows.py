"""Published against ours, one row for each figure."""

from collections.abc import Iterator
from dataclasses import dataclass

from validation.cases import RUNS, Case, Erratum, Figure, Published, cases


@dataclass(frozen=True)
class Row:
    """One published figure beside the engine's. An erratum also says what should `follow` from its inputs."""

    case: str
    what: str
    published: float
    ours: float
    figure: Figure
    remark: str
    source: str
    url: str
    method: str
    follows: float | None = None

    @property
    def is_erratum(self) -> bool:
        """Whether the published figure is known not to follow from the publication's own inputs."""
        return self.follows is not None

    @property
    def unit(self) -> str:
        """Unit of the figure, in words."""
        return self.figure.unit

    @property
    def allowed(self) -> str:
        """Tolerance, in words."""
        return self.figure.allowed

    @property
    def difference(self) -> float:
        """Ours less published, in the unit of the figure."""
        return self.ours - self.published

    @property
    def ok(self) -> bool:
        """Ours is what was published or, for an erratum, what follows from its inputs and not what was published."""
        if self.follows is None:
            return self.figure.covers(self.ours, self.published)
        return self.figure.covers(self.ours, self.follows) and not self.figure.covers(self.ours, self.published)


def results() -> list[Row]:
    """Every case run through the engine, in the order of the file; errata follow the case that they belong to."""
    return [row for case in cases() for entry in (*case.published, *case.erratum) for row in _rows(case, entry)]


def _rows(case: Case, entry: Published) -> Iterator[Row]:
    ours = RUNS[case.run](**{**case.inputs, **entry.inputs})
    for name, published in entry.figures.items():
        figure = case.figures[name]
        yield Row(
            case=case.id,
            what=": ".join(filter(None, (entry.what, figure.what))),
            published=published,
            ours=float(ours[name]),
            figure=figure,
            remark=entry.remark,
            source=case.source,
            url=case.url,
            method=case.method,
            follows=entry.follows[name] if isinstance(entry, Erratum) else None,
        )

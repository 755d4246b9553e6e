"""What only the person who gives a file knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from usage.division import BY_MODEL, By


@dataclass(frozen=True)
class Hints:
    """columns: which column of a log of one's own is which. zone: where its clock stands when times carry no offset.

    month: any moment of the month that a report without times covers. by: what usage is divided by beside the model.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    month: datetime | None = None
    by: By = BY_MODEL

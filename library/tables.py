"""The tables of the library. Times are texts in UTC, documents texts in JSON: readable with any tool, for decades."""

from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, String, Table, Text

SCHEMA = 2
METADATA = MetaData()

ABOUT = Table(
    "crossover_about", METADATA,
    Column("what", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)  # fmt: skip
SCENARIOS = Table(
    "crossover_scenarios", METADATA,
    Column("id", Integer, primary_key=True),
    Column("slug", String(80), nullable=False, unique=True),  # in links, for good
    Column("name", String(80), nullable=False),
    Column("name_key", String(200), unique=True),  # name without case; empty once deleted, so that it is free again
    Column("updated", String(32), nullable=False),
    Column("deleted", Boolean, nullable=False, default=False),
)  # fmt: skip
VERSIONS = Table(
    "crossover_versions", METADATA,
    Column("scenario_id", ForeignKey(SCENARIOS.c.id), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("note", String(500), nullable=False),
    Column("preset", String(80), nullable=False),
    Column("document", Text, nullable=False),
    Column("figures", Text, nullable=False),  # every value as it was, since a document says only what differs
)  # fmt: skip
TAGS = Table(
    "crossover_tags", METADATA,
    Column("scenario_id", ForeignKey(SCENARIOS.c.id), primary_key=True),
    Column("tag", String(40), primary_key=True),
)  # fmt: skip
LINKS = Table(
    "crossover_links", METADATA,
    Column("token", String(60), primary_key=True),
    Column("at", String(32), nullable=False),
    Column("document", Text, nullable=False),
)  # fmt: skip
PRICES = Table(
    "crossover_prices", METADATA,
    Column("key", String(1000), primary_key=True),  # table and name without case
    Column("at", String(32), nullable=False),
    Column("price", Text, nullable=False),
)  # fmt: skip
ROLES = Table(
    "crossover_roles", METADATA,
    Column("scenario_id", ForeignKey(SCENARIOS.c.id), primary_key=True),
    Column("person", String(254), primary_key=True),
    Column("role", String(10), nullable=False),
)  # fmt: skip
OPEN_LINKS = Table(
    "crossover_open_links", METADATA,
    Column("token", String(60), primary_key=True),
    Column("scenario_id", ForeignKey(SCENARIOS.c.id), nullable=False, unique=True),
)  # fmt: skip
CHANGES = Table(
    "crossover_changes", METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("person", String(254), nullable=False),
    Column("action", String(400), nullable=False),
    Column("slug", String(80), nullable=False, index=True),
    Column("about", String(500), nullable=False),
)  # fmt: skip


def written(at: datetime) -> str:
    """A time as the tables hold it; it must know its zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone says nothing: give it one")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def read(text: str) -> datetime:
    """A time of the tables."""
    return datetime.fromisoformat(text)

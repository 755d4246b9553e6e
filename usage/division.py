"""What usage is divided by: the model, or the project, key or tag that a file names, read only when somebody asks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intake.fields import short_name
from intake.records import Record, at, each, inner, spelled

MODEL, PROJECT, KEY, TAG = "model", "project", "key", "tag"
COLUMNS = {  # what is asked -> columns that may name it, the clearest first
    PROJECT: (
        "project_name", "workspace_name", "project/name", "project/id", "project_id", "workspace", "workspace_id",
        "team_alias", "team_id", "entity_alias", "entity_id", "team", "project", "department", "cost_center",
        "SubAccountName", "SubAccountId", "SubscriptionName", "resource_group", "line_item_usage_account_name",
        "line_item_usage_account_id", "lineItem/UsageAccountId", "environment",
    ),
    KEY: ("key_alias", "api_key_name", "user_api_key_alias", "app_name", "api_key", "api_key_id"),
    TAG: ("tags", "labels", "resource_tags", "request_tags"),
}  # fmt: skip
SECRET = re.compile(r"(sk|pk|rk|gsk|xai)[-_]|AIza|AKIA|[A-Za-z0-9+/_-]{32,}$")
NAMELESS = "a key without a name"


@dataclass(frozen=True)
class By:
    """What a file's usage is divided by: one of the kinds above; `tag` is the name of a tag that has one."""

    kind: str = MODEL
    tag: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read for it; none for the model, which every reader takes."""
        return tuple(name.replace("/", ".") for name in COLUMNS.get(self.kind, ()))

    def of(self, record: Record) -> str | None:
        """Who a record is of; None where it does not say."""
        for name in COLUMNS.get(self.kind, ()):
            value = at(record, *name.split("/"))
            found = self._tagged(value) if self.kind == TAG else short_name(value)
            if found:
                return NAMELESS if self.kind == KEY and SECRET.match(found) else found
        return None

    def _tagged(self, value: Any) -> str | None:
        """The value of the tag in an object, a list of names and values, or a list of words such as team:search."""
        value = inner(f"{{{value}}}" if isinstance(value, str) and value.startswith('"') else value)
        if isinstance(value, Mapping):
            names = [name for name in value if name == spelled(self.tag) or name.endswith(f".{spelled(self.tag)}")]
            names += [name for name in value if name == f"user{spelled(self.tag)}"]
            return short_name(value[names[0]]) if names else None
        for entry in each(value):
            if isinstance(entry, Mapping) and short_name(at(entry, "key")) == self.tag:
                return short_name(at(entry, "value"))
            if isinstance(entry, str) and (not self.tag or entry.startswith(f"{self.tag}:")):
                return short_name(entry.removeprefix(f"{self.tag}:"))
        return None


BY_MODEL = By()

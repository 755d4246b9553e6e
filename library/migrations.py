"""Documents of older versions, brought up to the version of today, one step after another."""

from collections.abc import Callable, Mapping
from typing import Any

from pricing.documents import FORMAT, VERSION

Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: dict[int, Step] = {}  # version -> what makes the next one of its documents; none is needed so far


def migrated(content: Any) -> Any:
    """The document in today's version; whatever is no older document comes back as it is, for its reader to judge."""
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        return content
    document = dict(content)
    while isinstance(version := document.get("version"), int) and version < VERSION and version in STEPS:
        document = {**STEPS[version](document), "version": version + 1}
    return document

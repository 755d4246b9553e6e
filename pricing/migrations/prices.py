"""Version 6 to 7: catalogues were corrected; a scenario that somebody worked on keeps the prices it was made with."""

import csv
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pricing.migrations.anchors import NOTES

Document = dict[str, Any]
OWN = {"changes": dict, "added": dict, "removed": list, "ranges": dict}
KEPT = "Prices stay as they were when this scenario was made; the catalogues of today have others."


def with_prices_of_6(document: Document) -> Document:
    """What a preset took from the catalogues then, as changes, unless the document is the preset and follows it.

    What a document does not name had the preset's value, whatever else was chosen, so that value is the one to keep.
    """
    parts = {name: document.get(name, kind()) for name, kind in OWN.items()}
    if not any(parts.values()) or not all(isinstance(part, OWN[name]) for name, part in parts.items()):
        return document
    gone = {*parts["added"], *map(str, parts["removed"])}
    preset, changes = str(document.get("preset")), parts["changes"]
    then = {path: value for path, value in _then().get(preset, {}).items() if path.split(".")[1] not in gone}
    if then.keys() <= changes.keys():
        return document
    return {**document, "changes": {**then, **changes}, NOTES: (KEPT,)}


@cache
def _then() -> Mapping[str, Mapping[str, Any]]:
    """Preset -> path -> value of version 6, of what is another today."""
    found: dict[str, dict[str, Any]] = {}
    with (Path(__file__).parent / "prices_of_6.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["preset"], {})[row["path"]] = json.loads(row["value"])
    return found

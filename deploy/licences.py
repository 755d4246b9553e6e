"""Completes a bill of materials and tells its licences: `python -m deploy.licences sbom.cdx.json`."""

import json
import re
import sys
from pathlib import Path
from typing import Any

COPYLEFT = re.compile(r"\b(A?GPL|SSPL|GNU (Affero )?General Public)", re.IGNORECASE)  # the Lesser one is none of these

READ = {  # component -> what its own licence file is, where its description names it in words alone or not at all
    "CurrencyConverter": "Apache-2.0", "protobuf": "BSD-3-Clause", "pyarrow-hotfix": "Apache-2.0",
    "pydeck": "Apache-2.0",
}  # fmt: skip


def completed(bill: dict[str, Any]) -> dict[str, Any]:
    """The bill with the licences that were read for it."""
    known = {name: [{"license": {"id": licence}}] for name, licence in READ.items()}
    components = [
        component if component.get("licenses") else {**component, "licenses": known.get(component["name"], [])}
        for component in bill.get("components", [])
    ]
    return {**bill, "components": components}


def licences(component: dict[str, Any]) -> list[str]:
    """The licences of a component, as its publisher names them."""
    said = [entry.get("license", entry) for entry in component.get("licenses", [])]
    names = [entry.get("id") or entry.get("name") or entry.get("expression") or "" for entry in said]
    return sorted({name.splitlines()[0][:60] for name in names if name.strip()})


def by_licence(bill: dict[str, Any]) -> dict[str, list[str]]:
    """Licences together -> components; those of whom nobody says a licence under an empty text."""
    found: dict[str, list[str]] = {}
    for component in bill.get("components", []):
        found.setdefault(", ".join(licences(component)), []).append(
            f"{component['name']} {component.get('version', '')}"
        )
    return dict(sorted(found.items()))


def main(arguments: list[str]) -> int:
    """Print components by licence; 1 when one has none or one that binds what it is delivered with."""
    (file,) = arguments
    bill = completed(json.loads(Path(file).read_text("utf-8")))
    Path(file).write_text(json.dumps(bill, indent=2) + "\n", "utf-8")
    found = by_licence(bill)
    for licence, components in found.items():
        print(f"{licence or 'NO LICENCE SAID'}: {', '.join(sorted(components))}")
    wrong = [licence for licence in found if not licence or COPYLEFT.search(licence)]
    print(f"{sum(map(len, found.values()))} components; to be looked at: {wrong or 'none'}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

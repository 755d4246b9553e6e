"""The glossary: one table of the names that the code and the pages use. `python -m tests.glossary` prints it anew."""

import csv
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docs"
TABLE, PAGE = FOLDER / "glossary.csv", FOLDER / "glossary.md"


def entries() -> list[dict[str, str]]:
    """The rows of the table: name, meaning, reference, names in code that are gone for it, whether readers meet it."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page() -> str:
    """The glossary as a page of the documentation."""
    head = (
        "# Names\n\nPrinted from `docs/glossary.csv` by `python -m tests.glossary`. Names that are gone stay "
        "gone.\n\n| name | meaning | known from | in place of |\n|---|---|---|---|\n"
    )
    return head + "".join(
        f"| {row['name']} | {row['meaning']} | {row['reference']} | {row['retired']} |\n" for row in entries()
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

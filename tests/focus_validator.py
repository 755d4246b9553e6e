"""The FinOps Foundation's own validator on the forecast of every preset, run by `make focus`; it needs Python 3.12.

It ends with 0 whatever it finds, so its report is read. It opens a list of currencies by a relative path, so it is run
where it is installed. FOCUS 1.2 is the only version whose rules it brings along.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from costmodel.comparison import compare
from pricing.presets import preset, presets
from reports.files.focus import focus

# Two rules that exclude each other, null and not null, under one that asks for either; a forecast has no invoice.
EITHER = {"InvoiceId-C-005-C"}
TOTAL = re.compile(r"Total: (\d+) \| Pass: (\d+) \| Fail: (\d+)")
FAILED = re.compile(r"^\S+ (\S+): FAIL\b.*?msg=(.*)$", re.MULTILINE)


def failures(report: str) -> dict[str, str]:
    """Rule -> what it says, of those that failed; ValueError when the report does not hold as many as it counts."""
    total, found = TOTAL.search(report), dict(FAILED.findall(report))
    if not total or int(total[2]) == 0 or int(total[3]) != len(found):
        raise ValueError(f"This is no whole report of the validator: {report[:200]!r}")
    return {rule: said for rule, said in found.items() if rule not in EITHER}


def report_on(validator: Path, file: Path) -> str:
    """What the validator says of a file of FOCUS 1.2."""
    (place,) = validator.parent.parent.glob("lib/python*/site-packages")
    command = [
        validator,
        "--data-file",
        file,
        "--validate-version",
        "1.2",
        "--block-download",
        "--output-type",
        "console",
    ]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=True).stdout


def main(validator: str) -> int:
    """Print what fails, by preset; 1 when anything does."""
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for slug in presets():
            scenario, file = preset(slug).scenario, Path(folder) / f"{slug}.csv"
            file.write_bytes(focus(compare(scenario), version="1.2"))
            found = failures(report_on(Path(validator).absolute(), file))
            print(f"{slug}: {len(found)} rules fail", *(f"\n  {rule}: {said}" for rule, said in found.items()))
            failed |= bool(found)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Asks for known vulnerabilities: `python -m deploy.audit .sbom/tools/bin/pip-audit requirements-team.txt`.

A package index may answer without knowing of any vulnerability, as many mirrors do, and pip-audit then finds none. So
it is first asked about a package of which everybody knows one; where that is not known, nothing was looked up.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CONTROL = "pyyaml==5.3"  # runs what a file of it says: CVE-2020-14343, of 2021
AWAY = "No database of vulnerabilities is at hand: it does not know that of {control}. Nothing was looked up."


def asked(tool: str, requirements: Path) -> list[dict[str, Any]]:
    """What pip-audit says of each package; nothing where it cannot ask."""
    flags = ["--no-deps", "--disable-pip", "--timeout", "10", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run([tool, *flags, "-r", str(requirements)], capture_output=True, text=True)
    try:
        return json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return []


def told(control: list[dict[str, Any]], found: list[dict[str, Any]]) -> tuple[list[str], int]:
    """(sentences, 1 where there are vulnerabilities or packages that nobody could say anything about)."""
    if not any(package.get("vulns") for package in control):
        return [AWAY.format(control=CONTROL)], 0
    known = [
        f"{package['name']} {package['version']}: {vulnerability['id']}, mended in "
        f"{', '.join(vulnerability.get('fix_versions', ())) or 'no version yet'}."
        for package in found
        for vulnerability in package.get("vulns", ())
    ]
    skipped = [package["name"] for package in found if "skip_reason" in package]
    unknown = [f"Not looked up: {', '.join(skipped)}."] if skipped else [] if found else ["Nothing was looked up."]
    count = len(found) - len(skipped)
    return [*known, *unknown, f"{len(known)} known vulnerabilities of {count} packages."], int(bool(known or unknown))


def main(arguments: list[str]) -> int:
    """Print what is known of the pinned packages."""
    tool, requirements = arguments
    with tempfile.TemporaryDirectory() as folder:
        control = Path(folder) / "control.txt"
        control.write_text(f"{CONTROL}\n")
        known = asked(tool, control)
    sentences, code = told(known, asked(tool, Path(requirements)) if known else [])
    print(*sentences, sep="\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

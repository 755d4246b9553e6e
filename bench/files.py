"""What somebody waits for who takes the default scenario along: each file of the export page, and what is allowed."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from functools import partial

from answers.analysis import Analysis
from bench.engine import in_turns, row
from pricing.documents import Opened
from pricing.presets import DEFAULT, preset
from reports.files.offered import PAPERS, TABLES, Wish

ROUNDS = 5
TABLE_S, PAPER_S = 0.2, 2.0  # most seconds for a CSV file, and for a workbook, slides or a brief


def main() -> None:
    """Print a row for each file."""
    wish = Wish(Analysis(Opened(preset(DEFAULT).scenario, DEFAULT)))
    files = {file.label: file for file in (*TABLES, *PAPERS)}
    times = in_turns({label: partial(file.make, wish) for label, file in files.items()}, ROUNDS)
    print("Files of the default scenario:")
    for label, seconds in times.items():
        most = TABLE_S if files[label].mime == "text/csv" else PAPER_S
        row(label, seconds, note=f"{'within' if seconds <= most else 'over'} {most:g} s")


if __name__ == "__main__":
    ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter).parse_args()
    main()

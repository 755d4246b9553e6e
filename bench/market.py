"""What finding and pricing all listed models takes: medians of processor time, after the first time.

Budgets: all models in one run 100 ms, the first hits of a search 100 ms, the page of prices 300 ms.
"""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import date
from time import process_time

from bench.engine import in_turns
from costmodel.comparison import compare
from pricing.market import market, offers
from pricing.presets import DEFAULT, preset
from reports.words.catalogue import CATALOGUES, catalogue, found
from reports.words.market import cheaper, matching, table

ROUNDS = 15
WANTED = "gpt-oss 120b"


def main() -> None:
    """Print a line for each."""
    today, tokens = date.today(), next(iter(CATALOGUES))
    scenario = preset(DEFAULT).scenario
    start = process_time()
    whole = market(scenario, offers())
    matching(whole, WANTED)
    catalogue(tokens, today)
    print(f"The first time, catalogue read: {(process_time() - start) * 1e3:,.0f} ms; {len(offers()):,} offers.")
    comparison = compare(scenario)
    times = in_turns(
        {
            "all models priced in one run": lambda: market(scenario, offers()),
            "the sentence of the verdict": lambda: cheaper(comparison, {}),
            "first hits among all models": lambda: table(whole, matching(whole, WANTED), {}),
            "all models as a table": lambda: table(whole, matching(whole, ""), {}),
            "search on the page of prices": lambda: found(tokens, today, WANTED),
            "all rows of the page of prices": lambda: found(tokens, today, ""),
        },
        ROUNDS,
    )
    for name, seconds in times.items():
        print(f"{name:<34}{seconds * 1e3:>8.1f} ms")


if __name__ == "__main__":
    ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter).parse_args()
    main()

"""Numbers that others published, reproduced by the engine through ordinary scenarios.

`cases.toml` holds what was published: inputs, figures, tolerances, sources, errata. Each case names a run, a small
function that turns the inputs into a scenario in which everything unnamed costs nothing, and reads the result.
"""

from validation import bills, break_evens, textbook, unit_costs  # registers the runs
from validation.cases import NOISE
from validation.rows import Row, results

__all__ = ["NOISE", "Row", "bills", "break_evens", "results", "textbook", "unit_costs"]

"""Pages and papers are drawn from few draws as from many.

`python -m tests.few_draws` is Streamlit that takes few, for which one worker is enough.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from streamlit.web.cli import main

from answers import analysis
from answers.pool import VARIABLE
from dashboard import uncertainty

FEW_DRAWS = {"DRAWS": (100, 200), "OVERVIEW_DRAWS": 300}
PAPER_DRAWS = 1200  # more than a slice, and than the numbers of draws at which papers say what was known by then


@contextmanager
def few_draws() -> Iterator[None]:
    """Whatever is drawn within the block takes few draws."""
    with patch.multiple(uncertainty, **FEW_DRAWS), patch.object(analysis, "DRAWS", PAPER_DRAWS):
        yield


if __name__ == "__main__":
    os.environ.setdefault(VARIABLE, "1")
    with few_draws():
        main(prog_name="streamlit")

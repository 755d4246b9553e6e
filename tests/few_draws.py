"""Pages are drawn from few draws as from many. `python -m tests.few_draws` is Streamlit with pages that take few."""

from unittest.mock import patch

from streamlit.web.cli import main

from dashboard import uncertainty

FEW_DRAWS = {"DRAWS": (100, 200), "OVERVIEW_DRAWS": 300}  # the presentation ranks every number: more draws than those

if __name__ == "__main__":
    with patch.multiple(uncertainty, **FEW_DRAWS):
        main(prog_name="streamlit")

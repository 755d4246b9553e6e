"""What axe finds on a page: whatever not everybody can read or reach."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# What Streamlit itself causes, by axe's rule: the elements that it is about. Nothing else may be found.
STREAMLIT_S_OWN = {
    # st.file_uploader draws its drop zone as <section role="presentation" aria-label=...>: minor, best practice.
    "presentation-role-conflict": '[data-testid="stFileUploaderDropzone"]',
    # st.dataframe gives the column of its row markers a heading without a text: minor, best practice.
    "empty-table-header": '[data-testid="stDataFrame"] th',
    # The key on a button with a shortcut stands in Streamlit's faded grey: serious; with Streamlit's own as with ours.
    "color-contrast": "kbd",
}
VIOLATIONS = """
within => axe.run(within ?? document, { resultTypes: ["violations"] }).then(results => results.violations)
"""


def found(page: Page, within: str | None = None) -> list[str]:
    """What axe finds on the page or in a part of it, apart from what Streamlit itself causes."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in page.evaluate(VIOLATIONS, within)
        for node in violation["nodes"]
        if not is_streamlit_s(page, violation["id"], node["target"][0])
    ]


def is_streamlit_s(page: Page, rule: str, target: str) -> bool:
    """Whether Streamlit is known to break this rule with this element."""
    own = STREAMLIT_S_OWN.get(rule)
    return own is not None and page.locator(target).evaluate("(node, own) => node.matches(own)", own)

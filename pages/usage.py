"""The reader's own usage and bills: files are dropped, told, mapped, and taken into the scenario."""

import streamlit as st

from dashboard import components, decisions, door, messages, usage_views
from dashboard.navigation import HOME, page
from reports.words import usage as words
from usage.bill import bill
from usage.workload import workload

top = st.container()
usage = usage_views.files()
found = workload(usage.reading) if usage else None
top.title(components.plain(words.title(found, bill(usage.reading) if usage else None)))
if not usage:
    door.one_line("usage:line", "Or say it in one line")
    components.said_of(door.DONE)
    if messages.told(door.DONE):
        st.page_link(page(HOME), label="What that means for the answer", icon=":material/arrow_forward:")
if usage and usage.reading.files:
    usage_views.told(usage)
    keep = usage_views.selection(usage)
    found = usage_views.numbers(usage, keep)
    met, discount = usage_views.invoices(usage, keep, found)
    if found:
        usage_views.take(usage, keep, found, met, discount)
        decisions.compared(usage, keep, found, met, discount)
    usage_views.teams(usage, keep)
    table = words.totals_table(usage.reading, keep)
    st.header(components.plain(table.headline))
    components.table(table.columns, table.rows, numeric=range(2, len(table.columns)), key="usage_totals")

"""The parts of the page on the reader's own usage: files, what they say, the workload, the bill, taking it over."""

from collections.abc import Callable, Mapping
from zoneinfo import available_timezones

import streamlit as st

from costmodel.fields import Number, number_of
from costmodel.numerals import numeral
from costmodel.options.token_api import TokenApi
from dashboard import components, long_reads, messages, own_usage, state, widgets
from dashboard.components import plain
from dashboard.navigation import page
from dashboard.own_usage import Said, Usage
from dashboard.plot import plot
from dashboard.uncertainty_charts import rows_height
from dashboard.usage_charts import bars
from reports.files import charges
from reports.words import usage as words
from reports.words.briefing import Table
from reports.words.money import in_currency
from usage.bill import Bill, bill
from usage.division import KEY, MODEL, PROJECT, TAG, By
from usage.tally import Key
from usage.teams import label, shares
from usage.times import named_month
from usage.workload import Found, workload

FILES, TAKE = "usage:files", "usage:take"
KINDS = (
    "Exports of OpenAI, Anthropic, AWS, Azure, Google Cloud, OpenRouter, LiteLLM, Langfuse, Helicone, OpenTelemetry, "
    "Vercel and DeepSeek, FOCUS files, or a log of your own: CSV, JSON, JSON lines or Parquet, also zipped."
)
LARGER = "Larger files are read on the command line: python -m usage."
PRIVATE = (
    "Read on this machine and sent nowhere. Texts, users and keys in the files are stepped over; only sums by hour, "
    "provider and model stay, as long as this session lasts."
)
USUAL = "found by its usual name"
DIVISIONS = {MODEL: "Model", PROJECT: "Project or workspace", KEY: "Name of the key", TAG: "Tag"}
ASKED_COLUMNS = ("time", "model", "input", "output", "cached", "requests", "cost")
DISCOUNT = number_of(TokenApi, "discount_frac")
REQUESTS = Number("requests/month", 1, 1e12, "Calls that were answered in that month, from your own records.")
BILLED = Number("USD/month", 0.01, 1e12, "The invoice for that month, without tax.")


def files() -> Usage | None:
    """The upload with what only the reader knows of its files; what was read, or None."""
    uploaded = own_usage.drop("Usage and billing files", FILES, f"{KINDS} {LARGER}")
    st.caption(f"{KINDS} {PRIVATE}")
    if uploaded:
        said = _said(own_usage.kept())
        usage = own_usage.take_files(uploaded, said)
        if usage and usage.said.columns != (chosen := _columns(usage)):
            usage = own_usage.take_files(uploaded, Said(said.zone, said.month, said.by, chosen))
        if not usage:
            long_reads.tell_stopped()
    else:
        usage = own_usage.kept()
        if usage:
            st.caption(f"Read before: {plain(', '.join(file.name for file in usage.reading.files))}. Files that are "
                       "dropped now take their place; to add them up, drop all of them together.")  # fmt: skip
            st.button("Forget these files", on_click=own_usage.forget)
    if usage:
        for sentence in usage.reading.refusals:
            st.error(plain(sentence))
        for sentence in usage.reading.aside:
            st.info(plain(sentence))
    return usage


def _said(before: Usage | None) -> Said:
    by = _division()
    with st.expander("Times: zone and month", key="usage:times"), st.container(horizontal=True):
        zones = ["UTC", *sorted(available_timezones() - {"UTC"})]
        zone = st.selectbox("Clock of times without an offset", zones, key="usage:zone", width=300)
        month = st.text_input("Month of a report that names none, such as 2026-10", key="usage:month", width=300)
    columns = before.said.columns if before else {}
    if month and named_month(month) is None:
        components.remark("Write the month like 2026-10.", "usage:month", refused=True)
        month = ""
    return Said(zone, month, by, columns)


def _division() -> By:
    """What usage is divided by; names of projects, keys and tags are read only when they are asked for."""
    with st.container(horizontal=True):
        kind = st.selectbox("Divide by", list(DIVISIONS), format_func=DIVISIONS.get, key="usage:by", width=300,
                            help="Names of projects, keys and tags are read only when asked for here.")  # fmt: skip
        tag = st.text_input("Name of the tag", key="usage:tag", width=300) if kind == TAG else ""
    return By(kind, tag.strip())


def _columns(usage: Usage) -> Mapping[str, Mapping[str, str]]:
    """Which column is which, asked for each table that was not recognised."""
    found = {}
    for name, headings in usage.headings.items():
        if not headings:
            continue
        with st.container(border=True):
            st.markdown(f"**Which column of {plain(name)} is which?**")
            picked = {}
            with st.container(horizontal=True):
                for what in ASKED_COLUMNS:
                    label = what.capitalize() if what in ("time", "model", "requests", "cost") else f"{what} tokens"
                    column = st.selectbox(label[:1].upper() + label[1:], [USUAL, *headings], width=200,
                                          key=f"usage:column:{name}:{what}")  # fmt: skip
                    picked |= {} if column == USUAL else {what: column}
            found |= {name: picked} if picked else {}
    return found


def told(usage: Usage) -> None:
    """What each file is and what is to be said of it."""
    reading = usage.reading
    for sentence in reading.sentences():
        st.warning(plain(sentence))
    with components.fold(f"Files read ({len(reading.files)})", key="usage:told") as box:
        if box.open:
            for file in reading.files:
                st.markdown(f"**{plain(file.name)}**: {plain(', '.join(file.formats))}, {numeral(file.rows, ',')} rows")
                if about := reading.about(file):
                    components.listing(about)


def selection(usage: Usage) -> Callable[[Key], bool]:
    """Which models or teams count, everything where none is chosen."""
    by = usage.said.by
    known = sorted({label(by)(cell.key) for cell in usage.reading.cells})
    if len(known) < 2:
        return own_usage.chosen(())
    picked = st.multiselect("Only these", known, key=f"usage:only:{by.kind}:{by.tag}", placeholder="All of it")
    return own_usage.chosen(picked, by)


def teams(usage: Usage, keep: Callable[[Key], bool]) -> None:
    """Who used how much, and what each would be charged of every option."""
    by = usage.said.by
    found = shares((cell for cell in usage.reading.cells if keep(cell.key)), by)
    if not found:
        return
    table = words.shares_table(found, by)
    st.header(plain(table.headline))
    left, right = st.columns([3, 2], gap="large")
    with left:
        components.table_of(table)
        components.csv_button("chargeback", lambda: charges.chargeback(found, state.comparison()))
        st.caption("The file has the share of each in the cost of every option of the scenario: a chargeback.")
    if len(found) < 2:  # one bar of all says nothing
        return
    with right:
        shown = found[: words.MOST_BARS]
        plot(bars([(share.name, share.share) for share in shown]), key="teams", height=rows_height(len(shown)),
             alt=f"{table.headline}. Share of each in what the usage costs.")  # fmt: skip


def numbers(usage: Usage, keep: Callable[[Key], bool]) -> Found | None:
    """The workload that the files give, and what they cannot tell."""
    found = workload(usage.reading, keep)
    if found is None:
        st.info("These files hold no usage with a time. Give the usage report too: a bill alone has no workload.")
        return None
    if "requests_per_month" not in found.values:
        own = widgets.own_text(f"Requests in {found.period.name}", REQUESTS, None, key="usage:requests",
                               may_be_empty=True)  # fmt: skip
        if own and own.value:
            found = workload(usage.reading, keep, requests=own.value)
    table = words.workload_table(found, state.scenario())
    st.header(plain(table.headline))
    components.table(table.columns, table.rows, numeric=(1, 2, 4), key="usage_workload")
    if missing := words.unknown(found):
        st.markdown("**What the files cannot tell**, so the scenario’s own figures stand:")
        components.listing(missing)
    return found


def invoices(usage: Usage, keep: Callable[[Key], bool], found: Found | None) -> tuple[Bill, float | None]:
    """The bill beside usage at list price, by month; with the discount that the reader states."""
    met = bill(usage.reading, keep)
    st.header("Is the bill met?")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=320):
            own = widgets.own_text("Discount that your contract states (%)", DISCOUNT, None, key="usage:discount",
                                   may_be_empty=True)  # fmt: skip
        if found and found.months and not met.of(found):
            with st.container(width=320):
                label = in_currency(f"Your bill of {found.period.name} (USD)")
                paid = widgets.own_text(label, BILLED, None, key="usage:billed", may_be_empty=True)
            if paid and paid.value:
                met = bill(usage.reading, keep, {found.months[-1]: paid.value})
    discount = own.value if own else None
    if not met.months:
        st.markdown(words.no_bill(met))
        return met, discount
    table = words.bill_table(met, discount or 0.0)
    _table(table, "usage_bill")
    if asked := words.another_month(met, found):
        st.info(plain(asked))
    if reasons := words.likely(met, discount or 0.0):
        st.markdown("**What may explain the rest**")
        components.listing(reasons)
    return met, discount


def _table(table: Table, key: str) -> None:
    st.subheader(plain(table.headline))
    components.table_of(table, key=key)


def take(usage: Usage, keep: Callable[[Key], bool], found: Found, met: Bill, discount: float | None) -> None:
    """The button that makes the scenario of it."""
    st.header("Decide with these numbers")
    is_known = "requests_per_month" in found.values
    st.button("Take into the scenario", key=TAKE, type="primary", icon=":material/input:", disabled=not is_known,
              on_click=_take, args=(usage, keep, found, met, discount))  # fmt: skip
    if not is_known:
        st.caption("Say first how many requests there were.")
    components.said_of(TAKE)
    if state.current().imported:
        components.met()
        st.page_link(page("overview"), label="See the answer", icon=":material/balance:")


def _take(usage: Usage, keep: Callable[[Key], bool], found: Found, met: Bill, discount: float | None) -> None:
    if own_usage.put_on_screen(usage, keep, found, met, discount, TAKE):
        messages.say("Taken: the workload is yours, and what you run now is an option. Undo takes it back.", TAKE)

"""Pieces that several pages show: the answer, the tiles, a chart with its data, tables."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from costmodel.comparison import Comparison
from costmodel.errors import ScenarioError
from dashboard import messages, state
from dashboard.navigation import page
from dashboard.plot import Frame, plot
from pricing.dates import day
from reports.files import markup
from reports.files.csv_text import csv_bytes
from reports.files.file_names import file_name
from reports.files.markup import set_as_html
from reports.words import titles
from reports.words.bill import badge
from reports.words.bridge import bridge as bridge_table
from reports.words.briefing import Table
from reports.words.labels import lowered
from reports.words.measure import measure
from reports.words.method import FORMULAS
from reports.words.order import difference, leaders, marked, ruling
from reports.words.palette import option_colours
from reports.words.plain import typeset
from reports.words.sourced import own_words, sourced
from reports.words.text import usd, usd_each
from reports.words.verdict import Verdict

CHART_HEIGHT = 400
MARKUP = re.compile(r"[\\`*\[\]$<>~|]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=[a-z-]+[\[/:])|^[#+-]")
LISTED = re.compile(r"^(\d+)([.)])(?=\s)")  # what markdown takes for a place in a list


def answer(comparison: Comparison, verdict: Verdict, decided: str = "") -> None:
    """The verdict as the headline of the page, with what decides and where owning stands, above a tile for each option.

    One message tells all of it: a move of a lever is mostly messages.
    """
    statement = _statement(" ".join(filter(None, (decided, verdict.owning))))
    st.html(_headline(verdict.headline, "verdict") + statement + _tiles(comparison))


def _tiles(comparison: Comparison) -> str:
    """One tile for each option, cheapest first: its cost, per million tokens, difference to the cheapest.

    Who leads stands out, who is ruled out is small. What follows the levers says what it tells.
    """
    colours, leading = option_colours(comparison.costs), leaders(comparison) if comparison.allowed else ()
    count, told = len(comparison.allowed), ""
    for kind, slugs in (("", comparison.ranking[:count]), ("out", comparison.ranking[count:])):
        cells = [_tile(comparison, slug, colours[slug], "best" if slug in leading else "") for slug in slugs]
        told += f'<div class="tiles {kind}">{"".join(cells)}</div>' if cells else ""
    return told


def small_print(assumed: str, sure: str | None, place: Any = st) -> Any:
    """The small lines under the tiles: how sure the verdict is, what it assumes, whether it meets the bill.

    An empty `sure` keeps its room until that is known; None is never known. Returns the place, to tell them anew.
    """
    first = "" if sure is None else f'<p class="sure">{set_as_html(sure)}</p>'
    return place.html(f'{first}<p class="assumed">{set_as_html(assumed)}</p>{_met()}')


def _tile(comparison: Comparison, slug: str, colour: str, kind: str) -> str:
    cost, name = comparison[slug], set_as_html(marked(comparison.scenario, slug))
    out = [lowered(ruling(cost))] if cost.breaches else []
    against = set_as_html(": ".join((difference(comparison, slug), *out)))
    unit = set_as_html(f", {measure(comparison.scenario).said}") if kind else ""
    return (
        f'<div class="tile {kind}" data-option="{slug}" style="border-top-color:{colour}">'
        f'<div class="name">{name}</div><div class="value" data-tells="cost">{usd(cost.net_present_cost_usd)}</div>'
        f'<div class="detail"><b data-tells="difference">{against}</b>{unit}</div>'
        f'<div class="detail"><span data-tells="levelized">{usd_each(cost.levelized_cost_usd_per_mtok)}</span>'
        " per million of its tokens</div></div>"
    )


def colours(comparison: Comparison, drawn: Sequence[str]) -> None:
    """Which colour is whose of the options `drawn`, where no name stands beside what is coloured."""
    known = option_colours(comparison.costs)
    dots = (
        f'<span><b style="color:{known[slug]}">\u25cf</b> {set_as_html(comparison[slug].label)}</span>'
        for slug in drawn
    )
    st.html(f'<p class="colours">{" ".join(dots)}</p>')


def fold(title: str, key: str, **looks: Any) -> Any:
    """An expander whose body is worth making only when it is `open`, which it stays though its title changes.

    To Streamlit one with another title is another one, and closed.
    """
    if key in st.session_state:
        st.session_state[key] = st.session_state[key]
    return st.expander(title, key=key, on_change="rerun", **looks)


def bridge(comparison: Comparison) -> None:
    """From the cash that is paid to the cost that is told, a row for each option."""
    told = bridge_table(comparison)
    with fold(plain(told.headline), key="bridge") as box:
        if box.open:
            table_of(told)


def headline(sentence: str, tells: str = "") -> None:
    """A computed sentence as the headline of the page."""
    st.html(_headline(sentence, tells))


def _headline(sentence: str, tells: str) -> str:
    return f'<h1 class="answer" data-tells="{tells}">{set_as_html(sentence)}</h1>'


def statement(sentence: str) -> None:
    """A computed sentence below the headline, if there is one to say."""
    if sentence:
        st.html(_statement(sentence))


def _statement(sentence: str) -> str:
    return f'<p class="owning">{set_as_html(sentence)}</p>'


def said_of(at: str, about: str = "") -> None:
    """What became of the last entry into an input, right below it, or into none of them; `about` says whose it was."""
    told = messages.told(at)
    if told is None:
        return
    if at == messages.TOP:
        st.error(plain(told.sentence), icon=":material/error:")
        return
    remark(f"{about}: {told.sentence}" if about else told.sentence, at, refused=told.refused)


def remark(sentence: str, at: str, *, refused: bool) -> None:
    """A sentence right below an input: why it was refused, or what became of it."""
    role, kind = ("alert", "refused") if refused else ("status", "taken")
    st.html(f'<p class="{kind}" role="{role}" data-input="{escape(at, quote=True)}">{set_as_html(sentence)}</p>')


def refused(refusal: ScenarioError) -> None:
    """Why a part of the page cannot be shown, in its place."""
    st.error(plain(state.in_words(refusal)), icon=":material/error:")


def met() -> None:
    """Whether usage at list price meets the bill of what is on screen, where there is one."""
    if told := _met():
        st.html(told)


def _met() -> str:
    told = badge(state.current())
    return f'<p class="met">{set_as_html(told)}</p>' if told else ""


def facts(pairs: Sequence[tuple[str, str]]) -> None:
    """A few figures side by side, each with what it is."""
    told = ((set_as_html(what), set_as_html(value)) for what, value in pairs)
    cells = (f'<div class="tile"><div class="detail">{what}</div><div class="fact">{value}</div></div>'
             for what, value in told)  # fmt: skip
    st.html(f'<div class="tiles facts">{"".join(cells)}</div>')


def chart(title: str, figure: dict, *, key: str, alt: str, measure: str, height: int = CHART_HEIGHT,
          note: str = "", costs: bool = True) -> None:  # fmt: skip
    """A chart in its frame: what it says, what is drawn in which unit, what it rests on; data, picture and formula.

    Only one of `costs` rests on prices.
    """
    st.markdown(f"## {plain(title)}")
    opened, today = state.current(), date.today()
    frame = Frame(
        title=typeset(title),
        measure=typeset(measure),
        foot=typeset(f"{note} {sourced(opened) if costs else own_words(opened)}".strip()),
        whose=f"Crossover: {titles.title(opened)}, {day(today)}",
        file=file_name(opened.short_name, f"{key}.csv", today).removesuffix(".csv"),
    )
    if plot(figure, key=key, alt=typeset(alt), height=height, frame=frame):
        st.switch_page(page("method"), query_params={"find": FORMULAS[key]})


def csv_button(key: str, content: Callable[[], bytes]) -> None:
    """The way to take numbers along as a file, made when it is asked for."""
    name = file_name(state.current().short_name, f"{key}.csv", date.today())
    st.download_button("CSV", content, name, "text/csv", key=f"csv:{key}", type="tertiary",
                       icon=":material/download:", on_click="ignore", help="These numbers as a file.")  # fmt: skip


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: Sequence[int] = (),
          caption: str = "", key: str = "", sums: int = 0) -> None:  # fmt: skip
    """A plain table; `numeric` columns are set right. Cells are text, links may be given as (text, address).
    The last `sums` rows add up those above.

    With a `key` it can be taken along as CSV, as it is shown.
    """
    st.html(markup.table(columns, rows, numeric=numeric, caption=caption, sums=sums))
    if key:
        csv_button(key, lambda: csv_bytes(columns, rows))


def table_of(told: Table, *, numeric: Sequence[int] = (), key: str = "") -> None:
    """A table with its note; where nothing is said of its columns, all but the first have figures."""
    table(told.columns, told.rows, numeric=numeric or range(1, len(told.columns)), caption=told.note, key=key)


def transposed(told: Table) -> None:
    """A table with its rows as columns, so that few options with many figures stay readable."""
    table_of(told.transposed())


def listing(sentences: Iterable[str]) -> None:
    """Sentences below each other, each with a point before it."""
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))


def plain(text: str) -> str:
    """A text with what markdown would read as markup made harmless; an underscore within a word is none."""
    return LISTED.sub(r"\1\\\2", MARKUP.sub(r"\\\g<0>", typeset(text)))

"""What else is sold: the line below the verdict, finding and choosing a row, taking it in, marking its model."""

import streamlit as st

from costmodel.comparison import Comparison
from costmodel.scenario import free_slug, with_option
from dashboard import components, state
from dashboard.messages import Entry
from dashboard.option_editor import free_label
from pricing.documents import document
from pricing.market import Market, default_label, market, offers, rented, title
from pricing.marks import LONGEST_WHY, MOST_POINTS, Mark
from pricing.same_model import plain_name
from pricing.token_prices import TokenPrice
from reports.words.market import ACCEPTED, cheaper, matching
from reports.words.text import usd

SHOWN = ("Keep the rules", "Marked", "All")
MOST_CHOICES = 100  # of the hits, the cheapest first, to choose one from
TAKEN = "market_taken"  # where it is said what became of taking a row


def cheaper_line(comparison: Comparison) -> None:
    """What is sold for less and is not compared, with the way to compare it; nothing where there is none."""
    found = cheaper(comparison, state.current().marks)
    if found:
        components.statement(found.sentence)
        take_button(found.row, "take_cheaper")


def take_button(row: TokenPrice, key: str) -> None:
    """Take a row of the market into the comparison."""
    st.button("Take it into the comparison", key=key, icon=":material/add:", on_click=_take, args=(row,))
    components.said_of(TAKEN)


def _take(row: TokenPrice) -> None:
    label = free_label(default_label(row))
    state.replace(lambda now: with_option(now, free_slug(now, label[:40]), rented(now, row, label)), Entry(TAKEN))


def whole_market() -> Market:
    """Every row priced for the scenario on screen, from this session's last run where nothing has changed."""
    shown = state.analysis().opened
    key, (known_key, found) = document(shown), st.session_state.get("market", (None, None))
    if known_key != key:
        found = market(shown.scenario, offers())
        st.session_state["market"] = (key, found)
    return found


def hits(found: Market) -> list[int]:
    """Places of the rows that the reader looks for, in the market's order."""
    which = st.segmented_control("Show", SHOWN, default=SHOWN[0], required=True, key="models_shown")
    places = matching(found, st.text_input("Find", key="models_find", placeholder="Several words: gpt-oss Groq"))
    marked = state.current().marks
    keep = {
        SHOWN[0]: lambda place: found.keeps_rules[place],
        SHOWN[1]: lambda place: marked.get(plain_name(found.rows[place].model), Mark()) != Mark(),
        SHOWN[2]: lambda _: True,
    }
    return [place for place in places if keep[which](place)]


def choose(found: Market, places: list[int]) -> TokenPrice | None:
    """One of the hits, to take it in or mark its model."""
    offered = {f"{row.provider} {row.model}": place for place in places[:MOST_CHOICES] for row in [found.rows[place]]}
    told = lambda key: f"{default_label(found.rows[offered[key]])} · {usd(found.usd[offered[key]])}"  # noqa: E731
    key = st.selectbox("One of them", list(offered), None, format_func=told, key="models_one",
                       placeholder=f"The cheapest {len(offered)}" if offered else "Nothing found")  # fmt: skip
    return found.rows[offered[key]] if key else None


def mark(row: TokenPrice) -> None:
    """Whether the row's model is good enough, why, and what an evaluation found; kept with the scenario."""
    name = plain_name(row.model)
    now = state.current().marks.get(name, Mark())
    keys = [f"mark:{name}:{what}" for what in ("accepted", "why", "points")]
    st.session_state.update(zip(keys, (ACCEPTED[now.accepted], now.why, now.points), strict=True))
    kept = {"on_change": _mark, "args": (name, keys)}
    question = f"Is {title(name)} good enough for this work?"
    st.segmented_control(question, list(ACCEPTED.values()), required=True, key=keys[0], **kept)
    st.text_input("Why", max_chars=LONGEST_WHY, key=keys[1], **kept)
    st.number_input(
        f"Your evaluation, 0 to {MOST_POINTS} points", 0.0, float(MOST_POINTS), None, 1.0, "%.1f", key=keys[2], **kept
    )


def _mark(name: str, keys: list[str]) -> None:
    said, why, points = (st.session_state[key] for key in keys)
    accepted = next(value for value, word in ACCEPTED.items() if word == said)
    state.mark(name, Mark(accepted, why.strip(), points))

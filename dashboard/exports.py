"""The export page's buttons, what it shows of the files, and the way back in."""

import streamlit as st

from costmodel.comparison import Comparison
from costmodel.errors import ScenarioError
from costmodel.lines import LINES
from costmodel.scenario import differences
from dashboard import address, components, heavy, state
from pricing.documents import from_json
from pricing.presets import preset, presets
from reports.files.file_names import file_name
from reports.files.offered import File, Wish
from reports.files.tables import totals
from reports.words.money import converted
from reports.words.text import to_the_cent


def offer(file: File, wish: Wish) -> None:
    """A button that makes the file on the click."""
    name = file_name(wish.opened.short_name, file.what, wish.on)
    made = heavy.later(lambda: file.make(wish))
    st.download_button(file.label, made, name, file.mime, key=f"file:{file.what}", help=file.about,
                       icon=":material/download:", on_click="ignore")  # fmt: skip


def preview(comparison: Comparison) -> tuple[list[str], list[tuple[str, ...]], int]:
    """(columns, rows, how many of the last rows add up those above) of the totals by line and option."""
    costs = comparison.costs.values()
    by_line = [cost.line_totals() for cost in costs]
    rows = [
        (line.label, *(to_the_cent(converted(found[name])) if name in found else "" for found in by_line))
        for name, line in LINES.items()
        if any(name in found for found in by_line)
    ]
    sums = [totals(cost) for cost in costs]
    rows += [(title, *(to_the_cent(converted(found[title][0])) for found in sums)) for title in sums[0]]
    return ["Line", *(cost.label for cost in costs)], rows, len(sums[0])


def open_file(content: bytes) -> str:
    """Open an uploaded scenario and say so; ScenarioError with one sentence, and nothing changed, when it is none."""
    opened = from_json(content)
    state.open_up(lambda: opened)
    changed = len(differences(preset(opened.preset).scenario, opened.scenario))
    what = f"{changed} value{'' if changed == 1 else 's'} of it changed" if changed else "nothing of it changed"
    return f"Opened {opened.name or 'the scenario'}: {presets()[opened.preset]}, {what}. {state.WAY_BACK}"


def show_link() -> None:
    """The link to what is on screen, ready to be copied."""
    try:
        found = address.link_to(state.current())
        if f"?{address.REFERENCE}=" in found:
            st.markdown("**Link.** It is long, so it names this state in the library of this server: who cannot reach "
                        "that opens the scenario file instead.")  # fmt: skip
        else:
            st.markdown("**Link.** It carries what differs from the preset; nothing is stored anywhere.")
        st.code(found, language=None, wrap_lines=True)
    except ScenarioError as refusal:
        components.refused(refusal)

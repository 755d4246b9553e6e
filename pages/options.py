"""The options: add, copy, rename, remove; choose from the catalogues; edit every number with its source beside it."""

import streamlit as st

from dashboard import option_editor, state
from dashboard.blocks import plain

st.title("Options")
scenario = state.scenario()
slugs = list(scenario.options)
names = {slug: scenario.options[slug].label for slug in slugs}

option_editor.add_form()
chosen = st.pills(
    "Option", slugs, format_func=lambda slug: plain(names[slug]), key="option", default=slugs[0], required=True
)
slug = chosen if chosen in scenario.options else slugs[0]
option_editor.actions(slug)

inputs, result = st.columns([3, 2], gap="large")
with inputs:
    option_editor.catalogue(slug)
    st.header("Every number")
    option_editor.field_groups(slug)
with result:
    option_editor.result(slug)
    option_editor.best_share(slug)

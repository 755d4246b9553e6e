"""The options: add, copy, rename, remove; choose from the catalogues; edit every number with its source beside it."""

import streamlit as st

from dashboard import option_editor, state
from dashboard.components import plain
from reports.words.order import marked

st.title("Options")
scenario = state.scenario()
slugs = list(scenario.options)
names = {slug: marked(scenario, slug) for slug in slugs}

option_editor.add_form()
if st.session_state.get("option") not in scenario.options:
    st.session_state["option"] = slugs[0]
slug = st.pills("Option", slugs, format_func=lambda slug: plain(names[slug]), key="option", required=True)
option_editor.actions(slug)

inputs, result = st.columns([3, 2], gap="large")
with inputs:
    option_editor.catalogue(slug)
    st.header("Every number")
    option_editor.field_groups(slug)
with result:
    option_editor.result(slug)
    option_editor.price_path(slug)
    option_editor.best_share(slug)

"""The options as cards: add, copy, rename, remove; choose from the catalogues; find and edit every number."""

import streamlit as st

from dashboard import option_editor, state
from dashboard.components import plain

st.title("Options")
slug = option_editor.cards()
option_editor.add_form()
st.header(plain(state.scenario().options[slug].label))
option_editor.actions(slug)
inputs, result = st.columns([3, 2], gap="large")
with inputs:
    option_editor.catalogue(slug)
    option_editor.every_number(slug)
    option_editor.months(slug)
    option_editor.best_share(slug)
with result, st.container(key="beside"):
    option_editor.result(slug)
    option_editor.price_path(slug)

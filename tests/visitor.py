"""A visitor without a browser: Streamlit's AppTest in the words of this app."""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from unittest.mock import patch

from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest, app_test, local_script_runner
from streamlit.testing.v1.element_tree import TextInput

from answers.analysis import Analysis
from costmodel.scenario import Scenario
from dashboard.address import LINK
from dashboard.navigation import SECTIONS
from dashboard.state import PAIR
from pricing.documents import Opened
from tests.as_typed import as_typed
from tests.few_draws import few_draws
from tests.neutral import plain

ROOT = Path(__file__).parents[1]
PAGES = [name for pages in SECTIONS.values() for name in pages]
TIMEOUT_S = 60
DATA = tempfile.TemporaryDirectory(prefix="crossover-")  # the visitors' library, gone with the tests
SCANNED = cache(manifest_scanner.scan_component_manifests)  # else each visitor reads every installed package
COMPILED = ScriptCache()  # else each visitor compiles every page anew
KEPT = SafeSessionState.filtered_state
READ = {"body", "captions", "help", "label", "options", "placeholder"}  # fields of what Streamlit sends
INPUTS = {"selectbox", "select_slider", "toggle", "text_input", "date_input", "number_input", "button_group", "radio"}


class Asked(Mapping):
    """What a session keeps, looked up by key: Streamlit gathers all of it anew for every input that it draws."""

    def __init__(self, state: SafeSessionState) -> None:
        self._state = state

    def __getitem__(self, key: str) -> Any:
        return self._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(KEPT.fget(self._state))

    def __len__(self) -> int:
        return len(KEPT.fget(self._state))


def ended(runner: local_script_runner.LocalScriptRunner, timeout: float) -> None:
    """Wait for the end of a run; Streamlit looks for it a thousand times a second, which slows the run itself."""
    runner._script_thread.join(timeout)
    if not runner.script_stopped():
        runner.request_stop()
        raise RuntimeError(f"The page was not drawn within {timeout} seconds.")


class Visitor:
    """Opens the app, reads what it shows and uses its inputs; every run must end without an error.

    Who goes to a page first opens the app there; who does not opens the overview by looking at it.
    """

    def __init__(self, link: str = "", user: Mapping[str, Any] | None = None, **query: str) -> None:
        self._at, self._opened = AppTest.from_file(ROOT / "dashboard" / "frame.py", default_timeout=TIMEOUT_S), False
        if user is not None:
            self._at.user = dict(user)
        for name, value in {**query, **({LINK: link} if link else {})}.items():
            self._at.query_params[name] = value

    @property
    def at(self) -> AppTest:
        """What is on screen."""
        if not self._opened:
            self.run()
        return self._at

    def run(self) -> "Visitor":
        """Let the app run with what was entered."""
        with (
            few_draws(),
            patch.dict(os.environ, {"CROSSOVER_DATA": DATA.name}),
            patch.object(manifest_scanner, "scan_component_manifests", SCANNED),
            patch.object(app_test, "ScriptCache", lambda: COMPILED),
            patch.object(local_script_runner, "ScriptCache", lambda: COMPILED),
            patch.object(local_script_runner, "require_widgets_deltas", ended),
            patch.object(SafeSessionState, "filtered_state", property(Asked)),
        ):
            self._opened = True
            self._at.run()
        assert not self.at.exception, [error.message for error in self.at.exception]
        return self

    def go(self, page: str, *expanders: str, **chosen: Any) -> "Visitor":
        """Change to a page by its name, and open expanders there by their keys, with what was chosen in its inputs."""
        self._at.switch_page(f"../pages/{page}.py")
        return self.open(*expanders, **chosen)

    def open(self, *expanders: str, **chosen: Any) -> "Visitor":
        """Open expanders by their keys; their bodies are drawn from then on."""
        for key, value in {**dict.fromkeys(expanders, True), **chosen}.items():
            self._at.session_state[key] = value
        return self.run()

    @property
    def opened(self) -> Opened:
        """The scenario on screen with its preset, name and ranges."""
        return self.at.session_state["history"].now

    @property
    def scenario(self) -> Scenario:
        """The scenario on screen."""
        return self.opened.scenario

    @property
    def analysis(self) -> Analysis:
        """What the session has worked out of it, in today's money, of the two options that were chosen."""
        return self.at.session_state["analyses"][1][False, self.at.session_state[PAIR]]

    @property
    def plain(self) -> dict:
        """The scenario on screen as plain values, to compare."""
        return plain(self.scenario)

    @property
    def link(self) -> str:
        """What the address carries."""
        carried = self.at.query_params.get(LINK, "")
        return carried if isinstance(carried, str) else carried[-1]

    @property
    def complaints(self) -> list[str]:
        """The sentences about refused inputs, as they are read once markdown's escapes are gone."""
        at_the_top = [re.sub(r"\\([^a-zA-Z0-9\s])", r"\1", error.value) for error in self.at.error]
        return [*at_the_top, *self.texts("refused")]

    @property
    def keys(self) -> set[str]:
        """Keys of all inputs on the page and in the side bar."""
        widgets: Iterable = [
            *self.at.selectbox,
            *self.at.select_slider,
            *self.at.toggle,
            *self.at.text_input,
            *self.at.pills,
        ]
        return {widget.key for widget in widgets if widget.key}

    def widget(self, key: str) -> Any:
        """The input with this key, of whatever kind."""
        found = [node for node in self.at._tree if node.type in INPUTS and node.key == key]
        assert len(found) == 1, f"{len(found)} inputs have the key {key}"
        return found[0]

    def enter(self, key: str, value: Any) -> "Visitor":
        """Give the input with this key another value, as it shows it; a number is typed in plain digits."""
        widget = self.widget(key)
        typed = isinstance(widget, TextInput) and not isinstance(value, str)
        widget.set_value(f"{Decimal(repr(value)):f}" if typed else value)
        return self.run()

    def button(self, label: str) -> Any:
        """The button with this label."""
        (found,) = (button for button in self.at.button if button.label == label)
        return found

    def press(self, label: str) -> "Visitor":
        """Press the button with this label."""
        self.button(label).click()
        return self.run()

    def choose_preset(self, slug: str) -> "Visitor":
        """Start from a preset."""
        return self.enter("preset", slug)

    @property
    def html(self) -> str:
        """Everything the page shows as HTML of its own: headline, tiles, tables."""
        return as_typed("\n".join(element.value for element in self.at.html))

    @property
    def tables(self) -> list[list[list[str]]]:
        """Tables of the page, each as rows of texts, the heading first."""
        tables = [re.findall(r"<tr[^>]*>(.*?)</tr>", element.value, re.DOTALL) for element in self.at.html]
        return [[_cells(row) for row in table] for table in tables if table]

    def texts(self, css_class: str) -> list[str]:
        """What the elements of a class say, in order."""
        found = re.findall(rf'<(\w+) class="{css_class}"[^>]*>(.*?)</\1>', self.html, re.DOTALL)
        return [_text(content) for _, content in found]

    @property
    def helps(self) -> list[str]:
        """The texts behind the question marks of inputs."""
        return [node.proto.help for node in self.at._tree if node.type in INPUTS and node.proto.help]

    @property
    def raw(self) -> list[str]:
        """Every text of the page as the browser gets it: said, label, help, what stands in an empty input, choices."""
        protos = [node.proto for node in self.at._tree if getattr(node, "proto", None)]
        fields = [field for proto in protos for field in proto.ListFields()]
        found = [([value] if isinstance(value, str) else value) for field, value in fields if field.name in READ]
        return [text for texts in found for text in texts if isinstance(text, str)]

    @property
    def markdown(self) -> list[str]:
        """Every text that is read as markdown: texts, captions, sentences, and the labels of inputs."""
        at = self.at
        texts = [*at.markdown, *at.caption, *at.error, *at.info, *at.title, *at.subheader]
        labels = [self.widget(key).label for key in self.keys]
        choices = [label for chosen in (*at.pills, *at.radio) for label in chosen.options]
        choices += [line for chosen in at.radio for line in chosen.proto.captions]
        told = [text.value for text in texts] + labels + choices + [box.label for box in at.expander]
        return list(map(as_typed, told))


def _cells(row: str) -> list[str]:
    return [_text(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL)]


def _text(content: str) -> str:
    return as_typed(unescape(re.sub(r"<[^>]+>", "", content)))

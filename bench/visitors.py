"""Visitors without a browser: each holds a WebSocket as Streamlit's page does, opens a page and moves a lever.

A move is answered when the last of the page's charts has come, and complete when nothing more comes, draws included.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 60.0  # seconds after which a page counts as not coming
LARGEST = 50 * 2**20  # bytes of one message, as the server allows


@dataclass
class Visitor:
    """One open page: its levers by widget, what the address says."""

    url: str
    socket: ClientConnection
    dice: random.Random
    query: str = ""
    page: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    levers: dict[str, tuple[list[str], str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    session: str = ""
    received: int = 0

    async def open(self, page: str = "") -> float:
        """Seconds until the page with this address, else the first one, is complete."""
        self.page, self.levers, self.files = self.pages.get(page, ""), {}, []
        _, complete = await self._run({})
        return complete

    async def move(self) -> tuple[float, float]:
        """Seconds until all charts are there again, and until the page is complete, after a lever went a step."""
        lever = self.dice.choice(sorted(self.levers))
        options, at = self.levers[lever]
        place = options.index(at)
        other = place + self.dice.choice([-1, 1])
        label = options[other if 0 <= other < len(options) else 2 * place - other]
        self.levers[lever] = options, label  # the server tells only what it has otherwise
        return await self._run({lever: label})

    async def take_file(self) -> int:
        """Bytes of one of the files that the page offers, made and fetched now."""
        address = await self.made_file()
        return len(await asyncio.to_thread(fetched, address))

    async def made_file(self) -> str:
        """The address of one of the files that the page offers, made now."""
        asked = BackMsg()
        wanted = asked.backend_operation_request
        wanted.request_id, wanted.session_id = "file", self.session
        wanted.deferred_file.file_id = self.dice.choice(self.files)
        await self.socket.send(asked.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while (message := await self._next()).WhichOneof("type") != "backend_operation_response":
                pass
            answer = message.backend_operation_response
            if answer.error_msg:
                raise RuntimeError(answer.error_msg)
            return f"{self.url}{answer.deferred_file.url}"

    async def _run(self, moved: dict[str, str]) -> tuple[float, float]:
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string, state.page_script_hash = self.query, self.page
        for widget, label in moved.items():
            entry = WidgetState(id=widget)
            entry.string_array_value.data[:] = [label]
            state.widget_states.widgets.append(entry)
        start = answered = perf_counter()
        await self.socket.send(asked.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while (message := await self._next()).WhichOneof("type") != "script_finished":
                if _is_chart(message):
                    answered = perf_counter()
        return answered - start, perf_counter() - start

    async def _next(self) -> ForwardMsg:
        packet = await self.socket.recv()
        self.received += len(packet)
        message = ForwardMsg.FromString(packet)
        kind = message.WhichOneof("type")
        if kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "slider":
            slider = message.delta.new_element.slider
            if len(slider.options) > 1:
                known = self.levers.get(slider.id, ([], slider.options[int(slider.default[0])]))[1]
                now = slider.raw_value[0] if slider.set_value else known
                self.levers[slider.id] = list(slider.options), now
        elif kind == "delta" and message.delta.new_element.download_button.deferred_file_id:
            self.files.append(message.delta.new_element.download_button.deferred_file_id)
        return message


def fetched(address: str) -> bytes:
    """What a file's address answers; HTTPError when it is gone."""
    with urlopen(address, timeout=PATIENCE) as answer:
        return answer.read()


@asynccontextmanager
async def visiting(url: str, dice: random.Random) -> AsyncIterator[Visitor]:
    """A visitor of the server at this address, gone at the end of the block."""
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], origin=url, max_size=LARGEST) as socket:
        yield Visitor(url, socket, dice)


def _is_chart(message: ForwardMsg) -> bool:
    element = message.delta.new_element
    return element.WhichOneof("type") == "bidi_component" and element.bidi_component.component_name.endswith("plot")

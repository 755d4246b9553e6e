"""Static files compressed, once each: Streamlit sends its scripts as they are, 4.7 MB for the first screen."""

import gzip
import re
from asyncio import Event

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders

# Names that carry a hash or version.
STATIC = re.compile(r"/static/(js|css)/[^/]+\.(js|css)$|/plotly-[\d.]+\.min\.js$|/scripts/\w+/\w+\.js$")
KEPT = "public, max-age=31536000, immutable"


class Compressed:
    """Plain ASGI middleware. A file's name says what is in it, so what was compressed holds as long as the process."""

    def __init__(self, app):
        self.app = app
        self.known: dict[str, tuple[list, bytes]] = {}

    async def __call__(self, scope, receive, send):
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] != "GET" or not STATIC.search(path) or not takes_gzip(scope):
            await self.app(scope, receive, send)
            return
        if path not in self.known:
            start, body = await collected(self.app, plainly(scope))
            headers = MutableHeaders(raw=start["headers"])
            if start["status"] != 200 or headers["content-type"].startswith("text/html"):
                await sent(send, start, body)  # of a file that is not there Streamlit sends its start page
                return
            small = await run_in_threadpool(compressed, headers, body)
            headers["Cache-Control"] = KEPT
            self.known[path] = (headers.raw, small)
        headers, body = self.known[path]
        await sent(send, {"type": "http.response.start", "status": 200, "headers": [*headers]}, body)


def takes_gzip(scope) -> bool:
    """Whether the browser takes compressed answers."""
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")


def plainly(scope) -> dict:
    """The same request for the whole file, whatever the browser has or wants of it."""
    partly = {b"range", b"if-none-match", b"if-modified-since", b"accept-encoding"}
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in partly]}


def compressed(headers: MutableHeaders, body: bytes) -> bytes:
    """The body compressed, and told so in its headers."""
    small = gzip.compress(body, mtime=0)
    headers["Content-Encoding"], headers["Content-Length"] = "gzip", str(len(small))
    headers.add_vary_header("Accept-Encoding")
    del headers["etag"], headers["last-modified"], headers["accept-ranges"]
    return small


async def collected(app, scope) -> tuple[dict, bytes]:
    """(start, body) of what an app answers to a request without a body.

    It is not told when the browser goes away meanwhile: what it then sent would be half of it, for all who come later.
    """
    messages: list[dict] = []
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive():
        return next(asked, None) or await Event().wait()

    async def keep(message):
        messages.append(message)

    await app(scope, receive, keep)
    start, *parts = messages
    return start, b"".join(part.get("body", b"") for part in parts)


async def sent(send, start: dict, body: bytes) -> None:
    """Answer with these."""
    await send(start)
    await send({"type": "http.response.body", "body": body})

"""Around Streamlit's login by OpenID Connect: what it needs is there, and who came by a link lands on it afterwards."""

import re
from importlib.util import find_spec
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from streamlit.auth_util import validate_auth_credentials
from streamlit.errors import StreamlitAuthError

from dashboard import people
from dashboard.address import LINK, REFERENCE

COOKIE, CALLBACK, WAIT_S, LONGEST = (
    "crossover_link",
    "/oauth2callback",
    900,
    3_500,
)  # a browser's cookie has 4,096 bytes
WAY_BACK = re.compile(r"/[a-z_]*\?[A-Za-z0-9_&=%.-]+")


def check() -> None:
    """End the program with one sentence where people are to log in and cannot: open to all would be the other way."""
    if not people.asked():
        return
    try:
        validate_auth_credentials("default")
    except StreamlitAuthError as error:
        raise SystemExit(f"{people.VARIABLE} is on, but: {' '.join(str(error).split())}") from None
    if missing := [name for name in ("authlib", "httpx") if not find_spec(name)]:
        raise SystemExit(f"{people.VARIABLE} is on, but a package is missing; install {' and '.join(missing)}.")


class BackToTheLink:
    """Plain ASGI middleware: the address of a link is kept in a cookie while its visitor logs in, and then opened.

    Streamlit's login ends at the first page. The cookie goes to the callback alone, and a link too long for it is
    opened by hand once more.
    """

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or not people.asked():
            await self.app(scope, receive, send)
            return
        came_by = address(scope)
        asked_for = came_by if {LINK, REFERENCE} & {*parse_qs(scope["query_string"].decode("latin-1"))} else ""

        async def send_with_way_back(message):
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"] == CALLBACK and (back := kept(scope)):
                    if headers.get("location") == "/":
                        headers["location"] = back
                    headers.append("set-cookie", cookie("", 0))
                elif asked_for and len(asked_for) <= LONGEST and WAY_BACK.fullmatch(asked_for):
                    headers.append("set-cookie", cookie(asked_for, WAIT_S))
            await send(message)

        await self.app(scope, receive, send_with_way_back)


def address(scope) -> str:
    """Path and query as the browser asked for them."""
    return f"{scope['path']}?{scope['query_string'].decode('latin-1')}"


def cookie(value: str, seconds: int) -> str:
    """The cookie that the callback alone is sent."""
    return f"{COOKIE}={value}; Max-Age={seconds}; Path={CALLBACK}; HttpOnly; SameSite=Lax"


def kept(scope) -> str:
    """The address that waits in the cookie; empty where there is none of this app's."""
    found = MutableHeaders(scope=scope).get("cookie", "")
    value = cookie_parser(found).get(COOKIE, "")
    return value if WAY_BACK.fullmatch(value) else ""

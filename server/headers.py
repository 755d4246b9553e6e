"""Headers of every response: everything from this host only, no framing, and TLS for good once there is TLS."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders

SECURE_S = 365 * 86_400  # for which a browser asks by TLS alone, the least that browsers' own lists take


def content_security_policy() -> str:
    """Everything from this host only. Streamlit's index page has one inline script, allowed by its hash;
    components arrive as blob modules; Streamlit and plotly write inline styles."""
    index = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = [sha256(code.encode()).digest() for code in re.findall(r"<script>(.*?)</script>", index, re.DOTALL)]
    hashes = " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in inline)
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' blob: {hashes}",
            "worker-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


HEADERS = {
    "Content-Security-Policy": content_security_policy(),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
BY_TLS = {"Strict-Transport-Security": f"max-age={SECURE_S}"}


class SecurityHeaders:
    """Plain ASGI middleware, so that streamed responses and the WebSocket pass through untouched."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS | (BY_TLS if by_tls(scope) else {}))
            await send(message)

        await self.app(scope, receive, send_with_headers)


def by_tls(scope) -> bool:
    """Whether the browser asked by TLS, here or at the proxy. A lie changes nothing: without TLS, browsers ignore the
    header that follows from it."""
    return scope.get("scheme") == "https" or Headers(scope=scope).get("x-forwarded-proto", "").lower() == "https"

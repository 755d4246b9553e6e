"""An OpenID provider on this machine for the tests of the login: whoever comes is the person it was told, at once."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = {"client_id": "crossover", "client_secret": "a secret of the tests"}


class Provider(ThreadingHTTPServer):
    """Authorization code flow, as OpenID Connect Core 1.0 section 3.1 has it, for one client and one person."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.key = RSAKey.generate_key(2048, {"kid": "tests"})
        self.issuer, self.nonce = f"http://127.0.0.1:{self.server_port}", ""
        self.person = {"sub": "1", "email": "ann@example.org", "email_verified": True}

    def token(self) -> str:
        """The identity of the person, signed."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT["client_id"], "iat": now, "exp": now + 600, "nonce": self.nonce}
        return jwt.encode({"alg": "RS256", "kid": "tests"}, {**claims, **self.person}, self.key)


class Answers(BaseHTTPRequestHandler):
    """What the provider answers."""

    server: Provider

    def do_GET(self) -> None:
        """The provider's description, its keys, or the way back with a code."""
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        issuer = self.server.issuer
        match asked.path:
            case "/.well-known/openid-configuration":
                self._json({
                    "issuer": issuer, "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token", "jwks_uri": f"{issuer}/keys",
                    "response_types_supported": ["code"], "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                })  # fmt: skip
            case "/keys":
                self._json({"keys": [self.server.key.as_dict(private=False)]})
            case "/authorize":
                self.server.nonce = query.get("nonce", "")
                self.send_response(302)
                back = urlencode({"code": "code", "state": query["state"]})
                self.send_header("Location", f"{query['redirect_uri']}?{back}")
                self.end_headers()
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        """The token for the code."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._json({"access_token": "x", "token_type": "Bearer", "expires_in": 600, "id_token": self.server.token()})

    def _json(self, content: dict) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Say nothing."""


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider until the block ends."""
    server = Provider()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()

"""A page on this machine that the sign-in leads back to: RFC 8252."""

import socket
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

from rrweb_store.errors import BadInputError, StoreError
from rrweb_store.tokens import Attempt

# Cognito compares callback URLs with their ports, so the pool's client names each of these:
# components/access/user_auth.py. Whichever is free is used.
PORTS = (28475, 28476, 28477)
PATH = "/callback"
WAIT_S = 300.0

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>rrweb store</title>
<style>body{{font:1.1rem/1.5 system-ui;margin:4rem auto;max-width:32rem;padding:0 1rem}}</style>
<h1>{title}</h1><p>{text}</p></html>"""


def redirect_uri(port: int) -> str:
    """Return the callback URL of a port. Of all hosts, Cognito takes http for this one alone."""
    return f"http://localhost:{port}{PATH}"


class Loopback:
    """Listens until one request has brought the code."""

    def __init__(self, server: HTTPServer) -> None:
        self._server = server
        self.redirect_uri = redirect_uri(server.server_port)

    def code(self, attempt: Attempt) -> str:
        """Return the code that a browser brings.

        Raises:
            StoreError: It brought a refusal, or nothing in time.
        """
        result: list[str | StoreError] = []
        self._server.RequestHandlerClass = _handler(attempt, result)
        deadline = time.monotonic() + WAIT_S
        while not result:
            self._server.timeout = max(0.0, deadline - time.monotonic())
            if self._server.timeout == 0:
                raise StoreError(
                    f"nobody signed in within {WAIT_S:.0f} s: try again, with --no-browser on a "
                    "machine whose browser is elsewhere"
                )
            self._server.handle_request()
        outcome = result[0]
        if isinstance(outcome, StoreError):
            raise outcome
        return outcome


@contextmanager
def listening() -> Generator[Loopback]:
    """Yield a listener at the first port that is free.

    Raises:
        BadInputError: None is.
    """
    for port in PORTS:
        try:
            server = _Server(("127.0.0.1", port), BaseHTTPRequestHandler)
        except OSError:
            continue
        try:
            yield Loopback(server)
        finally:
            server.server_close()
        return
    ports = ", ".join(map(str, PORTS))
    raise BadInputError(f"the ports {ports} are all in use: sign in with --no-browser")


class _Server(HTTPServer):
    # Another program's listener must be noticed, and no connection may keep the port.
    allow_reuse_address = not hasattr(socket, "SO_EXCLUSIVEADDRUSE")


def _handler(attempt: Attempt, result: list[str | StoreError]) -> type[BaseHTTPRequestHandler]:
    class Callback(BaseHTTPRequestHandler):
        timeout = 5  # a browser opens connections ahead that it may never use

        def do_GET(self) -> None:
            if urlsplit(self.path).path != PATH:
                self._answer(404, "Not found", "Nothing is here.")
                return
            try:
                result.append(attempt.code_in(self.path))
            except BadInputError as error:
                # Any page can lead a browser here: only the attempt's own state counts.
                self._answer(400, "This is not the sign-in that was started", str(error))
            except StoreError as error:
                result.append(error)
                self._answer(400, "You are not signed in", "The terminal says why.")
            else:
                self._answer(200, "You are signed in", "Go back to the terminal.")

        def _answer(self, status: int, title: str, text: str) -> None:
            body = _PAGE.format(title=title, text=text).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header(
                "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"
            )
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Say nothing: the address holds the code."""

    return Callback

"""HTTP servers on the loopback for browser tests: a site, and a proxy that fails as it is told."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

# As the API itself answers: a page of any origin may read it.
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
_OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    at_s: float

    @property
    def sequence(self) -> str | None:
        return self.headers.get("batch-sequence")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""


Go = Callable[[], Answer]
"""Passes a request on to the API and returns its answer."""
Respond = Callable[[Asked], Answer | None]
"""None closes the connection without a word."""


def down(_asked: Asked, _go: Go) -> None:
    """Answer nothing, as an API that cannot be reached."""


class LocalServer:
    """Answers on a free port of the loopback until `close`."""

    def __init__(self, respond: Respond) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True  # the page has gone

            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return self.answer
                raise AttributeError(name)

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(
                    method=self.command,
                    path=self.path,
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=body,
                    at_s=time.monotonic(),
                )
                answer = respond(asked)
                if answer is None:
                    self.close_connection = True
                    return
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                """Say nothing: the tests look at what was asked."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Proxy(LocalServer):
    """The API, as long as `fault` does not say otherwise."""

    def __init__(self, api_url: str) -> None:
        self._api = urlsplit(api_url)
        self.asked: list[Asked] = []
        """All that came, oldest first."""
        self.fault: Callable[[Asked, Go], Answer | None] | None = None
        """Gets a request and the way to pass it on, and answers; None closes the connection."""
        super().__init__(self._respond)

    def _respond(self, asked: Asked) -> Answer | None:
        self.asked.append(asked)
        fault = self.fault
        return fault(asked, lambda: self._pass_on(asked)) if fault else self._pass_on(asked)

    def _pass_on(self, asked: Asked) -> Answer:
        secure = self._api.scheme == "https"  # a deployed stack's
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._api.netloc, timeout=35)
        try:
            headers = {
                name: value
                for name, value in asked.headers.items()
                if name not in _OF_THE_CONNECTION
            }
            connection.request(
                asked.method, f"{self._api.path}{asked.path}", asked.body or None, headers
            )
            response = connection.getresponse()
            answered = [
                (name, value)
                for name, value in response.getheaders()
                if name.lower() not in _OF_THE_CONNECTION
            ]
            return Answer(response.status, dict(answered), response.read())
        finally:
            connection.close()

    def batches(self) -> list[Asked]:
        """Return the requests that brought events."""
        return [one for one in self.asked if "/events" in one.path and one.method != "OPTIONS"]

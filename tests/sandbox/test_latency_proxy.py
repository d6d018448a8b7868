"""A service that is farther away: slower to answer, and otherwise the same."""

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from sandbox.latency_proxy import LatencyProxy
from sandbox.server import Sandbox
from tests.engine import WITH_SITE

DELAY_S = 0.08
FAR_S = 1.5
BATCH = gzip.compress(b'{"type":4,"timestamp":1,"data":{}}\n')
GZIP = {"Content-Type": "application/gzip"}
BODY = bytes(range(256)) * 20_000


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Asked-Host", self.headers["Host"])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def far(service: str) -> Iterator[LatencyProxy]:
    with LatencyProxy(service, DELAY_S) as distance:
        yield distance


def test_each_answer_comes_later_and_is_the_same(far: LatencyProxy) -> None:
    with httpx.Client(base_url=far.endpoint) as client:
        began = time.monotonic()
        answers = [client.put("/x", content=BODY) for _ in range(3)]

    assert time.monotonic() - began >= 3 * DELAY_S
    assert [answer.content for answer in answers] == [BODY] * 3


def test_the_host_that_was_signed_is_the_host_that_arrives(far: LatencyProxy) -> None:
    answer = httpx.put(f"{far.endpoint}/x", content=b"")

    assert f"http://{answer.headers['Asked-Host']}" == far.endpoint


def test_a_connection_ends_when_the_service_ends(service: str) -> None:
    with LatencyProxy(service, DELAY_S) as distance:
        client = httpx.Client(base_url=distance.endpoint, timeout=5)
        client.put("/x", content=b"1")

    with pytest.raises(httpx.TransportError):
        client.put("/x", content=b"2")
    client.close()


def test_s3_is_farther_away_for_the_gateway_and_for_the_lambda(tmp_path: Path) -> None:
    with Sandbox(tmp_path, config=WITH_SITE, s3_delay_s=FAR_S) as sandbox:
        auth = {"Authorization": f"Bearer {sandbox.id_token()}"}
        with httpx.Client(base_url=sandbox.api_url, headers=auth, timeout=40) as http:
            recording = "/recordings/a-recording"
            created = http.put(recording, json={})
            stored = http.put(f"{recording}/events/0", content=BATCH, headers=GZIP)
            read = http.get(f"{recording}/events")

    assert created.status_code == 201
    assert stored.status_code == read.status_code == 200
    assert stored.elapsed.total_seconds() >= FAR_S
    assert read.elapsed.total_seconds() >= 2 * FAR_S  # it lists, and then reads

"""The latency proxy: answers are delayed and otherwise unchanged."""

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
from tests.engine import REPLAY_SITE

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

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Log nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def delayed(service: str) -> Iterator[LatencyProxy]:
    with LatencyProxy(service, DELAY_S) as proxy:
        yield proxy


def test_each_answer_is_delayed_and_unchanged(delayed: LatencyProxy) -> None:
    with httpx.Client(base_url=delayed.endpoint) as client:
        began = time.monotonic()
        answers = [client.put("/x", content=BODY) for _ in range(3)]

    assert time.monotonic() - began >= 3 * DELAY_S
    assert [answer.content for answer in answers] == [BODY] * 3


def test_the_host_header_is_unchanged(delayed: LatencyProxy) -> None:
    answer = httpx.put(f"{delayed.endpoint}/x", content=b"")

    assert f"http://{answer.headers['Asked-Host']}" == delayed.endpoint


def test_a_connection_ends_with_the_proxy(service: str) -> None:
    with LatencyProxy(service, DELAY_S) as proxy:
        client = httpx.Client(base_url=proxy.endpoint, timeout=5)
        client.put("/x", content=b"1")

    with pytest.raises(httpx.TransportError):
        client.put("/x", content=b"2")
    client.close()


def test_gateway_and_lambda_both_reach_s3_with_the_delay(tmp_path: Path) -> None:
    with Sandbox(tmp_path, config=REPLAY_SITE, s3_delay_s=FAR_S) as sandbox:
        auth = {"Authorization": f"Bearer {sandbox.id_token()}"}
        with httpx.Client(base_url=sandbox.api_url, headers=auth, timeout=40) as http:
            recording = "/recordings/a-recording"
            created = http.put(recording, json={})
            stored = http.put(f"{recording}/events/0", content=BATCH, headers=GZIP)
            read = http.get(f"{recording}/events")

    assert created.status_code == 201
    assert stored.status_code == read.status_code == 200
    assert stored.elapsed.total_seconds() >= FAR_S
    assert read.elapsed.total_seconds() >= 2 * FAR_S  # one listing, then one read

"""One user of the API: sends requests with a token, and reads recordings back."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from tests.e2e.answers import check_response
from tests.e2e.contract import GZIP, JSON, NDJSON, Operation
from tests.e2e.spending import SPENDING

Event = dict[str, Any]
"""An rrweb event, or anything else that is a JSON object."""

T = TypeVar("T")

# Read once, and not by each client: it takes some 20 ms.
CERTIFICATES = httpx.create_ssl_context()
MAX_QUESTIONS = 400
# Bounds every loop over pages: more would mean that Has-More never ends.
MAX_PAGES = 50


def new_id() -> str:
    """Return an unused recordingId."""
    return uuid4().hex


def ndjson(*events: Event) -> bytes:
    """Return a batch of `events`."""
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


@dataclass(kw_only=True)
class Reading:
    """What the pages from one cursor on said."""

    events: list[Event] = field(default_factory=list[Event])
    pages: int = 0
    cursor: str = ""
    """Asks for what comes after."""
    skipped: int = 0
    missing: str | None = None
    """Missing-Sequences of the last page."""


class User:
    """Whoever holds a token."""

    def __init__(
        self,
        api_url: str,
        token: str | None,
        *,
        delivery_s: float,
        tokens: dict[str, str] | None = None,
    ) -> None:
        """Make a client.

        Args:
            api_url: Without a trailing slash.
            token: An ID token; None sends no Authorization.
            delivery_s: How long a batch may take until it can be read.
            tokens: All that Cognito gave, where a test may know it.
        """
        self.api_url = api_url
        self.token = token
        self.tokens = tokens or {}
        self.delivery_s = delivery_s
        self.auth = {} if token is None else {"Authorization": f"Bearer {token}"}
        self.http = httpx.Client(
            headers=self.auth,
            timeout=40,
            verify=CERTIFICATES,
            limits=httpx.Limits(max_connections=20),
            event_hooks={"response": [SPENDING.count, check_response]},
        )

    @property
    def claims(self) -> dict[str, Any]:
        payload = (self.token or "").split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))

    @property
    def sub(self) -> str:
        return self.claims["sub"]

    def send(self, operation: Operation, recording_id: str, **headers: str) -> httpx.Response:
        """Send what the operation takes."""
        return self.http.request(
            operation.method,
            f"{self.api_url}{operation.target(recording_id)}",
            content=operation.body(recording_id),
            headers={**operation.headers(recording_id), **headers},
        )

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.http.get(f"{self.api_url}{path}", params=query)

    def create(self, recording_id: str, **members: object) -> httpx.Response:
        return self.http.put(f"{self.api_url}/recordings/{recording_id}", json=members)

    def append(
        self,
        recording_id: str,
        body: bytes,
        *,
        content_type: str | None = NDJSON,
        sequence: int | str | None = None,
        encoding: str | None = None,
    ) -> httpx.Response:
        named = {
            "Content-Type": content_type,
            "Batch-Sequence": None if sequence is None else str(sequence),
            "Content-Encoding": encoding,
        }
        return self.http.post(
            f"{self.api_url}/recordings/{recording_id}/events",
            content=body,
            headers={name: value for name, value in named.items() if value is not None},
        )

    def given_recording(self, *batches: bytes) -> str:
        """Return a new recording that holds `batches`, which wait for delivery."""
        recording_id = new_id()
        assert self.create(recording_id).status_code == 201
        for sequence, body in enumerate(batches):
            assert self.append(recording_id, body, sequence=sequence).status_code == 202
        return recording_id

    def read(self, recording_id: str, *, accept: str = GZIP, cursor: str = "") -> Reading:
        """Return all that can be read now from `cursor` on, page by page."""
        reading = Reading(cursor=cursor)
        ndjson = b""
        for _ in range(MAX_PAGES):
            page = self.http.get(
                f"{self.api_url}/recordings/{recording_id}/events",
                params={"cursor": reading.cursor} if reading.cursor else {},
                headers={"Accept": accept},
            )
            assert page.status_code == 200, page.text
            assert page.headers["Content-Type"] == NDJSON
            ndjson += page.content
            reading.pages += 1
            reading.cursor = page.headers["Next-Cursor"]
            reading.skipped += int(page.headers["Events-Skipped"])
            reading.missing = page.headers.get("Missing-Sequences")
            if page.headers["Has-More"] != "true":
                reading.events += [json.loads(line) for line in ndjson.split(b"\n") if line]
                return reading
        raise AssertionError(f"{recording_id} has more than {MAX_PAGES} pages")

    def delivered(
        self, recording_id: str, events: int, *, skipped: int = 0, cursor: str = ""
    ) -> Reading:
        """Return what can be read once there are that many events, and parts skipped."""
        return eventually(
            lambda: self.read(recording_id, cursor=cursor),
            lambda reading: len(reading.events) >= events and reading.skipped >= skipped,
            self.delivery_s,
        )

    def listed(self, path: str = "/recordings", **query: str) -> list[list[dict[str, Any]]]:
        """Return the recordings of each page, from the first to the last."""
        pages: list[list[dict[str, Any]]] = []
        for _ in range(MAX_PAGES):
            answer = self.get(path, **query)
            assert answer.status_code == 200, answer.text
            assert answer.headers["Content-Type"] == JSON
            pages.append(answer.json()["recordings"])
            if "nextCursor" not in answer.json():
                return pages
            query["cursor"] = answer.json()["nextCursor"]
        raise AssertionError(f"more than {MAX_PAGES} pages")


def eventually(ask: Callable[[], T], enough: Callable[[T], bool], patience_s: float) -> T:
    """Return the first answer that is enough.

    Raises:
        AssertionError: There was none in time; it shows the last one.
    """
    deadline = time.monotonic() + patience_s
    while True:
        answer = ask()
        if enough(answer):
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not after {patience_s:.0f} s, but: {str(answer)[:2000]}")
        # Each question costs something where an account is asked.
        time.sleep(max(0.1, patience_s / MAX_QUESTIONS))

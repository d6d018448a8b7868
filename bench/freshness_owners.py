"""The two kinds of owner as a benchmark writes and reads their recordings."""

import gzip
from dataclasses import dataclass
from typing import Protocol

import httpx

from bench.fresh import Fresh


class Owner(Protocol):
    """Whose recordings are written and read."""

    @property
    def name(self) -> str:
        """The owner, as a table says it."""
        ...

    @property
    def poll_every_s(self) -> float | None:
        """Seconds between a reader's questions; None: it asks when there is something new."""
        ...

    @property
    def p95_aim_s(self) -> float:
        """Aim of the time until a batch is read."""
        ...

    def create(self, http: httpx.Client, recording_id: str) -> None:
        """Create a recording. Raises httpx.HTTPStatusError."""
        ...

    def append(self, http: httpx.Client, recording_id: str, number: int, ndjson: str) -> bool:
        """Send a batch; return whether it was stored."""
        ...

    def events_path(self, recording_id: str) -> str:
        """Return where its events are read."""
        ...


@dataclass(frozen=True)
class User:
    """A person who signs in, whose batches go through the stream."""

    name = "a user"
    poll_every_s = 1.1  # so that readers and writers are not in lockstep
    p95_aim_s = 2.0

    def create(self, http: httpx.Client, recording_id: str) -> None:
        """Create a recording."""
        http.put(f"/recordings/{recording_id}", json={}).raise_for_status()

    def append(self, http: httpx.Client, recording_id: str, number: int, ndjson: str) -> bool:
        """Send a batch; return whether it was taken."""
        answer = http.post(
            f"/recordings/{recording_id}/events",
            content=ndjson,
            headers={"Content-Type": "application/x-ndjson", "Batch-Sequence": str(number)},
        )
        return answer.status_code == 202

    def events_path(self, recording_id: str) -> str:
        """Return where its events are read."""
        return f"/recordings/{recording_id}/events"


@dataclass(frozen=True)
class Site:
    """A site, whose batches go straight to S3."""

    site_id: str
    write_path: str
    """Below the API's address, such as `/w/wk_…`."""
    name = "a site"
    poll_every_s: float | None = None
    p95_aim_s = 0.5

    def create(self, http: httpx.Client, recording_id: str) -> None:
        """Create a recording."""
        described = '{"pageUrl": "https://shop.example/", "visitorId": "bench"}'
        self._post(http, recording_id, described.encode()).raise_for_status()

    def append(self, http: httpx.Client, recording_id: str, number: int, ndjson: str) -> bool:
        """Send a batch; return whether it was stored."""
        body = gzip.compress(ndjson.encode())
        return self._post(http, f"{recording_id}/events/{number:09}", body).status_code == 200

    def events_path(self, recording_id: str) -> str:
        """Return where its events are read."""
        return f"/sites/{self.site_id}/recordings/{recording_id}/events"

    def _post(self, http: httpx.Client, place: str, body: bytes) -> httpx.Response:
        headers = {"Content-Type": "text/plain", "Origin": "https://shop.example"}
        return http.post(f"{self.write_path}/recordings/{place}", content=body, headers=headers)


def site_of(sandbox: Fresh) -> Site:
    """Return the first site of a sandbox."""
    site_id, site = next(iter(sandbox.exports["sites"].items()))
    return Site(site_id, str(site["writeUrl"]).removeprefix(sandbox.exports["apiUrl"]))

"""How many recordings of a site at once the gateway takes, and whether each batch is stored.

The same visits go through the stream for comparison, where Firehose keeps its limit of partitions.
"""

import gzip
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bench.batch import Batch, session_batch
from bench.fresh import Fresh, fresh_sandbox
from bench.load import Connection
from bench.memory import memory_of
from bench.percentile import percentile
from bench.table import Table
from bench.visits import BATCHES, Send, Step, Visits, at_once, drive, schedule
from components.watch.quotas import ACTIVE_PARTITIONS

RECORDINGS = 10_000
# Of them all: to see whether time and memory grow with the number.
SHARES = (0.1, 0.3, 1.0)
# Not in the tables: the first requests find no connection and no role's credentials.
WARM_UP = 50
GZIPPED_BYTES = 2_000
SITE_STATUSES, STREAM_STATUSES = ("201", "200"), ("201", "202")
STREAM_RECORDINGS = 2 * ACTIVE_PARTITIONS
DELIVERY_PATIENCE_S = 180.0
POLL_S = 1.0
# The throttle is not what is measured.
UNTHROTTLED = {
    "rrweb-store:throttleRate": "10000",
    "rrweb-store:throttleBurst": "5000",
    "rrweb-store:operationLimits": "[]",
}
MB = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Where the batches of some visits are afterwards."""

    visits: Visits
    found: int
    """Batches that lie in their recording, with the bytes that were sent."""
    failed: int
    """Records that Firehose put under the error prefix."""
    gateway_mb: float
    """Resident memory of the gateway's process afterwards, without its cloud."""
    cloud_mb: float
    """Of the process that is its cloud."""

    @property
    def sent(self) -> int:
        return len(self.visits.recordings) * BATCHES

    @property
    def ms_each(self) -> float:
        return self.visits.elapsed_s * 1_000 / len(self.visits.recordings)


@dataclass(frozen=True, kw_only=True)
class SitesResult:
    batch: Batch
    sites: Sequence[Stored]
    """In the order in which they were sent."""
    idle_mb: float
    """Of the gateway before the first of them."""
    stream: Stored

    def tables(self) -> Sequence[Table]:
        return [self._by_number(), self._growth(), self._ways()]

    def _by_number(self) -> Table:
        return Table(
            title=f"Recordings of a site at once, {BATCHES} batches of {len(self.batch.body):,} B",
            columns=(
                *(">recordings", ">requests", ">s", ">a second", ">p50 ms", ">p99 ms"),
                *(">refused", ">lost", ">gateway MB", ">cloud MB"),
            ),
            rows=[_figures(one, SITE_STATUSES) for one in self.sites],
            notes=[
                (
                    "Each is created, and sends its batches at random moments, so that all are "
                    "open at once. One row after the other, in one sandbox, whose gateway had "
                    f"{self.idle_mb:.0f} MB before the first."
                ),
                "lost: batches of which no object with their bytes lies under their number.",
            ],
        )

    def _growth(self) -> Table:
        first = self.sites[0]
        few = len(first.visits.recordings)
        return Table(
            title=f"In proportion to {few:,} recordings",
            columns=(">recordings", ">number", ">time", ">time each", ">p99", ">gateway's memory"),
            rows=[
                (
                    f"{len(one.visits.recordings):,}",
                    f"{len(one.visits.recordings) / few:.1f}",
                    f"{one.visits.elapsed_s / first.visits.elapsed_s:.1f}",
                    f"{one.ms_each / first.ms_each:.2f}",
                    f"{_p99(one) / _p99(first):.2f}",
                    f"{one.gateway_mb / first.gateway_mb:.2f}",
                )
                for one in self.sites
            ],
        )

    def _ways(self) -> Table:
        last = self.sites[-1]
        ways = {
            "straight to S3, a site's": (last, SITE_STATUSES),
            "through the stream, users'": (self.stream, STREAM_STATUSES),
        }
        return Table(
            title="The two ways of writing",
            columns=(
                *("<way", ">recordings", ">batches", ">refused", ">in place"),
                *(">without a partition", ">share in place"),
            ),
            rows=[
                (
                    way,
                    f"{len(one.visits.recordings):,}",
                    f"{one.sent:,}",
                    f"{sum(one.visits.refused(accepted).values()):,}",
                    f"{one.found:,}",
                    f"{one.failed:,}",
                    f"{one.found / one.sent:.0%}",
                )
                for way, (one, accepted) in ways.items()
            ],
            notes=[
                (
                    f"Firehose has {ACTIVE_PARTITIONS} partitions, one for each recording that "
                    "sends. A batch without one goes to the error prefix, from where an operator "
                    "puts it back."
                ),
            ],
        )

    def failures(self) -> Sequence[str]:
        return [
            fault
            for one in self.sites
            for fault in _faults(f"{len(one.visits.recordings):,} recordings of a site", one)
        ] + [
            f"the stream answered {number} × {status}"
            for status, number in self.stream.visits.refused(STREAM_STATUSES).items()
        ]


def measure_sites(recordings: int = RECORDINGS) -> SitesResult:
    """Return what became of so many recordings of a site at once, and of fewer."""
    batch = session_batch(GZIPPED_BYTES)
    with fresh_sandbox(UNTHROTTLED) as sandbox:
        _to_site(sandbox, batch, WARM_UP)
        idle = memory_of(sandbox.process_id, with_children=False)
        sites = [_to_site(sandbox, batch, max(1, round(share * recordings))) for share in SHARES]
    with fresh_sandbox(UNTHROTTLED) as sandbox:
        stream = _to_stream(sandbox, batch, min(recordings, STREAM_RECORDINGS))
    return SitesResult(
        batch=batch, sites=sites, idle_mb=idle.now_bytes / MB if idle else 0.0, stream=stream
    )


def _to_site(sandbox: Fresh, batch: Batch, recordings: int) -> Stored:
    write_url = urlsplit(next(iter(sandbox.exports["sites"].values()))["writeUrl"])
    visits = drive(recordings, lambda: _visitor(sandbox, batch, write_url.path))
    assert at_once(schedule(visits.recordings)) == recordings
    key = write_url.path.rsplit("/", 1)[1]
    expected = {
        f"rrweb/recordings/siteKey={key}/sessionId={recording}/batch/{number:09}"
        for recording in visits.recordings
        for number in range(BATCHES)
    }
    digest = hashlib.md5(batch.body, usedforsecurity=False).hexdigest()
    found = sum(
        one["Key"] in expected and one["ETag"].strip('"') == digest
        for one in _objects(sandbox, f"rrweb/recordings/siteKey={key}/")
    )
    return _stored(sandbox, visits, found)


def _visitor(sandbox: Fresh, batch: Batch, path: str) -> Send:
    connection = Connection(sandbox.exports["apiUrl"])
    headers = {"Content-Type": "text/plain", "Origin": "https://shop.example"}
    described = json.dumps({"pageUrl": "https://shop.example/", "visitorId": "bench"}).encode()

    def send(step: Step) -> str:
        recording, number = step
        if number is None:
            return connection.post(f"{path}/recordings/{recording}", headers, described)
        return connection.post(
            f"{path}/recordings/{recording}/events/{number:09}", headers, batch.body
        )

    return send


def _to_stream(sandbox: Fresh, batch: Batch, recordings: int) -> Stored:
    token = sandbox.id_token()
    visits = drive(recordings, lambda: _user(sandbox, batch, token))
    ends = time.monotonic() + DELIVERY_PATIENCE_S
    while True:
        found = sum(_lines(sandbox, "rrweb/recordings/userId="))
        stored = _stored(sandbox, visits, found)
        if found + stored.failed >= stored.sent or time.monotonic() > ends:
            return stored
        time.sleep(POLL_S)


def _user(sandbox: Fresh, batch: Batch, token: str) -> Send:
    url: str = sandbox.exports["apiUrl"]
    connection = Connection(url)
    path = urlsplit(url).path
    headers = {"Authorization": f"Bearer {token}"}

    def send(step: Step) -> str:
        recording, number = step
        if number is None:
            created = {**headers, "Content-Type": "application/json"}
            return connection.send("PUT", f"{path}/recordings/{recording}", created, b"{}")
        numbered = {
            **headers,
            "Content-Type": "application/gzip",
            "Batch-Sequence": str(number),
        }
        return connection.post(f"{path}/recordings/{recording}/events", numbered, batch.body)

    return send


def _stored(sandbox: Fresh, visits: Visits, found: int) -> Stored:
    gateway = memory_of(sandbox.process_id, with_children=False)
    cloud = memory_of(sandbox.cloud_process_id, with_children=False)
    return Stored(
        visits=visits,
        found=found,
        failed=sum(_lines(sandbox, "rrweb/failed/")),
        gateway_mb=gateway.now_bytes / MB if gateway else 0.0,
        cloud_mb=cloud.now_bytes / MB if cloud else 0.0,
    )


def _objects(sandbox: Fresh, prefix: str) -> Iterator[dict[str, Any]]:
    pages = sandbox.client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=sandbox.exports["bucketName"], Prefix=prefix):
        yield from page.get("Contents", [])


def _lines(sandbox: Fresh, prefix: str) -> Iterator[int]:
    """Yield how many records each object of Firehose's holds."""
    s3 = sandbox.client("s3")
    for one in _objects(sandbox, prefix):
        body = s3.get_object(Bucket=sandbox.exports["bucketName"], Key=one["Key"])["Body"].read()
        text = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        yield text.count(b"\n")


def _figures(one: Stored, accepted: Sequence[str]) -> tuple[str, ...]:
    visits = one.visits
    requests = visits.statuses.total()
    return (
        f"{len(visits.recordings):,}",
        f"{requests:,}",
        f"{visits.elapsed_s:.0f}",
        f"{requests / visits.elapsed_s:.0f}",
        f"{percentile(visits.answered_s, 50) * 1_000:.0f}",
        f"{_p99(one):.0f}",
        f"{sum(visits.refused(accepted).values()):,}",
        f"{one.sent - one.found:,}",
        f"{one.gateway_mb:.0f}",
        f"{one.cloud_mb:.0f}",
    )


def _p99(one: Stored) -> float:
    return percentile(one.visits.answered_s, 99) * 1_000


def _faults(whose: str, one: Stored) -> list[str]:
    faults = [
        f"{whose}: {number} × {status}"
        for status, number in one.visits.refused(SITE_STATUSES).items()
    ]
    if one.found != one.sent:
        faults.append(f"{whose}: {one.sent - one.found} of {one.sent} batches are lost")
    if one.failed:
        faults.append(f"{whose}: {one.failed} batches had no partition")
    return faults

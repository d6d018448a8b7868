"""Throughput of appends: batches per second through the gateway, and directly to MiniStack.

Both get the same bytes from the same client, in turns, so that a slow machine or a slow MiniStack
(each PutRecord scans all records of the shard) affects both.
"""

import base64
import json
import secrets
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from bench.batch import Batch, session_batch
from bench.fresh import Fresh, fresh_sandbox
from bench.load import Connection, Load, Send, drive
from bench.percentile import percentile
from bench.table import RULE, Table

WRITERS = (1, 8)
GZIPPED_BYTES = 10_000
TURNS = 4
TURN_S = 2.0
WARM_UP_S = 1.0
# The throttle is not measured here.
UNTHROTTLED = {
    "rrweb-store:throttleRate": "10000",
    "rrweb-store:throttleBurst": "5000",
    "rrweb-store:operationLimits": "[]",
}

GATEWAY_STATUS = "202"
DIRECT_STATUS = "200"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The same load through the gateway and directly."""

    writers: int
    gateway: Load
    direct: Load


@dataclass(frozen=True, kw_only=True)
class AppendsResult:
    batch: Batch
    pairs: tuple[Pair, ...]

    def tables(self) -> Sequence[Table]:
        return [
            Table(
                title=(
                    f"Appends of one batch of {self.batch.events} events, "
                    f"{self.batch.text_bytes:,} bytes, {len(self.batch.body):,} gzipped"
                ),
                columns=(
                    ">writers",
                    "<way",
                    ">batches/s",
                    ">p50 ms",
                    ">p99 ms",
                    ">answers",
                    ">refused",
                ),
                rows=[row for pair in self.pairs for row in _rows(pair)][:-1],
                notes=[
                    "gateway: POST …/events. direct: a signed PutRecord of the same record.",
                    f"{TURNS} turns of {TURN_S:.0f} s each. The client is a separate process.",
                    f"refused: other answers than {GATEWAY_STATUS} or, directly, {DIRECT_STATUS}.",
                ],
            )
        ]

    def failures(self) -> Sequence[str]:
        return [
            f"{way}, {pair.writers} writer(s): {number} × {status} instead of {load.expected}"
            for pair in self.pairs
            for way, load in (("gateway", pair.gateway), ("direct", pair.direct))
            for status, number in load.others.items()
        ]


def measure_appends() -> AppendsResult:
    """Return the throughput of the gateway of a fresh sandbox, and of its MiniStack."""
    batch = session_batch(GZIPPED_BYTES)
    with fresh_sandbox(UNTHROTTLED) as sandbox:
        return AppendsResult(
            batch=batch, pairs=tuple(_pair(sandbox, batch, writers) for writers in WRITERS)
        )


def _pair(sandbox: Fresh, batch: Batch, writers: int) -> Pair:
    token = sandbox.id_token()
    gateway = [_gateway_writer(sandbox, batch, token) for _ in range(writers)]
    credentials = sandbox.credentials_of(_append_role(sandbox))
    user = _subject(token)
    direct = [_direct_writer(sandbox, batch, credentials, user) for _ in range(writers)]
    pair = Pair(
        writers=writers,
        gateway=Load(expected=GATEWAY_STATUS),
        direct=Load(expected=DIRECT_STATUS),
    )
    for writer, load in ((gateway, pair.gateway), (direct, pair.direct)):
        warm_up = drive(writer, WARM_UP_S, load.expected)
        load.statuses.update(warm_up.others)  # not timed, but its failures count
    for _ in range(TURNS):
        pair.gateway.add(drive(gateway, TURN_S, GATEWAY_STATUS))
        pair.direct.add(drive(direct, TURN_S, DIRECT_STATUS))
    return pair


def _gateway_writer(sandbox: Fresh, batch: Batch, token: str) -> Send:
    """Return a client of the API with its own recording."""
    url: str = sandbox.exports["apiUrl"]
    connection = Connection(url)
    path = f"{url.split('/', 3)[3]}/recordings/{uuid.uuid4()}/events"
    sequence = count()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/gzip"}

    def send() -> str:
        numbered = {**headers, "Batch-Sequence": str(next(sequence))}
        return connection.post(f"/{path}", numbered, batch.body)

    return send


def _direct_writer(sandbox: Fresh, batch: Batch, credentials: Credentials, user: str) -> Send:
    """Return a caller of PutRecord with the record and the role of the gateway."""
    connection = Connection(sandbox.cloud_url)
    recording = str(uuid.uuid4())
    signer = SigV4Auth(credentials, "kinesis", sandbox.exports["region"])
    envelope_of = envelopes(batch, user, recording)
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "Kinesis_20131202.PutRecord",
    }

    def send() -> str:
        record = {
            "StreamName": sandbox.exports["streamName"],
            "PartitionKey": f"{user}/{recording}",
            "Data": base64.b64encode(envelope_of()).decode(),
        }
        body = json.dumps(record).encode()
        request = AWSRequest("POST", f"{sandbox.cloud_url}/", data=body, headers=headers)
        signer.add_auth(request)
        return connection.post("/", dict(request.headers.items()), body)

    return send


def envelopes(batch: Batch, user: str, recording: str) -> Callable[[], bytes]:
    """Return a function that makes the records of `put_record.vtl`, always with the same batch."""
    sequence = count()
    events = base64.b64encode(batch.body).decode()

    def envelope() -> bytes:
        return json.dumps(
            {
                "userId": user,
                "recordingId": recording,
                "sequence": next(sequence),
                "receivedAtMs": time.time_ns() // 1_000_000,
                "requestId": base64.b64encode(secrets.token_bytes(11)).decode(),
                "encoding": "gzip",
                "events": events,
            },
            separators=(",", ":"),
        ).encode()

    return envelope


def _append_role(sandbox: Fresh) -> str:
    operation = sandbox.body["paths"]["/recordings/{recordingId}/events"]["post"]
    return operation["x-amazon-apigateway-integration"]["credentials"]


def _subject(token: str) -> str:
    claims = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"]


def _rows(pair: Pair) -> list[tuple[str, ...]]:
    p50, p99 = (
        [percentile(load.answered_s, percent) * 1000 for load in (pair.gateway, pair.direct)]
        for percent in (50, 99)
    )
    rate = pair.gateway.per_second, pair.direct.per_second
    return [
        (str(pair.writers), "gateway", *_figures(pair.gateway, p50[0], p99[0])),
        ("", "direct", *_figures(pair.direct, p50[1], p99[1])),
        ("", "gateway : direct", *(_ratio(*both) for both in (rate, p50, p99)), "", ""),
        RULE,
    ]


def _figures(load: Load, p50_ms: float, p99_ms: float) -> tuple[str, ...]:
    return (
        f"{load.per_second:.1f}",
        f"{p50_ms:.1f}",
        f"{p99_ms:.1f}",
        f"{load.statuses.total():,}",
        f"{sum(load.others.values()):,}",
    )


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.2f}" if other else "none"

"""What Firehose and API Gateway hand to the function, made small for tests."""

import base64
import gzip
import json
from collections.abc import Iterable
from typing import Any, cast

from handlers.envelope import Arrival, Batch, RecordingId

USER_ID = "11111111-2222-3333-4444-555555555555"
RECORDING_ID = "0197-recording_A"
RECORDING = RecordingId(USER_ID, RECORDING_ID)
EVENTS_ROUTE = "/recordings/{recordingId}/events"
PREFIX = f"rrweb/recordings/userId={USER_ID}/sessionId={RECORDING_ID}"


def ndjson(*events: object) -> bytes:
    """Return a batch body of `events`."""
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def envelope(body: bytes, sequence: object = 0, **fields: object) -> bytes:
    """Return the line that the API writes for `body`; `fields` replace what it says."""
    content = {
        "userId": USER_ID,
        "recordingId": RECORDING_ID,
        "sequence": sequence,
        "receivedAtMs": 1_700_000_000_000 + (sequence if isinstance(sequence, int) else 0),
        "requestId": f"request-{sequence}",
        "encoding": "identity",
        "events": base64.b64encode(body).decode(),
    }
    return json.dumps({**content, **fields}).encode()


def delivered(*envelopes: bytes) -> bytes:
    """Return an object as Firehose writes it."""
    return gzip.compress(b"".join(line + b"\n" for line in envelopes))


def batch(names: Iterable[object], sequence: int | None = None, at: int = 0) -> Batch:
    """Return a batch whose events are {"n": name}."""
    body = ndjson(*({"n": name} for name in names))
    return Batch(
        sequence=sequence,
        arrival=Arrival(at, repr(body) if sequence is None else ""),
        stored_at_ms=at,
        body=lambda: body,
        gzipped=False,
    )


def names(lines: str) -> list[object]:
    """Return the names that `batch` was given, of NDJSON."""
    return [json.loads(line)["n"] for line in lines.splitlines()]


def request(
    cursor: str | None = None,
    *,
    accept: str | None = None,
    user: object = USER_ID,
    recording: object = RECORDING_ID,
) -> dict[str, object]:
    """Return API Gateway's proxy event: what is not there is null."""
    return {
        "resource": EVENTS_ROUTE,
        "pathParameters": {"recordingId": recording},
        "queryStringParameters": None if cursor is None else {"cursor": cursor},
        "headers": None if accept is None else {"aCCept": accept, "Host": "x"},
        "requestContext": {
            "extendedRequestId": "extended=",
            "requestId": "chosen by the client",
            "authorizer": {"claims": {"sub": user}},
        },
    }


def site_request(
    route: str = "/recordings/{recordingId}/events",
    *,
    site: object = "shop",
    name: object = RECORDING_ID,
    groups: object = "site-shop",
    cursor: str | None = None,
    **headers: str,
) -> dict[str, object]:
    """Return the proxy event of a route under `/sites/{siteId}`, with the token of a watcher."""
    claims = {"sub": USER_ID, **({} if groups is None else {"cognito:groups": groups})}
    last = "sha256" if route.endswith("{sha256}") else "recordingId"
    of_recording = {"recordingId": RECORDING_ID} if "{recordingId}" in route else {}
    return {
        "resource": f"/sites/{{siteId}}{route}",
        "pathParameters": {"siteId": site, **of_recording, last: name},
        "queryStringParameters": None if cursor is None else {"cursor": cursor},
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "requestContext": {"extendedRequestId": "extended=", "authorizer": {"claims": claims}},
    }


def whole_answer(body: str, cursor: str | None) -> dict[str, object]:
    """Return the answer of plain events that are all there are, with that Next-Cursor."""
    return {
        "statusCode": 200,
        "headers": {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": (
                "Next-Cursor, Has-More, Events-Skipped, Missing-Sequences, Tail"
            ),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Type": "application/x-ndjson",
            "Next-Cursor": cursor,
            "Has-More": "false",
            "Events-Skipped": "0",
            "Tail": "complete",
        },
        "body": body,
        "isBase64Encoded": False,
    }


def header(answer: dict[str, object], name: str) -> str | None:
    """Return a header of an answer."""
    return cast("dict[str, str]", answer["headers"]).get(name)


def body_of(answer: dict[str, object]) -> bytes:
    """Return the body of an answer as a browser sees it."""
    text = str(answer["body"])
    return gzip.decompress(base64.b64decode(text)) if answer["isBase64Encoded"] else text.encode()


def events_of(answer: dict[str, object]) -> list[Any]:
    """Return the events of an answer."""
    assert answer["statusCode"] == 200, answer["body"]
    return [json.loads(line) for line in body_of(answer).split(b"\n") if line]

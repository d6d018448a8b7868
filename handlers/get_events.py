"""GET /recordings/{recordingId}/events, as pages of NDJSON, and …/screenshot.

Runs behind an API Gateway REST API (AWS_PROXY). Environment: `BUCKET`, `TABLE`, `STREAM_ARN`,
`FIREHOSE_BUFFER_SECONDS`, `KEY_PREFIX` (such as `rrweb/recordings`) and, if set, `ALLOW_ORIGIN`
(default `*`). Its role needs s3:ListBucket on the bucket, s3:GetObject under the prefix,
dynamodb:GetItem on the table, and kinesis:ListShards, GetShardIterator and GetRecords on the
stream. An error of these services is raised, so that the gateway answers 502: a fault of ours never
looks like an empty recording.
"""

import functools
import gc
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import unquote

import boto3  # pyright: ignore[reportMissingTypeStubs]
from botocore.config import Config  # pyright: ignore[reportMissingTypeStubs]

from handlers.answer_body import GzipBody, PlainBody
from handlers.cursor import CursorError, cursor_from, position_from
from handlers.envelope import RecordingId
from handlers.get_screenshot import SCREENSHOT_ROUTE, screenshot_answer
from handlers.kinesis_tail import KinesisClient, Tail
from handlers.known_recording import DynamoDbClient, KnownRecording, known_recording
from handlers.position import START, Position
from handlers.problem import ProblemError, problem_body
from handlers.recording_page import RecordingPage, RecordingReader
from handlers.sequence_ranges import format_ranges
from handlers.stored_objects import CONCURRENT_READS, RecordingObjects, S3Client

_USER_ID = re.compile(r"[A-Za-z0-9-]{1,128}")
_RECORDING_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# API Gateway decodes a base64 answer only if the first media type of Accept is a binary one of the
# API, and this is the one that we register:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
_BINARY_MEDIA_TYPE = "application/gzip"
_EXPOSED_HEADERS = "Next-Cursor, Has-More, Events-Skipped, Missing-Sequences, Tail"

JsonObject = Mapping[str, Any]
"""Decoded JSON that the gateway or AWS made; what is read of it is checked where it is read."""


@dataclass(frozen=True, slots=True)
class EventsRequest:
    """What a client may ask for, checked."""

    recording: RecordingId
    after: Position
    gzipped: bool


@dataclass(frozen=True, slots=True)
class Clients:
    """Connections, made once for the life of a container."""

    s3: S3Client
    dynamodb: DynamoDbClient
    tail: Tail


def handler(event: JsonObject, _context: object) -> dict[str, object]:
    """Return a page of events, a screenshot or a problem, as API Gateway's proxy answer.

    Raises:
        ClientError: S3 or DynamoDB refused; the gateway answers 502.
    """
    started = time.monotonic()
    # Decoded JSON has no cycles, and to look for some in it takes a sixth of the time.
    gc.disable()
    try:
        return _answer(event, started)
    finally:
        gc.enable()


def _answer(event: JsonObject, started: float) -> dict[str, object]:
    request_context = _object(event.get("requestContext"))
    request_id = str(request_context.get("extendedRequestId") or "")
    try:
        recording = recording_from(event)
        if event.get("resource") == SCREENSHOT_ROUTE:
            answer, log = _screenshot_answer(event, recording)
        else:
            answer, log = _events_answer(request_from(event, recording))
    except ProblemError as problem:
        answer = _problem_answer(problem, request_id)
        log = {"status": problem.status.value, "detail": problem.detail}
    duration_ms = round((time.monotonic() - started) * 1000)
    # Counts and ids only: neither events nor cursors nor tokens.
    print(json.dumps({"requestId": request_id, "durationMs": duration_ms, **log}), flush=True)
    return answer


def recording_from(event: JsonObject) -> RecordingId:
    """Return whose recording the proxy `event` asks for, and which.

    Raises:
        ProblemError: 403 without a usable user, 400 for a bad recordingId.
    """
    authorizer = _object(_object(event.get("requestContext")).get("authorizer"))
    user_id = _object(authorizer.get("claims")).get("sub")
    if not isinstance(user_id, str) or not _USER_ID.fullmatch(user_id):
        raise ProblemError(HTTPStatus.FORBIDDEN, "the token names no user")
    # A proxy event has path parameters as they were sent. No id holds a %, so that what is decoded
    # already stays as it is.
    sent = _object(event.get("pathParameters")).get("recordingId")
    recording_id = unquote(sent) if isinstance(sent, str) else ""
    if not _RECORDING_ID.fullmatch(recording_id):
        raise ProblemError(HTTPStatus.BAD_REQUEST, "recordingId must be 1 to 64 of A-Z a-z 0-9 - _")
    return RecordingId(user_id, recording_id)


def request_from(event: JsonObject, recording: RecordingId) -> EventsRequest:
    """Return what the proxy `event` asks for. Raises ProblemError, 400 for a bad cursor."""
    cursor = _object(event.get("queryStringParameters")).get("cursor")
    return EventsRequest(
        recording,
        START if cursor is None else _position(str(cursor), recording.recording_id),
        _header(event, "accept").split(",")[0].split(";")[0].strip().lower() == _BINARY_MEDIA_TYPE,
    )


def _position(cursor: str, recording_id: str) -> Position:
    try:
        return position_from(cursor, recording_id)
    except CursorError as error:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            "cursor must be a Next-Cursor of this recording; leave it out to start over",
        ) from error


def _header(event: JsonObject, name: str) -> str:
    """Return a header of the request, or an empty text."""
    headers = _object(event.get("headers"))
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")


def _known(recording: RecordingId) -> KnownRecording:
    """Return the recording, which is asked for before anything that is stored under its id.

    Raises:
        ProblemError: 404, whatever may still be stored.
    """
    known = known_recording(clients().dynamodb, os.environ["TABLE"], recording, time.time())
    if known is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "you have no recording of this id")
    return known


def _screenshot_answer(
    event: JsonObject, recording: RecordingId
) -> tuple[dict[str, object], dict[str, object]]:
    """Return the answer, and what the log says of it. Raises ProblemError, ClientError."""
    answer = screenshot_answer(
        clients().s3,
        os.environ["BUCKET"],
        f"{_prefix(recording)}screenshot",
        since_ms=_known(recording).since_ms,
        accept=_header(event, "accept"),
        known_etag=_header(event, "if-none-match"),
    )
    answer["headers"] = {**_common_headers(), **cast("JsonObject", answer["headers"])}
    log: dict[str, object] = {
        "status": answer["statusCode"],
        "recordingId": recording.recording_id,
        "bodyChars": len(str(answer["body"])),
    }
    return answer, log


def _events_answer(request: EventsRequest) -> tuple[dict[str, object], dict[str, object]]:
    """Return the answer, and what the log says of it. Raises ProblemError, ClientError."""
    recording = request.recording
    reader = _reader(recording, _known(recording).since_ms)
    page = reader.page(request.after, GzipBody() if request.gzipped else PlainBody())
    answer: dict[str, object] = {
        "statusCode": HTTPStatus.OK.value,
        "headers": {
            **_common_headers(),
            **_page_headers(page, recording),
            **({"Content-Encoding": "gzip"} if request.gzipped else {}),
        },
        "body": page.body,
        "isBase64Encoded": request.gzipped,
    }
    log: dict[str, object] = {
        "status": HTTPStatus.OK.value,
        "recordingId": recording.recording_id,
        "objects": page.objects,
        "tail": page.tail,
        "skipped": page.skipped,
        "bodyChars": len(page.body),
        "hasMore": page.has_more,
    }
    return answer, log


def _prefix(recording: RecordingId) -> str:
    return (
        f"{os.environ['KEY_PREFIX'].rstrip('/')}/userId={recording.user_id}"
        f"/sessionId={recording.recording_id}/"
    )


def _reader(recording: RecordingId, since_ms: int) -> RecordingReader:
    bucket = os.environ["BUCKET"]
    return RecordingReader(
        recording=recording,
        objects=RecordingObjects(clients().s3, bucket, _prefix(recording), recording, since_ms),
        tail=clients().tail,
    )


def _page_headers(page: RecordingPage, recording: RecordingId) -> dict[str, str]:
    return {
        "Content-Type": "application/x-ndjson",
        "Next-Cursor": cursor_from(page.position, recording.recording_id),
        "Has-More": "true" if page.has_more else "false",
        "Events-Skipped": str(page.skipped),
        "Tail": page.tail,
        **({"Missing-Sequences": format_ranges(page.missing)} if page.missing else {}),
    }


def _problem_answer(problem: ProblemError, request_id: str) -> dict[str, object]:
    return {
        "statusCode": problem.status.value,
        "headers": {**_common_headers(), "Content-Type": "application/problem+json"},
        "body": problem_body(problem, request_id),
        "isBase64Encoded": False,
    }


def _common_headers() -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": os.environ.get("ALLOW_ORIGIN", "*"),
        "Access-Control-Expose-Headers": _EXPOSED_HEADERS,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


@functools.cache
def clients() -> Clients:
    """Return the AWS clients of this container, with its role and its Region."""
    # boto3 types no client; S3Client and DynamoDbClient say what of them is used.
    client = cast("Callable[..., Any]", boto3.client)  # pyright: ignore[reportUnknownMemberType]
    config = Config(
        connect_timeout=2,
        read_timeout=10,  # API Gateway waits 29 s in all
        max_pool_connections=CONCURRENT_READS,
        retries={"mode": "standard", "total_max_attempts": 5},
    )
    # The tail has its own patience: what the stream does not give soon, S3 gives later.
    kinesis: KinesisClient = client(
        "kinesis",
        config=Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1}),
    )
    return Clients(
        client("s3", config=config),
        client("dynamodb", config=config),
        Tail(
            kinesis,
            os.environ["STREAM_ARN"],
            buffer_seconds=float(os.environ["FIREHOSE_BUFFER_SECONDS"]),
        ),
    )


def _object(value: object) -> JsonObject:
    """Return a JSON object, or an empty one: the gateway writes null for what there is none of."""
    return cast("JsonObject", value) if isinstance(value, dict) else {}

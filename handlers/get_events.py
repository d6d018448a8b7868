"""The function of GET /recordings/{recordingId}/events and …/screenshot.

Runs for an API Gateway REST API (AWS_PROXY). Environment: `BUCKET`, `TABLE`, `STREAM_ARN`,
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

from handlers.answer import Answer, ProblemError
from handlers.answer_body import GzipBody, PlainBody
from handlers.cursor import CursorError, cursor_from, position_from
from handlers.envelope import RecordingId
from handlers.get_screenshot import SCREENSHOT_ROUTE, screenshot_answer
from handlers.kinesis_tail import Tail
from handlers.position import START, Position, format_ranges
from handlers.recording_page import RecordingReader
from handlers.stored_objects import CONCURRENT_READS, RecordingObjects

# A client may store before it creates: recorders store a screenshot first, and what is sent while
# createRecording fails is kept. So what came this long before is the recording's own. What is older
# is of another one of the same id that has expired, a day before at the least.
BEFORE_CREATION_MS = 3_600_000
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
class Clients:
    """Connections, made once for the life of a container. boto3's have no types of their own."""

    s3: Any
    dynamodb: Any
    tail: Tail


def handler(event: JsonObject, _context: object) -> dict[str, object]:
    """Return a page of events, a screenshot or a problem, as API Gateway's proxy answer.

    Raises:
        ClientError: S3 or DynamoDB refused; the gateway answers 502.
    """
    started = time.monotonic()
    request_id = str(_object(event.get("requestContext")).get("extendedRequestId") or "")
    # Decoded JSON has no cycles, and to look for some in it takes a sixth of the time.
    gc.disable()
    try:
        recording = _recording_from(event)
        is_screenshot = event.get("resource") == SCREENSHOT_ROUTE
        answer = (_screenshot if is_screenshot else _events)(event, recording)
    except ProblemError as problem:
        answer = problem.answer(request_id)
    finally:
        gc.enable()
    duration_ms = round((time.monotonic() - started) * 1000)
    status = answer.status.value
    log = {"requestId": request_id, "durationMs": duration_ms, "status": status, **answer.log}
    print(json.dumps(log), flush=True)
    return {
        "statusCode": status,
        "headers": {
            "Access-Control-Allow-Origin": os.environ.get("ALLOW_ORIGIN", "*"),
            "Access-Control-Expose-Headers": _EXPOSED_HEADERS,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **answer.headers,
        },
        "body": answer.body,
        "isBase64Encoded": answer.is_base64,
    }


def _recording_from(event: JsonObject) -> RecordingId:
    """Return the owner and the id of the recording that the proxy `event` asks for.

    Raises:
        ProblemError: 403 without a usable user, 400 for a bad recordingId.
    """
    authorizer = _object(_object(event.get("requestContext")).get("authorizer"))
    user_id = _object(authorizer.get("claims")).get("sub")
    if not isinstance(user_id, str) or not _USER_ID.fullmatch(user_id):
        raise ProblemError(HTTPStatus.FORBIDDEN, "the token names no user")
    # A proxy event has path parameters as they were sent. No id holds a %, so decoding one that is
    # decoded already changes nothing.
    sent = _object(event.get("pathParameters")).get("recordingId")
    recording_id = unquote(sent) if isinstance(sent, str) else ""
    if not _RECORDING_ID.fullmatch(recording_id):
        raise ProblemError(HTTPStatus.BAD_REQUEST, "recordingId must be 1 to 64 of A-Z a-z 0-9 - _")
    return RecordingId(user_id, recording_id)


def _events(event: JsonObject, recording: RecordingId) -> Answer:
    """Return the answer with a page of events. Raises ProblemError, ClientError."""
    after = _position_from(event, recording)
    accept = _header(event, "accept").split(",")[0].split(";")[0].strip().lower()
    is_gzip = accept == _BINARY_MEDIA_TYPE
    since_ms = _since_ms(recording)
    bucket, prefix = os.environ["BUCKET"], _prefix(recording)
    objects = RecordingObjects(clients().s3, bucket, prefix, recording, since_ms)
    reader = RecordingReader(objects, clients().tail)
    page = reader.page(after, GzipBody() if is_gzip else PlainBody())
    headers = {
        "Content-Type": "application/x-ndjson",
        "Next-Cursor": cursor_from(page.position, recording.recording_id),
        "Has-More": "true" if page.has_more else "false",
        "Events-Skipped": str(page.skipped),
        "Tail": page.tail,
        **({"Missing-Sequences": format_ranges(page.missing)} if page.missing else {}),
        **({"Content-Encoding": "gzip"} if is_gzip else {}),
    }
    log = {
        "recordingId": recording.recording_id,
        "objects": page.objects,
        "tail": page.tail,
        "skipped": page.skipped,
        "bodyChars": len(page.body),
        "hasMore": page.has_more,
    }
    return Answer(HTTPStatus.OK, headers, page.body, is_base64=is_gzip, log=log)


def _screenshot(event: JsonObject, recording: RecordingId) -> Answer:
    """Return the answer with the screenshot. Raises ProblemError, ClientError."""
    since_ms = _since_ms(recording)
    answer = screenshot_answer(
        clients().s3,
        os.environ["BUCKET"],
        f"{_prefix(recording)}screenshot",
        since_ms=since_ms,
        accept=_header(event, "accept"),
        known_etag=_header(event, "if-none-match"),
    )
    return answer._replace(log={"recordingId": recording.recording_id, **answer.log})


def _position_from(event: JsonObject, recording: RecordingId) -> Position:
    """Return the position to go on from. Raises ProblemError, 400 for a bad cursor."""
    cursor = _object(event.get("queryStringParameters")).get("cursor")
    try:
        return START if cursor is None else position_from(str(cursor), recording.recording_id)
    except CursorError as error:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            "cursor must be a Next-Cursor of this recording; leave it out to start over",
        ) from error


def _since_ms(recording: RecordingId) -> int:
    """Return from when on what is stored under a recording's id is its own.

    DynamoDB deletes an expired item days late, so its time counts and not its presence:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html

    Raises:
        ProblemError: 404 if it does not exist or has expired, whatever may still be stored.
    """
    answer = clients().dynamodb.get_item(
        TableName=os.environ["TABLE"],
        Key={
            "owner": {"S": f"user#{recording.user_id}"},
            "recordingId": {"S": recording.recording_id},
        },
        ProjectionExpression="recordingId, createdAtMs, expiresAt",
        ConsistentRead=True,  # a player may ask right after the recorder has created it
    )
    item: Mapping[str, Mapping[str, str]] | None = answer.get("Item")
    if item is None or float(item.get("expiresAt", {}).get("N", "inf")) <= time.time():
        raise ProblemError(HTTPStatus.NOT_FOUND, "you have no recording of this id")
    created_at_ms = int(float(item.get("createdAtMs", {}).get("N", 0)))
    return max(created_at_ms - BEFORE_CREATION_MS, 0)


def _prefix(recording: RecordingId) -> str:
    return (
        f"{os.environ['KEY_PREFIX'].rstrip('/')}/userId={recording.user_id}"
        f"/sessionId={recording.recording_id}/"
    )


def _header(event: JsonObject, name: str) -> str:
    """Return a header of the request, or an empty text."""
    headers = _object(event.get("headers"))
    return next((str(value) for key, value in headers.items() if key.lower() == name), "")


def _object(value: object) -> JsonObject:
    """Return a JSON object, or an empty one: the gateway writes null for what there is none of."""
    return cast("JsonObject", value) if isinstance(value, dict) else {}


@functools.cache
def clients() -> Clients:
    """Return the AWS clients of this container, with its role and its Region."""
    client = cast("Callable[..., Any]", boto3.client)  # pyright: ignore[reportUnknownMemberType]
    config = Config(
        connect_timeout=2,
        read_timeout=10,  # API Gateway waits 29 s in all
        max_pool_connections=CONCURRENT_READS,
        retries={"mode": "standard", "total_max_attempts": 5},
    )
    # Less patience for the tail: what the stream does not give soon, S3 gives later.
    of_the_tail = Config(
        connect_timeout=1,
        read_timeout=2,
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    kinesis = client("kinesis", config=of_the_tail)
    buffer_seconds = float(os.environ["FIREHOSE_BUFFER_SECONDS"])
    tail = Tail(kinesis, os.environ["STREAM_ARN"], buffer_seconds=buffer_seconds)
    return Clients(client("s3", config=config), client("dynamodb", config=config), tail)

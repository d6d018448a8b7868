"""The function that reads back: events, screenshots and a site's assets.

Runs for an API Gateway REST API (AWS_PROXY). Environment: `BUCKET`, `TABLE`, `STREAM_ARN`,
`FIREHOSE_BUFFER_SECONDS`, `KEY_PREFIX` (such as `rrweb/recordings`), `KEPT_PREFIX` (such as
`rrweb/kept`), `ASSET_PREFIX` (such as `rrweb/assets`), `SITE_KEYS` (all keys of each site, such as
`shop=wk_a,wk_b;blog=wk_c`; empty without sites) and, if set, `ALLOW_ORIGIN` (default `*`). Its role
needs s3:ListBucket on the bucket, s3:GetObject under the prefixes, dynamodb:GetItem on the table,
and kinesis:ListShards, GetShardIterator and GetRecords on the stream. An error of these services is
raised, so that the gateway answers 502: a fault of ours never looks like an empty recording.
"""

import functools
import gc
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import boto3
from botocore.config import Config

from handlers.answer import Answer, ProblemError
from handlers.answer_body import GzipBody, PlainBody
from handlers.cursor import CursorError, cursor_from, position_from
from handlers.envelope import RecordingId
from handlers.kinesis_tail import RecordingTail, Tail
from handlers.numbered_objects import NumberedObjects
from handlers.position import START, format_ranges
from handlers.recording_item import RecordingItem, recording_item
from handlers.recording_page import RecordingReader
from handlers.request import JsonObject, Request, object_from, request_from
from handlers.stored_bytes import asset_answer, screenshot_answer
from handlers.stored_objects import CONCURRENT_READS, RecordingObjects

# API Gateway decodes a base64 answer only if the first media type of Accept is a binary one of the
# API, and this is the one that we register:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
_BINARY_MEDIA_TYPE = "application/gzip"
# How long a thread that computes may keep Python's lock from one that waits for it: a tenth of what
# Python takes. Those that fetch and compress need it briefly, hundreds of times a page.
SWITCH_INTERVAL_S = 0.0005
_EXPOSED_HEADERS = "Next-Cursor, Has-More, Events-Skipped, Missing-Sequences, Tail"


@dataclass(frozen=True, slots=True)
class Clients:
    """Connections, made once for the life of a container. boto3's have no types of their own."""

    s3: Any
    dynamodb: Any
    tail: Tail


def handler(event: JsonObject, _context: object) -> dict[str, object]:
    """Return a page of events, stored bytes or a problem, as API Gateway's proxy answer.

    Raises:
        ClientError: S3 or DynamoDB refused; the gateway answers 502.
    """
    started = time.monotonic()
    request_id = str(object_from(event.get("requestContext")).get("extendedRequestId") or "")
    # Decoded JSON has no cycles, and to look for some in it takes a sixth of the time.
    gc.disable()
    try:
        request = request_from(event)
        answer = _ANSWERS[request.route](request)
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


def _events(request: Request) -> Answer:
    """Return the answer with a page of events. Raises ProblemError, ClientError."""
    is_gzip = request.accept.split(",")[0].split(";")[0].strip().lower() == _BINARY_MEDIA_TYPE
    owner, recording_id = request.owner, request.name
    # A cursor of a user's recording is none of a site's recording of the same id.
    cursor_name = recording_id if owner.kind == "user" else f"{owner.id}/{recording_id}"
    try:
        cursor = request.cursor
        after = START if cursor is None else position_from(cursor, cursor_name)
    except CursorError as error:
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            "cursor must be a Next-Cursor of this recording; leave it out to start over",
        ) from error
    page = _reader(request).page(after, GzipBody() if is_gzip else PlainBody())
    headers = {
        "Content-Type": "application/x-ndjson",
        "Next-Cursor": cursor_from(page.position, cursor_name),
        "Has-More": "true" if page.has_more else "false",
        "Events-Skipped": str(page.skipped),
        "Tail": page.tail,
        **({"Missing-Sequences": format_ranges(page.missing)} if page.missing else {}),
        **({"Content-Encoding": "gzip"} if is_gzip else {}),
    }
    log = {
        "recordingId": recording_id,
        "objects": page.objects,
        "tail": page.tail,
        "skipped": page.skipped,
        "bodyChars": len(page.body),
        "hasMore": page.has_more,
    }
    return Answer(HTTPStatus.OK, headers, page.body, is_base64=is_gzip, log=log)


def _reader(request: Request) -> RecordingReader:
    """Return what reads the recording: owners differ only in where its batches lie.

    Raises:
        ProblemError: 404 without such a recording.
        ClientError: DynamoDB refused.
    """
    folder, since_ms = _place(request)
    bucket, s3 = os.environ["BUCKET"], clients().s3
    if request.owner.kind == "site":
        return RecordingReader(NumberedObjects(s3, bucket, f"{folder}batch/", since_ms), tail=None)
    recording = RecordingId(request.owner.id, request.name)
    objects = RecordingObjects(s3, bucket, folder, recording, since_ms)
    return RecordingReader(objects, RecordingTail(clients().tail, recording))


def _screenshot(request: Request) -> Answer:
    """Return the answer with the screenshot. Raises ProblemError, ClientError."""
    folder, since_ms = _place(request)
    key, bucket = f"{folder}screenshot", os.environ["BUCKET"]
    answer = screenshot_answer(clients().s3, bucket, key, since_ms, request)
    return answer._replace(log={"recordingId": request.name, **answer.log})


def _place(request: Request) -> tuple[str, int]:
    """Return the recording's prefix, and since when what lies there is its own. Raises as above."""
    item = _item(request)
    prefix = _prefix("KEPT_PREFIX" if item.is_only_kept else "KEY_PREFIX")
    return f"{prefix}/{item.folder}", item.since_ms


def _item(request: Request) -> RecordingItem:
    """Return the recording that the route names. Raises ProblemError, 404, and ClientError."""
    table, dynamodb = os.environ["TABLE"], clients().dynamodb
    return recording_item(dynamodb, table, request.owner, request.recording_id)


def _prefix(name: str) -> str:
    return os.environ[name].rstrip("/")


def _kept_asset(request: Request) -> Answer:
    """Return the answer with an asset that is kept with its recording. Raises as above."""
    key = f"{_prefix('KEPT_PREFIX')}/{_item(request).folder}asset/{request.name}"
    return asset_answer(clients().s3, os.environ["BUCKET"], [key], request)


def _asset(request: Request) -> Answer:
    """Return the answer with a site's asset. Raises ProblemError, ClientError."""
    sites = (site.partition("=") for site in os.environ["SITE_KEYS"].split(";"))
    site_keys = {site: keys.split(",") for site, _, keys in sites}
    prefix = _prefix("ASSET_PREFIX")
    keys = [f"{prefix}/siteKey={key}/{request.name}" for key in site_keys.get(request.owner.id, [])]
    return asset_answer(clients().s3, os.environ["BUCKET"], keys, request)


_ANSWERS = {
    "/recordings/{recordingId}/events": _events,
    "/recordings/{recordingId}/screenshot": _screenshot,
    "/recordings/{recordingId}/kept/assets/{sha256}": _kept_asset,
    "/sites/{siteId}/recordings/{recordingId}/events": _events,
    "/sites/{siteId}/recordings/{recordingId}/screenshot": _screenshot,
    "/sites/{siteId}/recordings/{recordingId}/kept/assets/{sha256}": _kept_asset,
    "/sites/{siteId}/assets/{sha256}": _asset,
}


@functools.cache
def clients() -> Clients:
    """Return the AWS clients of this container, with its role and its Region."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    client = cast("Callable[..., Any]", boto3.client)
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

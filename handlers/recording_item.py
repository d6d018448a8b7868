"""What the table says of a recording: whether it exists, and where it lies in the bucket."""

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from handlers.answer import ProblemError
from handlers.request import Owner

# A client may store before it creates: recorders store a screenshot first, and what is sent while
# creating fails is kept. So what came this long before is the recording's own. What is older is of
# another one of the same id that has expired, a day before at the least.
BEFORE_CREATION_MS = 3_600_000


class RecordingItem(NamedTuple):
    """A recording that exists."""

    folder: str
    """Of its objects, after the prefix that all recordings share; with a slash at its end."""
    since_ms: int
    """What was stored before belongs to an earlier recording of this id."""
    is_only_kept: bool
    """Whether its objects have expired, so that the copies of them are all there is."""


def recording_item(dynamodb: Any, table: str, owner: Owner, recording_id: str) -> RecordingItem:
    """Return what the table says of a recording.

    DynamoDB deletes an expired item days late, so its time counts and not its presence:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html

    Raises:
        ProblemError: 404 if it does not exist, has expired or was erased, whatever is still stored.
        ClientError: whatever DynamoDB says; it is our fault and must not look like a 404.
    """
    answer = dynamodb.get_item(
        TableName=table,
        Key={"owner": {"S": owner.key}, "recordingId": {"S": recording_id}},
        ProjectionExpression="siteKey, createdAtMs, expiresAt, erasureId, retainedUntil",
        ConsistentRead=True,  # a player may ask right after the recorder has created it
    )
    item: Mapping[str, Mapping[str, str]] | None = answer.get("Item")
    is_erased = item is not None and "erasureId" in item
    if item is None or is_erased or float(item.get("expiresAt", {}).get("N", "inf")) <= time.time():
        raise ProblemError(HTTPStatus.NOT_FOUND, f"{owner.has_no} recording of this id")
    # A site may exchange its key: a recording stays where it was written.
    place = f"userId={owner.id}" if owner.kind == "user" else f"siteKey={item['siteKey']['S']}"
    created_at_ms = int(float(item.get("createdAtMs", {}).get("N", 0)))
    since_ms = max(created_at_ms - BEFORE_CREATION_MS, 0)
    # The first of its objects may be older than the item, and expire as much earlier.
    retained_until_ms = float(item.get("retainedUntil", {}).get("N", "inf")) * 1000
    is_only_kept = retained_until_ms - BEFORE_CREATION_MS <= time.time() * 1000
    return RecordingItem(f"{place}/sessionId={recording_id}/", since_ms, is_only_kept)

"""Whether the table of recordings knows one."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from handlers.envelope import RecordingId

# A client may store before it creates: recorders store a screenshot first, and what is sent while
# createRecording fails is kept. So what came this long before is the recording's own. What is older
# is of another one of the same id that has expired, a day before at the least.
BEFORE_CREATION_MS = 3_600_000


class KnownRecording(NamedTuple):
    """A recording that was created and has not expired."""

    since_ms: int
    """What was stored under its id before is not its own."""


class DynamoDbClient(Protocol):
    """What is used of boto3's DynamoDB client, whose methods have no types of their own."""

    def get_item(self, **request: Any) -> Mapping[str, Any]:
        """Return DynamoDB's answer."""
        ...


def known_recording(
    dynamodb: DynamoDbClient, table: str, recording: RecordingId, now_seconds: float
) -> KnownRecording | None:
    """Return `recording` if it was created and has not expired.

    DynamoDB deletes an expired item days late, so its time counts and not its presence:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html

    Raises:
        ClientError: whatever DynamoDB says; it is our fault and must not look like a 404.
    """
    answer = dynamodb.get_item(
        TableName=table,
        Key={
            "userId": {"S": recording.user_id},
            "recordingId": {"S": recording.recording_id},
        },
        ProjectionExpression="recordingId, createdAtMs, expiresAt",
        ConsistentRead=True,  # a player may ask right after the recorder has created it
    )
    item = answer.get("Item")
    if item is None:
        return None
    expires_at_seconds = item.get("expiresAt", {}).get("N")
    if expires_at_seconds is not None and float(expires_at_seconds) <= now_seconds:
        return None
    created_at_ms = int(float(item.get("createdAtMs", {}).get("N", 0)))
    return KnownRecording(max(created_at_ms - BEFORE_CREATION_MS, 0))

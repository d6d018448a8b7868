"""Whether the table of recordings knows one."""

from collections.abc import Mapping
from typing import Any, Protocol

from handlers.envelope import RecordingId


class DynamoDbClient(Protocol):
    """What is used of boto3's DynamoDB client, whose methods have no types of their own."""

    def get_item(self, **request: Any) -> Mapping[str, Any]:
        """Return DynamoDB's answer."""
        ...


def is_known(
    dynamodb: DynamoDbClient, table: str, recording: RecordingId, now_seconds: float
) -> bool:
    """Return whether `recording` was created and has not expired.

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
        ProjectionExpression="recordingId, expiresAt",
        ConsistentRead=True,  # a player may ask right after the recorder has created it
    )
    item = answer.get("Item")
    if item is None:
        return False
    expires_at_seconds = item.get("expiresAt", {}).get("N")
    return expires_at_seconds is None or float(expires_at_seconds) > now_seconds

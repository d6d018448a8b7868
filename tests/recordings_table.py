"""A table of recordings without indexes, for tests of what reads and writes items by their keys."""

from typing import Any


def create_recordings_table(dynamodb: Any, name: str) -> None:
    """Create it, empty, by a client of boto3's."""
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "owner", "KeyType": "HASH"},
            {"AttributeName": "recordingId", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "owner", "AttributeType": "S"},
            {"AttributeName": "recordingId", "AttributeType": "S"},
        ],
    )

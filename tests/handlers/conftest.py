"""A bucket and a table in moto, and the function's environment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import boto3  # pyright: ignore[reportMissingTypeStubs]
import pytest
from moto import mock_aws

from handlers.get_events import clients
from handlers.kinesis_tail import partition_key
from tests.handlers.given import PREFIX, RECORDING, RECORDING_ID, USER_ID

BUCKET = "recordings-bucket"
TABLE = "recordings-table"
STREAM = "events-stream"


@dataclass
class Stored:
    """What a test may put where the function reads."""

    s3: Any
    dynamodb: Any
    kinesis: Any

    def put(self, name: str, data: bytes, prefix: str = PREFIX) -> None:
        """Store an object as Firehose would."""
        self.s3.put_object(Bucket=BUCKET, Key=f"{prefix}/stream/{name}.gz", Body=data)

    def append(self, data: bytes) -> None:
        """Put an envelope on the stream as the API does."""
        key = partition_key(RECORDING)
        self.kinesis.put_record(StreamName=STREAM, Data=data, PartitionKey=key)

    def create(self, **attributes: dict[str, str]) -> None:
        """Store the item of the recording."""
        item = {"userId": {"S": USER_ID}, "recordingId": {"S": RECORDING_ID}, **attributes}
        self.dynamodb.put_item(TableName=TABLE, Item=item)

    def forget(self) -> None:
        """Delete the item of the recording, as DynamoDB does when it has expired."""
        key = {"userId": {"S": USER_ID}, "recordingId": {"S": RECORDING_ID}}
        self.dynamodb.delete_item(TableName=TABLE, Key=key)


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stored]:
    """Return an empty bucket, and a table that knows the recording."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "BUCKET": BUCKET,
        "TABLE": TABLE,
        "KEY_PREFIX": "rrweb/recordings",
        "FIREHOSE_BUFFER_SECONDS": "60",
        "STREAM_ARN": f"arn:aws:kinesis:eu-west-1:123456789012:stream/{STREAM}",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "ALLOW_ORIGIN"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        clients.cache_clear()
        make = cast("Callable[..., Any]", boto3.client)  # pyright: ignore[reportUnknownMemberType]
        s3, dynamodb, kinesis = make("s3"), make("dynamodb"), make("kinesis")
        kinesis.create_stream(StreamName=STREAM, ShardCount=2)
        s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[
                {"AttributeName": "userId", "KeyType": "HASH"},
                {"AttributeName": "recordingId", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "userId", "AttributeType": "S"},
                {"AttributeName": "recordingId", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        stored = Stored(s3, dynamodb, kinesis)
        stored.create()
        yield stored
    clients.cache_clear()

"""A bucket and a table in moto, and the function's environment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import boto3  # pyright: ignore[reportMissingTypeStubs]
import pytest
from moto import mock_aws

from handlers.get_events import clients
from tests.handlers.given import PREFIX, RECORDING_ID, USER_ID

BUCKET = "recordings-bucket"
TABLE = "recordings-table"


@dataclass
class Stored:
    """What a test may put where the function reads."""

    s3: Any
    dynamodb: Any

    def put(self, name: str, data: bytes, prefix: str = PREFIX) -> None:
        """Store an object as Firehose would."""
        self.s3.put_object(Bucket=BUCKET, Key=f"{prefix}/stream/{name}.gz", Body=data)

    def create(self, **attributes: dict[str, str]) -> None:
        """Store the item of the recording."""
        item = {"userId": {"S": USER_ID}, "recordingId": {"S": RECORDING_ID}, **attributes}
        self.dynamodb.put_item(TableName=TABLE, Item=item)


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stored]:
    """Return an empty bucket and table."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "BUCKET": BUCKET,
        "TABLE": TABLE,
        "KEY_PREFIX": "rrweb/recordings",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "ALLOW_ORIGIN"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        clients.cache_clear()
        make = cast("Callable[..., Any]", boto3.client)  # pyright: ignore[reportUnknownMemberType]
        s3, dynamodb = make("s3"), make("dynamodb")
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
        yield Stored(s3, dynamodb)
    clients.cache_clear()

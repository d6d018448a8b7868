"""A bucket and a table in moto, and the function's environment."""

from collections.abc import Iterator

import pytest

from handlers.get_events import clients
from tests.handlers.stored import BUCKET, SITE_KEYS, STREAM, TABLE, Stored
from tests.moto_account import client, moto_account
from tests.recordings_table import create_recordings_table


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
        "KEPT_PREFIX": "rrweb/kept",
        "ASSET_PREFIX": "rrweb/assets",
        "SITE_KEYS": SITE_KEYS,
        "FIREHOSE_BUFFER_SECONDS": "60",
        "STREAM_ARN": f"arn:aws:kinesis:eu-west-1:123456789012:stream/{STREAM}",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "ALLOW_ORIGIN"):
        monkeypatch.delenv(name, raising=False)
    with moto_account():
        clients.cache_clear()
        s3, dynamodb, kinesis = client("s3"), client("dynamodb"), client("kinesis")
        kinesis.create_stream(StreamName=STREAM, ShardCount=2)
        s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        create_recordings_table(dynamodb, TABLE)
        stored = Stored(s3, dynamodb, kinesis)
        stored.create()
        yield stored
    clients.cache_clear()

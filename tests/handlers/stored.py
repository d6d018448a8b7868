"""What the tests of the function put into its bucket, its table and its stream."""

from dataclasses import dataclass
from typing import Any

from handlers.kinesis_tail import partition_key
from tests.handlers.given import PREFIX, RECORDING, RECORDING_ID, USER_ID

BUCKET = "recordings-bucket"
TABLE = "recordings-table"
STREAM = "events-stream"
SITE_KEYS = "shop=wk_a,wk_b;shop2=wk_c;blog=wk_d"
KEY = {"owner": {"S": f"user#{USER_ID}"}, "recordingId": {"S": RECORDING_ID}}


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
        self.dynamodb.put_item(TableName=TABLE, Item={**KEY, **attributes})

    def create_of_site(
        self, site: str = "shop", recording: str = RECORDING_ID, **attributes: dict[str, str]
    ) -> None:
        """Store the item of a site's recording, which was written with the key `wk_a`."""
        key = {"owner": {"S": f"site#{site}"}, "recordingId": {"S": recording}}
        item = {**key, "siteKey": {"S": "wk_a"}, **attributes}
        self.dynamodb.put_item(TableName=TABLE, Item=item)

    def put_at(self, key: str, data: bytes) -> None:
        """Store an object under its whole key."""
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=data, ContentType="text/html")

    def put_batch(self, sequence: int, data: bytes, key: str = "wk_a") -> None:
        """Store a batch of a site's recording as the API does."""
        place = f"siteKey={key}/sessionId={RECORDING_ID}/batch/{sequence:09}"
        self.put_at(f"rrweb/recordings/{place}", data)

    def forget(self) -> None:
        """Delete the item of the recording, as DynamoDB does when it has expired."""
        self.dynamodb.delete_item(TableName=TABLE, Key=KEY)

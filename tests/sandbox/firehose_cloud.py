"""moto's Kinesis and S3 for delivery tests: a stream, a bucket, and a stopped clock."""

import base64
import gzip
import json
from typing import Any

from botocore.exceptions import (
    EndpointConnectionError,
)

from sandbox.firehose import DeliveryStream, parse_config
from tests.moto_account import REGION, session

INPUTS: dict[str, Any] = {
    "name": "events",
    "destination": "extended_s3",
    "kinesisSourceConfiguration": {
        "kinesisStreamArn": f"arn:aws:kinesis:{REGION}:123456789012:stream/source",
        "roleArn": "arn:role/read",
    },
    "extendedS3Configuration": {
        "bucketArn": "arn:aws:s3:::recordings",
        "roleArn": "arn:role/write",
        "prefix": "r/!{partitionKeyFromQuery:u}/!{partitionKeyFromQuery:r}/stream/",
        "errorOutputPrefix": "failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/",
        "bufferingInterval": 60,
        "bufferingSize": 64,
        "compressionFormat": "GZIP",
        "dynamicPartitioningConfiguration": {"enabled": True},
        "processingConfiguration": {
            "enabled": True,
            "processors": [
                {
                    "type": "MetadataExtraction",
                    "parameters": [
                        {"parameterName": "JsonParsingEngine", "parameterValue": "JQ-1.6"},
                        {
                            "parameterName": "MetadataExtractionQuery",
                            "parameterValue": "{u:.userId,r:.recordingId}",
                        },
                    ],
                },
                {"type": "AppendDelimiterToRecord"},
            ],
        },
    },
}


class Cloud:
    """moto's stream and bucket, a stopped clock, and clients that can be disconnected."""

    def __init__(self) -> None:
        self.kinesis: Any = session().client("kinesis")
        self.s3: Any = session().client("s3")
        self.kinesis.create_stream(StreamName="source", ShardCount=2)
        self.s3.create_bucket(
            Bucket="recordings", CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        self.now = 1_000.0
        self.is_down = False
        self.clients_made: list[tuple[str, str]] = []

    def stream(self, **options: Any) -> DeliveryStream:
        config = parse_config(INPUTS)
        return DeliveryStream(config, self.client_for, monotonic=lambda: self.now, **options)

    def client_for(self, service: str, role_arn: str) -> Any:
        self.clients_made.append((service, role_arn))
        if self.is_down:
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")
        return {"kinesis": self.kinesis, "s3": self.s3}[service]

    def put(self, user: str | None, recording: str | None, text: str = "x") -> bytes:
        record = {"userId": user, "recordingId": recording, "events": text}
        return self.put_raw(json.dumps(record).encode(), user or "nobody")

    def put_raw(self, data: bytes, partition_key: str = "k") -> bytes:
        self.kinesis.put_record(StreamName="source", Data=data, PartitionKey=partition_key)
        return data

    def objects(self) -> dict[str, bytes]:
        """Return every object, unpacked, by its key."""
        listed = self.s3.list_objects_v2(Bucket="recordings").get("Contents", [])
        return {
            one["Key"]: gzip.decompress(
                self.s3.get_object(Bucket="recordings", Key=one["Key"])["Body"].read()
            )
            for one in listed
        }

    def failures(self) -> list[tuple[str, str, bytes]]:
        """Return error type, code and raw data of each error record."""
        lines = [
            (key.split("/")[1], json.loads(line))
            for key, body in self.objects().items()
            if key.startswith("failed/")
            for line in body.splitlines()
        ]
        return [
            (kind, line["errorCode"], base64.b64decode(line["rawData"])) for kind, line in lines
        ]

"""EventPipeline."""

import pytest

from components.store.event_pipeline import EventPipeline, EventPipelineArgs
from tests.components.given import (
    BUCKET_ARN,
    ROLE_POLICY,
    STREAM_ARN,
    bucket,
    role_arn,
    statements,
    trust_of,
    trusted,
)
from tests.engine import SUFFIX, Engine, arn, deploy

FIREHOSE = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"


def deployed(*, shards: int = 1, seconds: int = 60, mib: int = 64, protect: bool = False) -> Engine:
    def build() -> None:
        args = EventPipelineArgs(
            bucket=bucket(),
            recordings_prefix="rrweb/recordings",
            failed_prefix="rrweb/failed",
            shard_count=shards,
            buffer_seconds=seconds,
            buffer_mib=mib,
            log_retention_days=7,
            protect=protect,
        )
        EventPipeline("events", args)

    return deploy(build)


def test_firehose_delivers_each_record_under_its_user_and_recording() -> None:
    engine = deployed(seconds=90, mib=100)

    assert engine.of_type(FIREHOSE) == {
        "events": {
            "destination": "extended_s3",
            "kinesisSourceConfiguration": {
                "kinesisStreamArn": STREAM_ARN,
                "roleArn": role_arn("events-reader"),
            },
            "extendedS3Configuration": {
                "bucketArn": BUCKET_ARN,
                "roleArn": role_arn("events-writer"),
                "prefix": (
                    "rrweb/recordings/userId=!{partitionKeyFromQuery:userId}"
                    "/sessionId=!{partitionKeyFromQuery:recordingId}/stream/"
                ),
                "errorOutputPrefix": (
                    "rrweb/failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/"
                ),
                "bufferingInterval": 90,
                "bufferingSize": 100,
                "compressionFormat": "GZIP",
                "dynamicPartitioningConfiguration": {"enabled": True, "retryDuration": 300},
                "processingConfiguration": {
                    "enabled": True,
                    "processors": [
                        {
                            "type": "MetadataExtraction",
                            "parameters": [
                                {"parameterName": "JsonParsingEngine", "parameterValue": "JQ-1.6"},
                                {
                                    "parameterName": "MetadataExtractionQuery",
                                    "parameterValue": "{userId:.userId,recordingId:.recordingId}",
                                },
                            ],
                        },
                        {"type": "AppendDelimiterToRecord"},
                    ],
                },
                "cloudwatchLoggingOptions": {
                    "enabled": True,
                    "logGroupName": f"events{SUFFIX}",
                    "logStreamName": "delivery",
                },
            },
        }
    }


def test_firehose_is_made_when_both_its_roles_may_do_their_work() -> None:
    engine = deployed()

    firehose = engine.resource(FIREHOSE, "events")
    assert {name for type_, name in firehose.depends_on if type_ == ROLE_POLICY} == {
        "events-reader",
        "events-writer",
    }


def test_the_reader_may_only_read_that_stream() -> None:
    engine = deployed()

    assert statements(engine, "events-reader") == [
        {
            "Effect": "Allow",
            "Action": [
                "kinesis:DescribeStream",
                "kinesis:GetShardIterator",
                "kinesis:GetRecords",
                "kinesis:ListShards",
            ],
            "Resource": STREAM_ARN,
        }
    ]
    assert trusted(engine, "events-reader") == trust_of("firehose.amazonaws.com")


def test_the_writer_may_only_write_under_its_two_prefixes_and_to_its_log() -> None:
    engine = deployed()

    on_objects = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    assert statements(engine, "events-writer") == [
        {
            "Effect": "Allow",
            "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            "Resource": BUCKET_ARN,
        },
        {"Effect": "Allow", "Action": on_objects, "Resource": f"{BUCKET_ARN}/rrweb/recordings/*"},
        {"Effect": "Allow", "Action": on_objects, "Resource": f"{BUCKET_ARN}/rrweb/failed/*"},
        {
            "Effect": "Allow",
            "Action": "logs:PutLogEvents",
            "Resource": arn("logs", f"log-group:events{SUFFIX}:log-stream:delivery"),
        },
    ]
    assert trusted(engine, "events-writer") == trust_of("firehose.amazonaws.com")


def test_the_stream_is_encrypted_and_keeps_a_day() -> None:
    engine = deployed(shards=3)

    assert engine.of_type("aws:kinesis/stream:Stream") == {
        "events": {
            "shardCount": 3,
            "retentionPeriod": 24,
            "encryptionType": "KMS",
            "kmsKeyId": "alias/aws/kinesis",
            "streamModeDetails": {"streamMode": "PROVISIONED"},
        }
    }


def test_its_log_is_kept_as_long_as_was_said() -> None:
    engine = deployed()

    assert engine.of_type("aws:cloudwatch/logGroup:LogGroup") == {"events": {"retentionInDays": 7}}


@pytest.mark.parametrize("protect", [False, True])
def test_the_stream_is_protected_when_asked_for(protect: bool) -> None:
    engine = deployed(protect=protect)

    assert engine.resource("aws:kinesis/stream:Stream", "events").protect is protect


@pytest.mark.parametrize("seconds", [59, 901])
def test_a_buffer_time_that_firehose_refuses_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match=rf"^buffer_seconds must be 60\.\.900, got {seconds}$"):
        deployed(seconds=seconds)


@pytest.mark.parametrize("mib", [63, 129])
def test_a_buffer_size_that_firehose_refuses_is_refused(mib: int) -> None:
    with pytest.raises(ValueError, match=rf"^buffer_mib must be 64\.\.128, got {mib}$"):
        deployed(mib=mib)


@pytest.mark.parametrize("shards", [0, 501])
def test_a_number_of_shards_that_kinesis_refuses_is_refused(shards: int) -> None:
    with pytest.raises(ValueError, match=rf"^shard_count must be 1\.\.500, got {shards}$"):
        deployed(shards=shards)


@pytest.mark.parametrize(("shards", "seconds", "mib"), [(1, 60, 64), (500, 900, 128)])
def test_the_smallest_and_the_largest_pipeline_are_taken(
    shards: int, seconds: int, mib: int
) -> None:
    engine = deployed(shards=shards, seconds=seconds, mib=mib)

    to_s3 = engine.inputs(FIREHOSE, "events")["extendedS3Configuration"]
    assert engine.inputs("aws:kinesis/stream:Stream", "events")["shardCount"] == shards
    assert (to_s3["bufferingInterval"], to_s3["bufferingSize"]) == (seconds, mib)

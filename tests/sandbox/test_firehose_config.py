"""The arguments that the sandbox's Firehose supports, and those that it refuses."""

import copy
import math
from typing import Any

import pytest

from sandbox.firehose import FirehoseConfig, parse_config
from sandbox.firehose.prefix import parse_prefix

QUERY = "{userId:.userId,recordingId:.recordingId}"
PREFIX = (
    "rrweb/recordings/userId=!{partitionKeyFromQuery:userId}"
    "/sessionId=!{partitionKeyFromQuery:recordingId}/stream/"
)
ERROR_PREFIX = "rrweb/failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/"
REMOVED: Any = object()

# Any: Pulumi's mocks pass untyped values.
INPUTS: dict[str, Any] = {
    "name": "events",
    "destination": "extended_s3",
    "kinesisSourceConfiguration": {
        "kinesisStreamArn": "arn:aws:kinesis:eu-west-1:000000000000:stream/events-1",
        "roleArn": "arn:aws:iam::000000000000:role/read",
    },
    "extendedS3Configuration": {
        "bucketArn": "arn:aws:s3:::recordings",
        "roleArn": "arn:aws:iam::000000000000:role/write",
        "prefix": PREFIX,
        "errorOutputPrefix": ERROR_PREFIX,
        "bufferingInterval": 60,
        "bufferingSize": 64,
        "compressionFormat": "GZIP",
        "dynamicPartitioningConfiguration": {"enabled": True, "retryDuration": 300},
        "processingConfiguration": {
            "enabled": True,
            "processors": [
                {
                    "type": "MetadataExtraction",
                    "parameters": [
                        {"parameterName": "JsonParsingEngine", "parameterValue": "JQ-1.6"},
                        {"parameterName": "MetadataExtractionQuery", "parameterValue": QUERY},
                    ],
                },
                {"type": "AppendDelimiterToRecord"},
            ],
        },
    },
}


def changed(path: str, value: object) -> dict[str, Any]:
    """Return the inputs with one argument set or removed; `path` is dotted, numbers are indexes."""
    inputs = copy.deepcopy(INPUTS)
    block: Any = inputs
    *parents, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in parents:
        block = block[part]
    if value is REMOVED:
        del block[last]
    else:
        block[last] = value
    return inputs


S3 = "extendedS3Configuration"
PROCESSORS = f"{S3}.processingConfiguration.processors"
QUERY_AT = f"{PROCESSORS}.0.parameters.1.parameterValue"


def test_every_argument_of_the_program_is_read() -> None:
    assert parse_config(INPUTS) == FirehoseConfig(
        name="events",
        version="1",
        stream_arn="arn:aws:kinesis:eu-west-1:000000000000:stream/events-1",
        source_role_arn="arn:aws:iam::000000000000:role/read",
        bucket="recordings",
        destination_role_arn="arn:aws:iam::000000000000:role/write",
        prefix=parse_prefix(PREFIX),
        error_prefix=parse_prefix(ERROR_PREFIX),
        query=QUERY,
        interval_seconds=60,
        size_bytes=64 * 1024 * 1024,
        compression="GZIP",
        extension=".gz",
        delimiter=b"\n",
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tags", {"a": "b"}),
        ("tagsAll", {}),
        ("serverSideEncryption", {"enabled": False}),
        (f"{S3}.cloudwatchLoggingOptions", {"enabled": True}),
        (f"{S3}.bufferingInterval", 60.0),
        (f"{S3}.s3BackupMode", "Disabled"),
        (f"{S3}.kmsKeyArn", None),
        (f"{S3}.customTimeZone", "UTC"),
        (f"{PROCESSORS}.1.parameters", [{"parameterName": "Delimiter", "parameterValue": "\\n"}]),
    ],
)
def test_arguments_that_change_no_object_are_accepted(path: str, value: object) -> None:
    assert parse_config(changed(path, value)) == parse_config(INPUTS)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("destination", "redshift", "destination must be extended_s3"),
        ("name", REMOVED, "name must be a string"),
        ("kinesisSourceConfiguration", REMOVED, "kinesisSourceConfiguration must be a block"),
        ("kinesisSourceConfiguration.kinesisStreamArn", "events", "kinesisStreamArn must match"),
        ("serverSideEncryption", {"enabled": True}, "serverSideEncryption is not supported"),
        ("mskSourceConfiguration", {}, "Firehose: mskSourceConfiguration"),
        ("extended_s3_configuration", {}, "Firehose: extended_s3_configuration"),
        (f"{S3}.bufferingInterval", 59, r"bufferingInterval must be 60\.\.900 seconds, got 59"),
        (f"{S3}.bufferingInterval", 60.5, "bufferingInterval must be a whole number"),
        (f"{S3}.bufferingInterval", math.inf, "bufferingInterval must be a whole number"),
        (f"{S3}.bufferingInterval", True, "bufferingInterval must be a number"),
        (f"{S3}.bufferingSize", 63, r"bufferingSize must be 64\.\.128 MiB, got 63"),
        (f"{S3}.bufferingSize", REMOVED, r"bufferingSize must be 64\.\.128 MiB, got 5"),
        (f"{S3}.compressionFormat", "Snappy", "compressionFormat must be one of GZIP"),
        (f"{S3}.fileExtension", "gz", "fileExtension must be a dot and"),
        (f"{S3}.kmsKeyArn", "arn:key", f"Firehose: {S3}.kmsKeyArn"),
        (f"{S3}.customTimeZone", "Asia/Tokyo", "customTimeZone is not supported"),
        (f"{S3}.s3BackupMode", "Enabled", "s3BackupMode is not supported"),
        (f"{S3}.dataFormatConversionConfiguration", {}, "formats are not converted"),
        (f"{S3}.bucketArn", "recordings", "bucketArn must match"),
        (f"{S3}.errorOutputPrefix", REMOVED, "errorOutputPrefix must be a string"),
        (f"{S3}.errorOutputPrefix", "failed/", "must hold !{firehose:error-output-type}"),
        (
            f"{S3}.errorOutputPrefix",
            "!{firehose:error-output-type}/!{partitionKeyFromQuery:userId}/",
            "errorOutputPrefix may not use partitionKeyFromQuery",
        ),
        (f"{S3}.prefix", PREFIX + "!{firehose:error-output-type}/", "prefix may not hold"),
        (f"{S3}.prefix", "a/!{partitionKeyFromQuery:userId}/", r"unused \['recordingId'\]"),
        (f"{S3}.prefix", PREFIX + "!{partitionKeyFromQuery:x}/", r"not in the query \['x'\]"),
        (f"{S3}.prefix", PREFIX + "!{partitionKeyFromLambda:x}/", "partitionKeyFromLambda:x} is"),
        (f"{S3}.dynamicPartitioningConfiguration", REMOVED, "must be a block"),
        (f"{S3}.dynamicPartitioningConfiguration.enabled", False, "enabled must be true"),
        (f"{S3}.dynamicPartitioningConfiguration.retryDuration", 7201, r"must be 0\.\.7200"),
        (f"{S3}.dynamicPartitioningConfiguration.other", 1, "Configuration.other"),
        (f"{S3}.processingConfiguration.enabled", False, "it makes the partition keys"),
        (f"{PROCESSORS}.0", {"type": "Lambda"}, "'Lambda' is not supported"),
        (f"{PROCESSORS}.1.type", "RecordDeAggregation", "'RecordDeAggregation' is not supported"),
        (f"{PROCESSORS}.1.type", "MetadataExtraction", "has MetadataExtraction twice"),
        (f"{PROCESSORS}", [], "must have MetadataExtraction"),
        (f"{PROCESSORS}.0.parameters.0.parameterValue", "JQ-1.7", "must be JQ-1.6"),
        (f"{PROCESSORS}.0.parameters", [], "parameters must be"),
        (
            f"{PROCESSORS}.1.parameters",
            [{"parameterName": "Delimiter", "parameterValue": ";"}],
            "only the Delimiter",
        ),
        (QUERY_AT, "{userId:.userId,recordingId:}", "is not jq"),
        (QUERY_AT, "{userId:.userId,recordingId:.a |}", "is not jq"),
        (QUERY_AT, ".userId", "must be {name: expression"),
    ],
)
def test_the_error_for_an_unsupported_setting_names_it(
    path: str, value: object, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        parse_config(changed(path, value))


def test_a_file_extension_replaces_gz() -> None:
    assert parse_config(changed(f"{S3}.fileExtension", ".ndjson.gz")).extension == ".ndjson.gz"


def test_without_the_delimiter_processor_records_have_no_separator() -> None:
    assert parse_config(changed(f"{PROCESSORS}.1", REMOVED)).delimiter == b""

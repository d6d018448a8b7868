"""Reads the Pulumi inputs of a Firehose stream into `FirehoseConfig`, and refuses what AWS refuses.

In: the inputs of `aws.kinesis.FirehoseDeliveryStream` as Pulumi's mocks get them, in camelCase.
Out: a frozen dataclass, or a ValueError that names the argument. An argument that affects delivery
and that this sandbox does not support is an error, too.

Rules: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html,
https://docs.aws.amazon.com/firehose/latest/dev/buffering.html,
https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html and, for ranges,
https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sandbox.firehose.inputs import Inputs
from sandbox.firehose.partition_keys import compile_query, query_keys
from sandbox.firehose.prefix import ERROR_TYPE, PARTITION_KEY, Prefix, parse_prefix

# The minima are dynamic partitioning's: https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
INTERVAL_SECONDS = (60, 900)
SIZE_MIB = (64, 128)
# https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html
DEFAULT_INTERVAL_SECONDS, DEFAULT_SIZE_MIB = 300, 5
# https://docs.aws.amazon.com/firehose/latest/APIReference/API_RetryOptions.html
RETRY_SECONDS = (0, 7_200)
# https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html
_FILE_EXTENSION = re.compile(r"\.[0-9a-z!\-_.*'()]{1,127}")
_COMPRESSIONS = {"GZIP": ".gz", "UNCOMPRESSED": ""}
_STREAM_ARN = re.compile(r"arn:aws[a-z-]*:kinesis:[a-z0-9-]+:\d{12}:stream/[A-Za-z0-9_.-]+")
_BUCKET_ARN = re.compile(r"arn:aws[a-z-]*:s3:::(?P<bucket>[a-z0-9.-]+)")

# Inputs that do not affect delivery.
_NO_DATA_PLANE = frozenset({"arn", "destinationId", "region", "tags", "tagsAll"})


@dataclass(frozen=True, kw_only=True)
class FirehoseConfig:
    """The settings that decide which object a record goes to."""

    name: str
    """Firehose stream's name, the start of every object's name."""
    version: str
    """Version of the configuration; a new stream has `1`."""
    stream_arn: str
    """Kinesis stream that is read."""
    source_role_arn: str
    """Role that reads the stream."""
    bucket: str
    """Bucket's name."""
    destination_role_arn: str
    """Role that writes the objects."""
    prefix: Prefix
    """Prefix of records whose partition keys could be read."""
    error_prefix: Prefix
    """Prefix of all other records."""
    query: str
    """jq program from a record to its partition keys."""
    interval_seconds: int
    """Time from a partition's first record to its delivery, unless it is full earlier."""
    size_bytes: int
    """A partition is delivered when it holds this many bytes, before compression."""
    compression: str
    """`GZIP` or `UNCOMPRESSED`."""
    extension: str
    """End of an object's name, such as `.gz`; may be empty."""
    delimiter: bytes
    """Written after each record: a newline, or nothing without AppendDelimiterToRecord."""


def parse_config(inputs: Mapping[str, object]) -> FirehoseConfig:
    """Return the configuration.

    Raises:
        ValueError: AWS would refuse the stream, or this sandbox would deliver it differently.
    """
    stream = Inputs("", inputs)
    if stream.text("destination") != "extended_s3":
        raise ValueError(f"destination must be extended_s3, got {inputs.get('destination')!r}")
    source = stream.block("kinesisSourceConfiguration")
    to_s3 = stream.block("extendedS3Configuration")
    stream.only_when("serverSideEncryption", _is_off, "a stream that reads Kinesis cannot have it")
    partitioning = to_s3.block("dynamicPartitioningConfiguration")
    if partitioning.flag("enabled") is not True:
        raise ValueError(f"{partitioning.path}.enabled must be true in the sandbox")
    query, delimiter = _processing(to_s3.block("processingConfiguration"))
    prefix, error_prefix = _prefixes(to_s3, query)
    compression, extension = _compression(to_s3)
    to_s3.only_when("s3BackupMode", lambda value: value == "Disabled", "backups are not delivered")
    to_s3.only_when("dataFormatConversionConfiguration", _is_off, "formats are not converted")
    to_s3.only_when("customTimeZone", lambda value: value == "UTC", "only UTC is supported")
    config = FirehoseConfig(
        name=stream.text("name"),
        version=stream.text("versionId", "1"),
        stream_arn=source.text("kinesisStreamArn", pattern=_STREAM_ARN),
        source_role_arn=source.text("roleArn"),
        bucket=to_s3.text("bucketArn", pattern=_BUCKET_ARN).rpartition(":")[2],
        destination_role_arn=to_s3.text("roleArn"),
        prefix=prefix,
        error_prefix=error_prefix,
        query=query,
        interval_seconds=to_s3.whole(
            "bufferingInterval", INTERVAL_SECONDS, "seconds", DEFAULT_INTERVAL_SECONDS
        ),
        size_bytes=to_s3.whole("bufferingSize", SIZE_MIB, "MiB", DEFAULT_SIZE_MIB) * 1024 * 1024,
        compression=compression,
        extension=extension,
        delimiter=delimiter,
    )
    # Only checked: the sandbox retries a partition until S3 takes it.
    partitioning.whole("retryDuration", RETRY_SECONDS, "seconds", 300)
    # Firehose's own logs do not affect delivery.
    to_s3.refuse_others(frozenset({"cloudwatchLoggingOptions"}))
    stream.refuse_others(_NO_DATA_PLANE)
    for block in (source, partitioning):
        block.refuse_others(frozenset())
    return config


def _prefixes(to_s3: Inputs, query: str) -> tuple[Prefix, Prefix]:
    prefix = parse_prefix(to_s3.text("prefix"))
    error_prefix = parse_prefix(to_s3.text("errorOutputPrefix"))
    if not error_prefix.has(*ERROR_TYPE):
        raise ValueError(
            f"{to_s3.path}.errorOutputPrefix must hold !{{firehose:error-output-type}}"
        )
    if error_prefix.partition_keys():
        raise ValueError(f"{to_s3.path}.errorOutputPrefix may not use {PARTITION_KEY}")
    if prefix.has(*ERROR_TYPE):
        raise ValueError(f"{to_s3.path}.prefix may not hold !{{firehose:error-output-type}}")
    made, used = frozenset(query_keys(query)), prefix.partition_keys()
    if made != used:
        raise ValueError(
            f"{to_s3.path}.prefix must use every key of MetadataExtractionQuery and no other: "
            f"unused {sorted(made - used)}, not in the query {sorted(used - made)}"
        )
    return prefix, error_prefix


def _compression(to_s3: Inputs) -> tuple[str, str]:
    compression = to_s3.text("compressionFormat", "UNCOMPRESSED")
    if compression not in _COMPRESSIONS:
        known = ", ".join(_COMPRESSIONS)
        raise ValueError(f"{to_s3.path}.compressionFormat must be one of {known}: {compression!r}")
    extension = to_s3.text("fileExtension", "")
    if extension and not _FILE_EXTENSION.fullmatch(extension):
        raise ValueError(
            f"{to_s3.path}.fileExtension must be a dot and 1..127 of 0-9 a-z ! - _ . * ' ( ), "
            f"got {extension!r}"
        )
    return compression, extension or _COMPRESSIONS[compression]


def _processing(processing: Inputs) -> tuple[str, bytes]:
    """Return the jq query and the delimiter that is written after each record."""
    if processing.flag("enabled") is not True:
        raise ValueError(f"{processing.path}.enabled must be true: it makes the partition keys")
    query, delimiter = "", b""
    seen: set[str] = set()
    for processor in processing.blocks("processors"):
        kind = processor.text("type")
        if kind in seen:
            raise ValueError(f"{processing.path}.processors has {kind} twice")
        seen.add(kind)
        parameters = _parameters(processor)
        if kind == "MetadataExtraction":
            query = _query(parameters, processor.path)
        elif kind == "AppendDelimiterToRecord":
            delimiter = _delimiter(parameters, processor.path)
        else:
            raise ValueError(f"{processor.path}.type {kind!r} is not supported by the sandbox")
        processor.refuse_others(frozenset())
    processing.refuse_others(frozenset())
    if not query:
        raise ValueError(f"{processing.path}.processors must have MetadataExtraction")
    return query, delimiter


def _parameters(processor: Inputs) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for parameter in processor.blocks("parameters", required=False):
        parameters[parameter.text("parameterName")] = parameter.text("parameterValue")
        parameter.refuse_others(frozenset())
    return parameters


def _query(parameters: dict[str, str], path: str) -> str:
    known = {"JsonParsingEngine", "MetadataExtractionQuery"}
    if set(parameters) != known:
        raise ValueError(f"{path}.parameters must be {sorted(known)}, got {sorted(parameters)}")
    if parameters["JsonParsingEngine"] != "JQ-1.6":
        raise ValueError(f"{path}: JsonParsingEngine must be JQ-1.6, {parameters} given")
    compile_query(parameters["MetadataExtractionQuery"])
    return parameters["MetadataExtractionQuery"]


def _delimiter(parameters: dict[str, str], path: str) -> bytes:
    # Programs in Terraform and Pulumi pass a backslash and an n, which AWS unescapes.
    newline = parameters.pop("Delimiter", "\\n") in ("\\n", "\n")
    if parameters or not newline:
        raise ValueError(f"{path}.parameters: the sandbox knows only the Delimiter \\n")
    return b"\n"


def _is_off(value: object) -> bool:
    return (
        isinstance(value, Mapping) and cast("Mapping[str, object]", value).get("enabled") is False
    )

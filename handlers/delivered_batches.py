"""The batches of a recording that Firehose has delivered to S3."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, cast

from botocore.exceptions import ClientError  # pyright: ignore[reportMissingTypeStubs]

from handlers.envelope import Batch, RecordingId, UnusableError, batch_from
from handlers.gunzip import gunzipped
from handlers.lines import lines_of

# Objects read at a time. More would wait for the CPU, and each holds a batch or two in memory.
CONCURRENT_READS = 8
# Firehose buffers at most 128 MiB before it compresses, and may write more when it falls behind:
# https://docs.aws.amazon.com/firehose/latest/dev/create-configure.html
# Twice that is no object of Firehose's. It protects the function's time; the memory is streamed.
MAX_OBJECT_BYTES = 256 * 1024 * 1024
# The largest record that Kinesis takes, in base64 or not, is one line:
# https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
MAX_ENVELOPE_BYTES = 10 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class S3Client(Protocol):
    """What is used of boto3's S3 client, whose methods have no types of their own."""

    def get_paginator(self, operation_name: str, /) -> Any:
        """Return boto3's paginator."""
        ...

    def get_object(self, **request: str) -> Mapping[str, Any]:
        """Return S3's answer, whose `Body` is a stream."""
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the objects of a recording hold."""

    batches: tuple[Batch, ...] = ()
    """In no order; those that were delivered twice are there twice."""
    skipped: int = 0
    """Envelopes, and parts of objects, that could not be used."""


def delivered_keys(s3: S3Client, bucket: str, recording_prefix: str) -> list[str]:
    """Return the keys of the objects that Firehose wrote under `recording_prefix`, which ends in /.

    Raises:
        ClientError: whatever S3 says; it is our fault and must not look like an empty recording.
    """
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=f"{recording_prefix}stream/"
    )
    return [
        str(found["Key"])
        for page in pages
        for found in page.get("Contents", [])
        if found["Key"].endswith(".gz")
    ]


def delivered_batches(
    s3: S3Client, bucket: str, keys: Iterable[str], recording: RecordingId
) -> Delivered:
    """Return the batches of `recording` in the objects `keys`.

    Raises:
        ClientError: S3 refuses an object. One that no longer exists is passed over and not
            counted: retention, or its user, deleted it since it was listed.
    """
    with ThreadPoolExecutor(CONCURRENT_READS) as threads:
        read = partial(_batches_in_object, s3, bucket, recording)
        objects = list(threads.map(read, keys))
    return Delivered(
        tuple(batch for found in objects for batch in found.batches),
        sum(found.skipped for found in objects),
    )


def batches_in(chunks: Iterable[bytes], recording: RecordingId) -> Delivered:
    """Return the batches of `recording` in the gzipped lines `chunks`; a fault ends only itself."""
    batches: list[Batch] = []
    skipped = 0
    for data, damaged in lines_of(gunzipped(chunks, MAX_OBJECT_BYTES), MAX_ENVELOPE_BYTES):
        unusable = False
        if data.strip():
            try:
                batches.append(batch_from(data, recording))
            except UnusableError:
                unusable = True
        skipped += damaged or unusable  # a half line and what is missing behind it are one part
    return Delivered(tuple(batches), skipped)


def _batches_in_object(s3: S3Client, bucket: str, recording: RecordingId, key: str) -> Delivered:
    try:
        answer = s3.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        response = cast("Mapping[str, Any]", error.response)  # pyright: ignore[reportUnknownMemberType]
        if response["Error"]["Code"] != "NoSuchKey":
            raise
        return Delivered()
    chunks: Iterator[bytes] = answer["Body"].iter_chunks(_CHUNK_BYTES)
    return batches_in(chunks, recording)

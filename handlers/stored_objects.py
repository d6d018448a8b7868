"""What S3 holds of a recording: which objects there are, and the batches in them."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol, cast

from botocore.exceptions import ClientError

from handlers.envelope import Arrival, Batch, RecordingId, batch_from, name_of
from handlers.gunzip import gunzipped_lines, gunzipped_whole

# Objects of a page read at a time: S3 answers within 100 to 200 ms, mostly sooner, and boto3 takes
# a millisecond of the processor for each, so this many keep it busy.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
CONCURRENT_READS = 64
# Larger objects are not fetched before their turn. It protects the memory.
MAX_FETCHED_BYTES = 1024 * 1024
# Envelopes are base64 of gzip, which gzip shrinks by a quarter. A small object that shrinks no more
# than this is unpacked in one go, which is faster. It protects the memory.
UNPACKED_PER_BYTE = 2
# 50 calls of 100 ms. A recording of a month has as many objects where one comes each minute.
MAX_LISTED_PAGES = 50
# Firehose buffers at most 128 MiB before it compresses, and may write more when it falls behind:
# https://docs.aws.amazon.com/firehose/latest/dev/create-configure.html
# Twice that is no object of Firehose's. It protects the function's time; the memory is streamed.
MAX_OBJECT_BYTES = 256 * 1024 * 1024
# The largest record that Kinesis takes, in base64 or not, is one line:
# https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
MAX_ENVELOPE_BYTES = 10 * 1024 * 1024
# The contract's pattern of a sequence in a path.
SEQUENCE = re.compile(r"0|[1-9][0-9]{0,8}")


class StoredObject(NamedTuple):
    """One object of a recording."""

    modified_ms: int
    name: str
    """The key without the folder of the recording and of its kind."""
    key: str
    size: int
    """Bytes, as stored."""
    sequence: int | None = None
    """The number that is its name, where an object is one numbered batch."""


class Listing(NamedTuple):
    """The objects of a recording."""

    deliveries: list[StoredObject]
    """Firehose's, oldest first; or a site's batches, by their numbers."""
    large: list[Batch]
    """Large batches."""
    is_cut: bool
    """True: there are more objects than are ever listed."""
    is_all: bool = True
    """False: more come after them, which the next page lists."""


class Objects(Protocol):
    """Where the batches of a recording lie in S3."""

    @property
    def since_ms(self) -> int:
        """What came before belongs to an earlier recording of this id."""
        ...

    @property
    def first_page_objects(self) -> int:
        """How many objects the first page reads."""
        ...

    def listed(self, after: int, stored: range, /) -> Listing:
        """Return the objects; of numbered ones the next after a number.

        Those in `stored` are known already, and may be fetched meanwhile.
        """
        ...

    def opened(
        self, stored: Sequence[StoredObject], /
    ) -> Iterator[tuple[StoredObject, Iterator[Batch | None]]]:
        """Yield each object with its batches."""
        ...


@dataclass(frozen=True, slots=True)
class RecordingObjects:
    """The objects of one recording of a user, which lie under `prefix`."""

    s3: Any
    """boto3's client, which has no types of its own."""
    bucket: str
    prefix: str
    """With a slash at its end."""
    recording: RecordingId
    since_ms: int = 0
    """What came before belongs to an earlier recording of this id, which has expired."""

    @property
    def first_page_objects(self) -> int:
        """How many objects the first page reads: each may hold minutes."""
        return 4

    def listed(self, _after: int = -1, _stored: range = range(0)) -> Listing:
        """Return all objects: what Firehose writes has no numbers in its names.

        Raises:
            ClientError: whatever S3 says; it is our fault and must not look like a short recording.
        """
        deliveries: list[StoredObject] = []
        large: list[Batch] = []
        request: dict[str, str] = {}
        for _ in range(MAX_LISTED_PAGES):
            answer = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix, **request)
            for content in answer.get("Contents", []):
                folder, _, name = str(content["Key"])[len(self.prefix) :].partition("/")
                modified: datetime = content["LastModified"]
                modified_ms = round(modified.timestamp() * 1000)
                stored = StoredObject(modified_ms, name, str(content["Key"]), content["Size"])
                if modified_ms < self.since_ms:
                    continue
                if folder == "stream" and name.endswith(".gz"):
                    deliveries.append(stored)
                elif folder == "large" and name and "/" not in name:
                    large.append(self._large_batch(stored))
            if not answer["IsTruncated"]:
                return Listing(sorted(deliveries), large, is_cut=False)
            request = {"ContinuationToken": answer["NextContinuationToken"]}
        return Listing(sorted(deliveries), large, is_cut=True)

    def opened(
        self, stored: Sequence[StoredObject]
    ) -> Iterator[tuple[StoredObject, Iterator[Batch | None]]]:
        """Yield each of Firehose's objects with its batches; None stands for a part that is bad.

        Small objects are fetched side by side. A batch is read when it is taken, so that a whole
        object, decompressed, need not fit into memory.

        Raises:
            ClientError: S3 refuses an object. One that no longer exists is empty: retention, or its
                user, deleted it since it was listed.
        """
        with ThreadPoolExecutor(CONCURRENT_READS) as threads:
            for one, stream in zip(stored, threads.map(self._stream, stored), strict=True):
                yield one, self._batches_in(stream, one.modified_ms) if stream else iter(())

    def _large_batch(self, stored: StoredObject) -> Batch:
        """Return a large batch, whose object is read only when it is opened."""

        def body() -> bytes:
            found = object_at(self.s3, self.bucket, stored.key)
            return found["Body"].read() if found else b""

        return Batch(
            sequence=int(stored.name) if SEQUENCE.fullmatch(stored.name) else None,
            arrival=Arrival(stored.modified_ms, name_of(stored.key)),
            stored_at_ms=stored.modified_ms,
            body=body,
            gzipped=True,
        )

    def _stream(self, stored: StoredObject) -> Any:
        """Return a binary stream of an object, or None if it no longer exists."""
        found = object_at(self.s3, self.bucket, stored.key)
        if found is None:
            return None
        stream = found["Body"]
        return io.BytesIO(stream.read()) if stored.size <= MAX_FETCHED_BYTES else stream

    def _batches_in(self, stream: Any, stored_at_ms: int) -> Iterator[Batch | None]:
        """Yield the batches in an object of Firehose's. A fault ends only itself."""
        for line, is_damaged in _lines_in(stream):
            if is_damaged:
                yield None
            elif line.strip():
                batch = batch_from(line, self.recording, stored_at_ms)
                if batch is None or batch.arrival.received_at_ms >= self.since_ms:
                    yield batch


def _lines_in(stream: Any) -> Iterator[tuple[bytes, bool]]:
    """Yield the lines of an object of Firehose's, and whether each is damaged."""
    if isinstance(stream, io.BytesIO):
        data = stream.getvalue()
        text = gunzipped_whole(data, UNPACKED_PER_BYTE * len(data))
        if text is not None:
            return ((line, False) for line in io.BytesIO(text))
    return gunzipped_lines(stream, MAX_ENVELOPE_BYTES, MAX_OBJECT_BYTES)


def object_at(s3: Any, bucket: str, key: str) -> Mapping[str, Any] | None:
    """Return S3's answer, whose `Body` is a binary stream, or None if there is no such object.

    Raises:
        ClientError: whatever else S3 says; it is our fault and must not look like a 404.
    """
    try:
        return s3.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error_code(error) != "NoSuchKey":
            raise
        return None


def error_code(error: ClientError) -> str:
    """Return the code that AWS gives its refusal."""
    response = cast("Mapping[str, Any]", error.response)
    return str(response["Error"]["Code"])

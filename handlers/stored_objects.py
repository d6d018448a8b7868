"""What S3 holds of a recording: which objects there are, and the batches in them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol, cast

from botocore.exceptions import ClientError  # pyright: ignore[reportMissingTypeStubs]

from handlers.envelope import (
    MAX_SEQUENCE,
    Arrival,
    Batch,
    RecordingId,
    UnusableError,
    batch_from,
    name_of,
)
from handlers.gunzip import gunzipped
from handlers.lines import lines_of

# Objects of a page read at a time: S3 answers within 100 to 200 ms, mostly sooner, and boto3 takes
# a millisecond of the processor for each, so this many keep it busy.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
CONCURRENT_READS = 64
# As many where what was read is soon dropped, or might not be needed. It protects the memory.
READ_AHEAD = 16
# Larger objects are not fetched before they are asked for. It protects the memory, too.
MAX_FETCHED_BYTES = 1024 * 1024
# 50 calls of 100 ms. A recording of a month has as many objects where one comes each minute.
MAX_LISTED_PAGES = 50
# Firehose buffers at most 128 MiB before it compresses, and may write more when it falls behind:
# https://docs.aws.amazon.com/firehose/latest/dev/create-configure.html
# Twice that is no object of Firehose's. It protects the function's time; the memory is streamed.
MAX_OBJECT_BYTES = 256 * 1024 * 1024
# The largest record that Kinesis takes, in base64 or not, is one line:
# https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
MAX_ENVELOPE_BYTES = 10 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
# <prefix><stream>-<version>-<YYYY>-<MM>-<DD>-<hh>-<mm>-<ss>-<uuid>.gz, where the time is UTC:
# https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
_FIREHOSE_NAME = re.compile(
    r"(?P<stem>.*)-(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)-[0-9A-Fa-f-]{36}\.gz"
)
_SEQUENCE = re.compile(r"0|[1-9][0-9]{0,15}")


class S3Client(Protocol):
    """What is used of boto3's S3 client, whose methods have no types of their own."""

    def list_objects_v2(self, **request: Any) -> Mapping[str, Any]:
        """Return one page of keys, 1,000 at most."""
        ...

    def get_object(self, **request: str) -> Mapping[str, Any]:
        """Return S3's answer, whose `Body` is a stream."""
        ...


class StoredObject(NamedTuple):
    """One object of a recording."""

    time_s: int
    """Seconds since 1970: what Firehose's name says, or else when it was last modified."""
    name: str
    """The key, from behind the recording's own folder on."""
    key: str
    modified_ms: int
    size: int
    """Bytes, as stored."""
    sequence: int | None
    """Of a large batch; None for a delivery of Firehose's."""


class Listing(NamedTuple):
    """The objects of a recording."""

    deliveries: list[StoredObject]
    """Firehose's, oldest first."""
    large: list[StoredObject]
    """Large batches, by sequence."""
    complete: bool
    """False: there are more deliveries, all of them later."""
    is_cut: bool = False
    """True: there are more objects than are ever listed."""


class Delivery(NamedTuple):
    """What one of Firehose's objects holds that has not been given."""

    stored: StoredObject
    batches: tuple[Batch, ...]
    """In no order; one that was delivered twice may be there twice."""
    skipped: int
    """Envelopes, and parts of the object, that could not be used."""
    until: Arrival | None
    """It holds more, which arrived after this one; None: it does not."""
    has_given: bool
    """Whether it also holds batches that have been given."""
    given_arrivals: frozenset[Arrival]
    """Of those, the arrivals of batches without a sequence that a cursor names."""
    stored_until_ms: int
    """When the last of all its batches was stored in the stream; 0 if it has none."""

    @property
    def is_whole(self) -> bool:
        return self.until is None


@dataclass(frozen=True, slots=True)
class RecordingObjects:
    """The objects of one recording, which lie under `prefix`."""

    s3: S3Client
    bucket: str
    prefix: str
    """With a slash at its end."""
    recording: RecordingId
    since_ms: int = 0
    """What came before is of an earlier recording of this id, which has expired."""

    def listed(self, *, only_first: bool) -> Listing:
        """Return all objects, or the first some hundred if `only_first` and there are many more.

        Raises:
            ClientError: whatever S3 says; it is our fault and must not look like a short recording.
        """
        answer = self._keys()
        found: list[Mapping[str, Any]] = list(answer.get("Contents", []))
        if only_first and answer["IsTruncated"] and self._is_start(found[-1]["Key"]):
            return self._listing(found, complete=False)
        pages = 1
        while answer["IsTruncated"] and pages < MAX_LISTED_PAGES:
            answer = self._keys(ContinuationToken=answer["NextContinuationToken"])
            found.extend(answer.get("Contents", []))
            pages += 1
        return self._listing(found, complete=True, is_cut=answer["IsTruncated"])

    def opened(
        self, stored: Sequence[StoredObject]
    ) -> Iterator[tuple[StoredObject, Iterator[Batch | None]]]:
        """Yield each of Firehose's objects with its batches; None stands for a part that is bad.

        Small objects are fetched side by side. A batch is read when it is taken, so that what an
        object is decompressed to need not find room.

        Raises:
            ClientError: S3 refuses an object. One that no longer exists is empty: retention, or its
                user, deleted it since it was listed.
        """
        with ThreadPoolExecutor(CONCURRENT_READS) as threads:
            for one, chunks in zip(stored, threads.map(self._chunks, stored), strict=True):
                yield one, self._batches_in(chunks, one.modified_ms)

    def batches_of(self, stored: Sequence[StoredObject]) -> Iterator[Batch]:
        """Yield the batches of any number of Firehose's objects."""
        for start in range(0, len(stored), READ_AHEAD):
            for _, batches in self.opened(stored[start : start + READ_AHEAD]):
                yield from (batch for batch in batches if batch is not None)

    def large_batch(self, stored: StoredObject) -> Batch:
        """Return a large batch, which is read when it is opened: its key says all before that."""
        return Batch(
            sequence=stored.sequence,
            arrival=Arrival(stored.modified_ms, name_of(stored.key)),
            stored_at_ms=stored.modified_ms,
            body=lambda: b"".join(self._body(stored.key) or ()),
            gzipped=True,
        )

    def _keys(self, **request: str | int) -> Mapping[str, Any]:
        return self.s3.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix, **request)

    def _is_start(self, last_key: str) -> bool:
        """Return whether the keys behind `last_key` are later deliveries, and nothing else.

        Keys sort by time as long as nothing in front of the time changes. A stack that replaced
        its delivery stream, or changed it ten times, has another name or version there.
        """
        name = _FIREHOSE_NAME.fullmatch(last_key)
        if not name or not last_key.startswith(f"{self.prefix}stream/"):
            return False
        others = self._keys(StartAfter=f"{name['stem']}-9999", MaxKeys=1)
        return not others.get("Contents")

    def _listing(
        self, found: Iterable[Mapping[str, Any]], *, complete: bool, is_cut: bool = False
    ) -> Listing:
        deliveries: list[StoredObject] = []
        large: list[StoredObject] = []
        for content in found:
            folder, _, name = str(content["Key"])[len(self.prefix) :].partition("/")
            if folder == "stream" and name.endswith(".gz"):
                deliveries.append(_stored(content, name, None))
            elif folder == "large" and name and "/" not in name:
                large.append(_stored(content, name, _sequence(name)))
        return Listing(
            sorted(one for one in deliveries if one.modified_ms >= self.since_ms),
            sorted(
                (one for one in large if one.modified_ms >= self.since_ms),
                key=lambda one: one.sequence or 0,
            ),
            complete,
            is_cut,
        )

    def _chunks(self, stored: StoredObject) -> Iterable[bytes] | None:
        body = self._body(stored.key)
        return list(body) if body and stored.size <= MAX_FETCHED_BYTES else body

    def _batches_in(
        self, chunks: Iterable[bytes] | None, stored_at_ms: int
    ) -> Iterator[Batch | None]:
        if chunks is None:
            return
        for batch in batches_in(chunks, self.recording, stored_at_ms):
            if batch is None or batch.arrival.received_at_ms >= self.since_ms:
                yield batch

    def _body(self, key: str) -> Iterator[bytes] | None:
        try:
            answer = self.s3.get_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            response = cast("Mapping[str, Any]", error.response)  # pyright: ignore[reportUnknownMemberType]
            if response["Error"]["Code"] != "NoSuchKey":
                raise
            return None
        read: Callable[[int], Iterator[bytes]] = answer["Body"].iter_chunks
        return read(_CHUNK_BYTES)


def batches_in(
    chunks: Iterable[bytes], recording: RecordingId, stored_at_ms: int
) -> Iterator[Batch | None]:
    """Yield the batches of `recording` in the gzipped lines `chunks`; None for a part that is bad.

    A fault ends only itself.
    """
    for data, damaged in lines_of(gunzipped(chunks, MAX_OBJECT_BYTES), MAX_ENVELOPE_BYTES):
        bad = damaged  # a half line and what is missing behind it are one part
        if data.strip():
            try:
                batch = batch_from(data, recording, stored_at_ms)
            except UnusableError:
                bad = True
            else:
                yield batch
        if bad:
            yield None


def _sequence(name: str) -> int | None:
    """Return the sequence that a large batch is named by; None: it has none, but is not lost."""
    return int(name) if _SEQUENCE.fullmatch(name) and int(name) <= MAX_SEQUENCE else None


def _stored(content: Mapping[str, Any], name: str, sequence: int | None) -> StoredObject:
    modified: datetime = content["LastModified"]
    modified_ms = round(modified.timestamp() * 1000)
    match = _FIREHOSE_NAME.fullmatch(name)
    time_s = _seconds(match["time"]) if match else None
    return StoredObject(
        modified_ms // 1000 if time_s is None else time_s,
        name,
        str(content["Key"]),
        modified_ms,
        int(content["Size"]),
        sequence,
    )


def _seconds(time: str) -> int | None:
    try:
        return int(datetime.strptime(time, "%Y-%m-%d-%H-%M-%S").replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None

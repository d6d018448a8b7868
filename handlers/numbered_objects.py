"""What S3 holds of a site's recording: numbered objects, each of which is one batch."""

import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.envelope import Arrival, Batch
from handlers.position import MAX_LISTED_AGAIN
from handlers.stored_objects import (
    CONCURRENT_READS,
    MAX_LISTED_PAGES,
    Listing,
    StoredObject,
    object_at,
)

# One page lists what it may read, and what was given after a gap. A list of 1,000 would take boto3
# longer than S3.
LISTED_OBJECTS = 256 + MAX_LISTED_AGAIN
# The contract's pattern of a site's sequence. S3 lists such names in the order of their numbers.
SITE_SEQUENCE = re.compile(r"[0-9]{9}")


# Of objects that are fetched while the list is made. It protects the memory: a cursor may lie.
MAX_AHEAD_BYTES = 4 * 1024 * 1024
MAX_AHEAD_OBJECTS = 256


@dataclass(frozen=True, slots=True)
class NumberedObjects:
    """The batches of one recording, which lie under `prefix`."""

    s3: Any
    """boto3's client, which has no types of its own."""
    bucket: str
    prefix: str
    """With a slash at its end."""
    since_ms: int = 0
    """What came before belongs to an earlier recording of this id, which has expired."""
    _ahead: dict[int, Future[bytes]] = field(default_factory=dict[int, "Future[bytes]"])
    """Objects that are being fetched before they are opened, by number."""

    @property
    def first_page_objects(self) -> int:
        """How many objects the first page reads: each holds seconds, and they come side by side."""
        return 16

    def listed(self, after: int = -1, stored: range = range(0)) -> Listing:
        """Return the next batches after a number, and fetch those that are known to be stored.

        At the start, those of the first page are fetched, too: a recorder counts from 0. What is
        not there costs a request, and what is there comes a trip sooner.

        Raises:
            ClientError: whatever S3 says; it is our fault and must not look like a short recording.
        """
        is_start = after < 0 and not stored
        ahead = range(self.first_page_objects) if is_start else stored[:MAX_AHEAD_OBJECTS]
        self._fetch_ahead(ahead)
        batches: list[StoredObject] = []
        start = f"{self.prefix}{after:09}" if after >= 0 else self.prefix
        for _ in range(MAX_LISTED_PAGES):
            answer = self.s3.list_objects_v2(
                Bucket=self.bucket, Prefix=self.prefix, StartAfter=start, MaxKeys=LISTED_OBJECTS
            )
            for content in answer.get("Contents", []):
                start = str(content["Key"])
                name = start[len(self.prefix) :]
                modified: datetime = content["LastModified"]
                modified_ms = round(modified.timestamp() * 1000)
                if SITE_SEQUENCE.fullmatch(name) and modified_ms >= self.since_ms:
                    size, sequence = int(content["Size"]), int(name)
                    batches.append(StoredObject(modified_ms, name, start, size, sequence))
            # Among so many is one at least that has not been given.
            if len(batches) > MAX_LISTED_AGAIN or not answer["IsTruncated"]:
                return Listing(batches, [], is_cut=False, is_all=not answer["IsTruncated"])
        return Listing(batches, [], is_cut=True)

    def opened(
        self, stored: Sequence[StoredObject]
    ) -> Iterator[tuple[StoredObject, Iterator[Batch | None]]]:
        """Yield each object with its batch, all of which are then being fetched side by side.

        So the first are decompressed while the others are under way. Whatever S3 says of one is
        raised when it is opened.
        """
        threads = ThreadPoolExecutor(CONCURRENT_READS)
        batches = [(one, self._batch(one, threads)) for one in stored]
        threads.shutdown(wait=False)
        for one, batch in batches:
            yield one, iter([batch])

    def _fetch_ahead(self, numbers: range) -> None:
        if not numbers:
            return
        room = _Room(MAX_AHEAD_BYTES)

        def body(number: int) -> bytes:
            found = object_at(self.s3, self.bucket, f"{self.prefix}{number:09}")
            if found is None:
                return b""
            if room.has(int(found["ContentLength"])):
                return found["Body"].read()
            found["Body"].close()
            return b""

        threads = ThreadPoolExecutor(CONCURRENT_READS)
        self._ahead.clear()
        self._ahead.update({number: threads.submit(body, number) for number in numbers})
        threads.shutdown(wait=False)

    def _batch(self, stored: StoredObject, threads: ThreadPoolExecutor) -> Batch:
        ahead = self._ahead.pop(int(stored.name), None)

        def body() -> bytes | None:
            found = object_at(self.s3, self.bucket, stored.key)
            if found is None:  # deleted since it was listed
                return b""
            return found["Body"].read() or None

        return Batch(
            sequence=stored.sequence,
            arrival=Arrival(stored.modified_ms, ""),
            stored_at_ms=stored.modified_ms,
            body=(lambda: ahead.result() or body()) if ahead else threads.submit(body).result,
            gzipped=None,
            size=stored.size,
        )


class _Room:
    """So many bytes, which several threads share."""

    def __init__(self, free_bytes: int) -> None:
        self._free_bytes = free_bytes
        self._lock = threading.Lock()

    def has(self, size: int) -> bool:
        """Return whether there is room for so much more, which then is taken."""
        with self._lock:
            has_room = size <= self._free_bytes
            self._free_bytes -= size if has_room else 0
            return has_room

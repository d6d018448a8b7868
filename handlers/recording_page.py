"""One page of a recording: from S3 what is stored, from a user's stream what is newer.

The steps of a page are the methods of `_Page`, from top to bottom. Each happens once: select the
objects to read, read them, order the batches and drop copies, pack what fits into the body, answer
with the position after it.
"""

import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from handlers.answer_body import MAX_TEXT_BYTES, Body, starts_character
from handlers.batch_order import in_order
from handlers.envelope import Arrival, Batch
from handlers.kinesis_tail import RecordingTail, State
from handlers.position import START, Delivery, Partial, Position, Ranges, gaps_of
from handlers.stored_objects import Objects, StoredObject

# The first page is small, so that a player can start: this much JSON and the event that passes it.
FIRST_PAGE_BYTES = 1024 * 1024
FIRST_PAGE_OBJECT_BYTES = 256 * 1024
# What one page reads at most: as much as an answer of 6 MB holds, or else the rest is read again.
PAGE_OBJECTS = 256
PAGE_OBJECT_BYTES = 3584 * 1024
# How much later than Firehose takes a missing batch may have come, and still get its place in a
# recording that is over.
GAP_IN_S3_MS = 600_000
# How long the followers of a missing batch wait for it, where nothing else can hold it back.
GAP_MS = 10_000
# How long an object may take to be seen after the time that S3 gives it: that of its upload.
UNSEEN_MS = 60_000
# Kinesis' clock and API Gateway's are not the same.
SKEW_MS = 10_000
# API Gateway waits 29 s for a page. After this long no other batch is opened: the open one, with up
# to 32 MiB of JSON, and the other work of the machine have the rest.
PAGE_SECONDS = 10.0
# After this long no other object is read, so that there is time to pack what has been read.
READ_SECONDS = 5.0
# Batches that a page holds as they were sent. Those of 5 MB of gzip take about as much.
MAX_KEPT_BYTES = 32 * 1024 * 1024
# What Python takes for a batch besides its body: the smallest are 100 bytes in an object.
BATCH_BYTES = 1000
# Content of the batches that a page opens, and what Python takes for it. An answer holds 32 MiB.
MAX_OPENED_BYTES = 48 * 1024 * 1024


class RecordingPage(NamedTuple):
    """One answer's worth of events."""

    body: str
    position: Position
    has_more: bool
    """Now; what comes later is another question."""
    missing: Ranges
    """Sequences that were passed over: they did not come, or too late for their place."""
    skipped: int
    """Parts of batches and objects that this page should have had and that cannot be used."""
    tail: State
    objects: int
    """Read for this page."""


@dataclass(frozen=True, slots=True)
class RecordingReader:
    """Reads one recording page by page."""

    objects: Objects
    tail: RecordingTail | None
    """What is not in S3 yet; None where a batch is in S3 before its client is answered."""
    clock: Callable[[], float] = time.time

    def page(self, after: Position, body: Body) -> RecordingPage:
        """Return the events after a position that `body` takes.

        Raises:
            ClientError: AWS refuses; it is our fault and must not look like a short recording.
        """
        page = _Page(self, after)
        page.read(page.select())
        page.pack(page.order(), body)
        return page.answer(body)


class _Page:
    """A page while it is made. Each kind of work does its first step whatever it costs."""

    def __init__(self, reader: RecordingReader, after: Position) -> None:
        self._objects, self._tail, self._clock = reader.objects, reader.tail, reader.clock
        self._after = after
        self._started = self._clock()
        self._kept_bytes = 0
        self._opened_bytes = 0
        self._deliveries: list[Delivery] = []
        self._batches: list[Batch] = []
        self._cut: Arrival | None = None
        """Where the last delivery was cut, if it holds more than a page may keep."""
        self._covered_ms = after.covered_ms
        self._tail_state: State = "partial" if self._tail else "complete"
        self._at_end = False
        """Whether all has been read that there is."""
        self._done: list[Batch] = []
        self._partial = after.partial
        self._skipped = 0
        self._is_full = False

    def select(self) -> list[StoredObject]:
        """Return the deliveries that have not been read to their end, in their order."""
        self._listing = self._objects.listed(self._after.listed_after, self._after.stored)
        self._batches += [one for one in self._listing.large if not self._after.has_passed(one)]
        return [one for one in self._listing.deliveries if not self._after.has_consumed(one)]

    def read(self, waiting: Sequence[StoredObject]) -> None:
        """Read the first deliveries, and after the last one the tail of the stream."""
        is_first = self._after == START
        max_objects = self._objects.first_page_objects if is_first else PAGE_OBJECTS
        max_bytes = FIRST_PAGE_OBJECT_BYTES if is_first else PAGE_OBJECT_BYTES
        chosen = waiting[: _fitting(waiting, max_objects, max_bytes)]
        for stored, batches in self._objects.opened(chosen):
            seconds = self._clock() - self._started
            is_over = self._kept_bytes >= MAX_KEPT_BYTES or seconds >= READ_SECONDS
            delivery = None if self._deliveries and is_over else self._delivery(stored, batches)
            if delivery is None:
                break
            self._deliveries.append(delivery)
            self._batches += delivery.batches
            self._covered_ms = max(self._covered_ms, delivery.stored_until_ms)
            self._cut = delivery.until
            if self._cut is not None:
                break
        has_read_all = len(self._deliveries) == len(waiting) and self._cut is None
        self._at_end = has_read_all and self._listing.is_all
        if self._at_end and self._tail is not None:
            since_ms = max(min(self._covered_ms, int(self._clock() * 1000)) - SKEW_MS, 0)
            newest, self._tail_state = self._tail.read(since_ms)
            first_ms = self._objects.since_ms
            new = (one for one in newest if not self._after.has_passed(one))
            self._batches += [one for one in new if one.arrival.received_at_ms >= first_ms]

    def order(self) -> list[Batch]:
        """Return the batches in order, each once, up to one that waits for one before it."""
        after, cut = self._after, self._cut
        ordered = in_order(self._batches)
        ordered.sort(key=lambda one: not after.is_partial(one))
        expected = after.next_sequence
        ready: list[Batch] = []
        for batch in ordered:
            if batch.sequence is None:
                # One that arrived after what was kept of an object waits for the rest of it: a
                # cursor that counts it as given would count that, too.
                if cut is not None and batch.arrival > cut and not after.is_partial(batch):
                    continue
            elif batch.sequence > expected and self._must_wait(batch, has_ready=bool(ready)):
                # No later object closes a gap between numbered ones: there is nothing to ask for.
                self._at_end |= self._tail is None
                break
            else:
                expected = max(expected, batch.sequence + 1)
            ready.append(batch)
        return ready

    def _must_wait(self, batch: Batch, *, has_ready: bool) -> bool:
        """Return whether the batch that is missing before `batch` may still come."""
        arrived_ms = min(batch.arrival.received_at_ms, batch.stored_at_ms)
        reach_ms = self._tail.reach_ms if self._tail else 0
        if self._at_end or self._tail is None:
            waits_ms = GAP_MS if self._tail_state == "complete" else reach_ms
            return arrived_ms + waits_ms > self._started * 1000
        # The next page reads on from here. If it has nothing else to give, it waits no more.
        if not has_ready and self._covered_ms == self._after.covered_ms:
            return False
        read_until_ms = self._deliveries[-1].stored.modified_ms
        return self._cut is not None or batch.stored_at_ms + GAP_IN_S3_MS + reach_ms > read_until_ms

    def pack(self, batches: Sequence[Batch], body: Body) -> None:
        """Put events into the body until it is full or has enough, or too much is opened.

        Only an event that fits into no body goes over several: the others end with a line.
        """
        enough_bytes = FIRST_PAGE_BYTES if self._after == START else MAX_TEXT_BYTES
        for batch in batches:
            seconds = self._clock() - self._started
            if self._done and (seconds >= PAGE_SECONDS or self._opened_bytes >= MAX_OPENED_BYTES):
                self._is_full = True
                return
            content = batch.content()
            self._opened_bytes += content.cost
            index, offset, ndjson = self._rest_of(batch, content.ndjson)
            taken = body.take(ndjson, enough_bytes)
            if taken == 0 and ndjson and body.size == 0:
                # No body takes this line at once. One that shrinks a lot fits in after all.
                line_bytes = ndjson.index(b"\n") + 1
                part = body.take_part(ndjson[:line_bytes])
                if part < line_bytes:
                    offset += part
                else:
                    taken = part + body.take(ndjson[line_bytes:], enough_bytes)
            if taken < len(ndjson):
                given = ndjson.count(b"\n", 0, taken)
                self._partial = Partial(batch.key, index + given, 0 if given else offset)
                self._is_full = True
                return
            self._partial = None
            self._skipped += content.skipped
            self._done.append(batch)

    def answer(self, body: Body) -> RecordingPage:
        """Return the page, with the position after it."""
        position = self._after.advanced(
            self._done,
            self._partial,
            self._deliveries,
            self._listing.deliveries,
            covered_ms=self._covered_ms,
            seen_until_ms=int(self._started * 1000) - UNSEEN_MS,
        )
        position = replace(position, stored_before=self._stored_before(position))
        consumed = [one for one in self._deliveries if position.has_consumed(one.stored)]
        return RecordingPage(
            body=body.text(),
            position=position,
            has_more=self._is_full or not self._at_end,
            missing=gaps_of(position.given),
            skipped=self._skipped + sum(one.skipped for one in consumed) + self._listing.is_cut,
            tail=self._tail_state,
            objects=len(self._deliveries),
        )

    def _stored_before(self, position: Position) -> int:
        """Return before which number the next page's numbered batches lie, without a gap."""
        listed = self._listing.deliveries
        waiting = [one for one in listed if not position.has_consumed(one)]
        first, before = position.next_sequence, position.next_sequence
        for one in waiting[: _fitting(waiting, PAGE_OBJECTS, PAGE_OBJECT_BYTES)]:
            if one.sequence != before:
                break
            before += 1
        return before if before > first else 0

    def _delivery(self, stored: StoredObject, batches: Iterator[Batch | None]) -> Delivery | None:
        """Return what an object holds that has not been given; None if that finds no room.

        Of the first object it is what fits into a page, and arrived first.
        """
        after = self._after
        new: list[Batch] = []
        given_names: set[str] = set()
        skipped, stored_until_ms = 0, 0
        until: Arrival | None = None
        for batch in batches:
            if batch is None:
                skipped += 1
                continue
            stored_ms = min(batch.arrival.received_at_ms, batch.stored_at_ms)
            stored_until_ms = max(stored_until_ms, stored_ms)
            if after.has_passed(batch):
                given_names.add(batch.arrival.name)
                continue
            if until is not None and batch.arrival > until and not after.is_partial(batch):
                continue
            new.append(batch)
            self._kept_bytes += batch.size + BATCH_BYTES
            if self._kept_bytes <= MAX_KEPT_BYTES or len(new) == 1:
                continue
            if self._deliveries:
                return None
            new.sort(key=lambda one: (not after.is_partial(one), one.arrival))
            while self._kept_bytes > MAX_KEPT_BYTES // 2 and len(new) > 1:
                self._kept_bytes -= new.pop().size + BATCH_BYTES
            until = Arrival(0, "") if after.is_partial(new[-1]) else new[-1].arrival
        return Delivery(stored, tuple(new), skipped, until, given_names, stored_until_ms)

    def _rest_of(self, batch: Batch, ndjson: bytes) -> tuple[int, int, bytes]:
        """Return the index of the first event to give, bytes of it that were given, and the rest.

        After a page that ended within an event, an empty line comes first if that event is gone.
        """
        partial = self._partial
        if partial is None:
            return 0, 0, ndjson
        is_it = partial.key == batch.key
        index, offset = partial.next_index if is_it else 0, partial.offset
        rest = _after_lines(ndjson, index)
        if offset == 0:
            return index, 0, rest
        line_bytes = rest.find(b"\n") if is_it else -1
        if offset <= line_bytes and starts_character(rest[offset]):
            return index, offset, rest[offset:]
        # Its batch was deleted, or comes back later and is then given from its start.
        self._skipped += 1
        return index - 1, 0, b"\n" + rest


def _fitting(waiting: Sequence[StoredObject], max_objects: int, max_bytes: int) -> int:
    """Return how many objects a page reads: the first whatever its size."""
    sizes = list(accumulate(one.size for one in waiting[:max_objects]))
    return max(bisect_right(sizes, max_bytes), 1)


def _after_lines(ndjson: bytes, number: int) -> bytes:
    r"""Return the lines after so many.

    >>> _after_lines(b"1\n2\n3\n", 2), _after_lines(b"1\n", 2)
    (b'3\n', b'')
    """
    return ndjson.split(b"\n", number)[-1] if number <= ndjson.count(b"\n") else b""

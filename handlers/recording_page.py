"""One page of a recording: from S3 what Firehose has delivered, from the stream what is newer."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from handlers.answer_body import Body
from handlers.envelope import Batch, RecordingId
from handlers.kinesis_tail import TAIL_MS, State, Tail
from handlers.merge import in_order, packed_into
from handlers.position import START, Position
from handlers.repeats import Repeats
from handlers.sequence_ranges import gaps_of
from handlers.stored_objects import (
    READ_AHEAD,
    Delivery,
    Listing,
    RecordingObjects,
    StoredObject,
)

# The first page is small, so that a player can start: this much JSON and the event that passes it.
FIRST_PAGE_BYTES = 1024 * 1024
FIRST_PAGE_OBJECTS = 4
FIRST_PAGE_OBJECT_BYTES = 256 * 1024
# What one page reads at most: as much as an answer of 6 MB holds, or else the rest is read again.
PAGE_OBJECTS = 256
PAGE_OBJECT_BYTES = 3584 * 1024
# How long the followers of a missing batch wait for it, where nothing else can hold it back, ...
GAP_MS = 10_000
# ... and how much later it may have come to still get its place, in a recording that is over.
GAP_IN_S3_SECONDS = 600
# What is read at most to find it.
MAX_LOOKAHEAD_OBJECTS = 48
MAX_LOOKAHEAD_BYTES = 32 * 1024 * 1024
# Kinesis' clock and API Gateway's are not the same.
SKEW_MS = 10_000


class RecordingPage(NamedTuple):
    """One answer's worth of events."""

    body: str
    position: Position
    has_more: bool
    """Now; what comes later is another question."""
    missing: tuple[tuple[int, int], ...]
    """Sequences that were passed over: they did not come, or too late for their place."""
    skipped: int
    """Parts of batches and objects that this page should have had and that cannot be used."""
    tail: State
    found: bool
    """Whether anything is stored of the recording."""
    objects: int
    """Read for this page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingReader:
    """Reads one recording page by page."""

    recording: RecordingId
    objects: RecordingObjects
    tail: Tail
    clock: Callable[[], float] = time.time

    def page(self, after: Position, body: Body) -> RecordingPage:
        """Return the events behind `after` that `body` takes.

        Raises:
            ClientError: AWS refuses; it is our fault and must not look like a short recording.
        """
        is_first = after == START
        now_ms = int(self.clock() * 1000)
        window = _Window(self, after)
        if is_first:
            window.read_on(FIRST_PAGE_OBJECTS, FIRST_PAGE_OBJECT_BYTES)
        else:
            window.read_on(PAGE_OBJECTS, PAGE_OBJECT_BYTES)
        ready = _without_gap(window, after, now_ms)
        repeats = Repeats(after.latest, window.earlier, ready)
        packed = packed_into(body, ready, after, repeats, FIRST_PAGE_BYTES if is_first else None)
        position = packed.position.past(window.listing, window.read, now_ms)
        return RecordingPage(
            body=body.text(),
            position=position,
            has_more=packed.is_full or not window.at_end,
            missing=gaps_of(position.given),
            skipped=packed.skipped
            + sum(one.skipped for one in window.read if position.consumed.has(one.stored)),
            tail=window.tail_state,
            found=bool(window.listing or window.tail),
            objects=len(window.read),
        )


class _Window:
    """The part of a recording that a page has read."""

    listing: Listing

    def __init__(self, reader: RecordingReader, after: Position) -> None:
        self.read: list[Delivery] = []
        self.tail: list[Batch] = []
        self.tail_state: State = "partial"
        self._reader = reader
        self._after = after
        self._list(only_first=after == START)

    @property
    def at_end(self) -> bool:
        """Whether all has been read that there is."""
        return not self._waiting and self.listing.complete

    def has_next_until(self, time_s: int) -> bool:
        """Return whether there may be a delivery to read of that time or before."""
        if not self._waiting:
            return not self.listing.complete
        return self._waiting[0].time_s <= time_s

    def read_on(self, max_objects: int, max_bytes: int) -> list[StoredObject]:
        """Read at least one more delivery, and the tail behind the last; return what was read."""
        if not self._waiting and not self.listing.complete:
            self._list(only_first=False)
        chosen: list[StoredObject] = []
        for one in self._waiting[:max_objects]:
            max_bytes -= one.size
            if chosen and max_bytes < 0:
                break
            chosen.append(one)
        del self._waiting[: len(chosen)]
        self.read += self._reader.objects.read(chosen)
        if self.at_end:
            since_ms = max(self._after.covered_with(self.read) - SKEW_MS, 0)
            self.tail, self.tail_state = self._reader.tail.read(self._reader.recording, since_ms)
        return chosen

    def pending(self) -> list[Batch]:
        """Return what has not been given, in order; the batch that a page ended in comes first."""
        batches = (batch for batch in self._batches() if not self._after.has_passed(batch))
        return sorted(in_order(batches), key=self._after.turn)

    def earlier(self) -> Iterator[Batch]:
        """Yield all batches that earlier pages gave in whole."""
        yield from (batch for batch in self._batches() if self._after.has_passed(batch))
        consumed = (one for one in self.listing.deliveries if self._after.consumed.has(one))
        for delivery in self._reader.objects.read_each(consumed):
            yield from delivery.batches

    def _list(self, *, only_first: bool) -> None:
        objects = self._reader.objects
        self.listing = objects.listed(only_first=only_first)
        read = {delivery.stored.key for delivery in self.read}
        self._waiting = [
            one
            for one in self.listing.deliveries
            if one.key not in read and not self._after.consumed.has(one)
        ]
        self._large = [objects.large_batch(one) for one in self.listing.large]

    def _batches(self) -> Iterator[Batch]:
        for delivery in self.read:
            yield from delivery.batches
        yield from self.tail
        yield from self._large


def _without_gap(window: _Window, after: Position, now_ms: int) -> list[Batch]:
    """Return the pending batches up to the first that must wait for one before it."""
    objects, size = MAX_LOOKAHEAD_OBJECTS, MAX_LOOKAHEAD_BYTES
    passed_over = after.highest_passed()
    while True:
        pending = window.pending()
        follower = _behind_gap(pending, passed_over)
        if follower is None:
            return pending
        arrived_ms = min(follower.arrival.received_at_ms, follower.stored_at_ms)
        in_place_s = follower.stored_at_ms // 1000 + GAP_IN_S3_SECONDS
        if objects > 0 and size > 0 and window.has_next_until(in_place_s):
            read = window.read_on(min(objects, READ_AHEAD), size)
            objects -= len(read)
            size -= sum(one.size for one in read)
            continue
        waits_ms = GAP_MS if window.tail_state == "complete" else TAIL_MS
        if window.at_end and now_ms - arrived_ms < waits_ms:
            return pending[: pending.index(follower)]
        assert follower.sequence is not None
        passed_over = follower.sequence - 1


def _behind_gap(pending: Iterable[Batch], passed_over: int) -> Batch | None:
    """Return the first batch with a sequence missing before it, above `passed_over`."""
    expected = passed_over + 1
    for batch in pending:  # rising, but for the one that a page ended in
        if batch.sequence is None or batch.sequence < expected:
            continue
        if batch.sequence > expected:
            return batch
        expected += 1
    return None

"""One page of a recording: from S3 what Firehose has delivered, from the stream what is newer."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from handlers.answer_body import Body
from handlers.envelope import Arrival, Batch, RecordingId
from handlers.kinesis_tail import State, Tail
from handlers.merge import in_order, packed_into
from handlers.page_budget import BATCH_BYTES, MAX_KEPT_BYTES, PageBudget
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
# ... and how much later than Firehose takes it may have come to still get its place, in a recording
# that is over.
GAP_IN_S3_MS = 600_000
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
        budget = PageBudget.from_now(self.clock)
        window = _Window(self, after, budget)
        if is_first:
            window.read_on(FIRST_PAGE_OBJECTS, FIRST_PAGE_OBJECT_BYTES)
        else:
            window.read_on(PAGE_OBJECTS, PAGE_OBJECT_BYTES)
        ready = _without_gap(window, after, now_ms)
        packed = packed_into(
            body,
            ready,
            after,
            Repeats(after.latest, window.earlier, ready),
            enough_bytes=FIRST_PAGE_BYTES if is_first else None,
            budget=budget,
        )
        position = packed.position.mark_consumed(window.listing, window.read, now_ms)
        return RecordingPage(
            body=body.text(),
            position=position,
            has_more=packed.is_full or not window.at_end,
            missing=gaps_of(position.given),
            skipped=packed.skipped
            + sum(one.skipped for one in window.read if position.consumed.has(one.stored))
            + window.listing.is_cut,
            tail=window.tail_state,
            objects=len(window.read),
        )


class _Window:
    """The part of a recording that a page has read."""

    listing: Listing

    def __init__(self, reader: RecordingReader, after: Position, budget: PageBudget) -> None:
        self.read: list[Delivery] = []
        self.tail: list[Batch] = []
        self.tail_state: State = "partial"
        self._reader = reader
        self._after = after
        self._budget = budget
        self._list(only_first=after == START)

    @property
    def reach_ms(self) -> int:
        """How long a batch may be nowhere but in the stream."""
        return self._reader.tail.reach_ms

    @property
    def cut(self) -> Delivery | None:
        """The last delivery that was read, if it holds more than a page may keep."""
        return self.read[-1] if self.read and not self.read[-1].is_whole else None

    @property
    def at_end(self) -> bool:
        """Whether all has been read that there is."""
        return not self._waiting and self.listing.complete and not self.cut

    def has_next_until(self, time_s: int) -> bool:
        """Return whether there may be a delivery to read of that time or before."""
        if self.cut or not self._budget.may_read:
            return False
        if not self._waiting:
            return not self.listing.complete
        return self._waiting[0].time_s <= time_s

    def read_on(self, max_objects: int, max_bytes: int) -> list[StoredObject]:
        """Read more deliveries, and the tail behind the last; return what was read.

        It is at least one, unless it finds no room beside what has been read.
        """
        if not self._waiting and not self.listing.complete:
            self._list(only_first=False)
        chosen: list[StoredObject] = []
        for one in self._waiting[:max_objects]:
            max_bytes -= one.size
            if chosen and max_bytes < 0:
                break
            chosen.append(one)
        before = len(self.read)
        for stored, batches in self._reader.objects.opened(chosen):
            if self.cut or (self.read and not self._budget.may_read):
                break
            delivery = _kept(stored, batches, self._after, self._budget, may_cut=not self.read)
            if delivery is None:
                break
            self.read.append(delivery)
        done = len(self.read) - before
        del self._waiting[:done]
        if self.at_end:
            now_ms = int(self._reader.clock() * 1000)
            covered_ms = min(self._after.covered_with(self.read), now_ms)
            since_ms = max(covered_ms - SKEW_MS, 0)
            tail, self.tail_state = self._reader.tail.read(self._reader.recording, since_ms)
            first_ms = self._reader.objects.since_ms
            self.tail = [batch for batch in tail if batch.arrival.received_at_ms >= first_ms]
        return chosen[:done]

    def pending(self) -> list[Batch]:
        """Return what has not been given, in order; the batch that a page ended in comes first."""
        batches = [batch for batch in self._batches() if not self._after.has_passed(batch)]
        if self.cut and self.cut.until:
            # Given before the rest of it, a later one would make a cursor take that for given.
            until = self.cut.until
            batches = [one for one in batches if one.sequence is not None or one.arrival <= until]
        return sorted(in_order(batches), key=self._after.sort_rank)

    def earlier(self) -> Iterator[Batch]:
        """Yield all batches that earlier pages gave in whole, as far as there is time."""
        objects = self._reader.objects
        again = [one.stored for one in self.read if one.has_given]
        consumed = [one for one in self.listing.deliveries if self._after.consumed.has(one)]
        for batches in (
            (batch for batch in self._batches() if self._after.has_passed(batch)),
            (batch for batch in objects.batches_of(again) if self._after.has_passed(batch)),
            objects.batches_of(consumed),
        ):
            for batch in batches:
                if not self._budget.has_time:
                    return
                yield batch

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


def _kept(
    stored: StoredObject,
    batches: Iterator[Batch | None],
    after: Position,
    budget: PageBudget,
    *,
    may_cut: bool,
) -> Delivery | None:
    """Return what a delivery holds that has not been given, or only the first that arrived of it.

    Return None if they find no room and it may not be cut.
    """
    kept: list[Batch] = []
    given: set[Arrival] = set()
    skipped, stored_until_ms = 0, 0
    has_given = False
    until: Arrival | None = None

    def is_begun(batch: Batch) -> bool:
        return after.partial is not None and after.partial.is_of(batch)

    for batch in batches:
        if batch is None:
            skipped += 1
            continue
        stored_until_ms = max(
            stored_until_ms, min(batch.arrival.received_at_ms, batch.stored_at_ms)
        )
        if after.has_passed(batch):
            has_given = True
            if batch.sequence is None and batch.arrival in after.arrived:
                given.add(batch.arrival)
        elif until is None or batch.arrival <= until or is_begun(batch):
            kept.append(batch)
            budget.kept_bytes += batch.size + BATCH_BYTES
            if budget.kept_bytes <= MAX_KEPT_BYTES or len(kept) == 1:
                continue
            if not may_cut:
                return None
            kept.sort(key=lambda one: (not is_begun(one), one.arrival))
            while budget.kept_bytes > MAX_KEPT_BYTES // 2 and len(kept) > 1:
                budget.kept_bytes -= kept.pop().size + BATCH_BYTES
            until = Arrival(0, "") if is_begun(kept[-1]) else kept[-1].arrival
    return Delivery(
        stored,
        tuple(kept),
        skipped,
        until=until,
        has_given=has_given,
        given_arrivals=frozenset(given),
        stored_until_ms=stored_until_ms,
    )


def _without_gap(window: _Window, after: Position, now_ms: int) -> list[Batch]:
    """Return the pending batches up to the first that must wait for one before it."""
    objects, size = MAX_LOOKAHEAD_OBJECTS, MAX_LOOKAHEAD_BYTES
    pending = window.pending()
    expected = after.highest_passed() + 1
    at = 0
    while at < len(pending):  # sequences rise, but for the one that a page ended in
        batch = pending[at]
        if batch.sequence is None or batch.sequence <= expected:
            if batch.sequence == expected:
                expected += 1
            at += 1
            continue
        in_place_ms = batch.stored_at_ms + GAP_IN_S3_MS + window.reach_ms
        if objects > 0 and size > 0 and window.has_next_until(in_place_ms // 1000):
            read = window.read_on(min(objects, READ_AHEAD), size)
            objects -= len(read) or objects
            size -= sum(one.size for one in read)
            pending, expected, at = window.pending(), after.highest_passed() + 1, 0
            continue
        if window.cut and at > 0:
            return pending[:at]  # the next page may find it in the rest
        waits_ms = GAP_MS if window.tail_state == "complete" else window.reach_ms
        arrived_ms = min(batch.arrival.received_at_ms, batch.stored_at_ms)
        if window.at_end and now_ms - arrived_ms < waits_ms:
            return pending[:at]
        expected = batch.sequence
    return pending

"""How far a reader has come in a recording."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple, Self

from handlers.envelope import Arrival, Batch, name_of
from handlers.sequence_ranges import Ranges, contains, with_sequences
from handlers.stored_objects import Delivery, Listing, StoredObject

# All of these keep a cursor short, which travels in a URL. Over this one the lowest gaps close:
# what a client has not sent again by now, it hardly will.
MAX_CURSOR_RANGES = 24
# Batches without a sequence that were given before Firehose delivered them. Over it, all that were
# received before the last 64 count as given.
MAX_CURSOR_ARRIVALS = 64
MAX_CURSOR_OBJECTS = 24
MAX_CURSOR_NAMES = 8
# As much of a name as orders objects of one second.
MAX_OBJECT_NAME_CHARS = 200
# How long an object may take to be seen after the time that S3 gives it: that of its upload.
UNSEEN_MS = 60_000


class Partial(NamedTuple):
    """A batch of which a page took the first events."""

    sequence: int | None
    arrival: Arrival
    next_index: int
    """The first of its events that was not taken, counted in the batch as it was sent."""
    offset: int = 0
    """Bytes of that event that were taken nevertheless: it fits into no page."""
    passed: tuple[Arrival, ...] = ()
    """The batches of this sequence that were given in whole before."""

    def is_of(self, batch: Batch) -> bool:
        return (self.sequence, self.arrival) == (batch.sequence, batch.arrival)


class Latest(NamedTuple):
    """The events that were given, as far as it takes to know one that comes again."""

    timestamp: float | None = None
    """The highest: an event that is newer has not been given."""
    names: tuple[str, ...] | None = ()
    """Of those with that timestamp, each as often as it was given; None if they are too many."""
    without: bool = False
    """Whether any had no timestamp."""


class Consumed(NamedTuple):
    """The deliveries that need not be read again: all that was in them has been given."""

    until_s: int = 0
    until_name: str = ""
    modified_until_ms: int = -1
    """Those up to here by both, and"""
    names: tuple[str, ...] = ()
    """these."""

    def has(self, stored: StoredObject) -> bool:
        return (
            stored.modified_ms <= self.modified_until_ms
            and _place(stored) <= (self.until_s, self.until_name)
        ) or name_of(stored.key) in self.names


NO_EVENT = Latest()
NO_DELIVERY = Consumed()


@dataclass(frozen=True, slots=True)
class Position:
    """The batches that a reader has been given.

    It says which sequences were given, not only the highest: a batch that comes late, after its
    followers were read, is then given on the next page instead of never.
    """

    given: Ranges = ()
    """Sequences given in whole."""
    arrived_until: Arrival | None = None
    """All batches without a sequence up to this one count as given."""
    arrived: tuple[Arrival, ...] = ()
    """Later ones that were given and are not in `consumed`, in order."""
    partial: Partial | None = None
    latest: Latest = NO_EVENT
    consumed: Consumed = NO_DELIVERY
    covered_ms: int = 0
    """When the last batch that has been delivered to S3 was stored in the stream."""

    def has_passed(self, batch: Batch) -> bool:
        """Return whether all of `batch` has been given."""
        return self._has_passed(batch, self.arrived)

    def _has_passed(self, batch: Batch, arrived: Container[Arrival]) -> bool:
        if batch.sequence is None:
            return batch.arrival in arrived or (
                self.arrived_until is not None and batch.arrival <= self.arrived_until
            )
        return contains(self.given, batch.sequence) or (
            self.partial is not None
            and self.partial.sequence == batch.sequence
            and batch.arrival in self.partial.passed
        )

    def sort_rank(self, batch: Batch) -> int:
        """Return 0 for the batch that the last page ended in, 1 for its sequence's, 2 for others.

        Another batch of its sequence may turn up only now and have an earlier arrival.
        """
        if self.partial is None or self.partial.sequence != batch.sequence:
            return 2
        if self.partial.is_of(batch):
            return 0
        return 2 if batch.sequence is None else 1

    def next_index(self, batch: Batch) -> int:
        """Return the index of the first event of `batch` that has not been given."""
        partial = self.partial
        return partial.next_index if partial is not None and partial.is_of(batch) else 0

    def begun(self) -> Partial | None:
        """Return where the last page ended, if that is within an event."""
        return self.partial if self.partial is not None and self.partial.offset else None

    def highest_passed(self) -> int:
        """Return the highest sequence that was given or passed over; -1 if none was."""
        highest = self.given[-1][1] if self.given else -1
        if self.partial is None or self.partial.sequence is None:
            return highest
        return max(highest, self.partial.sequence - 1)

    def moved(self, done: Sequence[Batch], partial: Partial | None, latest: Latest) -> Self:
        """Return the position after `done`, and after the first events of `partial`."""
        sequences = {batch.sequence for batch in done if batch.sequence is not None}
        if partial is not None and partial.sequence is not None:
            sequences.discard(partial.sequence)  # others of this sequence are still to come
            partial = partial._replace(passed=self._passed_of(partial.sequence, done))
        given = with_sequences(self.given, sequences)
        over = len(given) - MAX_CURSOR_RANGES
        if over > 0:
            given = ((given[0][0], given[over][1]), *given[over + 1 :])
        arrived = {*self.arrived, *(batch.arrival for batch in done if batch.sequence is None)}
        return replace(
            self, given=given, arrived=tuple(sorted(arrived)), partial=partial, latest=latest
        )

    def _passed_of(self, sequence: int, done: Sequence[Batch]) -> tuple[Arrival, ...]:
        before = self.partial
        passed = () if before is None or before.sequence != sequence else before.passed
        here = (batch.arrival for batch in done if batch.sequence == sequence)
        return (*passed, *here)[-MAX_CURSOR_NAMES:]

    def mark_consumed(self, listing: Listing, read: Sequence[Delivery], now_ms: int) -> Self:
        """Return this position knowing which of the deliveries need not be read again."""
        given = frozenset(self.arrived)  # all of this page, which may be very many
        consumed = [
            delivery
            for delivery in read
            if delivery.is_whole
            and all(self._has_passed(batch, given) for batch in delivery.batches)
        ]
        done = {delivery.stored.key for delivery in consumed}
        is_known = [one.key in done or self.consumed.has(one) for one in listing.deliveries]
        delivered = {batch.arrival for one in consumed for batch in one.batches}
        delivered.update(*(one.given_arrivals for one in consumed))
        arrived = [arrival for arrival in self.arrived if arrival not in delivered]
        *dropped, arrived_until = [self.arrived_until, *arrived[:-MAX_CURSOR_ARRIVALS]]
        return replace(
            self,
            arrived_until=arrived_until,
            arrived=tuple(arrived[len(dropped) :]),
            consumed=_consumed(listing.deliveries, is_known, now_ms),
            covered_ms=self.covered_with(read),
        )

    def covered_with(self, read: Sequence[Delivery]) -> int:
        """Return `covered_ms` once these deliveries have been read."""
        return max([self.covered_ms, *(delivery.stored_until_ms for delivery in read)])


START = Position()


def _place(stored: StoredObject) -> tuple[int, str]:
    return stored.time_s, stored.name[:MAX_OBJECT_NAME_CHARS]


def _consumed(deliveries: Sequence[StoredObject], known: Sequence[bool], now_ms: int) -> Consumed:
    """Return those of the `deliveries`, oldest first, that are `known`."""
    start = list(takewhile(lambda pair: pair[1], zip(deliveries, known, strict=True)))
    until_s, until_name = _place(start[-1][0]) if start else (0, "")
    newest_ms = max((one.modified_ms for one, _ in start), default=-1)
    # A new object may still turn up among those of the last minute.
    modified_until_ms = max(min(newest_ms, now_ms - UNSEEN_MS), -1)
    told = Consumed(until_s, until_name, modified_until_ms)
    rest = [
        one
        for one, is_known in zip(deliveries, known, strict=True)
        if is_known and not told.has(one)
    ]
    rest.sort(key=lambda one: one.modified_ms)
    if len(rest) > MAX_CURSOR_OBJECTS:
        modified_until_ms = max(modified_until_ms, rest[-MAX_CURSOR_OBJECTS - 1].modified_ms)
        told = Consumed(until_s, until_name, modified_until_ms)
        rest = [one for one in rest[-MAX_CURSOR_OBJECTS:] if not told.has(one)]
    return told._replace(names=tuple(name_of(one.key) for one in rest))

"""How far a reader has come in a recording."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from handlers.envelope import Arrival, Batch, name_of
from handlers.sequence_ranges import Ranges, contains, with_sequences
from handlers.stored_objects import StoredObject

# All of these keep a cursor short, which travels in a URL. Over this one the lowest gaps close: a
# batch that is missing before so many others is hardly still on its way.
MAX_CURSOR_RANGES = 24
# Batches without a sequence. What Firehose has delivered is forgotten first: a copy of it that is
# sent even later is given again. Over it, all that arrived before the last ones count as given.
MAX_CURSOR_ARRIVALS = 80
# Deliveries that were read before an older one.
MAX_CURSOR_OBJECTS = 24
MAX_OBJECT_NAME_CHARS = 200
_BEFORE_ALL = Arrival(0, "")


class Delivery(NamedTuple):
    """What is new in one of Firehose's objects."""

    stored: StoredObject
    batches: tuple[Batch, ...]
    """In no order; one that was delivered twice may be there twice."""
    skipped: int
    """Envelopes, and parts of the object, that cannot be used."""
    until: Arrival | None
    """It holds more, which arrived after this one; None: it does not."""
    given_names: set[str]
    """Of the batches without a sequence in it that were given before."""
    stored_until_ms: int
    """When the last of all its batches was stored in the stream; 0 if it has none."""


class Partial(NamedTuple):
    """A batch of which a page took only the first events."""

    key: int | str
    next_index: int
    """The first of its events that was not taken, counted in the batch as it was sent."""
    offset: int
    """Bytes of that event that were taken nevertheless: it fits into no page."""


class Consumed(NamedTuple):
    """The deliveries that need not be read again: all that was in them has been given."""

    modified_ms: int = 0
    name: str = ""
    """Those up to here by both, and"""
    names: tuple[str, ...] = ()
    """these."""

    def has(self, stored: StoredObject) -> bool:
        """Return whether a delivery need not be read again."""
        is_before = (stored.modified_ms, stored.name) <= (self.modified_ms, self.name)
        return is_before or name_of(stored.key) in self.names


NO_DELIVERY = Consumed()


@dataclass(frozen=True)
class Position:
    """The batches that a reader has been given.

    It says which sequences were given, not only the highest: a batch that comes late, after its
    followers were read, is then given on the next page instead of never.
    """

    given: Ranges = ()
    """Sequences given in whole."""
    arrived: tuple[Arrival, ...] = ()
    """Batches without a sequence that were given; those that Firehose has delivered at time 0."""
    arrived_until: Arrival = _BEFORE_ALL
    """All batches without a sequence up to this one count as given."""
    partial: Partial | None = None
    consumed: Consumed = NO_DELIVERY
    covered_ms: int = 0
    """When the last batch that has been delivered to S3 was stored in the stream."""

    def has_passed(self, batch: Batch) -> bool:
        """Return whether all of `batch`, or of a copy, has been given."""
        if batch.sequence is not None:
            return contains(self.given, batch.sequence)
        return batch.arrival <= self.arrived_until or batch.arrival.name in self._arrived_names

    @cached_property
    def _arrived_names(self) -> frozenset[str]:
        return frozenset(arrival.name for arrival in self.arrived)

    def is_partial(self, batch: Batch) -> bool:
        """Return whether the last page ended in `batch`."""
        return self.partial is not None and self.partial.key == batch.key

    @property
    def next_sequence(self) -> int:
        """The sequence after the highest that was given or passed over."""
        following = self.given[-1][1] + 1 if self.given else 0
        if self.partial is None or isinstance(self.partial.key, str):
            return following
        return max(following, self.partial.key)

    def advanced(  # noqa: PLR0913 - each is one result of the page
        self,
        done: Sequence[Batch],
        partial: Partial | None,
        read: Sequence[Delivery],
        listed: Sequence[StoredObject],
        *,
        covered_ms: int,
        seen_until_ms: int,
    ) -> "Position":
        """Return the position after a page: the only place where one changes.

        Args:
            done: Batches that the page gave in whole.
            partial: The batch that it ended in.
            read: Deliveries that it read.
            listed: All deliveries, oldest first.
            covered_ms: Of the position after the page.
            seen_until_ms: Of what was modified later, more may still turn up.
        """
        sequences = [batch.sequence for batch in done if batch.sequence is not None]
        given = with_sequences(self.given, sequences)
        over = len(given) - MAX_CURSOR_RANGES
        if over > 0:
            given = ((given[0][0], given[over][1]), *given[over + 1 :])
        keys = {batch.key for batch in done}
        finished = [
            one
            for one in read
            if one.until is None and all(batch.key in keys for batch in one.batches)
        ]
        delivered = {batch.key for one in finished for batch in one.batches}
        delivered.update(*(one.given_names for one in finished))
        known = {one.stored.key for one in finished}
        arrived = [*self.arrived, *(one.arrival for one in done if one.sequence is None)]
        arrived = [Arrival(0, one.name) if one.name in delivered else one for one in arrived]
        # Stable: the delivered ones, which go first, stay in the order in which they were given.
        arrived.sort(key=lambda one: one if one.received_at_ms else _BEFORE_ALL)
        return Position(
            given=given,
            arrived=tuple(arrived[-MAX_CURSOR_ARRIVALS:]),
            arrived_until=max([self.arrived_until, *arrived[:-MAX_CURSOR_ARRIVALS]]),
            partial=partial,
            consumed=_consumed(
                [(one, one.key in known or self.consumed.has(one)) for one in listed],
                seen_until_ms,
            ),
            covered_ms=covered_ms,
        )


START = Position()


def _consumed(listed: Sequence[tuple[StoredObject, bool]], seen_until_ms: int) -> Consumed:
    """Return the deliveries that are known, of all, oldest first, each with whether it is."""
    start = list(takewhile(lambda one: one[1] and one[0].modified_ms <= seen_until_ms, listed))
    modified_ms, name = start[-1][0][:2] if start else (0, "")
    rest = [name_of(one.key) for one, is_known in listed[len(start) :] if is_known]
    return Consumed(modified_ms, name[:MAX_OBJECT_NAME_CHARS], tuple(rest[:MAX_CURSOR_OBJECTS]))

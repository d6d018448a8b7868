"""How far a reader has come in a recording."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from handlers.envelope import Arrival, Batch, name_of
from handlers.stored_objects import StoredObject

Ranges = tuple[tuple[int, int], ...]
"""Sorted (first, last), both included, with a gap between each two."""

# All of these keep a cursor short, which travels in a URL. Over this one the lowest gaps close: a
# batch that is missing before so many others is hardly still on its way.
MAX_CURSOR_RANGES = 24
# Batches without a sequence. What Firehose has delivered is forgotten first: a copy of it that is
# sent even later is given again. Over it, all that arrived before the last ones count as given.
MAX_CURSOR_ARRIVALS = 80
# Numbered batches that are listed again for the sake of a gap before them. It keeps a live reader
# from listing a recording from its start for ever; what is missing before so many is reported.
MAX_LISTED_AGAIN = 100
# Deliveries that were read before an older one.
MAX_CURSOR_OBJECTS = 24
MAX_OBJECT_NAME_CHARS = 200
# What one header may list: API Gateway takes 10,240 bytes of headers in all.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
MAX_LISTED_GAPS = 100
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
    consumed_until: tuple[int, str] = (0, "")
    """Deliveries up to this one, by time of modification and name, need not be read again: ..."""
    consumed: tuple[str, ...] = ()
    """... all that was in them has been given. Names of later ones of which that is true."""
    covered_ms: int = 0
    """When the last batch that has been delivered to S3 was stored in the stream."""
    stored_before: int = 0
    """Numbered batches from `next_sequence` to before this one are stored, and fit into a page."""

    def has_passed(self, batch: Batch) -> bool:
        """Return whether all of `batch`, or of a copy, has been given."""
        if batch.sequence is not None:
            return self._has_given(batch.sequence)
        return batch.arrival <= self.arrived_until or batch.arrival.name in self._arrived_names

    def _has_given(self, sequence: int) -> bool:
        return any(first <= sequence <= last for first, last in self.given)

    @cached_property
    def _arrived_names(self) -> frozenset[str]:
        return frozenset(arrival.name for arrival in self.arrived)

    def has_consumed(self, stored: StoredObject) -> bool:
        """Return whether an object need not be read again."""
        if stored.sequence is not None:
            return self._has_given(stored.sequence)
        is_before = (stored.modified_ms, stored.name) <= self.consumed_until
        return is_before or name_of(stored.key) in self.consumed

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

    @property
    def stored(self) -> range:
        """The numbers of batches that are known to be stored, and come next."""
        return range(self.next_sequence, self.stored_before)

    @property
    def listed_after(self) -> int:
        """The number after which numbered batches are listed, -1 for the start.

        It stands before the lowest gap after which at most MAX_LISTED_AGAIN were given.
        """
        ends = [-1, *(last for _, last in self.given)]
        after, again = ends[-1], 0
        for (first, last), before in zip(reversed(self.given), ends[-2::-1], strict=True):
            again += last - first + 1
            if again > MAX_LISTED_AGAIN:
                break
            if first > before + 1:
                after = before
        return after

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
        arrived = [*self.arrived, *(one.arrival for one in done if one.sequence is None)]
        arrived = [Arrival(0, one.name) if one.name in delivered else one for one in arrived]
        # Stable: the delivered ones, which go first, stay in the order in which they were given.
        arrived.sort(key=lambda one: one if one.received_at_ms else _BEFORE_ALL)
        known = {one.stored.key for one in finished}
        # Of a numbered object its number says it.
        unnumbered = [one for one in listed if one.sequence is None]
        seen = [(one, one.key in known or self.has_consumed(one)) for one in unnumbered]
        start = list(takewhile(lambda one: one[1] and one[0].modified_ms <= seen_until_ms, seen))
        modified_ms, name = start[-1][0][:2] if start else (0, "")
        rest = [name_of(one.key) for one, is_known in seen[len(start) :] if is_known]
        return Position(
            given=given,
            arrived=tuple(arrived[-MAX_CURSOR_ARRIVALS:]),
            arrived_until=max([self.arrived_until, *arrived[:-MAX_CURSOR_ARRIVALS]]),
            partial=partial,
            consumed_until=(modified_ms, name[:MAX_OBJECT_NAME_CHARS]),
            consumed=tuple(rest[:MAX_CURSOR_OBJECTS]),
            covered_ms=covered_ms,
        )


START = Position()


def with_sequences(ranges: Iterable[tuple[int, int]], sequences: Iterable[int]) -> Ranges:
    """Return `ranges` and `sequences` together.

    >>> with_sequences(((0, 2),), [3, 7])
    ((0, 3), (7, 7))
    """
    together: list[tuple[int, int]] = []
    for first, last in sorted([*ranges, *((sequence, sequence) for sequence in set(sequences))]):
        if together and first <= together[-1][1] + 1:
            together[-1] = (together[-1][0], max(last, together[-1][1]))
        else:
            together.append((first, last))
    return tuple(together)


def gaps_of(ranges: Ranges) -> Ranges:
    """Return what is missing between 0 and the highest sequence.

    >>> gaps_of(((1, 2), (5, 5)))
    ((0, 0), (3, 4))
    """
    starts = [0, *(last + 1 for _, last in ranges)]
    return tuple(
        (start, first - 1)
        for start, (first, _) in zip(starts, ranges, strict=False)
        if start < first
    )


def format_ranges(ranges: Ranges) -> str:
    """Return the first MAX_LISTED_GAPS of `ranges` as a header says them.

    >>> format_ranges(((3, 5), (9, 9)))
    '3-5,9'
    """
    return ",".join(
        f"{first}" if first == last else f"{first}-{last}"
        for first, last in ranges[:MAX_LISTED_GAPS]
    )

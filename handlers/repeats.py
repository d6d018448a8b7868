"""Events that come again in a later batch, told from those that are new."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from handlers.body_events import Event, identity
from handlers.envelope import Batch
from handlers.position import Latest

EarlierBatches = Callable[[], Iterable[Batch]]
"""Gives all batches that earlier pages gave: to ask is to read the recording from its start."""


@dataclass(slots=True)
class _Given:
    """The events of one timestamp that this page has passed."""

    batches: list[Sequence[Event]] = field(default_factory=list[Sequence[Event]])
    """By batch; those that nobody has asked about."""
    counts: Counter[bytes] = field(default_factory=Counter[bytes])
    """How often each was given, by its identity, of the other batches."""

    def times(self, name: bytes) -> int:
        for events in self.batches:
            self.counts |= Counter(map(identity, events))
        self.batches.clear()
        return self.counts[name]


class Repeats:
    """Knows what has been given of a recording.

    Equal events have equal timestamps. So only an event whose timestamp has been given needs a
    closer look, and only one that is not newer than all earlier pages makes those be read again.
    Equal events within one batch are different events: as many are given in all as the batch with
    the most of them has.
    """

    def __init__(self, before: Latest, earlier: EarlierBatches, coming: Sequence[Batch]) -> None:
        """Begin a page.

        Args:
            before: Of the earlier pages.
            earlier: Gives those pages' batches.
            coming: The batches that this page may open.
        """
        self._before = before
        self._earlier = earlier
        self._coming = coming
        self._earlier_counts: Counter[bytes] | None = None
        self._given: dict[float | None, _Given] = {}
        self.latest = before
        """Of the earlier pages, and of what this one has passed."""

    def fresh(self, events: Sequence[Event], start: int) -> Iterator[int]:
        """Yield the index, from `start` on, of each event of a batch that no other batch gave."""
        here: Counter[bytes] = Counter()
        for index, event in enumerate(events):
            on_this_page = self._given.get(event.timestamp)
            on_earlier_pages = self._may_be_earlier(event)
            if on_this_page is not None or on_earlier_pages:
                name = identity(event)
                here[name] += 1
                if on_this_page is not None and here[name] <= on_this_page.times(name):
                    continue
                if on_earlier_pages and here[name] <= self._times_earlier(name):
                    continue
            if index >= start:
                yield index

    def passed(self, events: Sequence[Event]) -> None:
        """Remember the events of a batch, all that the page went through."""
        by_time: dict[float | None, list[Event]] = {}
        for event in events:
            by_time.setdefault(event.timestamp, []).append(event)
        for time, same in by_time.items():
            self._given.setdefault(time, _Given()).batches.append(same)
        times = [time for time in by_time if time is not None]
        if self.latest.timestamp is not None:
            times.append(self.latest.timestamp)
        self.latest = Latest(max(times, default=None), self.latest.without or None in by_time)

    def _may_be_earlier(self, event: Event) -> bool:
        if event.timestamp is None:
            return self._before.without
        return self._before.timestamp is not None and event.timestamp <= self._before.timestamp

    def _times_earlier(self, name: bytes) -> int:
        if self._earlier_counts is None:
            self._earlier_counts = self._count_earlier()
        return self._earlier_counts[name]

    def _count_earlier(self) -> Counter[bytes]:
        """Return how often those of the earlier events were given that this page may hold too."""
        wanted = {
            event.timestamp
            for batch in self._coming
            for event in batch.content().events
            if self._may_be_earlier(event)
        }
        # An integer is written in one way, so a body without its digits need not be opened.
        digits = [b"%d" % time for time in wanted if isinstance(time, int)]
        must_open = len(digits) < len(wanted)
        counts: Counter[bytes] = Counter()
        for batch in self._earlier():
            if must_open or batch.holds_any(digits):
                counts |= Counter(
                    identity(event) for event in batch.content().events if event.timestamp in wanted
                )
        return counts

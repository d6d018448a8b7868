"""Events that come again in a later batch, told from those that are new."""

import base64
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from handlers.body_events import Event, identity
from handlers.envelope import Batch
from handlers.position import MAX_CURSOR_NAMES, Latest

EarlierBatches = Callable[[], Iterable[Batch]]
"""Gives all batches that earlier pages gave: to ask is to read the recording from its start."""


class _Passed:
    """The events of one batch that a page has gone through, by their timestamps."""

    def __init__(self, events: Sequence[Event]) -> None:
        times = [event.timestamp for event in events]
        self.without = None in times
        known = [time for time in times if time is not None]
        self.first = min(known, default=math.inf)
        self.last = max(known, default=-math.inf)
        self._events: Sequence[Event] | None = events
        self._by_time: dict[float | None, list[Event]] = {}
        self._counts: dict[float | None, Counter[bytes]] = {}

    def may_have(self, time: float | None) -> bool:
        return self.without if time is None else self.first <= time <= self.last

    def counts_at(self, time: float | None) -> Counter[bytes]:
        """Return how often each event of that timestamp is in the batch, by its identity."""
        if self._events is not None:  # most batches are never asked
            for event in self._events:
                self._by_time.setdefault(event.timestamp, []).append(event)
            self._events = None
        if time not in self._counts:
            self._counts[time] = Counter(map(identity, self._by_time.get(time, ())))
        return self._counts[time]


class _Here:
    """Counts equal events within one batch."""

    def __init__(self, events: Sequence[Event], start: int) -> None:
        self._before_start = events[:start]
        self._known: dict[float | None, Counter[bytes]] = {}
        self._now: Counter[bytes] = Counter()

    def times(self, event: Event, name: bytes) -> tuple[int, int]:
        """Return how often it came before `start`, and how often up to now: call once for each."""
        before = self._known.get(event.timestamp)
        if before is None:
            before = Counter(
                identity(one) for one in self._before_start if one.timestamp == event.timestamp
            )
            self._known[event.timestamp] = before
        self._now[name] += 1
        return before[name], before[name] + self._now[name]


def _told(name: bytes) -> str:
    """Return an identity as a cursor tells it."""
    return base64.urlsafe_b64encode(name[:6]).decode()


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
        self._passed: list[_Passed] = []
        self._last = -math.inf
        self._without = False

    @property
    def latest(self) -> Latest:
        """Of the earlier pages, and of what this one has passed."""
        before = self._before
        without = before.without or self._without
        if not math.isfinite(self._last):
            return before._replace(without=without)
        if before.timestamp is not None and before.timestamp > self._last:
            return before._replace(without=without)
        counts: Counter[str] = Counter()
        if before.timestamp == self._last:
            if before.names is None:
                return before._replace(without=without)
            counts |= Counter(before.names)
        here = self._counts_at(self._last)
        counts |= Counter({_told(name): times for name, times in here.items()})
        names = tuple(sorted(counts.elements()))
        return Latest(self._last, names if len(names) <= MAX_CURSOR_NAMES else None, without)

    def fresh(self, events: Sequence[Event], start: int) -> Iterator[int]:
        """Yield the index, from `start` on, of each event of a batch that no other batch gave."""
        here = _Here(events, start)
        for index in range(start, len(events)):
            event = events[index]
            on_this_page = self._may_be_here(event)
            on_earlier_pages = self._may_be_earlier(event)
            if on_this_page or on_earlier_pages:
                name = identity(event)
                before, now = here.times(event, name)
                if on_this_page and now <= self._counts_at(event.timestamp)[name]:
                    continue
                if on_earlier_pages and now <= self._times_earlier(event, name, before):
                    continue
            yield index

    def passed(self, events: Sequence[Event]) -> None:
        """Remember the events of a batch, all that the page went through."""
        passed = _Passed(events)
        self._passed.append(passed)
        self._last = max(self._last, passed.last)
        self._without = self._without or passed.without

    def _counts_at(self, time: float | None) -> Counter[bytes]:
        """Return how often each event of that timestamp was given on this page."""
        counts: Counter[bytes] = Counter()
        for passed in self._passed:
            if passed.may_have(time):
                counts |= passed.counts_at(time)  # as the batch with the most of them has
        return counts

    def _may_be_here(self, event: Event) -> bool:
        return self._without if event.timestamp is None else event.timestamp <= self._last

    def _may_be_earlier(self, event: Event) -> bool:
        if event.timestamp is None:
            return self._before.without
        return self._before.timestamp is not None and event.timestamp <= self._before.timestamp

    def _times_earlier(self, event: Event, name: bytes, before: int) -> int:
        """Return how often earlier pages gave an event, of other batches.

        Args:
            event: It.
            name: Its identity.
            before: How often they gave it of its own batch.
        """
        names = self._before.names
        if event.timestamp == self._before.timestamp is not None and names is not None:
            times = names.count(_told(name))
            # The batch with the most of them was its own, or another one.
            return times if times > before else 0
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

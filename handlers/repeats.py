"""Events that come again in a later batch, told from those that are new."""

import base64
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from handlers.body_events import Event, identity
from handlers.envelope import Batch
from handlers.page_budget import MAX_OPENED_BYTES
from handlers.position import MAX_CURSOR_NAMES, Latest

# Up to here it is cheaper to look for timestamps in a body than to open it.
MAX_SEARCHED = 16

EarlierBatches = Callable[[], Iterable[Batch]]
"""Gives all batches that earlier pages gave: to ask is to read the recording from its start."""


class _Given:
    """Counts the events of batches, each as often as the batch with the most of it has it."""

    def __init__(self) -> None:
        self._added: list[Sequence[Event]] = []
        self._by_time: dict[float | None, list[Event | None]] = {}
        self._counts: dict[float | None, dict[bytes, int]] = {}

    def add(self, events: Sequence[Event]) -> None:
        """Add the events of a batch."""
        self._added.append(events)

    def counts_at(self, time: float | None) -> Mapping[bytes, int]:
        """Return the counts of the events with that timestamp, by their identities.

        However often it is asked, each event is looked at twice: most batches are never asked for.
        """
        for events in self._added:
            for event in events:
                self._by_time.setdefault(event.timestamp, []).append(event)
            for timestamp in {event.timestamp for event in events}:
                self._by_time[timestamp].append(None)  # a batch ends
        self._added.clear()
        counts = self._counts.setdefault(time, {})
        here: Counter[bytes] = Counter()
        for event in self._by_time.pop(time, ()):
            if event is not None:
                here[identity(event)] += 1
            else:
                _raise_to(counts, here)
                here.clear()
        return counts


def _raise_to(counts: dict[bytes, int], more: Mapping[bytes, int]) -> None:
    """Let each count be at least what `more` says: `|=` would look at all of `counts`."""
    for name, times in more.items():
        if times > counts.get(name, 0):
            counts[name] = times


class _Here:
    """Counts equal events within one batch."""

    def __init__(self, events: Sequence[Event], start: int) -> None:
        self._before_start = _Given()
        self._before_start.add(events[:start])
        self._now: Counter[bytes] = Counter()

    def times(self, event: Event, name: bytes) -> tuple[int, int]:
        """Return how often it came before `start`, and how often up to now: call once for each."""
        before = self._before_start.counts_at(event.timestamp).get(name, 0)
        self._now[name] += 1
        return before, before + self._now[name]


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
        self._earlier_counts: Mapping[bytes, int] | None = None
        self._here = _Given()
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
        here = self._here.counts_at(self._last)
        counts |= Counter({_told(name): times for name, times in here.items()})
        names = tuple(sorted(counts.elements()))
        return Latest(self._last, names if len(names) <= MAX_CURSOR_NAMES else None, without)

    def fresh(self, events: Sequence[Event], start: int) -> Iterator[int]:
        """Yield the index, from `start` on, of each event of a batch that no other batch gave.

        Where the earlier batches are too many for one page to read, it may be one that they gave.
        """
        here = _Here(events, start)
        for index in range(start, len(events)):
            event = events[index]
            on_this_page = self._may_be_here(event)
            on_earlier_pages = self._may_be_earlier(event)
            if on_this_page or on_earlier_pages:
                name = identity(event)
                before, now = here.times(event, name)
                if on_this_page and now <= self._here.counts_at(event.timestamp).get(name, 0):
                    continue
                if on_earlier_pages and now <= self._times_earlier(event, name, before):
                    continue
            yield index

    def passed(self, events: Sequence[Event]) -> None:
        """Remember the events of a batch, all that the page went through."""
        self._here.add(events)
        times = [event.timestamp for event in events]
        self._without = self._without or None in times
        self._last = max([self._last, *(time for time in times if time is not None)])

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
        return self._earlier_counts.get(name, 0)

    def _count_earlier(self) -> Mapping[bytes, int]:
        """Return how often those of the earlier events were given that this page may hold too."""
        wanted: set[float | None] = set()
        opened_bytes = 0
        for batch in self._coming:
            if opened_bytes >= MAX_OPENED_BYTES:
                break  # the page ends here too
            content = batch.content()
            opened_bytes += content.cost
            wanted |= {one.timestamp for one in content.events if self._may_be_earlier(one)}
        # An integer is written in one way, so a body without its digits need not be opened.
        digits = [b"%d" % time for time in wanted if isinstance(time, int)]
        must_open = len(digits) < len(wanted) or len(digits) > MAX_SEARCHED
        counts: dict[bytes, int] = {}
        for batch in self._earlier():
            if must_open or batch.holds_any(digits):
                events = batch.content().events
                again = Counter(identity(one) for one in events if one.timestamp in wanted)
                _raise_to(counts, again)
        return counts

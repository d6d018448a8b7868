"""Batches in any order and number of copies, to the events that a reader has not been given yet."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from handlers.envelope import Arrival, Batch
from handlers.position import Position


class FreshBatch(NamedTuple):
    """A batch that has not been given in whole."""

    batch: Batch
    indices: tuple[int, ...]
    """Its events to give, rising; the others have been given, here or by another batch."""


def in_order(batches: Iterable[Batch]) -> list[Batch]:
    """Return each batch once, in the order of the recording.

    Batches with a sequence go by it; several of one sequence by arrival, and all are kept. A batch
    without one goes behind the highest sequence that had arrived by then; several by arrival. So
    what arrives later never changes the order of what was there.
    """
    distinct = {(batch.sequence, batch.arrival): batch for batch in batches}.values()
    arrived = sorted(
        (batch.arrival.received_at_ms, batch.sequence)
        for batch in distinct
        if batch.sequence is not None
    )
    times = [time for time, _ in arrived]
    highest = [-1, *accumulate((sequence for _, sequence in arrived), max)]

    def place(batch: Batch) -> tuple[int, bool, Arrival]:
        if batch.sequence is not None:
            return batch.sequence, False, batch.arrival
        return highest[bisect_right(times, batch.arrival.received_at_ms)], True, batch.arrival

    return sorted(distinct, key=place)


def fresh_batches(ordered: Iterable[Batch], after: Position) -> list[FreshBatch]:
    """Return what comes after `after`, of batches that `in_order` returned.

    An event that an earlier batch gave is not given again. Equal events within one batch are
    different events: as many are given in all as the batch with the most of them has.
    """
    ordered = list(ordered)
    given: Counter[bytes] = Counter()
    for batch in ordered:
        if after.has_passed(batch):
            given |= Counter(event.digest for event in batch.events)
    rest = [batch for batch in ordered if not after.has_passed(batch)]
    # The batch in which the last page ended goes on before a late one: there is one such place.
    rest.sort(key=lambda batch: not after.is_within(batch))
    fresh: list[FreshBatch] = []
    for batch in rest:
        start = after.next_index(batch)
        here: Counter[bytes] = Counter()
        indices: list[int] = []
        for index, event in enumerate(batch.events):
            here[event.digest] += 1
            if index >= start and here[event.digest] > given[event.digest]:
                indices.append(index)
        for digest, count in here.items():
            given[digest] = max(count, given[digest])
        fresh.append(FreshBatch(batch, tuple(indices)))
    return fresh

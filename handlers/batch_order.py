"""The order of batches, whatever the order in which they come."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from handlers.envelope import Arrival, Batch


def in_order(batches: Sequence[Batch]) -> list[Batch]:
    """Return the batches in the order of the recording; copies of one by arrival.

    Batches with a sequence go by it. A batch without one goes after the highest sequence that had
    arrived by then; several by arrival. So a later arrival never changes the order before it.
    """
    arrived = sorted(
        (batch.arrival.received_at_ms, batch.sequence)
        for batch in batches
        if batch.sequence is not None
    )
    times = [time for time, _ in arrived]
    highest = [-1, *accumulate((sequence for _, sequence in arrived), max)]

    def place(batch: Batch) -> tuple[int, bool, Arrival]:
        if batch.sequence is not None:
            return batch.sequence, False, batch.arrival
        return highest[bisect_right(times, batch.arrival.received_at_ms)], True, batch.arrival

    return sorted(batches, key=place)


def without_copies(ordered: Iterable[Batch]) -> list[Batch]:
    """Return each batch once: of several that share a key the first."""
    first: dict[int | str, Batch] = {}
    for batch in ordered:
        first.setdefault(batch.key, batch)
    return list(first.values())

"""The order of batches in a recording."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from handlers.envelope import Arrival, Batch


def in_order(batches: Iterable[Batch]) -> list[Batch]:
    """Return each batch once, in the order of the recording; of copies the first that arrived.

    Batches with a sequence go by it. A batch without one goes after the highest sequence that had
    arrived by then; several by arrival. So a later arrival never changes the order before it.
    """
    first: dict[int | str, Batch] = {}
    for batch in sorted(batches, key=lambda one: one.arrival):
        first.setdefault(batch.key, batch)
    numbered = [batch for batch in first.values() if batch.sequence is not None]
    times = [batch.arrival.received_at_ms for batch in numbered]
    highest = [-1, *accumulate((batch.sequence or 0 for batch in numbered), max)]

    def place(batch: Batch) -> tuple[int, bool, Arrival]:
        if batch.sequence is not None:
            return batch.sequence, False, batch.arrival
        return highest[bisect_right(times, batch.arrival.received_at_ms)], True, batch.arrival

    return sorted(first.values(), key=place)

"""Batches in any order and number of copies, to events in the order of the recording, each once."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from handlers.answer_body import Body, starts_character
from handlers.body_events import Event
from handlers.envelope import Arrival, Batch
from handlers.page_budget import PageBudget
from handlers.position import Partial, Position
from handlers.repeats import Repeats


class Packed(NamedTuple):
    """What went into a body."""

    position: Position
    skipped: int
    """Parts of the batches given that could not be used."""
    is_full: bool


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


def packed_into(  # noqa: PLR0913 - two only bound it
    body: Body,
    batches: Iterable[Batch],
    after: Position,
    repeats: Repeats,
    *,
    enough_bytes: int | None = None,
    budget: PageBudget | None = None,
) -> Packed:
    """Put the batches' events behind `after` into the body, until it is full or has enough.

    It also ends when `budget` is spent, after the first batch at the earliest. Only an event that
    fits into no body goes over several: the others end with a line.
    """
    done: list[Batch] = []
    skipped = 0
    begun = after.begun()
    budget = budget or PageBudget.from_now()
    for number, batch in enumerate(batches):
        if number > 0 and not budget.may_open:
            return Packed(after.moved(done, None, repeats.latest), skipped, is_full=True)
        content = batch.content()
        budget.opened_bytes += content.cost
        start = after.next_index(batch)
        if begun is not None:
            rest = _rest_of(content.events, begun) if begun.is_of(batch) else b""
            if not body.took(rest):
                partial = begun._replace(offset=begun.offset + body.took_part(rest))
                return Packed(after.moved(done, partial, repeats.latest), skipped, is_full=True)
            if rest:
                start += 1
            else:
                skipped += (
                    1  # its batch was deleted since, or comes back later, then from its start
                )
            begun = None
        fresh = list(repeats.fresh(content.events, start))
        if enough_bytes is None and body.took_all([content.events[at].line for at in fresh]):
            fresh = []  # the usual case, and several times as fast as one by one
        for index in fresh:
            has_enough = enough_bytes is not None and body.size() >= enough_bytes
            if not has_enough and body.took(content.events[index].line):
                continue
            offset = 0 if body.size() > 0 else body.took_part(content.events[index].line)
            repeats.passed(content.events[:index])
            partial = Partial(batch.sequence, batch.arrival, index, offset)
            return Packed(after.moved(done, partial, repeats.latest), skipped, is_full=True)
        repeats.passed(content.events)
        skipped += content.skipped
        done.append(batch)
    return Packed(after.moved(done, begun, repeats.latest), skipped, is_full=False)


def _rest_of(events: Sequence[Event], begun: Partial) -> bytes:
    """Return what is to come of the event that a page ended in; empty if a cursor made that up."""
    if begun.next_index >= len(events):
        return b""
    rest = events[begun.next_index].line[begun.offset :]
    return rest if rest and starts_character(rest[0]) else b""

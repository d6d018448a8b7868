"""Positions: what counts as given, and which gaps are told."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from handlers.envelope import Arrival
from handlers.position import MAX_CURSOR_RANGES, NO_EVENT, START
from handlers.sequence_ranges import contains, format_ranges, gaps_of, with_sequences
from handlers.stored_objects import Delivery, Listing, StoredObject
from tests.handlers.given import batch

OBJECT = StoredObject(1, "1.gz", "stream/1.gz", 1000, 10, None)


def test_over_the_most_gaps_the_lowest_close() -> None:
    batches = [batch("a", 2 * n) for n in range(MAX_CURSOR_RANGES + 2)]
    position = START.moved(batches, None, NO_EVENT)

    assert position.given[:2] == ((0, 4), (6, 6))
    assert len(position.given) == MAX_CURSOR_RANGES


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_ranges_hold_what_was_put_in_and_gaps_the_rest(one: set[int], two: set[int]) -> None:
    ranges = with_sequences(with_sequences((), one), two)
    both = one | two

    assert {number for number in range(50) if contains(ranges, number)} == both
    assert {number for number in range(50) if contains(gaps_of(ranges), number)} == set(
        range(max(both, default=0))
    ) - both


class Compared(Arrival):
    """An arrival that counts how often one is compared with another."""

    times = 0

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return super().__eq__(other)

    __hash__ = Arrival.__hash__


def test_arrivals_are_not_each_compared_with_each() -> None:
    batches = tuple(
        replace(batch("a", None, at=n), arrival=Compared(n, f"{n:08}")) for n in range(500)
    )
    read = Delivery(OBJECT, batches, 0, None, False, frozenset(), 0)
    moved = START.moved(batches, None, NO_EVENT)
    Compared.times = 0

    past = moved.mark_consumed(Listing([OBJECT], [], complete=True), [read], 10**12)

    assert past.consumed.has(OBJECT)
    assert Compared.times < 5000


def test_gaps_are_listed_shortly() -> None:
    assert format_ranges(gaps_of(with_sequences((), [2, 6, 10]))) == "0-1,3-5,7-9"
    assert format_ranges(gaps_of(with_sequences((), [0, 1, 3]))) == "2"
    assert len(format_ranges(gaps_of(with_sequences((), range(0, 100_000, 2))))) < 1000

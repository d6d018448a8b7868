"""Positions: what counts as given, and which gaps are told."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.envelope import Batch
from handlers.position import (
    MAX_CURSOR_ARRIVALS,
    MAX_CURSOR_OBJECTS,
    MAX_CURSOR_RANGES,
    START,
    Delivery,
    Position,
    format_ranges,
    gaps_of,
    with_sequences,
)
from handlers.stored_objects import StoredObject
from tests.handlers.given import batch

OBJECTS = [StoredObject(1000 * n, f"{n:03}.gz", f"stream/{n:03}.gz", 10) for n in range(1, 60)]
LATER_MS = 10**12


def delivery(stored: StoredObject, *batches: Batch) -> Delivery:
    return Delivery(stored, batches, 0, None, set(), 0)


def advanced(
    done: list[Batch], read: list[Delivery], *, after: Position = START, seen_ms: int = LATER_MS
) -> Position:
    return after.advanced(done, None, read, OBJECTS, covered_ms=0, seen_until_ms=seen_ms)


def consumed(position: Position) -> list[StoredObject]:
    return [one for one in OBJECTS if position.has_consumed(one)]


def test_over_the_most_gaps_the_lowest_close() -> None:
    position = advanced([batch("a", 2 * n) for n in range(MAX_CURSOR_RANGES + 2)], [])

    assert position.given[:2] == ((0, 4), (6, 6))
    assert len(position.given) == MAX_CURSOR_RANGES


def test_the_next_sequence_follows_the_highest_one() -> None:
    assert Position(given=((0, 2), (5, 7))).next_sequence == 8


def test_a_delivery_is_consumed_when_all_in_it_has_been_given() -> None:
    one, two = batch("a", 0), batch("b", 1)
    read = [delivery(OBJECTS[0], one), delivery(OBJECTS[1], one, two), delivery(OBJECTS[2])]

    assert consumed(advanced([one], read)) == [OBJECTS[0], OBJECTS[2]]
    assert consumed(advanced([one, two], read)) == OBJECTS[:3]


def test_what_may_turn_up_among_the_newest_objects_is_not_taken_for_consumed() -> None:
    read = [delivery(one) for one in OBJECTS[::2]]
    position = START.advanced([], None, read, OBJECTS[::2], covered_ms=0, seen_until_ms=21_000)

    assert consumed(position) == [*OBJECTS[:21], *OBJECTS[22::2][:MAX_CURSOR_OBJECTS]]


def test_without_a_sequence_the_last_ones_are_known_and_older_ones_count_as_given() -> None:
    batches = [batch([n], at=1000 + n) for n in range(MAX_CURSOR_ARRIVALS + 3)]
    position = advanced(batches, [])
    late, copy = batch("late", at=1003), batch([5], at=9999)

    assert [position.has_passed(one) for one in (*batches, copy, late)] == [
        *(True for _ in batches),
        True,
        False,
    ]
    assert position.has_passed(batch("older", at=1001))


def test_what_firehose_delivered_is_forgotten_first_and_nothing_counts_as_given_for_it() -> None:
    delivered = [batch([n], at=1000 + n) for n in range(MAX_CURSOR_ARRIVALS)]
    given = [*delivered, batch("new", at=1), batch("newer", at=2)]
    position = advanced(given, [delivery(OBJECTS[0], *delivered)])
    position = advanced(
        [], [Delivery(OBJECTS[1], (), 0, None, {given[-1].arrival.name}, 0)], after=position
    )

    assert [one for one in given if not position.has_passed(one)] == delivered[:2]
    assert not position.has_passed(batch("late", at=1))
    assert position.arrived[-1].received_at_ms == 1


@given(st.sets(st.integers(0, 40)), st.sets(st.integers(0, 40)))
def test_ranges_hold_what_was_put_in_and_gaps_the_rest(one: set[int], two: set[int]) -> None:
    ranges = with_sequences(with_sequences((), one), two)
    both = one | two

    assert {number for first, last in ranges for number in range(first, last + 1)} == both
    assert {number for first, last in gaps_of(ranges) for number in range(first, last + 1)} == set(
        range(max(both, default=0))
    ) - both


def test_gaps_are_listed_shortly() -> None:
    assert format_ranges(gaps_of(with_sequences((), [2, 6, 10]))) == "0-1,3-5,7-9"
    assert format_ranges(gaps_of(with_sequences((), [0, 1, 3]))) == "2"
    assert len(format_ranges(gaps_of(with_sequences((), range(0, 100_000, 2))))) < 1000

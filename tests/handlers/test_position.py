"""Positions: what counts as given, and which gaps are told."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.position import MAX_CURSOR_RANGES, NO_EVENT, START
from handlers.sequence_ranges import contains, gaps_of, listed, with_sequences
from tests.handlers.given import batch


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


def test_gaps_are_listed_shortly() -> None:
    assert listed(gaps_of(with_sequences((), [2, 6, 10]))) == "0-1,3-5,7-9"
    assert listed(gaps_of(with_sequences((), [0, 1, 3]))) == "2"
    assert len(listed(gaps_of(with_sequences((), range(0, 100_000, 2))))) < 1000

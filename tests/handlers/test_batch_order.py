"""The order of batches, and copies of one, however they come."""

import random

from hypothesis import given
from hypothesis import strategies as st

from handlers.batch_order import in_order
from handlers.envelope import Batch
from tests.handlers.given import batch, names

SEEDS = st.randoms(use_true_random=False)


def ordered(*batches: Batch) -> list[object]:
    """Return the names of the events of the batches, in order and without copies."""
    found = in_order(batches)
    return [name for one in found for name in names(one.content().ndjson.decode())]


@given(
    st.lists(
        st.builds(
            batch,
            st.lists(st.integers(0, 5), max_size=4),
            st.none() | st.integers(0, 4),
            st.integers(0, 5),
        ),
        max_size=8,
    ),
    SEEDS,
)
def test_the_order_is_the_same_for_any_order_of_delivery(
    batches: list[Batch], chance: random.Random
) -> None:
    shuffled = [*batches, *batches]
    chance.shuffle(shuffled)

    keys = [one.key for one in in_order(shuffled)]

    assert keys == [one.key for one in in_order(batches)]
    assert len(keys) == len(set(keys)) == len({one.key for one in batches})


def test_sequences_go_before_arrival() -> None:
    assert ordered(batch("c", 2, at=1), batch("a", 0, at=3), batch("b", 1, at=2)) == ["a", "b", "c"]


def test_a_batch_without_sequence_goes_after_the_highest_that_had_arrived() -> None:
    numbered = [batch("a", 0, at=10), batch("d", 2, at=20), batch("b", 1, at=30)]

    assert ordered(*numbered, batch("x", at=5)) == ["x", "a", "b", "d"]
    assert ordered(*numbered, batch("x", at=10)) == ["a", "x", "b", "d"]
    assert ordered(*numbered, batch("x", at=25)) == ["a", "b", "d", "x"]


def test_without_any_sequence_batches_go_by_arrival() -> None:
    assert ordered(batch("c", at=3), batch("b", at=2), batch("a", at=1)) == ["a", "b", "c"]


def test_of_copies_the_first_to_arrive_has_the_place() -> None:
    one, two = batch("a", at=1), batch("a", at=9)

    assert ordered(two, one, batch("b", at=5)) == ["a", "b"]
    assert ordered(batch("x", 0, at=2), batch("y", 0, at=1)) == ["y"]

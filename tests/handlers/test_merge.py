"""Order and deduplication, whatever Firehose and clients do to the batches."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.answer_body import PlainBody
from handlers.envelope import Batch
from handlers.merge import in_order, packed_into
from handlers.position import START, Latest, Partial, Position
from handlers.repeats import Repeats
from tests.handlers.given import batch, names

SEEDS = st.randoms(use_true_random=False)


UNTIMED = Latest(without=True)


def arrivals(batches: list[Batch]) -> list[object]:
    return [(batch.sequence, batch.arrival) for batch in batches]


def merged(*batches: Batch, after: Position = START) -> list[object]:
    """Return the names of the events that a reader gets."""
    body = PlainBody()
    earlier = [batch for batch in batches if after.has_passed(batch)]
    coming = [batch for batch in in_order(batches) if not after.has_passed(batch)]
    coming.sort(key=after.sort_rank)
    packed_into(body, coming, after, Repeats(after.latest, lambda: earlier, coming))
    return names(body.text())


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), SEEDS)
def test_each_event_comes_once_in_order_whatever_the_delivery(
    sizes: list[int], chance: random.Random
) -> None:
    def expected_of(number: int) -> list[str]:
        return [f"{number}.{at}" for at in range(sizes[number])]

    sent = [
        batch(expected_of(number), number, at=chance.randrange(9)) for number in range(len(sizes))
    ]
    again = [  # the client sends it again, with what came before it
        batch([*expected_of(number - 1), *expected_of(number)], number, at=20)
        for number in range(1, len(sizes))
        if chance.random() < 0.4
    ]
    arrived = [*sent, *again, *chance.choices(sent, k=5)]
    chance.shuffle(arrived)

    assert merged(*arrived) == [
        name for number in range(len(sizes)) for name in expected_of(number)
    ]


@given(st.lists(st.lists(st.integers(0, 3), max_size=5), max_size=5), SEEDS)
def test_of_equal_events_as_many_are_kept_as_one_batch_has(
    bodies: list[list[int]], chance: random.Random
) -> None:
    batches = [batch(body, number, at=number) for number, body in enumerate(bodies)]
    expected = [max((body.count(name) for body in bodies), default=0) for name in range(4)]
    chance.shuffle(batches)

    found = merged(*batches)
    assert [found.count(name) for name in range(4)] == expected


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

    assert arrivals(in_order(shuffled)) == arrivals(in_order(batches))


def test_sequences_go_before_arrival() -> None:
    assert merged(batch("c", 2, at=1), batch("a", 0, at=3), batch("b", 1, at=2)) == ["a", "b", "c"]


def test_a_batch_without_sequence_goes_behind_the_highest_that_had_arrived() -> None:
    numbered = [batch("a", 0, at=10), batch("d", 2, at=20), batch("b", 1, at=30)]

    assert merged(*numbered, batch("x", at=5)) == ["x", "a", "b", "d"]
    assert merged(*numbered, batch("x", at=10)) == ["a", "x", "b", "d"]
    assert merged(*numbered, batch("x", at=25)) == ["a", "b", "d", "x"]


def test_without_any_sequence_batches_go_by_arrival() -> None:
    assert merged(batch("c", at=3), batch("b", at=2), batch("a", at=1)) == ["a", "b", "c"]


def test_two_different_batches_of_one_sequence_are_both_kept() -> None:
    assert merged(batch("b", 0, at=2), batch("a", 0, at=1), batch("c", 1, at=1)) == ["a", "b", "c"]


def test_two_batches_of_one_chosen_request_id_are_both_kept() -> None:
    assert merged(batch("a", 0, 1, "same"), batch("b", 0, 1, "same")) in (["a", "b"], ["b", "a"])


def test_a_batch_that_comes_after_its_followers_were_read_is_still_given() -> None:
    read = [batch("a", 0), batch("c", 2)]
    after = START.moved(read, None, UNTIMED)

    assert merged(*read, batch("b", 1), batch("d", 3), after=after) == ["b", "d"]


def test_a_late_batch_does_not_repeat_what_its_followers_gave() -> None:
    read = [batch("a", 0), batch("bc", 2)]

    assert merged(*read, batch("b", 1), after=START.moved(read, None, UNTIMED)) == []


def test_the_batch_in_which_a_page_ended_goes_on_before_a_late_one() -> None:
    read, cut = batch("a", 0), batch("cde", 2)
    after = START.moved([read], Partial(2, cut.arrival, 1), UNTIMED)

    assert merged(read, cut, batch("b", 1), after=after) == ["d", "e", "b"]


def test_a_page_may_end_between_two_batches_of_one_sequence() -> None:
    first, second, third = batch("a", 0, 1), batch("bc", 0, 2), batch("d", 0, 3)
    after = START.moved([first], Partial(0, second.arrival, 1), UNTIMED)

    assert merged(first, second, third, after=after) == ["c", "d"]


def test_a_copy_that_comes_late_with_an_earlier_arrival_takes_nothing_from_the_rest() -> None:
    cut, late = batch("abc", 0, 2), batch("abc", 0, 1)
    after = START.moved([], Partial(0, cut.arrival, 1), UNTIMED)

    assert merged(cut, late, after=after) == ["b", "c"]


@pytest.mark.parametrize("sequence", [0, None])
def test_what_was_given_is_not_given_again(sequence: int | None) -> None:
    read = batch("ab", sequence, at=5)

    assert merged(read, after=START.moved([read], None, UNTIMED)) == []

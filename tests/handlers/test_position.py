"""Cursors: they come back as they were, and anything else is refused."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.envelope import MAX_SEQUENCE, Arrival
from handlers.position import (
    MAX_CURSOR_CHARS,
    MAX_CURSOR_RANGES,
    START,
    CursorError,
    Partial,
    Position,
    cursor_from,
    position_from,
)
from handlers.sequence_ranges import contains, gaps_of, listed, with_sequences
from tests.handlers.given import RECORDING_ID, batch

NUMBERS = st.integers(0, MAX_SEQUENCE)
ARRIVALS = st.builds(Arrival, NUMBERS, st.text(max_size=64), st.text(max_size=24))
POSITIONS = st.builds(
    Position,
    st.lists(NUMBERS, max_size=MAX_CURSOR_RANGES).map(lambda numbers: with_sequences((), numbers)),
    st.none() | ARRIVALS,
    st.none() | st.builds(Partial, st.none() | NUMBERS, ARRIVALS, NUMBERS),
)


def encoded(content: object) -> str:
    text = json.dumps(content, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(POSITIONS)
def test_a_cursor_comes_back_as_its_position(position: Position) -> None:
    assert position_from(cursor_from(position, RECORDING_ID), RECORDING_ID) == position


def test_the_longest_cursor_can_be_read_back() -> None:
    ids = "\U0001f600" * 64, "f" * 24
    arrival = Arrival(MAX_SEQUENCE, *ids)
    top = MAX_SEQUENCE - 2 * MAX_CURSOR_RANGES
    ranges = with_sequences((), range(top, MAX_SEQUENCE, 2))
    cursor = cursor_from(
        Position(ranges, arrival, Partial(MAX_SEQUENCE, arrival, 99_999)), "r" * 64
    )

    assert len(ranges) == MAX_CURSOR_RANGES
    assert len(cursor) <= MAX_CURSOR_CHARS


VALID: dict[str, Any] = {"v": 1, "r": RECORDING_ID, "g": [[0, 3]], "a": None, "p": None}


def test_the_example_that_the_next_test_breaks_is_valid() -> None:
    assert position_from(encoded(VALID), RECORDING_ID) == Position(((0, 3),))


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        7,
        {},
        {**VALID, "v": 2},
        {**VALID, "v": True},
        {**VALID, "r": "another"},
        {**VALID, "g": None},
        {**VALID, "g": [[3, 0]]},
        {**VALID, "g": [[0, 1], [2, 3]]},
        {**VALID, "g": [[-1, 1]]},
        {**VALID, "g": [["0", 1]]},
        {**VALID, "g": [[0, 2**53]]},
        {**VALID, "g": [[n * 2, n * 2] for n in range(MAX_CURSOR_RANGES + 1)]},
        {**VALID, "a": [1, 2, 3]},
        {**VALID, "a": {}},
        {**VALID, "a": [-1, "", ""]},
        {**VALID, "p": []},
        {**VALID, "p": [None, 1, "", "", -1]},
        {**VALID, "p": [None, 1, "", "", True]},
        {**VALID, "more": 1},
    ],
)
def test_a_cursor_of_another_shape_is_refused(content: object) -> None:
    with pytest.raises(CursorError):
        position_from(encoded(content), RECORDING_ID)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "=",
        "\u00e9",
        "not base64!",
        "AAAA",
        encoded(VALID) + "=",
        encoded(VALID) + "\n",
        encoded(VALID)[:-2],
        "A" * 10_000_000,
        base64.urlsafe_b64encode(b"[" * 3000).decode(),
        base64.urlsafe_b64encode(b"9" * 3000).decode(),
        base64.urlsafe_b64encode(json.dumps(VALID).encode()).decode().rstrip("="),
    ],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(CursorError):
        position_from(cursor, RECORDING_ID)


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda data: encoded(data.hex())))
def test_nothing_but_cursor_error_is_raised(cursor: str) -> None:
    with pytest.raises(CursorError):
        position_from(cursor, RECORDING_ID)


def test_over_the_most_gaps_the_lowest_close() -> None:
    position = START.moved([batch("a", 2 * n) for n in range(MAX_CURSOR_RANGES + 2)], None)

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

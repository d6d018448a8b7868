"""Cursors: they come back as they were, and anything else is refused."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cursor import MAX_CURSOR_CHARS, CursorError, cursor_from, position_from
from handlers.envelope import MAX_SEQUENCE, Arrival
from handlers.position import (
    MAX_CURSOR_ARRIVALS,
    MAX_CURSOR_OBJECTS,
    MAX_CURSOR_RANGES,
    MAX_OBJECT_NAME_CHARS,
    Partial,
    Position,
    with_sequences,
)
from tests.handlers.given import RECORDING_ID

NUMBERS = st.integers(0, 2**53 - 1)
SEQUENCES = st.integers(0, MAX_SEQUENCE)
ARRIVALS = st.builds(Arrival, NUMBERS, st.text(max_size=8))
POSITIONS = st.builds(
    Position,
    given=st.lists(SEQUENCES, max_size=MAX_CURSOR_RANGES).map(
        lambda all_: with_sequences((), all_)
    ),
    arrived=st.lists(ARRIVALS, max_size=9).map(tuple),
    arrived_until=ARRIVALS,
    partial=st.none() | st.builds(Partial, SEQUENCES | st.text(max_size=8), NUMBERS, NUMBERS),
    consumed_until=st.tuples(NUMBERS, st.text(max_size=9)),
    consumed=st.lists(st.text(max_size=8), max_size=9).map(tuple),
    covered_ms=NUMBERS,
    stored_before=NUMBERS,
)


def encoded(content: object) -> str:
    text = json.dumps(content, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(POSITIONS)
def test_a_cursor_comes_back_as_its_position(position: Position) -> None:
    assert position_from(cursor_from(position, RECORDING_ID), RECORDING_ID) == position


def test_the_longest_cursor_can_be_read_back() -> None:
    now_ms = 10**13 - 1
    arrival = Arrival(now_ms, "f" * 8)
    ranges = with_sequences((), range(MAX_SEQUENCE - 2 * MAX_CURSOR_RANGES, MAX_SEQUENCE, 2))
    position = Position(
        ranges,
        (arrival,) * MAX_CURSOR_ARRIVALS,
        arrival,
        Partial("f" * 8, 99_999, 32 * 1024 * 1024),
        (now_ms, "o" * MAX_OBJECT_NAME_CHARS),
        ("f" * 8,) * MAX_CURSOR_OBJECTS,
        now_ms,
        MAX_SEQUENCE,
    )
    cursor = cursor_from(position, "r" * 64)

    assert len(ranges) == MAX_CURSOR_RANGES
    assert len(cursor) <= MAX_CURSOR_CHARS
    assert position_from(cursor, "r" * 64) == position


VALID: list[object] = [4, RECORDING_ID, [[0, 3]], [], [0, ""], [], [0, ""], [], 0, 0]
VERSION, RECORDING, GIVEN, ARRIVED, UNTIL, PARTIAL = range(6)
CONSUMED_UNTIL, CONSUMED, COVERED, STORED_BEFORE = range(6, 10)


def broken(at: int, value: object) -> list[object]:
    return [value if index == at else one for index, one in enumerate(VALID)]


def test_the_example_that_the_next_test_breaks_is_valid() -> None:
    assert position_from(encoded(VALID), RECORDING_ID) == Position(((0, 3),))
    assert position_from(encoded(broken(PARTIAL, [["a", 1, 2]])), RECORDING_ID) == Position(
        ((0, 3),), partial=Partial("a", 1, 2)
    )


BROKEN: list[object] = [
    None,
    [],
    {},
    7,
    VALID[:-1],
    [*VALID, 0],
    # As the version before wrote it
    [3, RECORDING_ID, [[0, 3]], [], [0, ""], [], [0, ""], [], 0],
    broken(VERSION, 3),
    broken(VERSION, True),
    broken(RECORDING, "another"),
    broken(GIVEN, None),
    broken(GIVEN, [[3, 0]]),
    broken(GIVEN, [[0, 1], [2, 3]]),
    broken(GIVEN, [[5, 6], [2, 3]]),
    broken(GIVEN, [[-1, 1]]),
    broken(GIVEN, [["0", 1]]),
    broken(GIVEN, [[0, 2**53]]),
    broken(GIVEN, [[0, 1, 2]]),
    broken(GIVEN, [[n * 2, n * 2] for n in range(MAX_CURSOR_RANGES + 1)]),
    broken(ARRIVED, [1, 2, 3]),
    broken(ARRIVED, {}),
    broken(ARRIVED, [[-1, ""]]),
    broken(ARRIVED, [[1, None]]),
    broken(ARRIVED, [[n, ""] for n in range(MAX_CURSOR_ARRIVALS + 1)]),
    broken(UNTIL, [1]),
    broken(UNTIL, None),
    broken(PARTIAL, None),
    broken(PARTIAL, [[True, 0, 0]]),
    broken(PARTIAL, [[None, 0, 0]]),
    broken(PARTIAL, [[1, -1, 0]]),
    broken(PARTIAL, [[1, 0, 1.5]]),
    broken(PARTIAL, [[1, 0]]),
    broken(PARTIAL, [[1, 0, 0], [1, 0, 0]]),
    broken(CONSUMED_UNTIL, [0]),
    broken(CONSUMED_UNTIL, [0, 0]),
    broken(CONSUMED_UNTIL, [-1, ""]),
    broken(CONSUMED, [1]),
    broken(CONSUMED, ["n"] * (MAX_CURSOR_OBJECTS + 1)),
    broken(COVERED, None),
    broken(COVERED, 1.5),
    broken(COVERED, float("nan")),
    broken(COVERED, False),
    broken(STORED_BEFORE, -1),
    broken(STORED_BEFORE, None),
]


@pytest.mark.parametrize("content", BROKEN)
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

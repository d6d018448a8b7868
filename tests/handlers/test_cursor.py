"""Cursors: they come back as they were, and anything else is refused."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.body_events import MAX_TIMESTAMP_MS
from handlers.cursor import MAX_CURSOR_CHARS, CursorError, cursor_from, position_from
from handlers.envelope import MAX_SEQUENCE, Arrival
from handlers.position import (
    MAX_CURSOR_ARRIVALS,
    MAX_CURSOR_NAMES,
    MAX_CURSOR_OBJECTS,
    MAX_CURSOR_RANGES,
    MAX_OBJECT_NAME_CHARS,
    Consumed,
    Latest,
    Partial,
    Position,
)
from handlers.sequence_ranges import with_sequences
from tests.handlers.given import RECORDING_ID

NUMBERS = st.integers(0, MAX_SEQUENCE)
ARRIVALS = st.builds(Arrival, NUMBERS, st.text(max_size=8))
TIMES = st.floats(-MAX_TIMESTAMP_MS, MAX_TIMESTAMP_MS) | st.integers(-(10**15), 10**15)
POSITIONS = st.builds(
    Position,
    given=st.lists(NUMBERS, max_size=MAX_CURSOR_RANGES).map(lambda all_: with_sequences((), all_)),
    arrived_until=st.none() | ARRIVALS,
    arrived=st.lists(ARRIVALS, max_size=9).map(tuple),
    partial=st.none()
    | st.builds(
        Partial,
        st.none() | NUMBERS,
        ARRIVALS,
        NUMBERS,
        offset=st.integers(0, MAX_SEQUENCE),
        passed=st.lists(ARRIVALS, max_size=MAX_CURSOR_NAMES).map(tuple),
    ),
    latest=st.builds(
        Latest,
        st.none() | TIMES,
        st.none() | st.lists(st.text(max_size=8), max_size=8).map(tuple),
        st.booleans(),
    ),
    consumed=st.builds(
        Consumed,
        NUMBERS,
        st.text(max_size=9),
        NUMBERS | st.just(-1),
        st.lists(st.text(max_size=8), max_size=9).map(tuple),
    ),
    covered_ms=NUMBERS,
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
    top = MAX_SEQUENCE - 2 * MAX_CURSOR_RANGES
    ranges = with_sequences((), range(top, MAX_SEQUENCE, 2))
    position = Position(
        ranges,
        arrival,
        (arrival,) * MAX_CURSOR_ARRIVALS,
        Partial(MAX_SEQUENCE, arrival, 99_999, 32 * 1024 * 1024, (arrival,) * MAX_CURSOR_NAMES),
        Latest(-1234567890123.4567, ("f" * 8,) * MAX_CURSOR_NAMES, without=True),
        Consumed(now_ms, "o" * MAX_OBJECT_NAME_CHARS, now_ms, ("f" * 8,) * MAX_CURSOR_OBJECTS),
        now_ms,
    )
    cursor = cursor_from(position, "r" * 64)

    assert len(ranges) == MAX_CURSOR_RANGES
    assert len(cursor) <= MAX_CURSOR_CHARS


VALID: dict[str, Any] = {
    "v": 2,
    "r": RECORDING_ID,
    "g": [[0, 3]],
    "u": None,
    "a": [],
    "p": None,
    "l": [None, [], False],
    "o": [0, "", -1, []],
    "c": 0,
}


def test_the_example_that_the_next_test_breaks_is_valid() -> None:
    assert position_from(encoded(VALID), RECORDING_ID) == Position(((0, 3),))


@pytest.mark.parametrize(("offset", "bytes_taken"), [([], 0), ([5], 5)])
def test_a_cursor_names_an_offset_only_where_an_event_was_cut(
    offset: list[int], bytes_taken: int
) -> None:
    partial = Partial(3, Arrival(1, "a"), 2, bytes_taken)
    cursor = encoded({**VALID, "p": [3, [1, "a"], 2, *offset]})

    assert position_from(cursor, RECORDING_ID) == Position(((0, 3),), partial=partial)


BROKEN: list[object] = [
    None,
    [],
    7,
    {},
    {**VALID, "v": 1},
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
    {**VALID, "a": [[n, ""] for n in range(MAX_CURSOR_ARRIVALS + 1)]},
    {**VALID, "l": [1, ["n"] * (MAX_CURSOR_NAMES + 1), False]},
    {**VALID, "o": [0, "", -1, ["n"] * (MAX_CURSOR_OBJECTS + 1)]},
    {**VALID, "p": [None, [1, ""], 0, 1, [[1, ""]] * (MAX_CURSOR_NAMES + 1)]},
    {**VALID, "a": {}},
    {**VALID, "a": [[-1, ""]]},
    {**VALID, "a": [[1, None]]},
    {**VALID, "u": [1]},
    {**VALID, "p": []},
    {**VALID, "p": [None, [1, ""], -1]},
    {**VALID, "p": [None, [1, ""], True]},
    {**VALID, "p": [None, [1], 0]},
    {**VALID, "p": [None, [1, ""], 0, -1]},
    {**VALID, "p": [None, [1, ""], 0, 0]},
    {**VALID, "p": [None, [1, ""], 0, 1, 1]},
    {**VALID, "p": [None, [1, ""], 0, 1, [1]]},
    {**VALID, "p": [None, [1, ""], 0, 1, [], 0]},
    {**VALID, "l": [None]},
    {**VALID, "l": [None, [], 0]},
    {**VALID, "l": ["1", [], False]},
    {**VALID, "l": [True, [], False]},
    {**VALID, "l": [1e300, [], False]},
    {**VALID, "l": [float("nan"), [], False]},
    {**VALID, "o": [0, "", -1]},
    {**VALID, "o": [0, 0, -1, []]},
    {**VALID, "o": [0, "", -2, []]},
    {**VALID, "o": [0, "", -1, [1]]},
    {**VALID, "c": None},
    {**VALID, "c": 1.5},
    {**VALID, "more": 1},
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

"""The opaque text that a client goes on with, and the position that it stands for."""

import base64
import json
from typing import cast

from handlers.body_events import MAX_TIMESTAMP_MS
from handlers.envelope import MAX_SEQUENCE, Arrival
from handlers.position import (
    MAX_CURSOR_ARRIVALS,
    MAX_CURSOR_NAMES,
    MAX_CURSOR_OBJECTS,
    MAX_CURSOR_RANGES,
    Consumed,
    Latest,
    Partial,
    Position,
)
from handlers.sequence_ranges import Ranges

# Part of every cursor: one of another version is refused, never misread.
CURSOR_VERSION = 2
# A cursor travels in a URL, and API Gateway takes 10,240 bytes of request line and headers in all.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
MAX_CURSOR_CHARS = 5120


class CursorError(ValueError):
    """A cursor that was not made here for this recording."""


def cursor_from(position: Position, recording_id: str) -> str:
    """Return the cursor for `position`: base64url, no padding, at most MAX_CURSOR_CHARS."""
    content = {
        "v": CURSOR_VERSION,
        "r": recording_id,
        "g": position.given,
        "u": position.arrived_until,
        "a": position.arrived,
        "p": position.partial and _shortened(position.partial),
        "l": position.latest,
        "o": position.consumed,
        "c": position.covered_ms,
    }
    text = json.dumps(content, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _shortened(partial: Partial) -> tuple[object, ...]:
    """Return `partial` without the fields at its end that hardly ever hold anything."""
    return partial[: 5 if partial.passed else 4 if partial.offset else 3]


def position_from(cursor: str, recording_id: str) -> Position:
    """Return the position that `cursor_from` made `cursor` of.

    Raises:
        CursorError: anything else. Nothing in a cursor is trusted: it cannot name a user, and at
            worst skips events for the one who forged it.
    """
    if len(cursor) > MAX_CURSOR_CHARS:
        raise CursorError(f"a cursor has at most {MAX_CURSOR_CHARS} characters")
    try:
        content: object = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise CursorError("a cursor is base64url of JSON") from error
    position = _position(content, recording_id)
    if cursor_from(position, recording_id) != cursor:  # base64 and JSON allow many spellings
        raise CursorError("a cursor must come back as it was given")
    return position


def _position(content: object, recording_id: str) -> Position:
    """Return the position in a decoded cursor. Raises CursorError."""
    if not isinstance(content, dict):
        raise CursorError("a cursor is an object")
    fields = cast("dict[str, object]", content)
    if fields.get("v") != CURSOR_VERSION or fields.get("r") != recording_id:
        raise CursorError("a cursor of another recording or version")
    partial, until = fields.get("p"), fields.get("u")
    return Position(
        given=_ranges(fields.get("g")),
        arrived_until=None if until is None else _arrival(until),
        arrived=tuple(_arrival(one) for one in _short_list(fields.get("a"), MAX_CURSOR_ARRIVALS)),
        partial=None if partial is None else _partial(_list(partial)),
        latest=_latest(_list(fields.get("l"), 3)),
        consumed=_consumed_from(_list(fields.get("o"), 4)),
        covered_ms=_number(fields.get("c")),
    )


def _ranges(value: object) -> Ranges:
    ranges: list[tuple[int, int]] = []
    lowest = 0
    for bounds in _short_list(value, MAX_CURSOR_RANGES):
        first, last = (_number(bound) for bound in _list(bounds, 2))
        if first < lowest or last < first:
            raise CursorError("ranges are sorted and apart")
        ranges.append((first, last))
        lowest = last + 2
    return tuple(ranges)


def _arrival(value: object) -> Arrival:
    received_at_ms, name = _list(value, 2)
    return Arrival(_number(received_at_ms), _text(name))


def _partial(values: list[object]) -> Partial:
    left_out: tuple[object, ...] = (0, list[object]())
    match (*values, *left_out[max(len(values) - 3, 0) :]):
        case (sequence, arrival, next_index, offset, passed):
            return Partial(
                None if sequence is None else _number(sequence),
                _arrival(arrival),
                _number(next_index),
                _number(offset),
                tuple(_arrival(one) for one in _short_list(passed, MAX_CURSOR_NAMES)),
            )
        case _:
            raise CursorError("a partial batch is a sequence, an arrival, an index, and two more")


def _latest(values: list[object]) -> Latest:
    match values:
        case [timestamp, names, bool(without)] if timestamp is None or (
            isinstance(timestamp, int | float)
            and not isinstance(timestamp, bool)
            and abs(timestamp) <= MAX_TIMESTAMP_MS
        ):
            told = () if names is None else _short_list(names, MAX_CURSOR_NAMES)
            texts = tuple(_text(one) for one in told)
            return Latest(timestamp, None if names is None else texts, without)
        case _:
            raise CursorError("the latest events are a timestamp, names and a flag")


def _consumed_from(values: list[object]) -> Consumed:
    until_s, until_name, modified_until_ms, names = values
    return Consumed(
        _number(until_s),
        _text(until_name),
        _number(modified_until_ms, lowest=-1),
        tuple(_text(one) for one in _short_list(names, MAX_CURSOR_OBJECTS)),
    )


def _list(value: object, length: int | None = None) -> list[object]:
    if not isinstance(value, list):
        raise CursorError("not a list")
    values = cast("list[object]", value)
    if length is not None and len(values) != length:
        raise CursorError(f"not {length} values")
    return values


def _short_list(value: object, most: int) -> list[object]:
    """Return a list that is looked through for each batch or event: ours are never longer."""
    values = _list(value)
    if len(values) > most:
        raise CursorError(f"more than {most} values")
    return values


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise CursorError("not a text")
    return value


def _number(value: object, *, lowest: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise CursorError("a number is an integer")
    if not lowest <= value <= MAX_SEQUENCE:
        raise CursorError(f"a number is {lowest} to 2**53 - 1")
    return value

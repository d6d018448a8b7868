"""The opaque text that a client goes on with, and the position that it stands for."""

import base64
import json
from typing import Any, cast

from handlers.envelope import MAX_NUMBER, Arrival
from handlers.position import (
    MAX_CURSOR_ARRIVALS,
    MAX_CURSOR_OBJECTS,
    MAX_CURSOR_RANGES,
    Partial,
    Position,
    with_sequences,
)

# Part of every cursor: one of another version is refused, never misread.
CURSOR_VERSION = 4
# A cursor travels in a URL, and API Gateway takes 10,240 bytes of request line and headers in all.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
MAX_CURSOR_CHARS = 5120
_ARRIVAL = (int, str)
# A tuple stands for a list of just these values, a list for a list of at most so many of one kind.
_SHAPE = (
    int,
    str,
    [(int, int), MAX_CURSOR_RANGES],
    [_ARRIVAL, MAX_CURSOR_ARRIVALS],
    _ARRIVAL,
    [(int | str, int, int), 1],
    (int, str),
    [str, MAX_CURSOR_OBJECTS],
    int,
    int,
)


class CursorError(ValueError):
    """A cursor that was not made here for this recording."""


def cursor_from(position: Position, recording_id: str) -> str:
    """Return the cursor for `position`: base64url, no padding, at most MAX_CURSOR_CHARS."""
    content = (
        CURSOR_VERSION,
        recording_id,
        position.given,
        position.arrived,
        position.arrived_until,
        [position.partial] if position.partial else [],
        position.consumed_until,
        position.consumed,
        position.covered_ms,
        position.stored_before,
    )
    text = json.dumps(content, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position_from(cursor: str, recording_id: str) -> Position:
    """Return the position that `cursor_from` made `cursor` of.

    Raises:
        CursorError: anything else. Nothing in a cursor is trusted: it cannot name a user, and at
            worst skips events for the client that forged it.
    """
    if len(cursor) > MAX_CURSOR_CHARS:
        raise CursorError(f"a cursor has at most {MAX_CURSOR_CHARS} characters")
    try:
        content: Any = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise CursorError("a cursor is base64url of JSON") from error
    if not _has_shape(content, _SHAPE) or content[:2] != [CURSOR_VERSION, recording_id]:
        raise CursorError("a cursor of another recording or version")
    _, _, given, arrived, arrived_until, partial, until, consumed, covered_ms, before = content
    position = Position(
        given=with_sequences([(first, last) for first, last in given if first <= last], []),
        arrived=tuple(Arrival(*one) for one in arrived),
        arrived_until=Arrival(*arrived_until),
        partial=Partial(*partial[0]) if partial else None,
        consumed_until=(until[0], until[1]),
        consumed=tuple(consumed),
        covered_ms=covered_ms,
        stored_before=before,
    )
    # Base64 and JSON allow many spellings, and ranges many orders.
    if cursor_from(position, recording_id) != cursor:
        raise CursorError("a cursor must come back as it was given")
    return position


def _has_shape(value: Any, shape: Any) -> bool:
    """Return whether a decoded JSON value is of a shape, and its numbers are from 0 to 2^53 - 1."""
    kind, is_list = cast("type[object]", type(shape)), issubclass(type(value), list)
    if kind is tuple:
        return is_list and len(value) == len(shape) and all(map(_has_shape, value, shape))
    if kind is list:
        one, most = shape
        return is_list and len(value) <= most and all(_has_shape(part, one) for part in value)
    is_text, is_integer = issubclass(type(value), str), type(value) is int
    return isinstance(value, shape) and (is_text or (is_integer and 0 <= value <= MAX_NUMBER))

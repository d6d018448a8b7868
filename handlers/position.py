"""How far a reader has come in a recording, and the cursor that says so."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self, cast

from handlers.envelope import MAX_SEQUENCE, Arrival, Batch
from handlers.sequence_ranges import Ranges, contains, with_sequences

# Part of every cursor: one of another version is refused, never misread.
CURSOR_VERSION = 1
# A cursor travels in a URL, and API Gateway takes 10,240 bytes of request line and headers in all.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
MAX_CURSOR_CHARS = 4096
# Keeps a cursor under MAX_CURSOR_CHARS. Over it the lowest gaps close: what a client has not sent
# again by now, it hardly will.
MAX_CURSOR_RANGES = 32


class CursorError(ValueError):
    """A cursor that was not made here for this recording."""


class Partial(NamedTuple):
    """A batch of which a page took the first events."""

    sequence: int | None
    arrival: Arrival
    next_index: int
    """The first of its events that was not taken, counted in the batch as it was sent."""


@dataclass(frozen=True, slots=True)
class Position:
    """The batches that a reader has been given.

    It says which sequences were given, not only the highest: a batch that comes late, after its
    followers were read, is then given on the next page instead of never.
    """

    given: Ranges = ()
    """Sequences given in whole."""
    arrival: Arrival | None = None
    """The last batch without a sequence that was given in whole, with all before it."""
    partial: Partial | None = None

    def has_passed(self, batch: Batch) -> bool:
        """Return whether all of `batch` has been given."""
        if batch.sequence is None:
            return self.arrival is not None and batch.arrival <= self.arrival
        return contains(self.given, batch.sequence) or (
            self.partial is not None
            and self.partial.sequence == batch.sequence
            and batch.arrival < self.partial.arrival
        )

    def is_within(self, batch: Batch) -> bool:
        """Return whether the last page ended in `batch`, or among batches of its sequence."""
        if self.partial is None or self.partial.sequence != batch.sequence:
            return False
        return batch.sequence is not None or self.partial.arrival == batch.arrival

    def next_index(self, batch: Batch) -> int:
        """Return the index of the first event of `batch` that has not been given."""
        partial = self.partial
        if partial is None or (partial.sequence, partial.arrival) != (
            batch.sequence,
            batch.arrival,
        ):
            return 0
        return partial.next_index

    def moved(self, done: Sequence[Batch], partial: Partial | None) -> Self:
        """Return the position after `done`, and after the first events of `partial`."""
        arrivals = [batch.arrival for batch in done if batch.sequence is None]
        if self.arrival is not None:
            arrivals.append(self.arrival)
        sequences = {batch.sequence for batch in done if batch.sequence is not None}
        if partial is not None and partial.sequence is not None:
            sequences.discard(partial.sequence)  # others of this sequence are still to come
        given = with_sequences(self.given, sequences)
        over = len(given) - MAX_CURSOR_RANGES
        if over > 0:
            given = ((given[0][0], given[over][1]), *given[over + 1 :])
        return type(self)(given, max(arrivals, default=None), partial)


START = Position()


def cursor_from(position: Position, recording_id: str) -> str:
    """Return the cursor for `position`: base64url, no padding, at most MAX_CURSOR_CHARS."""
    partial = position.partial
    content = {
        "v": CURSOR_VERSION,
        "r": recording_id,
        "g": position.given,
        "a": position.arrival,
        "p": partial and [partial.sequence, *partial.arrival, partial.next_index],
    }
    text = json.dumps(content, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


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
    arrival, partial = fields.get("a"), fields.get("p")
    return Position(
        _ranges(fields.get("g")),
        None if arrival is None else _arrival(_list(arrival)),
        None if partial is None else _partial(_list(partial)),
    )


def _ranges(value: object) -> Ranges:
    ranges: list[tuple[int, int]] = []
    lowest = 0
    for bounds in _list(value):
        first, last = (_number(bound) for bound in _list(bounds, 2))
        if first < lowest or last < first:
            raise CursorError("ranges are sorted and apart")
        ranges.append((first, last))
        lowest = last + 2
    if len(ranges) > MAX_CURSOR_RANGES:
        raise CursorError("too many ranges")
    return tuple(ranges)


def _partial(values: list[object]) -> Partial:
    if len(values) < 2:
        raise CursorError("a partial batch is a sequence, an arrival and an index")
    sequence, *arrival, next_index = values
    return Partial(
        None if sequence is None else _number(sequence), _arrival(arrival), _number(next_index)
    )


def _arrival(values: list[object]) -> Arrival:
    match values:
        case [received_at_ms, str(request_id), str(batch_id)]:
            return Arrival(_number(received_at_ms), request_id, batch_id)
        case _:
            raise CursorError("an arrival is a time and two ids")


def _list(value: object, length: int | None = None) -> list[object]:
    if not isinstance(value, list):
        raise CursorError("not a list")
    values = cast("list[object]", value)
    if length is not None and len(values) != length:
        raise CursorError(f"not {length} values")
    return values


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_SEQUENCE:
        raise CursorError("a number is an integer from 0 to 2**53 - 1")
    return value

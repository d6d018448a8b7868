"""Events in the body of a batch: NDJSON, one JSON object, or a JSON array of objects."""

import codecs
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from handlers.json_lines import count_objects

# A body of 32 MiB could hold 11 million times `{}`, each some 40 bytes of Python objects. The
# smallest rrweb event is 40 bytes and a body under a megabyte, so an honest batch stays far below.
MAX_BATCH_EVENTS = 100_000
# A line of 32 MiB could hold 11 million lists, 64 bytes each. The tree of a line within this limit
# takes up to 100 MB; rrweb's largest events, snapshots of 100,000 nodes, are within it.
MAX_LINE_VALUES = 1_000_000
# Longer lines are read with their memory in mind: one emoji makes Python's text four times as long
# as its UTF-8.
LARGE_LINE_BYTES = 1024 * 1024
# Memory that Python takes for an event besides its text, and a measure of the time.
EVENT_BYTES = 200
# Only \n ends a line: U+2028, \x0b and \x85 are plain characters inside a JSON string.
_LINE = re.compile(rb"[ \t\r\n]*([^\n]+)")
_VALUE = re.compile(rb"[\[{,]")
_SPACE = b" \t\r\n"
_AFTER_SPACE = re.compile(r"[ \t\r\n]*")
_ON_ONE_LINE = bytes.maketrans(b"\n\r", b"  ")  # in JSON both are only space


class BodyEvents(NamedTuple):
    """The events of one body."""

    ndjson: bytes
    """A JSON object in UTF-8, as it was sent, and a newline for each event."""
    events: int
    """How many there are."""
    skipped: int
    """Lines, elements or rests that cannot be used."""
    size: int
    """Bytes of the body."""

    @property
    def cost(self) -> int:
        """Bytes of memory that the events take, and a measure of the time that they took."""
        return self.size + EVENT_BYTES * (self.events + self.skipped)


def events_in(body: bytes) -> BodyEvents:
    r"""Return the events of `body`, in its order.

    A line that is a JSON array counts as its elements. If a line is bad, the body may be one value
    that spans lines: it is read as one if that skips nothing, or finds more events.

    >>> events_in(b'{"a": 1}\r\nbad\n{"b":2}').ndjson
    b'{"a": 1}\n{"b":2}\n'
    >>> events_in(b'[\n{"a":\n1}, {"b":2}\n]').ndjson
    b'{"a": 1}\n{"b":2}\n'
    """
    body = body.removeprefix(codecs.BOM_UTF8)
    # As nearly every batch is. What follows finds the same, in six times the time.
    events = count_objects(body, LARGE_LINE_BYTES)
    if events is not None and events <= MAX_BATCH_EVENTS:
        end = b"" if not body or body.endswith(b"\n") else b"\n"
        return BodyEvents(body + end, events, 0, len(body))
    lines_found = (one for line in _LINE.finditer(body) for one in _found_in_value(line[1]))
    by_line = _gathered(lines_found, len(body))
    if by_line.skipped == 0:
        return by_line
    as_value = _gathered(_found_in_value(body), len(body))
    is_better = as_value.skipped == 0 or as_value.events > by_line.events
    return as_value if is_better else by_line


def _gathered(found: Iterator[bytes | None], size: int) -> BodyEvents:
    """Return the lines, of at most MAX_BATCH_EVENTS found, and how many were None."""
    some = list(islice(found, MAX_BATCH_EVENTS))
    lines = [line for line in some if line is not None]
    has_more = next(found, b"") != b""  # the rest is one part
    skipped = len(some) - len(lines) + has_more
    return BodyEvents(b"\n".join([*lines, b""]), len(lines), skipped, size)


def _found_in_value(data: bytes) -> Iterator[bytes | None]:
    """Yield an event, or None, for one object or each element of an array; nothing for a blank.

    The last None of an array stands for all after a fault. All of JSON but the content of its
    strings is ASCII, so one byte a character is enough to read it, and saves memory.
    """
    data = data.strip(_SPACE)
    if not _is_utf8(data):
        yield None
        return
    text = data[: _end_of_values(data)].decode("latin-1")
    constants: list[str] = []  # NaN or Infinity, which are not JSON
    # int() refuses more than 4300 digits and JSON does not, but their values are not needed.
    decoder = json.JSONDecoder(parse_constant=constants.append, parse_int=len)
    is_array = text.startswith("[")
    at = _after_space(text, 1) if is_array else 0
    if text[at : at + 2] == ("]" if is_array else ""):
        return
    try:
        while True:
            value, end = decoder.raw_decode(text, at)
            is_event = isinstance(value, dict) and not constants and (is_array or end == len(data))
            del value  # before the next one is read: each may be large
            yield data[at:end].translate(_ON_ONE_LINE) if is_event else None
            constants.clear()
            at = _after_space(text, end)
            if not is_array or text[at : at + 1] != ",":
                break
            at = _after_space(text, at + 1)
    except (ValueError, RecursionError):
        yield None
        return
    if is_array and text[at : at + 2] != "]":
        yield None


def _is_utf8(data: bytes) -> bool:
    pieces = (data[at : at + LARGE_LINE_BYTES] for at in range(0, len(data), LARGE_LINE_BYTES))
    try:
        for _ in codecs.iterdecode(pieces, "utf-8"):
            pass  # so that not all of the text is in memory
    except UnicodeDecodeError:
        return False
    return True


def _end_of_values(data: bytes) -> int:
    """Return where the first MAX_LINE_VALUES values of some JSON end at the latest."""
    if sum(data.count(mark) for mark in (b"[", b"{", b",")) <= MAX_LINE_VALUES:
        return len(data)
    return next(islice(_VALUE.finditer(data), MAX_LINE_VALUES, None)).start()


def _after_space(text: str, at: int) -> int:
    match = _AFTER_SPACE.match(text, at)
    return match.end() if match else at

"""Events in the body of a batch: NDJSON, one JSON object, or a JSON array of objects."""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple, cast

# A body of 32 MiB could hold 11 million times `{}`, each some 200 bytes of Python objects. The
# smallest rrweb event is 40 bytes and a body some 740 kB, so an honest batch stays far below.
MAX_BATCH_EVENTS = 100_000
# Blank lines are no events, but each takes time.
MAX_BATCH_LINES = 1_000_000
# A line of 32 MiB could hold 11 million lists, 64 bytes each. The tree of a line within this limit
# takes up to 100 MB; rrweb's largest events, snapshots of 100,000 nodes, are within it.
MAX_LINE_VALUES = 1_000_000
# From here on a line is read with its memory in mind: one emoji in it makes Python's text four
# times as long as its UTF-8.
LARGE_LINE_BYTES = 1024 * 1024
# What Python takes for an event besides its text.
EVENT_BYTES = 200
# What a browser's clock can show: https://tc39.es/ecma262/#sec-time-values-and-time-range
MAX_TIMESTAMP_MS = 8.64e15
# Only \n ends a line: U+2028, \x0b and \x85 are plain characters inside a JSON string.
_LINE = re.compile(rb"[^\n]+")
_VALUE = re.compile(rb"[\[{,]")
_ON_ONE_LINE = bytes.maketrans(b"\n\r", b"  ")  # in JSON both are only space
_JSON_SPACE = " \t\r\n"
_SPACE = re.compile(r"[ \t\r\n]*")
# CPython refuses longer integers, JSON does not: https://docs.python.org/3/library/stdtypes.html#int-max-str-digits
_MAX_INT_CHARS = 4300


class Event(NamedTuple):
    """One event, as it will be answered."""

    line: bytes
    """JSON object in UTF-8 without a newline."""
    timestamp: int | float | None
    """The event's own, in milliseconds; None if it has no number of that name."""


@dataclass(frozen=True, slots=True)
class BodyEvents:
    """What a body gave."""

    events: tuple[Event, ...]
    skipped: int
    """Lines, elements or rests that could not be used."""
    size: int = 0
    """Bytes of the body."""

    @property
    def cost(self) -> int:
        """Bytes of memory that the events take, and a measure of the time that they took."""
        return self.size + EVENT_BYTES * (len(self.events) + self.skipped)


class _NotJson:
    """Stands for NaN and Infinity: no encoder takes it, so its event is refused, and only that."""


def _refused_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_INT_CHARS else f"integer:{digits}"


_DECODER = json.JSONDecoder(parse_constant=_refused_constant)
# What raw_decode calls, without what it adds for each event; StopIteration says that it is no JSON.
_SCAN = cast("Callable[[str, int], tuple[object, int]]", _DECODER.scan_once)  # pyright: ignore[reportAttributeAccessIssue]
# Slower, so it only looks again at what the first one refused for another reason than its syntax.
_LENIENT_DECODER = json.JSONDecoder(parse_constant=lambda _: _NotJson(), parse_int=_integer)
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_COMPACT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def events_in(body: bytes) -> BodyEvents:
    r"""Return the events of `body`, in its order.

    A line that is a JSON array counts as its elements. If a line is bad, the body may be one value
    that spans lines: it is that if it is so without a fault, or if that saves more events.

    >>> [event.line for event in events_in(b'{"a": 1}\r\nbad\n{"b":2}').events]
    [b'{"a": 1}', b'{"b":2}']
    >>> [event.line for event in events_in(b'[\n{"a":\n1}, {"b":2}\n]').events]
    [b'{"a":1}', b'{"b":2}']
    """
    body = body.removeprefix(b"\xef\xbb\xbf")
    return replace(_events_in(body), size=len(body))


def _events_in(body: bytes) -> BodyEvents:
    faultless = _faultless(body)
    if faultless is not None:
        return faultless
    by_line = _gathered(_found_by_line(body))
    if by_line.skipped == 0:
        return by_line
    as_value = _gathered(_found_in_value(body, as_sent=False))
    whole = as_value.skipped == 0
    return as_value if whole or len(as_value.events) > len(by_line.events) else by_line


def identity(event: Event) -> bytes:
    """Return 16 bytes that are equal for equal JSON values, however they are written.

    A large event is equal to what is written in the same way only: another would take too much
    memory to be compared.
    """
    canonical = event.line
    # As deep as can be read may be too deep to be written.
    with suppress(ValueError, RecursionError):
        if len(event.line) <= LARGE_LINE_BYTES:
            canonical = _CANONICAL.encode(json_value(event.line.decode())).encode()
    return blake2b(canonical, digest_size=16).digest()


def json_value(text: str) -> object:
    """Return the JSON value `text`; an integer over 4300 digits comes as text.

    Raises:
        ValueError: it is not JSON.
        RecursionError: it is nested too deeply.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except ValueError:
        value = _LENIENT_DECODER.decode(text)
        if _is_json(value):
            return value
        raise


def _faultless(body: bytes) -> BodyEvents | None:
    """Return the events if every line is an object and nothing else, as in nearly every batch.

    It gives what the general way gives, in half the time: reading is mostly this loop.
    """
    if body.count(b"\n") > MAX_BATCH_EVENTS:  # before each becomes an object
        return None
    events: list[Event] = []
    try:
        for line in body.split(b"\n"):
            if len(line) > LARGE_LINE_BYTES:
                return None
            if line:
                text = line.decode()
                value, end = _SCAN(text, 0)
                if end != len(text) or type(value) is not dict:
                    return None
                events.append(Event(line, _timestamp(cast("dict[str, object]", value))))
    except (StopIteration, ValueError, RecursionError):
        return None
    return BodyEvents(tuple(events), 0) if len(events) <= MAX_BATCH_EVENTS else None


def _gathered(found: Iterator[Event | None]) -> BodyEvents:
    """Return the events, at most MAX_BATCH_EVENTS found or not, and how many were None."""
    events: list[Event] = []
    skipped = 0
    for number, event in enumerate(found):
        if number == MAX_BATCH_EVENTS:
            skipped += 1  # the rest is one part
            break
        if event is None:
            skipped += 1
        else:
            events.append(event)
    return BodyEvents(tuple(events), skipped)


def _found_by_line(body: bytes) -> Iterator[Event | None]:
    """Yield an event, or None, for each line that is not blank."""
    for number, match in enumerate(_LINE.finditer(body)):
        if number == MAX_BATCH_LINES:
            yield None  # the rest is one part
            return
        line = match.group().strip(b" \t\r")
        if line:
            yield from _found_in_value(line, as_sent=True)


def _found_in_value(data: bytes, *, as_sent: bool) -> Iterator[Event | None]:
    """Yield an event, or None, for one object or each element of an array.

    An object keeps its own bytes if `as_sent`; anything else is written compactly.
    """
    if len(data) > LARGE_LINE_BYTES:
        yield from _found_in_large(data.strip(b" \t\r\n"))
        return
    try:
        text = data.decode().strip(_JSON_SPACE)
    except UnicodeDecodeError:
        yield None
        return
    if text.startswith("["):
        yield from _found_in_array(text, _one_line)
        return
    try:
        value = json_value(text)
        yield _event(value, data if as_sent else _one_line(value, text))
    except (ValueError, RecursionError):
        yield None


def _found_in_large(data: bytes) -> Iterator[Event | None]:
    """Yield what `_found_in_value` does, with less memory, as it was sent but on one line.

    All of JSON but the content of its strings is ASCII, and of those only the timestamp's name is
    looked at: a text of one byte a character is read as well as one of four.
    """
    if not _is_utf8(data):
        yield None
        return
    end = _end_of_values(data)
    text = data[:end].decode("latin-1")
    if text.startswith("["):
        yield from _found_in_array(text, lambda _, element: _as_sent(element).encode("latin-1"))
        return
    if end < len(data):
        yield None
        return
    try:
        value = json_value(text)
        del text
        yield _event(value, data.translate(_ON_ONE_LINE))
    except (ValueError, RecursionError):
        yield None


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), LARGE_LINE_BYTES):
            decoder.decode(data[at : at + LARGE_LINE_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _end_of_values(data: bytes) -> int:
    """Return where the first MAX_LINE_VALUES values of some JSON end at the latest."""
    if sum(data.count(mark) for mark in (b"[", b"{", b",")) <= MAX_LINE_VALUES:
        return len(data)
    return next(islice(_VALUE.finditer(data), MAX_LINE_VALUES, None)).start()


def _found_in_array(text: str, line_of: Callable[[object, str], bytes]) -> Iterator[Event | None]:
    """Yield an event, or None, for each element; the last None is all that is behind a fault."""
    at = _after_space(text, 1)
    if text[at : at + 1] == "]":
        if at + 1 != len(text):
            yield None
        return
    try:
        while True:
            value, end = _element(text, at)
            yield _event(value, line_of(value, text[at:end]))
            at = _after_space(text, end)
            if text[at : at + 1] != ",":
                break
            at = _after_space(text, at + 1)
    except (ValueError, RecursionError):
        yield None
        return
    if text[at:] != "]":
        yield None


def _element(text: str, at: int) -> tuple[object, int]:
    """Return the JSON value at `at` and where it ends."""
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError:
        raise
    except ValueError:
        value, end = _LENIENT_DECODER.raw_decode(text, at)
        return value if _is_json(value) else _NotJson(), end


def _is_json(value: object) -> bool:
    """Return whether a leniently decoded value is JSON: it may hold _NotJson."""
    try:
        _CANONICAL.encode(value)
    except TypeError:
        return False
    return True


def _event(value: object, line: bytes) -> Event | None:
    """Return the event, or None if `value` is no JSON object."""
    if not isinstance(value, dict):
        return None
    return Event(line, _timestamp(cast("dict[str, object]", value)))


def _timestamp(event: dict[str, object]) -> float | None:
    timestamp = event.get("timestamp")
    if type(timestamp) is int and 0 <= timestamp <= MAX_TIMESTAMP_MS:  # nearly every one
        return timestamp
    if isinstance(timestamp, bool) or not isinstance(timestamp, int | float):
        return None
    return timestamp if abs(timestamp) <= MAX_TIMESTAMP_MS else None


def _one_line(value: object, text: str) -> bytes:
    """Return `value` compactly, or its own `text` on one line where Python would alter it."""
    try:
        # An integer that Python refuses has become text in `value`, so the text must serve.
        if not _has_long_digits(text):
            return _COMPACT.encode(value).encode()
    except UnicodeEncodeError:
        return _CANONICAL.encode(value).encode()  # a lone surrogate only fits as \ud800
    except (TypeError, ValueError, RecursionError):
        pass  # such as 1e999, which Python would write as Infinity
    return _as_sent(text).encode()


def _as_sent(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")  # in JSON both are only space


# The look back makes it linear: it fails at once within digits that have been looked at.
_LONG_DIGITS = re.compile(rf"(?<![0-9])[0-9]{{{_MAX_INT_CHARS},}}")


def _has_long_digits(text: str) -> bool:
    return len(text) >= _MAX_INT_CHARS and _LONG_DIGITS.search(text) is not None


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at

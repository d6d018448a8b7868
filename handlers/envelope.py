"""Bytes of an envelope, the line that the API writes for a request, to a batch of events."""

import base64
import binascii
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple, cast

from handlers.body_events import BodyEvents, Event, events_in, json_value
from handlers.gunzip import gunzipped_whole

# A body of at most 740 kB came with the record, and rrweb's JSON shrinks 5 to 25 times: over 40
# times is a bomb. It protects the memory of the function, where several batches are open at once.
MAX_BATCH_BYTES = 32 * 1024 * 1024
# The largest integer that a browser counts to: https://tc39.es/ecma262/#sec-number.max_safe_integer
MAX_SEQUENCE = 2**53 - 1
# As much of a request id as takes part in the order: a client may choose its request id, and the
# cursor, which carries it, must fit into a URL. The batch id behind it makes the order total.
MAX_REQUEST_ID_CHARS = 64
_ENCODINGS = ("gzip", "identity")


class UnusableError(Exception):
    """An envelope that gives no batch: broken, or of another recording."""


class RecordingId(NamedTuple):
    """Whose recording, and which."""

    user_id: str
    recording_id: str


class Arrival(NamedTuple):
    """When a batch came, made total: equal only for the same batch delivered again."""

    received_at_ms: int
    request_id: str
    """The first MAX_REQUEST_ID_CHARS of it."""
    batch_id: str
    """Hexadecimal digest of request id and body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The events of one request."""

    sequence: int | None
    """The client's number of this batch from 0, None if it gave none or one out of range."""
    arrival: Arrival
    events: tuple[Event, ...]
    """In the client's order."""
    skipped: int
    """Parts of the body that could not be used."""


def batch_from(line: bytes, recording: RecordingId) -> Batch:
    """Return the batch of an envelope `line`.

    Raises:
        UnusableError: skip this line and count it. A body that is broken, wholly or partly, does
            not raise: it gives a batch with fewer events, which counts them in `skipped`.
    """
    try:
        envelope = json_value(line.decode())
    except (ValueError, RecursionError) as error:
        raise UnusableError("an envelope is one JSON object in UTF-8") from error
    if not isinstance(envelope, dict):
        raise UnusableError("an envelope is a JSON object")
    match cast("dict[str, object]", envelope):
        case {
            "userId": str(user_id),
            "recordingId": str(recording_id),
            "receivedAtMs": int(received_at_ms),
            "requestId": str(request_id),
            "encoding": str(encoding),
            "events": str(events),
            **others,
        } if encoding in _ENCODINGS and not isinstance(received_at_ms, bool):
            pass
        case _:
            raise UnusableError("an envelope lacks a field, or one has the wrong type")
    if RecordingId(user_id, recording_id) != recording:
        raise UnusableError("an envelope of another recording")
    if not 0 <= received_at_ms <= MAX_SEQUENCE:
        raise UnusableError("receivedAtMs is no time")
    body = _body_events(events, gzipped=encoding == "gzip")
    return Batch(
        sequence=_sequence(others.get("sequence")),
        arrival=Arrival(
            received_at_ms,
            request_id[:MAX_REQUEST_ID_CHARS],
            _batch_id(request_id, encoding, events),
        ),
        events=body.events,
        skipped=body.skipped,
    )


def _sequence(value: object) -> int | None:
    """Return a usable sequence. Any other is as none: the batch then goes by its arrival."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= MAX_SEQUENCE else None


def _batch_id(request_id: str, encoding: str, events: str) -> str:
    """Return 24 hexadecimal digits that two batches only share if they say the same."""
    text = f"{request_id}\n{encoding}\n{events}"
    return blake2b(text.encode(errors="surrogatepass"), digest_size=12).hexdigest()


def _body_events(encoded: str, *, gzipped: bool) -> BodyEvents:
    """Return the events of a body given as base64, and at least 1 skipped if it is damaged."""
    try:
        body = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return BodyEvents((), 1)
    if not gzipped:
        return events_in(body)
    body, damaged = gunzipped_whole(body, MAX_BATCH_BYTES)
    found = events_in(body)
    # The half line at a fault has already been counted: it and what is missing are one part.
    return BodyEvents(found.events, max(found.skipped, 1)) if damaged else found

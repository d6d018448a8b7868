"""Bytes of an envelope, the line that the API writes for a request, to a batch of events."""

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import NamedTuple, cast

from handlers.body_events import BodyEvents, events_in, json_value
from handlers.gunzip import gunzipped_whole

# A body of at most 740 kB came with the record, and rrweb's JSON shrinks 5 to 25 times: over 40
# times is a bomb. It protects the memory of the function, where several batches are open at once.
MAX_BATCH_BYTES = 32 * 1024 * 1024
# The largest integer that a browser counts to: https://tc39.es/ecma262/#sec-number.max_safe_integer
MAX_SEQUENCE = 2**53 - 1
_NAME_BYTES = 6
_ENCODINGS = ("gzip", "identity")
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")


class UnusableError(Exception):
    """An envelope that gives no batch: broken, or of another recording."""


class RecordingId(NamedTuple):
    """Whose recording, and which."""

    user_id: str
    recording_id: str


class Arrival(NamedTuple):
    """When a batch came, made total: equal only for the same batch delivered again."""

    received_at_ms: int
    name: str
    """8 characters, from the request id and the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The body of one request, still as it was sent: most are small until they are opened."""

    sequence: int | None
    """The client's number of this batch from 0, None if it gave none or one out of range."""
    arrival: Arrival
    stored_at_ms: int
    """When it was stored at the latest, by the clock of S3 or Kinesis."""
    body: Callable[[], bytes | None]
    """Gives the body as it was sent; None if the envelope's base64 is broken."""
    gzipped: bool
    size: int = 0
    """Bytes of memory that the body takes; 0 where it is read only when it is opened."""

    def content(self) -> BodyEvents:
        """Return the events, in the client's order, and how many parts could not be used."""
        sent = self.body()
        if sent is None:
            return BodyEvents((), 1)
        body, damaged = self._plain(sent)
        found = events_in(body)
        # The half line at a fault has already been counted: it and what is missing are one part.
        return replace(found, skipped=max(found.skipped, 1)) if damaged else found

    def holds_any(self, texts: Iterable[bytes]) -> bool:
        """Return whether any of `texts` is in the body: much cheaper than to look at its events."""
        body, _ = self._plain(self.body() or b"")
        return any(text in body for text in texts)

    def _plain(self, sent: bytes) -> tuple[bytes, bool]:
        """Return the body without its gzip, and whether anything is missing behind it.

        What is said to be gzip may be JSON: API Gateway takes a `Content-Encoding` off.
        """
        if not self.gzipped or _JSON_START.match(sent):
            return sent, False
        return gunzipped_whole(sent, MAX_BATCH_BYTES)


def batch_from(line: bytes, recording: RecordingId, stored_at_ms: int) -> Batch:
    """Return the batch of an envelope `line` that was stored at `stored_at_ms`.

    Raises:
        UnusableError: skip this line and count it. A body that is broken, wholly or partly, does
            not raise: it gives a batch with fewer events, whose content counts them.
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
    sent = _decoded(events)
    return Batch(
        sequence=_sequence(others.get("sequence")),
        arrival=Arrival(received_at_ms, name_of(request_id, encoding, events)),
        stored_at_ms=stored_at_ms,
        body=lambda: sent,
        gzipped=encoding == "gzip",
        size=len(sent or b""),
    )


def _sequence(value: object) -> int | None:
    """Return a usable sequence. Any other is as none: the batch then goes by its arrival."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= MAX_SEQUENCE else None


def name_of(*texts: str) -> str:
    """Return 8 characters, safe in a URL, that other texts share only by a rare chance."""
    digest = blake2b("\n".join(texts).encode(errors="surrogatepass"), digest_size=_NAME_BYTES)
    return base64.urlsafe_b64encode(digest.digest()).decode()


def _decoded(events: str) -> bytes | None:
    try:
        return base64.b64decode(events, validate=True)
    except (binascii.Error, ValueError):
        return None

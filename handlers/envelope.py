"""Bytes of an envelope, the line that the API writes for a request, to a batch of events."""

import base64
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple, cast

from handlers.body_events import BodyEvents, events_in
from handlers.gunzip import MEMBER_START, gunzipped

# A body that came with a Kinesis record has less than a megabyte, and rrweb's JSON shrinks 5 to 25
# times: over 40 times is a bomb. It protects the function's memory, which holds several batches.
MAX_BATCH_BYTES = 32 * 1024 * 1024
# The largest Batch-Sequence of the contract, which has nine digits at most.
MAX_SEQUENCE = 999_999_999
# Of a time, as of any integer in a cursor: what every JSON reader knows.
# https://www.rfc-editor.org/rfc/rfc8259#section-6
MAX_NUMBER = 2**53 - 1
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")


class RecordingId(NamedTuple):
    """The owner of a recording, and its id."""

    user_id: str
    recording_id: str


class Arrival(NamedTuple):
    """When a batch came, by the gateway's clock, and a name that it shares with its copies."""

    received_at_ms: int
    name: str
    """8 characters from the body; empty for a batch with a sequence, which needs none."""


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
    gzipped: bool | None
    """As the client said; None: its first bytes tell."""
    size: int = 0
    """Bytes of memory that the body takes; 0 where it is read only when it is opened."""

    @property
    def key(self) -> int | str:
        """The identity of a batch, which it shares with each copy of it that is sent again."""
        return self.arrival.name if self.sequence is None else self.sequence

    def content(self) -> BodyEvents:
        """Return the events, in the client's order, and how many parts cannot be used."""
        sent = self.body()
        if sent is None:
            return BodyEvents(b"", 0, 1, 0)
        if self.gzipped is None:
            is_gzip = sent.startswith(MEMBER_START)
        else:
            # A body labelled gzip may be JSON: API Gateway removes a `Content-Encoding`.
            is_gzip = self.gzipped and not _JSON_START.match(sent)
        if not is_gzip:
            return events_in(sent)
        body, is_damaged = gunzipped(sent, MAX_BATCH_BYTES)
        found = events_in(body)
        # The half line at a fault has been counted: it and what is missing are one part.
        return found._replace(skipped=max(found.skipped, 1)) if is_damaged else found


def batch_from(line: bytes, recording: RecordingId, stored_at_ms: int) -> Batch | None:
    """Return the batch of an envelope `line` that was stored at `stored_at_ms`.

    None: it is no envelope of this recording. A body that is broken, wholly or partly, gives a
    batch with fewer events, whose content counts them.
    """
    try:
        envelope: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    match cast("dict[str, object]", envelope):
        case {
            "userId": recording.user_id,
            "recordingId": recording.recording_id,
            "receivedAtMs": int(received_at_ms),
            "requestId": str(),
            "encoding": ("gzip" | "identity") as encoding,
            "events": str(events),
            **others,
        } if 0 <= received_at_ms <= MAX_NUMBER and not isinstance(received_at_ms, bool):
            number = others.get("sequence")
        case _:
            return None
    # Any other number is as none: the batch then goes by its arrival.
    sequence = number if type(number) is int and 0 <= number <= MAX_SEQUENCE else None
    sent: bytes | None = None
    with suppress(ValueError):  # binascii.Error is one
        sent = base64.b64decode(events, validate=True)
    return Batch(
        sequence=sequence,
        arrival=Arrival(received_at_ms, name_of(events) if sequence is None else ""),
        stored_at_ms=stored_at_ms,
        body=lambda: sent,
        gzipped=encoding == "gzip",
        size=len(sent or b""),
    )


def name_of(text: str) -> str:
    """Return 8 characters, safe in a URL, that another text shares only by a rare chance."""
    digest = blake2b(text.encode(errors="surrogatepass"), digest_size=6)
    return base64.urlsafe_b64encode(digest.digest()).decode()

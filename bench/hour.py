"""Writes a long recording of real rrweb events to a folder, as S3 stores it."""

import base64
import gzip
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.batch import SESSION
from handlers.envelope import RecordingId

RECORDING = RecordingId("11111111-2222-3333-4444-555555555555", "an-hour")
PREFIX = f"rrweb/recordings/userId={RECORDING.user_id}/sessionId={RECORDING.recording_id}/"
START_MS = 1_790_000_000_000
# What browsers' CompressionStream uses: https://compression.spec.whatwg.org/
CLIENT_GZIP_LEVEL = 6


@dataclass(frozen=True, kw_only=True)
class Hour:
    """The files of the recording, and their content."""

    deliveries: Path
    """One file for each object of Firehose, with the object's name."""
    plain: Path
    """The same events in as many objects of gzipped NDJSON, as a site's batches lie: numbered."""
    whole: Path
    """The same events in one object."""
    objects: int
    events: int
    text_bytes: int


def write_hour(folder: Path, *, objects: int, text_bytes: int, batches: int = 6) -> Hour:
    """Write a recording of at least `text_bytes` of JSON, with `batches` in each object.

    The recorded session is repeated, with timestamps that continue after the last repetition.
    """
    lines = _lines(text_bytes)
    hour = Hour(
        deliveries=folder / "deliveries",
        plain=folder / "plain",
        whole=folder / "whole.gz",
        objects=objects,
        events=len(lines),
        text_bytes=sum(len(line) + 1 for line in lines),
    )
    hour.deliveries.mkdir()
    hour.plain.mkdir()
    hour.whole.write_bytes(_gzipped(lines))
    written = deliveries(lines, RECORDING, objects=objects, batches=batches)
    for number, (name, envelopes, here) in enumerate(written):
        (hour.deliveries / name).write_bytes(envelopes)
        (hour.plain / f"{number:09}").write_bytes(_gzipped(here))
    return hour


def deliveries(
    lines: list[bytes], recording: RecordingId, *, objects: int, batches: int = 6
) -> Iterator[tuple[str, bytes, list[bytes]]]:
    """Yield Firehose's objects of a recording, one per minute: name, bytes, events."""
    step = -(-len(lines) // (objects * batches))
    bodies = [lines[start : start + step] for start in range(0, len(lines), step)]
    for number in range(0, len(bodies), batches):
        minute = number // batches
        here = bodies[number : number + batches]
        envelopes = b"".join(
            _envelope(recording, number + index, minute, body) for index, body in enumerate(here)
        )
        events = [line for body in here for line in body]
        yield _object_name(minute), gzip.compress(envelopes), events


def _lines(text_bytes: int) -> list[bytes]:
    events = [json.loads(line) for line in SESSION.read_bytes().splitlines()]
    first_ms: int = events[0]["timestamp"]
    length_ms = events[-1]["timestamp"] - first_ms + 1
    lines: list[bytes] = []
    size = 0
    while size < text_bytes:
        shift_ms = START_MS - first_ms + len(lines) // len(events) * length_ms
        for event in events:
            moved = {**event, "timestamp": event["timestamp"] + shift_ms}
            lines.append(json.dumps(moved, ensure_ascii=False, separators=(",", ":")).encode())
            size += len(lines[-1]) + 1
    return lines


def _gzipped(lines: list[bytes]) -> bytes:
    return gzip.compress(b"\n".join(lines) + b"\n", CLIENT_GZIP_LEVEL)


def _envelope(recording: RecordingId, sequence: int, minute: int, body: list[bytes]) -> bytes:
    content = {
        "userId": recording.user_id,
        "recordingId": recording.recording_id,
        "sequence": sequence,
        "receivedAtMs": START_MS + minute * 60_000,
        "requestId": f"request-{sequence}",
        "encoding": "gzip",
        "events": base64.b64encode(_gzipped(body)).decode(),
    }
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


def _object_name(minute: int) -> str:
    at = datetime.fromtimestamp(START_MS / 1000 + minute * 60, UTC)
    name = uuid.uuid5(uuid.NAMESPACE_OID, str(minute))
    return f"events-1-{at:%Y-%m-%d-%H-%M-%S}-{name}.gz"

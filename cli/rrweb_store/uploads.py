"""Storing a recording from a file: its batches, then its description, then its facts."""

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rrweb_store.api import Api, checksum
from rrweb_store.errors import BadInputError
from rrweb_store.events import Event
from rrweb_store.json_values import number_of, object_of, objects_of, text_of
from rrweb_store.page_model import FULL_SNAPSHOT, INCREMENTAL
from rrweb_store.recording_files import FoundRecording
from rrweb_store.timeline import CLICK, CUSTOM, META, MOUSE_INTERACTION

# As the recorder's `flushBytes`; the reader opens up to 32 MiB of a batch.
MAX_BATCH_BYTES = 4 * 1024 * 1024
MAX_EVENT_BYTES = 32 * 1024 * 1024
MAX_BATCH_EVENTS = 50_000
# What API Gateway takes.
MAX_BODY_BYTES = 10_000_000
_GZIP = {"Content-Type": "application/gzip"}
_TEXT = {"Content-Type": "text/plain"}
_JSON = {"Content-Type": "application/json"}
# A batch of this number is there: of the same events, since the id is made of them.
_THERE = frozenset({412})


@dataclass(frozen=True)
class Owner:
    """Whose recording it becomes: a site's by its write key, or the user's own."""

    key: str | None = None
    site_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Upload:
    recording_id: str
    batches: list[bytes]
    """Gzipped NDJSON, in order."""
    described: dict[str, Any]
    facts: dict[str, Any]


def upload_of(found: FoundRecording) -> Upload:
    """Return what is stored of a recording. The same events have the same id.

    Raises:
        BadInputError: An event is larger than the store takes.
    """
    digest = hashlib.sha256()
    for line in found.lines:
        digest.update(line + b"\n")
    events: list[Event] = [json.loads(line) for line in found.lines]
    return Upload(
        # Random from its first character, which spreads recordings over S3's partitions.
        recording_id=digest.hexdigest()[:32],
        batches=list(_batches(found)),
        described=_described(events),
        facts=_facts(events),
    )


def store(api: Api, owner: Owner, upload: Upload, stored: Callable[[int], None]) -> bool:
    """Store a recording; return whether it is new.

    Until its description is stored, after all batches, no list and no reader has the recording:
    what was interrupted is completed by the same call, or expires.
    """
    names = {"recordingId": upload.recording_id}
    for number, body in enumerate(upload.batches):
        if owner.key is None:
            path = {**names, "sequence": str(number)}
            headers = {**_GZIP, "x-amz-checksum-sha256": checksum(body)}
            api.call("putLargeBatch", path, headers=headers, content=body, known=_THERE)
        else:
            path = {**names, "key": owner.key, "sequence": f"{number:09}"}
            api.call("appendSiteEvents", path, headers=_TEXT, content=body, known=_THERE)
        stored(number + 1)
    if owner.key is None:
        create, put_facts, path, headers = "createRecording", "putFacts", names, _JSON
    else:
        create, put_facts = "createSiteRecording", "putSiteFacts"
        path = {**names, "key": owner.key}
        # A site may take recordings of its own pages only.
        headers = {**_TEXT, "Origin": _origin(upload.described["pageUrl"])}
    described = json.dumps(upload.described).encode()
    answer = api.call(create, path, headers=headers, content=described, known=frozenset({409}))
    facts = json.dumps(upload.facts).encode()
    api.call(put_facts, path, headers=headers, content=facts)
    return answer.status_code != 409


def _batches(found: FoundRecording) -> Iterator[bytes]:
    batch: list[bytes] = []
    size = 0
    for number, line in enumerate(found.lines, 1):
        if len(line) > MAX_EVENT_BYTES:
            raise BadInputError(
                f"{found.name}: event {number} has {len(line):,} bytes, the store takes "
                f"{MAX_EVENT_BYTES:,}. Nothing was sent"
            )
        if batch and (size + len(line) > MAX_BATCH_BYTES or len(batch) >= MAX_BATCH_EVENTS):
            yield _packed(found, batch)
            batch, size = [], 0
        batch.append(line)
        size += len(line) + 1
    yield _packed(found, batch)


def _packed(found: FoundRecording, lines: list[bytes]) -> bytes:
    body = gzip.compress(b"\n".join(lines) + b"\n", mtime=0)
    if len(body) > MAX_BODY_BYTES:
        raise BadInputError(
            f"{found.name}: an event has {len(body):,} bytes even compressed, the store takes "
            f"{MAX_BODY_BYTES:,}. Nothing was sent"
        )
    return body


def _described(events: list[Event]) -> dict[str, Any]:
    """Return NewRecording's fields."""
    metas = (object_of(one.get("data")) for one in events if one["type"] == META)
    meta = next(metas, object_of(None))
    snapshot = next(object_of(one.get("data")) for one in events if one["type"] == FULL_SNAPSHOT)
    width, height = number_of(meta.get("width")), number_of(meta.get("height"))
    described: dict[str, Any] = {
        "startedAtMs": int(min(number_of(one["timestamp"]) for one in events)),
        "pageUrl": text_of(meta.get("href"))[:8192],
        "pageTitle": _title(snapshot.get("node"))[:1024],
    }
    if 0 < width <= 1_000_000 and 0 < height <= 1_000_000:
        described["viewport"] = {"width": int(width), "height": int(height)}
    return described


def _origin(url: str) -> str:
    """Return what a page of this address sends as its origin.

    >>> _origin("https://shop.example:8443/tea?a=b"), _origin("about:blank")
    ('https://shop.example:8443', 'null')
    """
    found = re.match(r"(https?://[A-Za-z0-9.\-\[\]:]+)(?:[/?#]|$)", url)
    return found[1].lower() if found else "null"


def _title(node: object) -> str:
    """Return the text of the first <title> under a node."""
    ahead = [object_of(node)]
    while ahead:
        one = ahead.pop()
        if one.get("tagName") == "title":
            texts = [
                text_of(child.get("textContent")) for child in objects_of(one.get("childNodes"))
            ]
            return " ".join(" ".join(texts).split())
        if one.get("tagName") != "body":
            ahead += reversed(objects_of(one.get("childNodes")))
    return ""


def _facts(events: list[Event]) -> dict[str, Any]:
    """Return RecordingFacts, as the recorder counts them."""
    times = [number_of(one["timestamp"]) for one in events]
    facts: dict[str, Any] = {"durationMs": int(max(times) - min(times)), "clicks": 0}
    pages: dict[str, None] = {}
    tracked: dict[str, None] = {}
    for event in events:
        data = object_of(event.get("data"))
        if event["type"] == META:
            # Without query and hash, and a filter takes no blanks.
            address = "".join(text_of(data.get("href")).split("#")[0].split("?")[0].split())
            pages |= {address[:2048]: None} if address else {}
        elif event["type"] == INCREMENTAL and data.get("source") == MOUSE_INTERACTION:
            facts["clicks"] += data.get("type") == CLICK
        elif event["type"] == CUSTOM:
            _count_told(facts, tracked, text_of(data.get("tag")), object_of(data.get("payload")))
    lists = {"pages": list(pages)[:50], "events": list(tracked)[:50]}
    return {**facts, **{name: values for name, values in lists.items() if values}}


def _count_told(
    facts: dict[str, Any], tracked: dict[str, None], tag: str, payload: dict[str, Any]
) -> None:
    """Count what the recorder of this store tells in events of its own."""
    clicks = {"rage": "rageClicks", "dead": "deadClicks"}
    name = {
        "rrweb-store:error": "errors",
        "rrweb-store:click": clicks.get(text_of(payload.get("kind")), ""),
    }.get(tag)
    if name:
        facts[name] = facts.get(name, 0) + 1
    elif tag == "rrweb-store:user" and text_of(payload.get("user")):
        facts["user"] = text_of(payload["user"])[:256]
    elif tag == "rrweb-store:event" and text_of(payload.get("name")):
        tracked[text_of(payload["name"])[:256]] = None

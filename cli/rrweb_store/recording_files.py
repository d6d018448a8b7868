"""Recordings in files: rrweb's JSON and NDJSON, and PostHog's exports."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from rrweb_store.errors import BadInputError
from rrweb_store.events import is_event
from rrweb_store.json_values import list_of, object_of
from rrweb_store.page_model import FULL_SNAPSHOT
from rrweb_store.safe_text import printable

# Protects the memory of this machine: a small gzip file may open to any size.
MAX_FILE_BYTES = 1024 * 1024 * 1024
# PostHog's exports name their version by a day:
# https://github.com/PostHog/posthog/blob/master/frontend/src/scenes/session-recordings/file-playback/types.ts
_POSTHOG_BY_WINDOW = "2022-12-02"
_POSTHOG = "2023-04-28"


@dataclass(frozen=True, kw_only=True)
class FoundRecording:
    """One recording of a file."""

    name: str
    """Of the file, and of the window if it holds several."""
    lines: list[bytes]
    """One event each, in JSON."""


def recordings_in(path: Path) -> list[FoundRecording]:
    """Return the recordings of a file.

    Raises:
        BadInputError: It cannot be read, or a part of it is no event. The message names the part.
    """
    body = _read(path)
    name = path.name
    if not body.strip():
        raise BadInputError(f"{path} is empty")
    try:
        whole: object = json.loads(body)
    except RecursionError as error:
        raise BadInputError(f"{path} is nested too deeply") from error
    except ValueError:
        return [_checked(name, _lines_of(body, path))]
    if isinstance(whole, list):
        return [_checked(name, _written(list_of(cast("object", whole)), path))]
    document = object_of(whole)
    if is_event(whole):
        return [_checked(name, [body.replace(b"\n", b" ").strip()])]
    if isinstance(document.get("events"), list):
        return [_checked(name, _written(document["events"], path))]
    return list(_posthog(document, path))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            is_gzip = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            body = (gzip.GzipFile(fileobj=file) if is_gzip else file).read(MAX_FILE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInputError(f"cannot read {path}: {printable(reason)}") from error
    if len(body) > MAX_FILE_BYTES:
        raise BadInputError(f"{path} has more than {MAX_FILE_BYTES:,} bytes: cut it first")
    return body.removeprefix(b"\xef\xbb\xbf")


def _lines_of(body: bytes, path: Path) -> list[bytes]:
    """Return the events of NDJSON as they stand there; a line ends with a line feed only."""
    lines: list[bytes] = []
    for number, line in enumerate(body.split(b"\n"), 1):
        text = line.strip()
        if not text:
            continue
        try:
            value: object = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadInputError(f"{path}, line {number} is no JSON: nothing was sent") from error
        if not is_event(value):
            raise BadInputError(f"{path}, line {number} is no event of rrweb's: nothing was sent")
        lines.append(text)
    return lines


def _written(values: Iterable[object], path: Path) -> list[bytes]:
    lines: list[bytes] = []
    for number, value in enumerate(values, 1):
        if not is_event(value):
            raise BadInputError(f"{path}, event {number} is no event of rrweb's: nothing was sent")
        if "cv" in value:
            raise BadInputError(
                f"{path}, event {number} is compressed by PostHog's recorder: export it from "
                "PostHog's player, which opens it"
            )
        # ASCII, since a page may hold halves of characters, which UTF-8 cannot.
        lines.append(json.dumps(value, separators=(",", ":")).encode("ascii"))
    return lines


def _posthog(document: dict[str, object], path: Path) -> Iterator[FoundRecording]:
    """Yield a recording for each window: their nodes have the same numbers."""
    version, data = document.get("version"), object_of(document.get("data"))
    windows: dict[str, list[object]] = {}
    if version == _POSTHOG_BY_WINDOW:
        found = object_of(data.get("snapshotsByWindowId"))
        windows = {window: list_of(events) for window, events in found.items()}
    elif version == _POSTHOG and isinstance(data.get("snapshots"), list):
        for one in list_of(data["snapshots"]):
            event = dict(object_of(one))
            windows.setdefault(str(event.pop("windowId", "")), []).append(event)
    else:
        raise BadInputError(
            f"{path} is of no format that is known: rrweb's events as a JSON array or NDJSON, or "
            "PostHog's export. Nothing was sent"
        )
    if not windows:
        raise BadInputError(f"{path} holds no events")
    for number, events in enumerate(windows.values(), 1):
        name = path.name if len(windows) == 1 else f"{path.name}, window {number}"
        yield _checked(name, _written(events, path))


def _checked(name: str, lines: list[bytes]) -> FoundRecording:
    if not any(json.loads(line)["type"] == FULL_SNAPSHOT for line in lines):
        raise BadInputError(
            f"{name} has no full snapshot (type 2), so it cannot be replayed. Nothing was sent"
        )
    return FoundRecording(name=name, lines=lines)

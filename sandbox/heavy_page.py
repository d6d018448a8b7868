"""A page with five megabytes of images and fonts: recorded in Chromium, stored, read back."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from sandbox.program import PROJECT

PATIENCE_S = 180


def record_visits(folder: Path, visits: int) -> list[Path]:
    """Return one file of rrweb events, as NDJSON, for each visit.

    Raises:
        CalledProcessError: Chromium or rrweb failed; `stderr` says why.
    """
    _run("node", "record.mjs", "--out", str(folder), "--visits", str(visits))
    return [folder / f"{visit}.ndjson" for visit in range(1, visits + 1)]


def store_visit(
    api_url: str, token: str, events: Path, recording_id: str, *, inline: bool = False
) -> dict[str, int]:
    """Return the number of `requests`, and the `bytes` of their bodies, that stored the recording.

    Args:
        api_url: The stack's export.
        token: An ID token.
        events: NDJSON.
        recording_id: A new one.
        inline: Keep images and fonts inside the events.

    Raises:
        CalledProcessError: The API refused a request; `stderr` says which.
    """
    options = ["--events", str(events), "--recording", recording_id]
    return _json_of("store.ts", *options, *["--inline"] * inline, API_URL=api_url, ID_TOKEN=token)


def restore_visit(api_url: str, token: str, recording_id: str, out: Path) -> dict[str, Any]:
    """Write the recording to `out`, and return its `events`, those `skipped`, assets `missing`.

    Raises:
        CalledProcessError: The API refused a request; `stderr` says which.
    """
    options = ["--recording", recording_id, "--out", str(out)]
    return _json_of("restore.ts", *options, API_URL=api_url, ID_TOKEN=token)


def requests_on_the_wire() -> dict[str, dict[str, int]]:
    """Return the bytes `up` and `down` over HTTP/2 of a `preflight`, a `head` and a `put`.

    The bytes of the asset itself do not count.
    """
    return json.loads(_run("node", "requests-on-the-wire.mjs"))


def _json_of(script: str, *args: str, **env: str) -> dict[str, Any]:
    return json.loads(_run("node", "--import", "tsx", script, *args, **env))


def _run(command: str, *args: str, **env: str) -> str:
    return subprocess.run(  # noqa: S603 - our own scripts
        [shutil.which(command) or command, *args],
        cwd=PROJECT / "web" / "heavy-page",
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    ).stdout

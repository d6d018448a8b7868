"""Sends a real rrweb session through the whole program, and prints each step."""

import gzip
import json
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from sandbox.deployment import DeploymentError
from sandbox.program import PROJECT
from sandbox.server import Sandbox
from sandbox.visit import STILLS, Step, visit_shop, visit_site

SESSION = PROJECT / "tests" / "data" / "session.ndjson"

# Firehose's buffer, 50 % more, and a margin for a busy machine.
# https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
DELIVERY_PATIENCE_S = 150
# Until the erasure looks again, and a margin: docs/adr/0053-erasure-without-code.md
ERASURE_PATIENCE_S = 300
# The first lines name the failure.
FAILURE_LINES = 12


@dataclass(frozen=True)
class Batch:
    """One request of a client."""

    sequence: int
    media_type: str
    body: bytes
    note: str


def run_demo(sandbox: Sandbox, *, replay: bool) -> bool:
    """Return whether every event came back and, with `replay`, the replays look as recorded.

    With `replay`, Chromium replays the session, the site replays a recording made there and
    another of the shop, and the session is erased meanwhile.

    Raises:
        DeploymentError: A step got an unexpected answer; the message contains it.
    """
    lines = SESSION.read_bytes().rstrip(b"\n").split(b"\n")
    recording_id = str(uuid.uuid4())
    with httpx.Client(base_url=sandbox.api_url, timeout=40) as api:
        api.headers["Authorization"] = f"Bearer {sandbox.id_token('demo')}"
        _show("signed in", "as demo@sandbox.example, with an ID token of the stack's own pool")
        _create(api, recording_id, json.loads(lines[0]))
        for batch in demo_batches(lines):
            answer = _expect(
                api.post(
                    f"/recordings/{recording_id}/events",
                    content=batch.body,
                    headers={
                        "Content-Type": batch.media_type,
                        "Batch-Sequence": str(batch.sequence),
                    },
                ),
                202,
            )
            _show(
                f"batch {batch.sequence}",
                f"{answer.status_code}  {len(batch.body):>7,} bytes  {batch.note}",
            )
        _await_tail(api, recording_id, len(lines))
        _show("watch it", f"{sandbox.site_url}/recordings/{recording_id}")
        keys = _await_delivery(sandbox, recording_id)
        body = _read_all(api, recording_id)
        listed = _expect(api.get("/recordings"), 200).json()["recordings"]
        _show("listed", f"{len(listed)} recording(s), newest first: {listed[0]['recordingId']}")
        same = [json.loads(line) for line in body] == [json.loads(line) for line in lines]
        _show(
            "read back",
            f"{len(body)} of {len(lines)} events, "
            + ("event for event the same" if same else "NOT THE SAME"),
        )
    for key in keys:
        _show("in S3", key)
    if not (same and replay):
        return same
    return _replays(body) and _erases(
        sandbox, recording_id, meanwhile=lambda: _site_works(sandbox) and _shop_works(sandbox)
    )


def demo_batches(lines: list[bytes]) -> list[Batch]:
    """Return the session as batches of each media type, one sent twice, two in the wrong order."""
    step = -(-len(lines) // 6)
    parts = [lines[start : start + step] for start in range(0, len(lines), step)]
    ndjson = [b"\n".join(part) for part in parts]
    array = b"[" + b",".join(parts[2]) + b"]"
    batches = [
        Batch(
            0, "application/gzip", gzip.compress(ndjson[0]), "gzipped NDJSON, the first snapshot"
        ),
        Batch(1, "application/x-ndjson", ndjson[1], "NDJSON"),
        Batch(1, "application/x-ndjson", ndjson[1], "the same again, as after a lost answer"),
        Batch(2, "application/json", array, "a JSON array"),
        Batch(4, "application/gzip", gzip.compress(ndjson[4]), "gzipped NDJSON, too early"),
        Batch(3, "application/gzip", gzip.compress(ndjson[3]), "gzipped NDJSON, too late"),
    ]
    return batches + [
        Batch(sequence, "application/gzip", gzip.compress(ndjson[sequence]), "gzipped NDJSON")
        for sequence in range(5, len(parts))
    ]


def _create(api: httpx.Client, recording_id: str, first: dict[str, Any]) -> None:
    fields = {
        "startedAtMs": first["timestamp"],
        "pageUrl": "https://playground.example/",
        "pageTitle": "Playground",
        "viewport": {"width": 1280, "height": 720},
    }
    created = _expect(api.put(f"/recordings/{recording_id}", json=fields), 201)
    _show("created", f"{created.status_code}  {recording_id}")


def _await_tail(api: httpx.Client, recording_id: str, expected: int) -> None:
    """Return once all events can be read, long before they are in S3."""
    start = time.monotonic()
    while True:
        events = _read_all(api, recording_id)
        waited = time.monotonic() - start
        if len(events) >= expected:
            _show("read fresh", f"{len(events)} events after {waited:.1f} s, from the stream")
            return
        if waited > DELIVERY_PATIENCE_S:
            raise DeploymentError(f"only {len(events)} of {expected} events after {waited:.0f} s")
        time.sleep(0.2)


def _await_delivery(sandbox: Sandbox, recording_id: str) -> list[str]:
    """Return the recording's keys once Firehose has delivered, with a countdown meanwhile."""
    start = time.monotonic()
    terminal = sys.stdout.isatty()
    shown = -1
    while (waited := time.monotonic() - start) < DELIVERY_PATIENCE_S:
        if keys := _keys(sandbox, recording_id):
            _show("delivered", f"to S3 by Firehose, after {waited:.0f} s" + " " * 30)
            return keys
        step = int(waited) if terminal else int(waited) // 15
        if step != shown:
            shown = step
            left = max(0, 60 - int(waited))
            text = f"  waiting     for Firehose, which buffers for 60 s: about {left} s left"
            print(text, end="\r" if terminal else "\n", flush=True)
        time.sleep(1)
    raise DeploymentError(f"nothing was delivered to S3 in {DELIVERY_PATIENCE_S} s")


def _read_all(api: httpx.Client, recording_id: str) -> list[bytes]:
    events: list[bytes] = []
    cursor: dict[str, str] = {}
    while True:
        page = _expect(
            api.get(
                f"/recordings/{recording_id}/events",
                params=cursor,
                headers={"Accept": "application/gzip"},
            ),
            200,
        )
        events += [line for line in page.content.split(b"\n") if line]
        if page.headers["Has-More"] == "false":
            return events
        cursor = {"cursor": page.headers["Next-Cursor"]}


def _keys(sandbox: Sandbox, recording_id: str) -> list[str]:
    pages = (
        sandbox.cloud.client("s3")
        .get_paginator("list_objects_v2")
        .paginate(Bucket=sandbox.exports["bucketName"], Prefix="rrweb/recordings/")
    )
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
    return [key for key in keys if f"/sessionId={recording_id}/" in key]


def _replays(events: list[bytes]) -> bool:
    """Return whether the last frame in headless Chromium shows what the recorded page showed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.ndjson"
        file.write_bytes(b"\n".join(events) + b"\n")
        run = subprocess.run(  # noqa: S603 - our own script
            [shutil.which("node") or "node", "recorded-session/replay.mjs", "--events", str(file)],
            cwd=PROJECT / "web",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    _show("in Chromium", (run.stdout or run.stderr).strip())
    return run.returncode == 0


def _site_works(sandbox: Sandbox) -> bool:
    """Return whether the site works for a user, and its replay looks like the page."""
    _show("at the site", f"{sandbox.site_url} in Chromium, as a user would use it:")
    return _all_passed(visit_site(sandbox))


def _shop_works(sandbox: Sandbox) -> bool:
    """Return whether a visitor's recording reaches the site's watchers, and nobody else."""
    _show("at the shop", f"{sandbox.shop_url} in Chromium, as a visitor and a watcher would:")
    return _all_passed(visit_shop(sandbox))


def _erases(sandbox: Sandbox, recording_id: str, *, meanwhile: Callable[[], bool]) -> bool:
    """Return whether a recording is erased to its last object, and `meanwhile` was true.

    The state machine looks again when Firehose can deliver nothing more, minutes later.
    """
    path = f"/recordings/{recording_id}"
    token = {"Authorization": f"Bearer {sandbox.id_token('demo')}"}
    with httpx.Client(base_url=sandbox.api_url, timeout=40, headers=token) as api:
        asked = _expect(api.delete(path), 202)
        _show("deleted", f"{asked.status_code}  {recording_id}: it is erased during the next steps")
        if not meanwhile():
            return False
        erasure = _await_erasure(api, path)
        left = _keys(sandbox, recording_id)
        is_gone = erasure["state"] == "done" and not left and api.get(path).status_code == 404
    removed = {kind: one for kind, one in erasure.get("removed", {}).items() if one["objects"]}
    counts = ", ".join(
        f"{kind}: {one['objects']} object(s) of {one['bytes']:,} bytes"
        for kind, one in removed.items()
    )
    _show("erased" if is_gone else "NOT ERASED", f"{counts or 'nothing'}; {len(left)} left")
    _show("certificate", erasure["executionId"])
    return is_gone


def _await_erasure(api: httpx.Client, path: str) -> dict[str, Any]:
    """Return an erasure once it has ended."""
    start = time.monotonic()
    _show("waiting", "for the erasure's last look, two and a half minutes after its first")
    while time.monotonic() - start < ERASURE_PATIENCE_S:
        erasure = _expect(api.get(f"{path}/erasure"), 200).json()
        if erasure["state"] != "removing":
            return erasure
        time.sleep(1)
    raise DeploymentError(f"the erasure has not ended after {ERASURE_PATIENCE_S} s")


def _all_passed(steps: Sequence[Step]) -> bool:
    """Print each step, and return whether all passed."""
    for step in steps:
        done = "done" if step.passed else "FAILED"
        _show(done, f"{step.title} ({step.duration_s:.1f} s)")
        if step.figures:
            _show("", step.figures)
        if step.failure:
            _show("", "\n              ".join(step.failure.splitlines()[:FAILURE_LINES]))
    passed = all(step.passed for step in steps)
    if not passed:
        _show("look at", f"{STILLS}: recorded, replayed, and where they differ")
    return passed


def _expect(answer: httpx.Response, status: int) -> httpx.Response:
    if answer.status_code != status:
        raise DeploymentError(
            f"{answer.request.method} {answer.request.url.path} answered {answer.status_code}, "
            f"not {status}: {answer.text[:500]}"
        )
    return answer


def _show(step: str, result: str) -> None:
    print(f"  {step:<11} {result}", flush=True)

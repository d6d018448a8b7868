"""Keeps what the checkout's release stores of two small visits: `make recorded-by`.

It writes tests/recorded-by/<release>/, which tests/recorded-by/README.md describes.
"""

import base64
import gzip
import hashlib
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from components.release.release import release_of
from sandbox.program import PROJECT
from sandbox.server import Sandbox
from tests.e2e.browser import Browser
from tests.e2e.user import eventually
from tests.releases.visits import (
    KEY,
    PATIENCE_S,
    SCREENS,
    SITE,
    Owner,
    Pages,
    Visit,
    visit,
)

FOLDER = PROJECT / "tests" / "recorded-by"
CONFIG = {
    "rrweb-store:throttleRate": "10000",
    "rrweb-store:throttleBurst": "5000",
    "rrweb-store:sites": json.dumps([{"id": SITE, "keys": [KEY], "privacy": "inputs"}]),
}
# Firehose's 60 s become 2 s.
SPEED = 30.0
MAX_BYTES = 300_000
OWNERS: tuple[Owner, ...] = ("user", "site")
# Parts of the keys of all that is stored of both.
KINDS = ("/stream/", "/large/", "/screenshot", "/batch/", "/assets/userId=", "/assets/siteKey=")


class Storage:
    """What the sandbox's cloud holds of two recordings."""

    def __init__(self, sandbox: Sandbox, prefixes: tuple[str, ...]) -> None:
        self._s3 = sandbox.cloud.client("s3")
        self._dynamodb = sandbox.cloud.client("dynamodb")
        self._bucket, self._table = sandbox.exports["bucketName"], sandbox.exports["tableName"]
        self._prefixes = prefixes

    def keys(self) -> list[str]:
        """Return the keys of the recordings' objects and of their owners' assets."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        listed = [one["Key"] for page in pages for one in page.get("Contents", [])]
        return sorted(key for key in listed if key.startswith(self._prefixes))

    def objects(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for key in self.keys():
            one = self._s3.get_object(Bucket=self._bucket, Key=key)
            body = base64.b64encode(one["Body"].read()).decode()
            found.append({"key": key, "contentType": one["ContentType"], "body": body})
        return found

    def items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._dynamodb.scan(TableName=self._table)["Items"]
        return sorted(items, key=lambda item: json.dumps(item["owner"]))

    def sequences(self) -> set[int]:
        """Return the numbers of the user's batches that have come to the bucket."""
        found: set[int] = set()
        for key in self.keys():
            if "/large/" in key:
                found.add(int(key.rsplit("/", 1)[-1]))
            if "/stream/" in key:
                body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
                lines = gzip.decompress(body).splitlines()
                found.update(json.loads(line)["sequence"] for line in lines)
        return found


def recorded_by(folder: Path, release: str) -> Path:
    """Write the recordings of the checkout, and return their folder.

    Raises:
        ValueError: They lack a kind of object, or are too large.
    """
    target = folder / release
    target.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        Sandbox(Path(scratch), speed=SPEED, config=CONFIG) as sandbox,
    ):
        token = sandbox.id_token("owner", [f"site-{SITE}"])
        sub = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))["sub"]
        storage = Storage(sandbox, _prefixes(sub))
        browser = Browser()
        try:
            visits = [_made(owner, browser, sandbox.api_url, token) for owner in OWNERS]
        finally:
            browser.close()
        # The last batch of a user comes by Firehose, a site's facts as the tab is closed.
        last = max(one.last_sequence for one in visits)
        eventually(storage.sequences, lambda there: last in there, PATIENCE_S)
        eventually(storage.items, lambda items: "durationMs" in str(items), PATIENCE_S)
        seen = [_expected(one, target, sandbox.api_url, token) for one in visits]
        stored = {"user": sub, "items": storage.items(), "objects": storage.objects()}
    keys = " ".join(one["key"] for one in stored["objects"])
    if lacking := [kind for kind in KINDS if kind not in keys]:
        raise ValueError(f"the recordings must have objects of each kind, got none of {lacking}")
    packed = gzip.compress(json.dumps(stored, indent=0).encode(), mtime=0)
    (target / "stored.json.gz").write_bytes(packed)
    today = time.strftime("%Y-%m-%d", time.gmtime())
    expected = {"release": release, "recordedOn": today, "recordings": seen}
    text = json.dumps(expected, indent=1, ensure_ascii=False)
    (target / "expected.json").write_text(f"{text}\n", encoding="utf-8")
    if (size := sum(file.stat().st_size for file in target.iterdir())) > MAX_BYTES:
        raise ValueError(f"the recordings must have at most {MAX_BYTES} bytes, got {size}")
    return target


def _made(owner: Owner, browser: Browser, api_url: str, token: str) -> Visit:
    pages = Pages(owner, api_url, token)
    try:
        with browser.profile(**SCREENS[owner]) as profile:
            return visit(owner, pages, profile)
    finally:
        pages.close()


def _prefixes(sub: str) -> tuple[str, ...]:
    return tuple(
        f"rrweb/{kind}/{of}/"
        for kind in ("recordings", "assets")
        for of in (f"userId={sub}", f"siteKey={KEY}")
    )


def _expected(made: Visit, target: Path, api_url: str, token: str) -> dict[str, Any]:
    """Return what the release's own API says of a visit; write what the pages showed."""
    path = f"/recordings/{made.recording_id}"
    if made.owner == "site":
        path = f"/sites/{SITE}{path}"
    with httpx.Client(
        base_url=api_url, headers={"Authorization": f"Bearer {token}"}, timeout=40
    ) as api:
        answer = api.get(path).raise_for_status().json()
        events = api.get(f"{path}/events", headers={"Accept": "application/x-ndjson"})
    assert (events.status_code, events.headers["Has-More"]) == (200, "false")
    assert "The end" in events.text
    moments: list[dict[str, Any]] = []
    for number, moment in enumerate(made.moments, start=1):
        name = f"{made.owner}-{number}.png"
        (target / name).write_bytes(moment.picture)
        moments.append({"atMs": moment.at_ms, "picture": name, "facts": moment.facts})
    viewport = SCREENS[made.owner]["viewport"]
    return {
        "owner": made.owner,
        "answer": answer,
        "events": len(events.text.splitlines()),
        "sha256": hashlib.sha256(events.content).hexdigest(),
        "viewport": viewport,
        "moments": moments,
    }


if __name__ == "__main__":
    target = recorded_by(FOLDER, release_of(PROJECT))
    sys.stdout.write(f"recorded-by: {target.relative_to(PROJECT)}: commit it\n")

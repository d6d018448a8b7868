"""The queries of docs/data.md, on what the program has stored."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from sandbox.program import PROJECT
from sandbox.server import Sandbox
from tests.documents import blocks
from tests.e2e.user import User, eventually, ndjson, new_id

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

PAGE = (PROJECT / "docs" / "data.md").read_text(encoding="utf-8")
PREFIX = "rrweb/recordings/"


def event(at: int, type_: int, **data: Any) -> dict[str, Any]:
    return {"type": type_, "timestamp": at, "data": data}


def visit(sandbox: Sandbox, recording_id: str, *batches: bytes) -> None:
    write = f"{sandbox.exports['sites']['demo']['writeUrl']}/recordings/{recording_id}"
    with httpx.Client(timeout=40, headers={"Content-Type": "text/plain"}) as visitor:
        for path, body in (
            ("", b"{}"),
            *((f"/events/{number:09}", body) for number, body in enumerate(batches)),
        ):
            visitor.post(f"{write}{path}", content=body).raise_for_status()


def copied(sandbox: Sandbox, folder: Path, *recording_ids: str) -> set[str]:
    """Copy the objects of recordings, as `aws s3 sync` would; return their kinds."""
    s3 = sandbox.cloud.client("s3")
    bucket = sandbox.exports["bucketName"]
    kinds: set[str] = set()
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX):
        for key in (one["Key"] for one in page.get("Contents", [])):
            if any(f"sessionId={one}/" in key for one in recording_ids):
                path = folder / "recordings" / key.removeprefix(PREFIX)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
                kinds.add(key.split("/")[-2])
    return kinds


def test_each_query_of_the_page_finds_what_was_recorded(
    sandbox: Sandbox, owner: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, own = new_id(), new_id(), new_id()
    tea = event(1_000, 4, href="https://shop.example/tea?token=1#x")
    payload = {"name": "paid", "properties": {"a": 5}}
    paid = event(3_000, 5, tag="rrweb-store:event", payload=payload)
    click = event(2_000, 3, source=2, type=2, id=1, x=1, y=1)
    # As the recorder sends it: several members of gzip, and one line that is broken.
    members = gzip.compress(ndjson(tea)) + gzip.compress(ndjson(click))
    visit(sandbox, first, members, gzip.compress(b"{bad\n" + ndjson(paid)))
    home = event(1_500, 4, href="https://shop.example/")
    visit(sandbox, second, gzip.compress(ndjson(tea, home)))
    body = gzip.compress(ndjson(tea))
    assert owner.create(own).status_code == 201
    assert owner.append(own, body, content_type="application/gzip", sequence=0).status_code == 202
    eventually(
        lambda: copied(sandbox, tmp_path, first, second, own),
        lambda kinds: kinds == {"batch", "stream"},
        owner.delivery_s,
    )

    monkeypatch.chdir(tmp_path)
    database = duckdb.connect()
    view, *selects = blocks(PAGE, "sql")
    database.execute(view)
    pages, lengths, tracked, sent = [database.execute(one).fetchall() for one in selects]

    assert pages == [("https://shop.example/tea", 2), ("https://shop.example/", 1)]
    assert lengths == [
        (first, timedelta(seconds=2), 1),
        (second, timedelta(seconds=0.5), 0),
    ]
    assert [(name, json.loads(properties), id_) for name, properties, id_, _ in tracked] == [
        ("paid", {"a": 5}, first)
    ]
    assert sent == [(owner.sub, own, 1, len(body))]

"""A kept recording outlives its objects and its assets; one that is kept no longer does not."""

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sandbox.demo_site import DEMO_SITE
from sandbox.server import Sandbox
from tests.e2e.contract import checksum_of
from tests.e2e.stack import Stack
from tests.e2e.store import Store, recording_prefix
from tests.e2e.user import User, eventually, ndjson, new_id

pytestmark = pytest.mark.e2e

PATIENCE_S = 60.0
EVENT = {"type": 4, "data": {"href": "https://shop.example/"}, "timestamp": 1}
ASSET = b"\x89PNG, about"
SHA = hashlib.sha256(ASSET).hexdigest()
OTHER = hashlib.sha256(b"another").hexdigest()


def kept(user: User, path: str, *assets: str) -> dict[str, Any]:
    """Return what a recording says once it is kept, and at rest."""
    answer = user.http.put(f"{user.api_url}{path}/kept", json={"assets": list(assets)})
    assert answer.status_code == 202, answer.text
    return at_rest(user, path, lambda one: one.get("kept") is True)


def at_rest(user: User, path: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    return eventually(
        lambda: user.get(path).json(), lambda one: fits(one) and "keeping" not in one, PATIENCE_S
    )


def asset(user: User, path: str) -> httpx.Response:
    return user.http.get(f"{user.api_url}{path}", headers={"Accept": "image/png"})


def outlived(sandbox: Sandbox, owner: str, recording_id: str, prefix: str) -> None:
    """Let the time of a recording be past, and its objects and assets be expired."""
    s3, bucket = sandbox.cloud.client("s3"), sandbox.exports["bucketName"]
    sandbox.cloud.client("dynamodb").update_item(
        TableName=sandbox.exports["tableName"],
        Key={"owner": {"S": owner}, "recordingId": {"S": recording_id}},
        UpdateExpression="SET retainedUntil = :past",
        ConditionExpression="attribute_exists(retainedUntil)",
        ExpressionAttributeValues={":past": {"N": str(int(time.time()) - 60)}},
    )
    for folder in (prefix, f"rrweb/assets/{prefix.split('/')[2]}/{SHA}"):
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder)
        for one in [one for page in pages for one in page.get("Contents", [])]:
            s3.delete_object(Bucket=bucket, Key=one["Key"])


def test_a_kept_recording_outlives_its_objects_until_it_is_kept_no_longer(
    owner: User, other: User, store: Store, sandbox: Sandbox
) -> None:
    for one in (ASSET, b"another"):
        headers = {"Content-Type": "image/png", "x-amz-checksum-sha256": checksum_of(one)}
        url = f"{owner.api_url}/assets/{hashlib.sha256(one).hexdigest()}"
        assert owner.http.put(url, content=one, headers=headers).status_code == 200
    recording_id = owner.given_recording(ndjson(EVENT))
    path = f"/recordings/{recording_id}"
    before = owner.get(path).json()
    eventually(lambda: store.delivered(owner, recording_id), bool, PATIENCE_S)
    assert other.http.put(f"{other.api_url}{path}/kept", json={"assets": []}).status_code == 202

    found = kept(owner, path, SHA, "c" * 64)

    assert found == {
        **{name: value for name, value in before.items() if name != "expiresAtMs"},
        "kept": True,
        "retainedUntilMs": before["expiresAtMs"],
    }
    listed = [one for page in owner.listed(limit="100") for one in page]
    assert [one for one in listed if one["recordingId"] == recording_id] == [found]
    assert other.get(path).status_code == 404
    lines = owner.read(recording_id).events
    outlived(sandbox, f"user#{owner.sub}", recording_id, recording_prefix(owner, recording_id))
    assert owner.read(recording_id).events == lines == [EVENT]
    assert asset(owner, f"/assets/{SHA}").status_code == 404
    copy = asset(owner, f"{path}/kept/assets/{SHA}")
    assert (copy.status_code, copy.content) == (200, ASSET)
    assert asset(owner, f"{path}/kept/assets/{OTHER}").status_code == 404  # nobody has named it
    assert asset(other, f"{path}/kept/assets/{SHA}").status_code == 404

    assert owner.http.delete(f"{owner.api_url}{path}/kept").status_code == 202

    eventually(lambda: owner.get(path).status_code, lambda status: status == 404, PATIENCE_S)
    folder = f"rrweb/kept/userId={owner.sub}/sessionId={recording_id}/"
    eventually(lambda: store.objects(folder), lambda left: left == {}, PATIENCE_S)


def test_an_administrator_keeps_a_site_s_recording_and_an_erasure_removes_it(
    sandbox: Sandbox, store: Store
) -> None:
    write_url = sandbox.exports["sites"][DEMO_SITE]["writeUrl"]
    key = write_url.rsplit("/", 1)[1]
    tokens = sandbox.tokens("admin", [f"site-{DEMO_SITE}", f"site-{DEMO_SITE}-admin"])
    admin = User(sandbox.api_url, tokens["IdToken"], delivery_s=40)
    tokens = sandbox.tokens("watcher", [f"site-{DEMO_SITE}"])
    watcher = User(sandbox.api_url, tokens["IdToken"], delivery_s=40)
    recording_id, plain = new_id(), {"Content-Type": "text/plain"}
    one = f"{write_url}/recordings/{recording_id}"
    assert admin.http.post(one, content=b"{}", headers=plain).status_code == 201
    sent = admin.http.post(f"{one}/events/000000000", content=ndjson(EVENT), headers=plain)
    assert sent.status_code == 200
    path = f"/sites/{DEMO_SITE}/recordings/{recording_id}"
    url = f"{sandbox.api_url}{path}/kept"
    refused = [watcher.http.put(url, json={"assets": []}), watcher.http.delete(url)]

    kept(admin, path)

    assert [answer.status_code for answer in refused] == [403, 403]
    folder = f"siteKey={key}/sessionId={recording_id}/"
    outlived(sandbox, f"site#{DEMO_SITE}", recording_id, f"rrweb/recordings/{folder}")
    assert watcher.get(f"{path}/events").text == ndjson(EVENT).decode()
    assert asset(watcher, f"{path}/kept/assets/{SHA}").status_code == 404
    assert admin.http.delete(f"{sandbox.api_url}{path}").status_code == 202
    erasure = eventually(
        lambda: admin.get(f"{path}/erasure"),
        lambda answer: answer.status_code == 200 and answer.json()["state"] != "removing",
        PATIENCE_S,
    ).json()
    assert (erasure["state"], erasure["removed"]["kept"]["objects"]) == ("done", 1)
    assert store.objects(f"rrweb/kept/{folder}") == {}
    assert admin.http.put(url, json={"assets": []}).status_code == 202
    assert admin.get(path).status_code == 404  # the tombstone wins


HOSTILE: list[Any] = [
    *({}, [], None, {"assets": None}, {"assets": "a"}, {"assets": {"a": "b"}}),
    *({"assets": [SHA, 1]}, {"assets": [SHA.upper()]}, {"assets": [f"{SHA}/.."]}),
    *({"assets": ['"}, "owner": "user#x']}, {"assets": [SHA] * 1001}, {"assets": [], "x": 1}),
]


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8"])
def test_a_body_that_names_no_assets_keeps_nothing(owner: User, content_type: str) -> None:
    recording_id = owner.given_recording()
    url = f"{owner.api_url}/recordings/{recording_id}/kept"
    headers = {"Content-Type": content_type}

    answers = [
        owner.http.put(url, content=json.dumps(one).encode(), headers=headers).status_code
        for one in HOSTILE
    ]

    if content_type == "application/json":
        assert answers == [400] * len(HOSTILE)
    assert set(answers) <= {202, 400, 415}
    assert "kept" not in owner.get(f"/recordings/{recording_id}").json()


@pytest.mark.parametrize("recording_id", ["%2e%2e", "a%2Fb", "a b", "a" * 65, "é", "%22%2C%22x"])
def test_what_is_no_id_is_refused(owner: User, stack: Stack, recording_id: str) -> None:
    url = f"{stack.api_url}/recordings/{recording_id}/kept"

    answers = [owner.http.put(url, json={"assets": []}), owner.http.delete(url)]

    assert {answer.status_code for answer in answers} <= {400, 403, 404}

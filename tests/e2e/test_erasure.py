"""An erased recording is gone for every reader, whatever is still sent."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.demo_site import DEMO_SITE
from sandbox.server import Sandbox
from tests.e2e.stack import Stack
from tests.e2e.store import Store, recording_prefix
from tests.e2e.user import User, eventually, ndjson, new_id

pytestmark = pytest.mark.e2e

PATIENCE_S = 60.0
EVENT = {"type": 4, "data": {"href": "https://shop.example/"}, "timestamp": 1}
EVERY_CHARACTER = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def erase(user: User, path: str) -> str:
    """Return the id of an erasure that was asked for."""
    answer = user.http.delete(f"{user.api_url}{path}")
    assert answer.status_code == 202, answer.text
    return answer.json()["executionId"]


def finished(user: User, path: str) -> dict[str, Any]:
    """Return an erasure once it has ended."""
    return eventually(
        lambda: user.get(f"{path}/erasure"),
        lambda answer: answer.status_code == 200 and answer.json()["state"] != "removing",
        PATIENCE_S,
    ).json()


def readers(user: User, recording_id: str) -> list[int]:
    """Return what each reader of one recording answers."""
    path = f"/recordings/{recording_id}"
    picture = user.http.get(f"{user.api_url}{path}/screenshot", headers={"Accept": "image/png"})
    return [
        user.get(path).status_code,
        user.get(f"{path}/events").status_code,
        picture.status_code,
    ]


def listed(user: User) -> list[str]:
    return [one["recordingId"] for page in user.listed(limit="100") for one in page]


def certificate(sandbox: Sandbox, execution_id: str) -> dict[str, Any]:
    """Return the certificate of an erasure."""
    s3, bucket = sandbox.cloud.client("s3"), sandbox.exports["bucketName"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="rrweb/erasures/")
    keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
    key = next(one for one in keys if one.endswith(f"/{execution_id}.json"))
    return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def test_a_recording_is_erased_while_it_is_made(
    owner: User, store: Store, sandbox: Sandbox, stack: Stack
) -> None:
    recording_id = EVERY_CHARACTER[:64]
    path = f"/recordings/{recording_id}"
    owner.http.put(
        f"{owner.api_url}{path}/screenshot",
        content=b"\x89PNG",
        headers={"Content-Type": "image/png"},
    ).raise_for_status()
    assert owner.create(recording_id, pageUrl="https://shop.example/s3cret").status_code == 201
    assert owner.append(recording_id, ndjson(EVENT), sequence=0).status_code == 202
    eventually(lambda: store.delivered(owner, recording_id), bool, PATIENCE_S)
    assert owner.append(recording_id, ndjson(EVENT), sequence=1).status_code == 202

    execution_id = erase(owner, path)

    eventually(lambda: readers(owner, recording_id), lambda said: said == [404] * 3, PATIENCE_S)
    assert recording_id not in listed(owner)
    assert recording_id not in scanned(stack)
    assert owner.create(recording_id).status_code == 409
    late = owner.http.put(f"{owner.api_url}{path}/facts", json={"clicks": 1})
    assert late.status_code == 404
    assert owner.append(recording_id, ndjson(EVENT), sequence=2).status_code == 202
    erasure = finished(owner, path)
    assert (erasure["executionId"], erasure["state"]) == (execution_id, "done")
    assert erasure["removed"]["stream"]["objects"] >= 2
    assert erasure["removed"]["screenshot"] == {"objects": 1, "bytes": 4}
    assert store.objects(recording_prefix(owner, recording_id)) == {}
    assert readers(owner, recording_id) == [404] * 3
    assert set(store.items(owner.sub)[f"{owner.sub}/{recording_id}"]) == {
        "owner",
        "recordingId",
        "erasureId",
        "erasureState",
        "erasedAtMs",
        "expiresAt",
        "finishedAtMs",
        "removed",
    }
    proof = certificate(sandbox, execution_id)
    assert proof["removed"] == erasure["removed"]
    assert (proof["askedBy"], proof["lastLook"]) == (owner.sub, {"objects": 0})
    assert "s3cret" not in json.dumps(proof)


def scanned(stack: Stack) -> list[str]:
    """Return the first ids that an operator sees."""
    url = f"{stack.api_url}/operator/recordings?limit=100"
    page = stack.owner.http.get(url, headers=stack.signature(url)).json()
    return [one["recordingId"] for one in page["recordings"]]


def test_an_erasure_that_is_asked_for_twice_happens_once(owner: User, sandbox: Sandbox) -> None:
    recording_id = owner.given_recording(ndjson(EVENT))
    path = f"/recordings/{recording_id}"

    asked = {erase(owner, path), erase(owner, path)}

    erasure = finished(owner, path)
    assert len(asked) == 2
    assert erasure["state"] == "done"
    assert erasure["executionId"] in asked
    (other,) = asked - {erasure["executionId"]}
    with pytest.raises(StopIteration):
        certificate(sandbox, other)


def test_a_recording_of_two_thousand_objects_is_removed_whole(
    owner: User, store: Store, sandbox: Sandbox
) -> None:
    recording_id = owner.given_recording()
    prefix = recording_prefix(owner, recording_id)
    s3, bucket = sandbox.cloud.client("s3"), sandbox.exports["bucketName"]

    def put(number: int) -> None:
        s3.put_object(Bucket=bucket, Key=f"{prefix}stream/{number:04}.gz", Body=b"1")

    with ThreadPoolExecutor(8) as threads:
        assert len(list(threads.map(put, range(2_001)))) == 2_001
    erase(owner, f"/recordings/{recording_id}")
    erasure = finished(owner, f"/recordings/{recording_id}")

    assert erasure["state"] == "done"
    assert erasure["removed"]["stream"] == {"objects": 2_001, "bytes": 2_001}
    assert store.objects(prefix) == {}


def test_an_outsider_erases_nothing(owner: User, other: User, stack: Stack) -> None:
    recording_id = owner.given_recording()
    path = f"/recordings/{recording_id}"

    erase(other, path)
    refused = owner.http.delete(f"{stack.api_url}/sites/{DEMO_SITE}{path}")

    assert refused.status_code == 403
    own = owner.given_recording()
    erase(other, f"/recordings/{own}")
    erase(owner, f"/recordings/{own}")
    finished(owner, f"/recordings/{own}")
    assert owner.get(path).status_code == 200
    assert [user.get(f"{path}/erasure").status_code for user in (owner, other)] == [404, 404]


@pytest.mark.parametrize("recording_id", ["%2e%2e", "a%2Fb", "a b", "a" * 65, "é", "%22%2C%22x"])
def test_what_is_no_id_is_refused(owner: User, recording_id: str) -> None:
    answer = owner.http.delete(f"{owner.api_url}/recordings/{recording_id}")

    assert answer.status_code in {400, 403, 404}


def test_an_administrator_of_a_site_erases_what_watchers_may_not(sandbox: Sandbox) -> None:
    write_url = sandbox.exports["sites"][DEMO_SITE]["writeUrl"]
    tokens = sandbox.tokens("admin", [f"site-{DEMO_SITE}", f"site-{DEMO_SITE}-admin"])
    admin = User(sandbox.api_url, tokens["IdToken"], delivery_s=40)
    tokens = sandbox.tokens("watcher", [f"site-{DEMO_SITE}"])
    watcher = User(sandbox.api_url, tokens["IdToken"], delivery_s=40)
    recording_id = new_id()
    plain = {"Content-Type": "text/plain"}
    one = f"{write_url}/recordings/{recording_id}"
    assert admin.http.post(one, content=b"{}", headers=plain).status_code == 201
    for number in ("000000000", "000000001"):
        sent = admin.http.post(f"{one}/events/{number}", content=ndjson(EVENT), headers=plain)
        assert sent.status_code == 200
    path = f"/sites/{DEMO_SITE}/recordings/{recording_id}"
    refused = watcher.http.delete(f"{sandbox.api_url}{path}")

    execution_id = erase(admin, path)

    erasure = finished(admin, path)
    assert refused.status_code == 403
    assert watcher.get(f"{path}/erasure").status_code == 403
    assert (erasure["executionId"], erasure["state"]) == (execution_id, "done")
    assert erasure["removed"]["batch"] == {"objects": 2, "bytes": 2 * len(ndjson(EVENT))}
    assert admin.get(path).status_code == 404
    assert certificate(sandbox, execution_id)["owner"] == f"site#{DEMO_SITE}"


def test_an_administrator_erases_a_visitor_with_what_is_being_recorded(sandbox: Sandbox) -> None:
    write_url = sandbox.exports["sites"][DEMO_SITE]["writeUrl"]
    tokens = sandbox.tokens("admin", [f"site-{DEMO_SITE}", f"site-{DEMO_SITE}-admin"])
    admin = User(sandbox.api_url, tokens["IdToken"], delivery_s=40)
    visitor, neighbour = new_id(), new_id()
    plain = {"Content-Type": "text/plain"}
    made: dict[str, str] = {}
    for owner_of in (visitor, visitor, visitor, neighbour):
        recording_id = new_id()
        one = f"{write_url}/recordings/{recording_id}"
        body = json.dumps({"visitorId": owner_of}).encode()
        assert admin.http.post(one, content=body, headers=plain).status_code == 201
        sent = admin.http.post(f"{one}/events/000000000", content=ndjson(EVENT), headers=plain)
        assert sent.status_code == 200
        made[recording_id] = owner_of
    site = f"/sites/{DEMO_SITE}"

    execution_id = erase(admin, f"{site}/visitors/{visitor}")

    erasure = finished(admin, f"{site}/visitors/{visitor}")
    assert (erasure["executionId"], erasure["state"]) == (execution_id, "done")
    assert erasure["removed"]["batch"]["objects"] == 3
    assert certificate(sandbox, execution_id)["recordings"] == 3
    found = {id_: admin.get(f"{site}/recordings/{id_}").status_code for id_ in made}
    assert found == {id_: 200 if made[id_] == neighbour else 404 for id_ in made}
    assert [admin.get(f"{site}/recordings", visitor=visitor).json()["recordings"]] == [[]]
    refused = admin.http.delete(f"{sandbox.api_url}{site}/visitors/a%2Fb")
    assert refused.status_code in {400, 403, 404}

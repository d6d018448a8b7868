"""Creating a recording, once, of what the contract allows and of nothing else."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from components.api.contract import Document
from tests.contract import CONTRACT
from tests.e2e.contract import JSON, NDJSON
from tests.e2e.store import Traces, Watch
from tests.e2e.user import User

# Of a recording of which the client said nothing.
DESCRIBED_BY_US = {"recordingId", "createdAtMs", "expiresAtMs", "hasScreenshot"}

pytestmark = pytest.mark.e2e

# Of the server's clock and ours.
SKEW_MS = 120_000

FIELDS: dict[str, Document] = CONTRACT["components"]["schemas"]["NewRecording"]["properties"]


def largest(schema: Document) -> Any:
    """Return the largest value of a field."""
    if schema["type"] == "object":
        return {name: largest(member) for name, member in schema["properties"].items()}
    return "u" * schema["maxLength"] if "maxLength" in schema else schema["maximum"]


FULL = {name: largest(one) for name, one in FIELDS.items() if one["type"] != "boolean"}

HOSTILE_TEXTS = {
    "empty": "",
    "quotes": "\"'`",
    "backslashes": "\\ \\\\ \\\" \\u0041 \\'",
    "velocity": "$input.body #set($x = 1) ${context.stage} $util.urlEncode('x') #end ##",
    "JSON that closes a string": '"}, "expiresAt": {"N": "0"}, "x": {"S": "',
    "line breaks": "a\nb\r\nc\td\u2028e\u0085f",
    "control characters": "\x00\x01\x1b\x7f",
    "an emoji": "🚢 é ß \u202e",
    "markup": "</script><img src=x onerror=alert(1)>",
}

REFUSED_MEMBERS = {
    "a member that it does not know": {"colour": "red"},
    "a user": {"userId": "x"},
    "an id": {"recordingId": "x"},
    "its own age": {"createdAtMs": 0},
    "its own end": {"expiresAt": 0},
    "a member in another case": {"pagetitle": "x"},
    "text for a number": {"startedAtMs": "1"},
    "a fraction": {"startedAtMs": 1.5},
    "a number below": {"startedAtMs": -1},
    "a number above": {"startedAtMs": 9_007_199_254_740_992},
    "true for a number": {"startedAtMs": True},
    "null for a number": {"startedAtMs": None},
    "a number for text": {"pageTitle": 1},
    "null for text": {"pageTitle": None},
    "an object for text": {"pageTitle": {"S": "x"}},
    "a list for text": {"pageUrl": ["x"]},
    **{
        f"{name} that is too long": {name: "u" * (one["maxLength"] + 1)}
        for name, one in FIELDS.items()
        if "maxLength" in one
    },
    "text for a viewport": {"viewport": "1x1"},
    "a viewport without a height": {"viewport": {"width": 1}},
    "a viewport with more": {"viewport": {"width": 1, "height": 1, "depth": 1}},
    "a viewport of text": {"viewport": {"width": "1", "height": 1}},
    "a viewport below": {"viewport": {"width": -1, "height": 1}},
    "a viewport above": {"viewport": {"width": 1_000_001, "height": 1}},
}

NO_OBJECTS = {
    "half an object": b'{"pageTitle": "x"',
    "an object and more": b"{}}",
    "two objects": b"{}{}",
    "a comma too many": b'{"pageTitle": "x",}',
    "apostrophes": b"{'pageTitle': 'x'}",
    "a list": b"[]",
    "null": b"null",
    "text": b'"x"',
    "a number": b"1",
    "words": b"not JSON",
    "deep nesting": b"[" * 100_000,
    "NaN": b'{"startedAtMs": NaN}',
}


def status_of(user: User, recording_id: str, body: bytes, content_type: str | None = JSON) -> int:
    """Return the status of the answer to a create with that body."""
    return user.http.put(
        f"{user.api_url}/recordings/{recording_id}",
        content=body,
        headers={} if content_type is None else {"Content-Type": content_type},
    ).status_code


def test_a_new_recording_is_answered_with_its_id_and_the_servers_time(
    owner: User, recording_id: str
) -> None:
    answer = owner.create(recording_id, pageTitle="x")

    got = owner.get(f"/recordings/{recording_id}").json()
    assert answer.status_code == 201
    assert got == {**answer.json(), "pageTitle": "x", "expiresAtMs": got["expiresAtMs"]}
    assert got["recordingId"] == recording_id
    assert abs(got["createdAtMs"] - time.time() * 1000) < SKEW_MS


def test_all_that_the_contract_allows_comes_back(owner: User, recording_id: str) -> None:
    created = owner.create(recording_id, **FULL)

    assert created.status_code == 201
    got = owner.get(f"/recordings/{recording_id}").json()
    assert got == {**created.json(), **FULL, "expiresAtMs": got["expiresAtMs"]}
    assert got["expiresAtMs"] > got["createdAtMs"]


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_text_comes_back_as_it_was_sent(owner: User, recording_id: str, text: str) -> None:
    members = {"pageUrl": text, "pageTitle": text, "userAgent": text}

    created = owner.create(recording_id, **members)

    got = owner.get(f"/recordings/{recording_id}").json()
    newest = owner.get("/recordings", limit="1").json()["recordings"]
    assert created.status_code == 201
    expected = {**created.json(), **members, "expiresAtMs": got["expiresAtMs"]}
    assert [got] == newest == [expected]


def test_a_second_create_is_a_conflict_and_the_first_stays(owner: User, recording_id: str) -> None:
    owner.create(recording_id, pageTitle="first")
    first = owner.get(f"/recordings/{recording_id}").json()

    second = owner.create(recording_id, pageTitle="second", pageUrl="https://example.com/")

    assert second.status_code == 409
    assert owner.get(f"/recordings/{recording_id}").json() == first


def test_of_many_creates_at_once_one_wins(owner: User, recording_id: str) -> None:
    def create(n: int) -> int:
        return owner.create(recording_id, pageTitle=str(n)).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(create, range(16)))

    assert sorted(statuses) == [201] + [409] * 15
    stored = owner.get(f"/recordings/{recording_id}").json()
    assert stored["pageTitle"] == str(statuses.index(201))


@pytest.mark.parametrize("members", REFUSED_MEMBERS.values(), ids=REFUSED_MEMBERS)
def test_a_body_that_the_contract_does_not_allow_is_refused(
    owner: User, recording_id: str, members: dict[str, object]
) -> None:
    answer = owner.create(recording_id, **members)

    assert answer.status_code == 400
    assert owner.get(f"/recordings/{recording_id}").status_code == 404


@pytest.mark.parametrize("body", NO_OBJECTS.values(), ids=NO_OBJECTS)
def test_a_body_that_is_no_object_is_refused(owner: User, recording_id: str, body: bytes) -> None:
    assert status_of(owner, recording_id, body) == 400
    assert owner.get(f"/recordings/{recording_id}").status_code == 404


@pytest.mark.sandbox_only
def test_a_refused_request_leaves_no_trace(owner: User, recording_id: str, watch: Watch) -> None:
    bodies = [json.dumps(members).encode() for members in REFUSED_MEMBERS.values()]

    statuses = {status_of(owner, recording_id, body) for body in [*bodies, *NO_OBJECTS.values()]}

    assert statuses == {400}
    assert watch.traces() == Traces()


@pytest.mark.parametrize("content_type", ["text/plain", NDJSON, "application/xml", "x"])
def test_another_content_type_is_refused(owner: User, recording_id: str, content_type: str) -> None:
    assert status_of(owner, recording_id, b"{}", content_type) == 415
    assert owner.get(f"/recordings/{recording_id}").status_code == 404


@pytest.mark.parametrize("content_type", [JSON, "Application/JSON; charset=utf-8", None])
def test_an_empty_object_is_a_recording(
    owner: User, recording_id: str, content_type: str | None
) -> None:
    assert status_of(owner, recording_id, b"{}", content_type) == 201
    assert set(owner.get(f"/recordings/{recording_id}").json()) == DESCRIBED_BY_US


@pytest.mark.parametrize("content_type", [JSON, None])
def test_no_body_counts_as_an_empty_object(
    owner: User, recording_id: str, content_type: str | None
) -> None:
    assert status_of(owner, recording_id, b"", content_type) == 201
    assert set(owner.get(f"/recordings/{recording_id}").json()) == DESCRIBED_BY_US


@pytest.mark.parametrize("body", [rb'{"pageTitle": "\ud800"}', b'{"pageTitle": "\xff"}'])
def test_text_that_is_no_unicode_never_spoils_the_list(
    other: User, recording_id: str, body: bytes
) -> None:
    status = status_of(other, recording_id, body)

    listed = other.get("/recordings", limit="100").json()["recordings"]
    assert status in {201, 400}
    assert [one["recordingId"] for one in listed].count(recording_id) == (status == 201)


def test_a_recording_that_is_not_there_is_not_found(owner: User, recording_id: str) -> None:
    answer = owner.get(f"/recordings/{recording_id}")

    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no recording of this id."

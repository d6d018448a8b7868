"""What is refused has no effect, keeps its own status, and says why."""

import gzip

import pytest

from tests.e2e.answers import exactly
from tests.e2e.contract import BY_ID, GZIP, JSON, NDJSON
from tests.e2e.store import Traces, Watch
from tests.e2e.user import User, new_id

pytestmark = pytest.mark.e2e

EVENT = b'{"n":1}\n'
# No event starts so, and API Gateway has replaced what is not UTF-8 before it can be stored.
BYTES = {
    "gzip": gzip.compress(EVENT),
    "zlib": bytes.fromhex("789cab56ca53b232ace5aaa69006"),
    "zstd": bytes.fromhex("28b52ffd0400410000") + EVENT,
    "UTF-16": '{"n":1}'.encode("utf-16"),
}


@pytest.mark.parametrize("body", BYTES.values(), ids=BYTES)
@pytest.mark.parametrize("content_type", [None, NDJSON, JSON])
def test_bytes_that_are_called_text_are_refused_and_told_their_type(
    owner: User, recording_id: str, body: bytes, content_type: str | None
) -> None:
    answer = owner.append(recording_id, body, content_type=content_type)

    assert answer.status_code == 415
    assert GZIP in answer.json()["detail"]


@pytest.mark.parametrize("field", ["pageUrl", "pageTitle", "userAgent"])
def test_half_an_emoji_is_refused_under_the_name_of_its_field(owner: User, field: str) -> None:
    recording_id = new_id()
    body = rb'{"%s":"x \ud83d"}' % field.encode()

    answer = owner.http.put(
        f"{owner.api_url}/recordings/{recording_id}", content=body, headers={"Content-Type": JSON}
    )

    assert answer.status_code == 400
    assert field in answer.json()["detail"]
    assert "recordingId" not in answer.json()["detail"]
    assert owner.get(f"/recordings/{recording_id}").status_code == 404


def test_a_long_title_that_ends_in_an_emoji_is_taken(owner: User) -> None:
    recording_id, title = new_id(), "x" * 1023 + "🚢"

    assert owner.create(recording_id, pageTitle=title).status_code == 201
    assert owner.get(f"/recordings/{recording_id}").json()["pageTitle"] == title


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("startedAtMs", "1"),
        ("startedAtMs", -1),
        ("startedAtMs", 1.5),
        ("pageUrl", 1),
        ("pageTitle", "x" * 1025),
        ("userAgent", None),
        ("viewport", {"width": "1", "height": 1}),
        ("viewport", {"width": 1}),
        ("hasScreenshot", "true"),
    ],
)
def test_a_wrong_field_is_named(owner: User, field: str, value: object) -> None:
    recording_id = new_id()

    answer = owner.create(recording_id, **{field: value})

    assert answer.status_code == 400
    assert field in answer.json()["detail"]
    assert owner.get(f"/recordings/{recording_id}").status_code == 404


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "1000", "cursor": "1.r1"}, "limit"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"limit": "5", "cursor": "1.a/b"}, "cursor"),
    ],
)
def test_a_wrong_parameter_of_the_list_is_named_and_no_other(
    owner: User, query: dict[str, str], named: str
) -> None:
    answer = owner.get("/recordings", **query)

    assert answer.status_code == 400
    assert [one for one in ("limit", "cursor") if one in answer.json()["detail"]] == [named]


def test_a_refusal_keeps_its_own_status(owner: User, recording_id: str) -> None:
    taken = owner.given_recording()

    assert {
        "a bad limit": owner.get("/recordings", limit="0").status_code,
        "an id that is taken": owner.create(taken).status_code,
        "an empty batch": owner.append(recording_id, b"").status_code,
        "a batch over the limit": owner.append(recording_id, b"x" * 800_000).status_code,
        "a type that is not taken": owner.append(
            recording_id, EVENT, content_type="text/plain"
        ).status_code,
        "a page for a screenshot": owner.http.put(
            f"{owner.api_url}{BY_ID['putScreenshot'].target(recording_id)}",
            content=b"text",
            headers={"Content-Type": "text/html"},
        ).status_code,
    } == {
        "a bad limit": 400,
        "an id that is taken": 409,
        "an empty batch": 400,
        "a batch over the limit": 413,
        "a type that is not taken": 415,
        "a page for a screenshot": 415,
    }


@pytest.mark.parametrize("accept", ["image/webp", "application/gzip", "font/woff2, */*"])
def test_text_stays_text_for_a_client_that_asks_for_bytes_first(owner: User, accept: str) -> None:
    recording_id = owner.given_recording()
    health = owner.http.get(f"{owner.api_url}/health", headers={"Accept": accept})
    found = owner.http.get(f"{owner.api_url}/recordings/{recording_id}", headers={"Accept": accept})
    preflight = owner.http.options(f"{owner.api_url}/health", headers={"Accept": accept})

    assert (health.status_code, health.json()["status"]) == (200, "ok")
    assert (found.status_code, found.json()["recordingId"]) == (200, recording_id)
    assert (preflight.status_code, preflight.content) == (204, b"")


@pytest.mark.parametrize("spelling", ["{}", "{}/", "{}//", "/{}", "/{}/"])
@pytest.mark.parametrize("hostile", ["..%2F..%2Fother", "a%2Fb", "%2E%2E", "a;b", "a" * 65])
def test_no_spelling_of_a_path_reaches_another_key(
    owner: User, watch: Watch, spelling: str, hostile: str
) -> None:
    operation = BY_ID["putScreenshot"]

    answer = exactly(
        owner.api_url,
        operation.method,
        spelling.format(operation.target(hostile)),
        headers={**operation.headers(hostile), **owner.auth},
        body=operation.body(hostile),
    )

    assert answer.status == 403
    assert watch.traces() == Traces()


@pytest.mark.parametrize("name", ["If-None-Match", "if-none-match"])
def test_a_page_may_ask_whether_a_screenshot_changed(owner: User, name: str) -> None:
    recording_id = owner.given_recording()
    target = f"{owner.api_url}{BY_ID['putScreenshot'].target(recording_id)}"
    assert owner.send(BY_ID["putScreenshot"], recording_id).status_code == 200
    first = owner.http.get(target, headers={"Accept": "image/webp"})
    preflight = owner.http.options(target)

    again = owner.http.get(target, headers={"Accept": "image/webp", name: first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert name.lower() in preflight.headers["Access-Control-Allow-Headers"].lower()
    assert "ETag" in first.headers["Access-Control-Expose-Headers"].split(", ")

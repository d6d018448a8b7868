"""Large batches, screenshots and assets: byte for byte, once, and inside the user's prefix."""

import gzip
import hashlib
import json
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.server import Sandbox
from tests.e2e.answers import exactly
from tests.e2e.contract import GZIP, checksum_of
from tests.e2e.store import Store, Traces, Watch, recording_prefix
from tests.e2e.user import User, eventually, ndjson

pytestmark = pytest.mark.e2e

BYTES = "application/octet-stream"
EVERY_BYTE = bytes(range(256)) * 3
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
LIMIT = 10 * 1024 * 1024


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def put(
    user: User,
    path: str,
    body: bytes,
    content_type: str | None,
    method: str = "PUT",
    **headers: str,
):
    """Return the answer to a PUT; `content_type` None sends none."""
    named = {} if content_type is None else {"Content-Type": content_type}
    return user.http.request(
        method, f"{user.api_url}{path}", content=body, headers={**named, **headers}
    )


def put_asset(
    user: User,
    body: bytes,
    content_type: str = BYTES,
    *,
    name: str | None = None,
    method: str = "PUT",
):
    return put(
        user,
        f"/assets/{name or sha256(body)}",
        body,
        content_type,
        method,
        **{"x-amz-checksum-sha256": checksum_of(body)},
    )


def got(user: User, path: str, accept: str = f"{BYTES}, */*") -> httpx.Response:
    return user.http.get(f"{user.api_url}{path}", headers={"Accept": accept})


# Screenshots


@pytest.mark.parametrize("media_type", ["image/webp", "image/jpeg", "image/png"])
@pytest.mark.parametrize(
    "body", [EVERY_BYTE, b"", b"\xff", b"\r\n\r\n", b"{}", b"PNG$x#set($y = 1)"]
)
def test_a_screenshot_comes_back_byte_for_byte(
    owner: User, recording_id: str, media_type: str, body: bytes
) -> None:
    path = f"/recordings/{recording_id}/screenshot"
    owner.create(recording_id)

    assert put(owner, path, body, media_type).status_code == 200

    for accept in (media_type, f"{BYTES}, text/html", f"image/avif,{media_type},*/*;q=0.8"):
        answer = got(owner, path, accept)
        assert (answer.status_code, answer.content) == (200, body)
        assert answer.headers["Content-Type"] == (media_type if media_type in accept else BYTES)


@pytest.mark.parametrize("accept", ["*/*", "text/html", "image/svg+xml, image/png"])
def test_a_client_that_does_not_ask_for_bytes_first_is_told_how_to_ask(
    owner: User, recording_id: str, accept: str
) -> None:
    put(owner, f"/recordings/{recording_id}/screenshot", EVERY_BYTE, "image/png")
    owner.create(recording_id)

    answer = got(owner, f"/recordings/{recording_id}/screenshot", accept)

    assert answer.status_code == 406
    assert "image/png" in answer.json()["detail"]


def test_a_screenshot_that_no_answer_can_hold_says_so(owner: User, recording_id: str) -> None:
    path = f"/recordings/{recording_id}/screenshot"
    owner.create(recording_id)
    put(owner, path, bytes(4_500_001), "image/png")
    refused = got(owner, path)
    put(owner, path, bytes(4_500_000), "image/png")

    assert refused.status_code == 413
    assert "4500001 bytes, and at most 4500000" in refused.json()["detail"]
    assert got(owner, path).content == bytes(4_500_000)


def test_a_newer_screenshot_takes_the_place_of_the_older(owner: User, recording_id: str) -> None:
    path = f"/recordings/{recording_id}/screenshot"
    owner.create(recording_id)
    put(owner, path, b"older", "image/png")
    older = got(owner, path)

    put(owner, path, b"newer", "image/webp")

    newer = owner.http.get(
        f"{owner.api_url}{path}",
        headers={"If-None-Match": older.headers["ETag"], "Accept": "image/webp"},
    )
    assert (newer.status_code, newer.content) == (200, b"newer")


def test_a_screenshot_that_is_known_is_not_sent_again(owner: User, recording_id: str) -> None:
    path = f"/recordings/{recording_id}/screenshot"
    owner.create(recording_id)
    put(owner, path, EVERY_BYTE, "image/png")
    known = {"If-None-Match": got(owner, path).headers["ETag"]}

    answer = owner.http.get(f"{owner.api_url}{path}", headers=known)

    assert (answer.status_code, answer.content) == (304, b"")


def test_a_recording_says_whether_it_has_a_screenshot(owner: User, recording_id: str) -> None:
    put(owner, f"/recordings/{recording_id}/screenshot", EVERY_BYTE, "image/png")

    created = owner.create(recording_id, hasScreenshot=True)

    assert created.json()["hasScreenshot"] is True
    assert owner.get(f"/recordings/{recording_id}").json()["hasScreenshot"] is True
    listed = [one for page in owner.listed() for one in page if one["recordingId"] == recording_id]
    assert [one["hasScreenshot"] for one in listed] == [True]


@pytest.mark.parametrize("said", [{}, {"hasScreenshot": False}])
def test_a_recording_without_a_screenshot_says_so(
    owner: User, recording_id: str, said: dict[str, object]
) -> None:
    assert owner.create(recording_id, **said).json()["hasScreenshot"] is False
    assert owner.get(f"/recordings/{recording_id}").json()["hasScreenshot"] is False


@pytest.mark.parametrize("said", ["true", 1, None])
def test_whether_there_is_a_screenshot_is_yes_or_no(
    owner: User, recording_id: str, said: object
) -> None:
    assert owner.create(recording_id, hasScreenshot=said).status_code == 400


# What a body may be

PATHS = {
    "putScreenshot": ("/recordings/{id}/screenshot", "image/png"),
    "putLargeBatch": ("/recordings/{id}/events/0", GZIP),
    "putAsset": (f"/assets/{sha256(EVERY_BYTE)}", BYTES),
}
EVERY_PUT = pytest.mark.parametrize(("path", "media_type"), PATHS.values(), ids=PATHS)


@EVERY_PUT
@pytest.mark.sandbox_only
def test_a_body_with_another_checksum_is_a_400_and_not_stored(
    other: User, watch: Watch, recording_id: str, path: str, media_type: str
) -> None:
    path = path.format(id=recording_id)

    for checksum in (checksum_of(b"another"), "AAAA", "no base64", "%"):
        answer = put(other, path, EVERY_BYTE, media_type, **{"x-amz-checksum-sha256": checksum})
        assert answer.status_code == 400
    assert watch.traces() == Traces()


@EVERY_PUT
@pytest.mark.sandbox_only
@pytest.mark.parametrize(
    "refused",
    [
        *(None, "text/html", "Text/HTML; charset=utf-8", "image/svg+xml", "application/json"),
        *("application/x-www-form-urlencoded", "application/xhtml+xml", "text/xml", "text/css"),
    ],
)
def test_text_and_what_a_browser_runs_is_a_415_and_not_stored(
    other: User, watch: Watch, recording_id: str, path: str, media_type: str, refused: str | None
) -> None:
    assert media_type != refused

    answer = put(
        other,
        path.format(id=recording_id),
        EVERY_BYTE,
        refused,
        **{"x-amz-checksum-sha256": checksum_of(EVERY_BYTE)},
    )

    assert answer.status_code == 415
    assert watch.traces() == Traces()


def test_an_asset_without_a_checksum_is_a_400(owner: User) -> None:
    answer = put(owner, f"/assets/{sha256(b'x')}", b"x", BYTES)

    assert answer.status_code == 400
    assert "x-amz-checksum-sha256" in answer.json()["detail"]


@pytest.mark.parametrize("size", [0, 1, 767_000, LIMIT])
def test_an_asset_may_be_of_any_size_up_to_the_gateways_limit(owner: User, size: int) -> None:
    body = os.urandom(size)

    assert put_asset(owner, body).status_code in {200, 412}
    assert got(owner, f"/assets/{sha256(body)}", BYTES).content == body


@EVERY_PUT
@pytest.mark.sandbox_only
def test_a_byte_more_than_the_limit_is_a_413_and_not_stored(
    other: User, watch: Watch, recording_id: str, path: str, media_type: str
) -> None:
    body = bytes(LIMIT + 1)
    with httpx.Client(headers=other.auth, timeout=40) as plain:  # this one has no CORS headers
        answer = plain.put(
            f"{other.api_url}{path.format(id=recording_id)}",
            content=body,
            headers={"Content-Type": media_type, "x-amz-checksum-sha256": checksum_of(body)},
        )

    assert answer.status_code == 413
    assert watch.traces() == Traces()


@EVERY_PUT
@pytest.mark.sandbox_only
def test_a_type_that_is_on_no_list_is_stored_as_it_came_or_not_at_all(
    other: User, watch: Watch, recording_id: str, path: str, media_type: str
) -> None:
    answer = put(
        other,
        path.format(id=recording_id),
        EVERY_BYTE,  # API Gateway takes it for text, and alters it
        "video/mp4",
        **{"x-amz-checksum-sha256": checksum_of(EVERY_BYTE)},
    )

    assert answer.status_code == 400
    assert watch.traces() == Traces()


@EVERY_PUT
@pytest.mark.sandbox_only
def test_a_body_that_ends_too_early_is_not_stored(
    other: User, watch: Watch, recording_id: str, path: str, media_type: str
) -> None:
    url = urlsplit(other.api_url)
    head = (
        f"PUT {url.path}{path.format(id=recording_id)} HTTP/1.1\r\nHost: {url.netloc}\r\n"
        f"Authorization: {other.auth['Authorization']}\r\nContent-Type: {media_type}\r\n"
        f"x-amz-checksum-sha256: {checksum_of(EVERY_BYTE)}\r\n"  # of what does come
        f"Content-Length: {len(EVERY_BYTE) + 1}\r\n\r\n"
    )
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=10) as connection:
        connection.sendall(head.encode() + EVERY_BYTE)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(4096)

    assert watch.traces() == Traces()


# Large batches


def large(user: User, recording_id: str, sequence: object, body: bytes):
    return put(user, f"/recordings/{recording_id}/events/{sequence}", body, GZIP)


def test_a_large_batch_is_read_at_once_in_its_place(owner: User) -> None:
    recording_id = owner.given_recording(ndjson({"n": 0}))
    page = {"n": 1, "snapshot": os.urandom(600_000).hex()}

    assert large(owner, recording_id, 1, gzip.compress(ndjson(page))).status_code == 200
    assert owner.append(recording_id, ndjson({"n": 2}), sequence=2).status_code == 202

    assert owner.delivered(recording_id, 3).events == [{"n": 0}, page, {"n": 2}]


@pytest.mark.parametrize("accept", [GZIP, "application/x-ndjson"])
def test_an_event_larger_than_an_answer_goes_over_several(owner: User, accept: str) -> None:
    recording_id = owner.given_recording()
    page = {"n": 1, "snapshot": os.urandom(5_500_000).hex(), "end": "\u00e9"}
    body = gzip.compress(ndjson({"n": 0}, page, {"n": 2}), 1)

    assert large(owner, recording_id, 0, body).status_code == 200

    reading = owner.read(recording_id, accept=accept)
    assert reading.events == [{"n": 0}, page, {"n": 2}]
    assert (reading.pages >= 3, reading.skipped) == (True, 0)


def test_a_large_batch_is_stored_once(owner: User) -> None:
    recording_id = owner.given_recording()
    first = gzip.compress(ndjson({"n": "first"}))

    statuses = [large(owner, recording_id, 0, first).status_code for _ in range(3)]
    another = large(owner, recording_id, 0, gzip.compress(ndjson({"n": "second"})))

    assert (statuses, another.status_code) == ([200, 412, 412], 412)
    assert owner.read(recording_id).events == [{"n": "first"}]


@pytest.mark.parametrize("sequence", ["x", "01", "-1", "1e3", "a" * 64])
def test_a_large_batch_under_no_sequence_is_not_lost(owner: User, sequence: str) -> None:
    recording_id = owner.given_recording()

    status = large(owner, recording_id, sequence, gzip.compress(ndjson({"n": 1}))).status_code

    assert (status, owner.read(recording_id).events) == (200, [{"n": 1}])


@pytest.mark.parametrize("body", [b"", b"no gzip", gzip.compress(b'{"n": 1}\n', mtime=0)[:-9]])
def test_a_large_batch_that_is_broken_is_counted_and_stops_nothing(
    owner: User, body: bytes
) -> None:
    recording_id = owner.given_recording()
    large(owner, recording_id, 0, body)
    large(owner, recording_id, 1, gzip.compress(ndjson({"n": "whole"})))

    reading = owner.read(recording_id)

    assert (reading.events[-1], reading.skipped) == ({"n": "whole"}, 1)


# Assets


def test_an_asset_is_there_after_it_was_put_and_says_so(owner: User) -> None:
    body = os.urandom(1000)
    path = f"{owner.api_url}/assets/{sha256(body)}"

    before = owner.http.head(path).status_code
    first, second = put_asset(owner, body), put_asset(owner, body, "image/png")
    after = owner.http.head(path).status_code

    assert (before, first.status_code, second.status_code, after) == (404, 200, 412, 200)
    answer = got(owner, f"/assets/{sha256(body)}")
    assert answer.content == body
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Accept, Authorization"


def test_an_asset_that_is_known_is_not_sent_again_but_to_its_own_user(
    owner: User, other: User
) -> None:
    body = os.urandom(1000)
    put_asset(owner, body)
    url = f"{owner.api_url}/assets/{sha256(body)}"
    known = {"If-None-Match": got(owner, f"/assets/{sha256(body)}").headers["ETag"]}

    own, foreign = (user.http.get(url, headers=known) for user in (owner, other))

    assert (own.status_code, own.content) == (304, b"")
    assert own.headers["ETag"] == known["If-None-Match"]
    assert foreign.status_code == 404


def test_an_asset_says_since_when_it_is_there_and_lives_on_when_it_is_sent_again(
    owner: User,
) -> None:
    body = os.urandom(1000)
    path = f"{owner.api_url}/assets/{sha256(body)}"

    def stored_at() -> datetime:
        answer = owner.http.head(path)
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert "Date" in answer.headers
        assert "Date" in answer.headers["Access-Control-Expose-Headers"].split(", ")
        return parsedate_to_datetime(answer.headers["Last-Modified"])

    put_asset(owner, body)
    first = stored_at()
    eventually(  # HTTP writes whole seconds
        lambda: parsedate_to_datetime(owner.http.head(path).headers["Date"]),
        lambda now: now > first,
        owner.delivery_s,
    )
    unchanged = put_asset(owner, body)
    assert (unchanged.status_code, stored_at()) == (412, first)

    renewed = put_asset(owner, body, method="POST")

    assert renewed.status_code == 200
    assert stored_at() > first
    assert got(owner, f"/assets/{sha256(body)}").content == body


def test_an_asset_is_not_renewed_by_other_bytes_than_it_says(owner: User) -> None:
    body = os.urandom(1000)
    put_asset(owner, body)

    answer = owner.http.post(
        f"{owner.api_url}/assets/{sha256(body)}",
        content=body[:-1],
        headers={"Content-Type": BYTES, "x-amz-checksum-sha256": checksum_of(body)},
    )

    assert answer.status_code == 400
    assert got(owner, f"/assets/{sha256(body)}").content == body


@pytest.mark.sandbox_only
def test_of_twenty_writers_of_one_asset_one_stores_it_and_all_succeed(
    owner: User, store: Store
) -> None:
    body = os.urandom(100_000)

    with ThreadPoolExecutor(20) as writers:
        answers = list(writers.map(put_asset, [owner] * 20, [body] * 20))

    statuses = [one.status_code for one in answers]
    assert set(statuses) <= {200, 409, 412}
    assert statuses.count(200) == 1
    assert [key for key in store.objects() if sha256(body) in key] == [
        f"rrweb/assets/userId={owner.sub}/{sha256(body)}"
    ]
    assert got(owner, f"/assets/{sha256(body)}").content == body


# Whose prefix


@pytest.mark.parametrize("path", ["/recordings/{id}/screenshot", "/assets/{sha}"])
def test_another_user_finds_nothing(owner: User, other: User, recording_id: str, path: str) -> None:
    body = os.urandom(100)
    owner.create(recording_id)
    put(owner, f"/recordings/{recording_id}/screenshot", body, "image/png")
    put_asset(owner, body)
    path = path.format(id=recording_id, sha=sha256(body))

    assert got(owner, path).content == body
    assert got(other, path).status_code == 404
    assert (
        put_asset(other, body).status_code == 200
    )  # not 412: a user does not learn what others have


STRANGE = (
    *("..", "%2e%2e", "%2E%2E%2F", "..%2f", "%2e%2e%2f%2e%2e%2f", "a%2F..%2Fb", ".%2e/x"),
    *(
        "%252e%252e%252f",
        "//",
        "a//b",
        "%2f",
        "%2Fetc",
        "a%5C..%5Cb",
        "..;/",
        ";",
        "%00",
        "%0d%0ax",
        "%c0%ae",
    ),
    *("a" * 65, "a" * 3000, "%F0%9F%9A%A2", "%E2%80%AE", "userId=x", "a'b", '%22,"', "a&b", "+"),
    "%2e%2e%2fuserId%3d{owner}%2fsessionId%3d{id}",
    "..%2f..%2fuserId={owner}%2fsessionId={id}",
    "..%2FuserId={owner}%2F{sha}",
)
ROUTES = (
    ("PUT", "/recordings/{}/screenshot", "image/png"),
    ("PUT", "/recordings/{}/events/0", GZIP),
    ("PUT", "/recordings/x/events/{}", GZIP),
    ("PUT", "/assets/{}", BYTES),
    ("GET", "/recordings/{}/screenshot", None),
    ("GET", "/assets/{}", None),
    ("HEAD", "/assets/{}", None),
)


@pytest.fixture(params=[False, True], ids=["dots as they are", "dots resolved"])
def either_client(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Sandbox]:
    """Return the sandbox, whose way to S3 resolves `..` or not: AWS does not say which."""
    services = sandbox.gateway.services
    services.resolves_dots = request.param
    yield sandbox
    services.resolves_dots = False


SECRET = b"the owner's " + EVERY_BYTE


@pytest.fixture(scope="module")
def secret(owner: User) -> dict[str, str]:
    """Return what leads to a screenshot and an asset of the owner."""
    recording_id = owner.given_recording()
    assert put(owner, f"/recordings/{recording_id}/screenshot", SECRET, "image/png").is_success
    assert put_asset(owner, SECRET).status_code in {200, 412}
    return {"owner": owner.sub, "id": recording_id, "sha": sha256(SECRET)}


def tried(user: User, method: str, route: str, media_type: str | None, value: str):
    """Return the answer to a request with the value as it is given in its path."""
    body = b"of another" if method == "PUT" else None
    headers = dict(user.auth)
    if media_type:
        headers |= {
            "Content-Type": media_type,
            "x-amz-checksum-sha256": checksum_of(body or b""),
        }
    return exactly(user.api_url, method, route.format(value), headers=headers, body=body)


def objects_of(store: Store, user_id: str) -> dict[str, str]:
    """Return each object's hash by its key, but for what Firehose may bring meanwhile."""
    found = store.objects().items()
    return {key: tag for key, tag in found if user_id in key and "/stream/" not in key}


@pytest.mark.sandbox_only
@pytest.mark.parametrize(("method", "route", "media_type"), ROUTES)
def test_no_path_leads_out_of_the_users_prefix(
    other: User,
    store: Store,
    either_client: Sandbox,
    secret: dict[str, str],
    method: str,
    route: str,
    media_type: str | None,
) -> None:
    owners = objects_of(store, secret["owner"])
    watch = store.watch()

    for value in STRANGE:
        answer = tried(other, method, route, media_type, value.format(**secret))
        assert answer.status in {400, 403, 404}, value
        assert SECRET not in answer.body

    assert watch.traces() == Traces()
    assert objects_of(store, secret["owner"]) == owners


VALUES = st.lists(
    st.sampled_from(["..", ".", "/", "%2e", "%2f", "%2F", "%5c", "a", "userId=", "%", "//"])
    | st.text(
        st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="?#"), max_size=3
    ),
    min_size=1,
    max_size=12,
).map("".join)


@pytest.mark.sandbox_only
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(route=st.sampled_from(ROUTES), value=VALUES)
def test_whatever_stands_in_the_path_nothing_lands_outside_the_users_prefix(
    other: User,
    store: Store,
    secret: dict[str, str],
    either_client: Sandbox,
    route: tuple[str, str, str | None],
    value: str,
) -> None:
    before = store.objects("rrweb/")

    answer = tried(other, *route, value)

    assert SECRET not in answer.body
    changed = {
        key
        for key, tag in store.objects("rrweb/").items()
        if before.get(key) != tag and "/stream/" not in key
    }
    homes = (f"rrweb/recordings/userId={other.sub}/", f"rrweb/assets/userId={other.sub}/")
    assert {key for key in changed if not key.startswith(homes)} == set()
    assert {key for key in changed if "/../" in key} == set()


# What a browser makes of it


@pytest.mark.parametrize("accept", ["text/html", "image/svg+xml", "text/javascript", "*/*", ""])
def test_a_stored_object_can_never_run_as_a_page_of_ours(
    owner: User, recording_id: str, accept: str
) -> None:
    page = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    owner.create(recording_id)
    put(owner, f"/recordings/{recording_id}/screenshot", page, "image/png")
    put_asset(owner, page)

    for path, first in (
        (f"/recordings/{recording_id}/screenshot", f"{BYTES},"),
        (f"/assets/{sha256(page)}", ""),
    ):
        answer = got(owner, path, f"{first}{accept}")
        assert answer.content == page
        assert answer.headers["Content-Type"] == BYTES
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox"
        assert answer.headers["Content-Disposition"] == "attachment"


def test_an_answer_without_the_bytes_can_run_no_more_than_one_with_them(
    owner: User, other: User, recording_id: str
) -> None:
    body = os.urandom(100)
    owner.create(recording_id)
    put_asset(owner, body)
    put(owner, f"/recordings/{recording_id}/screenshot", body, "image/png")
    asset = f"{owner.api_url}/assets/{sha256(body)}"
    screenshot = f"{owner.api_url}/recordings/{recording_id}/screenshot"
    known = {"If-None-Match": got(owner, f"/recordings/{recording_id}/screenshot").headers["ETag"]}

    there = [owner.http.head(asset), owner.http.get(screenshot, headers=known)]
    missing = [other.http.head(asset), other.http.get(asset), other.http.get(screenshot)]

    assert [one.status_code for one in (*there, *missing)] == [200, 304, 404, 404, 404]
    assert {one.headers["X-Content-Type-Options"] for one in (*there, *missing)} == {"nosniff"}
    assert {one.headers["Content-Security-Policy"] for one in there} == {"sandbox"}
    assert {one.headers["Content-Disposition"] for one in there} == {"attachment"}
    assert [one.content[:1] for one in (*there, *missing)] == [b"", b"", b"", b"{", b"{"]


@pytest.mark.sandbox_only
def test_objects_lie_where_the_design_says(owner: User, store: Store, recording_id: str) -> None:
    put(owner, f"/recordings/{recording_id}/screenshot", b"x", "image/png")
    large(owner, recording_id, 7, gzip.compress(b"{}"))

    prefix = recording_prefix(owner, recording_id)
    assert set(store.objects(prefix)) == {f"{prefix}large/7", f"{prefix}screenshot"}
    assert json.dumps(prefix) == f'"rrweb/recordings/userId={owner.sub}/sessionId={recording_id}/"'

"""A site's recordings and assets through the whole function, against S3 and DynamoDB."""

import base64
import gzip
import hashlib
import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers import stored_bytes
from handlers.get_events import clients, handler
from handlers.recording_item import BEFORE_CREATION_MS
from tests.handlers.given import (
    RECORDING_ID,
    delivered,
    envelope,
    events_of,
    header,
    ndjson,
    request,
    site_request,
    whole_answer,
)
from tests.handlers.stored import Stored

SCREENSHOT = "/recordings/{recordingId}/screenshot"
ASSET = "/assets/{sha256}"
PICTURE = b"\x89PNG" + bytes(range(256))
SHA256 = hashlib.sha256(PICTURE).hexdigest()


def problem(event: dict[str, object]) -> tuple[int, str]:
    answer: dict[str, Any] = handler(event, None)
    assert header(answer, "Content-Type") == "application/problem+json"
    return answer["statusCode"], json.loads(answer["body"])["detail"]


def get_asset(sha256: str = SHA256, **headers: str) -> dict[str, Any]:
    return handler(site_request(ASSET, name=sha256, **({"Accept": "image/png"} | headers)), None)


# Events


def test_a_batch_of_a_site_is_read_at_once_and_no_stream_is_asked(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients().tail, "read", None)
    stored.create_of_site()
    stored.put_batch(0, gzip.compress(ndjson({"n": 0})))
    stored.put_batch(1, ndjson({"n": 1}))
    answer = handler(site_request(), None)

    cursor = header(answer, "Next-Cursor")
    assert answer == whole_answer('{"n": 0}\n{"n": 1}\n', cursor)


def test_a_cursor_gives_only_what_came_after(stored: Stored) -> None:
    stored.create_of_site()
    stored.put_batch(0, ndjson({"n": 0}))
    first = handler(site_request(), None)
    stored.put_batch(1, ndjson({"n": 1}))
    second = handler(site_request(cursor=header(first, "Next-Cursor")), None)
    third = handler(site_request(cursor=header(second, "Next-Cursor")), None)

    assert [events_of(one) for one in (first, second, third)] == [[{"n": 0}], [{"n": 1}], []]


def test_what_cannot_be_read_is_counted(stored: Stored) -> None:
    stored.create_of_site()
    stored.put_batch(0, b"")
    stored.put_batch(1, b"garbage")
    stored.put_batch(2, gzip.compress(b'{"n":2}')[:-4])
    stored.put_batch(3, ndjson({"n": 3}))
    answer = handler(site_request(), None)

    assert (events_of(answer), header(answer, "Events-Skipped")) == ([{"n": 2}, {"n": 3}], "3")


def test_more_batches_than_a_listing_holds_are_all_read(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "10")
    stored.create_of_site()
    for sequence in range(35):
        stored.put_batch(sequence, ndjson({"n": sequence}))
    answers = [handler(site_request(), None)]
    while header(answers[-1], "Has-More") == "true":
        answers.append(handler(site_request(cursor=header(answers[-1], "Next-Cursor")), None))

    assert [event["n"] for one in answers for event in events_of(one)] == list(range(35))


def test_a_recording_stays_where_its_key_was_when_the_site_has_another(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_KEYS", "shop=wk_new")
    stored.create_of_site()
    stored.put_batch(0, ndjson({"n": "before"}))
    stored.put_batch(1, ndjson({"n": "elsewhere"}), key="wk_new")

    assert events_of(handler(site_request(), None)) == [{"n": "before"}]


def test_a_site_opens_its_own_recordings_alone(stored: Stored) -> None:
    stored.create_of_site("shop")
    stored.put_batch(0, ndjson({"n": "shop"}))
    both = "[site-shop2 site-shop]"

    assert events_of(handler(site_request(groups=both), None)) == [{"n": "shop"}]
    assert problem(site_request(site="shop2", groups=both)) == (
        404,
        "the site shop2 has no recording of this id",
    )


def test_an_id_of_a_user_and_of_a_site_are_two_recordings(stored: Stored) -> None:
    stored.put("1", delivered(envelope(b'{"n":"user"}')))
    assert problem(site_request()) == (404, "the site shop has no recording of this id")
    stored.create_of_site()
    stored.put_batch(0, ndjson({"n": "site"}))
    of_user, of_site = handler(request(), None), handler(site_request(), None)

    assert (events_of(of_user), events_of(of_site)) == ([{"n": "user"}], [{"n": "site"}])
    for event in (
        request(header(of_site, "Next-Cursor")),
        site_request(cursor=header(of_user, "Next-Cursor")),
    ):
        assert problem(event)[0] == 400


def test_the_token_of_a_watcher_opens_no_users_recording(stored: Stored) -> None:
    stored.create_of_site()
    stored.put_batch(0, ndjson({"n": 0}))
    event = request(user="another-user")
    event["requestContext"] = {
        "authorizer": {"claims": {"sub": "another-user", "cognito:groups": "site-shop"}}
    }

    assert problem(event) == (404, "you have no recording of this id")


def test_an_expired_recording_is_unknown_and_the_old_ones_batches_are_not_given(
    stored: Stored,
) -> None:
    stored.put_batch(0, ndjson({"n": "old"}))
    stored.create_of_site(expiresAt={"N": "1"})
    assert problem(site_request())[0] == 404

    in_two_hours_ms = int(time.time() * 1000) + 2 * BEFORE_CREATION_MS
    stored.create_of_site(createdAtMs={"N": str(in_two_hours_ms)})

    assert events_of(handler(site_request(), None)) == []


def test_parameters_are_decoded_once(stored: Stored) -> None:
    stored.create_of_site("my-shop")
    event = site_request(site="my%2Dshop", name="0197%2Drecording%5FA", groups="site-my-shop")

    assert events_of(handler(event, None)) == []


# Screenshots


def test_a_screenshot_of_a_site_is_that_of_its_recording(stored: Stored) -> None:
    stored.create_of_site()
    event = site_request(SCREENSHOT, Accept="image/png")
    assert problem(event) == (404, "the site shop has no screenshot of a recording of this id")
    stored.put_at(f"rrweb/recordings/siteKey=wk_a/sessionId={RECORDING_ID}/screenshot", PICTURE)
    answer = handler(event, None)

    assert (answer["statusCode"], answer["body"]) == (200, base64.b64encode(PICTURE).decode())


# Assets


@pytest.mark.parametrize("key", ["wk_a", "wk_b"])
def test_an_asset_is_found_under_each_key_of_its_site(stored: Stored, key: str) -> None:
    stored.put_at(f"rrweb/assets/siteKey={key}/{SHA256}", PICTURE)
    answer = get_asset()

    etag = header(answer, "ETag")
    assert answer == {
        "statusCode": 200,
        "headers": {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "ETag",
            "Cache-Control": "private, no-cache",
            "Content-Disposition": "attachment",
            "Content-Security-Policy": "sandbox",
            "Content-Type": "image/png",
            "Cross-Origin-Resource-Policy": "same-origin",
            "ETag": etag,
            "Vary": "Accept, Authorization",
            "X-Content-Type-Options": "nosniff",
        },
        "body": base64.b64encode(PICTURE).decode(),
        "isBase64Encoded": True,
    }
    assert get_asset(If_None_Match=str(etag))["statusCode"] == 304


@pytest.mark.parametrize("place", ["siteKey=wk_c", "siteKey=wk_d", "userId=wk_a", "siteKey=wk_a/x"])
def test_an_asset_of_another_owner_is_none_of_the_site(stored: Stored, place: str) -> None:
    stored.put_at(f"rrweb/assets/{place}/{SHA256}", PICTURE)
    event = site_request(ASSET, name=SHA256, Accept="image/png")

    assert problem(event) == (404, "the site shop has no asset of this SHA-256")


def test_bytes_that_are_not_what_their_name_says_are_never_answered(stored: Stored) -> None:
    stored.put_at(f"rrweb/assets/siteKey=wk_a/{SHA256}", b"<script>other</script>")
    assert get_asset()["statusCode"] == 404
    assert get_asset(If_None_Match="*")["statusCode"] == 404
    stored.put_at(f"rrweb/assets/siteKey=wk_b/{SHA256}", PICTURE)

    assert get_asset()["body"] == base64.b64encode(PICTURE).decode()


def test_one_that_no_answer_can_hold_is_413_unless_another_key_has_it(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_bytes, "MAX_ANSWERED_BYTES", len(PICTURE))
    stored.put_at(f"rrweb/assets/siteKey=wk_a/{SHA256}", PICTURE + b"x")
    event = site_request(ASSET, name=SHA256, Accept="image/png")
    assert problem(event) == (413, "the asset has 261 bytes, and at most 260 can be answered")
    stored.put_at(f"rrweb/assets/siteKey=wk_b/{SHA256}", PICTURE)

    assert get_asset()["statusCode"] == 200


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("font/woff2", "font/woff2"),
        ("Font/WOFF;q=1, */*", "font/woff"),
        ("image/svg+xml", None),
        ("image/gif,image/webp", "image/webp"),
        ("application/octet-stream, text/html", "application/octet-stream"),
        ("*/*", None),
        ("text/html, image/png", None),
    ],
)
def test_its_type_is_one_of_the_contracts_that_accept_names(
    stored: Stored, accept: str, media_type: str | None
) -> None:
    stored.put_at(f"rrweb/assets/siteKey=wk_a/{SHA256}", PICTURE)
    answer = get_asset(Accept=accept)

    status, said = answer["statusCode"], header(answer, "Content-Type")
    expected = (200, media_type) if media_type else (406, "application/problem+json")
    assert (status, said) == expected


@pytest.mark.parametrize("keys", ["", "blog=wk_a", "shop="])
def test_a_site_without_keys_has_no_assets(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    monkeypatch.setenv("SITE_KEYS", keys)
    stored.put_at(f"rrweb/assets/siteKey=wk_a/{SHA256}", PICTURE)

    assert get_asset()["statusCode"] == 404


def test_a_missing_bucket_is_our_fault(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    stored.create_of_site()
    monkeypatch.setenv("BUCKET", "another")

    for event in (site_request(), site_request(ASSET, name=SHA256)):
        with pytest.raises(ClientError, match="NoSuchBucket"):
            handler(event, None)

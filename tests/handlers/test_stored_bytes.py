"""Screenshots: only of a recording that is there, as bytes that do no harm."""

import base64
import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.api.media_types import answered_types, binary_media_types
from components.api.s3_get_object import INERT_HEADERS as S3_INERT_HEADERS
from components.store.stored_objects import SCREENSHOT
from handlers import stored_bytes
from handlers.get_events import handler
from handlers.recording_item import BEFORE_CREATION_MS
from handlers.stored_bytes import ASSET_TYPES, FIRST_TYPES, INERT_HEADERS, PICTURE_TYPES
from tests.contract import CONTRACT
from tests.handlers.given import PREFIX, header, request
from tests.handlers.stored import BUCKET, Stored

EVERY_BYTE = bytes(range(256))


def store(stored: Stored, body: bytes = EVERY_BYTE) -> None:
    stored.s3.put_object(
        Bucket=BUCKET, Key=f"{PREFIX}/screenshot", Body=body, ContentType="text/html"
    )


def get(accept: str | None = "image/webp", etag: str | None = None, **asked: Any) -> dict[str, Any]:
    event: dict[str, Any] = request(accept=accept, **asked) | {
        "resource": "/recordings/{recordingId}/screenshot"
    }
    if etag is not None:
        event["headers"] = {**event["headers"], "if-none-match": etag}
    return handler(event, None)


def problem(answer: dict[str, Any]) -> tuple[int, str]:
    assert header(answer, "Content-Type") == "application/problem+json"
    return answer["statusCode"], json.loads(answer["body"])["detail"]


def test_a_screenshot_comes_back_byte_for_byte(stored: Stored) -> None:
    store(stored)
    answer = get()

    etag = header(answer, "ETag")
    assert etag
    assert answer == {
        "statusCode": 200,
        "headers": {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "ETag",
            "Cache-Control": "private, no-cache",
            "Content-Disposition": "attachment",
            "Content-Security-Policy": "sandbox",
            "Content-Type": "image/webp",
            "Cross-Origin-Resource-Policy": "same-origin",
            "ETag": etag,
            "Vary": "Accept, Authorization",
            "X-Content-Type-Options": "nosniff",
        },
        "body": base64.b64encode(EVERY_BYTE).decode(),
        "isBase64Encoded": True,
    }


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("image/png", "image/png"),
        ("image/avif,image/webp,*/*;q=0.8", "image/webp"),
        ("application/octet-stream, text/html", "application/octet-stream"),
    ],
)
def test_its_type_is_a_pictures_that_accept_names(
    stored: Stored, accept: str, media_type: str
) -> None:
    store(stored)

    assert header(get(accept), "Content-Type") == media_type


@pytest.mark.parametrize("accept", [None, "", "*/*", "text/html, image/png", "image/svg+xml"])
def test_where_the_gateway_would_send_base64_it_says_how_to_ask(
    stored: Stored, accept: str | None
) -> None:
    store(stored)

    status, detail = problem(get(accept))

    assert status == 406
    assert "image/webp" in detail


@pytest.mark.parametrize("spelling", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_client_has_is_not_sent_again(
    stored: Stored, spelling: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store(stored)
    etag = header(get(), "ETag")
    answer = get(etag=spelling.format(etag))

    assert (answer["statusCode"], answer["body"], header(answer, "ETag")) == (304, "", etag)
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["bodyChars"] == 0
    assert get(etag='"other"')["statusCode"] == 200


def test_without_a_picture_it_is_a_404(stored: Stored) -> None:
    assert stored
    assert problem(get()) == (404, "you have no screenshot of a recording of this id")


def test_of_an_expired_recording_there_is_none(stored: Stored) -> None:
    store(stored)
    stored.create(expiresAt={"N": "1"})
    expired = problem(get("*/*"))
    stored.forget()

    assert expired == problem(get()) == (404, "you have no recording of this id")


def test_a_recording_of_an_id_that_had_expired_has_not_the_old_ones_picture(
    stored: Stored,
) -> None:
    store(stored)
    now_ms = int(time.time() * 1000)
    stored.create(createdAtMs={"N": str(now_ms + BEFORE_CREATION_MS - 60_000)})
    assert get()["statusCode"] == 200

    stored.create(createdAtMs={"N": str(now_ms + BEFORE_CREATION_MS + 60_000)})

    assert get()["statusCode"] == 404


def test_one_that_no_answer_can_hold_says_its_size_and_the_limit(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_bytes, "MAX_ANSWERED_BYTES", 255)
    store(stored)

    assert problem(get()) == (413, "the screenshot has 256 bytes, and at most 255 can be answered")


def test_the_largest_fits_into_an_answer(stored: Stored) -> None:
    store(stored, bytes(stored_bytes.MAX_ANSWERED_BYTES))

    # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    assert len(json.dumps(get())) < 6_291_556


def test_a_missing_bucket_is_our_fault(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    store(stored)
    monkeypatch.setenv("BUCKET", "another")

    with pytest.raises(ClientError, match="NoSuchBucket"):
        get()


def test_a_bad_id_is_refused(stored: Stored) -> None:
    assert stored
    assert get(recording="a/b")["statusCode"] == 400


def test_function_and_api_agree_on_what_they_each_must_know() -> None:
    assert {*PICTURE_TYPES, "application/octet-stream"} == set(
        answered_types(CONTRACT, "getScreenshot")
    )
    assert {*ASSET_TYPES, "application/octet-stream"} == set(answered_types(CONTRACT, "getAsset"))
    assert set(FIRST_TYPES) <= set(binary_media_types(CONTRACT))
    assert INERT_HEADERS == S3_INERT_HEADERS
    assert SCREENSHOT.name.endswith("/screenshot")

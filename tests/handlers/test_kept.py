"""Kept recordings: read from their objects until these expire, and then from their copies."""

import base64
import hashlib
import time

import pytest

from handlers.get_events import handler
from handlers.recording_item import BEFORE_CREATION_MS
from tests.handlers.given import (
    PREFIX,
    delivered,
    envelope,
    events_of,
    ndjson,
    request,
    site_request,
)
from tests.handlers.stored import Stored

NEVER = {"N": "253402300799"}
COPIES = PREFIX.replace("rrweb/recordings", "rrweb/kept")
OF_SITE = "siteKey=wk_a/sessionId=0197-recording_A"
ASSET = b"a picture"
SHA = hashlib.sha256(ASSET).hexdigest()
KEPT_ASSET = "/recordings/{recordingId}/kept/assets/{sha256}"


def until(seconds: float) -> dict[str, str]:
    """Return the time so long from now."""
    return {"N": str(int(time.time() + seconds))}


@pytest.mark.parametrize(
    ("left_s", "read"), [(BEFORE_CREATION_MS / 1000 + 60, "object"), (60, "copy"), (-9, "copy")]
)
def test_the_copies_are_read_once_the_first_object_may_have_expired(
    stored: Stored, left_s: float, read: str
) -> None:
    stored.create(expiresAt=NEVER, retainedUntil=until(left_s))
    stored.put("1", delivered(envelope(b'{"read": "object"}', 0)))
    stored.put("1", delivered(envelope(b'{"read": "copy"}', 0)), prefix=COPIES)

    assert events_of(handler(request(), None)) == [{"read": read}]


def test_a_site_s_kept_recording_is_read_under_the_key_that_wrote_it(stored: Stored) -> None:
    stored.create_of_site(expiresAt=NEVER, retainedUntil=until(-9))
    stored.put_at(f"rrweb/kept/{OF_SITE}/batch/000000000", ndjson({"n": 1}))

    assert events_of(handler(site_request("/recordings/{recordingId}/events"), None)) == [{"n": 1}]


def test_a_kept_asset_is_answered_while_its_recording_is_there(stored: Stored) -> None:
    stored.put_at(f"rrweb/kept/{OF_SITE}/asset/{SHA}", ASSET)
    asked = site_request(KEPT_ASSET, name=SHA, accept="image/png")
    without = handler(asked, None)["statusCode"]
    stored.create_of_site(expiresAt=NEVER, retainedUntil=until(-9))

    answer = handler(asked, None)

    body = base64.b64decode(str(answer["body"]))
    assert (without, answer["statusCode"], body) == (404, 200, ASSET)
    stored.create_of_site(erasureId={"S": "e1"})
    assert handler(asked, None)["statusCode"] == 404


@pytest.mark.parametrize(
    ("name", "groups", "status"),
    [("b" * 64, "site-shop", 404), ("..", "site-shop", 400), (SHA, "site-blog", 403)],
)
def test_a_kept_asset_that_is_none_or_another_s_is_refused(
    stored: Stored, name: str, groups: str, status: int
) -> None:
    stored.create_of_site(expiresAt=NEVER, retainedUntil=until(-9))
    stored.put_at(f"rrweb/kept/{OF_SITE}/asset/{SHA}", ASSET)

    asked = site_request(KEPT_ASSET, name=name, groups=groups, accept="image/png")

    assert handler(asked, None)["statusCode"] == status

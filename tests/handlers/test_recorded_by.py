"""Recordings that every release has made, read by today's function from the bytes as stored."""

import base64
import hashlib
import time

import pytest

from handlers.get_events import clients, handler
from tests.handlers.given import body_of, header, request, site_request
from tests.handlers.stored import TABLE, Stored
from tests.releases.recordings import recordings_of, releases
from tests.releases.visits import KEY, SITE

LATER = time.time() + 86_400
NDJSON, BYTES = "application/x-ndjson", "application/octet-stream"

each_release = pytest.mark.parametrize("release", releases())


@pytest.fixture
def held(stored: Stored, release: str, monkeypatch: pytest.MonkeyPatch) -> Stored:
    """Return the bucket and the table as that release has left them."""
    monkeypatch.setenv("SITE_KEYS", f"{SITE}={KEY}")
    clients.cache_clear()
    left = recordings_of(release)
    for item in left.items(LATER):
        stored.dynamodb.put_item(TableName=TABLE, Item=item)
    for one in left.objects():
        stored.put_at(one.key, one.body)
    return stored


@each_release
@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("owner", ["user", "site"])
def test_the_events_are_those_that_the_release_itself_has_read(release: str, owner: str) -> None:
    left = recordings_of(release)
    expected = left.of(owner)
    name = expected["answer"]["recordingId"]
    asked = (
        request(recording=name, user=left.user, accept=NDJSON)
        if owner == "user"
        else site_request(site=SITE, name=name, groups=f"site-{SITE}", accept=NDJSON)
    )

    answer = handler(asked, None)

    said = [header(answer, one) for one in ("Has-More", "Events-Skipped", "Missing-Sequences")]
    body = body_of(answer)
    assert said == ["false", "0", None]
    assert body.count(b"\n") == expected["events"]
    assert hashlib.sha256(body).hexdigest() == expected["sha256"]


@each_release
@pytest.mark.usefixtures("held")
def test_each_asset_of_a_site_is_answered_by_its_digest(release: str) -> None:
    objects = recordings_of(release).objects()
    assets = {
        one.key.rsplit("/", 1)[-1]: one.body for one in objects if "/assets/siteKey=" in one.key
    }

    assert assets
    assert {name: answered_asset(name) for name in assets} == assets


def answered_asset(name: str) -> bytes:
    route, groups = "/assets/{sha256}", f"site-{SITE}"
    answer = handler(site_request(route, site=SITE, name=name, groups=groups, Accept=BYTES), None)
    return base64.b64decode(str(answer["body"]))


def test_there_is_a_release_that_has_recorded() -> None:
    assert releases() != []

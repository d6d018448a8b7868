"""Recordings that every release has made, on today's stack: its API, and its player in Chromium."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.server import Sandbox
from sandbox.users import email_of
from sandbox.visit import steps_of
from tests.e2e.user import User
from tests.releases.recordings import recordings_of, releases
from tests.releases.visits import SITE

LATER = time.time() + 86_400
NDJSON, BYTES = "application/x-ndjson", "application/octet-stream"
WATCHER = "recorded-by"
PATHS = {"user": "", "site": f"/sites/{SITE}"}

each_release = pytest.mark.parametrize("release", releases())


@pytest.fixture(scope="module")
def watcher(site: Sandbox) -> Iterator[User]:
    """Yield a user who has the recordings of each release's user, and watches its site.

    They leave the list of that site afterwards: other tests look at it, too.
    """
    token = site.id_token(WATCHER, [f"site-{SITE}"])
    watcher = User(site.api_url, token, delivery_s=0)
    s3, dynamodb = site.cloud.client("s3"), site.cloud.client("dynamodb")
    table = site.exports["tableName"]
    keys: list[dict[str, Any]] = []
    for left in (recordings_of(release) for release in releases()):
        for item in left.items(LATER, watcher.sub):
            dynamodb.put_item(TableName=table, Item=item)
            keys.append({name: item[name] for name in ("owner", "recordingId")})
        for one in left.objects(watcher.sub):
            s3.put_object(
                Bucket=site.exports["bucketName"],
                Key=one.key,
                Body=one.body,
                ContentType=one.content_type,
            )
    yield watcher
    for key in keys:
        dynamodb.delete_item(TableName=table, Key=key)


def answered(watcher: User, path: str, accept: str) -> httpx.Response:
    answer = watcher.http.get(f"{watcher.api_url}{path}", headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return answer


@each_release
@pytest.mark.parametrize("owner", PATHS)
def test_the_recording_is_answered_and_listed_as_by_its_release(
    release: str, owner: str, watcher: User
) -> None:
    answered: dict[str, Any] = recordings_of(release).of(owner)["answer"]
    expected = {name: value for name, value in answered.items() if name != "expiresAtMs"}  # moved
    path = f"{PATHS[owner]}/recordings"
    listed = [one for page in watcher.listed(path) for one in page]

    found = watcher.get(f"{path}/{expected['recordingId']}").json()

    assert {name: found[name] for name in expected} == expected
    assert found in listed


@each_release
@pytest.mark.parametrize("owner", PATHS)
def test_the_events_are_as_many_as_the_release_has_read(
    release: str, owner: str, watcher: User
) -> None:
    expected = recordings_of(release).of(owner)
    path = f"{PATHS[owner]}/recordings/{expected['answer']['recordingId']}/events"

    answer = answered(watcher, path, NDJSON)

    assert answer.headers["Events-Skipped"] == "0"
    assert len(answer.content.splitlines()) == expected["events"]


@each_release
def test_the_screenshot_and_the_assets_are_answered_as_stored(release: str, watcher: User) -> None:
    recording_id = recordings_of(release).of("user")["answer"]["recordingId"]
    objects = {one.key: one.body for one in recordings_of(release).objects(watcher.sub)}
    own = f"rrweb/recordings/userId={watcher.sub}/sessionId={recording_id}/screenshot"
    paths = {f"/recordings/{recording_id}/screenshot": objects[own]} | {
        f"/assets/{key.rsplit('/', 1)[-1]}": body
        for key, body in objects.items()
        if f"/assets/userId={watcher.sub}/" in key
    }

    assert len(paths) > 1
    assert {path: answered(watcher, path, BYTES).content for path in paths} == paths


def test_each_is_replayed_as_its_pages_looked(site: Sandbox, watcher: User) -> None:
    env = {
        "WATCHER_EMAIL": email_of(WATCHER),
        "WATCHED_SITE": SITE,
        "RELEASES": ",".join(releases()),
    }

    steps = steps_of("recorded-by.test.ts", site, env)

    assert [step.failure for step in steps if not step.passed] == []
    assert len(steps) == 2 * len(releases())

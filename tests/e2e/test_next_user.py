"""What the next user of a browser finds of the one before: nothing that the API does not give."""

import base64
import hashlib
import json
from collections.abc import Iterator

import pytest

from tests.e2e.browser import Profile, Tab
from tests.e2e.local_http import Answer, LocalServer, Proxy
from tests.e2e.stack import Stack
from tests.e2e.user import User

pytestmark = pytest.mark.e2e

ASSET = b"the first user's picture" * 1000


@pytest.fixture
def api(stack: Stack) -> Iterator[Proxy]:
    with Proxy(stack.api_url) as api:
        yield api


@pytest.fixture
def tab(profile: Profile) -> Iterator[Tab]:
    """Return a page of another origin than the API's, in a browser that has seen neither user."""
    page = Answer(200, {"Content-Type": "text/html"}, b"<!doctype html><title>Page</title>")
    with LocalServer(lambda _: page) as site:
        tab = profile.tab()
        tab.goto(site.url)
        yield tab


def fetched(tab: Tab, url: str, user: User, cache: str = "default") -> tuple[int, str]:
    """Return the status and the text that a page gets with the user's token."""
    request = json.dumps({"headers": user.auth, "cache": cache})
    status, text = tab.run(
        f"fetch({json.dumps(url)}, {request}).then(async (one) => [one.status, await one.text()])"
    )
    return status, text


def stored(user: User) -> str:
    """Return the path of an asset of the user."""
    digest = hashlib.sha256(ASSET)
    path = f"/assets/{digest.hexdigest()}"
    answer = user.http.put(
        f"{user.api_url}{path}",
        content=ASSET,
        headers={
            "Content-Type": "application/octet-stream",
            "x-amz-checksum-sha256": base64.b64encode(digest.digest()).decode(),
        },
    )
    assert answer.status_code in {200, 412}
    return path


def test_an_asset_is_downloaded_once_by_its_user(api: Proxy, tab: Tab, owner: User) -> None:
    path = stored(owner)
    answers: list[Answer] = []
    api.fault = lambda _, pass_on: _noted(pass_on(), answers)

    first, second = (fetched(tab, f"{api.url}{path}", owner) for _ in range(2))

    assert first == second == (200, ASSET.decode())
    assert [one.status for one in answers if one.status != 204] == [200, 304]  # 204: a preflight
    assert answers[-1].body == b""


@pytest.mark.parametrize("cache", ["default", "force-cache"])
def test_an_asset_of_one_user_is_not_there_for_the_next(
    api: Proxy, tab: Tab, owner: User, other: User, cache: str
) -> None:
    path = stored(owner)
    assert fetched(tab, f"{api.url}{path}", owner)[0] == 200

    assert fetched(tab, f"{api.url}{path}", other, cache)[0] == 404


def test_a_list_of_one_user_is_not_there_for_the_next(
    api: Proxy, tab: Tab, owner: User, other: User, recording_id: str
) -> None:
    owner.create(recording_id)
    assert recording_id in fetched(tab, f"{api.url}/recordings?limit=1", owner)[1]

    assert (
        recording_id not in fetched(tab, f"{api.url}/recordings?limit=1", other, "force-cache")[1]
    )
    assert fetched(tab, f"{api.url}/recordings/{recording_id}", other, "force-cache")[0] == 404


def _noted(answer: Answer, answers: list[Answer]) -> Answer:
    answers.append(answer)
    return answer

"""A site's recording: written without an account, watched by its group, and nobody else."""

import base64
import gzip
import hashlib
from typing import Any

import httpx
import pytest

from sandbox.demo_site import DEMO_SITE
from sandbox.server import Sandbox
from tests.e2e.answers import check_response, exactly
from tests.e2e.stack import Stack
from tests.e2e.tokens import signed_by_the_pool
from tests.e2e.user import User, ndjson, new_id

GROUP = f"site-{DEMO_SITE}"
SITE = f"/sites/{DEMO_SITE}"
PICTURE = b"\x89PNG" + bytes(range(256))
EXACTLY_TEXT = {"Content-Type": "text/plain"}


class Visitor:
    """A page of the site, whose requests a browser sends without a preflight."""

    def __init__(self, write_url: str) -> None:
        self.write_url = write_url
        self.http = httpx.Client(timeout=40, event_hooks={"response": [check_response]})

    def post(self, path: str, body: bytes, media_type: str = "text/plain") -> httpx.Response:
        return self.http.post(
            f"{self.write_url}{path}", content=body, headers={"Content-Type": media_type}
        )

    def create(self) -> str:
        recording_id = new_id()
        assert self.post(f"/recordings/{recording_id}", b"{}").status_code == 201
        return recording_id

    def append(self, recording_id: str, sequence: int, body: bytes) -> int:
        path = f"/recordings/{recording_id}/events/{sequence:09}"
        return self.post(path, body).status_code


def user_with(sandbox: Sandbox, name: str, *groups: str) -> User:
    tokens = sandbox.tokens(name, groups)
    return User(sandbox.api_url, tokens["IdToken"], delivery_s=0, tokens=tokens)


@pytest.fixture(scope="module")
def visitor(stack: Stack) -> Visitor:
    return Visitor(stack.exports["sites"][DEMO_SITE]["writeUrl"])


@pytest.fixture(scope="module")
def watcher(sandbox: Sandbox) -> User:
    return user_with(sandbox, "watcher", GROUP)


def events(user: User, recording_id: str, **query: str) -> httpx.Response:
    return user.get(f"{SITE}/recordings/{recording_id}/events", **query)


def names(page: httpx.Response) -> list[Any]:
    assert page.status_code == 200, page.text
    return [line for line in page.text.splitlines() if line]


def test_what_a_visitor_sends_is_read_at_once_and_followed(visitor: Visitor, watcher: User) -> None:
    recording_id = visitor.create()
    assert visitor.append(recording_id, 0, gzip.compress(ndjson({"n": 0}))) == 200
    first = events(watcher, recording_id)
    assert visitor.append(recording_id, 1, ndjson({"n": 1})) == 200
    assert visitor.append(recording_id, 1, ndjson({"n": "again"})) == 412
    second = events(watcher, recording_id, cursor=first.headers["Next-Cursor"])
    third = events(watcher, recording_id, cursor=second.headers["Next-Cursor"])

    assert [names(page) for page in (first, second, third)] == [['{"n": 0}'], ['{"n": 1}'], []]
    assert {
        (page.headers["Tail"], page.headers["Has-More"]) for page in (first, second, third)
    } == {("complete", "false")}


def test_a_batch_that_is_none_is_counted_and_the_rest_is_read(
    visitor: Visitor, watcher: User
) -> None:
    recording_id = visitor.create()
    whole = gzip.compress(ndjson({"n": 0}))
    for sequence, body in enumerate([whole, whole[:9], b"\x00garbage", ndjson({"n": 3})]):
        assert visitor.append(recording_id, sequence, body) == 200
    page = events(watcher, recording_id)

    assert (names(page), page.headers["Events-Skipped"]) == (['{"n": 0}', '{"n": 3}'], "2")


def test_a_site_has_no_screenshot_before_one_is_stored(visitor: Visitor, watcher: User) -> None:
    path = f"{SITE}/recordings/{visitor.create()}/screenshot"
    answer = watcher.http.get(f"{watcher.api_url}{path}", headers={"Accept": "image/png"})

    assert answer.status_code == 404


def test_an_asset_of_a_visitor_reaches_the_watcher_byte_for_byte(
    visitor: Visitor, watcher: User
) -> None:
    picture = PICTURE + new_id().encode()
    digest = hashlib.sha256(picture)
    url = f"{watcher.api_url}{SITE}/assets/{digest.hexdigest()}"
    assert watcher.http.get(url, headers={"Accept": "image/png"}).status_code == 404

    checksum = httpx.QueryParams({"checksum": base64.b64encode(digest.digest()).decode()})
    stored = visitor.post(f"/assets/{digest.hexdigest()}?{checksum}", picture, "image/png")
    got = watcher.http.get(url, headers={"Accept": "image/png"})
    again = watcher.http.get(
        url, headers={"Accept": "image/png", "If-None-Match": got.headers["ETag"]}
    )

    assert (stored.status_code, got.status_code, again.status_code) == (200, 200, 304)
    assert (got.content, got.headers["Content-Type"]) == (picture, "image/png")


def test_bytes_under_the_name_of_others_never_reach_a_watcher(
    visitor: Visitor, watcher: User
) -> None:
    name = hashlib.sha256(new_id().encode()).hexdigest()
    assert visitor.post(f"/assets/{name}", PICTURE, "image/png").status_code == 200
    answer = watcher.http.get(
        f"{watcher.api_url}{SITE}/assets/{name}", headers={"Accept": "image/png"}
    )

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("groups", "status"),
    [
        ([GROUP], 200),
        (["another", GROUP], 200),
        ([f"{GROUP}2", GROUP, f"{GROUP}-admin"], 200),
        ([f"{GROUP}2"], 403),
        ([f"{GROUP}-admin", "site-dem"], 403),
        ([f"x{GROUP}"], 403),
        ([], 403),
    ],
)
def test_only_the_sites_own_group_opens_it(
    visitor: Visitor, sandbox: Sandbox, groups: list[str], status: int
) -> None:
    recording_id = visitor.create()
    user = user_with(sandbox, "of-groups", *groups)
    paths = {
        f"{SITE}/recordings/{recording_id}/events": status,
        f"{SITE}/recordings/{recording_id}/screenshot": 404 if status == 200 else status,
        f"{SITE}/assets/{'0' * 64}": 404 if status == 200 else status,
    }
    answers = {path: user.get(path) for path in paths}

    assert {path: answer.status_code for path, answer in answers.items()} == paths
    assert all(GROUP in answer.json()["detail"] for answer in answers.values() if status == 403)


@pytest.mark.parametrize("claim", [GROUP, [GROUP], f"[{GROUP}]", f"[{GROUP} x]", f"x, {GROUP}"])
def test_the_claim_opens_it_in_every_form_that_a_token_can_have(
    visitor: Visitor, sandbox: Sandbox, watcher: User, claim: object
) -> None:
    token = signed_by_the_pool(sandbox, watcher, **{"cognito:groups": claim})
    user = User(sandbox.api_url, token, delivery_s=0)

    assert events(user, visitor.create()).status_code == 200


def test_a_users_recording_is_none_of_a_site_and_the_reverse(
    visitor: Visitor, watcher: User, owner: User
) -> None:
    of_user, of_site = owner.given_recording(), visitor.create()
    crossed = [
        events(watcher, of_user),
        watcher.get(f"/recordings/{of_site}/events"),
        watcher.get(f"/recordings/{of_user}/events"),
        events(owner, of_site),
    ]

    assert [answer.status_code for answer in crossed] == [404, 404, 404, 403]


@pytest.mark.parametrize(
    ("site", "name"),
    [
        (DEMO_SITE, "a%2Fb"),
        (DEMO_SITE, "%2e%2e"),
        (DEMO_SITE, "%00"),
        (DEMO_SITE, "%F0%9F%98%80"),
        (DEMO_SITE, "x" * 65),
        ("Demo", "x"),
        (f"{DEMO_SITE}%2F..", "x"),
    ],
)
def test_a_path_that_names_nothing_is_refused(watcher: User, site: str, name: str) -> None:
    target = f"/sites/{site}/recordings/{name}/events"
    answer = exactly(watcher.api_url, "GET", target, headers=watcher.auth)

    assert answer.status == 400

"""Facts about a recording: they only grow, and never create one, however late they come."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pytest

from sandbox.demo_site import DEMO_SITE
from tests.e2e.answers import check_response
from tests.e2e.contract import JSON
from tests.e2e.stack import Stack
from tests.e2e.store import Store, Traces, Watch
from tests.e2e.user import User, new_id

pytestmark = pytest.mark.e2e

FACTS: dict[str, object] = {
    "durationMs": 61_000,
    "clicks": 12,
    "rageClicks": 1,
    "deadClicks": 0,
    "errors": 2,
    "failedRequests": 1,
    "slowRequests": 3,
    "lcpMs": 2_500,
    "inpMs": 200,
    "clsThousandths": 100,
    "leftAfterMs": 60_000,
    "user": 'o\'brien "é😀" $x #set($y = 1)',
    "browser": "Firefox 153",
    "device": "phone",
    "language": "de-AT",
    "connection": "4g",
    "pages": ["https://shop.example/", "https://shop.example/checkout?step=1#pay"],
    "tags": ["plan:pro"],
    "events": ["checkout failed"],
}


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A user, or the demo site: whoever has recordings with facts."""

    name: str
    create: Callable[[str], httpx.Response]
    put: Callable[[str, bytes], httpx.Response]
    get: Callable[[str], httpx.Response]

    def given(self, **facts: object) -> str:
        """Return a new recording with facts."""
        recording_id = new_id()
        assert self.create(recording_id).status_code == 201
        if facts:
            assert self.told(recording_id, **facts).status_code == 200
        return recording_id

    def told(self, recording_id: str, **facts: object) -> httpx.Response:
        return self.put(recording_id, json.dumps(facts).encode())

    def facts(self, recording_id: str) -> dict[str, object]:
        """Return what is stored of the facts."""
        found = self.get(recording_id)
        assert found.status_code == 200, found.text
        return {name: one for name, one in found.json().items() if name in FACTS}


def user_owner(user: User) -> Owner:
    def url(recording_id: str) -> str:
        return f"{user.api_url}/recordings/{recording_id}"

    return Owner(
        name="user",
        create=user.create,
        put=lambda recording_id, body: user.http.put(
            f"{url(recording_id)}/facts", content=body, headers={"Content-Type": JSON}
        ),
        get=lambda recording_id: user.get(f"/recordings/{recording_id}"),
    )


def site_owner(stack: Stack, watcher: User) -> Owner:
    visitor = httpx.Client(timeout=40, event_hooks={"response": [check_response]})
    write_url: str = stack.exports["sites"][DEMO_SITE]["writeUrl"]

    def post(path: str, body: bytes) -> httpx.Response:
        headers = {"Content-Type": "text/plain"}
        return visitor.post(f"{write_url}/recordings/{path}", content=body, headers=headers)

    return Owner(
        name="site",
        create=lambda recording_id: post(recording_id, b"{}"),
        put=lambda recording_id, body: post(f"{recording_id}/facts", body),
        get=lambda recording_id: watcher.get(f"/sites/{DEMO_SITE}/recordings/{recording_id}"),
    )


@pytest.fixture(params=["user", pytest.param("site", marks=pytest.mark.sandbox_only)])
def recorder(request: pytest.FixtureRequest, stack: Stack, owner: User) -> Owner:
    if request.param == "user":
        return user_owner(owner)
    sandbox = request.getfixturevalue("sandbox")
    token = sandbox.id_token("watcher", [f"site-{DEMO_SITE}"])
    return site_owner(stack, User(sandbox.api_url, token, delivery_s=0))


def test_facts_come_back_as_they_were_told(recorder: Owner) -> None:
    assert recorder.facts(recorder.given(**FACTS)) == FACTS


def test_a_fact_that_is_not_named_stays_as_it_is(recorder: Owner) -> None:
    recording_id = recorder.given(durationMs=5, user="a", tags=["a:b", "c:d"])

    recorder.told(recording_id, durationMs=6, tags=["e:f"])

    assert recorder.facts(recording_id) == {"durationMs": 6, "user": "a", "tags": ["e:f"]}


@pytest.mark.parametrize(
    "late",
    [
        {"durationMs": 4, "clicks": 1, "user": "late"},
        {"durationMs": 9, "clicks": 0, "user": "another tab"},
        {"clicks": 0},
    ],
    ids=["late", "another tab", "one number"],
)
def test_a_request_that_would_make_a_number_smaller_is_a_success_and_changes_nothing(
    recorder: Owner, late: dict[str, object]
) -> None:
    recording_id = recorder.given(durationMs=5, clicks=1, user="a")

    answer = recorder.told(recording_id, **late)

    assert (answer.status_code, set(answer.json())) == (200, {"requestId"})
    assert answer.headers["Content-Type"] == JSON
    assert recorder.facts(recording_id) == {"durationMs": 5, "clicks": 1, "user": "a"}


def test_facts_that_come_twice_count_once(recorder: Owner) -> None:
    recording_id = recorder.given(**FACTS)

    assert recorder.told(recording_id, **FACTS).status_code == 200
    assert recorder.facts(recording_id) == FACTS


def test_facts_of_an_earlier_recorder_are_taken(recorder: Owner) -> None:
    told = {"durationMs": 7, "pages": ["https://shop.example/"]}

    assert recorder.facts(recorder.given(**told)) == told


@pytest.mark.sandbox_only
def test_facts_never_create_a_recording(recorder: Owner, watch: Watch) -> None:
    answer = recorder.told(new_id(), clicks=1)

    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no recording of this id."
    assert watch.traces() == Traces()


@pytest.mark.sandbox_only
@pytest.mark.parametrize("clicks", [0, 9])
def test_facts_of_an_expired_recording_are_a_404(owner: User, store: Store, clicks: int) -> None:
    own = user_owner(owner)
    recording_id = own.given(clicks=5)

    with store.expired(owner, recording_id):
        watch = store.watch()
        assert own.told(recording_id, clicks=clicks).status_code == 404
        assert watch.traces() == Traces()


def test_facts_reach_no_recording_of_another_user(owner: User, other: User) -> None:
    recording_id = user_owner(owner).given(clicks=1)

    assert user_owner(other).told(recording_id, clicks=9).status_code == 404
    assert user_owner(owner).facts(recording_id) == {"clicks": 1}


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        *(("durationMs", "5"), ("clicks", -1), ("errors", 1.5), ("failedRequests", None)),
        *(("user", "x" * 257), ("device", "x" * 65), ("browser", 1), ("user", "x \ud83d")),
        *(("pages", "https://a.example/"), ("pages", ["a b"]), ("pages", ["x" * 2049])),
        *(("tags", ["x"] * 21), ("events", {"a": "b"}), ("owner", "user#x"), ("expiresAt", 1)),
    ],
)
def test_a_wrong_fact_is_refused_under_its_name_and_none_is_stored(
    recorder: Owner, fact: str, value: object
) -> None:
    recording_id = recorder.given(durationMs=5)

    answer = recorder.told(recording_id, **{"clicks": 9, fact: value})

    assert answer.status_code == 400
    known = fact if fact in FACTS else "durationMs"  # what may be told is named then
    assert known in answer.json()["detail"]
    assert recorder.facts(recording_id) == {"durationMs": 5}


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b"{", b'"x"', b"\x00", b"{}{}"])
def test_what_is_no_fact_is_refused(recorder: Owner, body: bytes) -> None:
    recording_id = recorder.given(clicks=1)

    assert recorder.put(recording_id, body).status_code == 400
    assert recorder.facts(recording_id) == {"clicks": 1}


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml"])
def test_a_user_s_facts_are_json(owner: User, content_type: str) -> None:
    recording_id = user_owner(owner).given()

    answer = owner.http.put(
        f"{owner.api_url}/recordings/{recording_id}/facts",
        content=b'{"clicks": 1}',
        headers={"Content-Type": content_type},
    )

    assert answer.status_code == 415

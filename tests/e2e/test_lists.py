"""Lists: one's own recordings, newest first, and everybody's for the operator, each row once."""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import botocore.auth
import httpx
import pytest
from botocore.compat import get_current_datetime
from botocore.credentials import Credentials

from sandbox.server import Sandbox
from tests.e2e.stack import Stack, user_of
from tests.e2e.store import Store, is_over
from tests.e2e.user import User, new_id

pytestmark = pytest.mark.e2e

MANY = 250

BAD_LIMITS = ["0", "101", "-1", "x", "1.5", "1e2", "01", "+1", " 1", "1 ", "1,2", "٣", "9" * 30]

MADE_UP_CURSORS = ["0.x", "1.x", "9999999999999999.x", f"1700000000000.{'a' * 64}"]

BAD_CURSORS = {
    "a word": "x",
    "only an id": ".x",
    "only a time": "1.",
    "a negative time": "-1.x",
    "a time that is too long": "12345678901234567.x",
    "an id that is too long": f"1.{'a' * 65}",
    "another dot": "1.a.b",
    "digits that are not ASCII": "١.x",
    "a line break": "1.x\n",
    "SQL": "1.x' OR '1'='1",
    "a second statement": "1.x; DROP TABLE recordings",
    "JSON": '{"userId": {"S": "x"}, "recordingId": {"S": "x"}}',
    "JSON that closes a string": '1.x"}, "userId": {"S": "x',
    "JSON that closes a number": '1"}, "userId": {"S": "x"}, "x": {"N": "1.x',
    "velocity": "1.$context.authorizer.claims.sub",
    "a directive": "#set($limit = 100)1.x",
    "an expression": "${'1'.concat('.x')}",
    "a path": "1.../x",
    "NUL": "1.x\0",
    "very long": f"1.{'a' * 4000}",
}


@pytest.fixture(scope="module")
def recorder(sandbox: Sandbox) -> User:
    """Return a user with `MANY` recordings."""
    user = user_of(sandbox, "recorder")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(user.create, [new_id() for _ in range(MANY)]))
    assert {answer.status_code for answer in answers} == {201}
    return user


def own_ids(store: Store, user: User) -> set[str]:
    return {item["recordingId"]["S"] for item in store.items(user.sub).values()}


@pytest.mark.sandbox_only
def test_many_recordings_come_in_pages_each_once_newest_first(recorder: User, store: Store) -> None:
    pages = recorder.listed(limit="100")

    listed = [one for page in pages for one in page]
    times = [one["createdAtMs"] for one in listed]
    assert [len(page) for page in pages] == [100, 100, 50]
    assert Counter(one["recordingId"] for one in listed) == Counter(own_ids(store, recorder))
    assert times == sorted(times, reverse=True)


@pytest.mark.sandbox_only
@pytest.mark.parametrize("query", [{}, {"limit": ""}, {"limit": "50"}])
def test_a_page_has_fifty_unless_told(recorder: User, query: dict[str, str]) -> None:
    assert len(recorder.get("/recordings", **query).json()["recordings"]) == 50


@pytest.mark.sandbox_only
@pytest.mark.parametrize("limit", [1, 9, 10, 99, 100])
def test_a_page_has_as_many_as_were_asked_for(recorder: User, limit: int) -> None:
    page = recorder.get("/recordings", limit=str(limit)).json()

    assert len(page["recordings"]) == limit
    assert page["nextCursor"]


@pytest.mark.sandbox_only
def test_pages_that_end_with_the_list_give_each_once(recorder: User, store: Store) -> None:
    listed = [one["recordingId"] for page in recorder.listed(limit="25") for one in page]

    assert Counter(listed) == Counter(own_ids(store, recorder))


def test_a_recording_created_while_paging_moves_nothing(other: User) -> None:
    first, second, third = (other.given_recording() for _ in range(3))
    page = other.get("/recordings", limit="1").json()

    other.given_recording()

    following = other.get("/recordings", limit="2", cursor=page["nextCursor"]).json()
    ids = [one["recordingId"] for one in [*page["recordings"], *following["recordings"]]]
    assert ids == [third, second, first]


@pytest.mark.parametrize("limit", BAD_LIMITS)
def test_a_bad_limit_is_refused(owner: User, limit: str) -> None:
    answer = owner.get("/recordings", limit=limit)

    assert answer.status_code == 400
    assert "limit" in answer.json()["detail"]


@pytest.mark.parametrize("cursor", BAD_CURSORS.values(), ids=BAD_CURSORS)
def test_a_cursor_of_another_form_is_refused(owner: User, cursor: str) -> None:
    answer = owner.get("/recordings", cursor=cursor)

    assert answer.status_code == 400
    assert "cursor" in answer.json()["detail"]


@pytest.mark.sandbox_only
@pytest.mark.parametrize("cursor", MADE_UP_CURSORS)
def test_a_cursor_that_is_made_up_gives_ones_own_rows_at_most(
    recorder: User, owner: User, store: Store, cursor: str
) -> None:
    owner.given_recording()

    page = recorder.get("/recordings", cursor=cursor).json()

    assert {one["recordingId"] for one in page["recordings"]} <= own_ids(store, recorder)


@pytest.mark.sandbox_only
def test_anothers_cursor_gives_ones_own_rows(recorder: User, owner: User, store: Store) -> None:
    owner.given_recording()
    owner.given_recording()
    theirs = owner.get("/recordings", limit="1").json()["nextCursor"]

    page = recorder.get("/recordings", cursor=theirs).json()

    assert page["recordings"]
    assert {one["recordingId"] for one in page["recordings"]} <= own_ids(store, recorder)


@pytest.mark.sandbox_only
def test_an_altered_cursor_gives_ones_own_rows(recorder: User, owner: User, store: Store) -> None:
    created_at, _ = recorder.get("/recordings", limit="9").json()["nextCursor"].split(".")
    altered = f"{created_at}.{owner.given_recording()}"

    page = recorder.get("/recordings", limit="100", cursor=altered).json()

    assert page["recordings"]
    assert {one["recordingId"] for one in page["recordings"]} <= own_ids(store, recorder)


def scan(
    stack: Stack, anonymous: User, query: str = "", changed: Mapping[str, str] | None = None
) -> httpx.Response:
    """Return the answer to a scan that the operator signed, some of its headers changed."""
    url = f"{stack.api_url}/operator/recordings{query}"
    return anonymous.http.get(url, headers={**stack.signature(url), **(changed or {})})


def scanned(stack: Stack, anonymous: User) -> list[list[dict[str, Any]]]:
    """Return the rows of each page, from the first to the last."""
    pages: list[list[dict[str, Any]]] = []
    query = "?limit=100"
    for _ in range(50):
        answer = scan(stack, anonymous, query).json()
        pages.append(answer["recordings"])
        if "nextCursor" not in answer:
            return pages
        query = f"?limit=100&cursor={answer['nextCursor']}"
    raise AssertionError("more than 50 pages")


@pytest.mark.sandbox_only
@pytest.mark.usefixtures("recorder")
def test_the_operator_sees_everybodys_recordings_each_once(
    stack: Stack, anonymous: User, owner: User, other: User, store: Store
) -> None:
    owner.given_recording()
    other.given_recording()

    pages = scanned(stack, anonymous)

    rows = Counter(
        f"{row['userId'] or 'site#' + row['siteId']}/{row['recordingId']}"
        for page in pages
        for row in page
    )
    stored = {
        name: item
        for name, item in store.items().items()
        if "erasureId" not in item and not is_over(item)
    }
    assert len(pages) > 2
    assert rows == Counter(list(stored))


def test_the_operator_sees_what_was_said_of_a_recording(
    stack: Stack, anonymous: User, owner: User, recording_id: str
) -> None:
    owner.create(recording_id, pageTitle='it\'s "quoted"', viewport={"width": 1, "height": 2})

    rows = [row for page in scanned(stack, anonymous) for row in page]

    own = {"userId": owner.sub, **owner.get(f"/recordings/{recording_id}").json()}
    assert [row for row in rows if row["recordingId"] == recording_id] == [own]


@pytest.mark.parametrize("query", ["?limit=0", "?limit=101", "?limit=x", "?cursor=x", "?cursor=.x"])
def test_the_operators_bad_query_is_refused(stack: Stack, anonymous: User, query: str) -> None:
    assert scan(stack, anonymous, query).status_code == 400


def test_a_valid_token_is_no_signature(owner: User) -> None:
    assert owner.get("/operator/recordings").status_code == 403


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Signature=", "Signature=0"),
        ("SignedHeaders=", "SignedHeaders=accept;"),
        ("/execute-api/", "/s3/"),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
    ],
)
def test_an_altered_signature_is_refused(stack: Stack, anonymous: User, old: str, new: str) -> None:
    signed = stack.signature(f"{stack.api_url}/operator/recordings")["Authorization"]

    altered = {"Authorization": signed.replace(old, new)}

    assert old in signed
    assert scan(stack, anonymous, changed=altered).status_code == 403


def test_a_signature_holds_for_its_own_query_only(stack: Stack, anonymous: User) -> None:
    signed = stack.signature(f"{stack.api_url}/operator/recordings?limit=1")

    assert scan(stack, anonymous, "?limit=1", signed).status_code == 200
    assert scan(stack, anonymous, "?limit=2", signed).status_code == 403


def test_a_signature_for_another_service_is_refused(stack: Stack, anonymous: User) -> None:
    signed = stack.signature(f"{stack.api_url}/operator/recordings", service="s3")

    assert scan(stack, anonymous, changed=signed).status_code == 403


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_signature_of_another_time_is_refused(
    stack: Stack, anonymous: User, monkeypatch: pytest.MonkeyPatch, off: timedelta
) -> None:
    def then() -> datetime:
        return get_current_datetime() + off

    monkeypatch.setattr(botocore.auth, "get_current_datetime", then)

    assert scan(stack, anonymous).status_code == 403


@pytest.mark.parametrize(("key", "secret"), [("test", "guessed"), ("unknown", "test")])
@pytest.mark.sandbox_only
def test_a_signature_of_another_account_is_refused(
    stack: Stack, anonymous: User, key: str, secret: str
) -> None:
    stranger = Stack(
        exports=stack.exports,
        owner=stack.owner,
        other=stack.other,
        operator_credentials=Credentials(key, secret),
    )

    assert scan(stranger, anonymous).status_code == 403

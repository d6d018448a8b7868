"""Nobody reaches what is another's, by bad credentials or by good ones of somebody else."""

import pytest

from sandbox.server import Sandbox
from tests.e2e import tokens
from tests.e2e.contract import BY_ID, OF_USERS, OPERATIONS, Operation, name_of
from tests.e2e.stack import user_of
from tests.e2e.store import Store, Traces, Watch, recording_prefix
from tests.e2e.user import User, eventually, ndjson, new_id

pytestmark = pytest.mark.e2e

READS = [one for one in OF_USERS if one.is_read]
WRITES = [one for one in OF_USERS if not one.is_read]
EVERY_OPERATION = pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)


@pytest.fixture(scope="module")
def owned(owner: User) -> str:
    """Return a recording of the owner whose events can be read."""
    recording_id = owner.given_recording(ndjson({"secret": 1}))
    for name in ("putScreenshot", "putAsset"):
        assert owner.send(BY_ID[name], recording_id).is_success
    owner.delivered(recording_id, 1)
    return recording_id


def is_of_the_owned(operation: Operation) -> bool:
    """Return whether the answer is about `owned`, and not about all that a user has."""
    return operation.is_of_one_recording or operation.is_of_an_asset


@EVERY_OPERATION
@pytest.mark.parametrize("kind", tokens.ANYWHERE)
def test_bad_credentials_are_refused(
    anonymous: User, owner: User, owned: str, operation: Operation, kind: str
) -> None:
    answer = anonymous.send(operation, owned, **tokens.ANYWHERE[kind](owner))

    assert answer.status_code in {401, 403}


@pytest.mark.sandbox_only
@EVERY_OPERATION
@pytest.mark.parametrize("kind", tokens.IN_THE_SANDBOX)
def test_tokens_that_the_pool_made_for_something_else_are_refused(
    anonymous: User, owner: User, owned: str, sandbox: Sandbox, operation: Operation, kind: str
) -> None:
    token = tokens.IN_THE_SANDBOX[kind](sandbox, owner)

    answer = anonymous.send(operation, owned, Authorization=f"Bearer {token}")

    assert answer.status_code in {401, 403}


@pytest.mark.sandbox_only
@pytest.mark.parametrize("operation", OF_USERS, ids=name_of)
def test_a_token_that_the_pool_signed_is_taken(
    anonymous: User, owner: User, sandbox: Sandbox, operation: Operation
) -> None:
    """Without this, the test above could pass for a wrong key."""
    token = tokens.signed_by_the_pool(sandbox, owner)

    answer = anonymous.send(operation, new_id(), Authorization=f"Bearer {token}")

    assert answer.status_code not in {401, 403}


@pytest.mark.sandbox_only
@EVERY_OPERATION
@pytest.mark.parametrize("kind", ["no token", "alg none", "another subject", "a stranger's key"])
def test_a_refused_request_leaves_no_trace(
    anonymous: User, owner: User, owned: str, watch: Watch, operation: Operation, kind: str
) -> None:
    anonymous.send(operation, owned, **tokens.ANYWHERE[kind](owner))
    anonymous.send(operation, new_id(), **tokens.ANYWHERE[kind](owner))

    assert watch.traces() == Traces()


@pytest.mark.parametrize("operation", READS, ids=name_of)
def test_another_user_reads_nothing(other: User, owned: str, operation: Operation) -> None:
    answer = other.send(operation, owned)

    assert answer.status_code == (404 if is_of_the_owned(operation) else 200)
    assert owned not in answer.text


@pytest.mark.sandbox_only
@pytest.mark.usefixtures("owned")
def test_a_user_without_recordings_has_an_empty_list(sandbox: Sandbox) -> None:
    newcomer = user_of(sandbox, "newcomer")

    assert newcomer.get("/recordings").json() == {"recordings": [], "lookedThrough": 0}


@pytest.mark.parametrize("operation", WRITES, ids=name_of)
def test_a_write_to_anothers_recording_changes_nothing_that_its_owner_reads(
    owner: User, other: User, operation: Operation
) -> None:
    recording_id = owner.given_recording(ndjson({"secret": 1}))
    owner.delivered(recording_id, 1)
    described = owner.get(f"/recordings/{recording_id}").json()

    answer = other.send(operation, recording_id)

    assert answer.status_code == 404 if operation.is_of_what_is_there else answer.is_success
    assert owner.read(recording_id).events == [{"secret": 1}]
    assert owner.get(f"/recordings/{recording_id}").json() == described


def space_of(user: User, operation: Operation, recording_id: str) -> tuple[list[str], list[str]]:
    """Return the users and the recordings that a write leaves traces of, if it makes anything."""
    if operation.starts_a_machine or operation.is_of_what_is_there:
        return [], []
    return [user.sub], [] if operation.is_of_an_asset else [recording_id]


@pytest.mark.sandbox_only
@pytest.mark.parametrize("operation", WRITES, ids=name_of)
def test_a_write_to_anothers_recording_lands_in_ones_own_space_alone(
    owner: User, other: User, store: Store, operation: Operation
) -> None:
    recording_id = owner.given_recording()
    watch = store.watch()

    other.send(operation, recording_id)

    traces = watch.traces()
    assert traces.gone == []
    assert (traces.user_ids(), traces.recording_ids()) == space_of(other, operation, recording_id)


@pytest.mark.sandbox_only
def test_events_for_anothers_recording_are_delivered_under_ones_own_prefix(
    owner: User, other: User, store: Store
) -> None:
    recording_id = owner.given_recording(ndjson({"secret": 1}))
    owners, others = (recording_prefix(user, recording_id) for user in (owner, other))
    before = eventually(lambda: store.objects(owners), bool, owner.delivery_s)

    other.append(recording_id, ndjson({"n": 1}))

    eventually(lambda: store.objects(others), bool, other.delivery_s)
    assert store.objects(owners) == before
    assert [key for key in store.objects() if recording_id in key and other.sub not in key] == [
        *before
    ]


def test_two_users_may_have_recordings_of_one_id(owner: User, other: User) -> None:
    recording_id = owner.given_recording(ndjson({"of": "owner"}))
    other.create(recording_id, pageTitle="of other")
    other.append(recording_id, ndjson({"of": "other"}), sequence=0)

    own, others = owner.delivered(recording_id, 1), other.delivered(recording_id, 1)

    assert (own.events, others.events) == ([{"of": "owner"}], [{"of": "other"}])
    assert "pageTitle" not in owner.get(f"/recordings/{recording_id}").json()


def test_the_cursor_of_anothers_recording_leads_to_ones_own_events_at_most(
    owner: User, other: User
) -> None:
    recording_id = owner.given_recording(ndjson({"of": "owner"}))
    other.create(recording_id)
    other.append(recording_id, ndjson({"n": 0}), sequence=0)
    other.append(recording_id, ndjson({"n": 1}), sequence=1)
    other.delivered(recording_id, 2)
    cursor = owner.delivered(recording_id, 1).cursor

    assert other.read(recording_id, cursor=cursor).events == [{"n": 1}]


def test_an_envelope_in_a_body_is_only_an_event(owner: User, other: User, owned: str) -> None:
    forged = {"userId": owner.sub, "recordingId": owned, "sequence": 1, "events": "e30="}
    recording_id = other.given_recording(b"\n" + ndjson(forged) + b'"}\n' + ndjson(forged))

    reading = other.delivered(recording_id, 2)

    assert (reading.events, reading.skipped) == ([forged, forged], 1)
    assert owner.read(owned).events == [{"secret": 1}]


def hints(owner: User, owned: str) -> dict[str, str]:
    """Return what a gateway or a proxy might take for the user or the recording."""
    names = ("userId", "sub", "user", "X-User-Id", "X-Amzn-Oidc-Identity", "Cognito-Identity-Id")
    return {**dict.fromkeys(names, owner.sub), "recordingId": owned, "sessionId": owned}


@pytest.mark.parametrize("operation", READS, ids=name_of)
def test_no_header_and_no_query_opens_anothers_recording(
    owner: User, other: User, owned: str, operation: Operation
) -> None:
    named = hints(owner, owned)

    answer = other.http.request(
        operation.method,
        f"{other.api_url}{operation.target(new_id())}",
        params=named,
        headers=named,
    )

    assert answer.status_code == (404 if is_of_the_owned(operation) else 200)
    assert owned not in answer.text


@pytest.mark.sandbox_only
@pytest.mark.parametrize("operation", WRITES, ids=name_of)
def test_no_header_and_no_query_leads_a_write_into_anothers_space(
    owner: User, other: User, owned: str, watch: Watch, operation: Operation
) -> None:
    named, recording_id = hints(owner, owned), new_id()

    answer = other.http.request(
        operation.method,
        f"{other.api_url}{operation.target(recording_id)}",
        params=named,
        headers={**operation.headers(recording_id), **named},
        content=operation.body(recording_id),
    )

    traces = watch.traces()
    assert answer.status_code == 404 if operation.is_of_what_is_there else answer.is_success
    assert (traces.user_ids(), traces.recording_ids()) == space_of(other, operation, recording_id)

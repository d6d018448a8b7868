"""Nobody reaches what is another's, by bad credentials or by good ones of somebody else."""

import pytest

from sandbox.server import Sandbox
from tests.e2e import tokens
from tests.e2e.contract import OF_USERS, OPERATIONS, Operation, name_of
from tests.e2e.store import Traces, Watch
from tests.e2e.user import User, ndjson, new_id

pytestmark = pytest.mark.e2e

READS = [one for one in OF_USERS if one.is_read]
WRITES = [one for one in OF_USERS if not one.is_read]
EVERY_OPERATION = pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)


@pytest.fixture(scope="module")
def owned(owner: User) -> str:
    """Return a recording of the owner whose events can be read."""
    recording_id = owner.given_recording(ndjson({"secret": 1}))
    owner.delivered(recording_id, 1)
    return recording_id


@EVERY_OPERATION
@pytest.mark.parametrize("kind", tokens.ANYWHERE)
def test_bad_credentials_are_refused(
    nobody: User, owner: User, owned: str, operation: Operation, kind: str
) -> None:
    answer = nobody.send(operation, owned, **tokens.ANYWHERE[kind](owner))

    assert answer.status_code in {401, 403}


@pytest.mark.sandbox_only
@EVERY_OPERATION
@pytest.mark.parametrize("kind", tokens.IN_THE_SANDBOX)
def test_tokens_that_the_pool_made_for_something_else_are_refused(
    nobody: User, owner: User, owned: str, sandbox: Sandbox, operation: Operation, kind: str
) -> None:
    token = tokens.IN_THE_SANDBOX[kind](sandbox, owner)

    answer = nobody.send(operation, owned, Authorization=f"Bearer {token}")

    assert answer.status_code in {401, 403}


@pytest.mark.sandbox_only
@pytest.mark.parametrize("operation", OF_USERS, ids=name_of)
def test_a_token_that_the_pool_signed_is_taken(
    nobody: User, owner: User, sandbox: Sandbox, operation: Operation
) -> None:
    """Without this, the test above could pass for a wrong key."""
    token = tokens.signed_by_the_pool(sandbox, owner)

    answer = nobody.send(operation, new_id(), Authorization=f"Bearer {token}")

    assert answer.status_code not in {401, 403}


@pytest.mark.sandbox_only
@EVERY_OPERATION
@pytest.mark.parametrize("kind", ["no token", "alg none", "another subject", "a stranger's key"])
def test_what_is_refused_leaves_no_trace(
    nobody: User, owner: User, owned: str, watch: Watch, operation: Operation, kind: str
) -> None:
    nobody.send(operation, owned, **tokens.ANYWHERE[kind](owner))
    nobody.send(operation, new_id(), **tokens.ANYWHERE[kind](owner))

    assert watch.traces() == Traces()


@pytest.mark.parametrize("operation", OPERATIONS, ids=name_of)
def test_another_user_reads_nothing(other: User, owned: str, operation: Operation) -> None:
    answer = other.send(operation, owned) if operation in READS else None

    assert answer is None or answer.status_code == 404 or owned not in answer.text

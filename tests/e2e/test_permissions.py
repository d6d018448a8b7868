"""Every permission that the program grants is needed: without it something visible fails."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, cast

import httpx
import pytest

from sandbox.cloud import Cloud
from sandbox.server import Sandbox
from tests.e2e.contract import OF_USERS, PROBLEM, Operation, name_of
from tests.e2e.store import Store
from tests.e2e.user import User, eventually, ndjson

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

READER = "read-events"
# A function without them works, and its log is gone.
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}


@contextmanager
def without(cloud: Cloud, role: str, actions: set[str]) -> Generator[None]:
    """Take actions away from a role, and give them back after."""
    iam = cloud.client("iam")
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    document: dict[str, Any] = json.loads(policy) if isinstance(policy, str) else policy
    less = {**document, "Statement": list(_less(document["Statement"], actions))}
    assert less != document, f"{role} never had {actions}"
    try:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(less))
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


def _less(statements: list[dict[str, Any]], actions: set[str]) -> Iterator[dict[str, Any]]:
    for statement in statements:
        granted = statement["Action"]
        left = sorted({granted} if isinstance(granted, str) else set(granted))
        left = [action for action in left if action not in actions]
        yield {**statement, "Action": left or ["sts:GetCallerIdentity"]}


def granted(cloud: Cloud, role: str) -> set[str]:
    iam = cloud.client("iam")
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    document: dict[str, Any] = json.loads(policy) if isinstance(policy, str) else policy
    return {
        action
        for statement in document["Statement"]
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    }


def role_of(sandbox: Sandbox, operation_id: str) -> str:
    """Return the role that the gateway assumes for an operation."""
    return next(
        verb["x-amazon-apigateway-integration"]["credentials"].rsplit("/", 1)[1]
        for item in sandbox.deployed.body["paths"].values()
        for verb in cast("dict[str, Any]", item).values()
        if "operationId" in verb and verb["operationId"] == operation_id
    )


def role_named(cloud: Cloud, name: str) -> str:
    """Return the role whose logical name that is."""
    roles = cloud.client("iam").list_roles()["Roles"]
    (found,) = [one["RoleName"] for one in roles if one["RoleName"].rsplit("-", 1)[0] == name]
    return found


@pytest.mark.parametrize("operation", OF_USERS, ids=name_of)
def test_an_operation_without_its_permission_is_a_502(
    owner: User, sandbox: Sandbox, recording_id: str, operation: Operation
) -> None:
    role = role_of(sandbox, operation.operation_id)
    with without(sandbox.cloud, role, granted(sandbox.cloud, role)):
        refused = owner.send(operation, recording_id)
    healed = owner.send(operation, recording_id)

    assert refused.status_code == 502
    assert healed.status_code in {200, 201, 202, 404}


def test_a_scan_without_its_permission_is_a_502(sandbox: Sandbox, stack: Any) -> None:
    role = role_of(sandbox, "scanRecordings")
    url = f"{stack.api_url}/operator/recordings"
    with without(sandbox.cloud, role, granted(sandbox.cloud, role)):
        refused = httpx.get(url, headers=stack.signature(url))
    healed = httpx.get(url, headers=stack.signature(url))

    assert (refused.status_code, healed.status_code) == (502, 200)


READS = ["s3:ListBucket", "s3:GetObject", "kinesis:GetRecords"]
# Without them a new function reads nothing; a warm one has its iterator already.
TO_START = {"kinesis:ListShards", "kinesis:GetShardIterator"}


def test_the_reader_has_no_permission_that_is_not_tested_here(sandbox: Sandbox) -> None:
    role = role_named(sandbox.cloud, READER)

    tested = {*READS, *TO_START, "dynamodb:GetItem", *LOGS}
    assert granted(sandbox.cloud, role) == tested


@pytest.mark.parametrize("action", READS)
def test_reading_without_a_permission_is_a_502_and_no_empty_recording(
    owner: User, sandbox: Sandbox, store: Store, action: str
) -> None:
    recording_id = owner.given_recording(ndjson({"n": 0, "timestamp": 1}))
    prefix = f"rrweb/recordings/userId={owner.sub}/sessionId={recording_id}/stream/"
    eventually(lambda: store.objects(prefix), lambda found: found != {}, owner.delivery_s)
    path = f"/recordings/{recording_id}/events"
    with without(sandbox.cloud, role_named(sandbox.cloud, READER), {action}):
        refused = eventually(  # at most one more read of the stream may be shared
            lambda: owner.get(path), lambda answer: answer.status_code == 502, 20
        )

    assert refused.headers["Content-Type"] == PROBLEM
    assert owner.read(recording_id).events == [{"n": 0, "timestamp": 1}]


def test_reading_without_the_table_is_a_502_and_no_404(
    owner: User, sandbox: Sandbox, recording_id: str
) -> None:
    with without(sandbox.cloud, role_named(sandbox.cloud, READER), {"dynamodb:GetItem"}):
        refused = owner.get(f"/recordings/{recording_id}/events")

    assert refused.status_code == 502
    assert owner.get(f"/recordings/{recording_id}/events").status_code == 404


@pytest.mark.parametrize(
    ("role", "action"),
    [
        ("events-reader", "kinesis:GetRecords"),
        ("events-writer", "s3:PutObject"),
    ],
)
def test_firehose_delivers_nothing_without_its_permission(
    owner: User, sandbox: Sandbox, store: Store, role: str, action: str
) -> None:
    with without(sandbox.cloud, role_named(sandbox.cloud, role), {action}):
        recording_id = owner.given_recording(ndjson({"n": 0, "timestamp": 1}))
        prefix = f"rrweb/recordings/userId={owner.sub}/sessionId={recording_id}/stream/"
        with pytest.raises(AssertionError, match="not after"):
            eventually(lambda: store.objects(prefix), lambda found: found != {}, 6)

    eventually(lambda: store.objects(prefix), lambda found: found != {}, owner.delivery_s)

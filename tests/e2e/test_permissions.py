"""Every permission that the program grants is needed: without it something visible fails."""

import json

import httpx
import pytest

from sandbox.cloud import Cloud
from sandbox.firehose import DeliveryStream, parse_config
from sandbox.server import Sandbox
from tests.e2e.contract import BY_ID, OF_USERS, OPERATIONS, PROBLEM, Operation, name_of
from tests.e2e.permissions import Permission, granted, role_of, roles, without
from tests.e2e.stack import SPEED, Stack
from tests.e2e.store import Store, Traces, Watch, raw_envelope, recording_prefix
from tests.e2e.user import User, eventually, ndjson, new_id

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

EVENT = {"n": 0, "timestamp": 1}

BUCKET, RECORDINGS, FAILED = (
    f"recordings{rest}" for rest in ("", "/rrweb/recordings/*", "/rrweb/failed/*")
)
STREAM, TABLE = "stream/events", "table/recordings-by-owner"

READER_OF_THE_TABLE = Permission("read-events", "dynamodb:GetItem", TABLE)
READER_ALWAYS = [
    READER_OF_THE_TABLE,
    Permission("read-events", "s3:ListBucket", BUCKET),
    Permission("read-events", "s3:GetObject", RECORDINGS),
    Permission("read-events", "kinesis:GetRecords", STREAM),
]
READER_OF_ASSETS = Permission("read-events", "s3:GetObject", f"{BUCKET}/rrweb/assets/siteKey=*")
READER_OF_COPIES = Permission("read-events", "s3:GetObject", f"{BUCKET}/rrweb/kept/*")
READER_AT_ITS_START = [
    Permission("read-events", "kinesis:ListShards", STREAM),
    Permission("read-events", "kinesis:GetShardIterator", STREAM),
]
FIREHOSE_ALWAYS = [
    Permission("events-reader", "kinesis:GetRecords", STREAM),
    Permission("events-writer", "s3:PutObject", RECORDINGS),
]
FIREHOSE_OF_WHAT_IT_CANNOT_PLACE = Permission("events-writer", "s3:PutObject", FAILED)
FIREHOSE_AT_ITS_START = [
    Permission("events-reader", "kinesis:ListShards", STREAM),
    Permission("events-reader", "kinesis:GetShardIterator", STREAM),
]

# The sandbox's Firehose needs less than AWS's, whose documentation asks for all of these, and the
# function's log is written by MiniStack itself.
# https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
UNSEEN = {
    Permission("events-reader", "kinesis:DescribeStream", STREAM),
    Permission("events-writer", "s3:GetBucketLocation", BUCKET),
    Permission("events-writer", "s3:ListBucket", BUCKET),
    Permission("events-writer", "s3:ListBucketMultipartUploads", BUCKET),
    Permission("events-writer", "s3:AbortMultipartUpload", RECORDINGS),
    Permission("events-writer", "s3:AbortMultipartUpload", FAILED),
    Permission("events-writer", "s3:GetObject", RECORDINGS),
    Permission("events-writer", "s3:GetObject", FAILED),
    Permission("events-writer", "logs:PutLogEvents", "log-group:events:log-stream:delivery"),
    Permission("read-events", "logs:CreateLogStream", "log-group:read-events:*"),
    Permission("read-events", "logs:PutLogEvents", "log-group:read-events:*"),
}


# Their tests in tests/components/store have those of the state machines.
MACHINES = {"erasure", "keeping"}
SERVED = [one for one in OPERATIONS if one.is_served]


def ask(stack: Stack, sandbox: Sandbox, operation: Operation, recording_id: str) -> httpx.Response:
    """Return the answer to the right user, to a watcher or to the operator."""
    if operation.is_for_users:
        return stack.owner.send(operation, recording_id)
    if operation.is_for_watchers:
        token = sandbox.id_token("watcher", ["site-demo", "site-demo-admin"])
        return stack.owner.send(operation, recording_id, Authorization=f"Bearer {token}")
    return stack.owner.send(
        operation, recording_id, **stack.signature(f"{stack.api_url}{operation.path}")
    )


def test_every_permission_is_tested_here_or_said_to_be_unseen(sandbox: Sandbox) -> None:
    of_operations = {role_of(sandbox, operation) for operation in SERVED} | set(OF_VISITORS)

    all_of_them = {one for role in roles(sandbox.cloud) for one in granted(sandbox.cloud, role)}

    assert {one for one in all_of_them if one.role not in {*of_operations, *MACHINES}} == {
        *READER_ALWAYS,
        *READER_AT_ITS_START,
        READER_OF_ASSETS,
        READER_OF_COPIES,
        *FIREHOSE_ALWAYS,
        FIREHOSE_OF_WHAT_IT_CANNOT_PLACE,
        *FIREHOSE_AT_ITS_START,
        *UNSEEN,
    }


READERS_OF_OBJECTS = [
    one for one in OF_USERS if one.is_of_an_asset and one.is_read and one.goes_to_s3
]
LISTS = [BY_ID["listRecordings"], BY_ID["listSiteRecordings"]]
# What a list asks each index of the table for.
OF_INDEXES: dict[str, dict[str, str]] = {
    "newestFirst": {},
    "byVisitor": {"visitor": "v"},
    "troubled": {"errors": "true"},
}


def test_every_operation_has_a_role_of_its_own_with_one_permission(sandbox: Sandbox) -> None:
    names = {role_of(sandbox, operation): operation for operation in SERVED}

    assert len(names) == len(SERVED)
    for name, operation in names.items():
        besides = {Permission(name, "s3:ListBucket", BUCKET)}
        own = granted(sandbox.cloud, name) - besides
        assert len(own) == (len(OF_INDEXES) if operation in LISTS else 1)
        assert len({one.action for one in own}) == 1
        assert (besides <= granted(sandbox.cloud, name)) == (operation in READERS_OF_OBJECTS)


@pytest.mark.parametrize("operation", LISTS, ids=name_of)
@pytest.mark.parametrize("index", OF_INDEXES)
def test_a_list_without_the_permission_for_an_index_cannot_read_that_index_alone(
    stack: Stack, sandbox: Sandbox, operation: Operation, index: str
) -> None:
    token = sandbox.id_token("watcher", ["site-demo"])
    url, headers = stack.api_url + operation.target(""), {"Authorization": f"Bearer {token}"}

    taken = Permission(role_of(sandbox, operation), "dynamodb:Query", f"{TABLE}/index/{index}")
    with without(sandbox.cloud, taken):
        answers = {
            name: httpx.get(url, params=query, headers=headers).status_code
            for name, query in OF_INDEXES.items()
        }

    assert answers == {name: 502 if name == index else 200 for name in OF_INDEXES}


@pytest.mark.parametrize("operation", READERS_OF_OBJECTS, ids=name_of)
def test_an_object_that_is_missing_is_a_404_only_with_the_permission_to_know(
    stack: Stack, sandbox: Sandbox, recording_id: str, operation: Operation
) -> None:
    listing = Permission(role_of(sandbox, operation), "s3:ListBucket", BUCKET)
    with without(sandbox.cloud, listing):
        assert stack.other.send(operation, recording_id).status_code == 502

    assert stack.other.send(operation, recording_id).status_code == 404


@pytest.mark.parametrize("operation", SERVED, ids=name_of)
def test_an_operation_without_its_permission_is_a_502_and_does_nothing(
    stack: Stack, sandbox: Sandbox, recording_id: str, watch: Watch, operation: Operation
) -> None:
    with without(sandbox.cloud, *granted(sandbox.cloud, role_of(sandbox, operation))):
        refused = ask(stack, sandbox, operation, recording_id)

    assert refused.status_code == 502
    assert operation.method == "HEAD" or refused.headers["Content-Type"] == PROBLEM
    assert watch.traces() == Traces()
    assert ask(stack, sandbox, operation, recording_id).status_code in {200, 201, 202, 404}


# What a visitor sends, by the role that it goes through, and the refusal without a permission.
# Where no template runs, S3 says 403 as it does of a name that the role does not allow.
OF_VISITORS = {
    "create-site-recording": ("POST", "/recordings/{id}", b"{}", 502),
    "put-site-facts": ("POST", "/recordings/{id}/facts", b'{"clicks":1}', 502),
    "append-site-events": ("POST", "/recordings/{id}/events/000000000", b"{}", 400),
    "put-site-asset": ("POST", f"/assets/{'0' * 64}", b"x", 400),
    "head-site-asset": ("HEAD", f"/assets/{'0' * 64}", b"", 403),
}


@pytest.mark.parametrize("role", OF_VISITORS)
def test_a_visitor_without_the_roles_permission_is_refused_and_stores_nothing(
    stack: Stack, sandbox: Sandbox, recording_id: str, watch: Watch, role: str
) -> None:
    verb, path, body, status = OF_VISITORS[role]
    url = stack.exports["sites"]["demo"]["writeUrl"] + path.format(id=recording_id)

    with without(sandbox.cloud, *granted(sandbox.cloud, role)):
        refused = httpx.request(verb, url, content=body, headers={"Content-Type": "text/plain"})

    assert refused.status_code == status
    assert watch.traces() == Traces()


def test_reading_an_asset_of_a_site_without_the_permission_is_a_502(
    stack: Stack, sandbox: Sandbox, recording_id: str
) -> None:
    with without(sandbox.cloud, READER_OF_ASSETS):
        refused = ask(stack, sandbox, BY_ID["getSiteAsset"], recording_id)

    assert refused.status_code == 502
    assert ask(stack, sandbox, BY_ID["getSiteAsset"], recording_id).status_code == 404


def test_reading_a_copy_without_the_permission_is_a_502(owner: User, sandbox: Sandbox) -> None:
    recording_id = owner.given_recording()

    with without(sandbox.cloud, READER_OF_COPIES):
        refused = owner.send(BY_ID["getKeptAsset"], recording_id)

    assert refused.status_code == 502
    assert owner.send(BY_ID["getKeptAsset"], recording_id).status_code == 404


def stored_recording(owner: User, store: Store) -> str:
    """Return a recording whose one event Firehose has brought."""
    recording_id = owner.given_recording(ndjson(EVENT))
    prefix = recording_prefix(owner, recording_id)
    eventually(lambda: store.objects(prefix), bool, owner.delivery_s)
    return recording_id


def refusal(owner: User, recording_id: str) -> httpx.Response:
    """Return the 502 that reading comes to; answers may be shared for a moment."""
    path = f"/recordings/{recording_id}/events"
    return eventually(lambda: owner.get(path), lambda answer: answer.status_code == 502, 20)


@pytest.mark.parametrize("permission", READER_ALWAYS, ids=lambda one: one.action)
def test_reading_without_a_permission_is_a_502_and_no_empty_recording(
    owner: User, sandbox: Sandbox, store: Store, permission: Permission
) -> None:
    recording_id = stored_recording(owner, store)

    with without(sandbox.cloud, permission):
        refused = refusal(owner, recording_id)

    assert refused.headers["Content-Type"] == PROBLEM
    assert owner.read(recording_id).events == [EVENT]


@pytest.mark.parametrize("permission", READER_AT_ITS_START, ids=lambda one: one.action)
def test_a_function_that_starts_without_a_permission_is_a_502(
    owner: User, sandbox: Sandbox, store: Store, permission: Permission
) -> None:
    recording_id = stored_recording(owner, store)

    with without(sandbox.cloud, permission):
        start_anew(sandbox.cloud)
        refused = refusal(owner, recording_id)

    assert refused.headers["Content-Type"] == PROBLEM
    assert owner.read(recording_id).events == [EVENT]


def start_anew(cloud: Cloud) -> None:
    """End the containers of the function: any of its settings that is set does that."""
    functions = cloud.client("lambda")
    (one,) = functions.list_functions()["Functions"]
    functions.update_function_configuration(
        FunctionName=one["FunctionName"], MemorySize=one["MemorySize"]
    )


def test_reading_without_the_table_is_a_502_and_no_404(
    owner: User, sandbox: Sandbox, recording_id: str
) -> None:
    with without(sandbox.cloud, READER_OF_THE_TABLE):
        refused = owner.get(f"/recordings/{recording_id}/events")

    assert (refused.status_code, refused.headers["Content-Type"]) == (502, PROBLEM)
    assert owner.get(f"/recordings/{recording_id}/events").status_code == 404


def await_refusal(sandbox: Sandbox, action: str) -> None:
    """Wait until Firehose was refused the action, once more than before."""
    said = sandbox.delivery_stream.status().last_error
    eventually(
        lambda: sandbox.delivery_stream.status().last_error,
        lambda now: now != said and action.split(":")[1] in (now or ""),
        30,
    )


@pytest.mark.parametrize("permission", FIREHOSE_ALWAYS, ids=lambda one: one.action)
def test_firehose_delivers_nothing_without_its_permission_and_all_with_it(
    owner: User, sandbox: Sandbox, store: Store, permission: Permission
) -> None:
    with without(sandbox.cloud, permission):
        recording_id = owner.given_recording(ndjson(EVENT))
        prefix = recording_prefix(owner, recording_id)
        await_refusal(sandbox, permission.action)
        await_refusal(sandbox, permission.action)
        early = store.objects(prefix)

    eventually(lambda: store.objects(prefix), bool, owner.delivery_s)
    assert early == {}
    assert store.delivered(owner, recording_id) == [EVENT]


def test_a_record_that_cannot_be_placed_waits_for_its_permission(
    sandbox: Sandbox, store: Store
) -> None:
    strange = {"neither": new_id()}

    def failed() -> list[object]:
        keys = store.objects("rrweb/failed/")
        return [raw_envelope(line) for key in keys for line in store.lines(key)]

    with without(sandbox.cloud, FIREHOSE_OF_WHAT_IT_CANNOT_PLACE):
        sandbox.cloud.client("kinesis").put_record(
            StreamName=sandbox.exports["streamName"],
            Data=json.dumps(strange).encode(),
            PartitionKey="strange",
        )
        await_refusal(sandbox, FIREHOSE_OF_WHAT_IT_CANNOT_PLACE.action)
        early = failed()

    assert strange not in early
    eventually(failed, lambda found: strange in found, 40)


@pytest.mark.parametrize("permission", FIREHOSE_AT_ITS_START, ids=lambda one: one.action)
def test_a_firehose_that_starts_without_a_permission_reads_nothing(
    owner: User, sandbox: Sandbox, permission: Permission
) -> None:
    (inputs,) = sandbox.deployed.delivery_streams
    firehose = DeliveryStream(parse_config(inputs), sandbox.cloud.client_for, speed=SPEED)
    owner.given_recording(ndjson(EVENT))

    with without(sandbox.cloud, permission):
        firehose.run_once()
        refused = firehose.status()

    assert (
        refused.records_read,
        permission.action.split(":")[1] in (refused.last_error or ""),
    ) == (0, True)
    eventually(lambda: firehose.run_once() or firehose.status().records_read, bool, 20)

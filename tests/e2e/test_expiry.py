"""What has expired is gone for every reader, whether AWS has deleted it or not.

Against a deployed stack it needs credentials that may update items of its table.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import boto3
import pytest

from tests.e2e.stack import Stack
from tests.e2e.user import User, eventually, ndjson

pytestmark = pytest.mark.e2e

PICTURE = {"Content-Type": "image/png"}


@pytest.fixture
def dynamodb(request: pytest.FixtureRequest, stack: Stack) -> Any:
    """Return a client of DynamoDB, past the API."""
    if "STACK" not in os.environ:
        return request.getfixturevalue("sandbox").cloud.client("dynamodb")
    client = cast("Callable[..., Any]", boto3.client)
    return client("dynamodb", region_name=stack.exports["region"])


@pytest.fixture
def recording_id(owner: User, stack: Stack, dynamodb: Any) -> Iterator[str]:
    """Return a recording with a picture and an event; DynamoDB deletes it in no later test."""
    recording_id = owner.given_recording(ndjson({"n": 0, "timestamp": 1}))
    picture = owner.http.put(
        f"{owner.api_url}/recordings/{recording_id}/screenshot", content=b"x", headers=PICTURE
    )
    assert picture.status_code == 200
    eventually(lambda: owner.read(recording_id).events, bool, owner.delivery_s)
    yield recording_id
    dynamodb.delete_item(TableName=stack.exports["tableName"], Key=key_of(owner, recording_id))


def statuses(user: User, recording_id: str) -> list[int]:
    """Return what readers of the events and of the picture get."""
    path = f"{user.api_url}/recordings/{recording_id}"
    return [
        user.http.get(f"{path}/events").status_code,
        user.http.get(f"{path}/screenshot", headers={"Accept": "image/png"}).status_code,
    ]


def expire(dynamodb: Any, stack: Stack, user: User, recording_id: str) -> None:
    dynamodb.update_item(
        TableName=stack.exports["tableName"],
        Key=key_of(user, recording_id),
        UpdateExpression="SET expiresAt = :now",
        ExpressionAttributeValues={":now": {"N": str(int(time.time()) - 1)}},
    )


def key_of(user: User, recording_id: str) -> dict[str, dict[str, str]]:
    return {"owner": {"S": f"user#{user.sub}"}, "recordingId": {"S": recording_id}}


def test_an_expired_recording_is_gone_though_all_of_it_is_there(
    owner: User, stack: Stack, dynamodb: Any, recording_id: str
) -> None:
    cursor = owner.read(recording_id).cursor
    assert statuses(owner, recording_id) == [200, 200]

    expire(dynamodb, stack, owner, recording_id)

    assert statuses(owner, recording_id) == [404, 404]
    assert owner.get(f"/recordings/{recording_id}/events", cursor=cursor).status_code == 404


def test_so_it_is_when_its_item_has_been_deleted(
    owner: User, stack: Stack, dynamodb: Any, recording_id: str
) -> None:
    dynamodb.delete_item(TableName=stack.exports["tableName"], Key=key_of(owner, recording_id))

    assert statuses(owner, recording_id) == [404, 404]


def test_events_stored_long_before_a_recording_was_created_are_not_its_own(
    owner: User, stack: Stack, dynamodb: Any, recording_id: str
) -> None:
    in_a_day_ms = int(time.time() * 1000) + 86_400_000
    dynamodb.update_item(
        TableName=stack.exports["tableName"],
        Key=key_of(owner, recording_id),
        UpdateExpression="SET createdAtMs = :later",
        ExpressionAttributeValues={":later": {"N": str(in_a_day_ms)}},
    )

    assert statuses(owner, recording_id) == [200, 404]
    assert owner.read(recording_id).events == []


def test_a_recording_can_be_read_as_soon_as_it_was_created(owner: User) -> None:
    found = [
        owner.get(f"/recordings/{owner.given_recording()}/events").status_code for _ in range(20)
    ]

    assert found == [200] * 20

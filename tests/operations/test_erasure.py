"""What an operator starts, and what another look finds."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from operations.erasure import Erasures, Left, NotErasedError, main
from tests.moto_account import client, moto_account

REGION, TABLE, BUCKET = "eu-west-1", "recordings-by-owner", "recordings"
OUTPUTS = {
    "region": REGION,
    "bucketName": BUCKET,
    "tableName": TABLE,
    "sites": {"shop": {"writeUrl": "https://api.example/v1/w/wk_a"}},
}
NOTHING = Left(objects=0, recordings=0, unsorted=0)


@pytest.fixture
def erasures(monkeypatch: pytest.MonkeyPatch) -> Iterator[Erasures]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with moto_account():
        states, s3, dynamodb = map(client, ("stepfunctions", "s3", "dynamodb"))
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        dynamodb.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=keys("owner", "recordingId"),
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kind}
                for name, kind in (
                    *(("owner", "S"), ("recordingId", "S")),
                    *(("createdAtMs", "N"), ("ownerVisitor", "S")),
                )
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": index,
                    "KeySchema": keys(partition, "createdAtMs"),
                    "Projection": {"ProjectionType": "ALL"},
                }
                for index, partition in (("newestFirst", "owner"), ("byVisitor", "ownerVisitor"))
            ],
        )
        machine = states.create_state_machine(
            name="erasure",
            definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}),
            roleArn="arn:aws:iam::123456789012:role/erasure",
        )["stateMachineArn"]
        yield Erasures(
            states=states, s3=s3, dynamodb=dynamodb, bucket=BUCKET, table=TABLE, machine=machine
        )


def keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def certified(erasures: Erasures, **members: Any) -> dict[str, Any]:
    """Return a certificate that is in the bucket."""
    certificate = {
        "executionId": "1-a",
        "askedAtMs": 1000,
        "recordings": 1,
        "removed": {"batch": {"objects": 3, "bytes": 9}},
        **members,
    }
    key = "rrweb/erasures/1970/1-a.json"
    erasures.s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(certificate))
    return certificate


def put(erasures: Erasures, owner: str, recording_id: str, **members: dict[str, str]) -> None:
    item = {"owner": {"S": owner}, "recordingId": {"S": recording_id}, **members}
    erasures.dynamodb.put_item(TableName=TABLE, Item=item)


def test_nothing_is_left_of_a_recording(erasures: Erasures) -> None:
    certified(erasures, owner="user#u", recordingId="r")
    put(erasures, "user#u", "r", erasureId={"S": "1-a"})
    erasures.s3.put_object(
        Bucket=BUCKET, Key="rrweb/recordings/userId=u/sessionId=r2/screenshot", Body=b"x"
    )

    assert erasures.left(erasures.certificate("1-a")) == NOTHING


@pytest.mark.parametrize(
    ("owner", "space"), [("user#u", "userId=u"), ("site#shop", "siteKey=wk_old")]
)
def test_a_copy_of_a_kept_recording_is_found(erasures: Erasures, owner: str, space: str) -> None:
    certificate = certified(erasures, owner=owner, recordingId="r")
    for recording_id in ("r", "r2"):
        key = f"rrweb/kept/{space}/sessionId={recording_id}/asset/a"
        erasures.s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")

    assert erasures.left(certificate) == Left(objects=1, recordings=0, unsorted=0)


def test_what_firehose_could_not_place_is_counted_for_a_user(erasures: Erasures) -> None:
    erasures.s3.put_object(Bucket=BUCKET, Key="rrweb/failed/x/2026/01/01/a", Body=b"x")
    of_user = certified(erasures, owner="user#u", recordingId="r")

    assert erasures.left(of_user) == Left(objects=0, recordings=0, unsorted=1)
    assert erasures.left({**of_user, "owner": "site#shop"}) == NOTHING  # a site has no stream


def test_a_certificate_is_found_by_its_id_alone(
    erasures: Erasures, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "rrweb/erasures/2026/1790000000000-0f.json"
    erasures.s3.put_object(Bucket=BUCKET, Key=key, Body=b'{"executionId": "1790000000000-0f"}')
    monkeypatch.setattr(erasures.s3, "list_objects_v2", None)
    monkeypatch.setattr(erasures.s3, "get_paginator", None)

    assert erasures.certificate("1790000000000-0f") == {"executionId": "1790000000000-0f"}


@pytest.mark.parametrize("erasure_id", ["", "a", "../1-a", "1-a/../../x", "9" * 14 + "-a", "1-a\n"])
def test_what_is_no_id_of_an_erasure_is_refused(erasures: Erasures, erasure_id: str) -> None:
    with pytest.raises(NotErasedError, match="no id of an erasure"):
        erasures.certificate(erasure_id)


def test_an_object_that_came_late_is_found(erasures: Erasures) -> None:
    certificate = certified(erasures, owner="user#u", recordingId="r")
    erasures.s3.put_object(
        Bucket=BUCKET, Key="rrweb/recordings/userId=u/sessionId=r/stream/late.gz", Body=b"x"
    )

    assert erasures.left(certificate) == Left(objects=1, recordings=0, unsorted=0)


def test_a_recording_of_a_visitor_is_found_under_any_key_and_in_the_index(
    erasures: Erasures,
) -> None:
    certificate = certified(erasures, owner="site#shop", subject="visitor/v")
    put(erasures, "site#shop", "r1", erasureId={"S": "1-a"})
    put(
        erasures,
        "site#shop",
        "r2",
        createdAtMs={"N": "999"},
        ownerVisitor={"S": "site#shop#v"},
    )
    put(
        erasures,
        "site#shop",
        "later",
        createdAtMs={"N": "1001"},
        ownerVisitor={"S": "site#shop#v"},
    )
    erasures.s3.put_object(
        Bucket=BUCKET,
        Key="rrweb/recordings/siteKey=wk_old/sessionId=r1/batch/000000000",
        Body=b"x",
    )

    assert erasures.left(certificate) == Left(objects=1, recordings=1, unsorted=0)


def test_an_erasure_without_a_certificate_is_not_verified(erasures: Erasures) -> None:
    with pytest.raises(NotErasedError, match=r"^there is no certificate of 2-b: the erasure has"):
        erasures.certificate("2-b")


@pytest.mark.parametrize("owner", ["user#", "user#root", "site#", "site#A", "shop", "user#*"])
def test_what_is_no_owner_is_not_erased(erasures: Erasures, owner: str) -> None:
    with pytest.raises(NotErasedError, match=r" is no user and no site$"):
        erasures.erase(owner, [], "operator")


def test_the_command_starts_the_machine_for_all_of_a_site(
    erasures: Erasures, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({**OUTPUTS, "erasureMachine": erasures.machine}))
    options = ["--outputs", str(outputs), "erase", "--site"]

    codes = [main([*options, "shop"]), main([*options, "blog"])]

    said = capsys.readouterr()
    assert codes == [0, 1]
    assert said.err == "erasure: the stack has no site 'blog'\n"
    (execution,) = erasures.states.list_executions(stateMachineArn=erasures.machine)["executions"]
    assert execution["name"] == said.out.strip()
    described = erasures.states.describe_execution(executionArn=execution["executionArn"])
    given = json.loads(described["input"])
    assert {name: given[name] for name in ("owner", "subject", "index", "value", "siteKeys")} == {
        "owner": "site#shop",
        "subject": "site/shop",
        "index": "newestFirst",
        "value": "site#shop",
        "siteKeys": ["wk_a"],
    }


def test_the_command_says_what_is_left(
    erasures: Erasures, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({**OUTPUTS, "erasureMachine": erasures.machine}))
    certified(erasures, owner="user#u", recordingId="r")

    code = main(["--outputs", str(outputs), "verify", "1-a"])

    assert (code, capsys.readouterr().out) == (
        0,
        "1 recordings and 3 objects were removed\n0 recordings and 0 objects are left\n",
    )

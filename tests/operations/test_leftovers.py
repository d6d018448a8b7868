"""What is left of a stack is found by its tags, and only what expired is removed."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import boto3
import pytest
from moto import mock_aws

from operations import leftovers
from operations.leftovers import Tagged, destroy, expired, left_of, main, tagged

REGION = "eu-west-1"


class Account(NamedTuple):
    s3: Any
    iam: Any
    tagging: Any

    def bucket(self, name: str, **tags: str) -> None:
        place = {"LocationConstraint": REGION}
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
        self.s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs(tags)})

    def role(self, name: str, **tags: str) -> None:
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}", Tags=pairs(tags))

    def found(self) -> Iterator[Tagged]:
        return tagged(self.tagging, self.iam)


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key.replace("_", "-"), "Value": value} for key, value in tags.items()]


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        session = boto3.Session(region_name=REGION)
        made: list[Any] = [
            session.client(name) for name in ("s3", "iam", "resourcegroupstaggingapi")
        ]
        yield Account(*made)


def of(stack: str, **more: str) -> dict[str, str]:
    return {"project": "rrweb-store", "stack": stack, **more}


def test_what_is_left_is_listed_roles_too_and_it_fails(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.bucket("bucket-a", **of("pr-12"))
    account.bucket("bucket-b", **of("pr-1"))
    account.bucket("bucket-c", project="another", stack="pr-12")
    account.role("d", **of("pr-12"))

    code = main(["check", "--stack", "pr-12", "--patience", "0"])

    assert code == 1
    assert [line.rsplit(":", 1)[1] for line in capsys.readouterr().out.splitlines()] == [
        "",
        "role/d",
        "bucket-a",
    ]


def test_nothing_left_is_said(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.bucket("bucket-a", **of("dev"))

    assert main(["check", "--stack", "pr-12", "--patience", "0"]) == 0
    assert capsys.readouterr().out == "nothing is left of pr-12\n"
    assert left_of("dev", account.found()) == ["arn:aws:s3:::bucket-a"]


def test_only_an_ephemeral_stack_whose_day_has_passed_is_expired(account: Account) -> None:
    account.bucket("bucket-a", **of("pr-1", expires_on="2026-11-23"))
    account.role("a", **of("pr-1", expires_on="2026-11-23"))
    account.bucket("bucket-b", **of("pr-2", expires_on="2026-11-24"))
    account.bucket("bucket-c", **of("prod", expires_on="2026-01-01"))
    account.bucket("bucket-d", **of("pr-3"))

    assert expired(account.found(), date(2026, 11, 24)) == ["pr-1"]


def test_the_janitor_destroys_each_and_says_when_one_would_not_go(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.bucket("bucket-a", **of("pr-1", expires_on="2020-01-01"))
    account.bucket("bucket-b", **of("pr-2", expires_on="2020-01-01"))
    asked: list[str] = []

    def unwilling(stack: str) -> bool:
        asked.append(stack)
        return stack != "pr-1"

    monkeypatch.setattr(leftovers, "destroy", unwilling)

    assert main(["janitor"]) == 1
    assert asked == ["pr-1", "pr-2"]


class Ended(NamedTuple):
    returncode: int


@pytest.mark.parametrize(("code", "commands"), [(0, 2), (1, 1)])
def test_a_stack_is_forgotten_only_when_it_is_gone(code: int, commands: int) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> Ended:
        ran.append(command)
        return Ended(code)

    assert destroy("pr-7", run) is (code == 0)
    assert (
        ran
        == [
            ["pulumi", "destroy", "--yes", "--stack", "pr-7"],
            ["pulumi", "stack", "rm", "--yes", "pr-7"],
        ][:commands]
    )

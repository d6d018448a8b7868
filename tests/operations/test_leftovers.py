"""What is left of a stack is told from what is another's, and only what expired is removed."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pytest

from operations import leftovers
from operations.leftovers import Account, Tagged, destroy, expired, left_of, main


class Pages:
    """A client that has one page of each list."""

    def __init__(self, **pages: Any) -> None:
        self._pages = pages

    def get_paginator(self, name: str) -> Any:
        page = self._pages[name]

        class Paginator:
            def paginate(self, **_: Any) -> list[Any]:
                return [page]

        return Paginator()

    def list_role_tags(self, RoleName: str) -> Any:  # noqa: N803 - AWS's name
        return {"Tags": pairs(self._pages["tags"][RoleName])}


class CloudFront:
    """Lists that come in two pages, each of one."""

    def list_origin_access_controls(self, Marker: str = "") -> Any:  # noqa: N803 - AWS's name
        one = {"Id": f"E{Marker or 1}", "Description": "rrweb-store pr-12"}
        more = {} if Marker else {"NextMarker": "2"}
        return {"OriginAccessControlList": {"Items": [one], **more}}

    def list_response_headers_policies(self, Type: str) -> Any:  # noqa: N803 - AWS's name
        config = {"Name": "somebody-s"}  # without any comment
        one = {"ResponseHeadersPolicy": {"Id": Type, "ResponseHeadersPolicyConfig": config}}
        return {"ResponseHeadersPolicyList": {"Items": [one]}}

    def list_functions(self, Stage: str) -> Any:  # noqa: N803 - AWS's name
        assert Stage == "DEVELOPMENT"
        return {"FunctionList": {"Quantity": 0}}


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def resources(**by_arn: dict[str, str]) -> Pages:
    listed = [{"ResourceARN": arn, "Tags": pairs(tags)} for arn, tags in by_arn.items()]
    return Pages(get_resources={"ResourceTagMappingList": listed})


def of(stack: str, expires_on: str = "") -> dict[str, str]:
    until = {"expires-on": expires_on} if expires_on else {}
    return {"project": "rrweb-store", "stack": stack, **until}


def account() -> Account:
    roles = [{"RoleName": name, "Arn": f"role/{name}"} for name in ("a", "b", "c")]
    boards = [
        {"DashboardName": name, "DashboardArn": f"dashboard/{name}"}
        for name in (
            "rrweb-store-pr-12-watch-board",
            "rrweb-store-pr-123-watch-board",
            "rrweb-store-pr-12-watch-board-sales",
        )
    ]
    return Account(
        tagging=resources(bucket=of("pr-12"), other=of("pr-1")),
        tagging_globally=resources(bucket=of("pr-12"), distribution=of("pr-12")),
        iam=Pages(
            list_roles={"Roles": roles},
            tags={"a": of("pr-12"), "b": {"project": "another", "stack": "pr-12"}, "c": {}},
        ),
        cloudfront=CloudFront(),
        cloudwatch=Pages(list_dashboards={"DashboardEntries": boards}),
    )


def test_what_is_left_is_found_everywhere_and_named_once() -> None:
    assert left_of("pr-12", account().found()) == [
        "CloudFront origin access control E1",
        "CloudFront origin access control E2",
        "bucket",
        "dashboard/rrweb-store-pr-12-watch-board",
        "distribution",
        "role/a",
    ]


def test_a_stack_whose_name_begins_alike_has_left_nothing() -> None:
    assert left_of("pr-123", account().found()) == ["dashboard/rrweb-store-pr-123-watch-board"]
    assert left_of("pr", account().found()) == []


def test_only_an_ephemeral_stack_whose_day_has_passed_is_expired() -> None:
    found = [
        Tagged("a", of("pr-1", expires_on="2026-11-23")),
        Tagged("b", of("pr-1", expires_on="2026-11-23")),
        Tagged("c", of("pr-2", expires_on="2026-11-24")),
        Tagged("d", of("prod", expires_on="2026-01-01")),
        Tagged("e", of("pr-3")),
    ]

    assert expired(iter(found), date(2026, 11, 24)) == ["pr-1"]


def test_the_janitor_destroys_each_and_says_when_one_would_not_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def unwilling(stack: str) -> bool:
        asked.append(stack)
        return stack != "pr-1"

    found = [Tagged("a", of(stack, expires_on="2020-01-01")) for stack in ("pr-1", "pr-2")]
    monkeypatch.setattr(leftovers, "destroy", unwilling)

    def expired_ones(_: Account) -> Iterator[Tagged]:
        yield from found

    monkeypatch.setattr(Account, "found", expired_ones)

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

"""The search for leftovers of a stack, and the removal of expired stacks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from operations import leftovers
from operations.leftovers import Account, Expired, Tagged, destroy, expired, left_of, main


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
        if RoleName not in self._pages["tags"]:
            raise refusal("NoSuchEntity")
        return {"Tags": pairs(self._pages["tags"][RoleName])}


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "AnyOperation")


class CloudFront:
    """Lists of two pages with one item each."""

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
        one: dict[str, Any] = {"Name": "somebody-s", "FunctionConfig": {}}  # without any comment
        return {"FunctionList": {"Items": [one]}}


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def resources(**by_arn: dict[str, str]) -> Pages:
    listed = [{"ResourceARN": arn, "Tags": pairs(tags)} for arn, tags in by_arn.items()]
    return Pages(get_resources={"ResourceTagMappingList": listed})


def of(stack: str, expires_on: str = "") -> dict[str, str]:
    until = {"expires-on": expires_on} if expires_on else {}
    return {"project": "rrweb-store", "stack": stack, **until}


def account() -> Account:
    # The last one is deleted before its tags are read.
    roles = [
        {"RoleName": name, "Arn": f"role/{name}", "CreateDate": datetime(2026, 11, 20, tzinfo=UTC)}
        for name in ("a", "b", "c", "gone")
    ]
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


def test_leftovers_are_found_in_every_list_and_named_once() -> None:
    assert left_of("pr-12", account().found()) == [
        "CloudFront origin access control E1",
        "CloudFront origin access control E2",
        "bucket",
        "dashboard/rrweb-store-pr-12-watch-board",
        "distribution",
        "role/a",
    ]


def test_a_stack_with_the_same_prefix_has_no_leftovers() -> None:
    assert left_of("pr-123", account().found()) == ["dashboard/rrweb-store-pr-123-watch-board"]
    assert left_of("pr", account().found()) == []


TODAY = date(2026, 11, 24)
LONG_AGO, LATELY = date(2026, 11, 9), date(2026, 11, 23)


def test_only_an_ephemeral_stack_after_its_last_day_is_expired() -> None:
    found = [
        Tagged("a", of("pr-1", expires_on="2026-11-23")),
        Tagged("b", of("pr-1", expires_on="2026-11-23")),
        Tagged("c", of("pr-2", expires_on="2026-11-24")),
        Tagged("d", of("prod", expires_on="2026-01-01"), LONG_AGO),
        Tagged("e", of("pr-3")),
        Tagged("f", of("pr-x", expires_on="2026-01-01")),
        Tagged("g", of("pr-4/../prod", expires_on="2026-01-01")),
    ]

    assert expired(found, TODAY) == Expired(stacks=["pr-1"], unread=[])


@pytest.mark.parametrize("written", ["soon", "", "2026-13-01", "99999-01-01", "x" * 256])
def test_an_invalid_day_is_reported_and_stops_no_other_stack(written: str) -> None:
    found = [
        Tagged("a", {**of("pr-1"), "expires-on": written}),
        Tagged("b", of("pr-2", expires_on="2026-11-23")),
    ]

    assert expired(found, TODAY) == Expired(
        stacks=["pr-2"], unread=[f"pr-1: expires-on of a is not a day: {written[:40]!r}"]
    )


@pytest.mark.parametrize("written", ["2999-01-01", "2026-12-24", "soon", None])
@pytest.mark.parametrize(("made", "stacks"), [(LONG_AGO, ["pr-1"]), (LATELY, [])])
def test_no_stack_outlives_its_oldest_role_by_more_than_fourteen_days(
    written: str | None, made: date, stacks: list[str]
) -> None:
    until = {} if written is None else {"expires-on": written}
    found = [
        Tagged("bucket", {**of("pr-1"), **until}),
        Tagged("new", of("pr-1"), date(2026, 11, 24)),
        Tagged("role", {**of("pr-1"), **until}, made),
    ]

    assert expired(found, TODAY).stacks == stacks


def test_the_limit_does_not_extend_a_stack_s_life() -> None:
    found = [Tagged("role", of("pr-1", expires_on="2026-11-23"), LATELY)]

    assert expired(found, TODAY).stacks == ["pr-1"]


def test_a_distant_day_of_a_stack_without_a_role_is_reported() -> None:
    found = [
        Tagged("a", of("pr-1", expires_on="2026-12-09")),
        Tagged("b", of("pr-2", expires_on="2026-12-08")),
    ]

    assert expired(found, TODAY) == Expired(
        stacks=[], unread=["pr-1: expires-on 2026-12-09 is more than 14 days ahead"]
    )


def test_the_later_of_two_days_applies() -> None:
    found = [Tagged(day, of("pr-1", expires_on=day)) for day in ("2026-11-27", "2026-11-20")]

    assert expired(found, TODAY).stacks == []


class Janitor:
    """Runs the command on given lists of AWS; Pulumi fails to destroy the stack `unwilling`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch
        self.asked: list[str] = []

    def run(self, *sources: Iterator[Tagged], unwilling: str = "") -> int:
        def destroyed(stack: str) -> bool:
            self.asked.append(stack)
            return stack != unwilling

        def listed(_: Account) -> list[Iterator[Tagged]]:
            return list(sources)

        self.monkeypatch.setattr(leftovers, "destroy", destroyed)
        self.monkeypatch.setattr(Account, "sources", listed)
        return main(["janitor"])


@pytest.fixture
def janitor(monkeypatch: pytest.MonkeyPatch) -> Janitor:
    return Janitor(monkeypatch)


def passed(*stacks: str) -> Iterator[Tagged]:
    yield from (Tagged("a", of(stack, expires_on="2020-01-01")) for stack in stacks)


def cut_off(code: str) -> Iterator[Tagged]:
    """Yield one page of a list, then raise a refusal."""
    yield from passed("pr-1")
    raise refusal(code)


def test_the_janitor_destroys_each_expired_stack_and_succeeds(janitor: Janitor) -> None:
    assert janitor.run(passed("pr-1"), passed("pr-2", "pr-1")) == 0
    assert janitor.asked == ["pr-1", "pr-2"]


def test_a_failed_destruction_is_reported_and_stops_no_other(
    janitor: Janitor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert janitor.run(passed("pr-1", "pr-2"), unwilling="pr-1") == 1
    assert janitor.asked == ["pr-1", "pr-2"]
    assert capsys.readouterr().err == "leftovers: pr-1 is still there\n"


def test_an_unreadable_tag_is_reported_and_stops_no_other(
    janitor: Janitor, capsys: pytest.CaptureFixture[str]
) -> None:
    soon = Tagged("b", of("pr-3", expires_on="soon"))

    assert janitor.run(iter([soon]), passed("pr-1")) == 1
    assert janitor.asked == ["pr-1"]
    assert "pr-3: expires-on of b is not a day: 'soon'" in capsys.readouterr().err


def test_a_refused_list_is_reported_and_stops_no_other(
    janitor: Janitor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert janitor.run(cut_off("AccessDenied"), passed("pr-2")) == 1
    assert janitor.asked == ["pr-1", "pr-2"]
    assert "a list is incomplete" in capsys.readouterr().err


def test_a_role_that_is_deleted_while_listed_is_not_a_failure() -> None:
    roles = list(account().sources()[-1])

    assert [(one.arn, one.created) for one in roles] == [("role/a", date(2026, 11, 20))]


def test_roles_that_cannot_be_read_are_a_failure() -> None:
    looked_at = account()

    def denied(RoleName: str) -> Any:  # noqa: N803 - AWS's name
        raise refusal("AccessDenied")

    looked_at.iam.list_role_tags = denied

    with pytest.raises(ClientError, match="AccessDenied"):
        left_of("pr-12", looked_at.found())


class Ended(NamedTuple):
    returncode: int


@pytest.mark.parametrize(("code", "commands"), [(0, 2), (1, 1)])
def test_a_stack_is_removed_only_after_its_destruction(code: int, commands: int) -> None:
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

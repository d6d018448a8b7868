"""Every recorded call × every role: needed calls are allowed, calls on foreign resources denied."""

import re
from collections.abc import Mapping

import pytest

from bootstrap.stages import STAGES
from sandbox.program import PROJECT as FOLDER
from tests.bootstrap.calls import (
    DEPLOYING,
    LOOKING,
    PLANNING,
    STATE,
    Call,
    calls,
    foreign_requests,
    may,
    needs,
    own_request,
    policies,
)
from tests.bootstrap.iam import Request, allowed
from tests.engine import program_types, whole_program

# They create a resource, so they affect no existing one.
CREATE_ONLY = {
    "apigateway:UpdateRestApiPolicy": "::/restapis",
    "cloudfront:CreateDistribution": r"distribution/\*",
    "cloudfront:CreateOriginAccessControl": r"^\*",
    "cloudfront:CreateResponseHeadersPolicy": "response-headers-policy/<id>",
}
# AWS has no resource or condition that restricts these; docs/deploy.md tells what they can do.
UNRESTRICTABLE = {
    "apigateway:DELETE": "/tags/.*%2Frestapis%2F<id>",
    "apigateway:PUT": "/tags/.*%2Frestapis%2F.+",
    "cloudfront:DeleteOriginAccessControl": "origin-access-control/<id>",
    "cloudfront:DeleteResponseHeadersPolicy": "response-headers-policy/<id>",
    "cloudfront:TagResource": "distribution/<id>",
    "wafv2:AssociateWebACL": "::/restapis/<id>/stages/v1",
    "wafv2:DisassociateWebACL": "::/restapis/<id>/stages/v1",
}
READ_UNRESTRICTED = {
    "cloudfront:GetOriginAccessControl": "origin-access-control/<id>",
    "cloudfront:GetResponseHeadersPolicy": "response-headers-policy/<id>",
    "cloudfront:ListFunctions": r"^\*",
    "cloudfront:ListOriginAccessControls": r"^\*",
    "cloudfront:ListResponseHeadersPolicies": r"^\*",
    "cloudwatch:ListDashboards": r"^\*",
    "cognito-idp:DescribeUserPoolDomain": r"^\*",
    "iam:ListRoleTags": "role/.*",
    "iam:ListRoles": r"^\*",
    "logs:DescribeLogGroups": r"^\*",
    "sns:GetSubscriptionAttributes": r"^\*",
    "states:ValidateStateMachineDefinition": r"^\*",
    "tag:GetResources": r"^\*",
    "wafv2:GetWebACLForResource": "::/restapis/<id>/stages/v1",
}
UNSUBSCRIBE = {"sns:Unsubscribe": r"^\*"}
EVERY_ROLE = [*DEPLOYING.items(), *LOOKING.items(), *PLANNING.items()]


@pytest.mark.parametrize(("stage", "stack"), EVERY_ROLE)
def test_a_role_is_allowed_every_call_that_it_needs(stage: str, stack: str) -> None:
    granted = list(policies(stage).values())

    denied = {
        (call.action, call.resource)
        for call in calls()
        if needs(call, stage) and not allowed(own_request(call, stage, stack), granted)
    }
    assert denied == set()


def allowed_on_foreign(stage: str, stack: str) -> set[tuple[str, str]]:
    """Return the action and resource of every call that the role is allowed on a foreign one."""
    granted = list(policies(stage).values())
    return {
        (call.action, call.resource)
        for call in calls()
        for _, request in foreign_requests(call, stage, stack)
        if allowed(request, granted)
    }


def unrestricted(*known: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return the calls of the table whose action is known, with the end of its resource."""
    ends = {action: end for one in known for action, end in one.items()}
    return {
        (call.action, call.resource)
        for call in calls()
        if (end := ends.get(call.action)) and re.search(f"{end}$", call.resource)
    }


@pytest.mark.parametrize(
    ("stage", "more"),
    [("ephemeral", {}), ("janitor", {}), ("dev", UNSUBSCRIBE), ("prod", UNSUBSCRIBE)],
)
def test_a_role_is_denied_every_foreign_resource_that_aws_can_restrict(
    stage: str, more: dict[str, str]
) -> None:
    known = unrestricted(CREATE_ONLY, UNRESTRICTABLE, READ_UNRESTRICTED, more)

    assert allowed_on_foreign(stage, DEPLOYING[stage]) == known


@pytest.mark.parametrize(("stage", "stack"), LOOKING.items())
def test_a_reading_role_is_denied_every_foreign_resource_that_aws_can_restrict(
    stage: str, stack: str
) -> None:
    assert allowed_on_foreign(stage, stack) == unrestricted(READ_UNRESTRICTED)


def test_the_docs_name_every_action_that_aws_cannot_restrict() -> None:
    document = (FOLDER / "docs" / "deploy.md").read_text(encoding="utf-8")

    expected = {*UNRESTRICTABLE, *UNSUBSCRIBE}
    assert {action for action in expected if f"`{action}`" in document} == expected


@pytest.mark.parametrize(("stage", "stack"), PLANNING.items())
def test_a_role_that_only_plans_is_allowed_no_call_but_those_of_a_preview(
    stage: str, stack: str
) -> None:
    made = {call for call in calls() if may(stage, own_request(call, stage, stack))}

    assert made == {call for call in calls() if call.in_preview}


def making(type_: str) -> list[Call]:
    return [call for call in calls() if call.type == type_]


def test_the_table_has_a_creating_call_for_every_type_of_the_program() -> None:
    assert {call.type for call in calls() if call.type} == program_types()


@pytest.mark.parametrize(("stage", "stack"), DEPLOYING.items())
def test_a_role_is_allowed_to_create_every_resource_of_the_program(stage: str, stack: str) -> None:
    granted = list(policies(stage).values())
    denied: list[tuple[str, str]] = []
    for one in whole_program().resources:
        named = [_named(call, one.name) for call in making(one.type)]
        if named and not any(
            allowed(own_request(call, stage, stack, name=one.name), granted) for call in named
        ):
            denied.append((one.type, one.name))

    assert denied == []


# Their ARN contains the name of the resource that they belong to.
INSIDE = ("aws:cloudwatch/logStream:", "aws:s3/bucketMetric:", "aws:s3/bucketObjectv2:")


def _named(call: Call, name: str) -> Call:
    """Return the call on a resource of that logical name."""
    if call.type.startswith((*INSIDE, "aws:cloudwatch/dashboard:")):
        return call
    start, own, rest = call.resource.partition("<own>")
    tail = rest.partition("-<random>")[2]
    whole = f"{start}{own}{name}-<random>{tail}" if own else call.resource
    return Call(
        action=call.action, resource=whole, when=call.when, stages=call.stages, type=call.type
    )


STACK_FILES = {
    "stacks/rrweb-store/{}.json",
    "stacks/rrweb-store/{}.json.bak",
    "stacks/rrweb-store/{}.pulumi-tags",
}
KEPT_FILES = {
    "history/rrweb-store/{}/{}-1.history.json",
    "backups/rrweb-store/{}/{}.1.json",
    "locks/organization/rrweb-store/{}/1.json",
}
READS = {
    "preview": {"dev"},
    "ephemeral": {"pr-12", "pr-7"},
    "janitor": {"pr-12", "pr-7"},
    "dev": {"dev"},
    "plan": {"dev", "prod"},
    "prod": {"dev", "prod"},
    "driftDev": {"dev"},
    "driftProd": {"prod"},
}
WRITES = {
    "ephemeral": {"pr-12", "pr-7"},
    "janitor": {"pr-12", "pr-7"},
    "dev": {"dev"},
    "prod": {"prod"},
}
STACKS = ("dev", "dev-2", "prod", "pr-12", "pr-7", "pr2")


def on_state(stage: str, action: str, files: set[str]) -> dict[str, set[str]]:
    """Return the files of each stack's state on which the role is allowed the action."""
    may_do = {
        stack: {
            file
            for file in files
            if may(
                stage,
                Request(
                    action=action,
                    resource=f"arn:aws:s3:::{STATE}/.pulumi/{file.format(stack, stack)}",
                ),
            )
        }
        for stack in STACKS
    }
    return {stack: done for stack, done in may_do.items() if done}


@pytest.mark.parametrize("stage", list(STAGES))
def test_a_role_reads_the_state_of_its_own_stacks_and_of_the_previous_stage(stage: str) -> None:
    assert on_state(stage, "s3:GetObject", STACK_FILES) == dict.fromkeys(READS[stage], STACK_FILES)


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"])
@pytest.mark.parametrize("stage", list(STAGES))
def test_a_role_writes_the_state_of_its_own_stacks_only(stage: str, action: str) -> None:
    files = KEPT_FILES if action == "s3:GetObject" else STACK_FILES | KEPT_FILES

    assert on_state(stage, action, files) == dict.fromkeys(WRITES.get(stage, ()), files)


@pytest.mark.parametrize("stage", list(STAGES))
def test_every_role_lists_the_state_bucket_and_cannot_change_it(stage: str) -> None:
    bucket = f"arn:aws:s3:::{STATE}"

    assert may(stage, Request(action="s3:ListBucket", resource=bucket))
    assert may(stage, Request(action="s3:GetObject", resource=f"{bucket}/.pulumi/meta.yaml"))
    for action in ("s3:PutBucketPolicy", "s3:DeleteBucket", "s3:ListBucketVersions"):
        assert not may(stage, Request(action=action, resource=bucket))
    assert not may(stage, Request(action="s3:PutObject", resource=f"{bucket}/.pulumi/meta.yaml"))

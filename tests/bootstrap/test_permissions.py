"""Limits of a stage's role: roles, recordings, users, old names; and its boundary."""

import json

import pytest

from bootstrap.boundary import boundary_policy
from bootstrap.deploy_role import MAX_POLICIES, MAX_POLICY_CHARACTERS
from bootstrap.stages import STAGES
from tests.bootstrap.calls import (
    DEPLOYING,
    STATE,
    calls,
    foreign_requests,
    may,
    owner_of,
    policies,
    request,
    scope_of,
)
from tests.bootstrap.iam import Context, Request, allowed
from tests.engine import ACCOUNT, REGION, whole_program
from tests.program.given import ROLE, ROLE_POLICY, Statement, findings, listed

HERE = f"{REGION}:{ACCOUNT}"
PROD_TAGS: Context = {"aws:ResourceTag/project": "rrweb-store", "aws:ResourceTag/stack": "prod"}
OWN_TAGS: Context = {
    "aws:RequestTag/project": "rrweb-store",
    "aws:RequestTag/stack": "pr-12",
    "aws:TagKeys": ["project", "stack"],
}
API_TAGS = (
    f"arn:aws:apigateway:{REGION}::/tags/arn%3Aaws%3Aapigateway%3A{REGION}%3A%3A%2Frestapis%2F"
)


def statements(stage: str) -> list[Statement]:
    return [one for text in policies(stage).values() for one in json.loads(text)["Statement"]]


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("s3:PutBucketPolicy", "arn:aws:s3:::rrweb-store-prod-recordings-1a2b3c4", PROD_TAGS),
        ("s3:PutObject", "arn:aws:s3:::rrweb-store-prod-site-1a2b3c4/assets/a.js", PROD_TAGS),
        ("apigateway:PUT", f"{API_TAGS}abc123", {**PROD_TAGS, **OWN_TAGS}),
        ("apigateway:DELETE", f"{API_TAGS}abc123", {"aws:TagKeys": ["stack"]}),
        (
            "execute-api:Invoke",
            f"arn:aws:execute-api:{HERE}:abc123/v1/GET/operator/recordings",
            PROD_TAGS,
        ),
        (
            "cloudfront:UpdateFunction",
            f"arn:aws:cloudfront::{ACCOUNT}:function/rrweb-store-prod-site-1a2b3c4",
            PROD_TAGS,
        ),
        ("cloudfront:UpdateResponseHeadersPolicy", "*", {}),
        ("cloudfront:UpdateOriginAccessControl", "*", {}),
        ("sns:SetSubscriptionAttributes", "*", {}),
        ("sns:Unsubscribe", "*", {}),
        ("sns:Subscribe", f"arn:aws:sns:{HERE}:rrweb-store-prod-watch-1a2b3c4", PROD_TAGS),
        ("cognito-idp:DeleteUserPool", f"arn:aws:cognito-idp:{HERE}:userpool/x", {}),
        ("cognito-idp:TagResource", f"arn:aws:cognito-idp:{HERE}:userpool/x", OWN_TAGS),
        ("apigateway:DELETE", f"arn:aws:apigateway:{REGION}::/restapis/abc123", {}),
        ("cloudfront:DeleteDistribution", f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1", {}),
        (
            "cloudfront:TagResource",
            f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1",
            {**PROD_TAGS, **OWN_TAGS},
        ),
        ("logs:DeleteLogGroup", f"arn:aws:logs:{HERE}:log-group:/aws/lambda/shop", {}),
        ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/rrweb-store-prod", {}),
        ("iam:CreatePolicyVersion", f"arn:aws:iam::{ACCOUNT}:policy/rrweb-store-ephemeral-api", {}),
        ("iam:CreatePolicyVersion", scope_of("ephemeral").boundary_arn, {}),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/rrweb-store-prod", {}),
    ],
)
def test_a_pull_request_cannot_do_this_to_prod_or_to_another_project(
    action: str, resource: str, context: Context
) -> None:
    assert not may("ephemeral", Request(action=action, resource=resource, context=context))


@pytest.mark.parametrize("stage", DEPLOYING)
@pytest.mark.parametrize(
    "action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"]
)
def test_a_role_is_created_and_changed_within_its_stage_s_boundary_only(
    stage: str, action: str
) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/rrweb-store/{DEPLOYING[stage]}/users-1a2b3c4"
    boundaries = {other: scope_of(other).boundary_arn for other in DEPLOYING}

    inside = {
        other
        for other, arn in boundaries.items()
        if may(
            stage,
            Request(action=action, resource=role, context={"iam:PermissionsBoundary": arn}),
        )
    }
    assert inside == {stage}
    assert not may(stage, Request(action=action, resource=role))


def trusted_services() -> set[str]:
    """Return the services that may assume a role of the program."""
    return {
        statement["Principal"]["Service"]
        for role in whole_program().of_type(ROLE).values()
        for statement in json.loads(role["assumeRolePolicy"])["Statement"]
    }


@pytest.mark.parametrize("stage", DEPLOYING)
def test_a_role_of_the_stack_is_passed_to_the_services_that_the_program_s_roles_trust_only(
    stage: str,
) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/rrweb-store/{DEPLOYING[stage]}/users-1a2b3c4"
    trusted = trusted_services()

    services = {*trusted, *(f"{one}.amazonaws.com" for one in ("ec2", "states"))}
    handed = {
        service
        for service in services
        if may(
            stage,
            Request(
                action="iam:PassRole",
                resource=role,
                context={"iam:PassedToService": service},
            ),
        )
    }
    assert handed == trusted


@pytest.mark.parametrize(
    "action",
    [
        "iam:AttachRolePolicy",
        "iam:CreateUser",
        "iam:DeleteRolePermissionsBoundary",
        "iam:UpdateAssumeRolePolicy",  # whom a role trusts is said once
        "iam:UpdateRole",
    ],
)
def test_an_existing_role_cannot_be_widened(action: str) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/rrweb-store/{{}}/users-1a2b3c4"

    able = [
        stage
        for stage, stack in DEPLOYING.items()
        if may(stage, Request(action=action, resource=role.format(stack)))
    ]
    assert able == []


@pytest.mark.parametrize("action", ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject"])
def test_only_stages_without_real_recordings_delete_some_and_no_stage_reads_them(
    action: str,
) -> None:
    key = "rrweb/recordings/userId=a/x"

    able = {
        stage
        for stage, stack in DEPLOYING.items()
        if may(
            stage,
            Request(
                action=action,
                resource=f"arn:aws:s3:::rrweb-store-{stack}-recordings-1a2b3c4/{key}",
            ),
        )
    }
    assert able == (set() if action == "s3:GetObject" else {"ephemeral", "janitor", "dev"})


def test_only_stages_without_real_recordings_create_users_in_their_own_pool() -> None:
    making = next(call for call in calls() if call.action == "cognito-idp:AdminCreateUser")

    able = {
        stage
        for stage, stack in DEPLOYING.items()
        if may(stage, request(making, owner_of(stack), stage, tags={}))
    }
    assert able == {"ephemeral", "janitor", "dev"}
    assert not any(may("dev", request_) for _, request_ in foreign_requests(making, "dev", "dev"))


def test_every_statement_lists_its_actions() -> None:
    whole = [one for stage in STAGES for one in statements(stage)]

    assert [action for one in whole for action in listed(one["Action"]) if "*" in action] == []
    assert {key for one in whole for key in one} == {"Effect", "Action", "Resource", "Condition"}


@pytest.mark.parametrize("stage", list(STAGES))
def test_the_policies_fit_iam_s_quotas_even_with_every_old_name(stage: str) -> None:
    alarms = [f"watch-alarm-{letter * 10}-1a2b3c4" for letter in "abcdefghijklmnop"]
    names = ["recordings-1a2b3c4", "site-1a2b3c4", "events-1a2b3c4", "read-events-1a2b3c4"]

    known = policies(stage, *names, "api-1a2b3c4", *alarms)
    assert max(map(len, known.values())) < MAX_POLICY_CHARACTERS
    assert len(known) <= MAX_POLICIES


def test_old_names_add_exactly_those_resources() -> None:
    old = "recordings-1a2b3c4"
    bucket = Request(action="s3:PutBucketPolicy", resource=f"arn:aws:s3:::{old}")
    table = Request(action="dynamodb:UpdateTable", resource=f"arn:aws:dynamodb:{HERE}:table/{old}")
    another = Request(action="s3:PutBucketPolicy", resource="arn:aws:s3:::recordings-7777777")

    assert (may("prod", bucket), may("prod", table)) == (False, False)
    assert (may("prod", bucket, old), may("prod", table, old)) == (True, True)
    assert not may("prod", another, old)
    assert not may("dev", bucket)


@pytest.mark.parametrize("name", ["recordings-*", "*", "recordings", "a/b-1a2b3c4"])
def test_an_old_name_must_be_one_that_pulumi_generated(name: str) -> None:
    with pytest.raises(ValueError, match="oldNames may hold names that Pulumi made"):
        scope_of("prod", name)


def boundary(stage: str) -> str:
    return boundary_policy(scope_of(stage), state_bucket=STATE)


def done_by_the_program(stack: str) -> set[tuple[str, str]]:
    """Return each action of the program's roles, and its ARN with the stack's physical names."""
    return {
        (action, _named(arn, stack))
        for one in whole_program().of_type(ROLE_POLICY).values()
        for statement in json.loads(one["policy"])["Statement"]
        for action in listed(statement["Action"])
        for arn in listed(statement["Resource"])
    }


def _named(arn: str, stack: str) -> str:
    head, _, tail = arn.partition("-1a2b3c4")
    start = max(head.rfind(mark) for mark in ":/") + 1
    return f"{head[:start]}rrweb-store-{stack}-{head[start:]}-1a2b3c4{tail}"


@pytest.mark.parametrize(("stage", "stack"), DEPLOYING.items())
def test_the_boundary_allows_everything_that_the_program_s_roles_do(stage: str, stack: str) -> None:
    outside = {
        (action, arn)
        for action, arn in done_by_the_program(stack)
        if not allowed(Request(action=action, resource=arn), [boundary(stage)])
    }

    assert outside == set()


def test_the_boundary_allows_no_other_action() -> None:
    done = {action for action, _ in done_by_the_program("dev")}
    bounded = {
        action
        for one in json.loads(boundary("dev"))["Statement"]
        if one["Effect"] == "Allow"
        for action in one["Action"]
    }

    assert bounded == done


@pytest.mark.parametrize(("stage", "stack"), DEPLOYING.items())
@pytest.mark.parametrize("other", ["dev", "prod", "pr-12", "dev-2", "pr2"])
def test_the_boundary_denies_the_resources_of_every_other_stack(
    stage: str, stack: str, other: str
) -> None:
    reached = {
        (action, arn)
        for action, arn in done_by_the_program(other)
        if other != stack and allowed(Request(action=action, resource=arn), [boundary(stage)])
    }

    assert reached == set()


@pytest.mark.parametrize("bucket", [STATE, "state", "rrweb-store-dev-recordings-state"])
def test_the_boundary_denies_the_state_whatever_its_bucket_is_called(
    bucket: str,
) -> None:
    bounded = boundary_policy(scope_of("dev"), state_bucket=bucket)

    for action, arn in (
        ("s3:ListBucket", f"arn:aws:s3:::{bucket}"),
        ("s3:GetObject", f"arn:aws:s3:::{bucket}/.pulumi/stacks/rrweb-store/dev.json"),
        ("s3:GetObject", "arn:aws:s3:::anybody-s/a"),
    ):
        assert not allowed(Request(action=action, resource=arn), [bounded])


UNFOUNDED = (
    # It does not know what is new, or on a stage's own ARN: test_reference.py does.
    "UNKNOWN_ACTION - Unknown action kinesis:",
    "RESOURCE_MISMATCH - [{'action': 'wafv2:AssociateWebACL'",
    "RESOURCE_MISMATCH - [{'action': 'wafv2:GetWebACLForResource'",
    # It would have an ARN compared by another operator, but this one does it, too.
    "MISMATCHED_TYPE_BUT_USABLE",
    # Who may set the policy of a bucket may do all to it: it is the stage's own.
    "RESOURCE_POLICY_PRIVILEGE_ESCALATION",
)


@pytest.mark.parametrize("stage", list(STAGES))
def test_parliament_finds_no_mistake(stage: str) -> None:
    found = [one for text in policies(stage).values() for one in findings(text)]

    assert [one for one in found if not one.startswith(UNFOUNDED)] == []


@pytest.mark.parametrize("stage", DEPLOYING)
def test_parliament_finds_no_mistake_in_a_boundary(stage: str) -> None:
    assert findings(boundary(stage)) == []

"""What a stage's role may do: enough for the program, and nothing to another stage."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from bootstrap.boundary import ACTIONS, boundary_policy
from bootstrap.deploy_role import DeployRoleArgs, stage_policy
from bootstrap.stages import STAGES
from sandbox.program import main_program, stack_config
from tests.engine import ACCOUNT, REGION, SUFFIX, WITH_SITE, Engine, deploy, deploy_program
from tests.program.given import ROLE_POLICY, findings, listed

STATE = f"rrweb-store-state-{ACCOUNT}-{REGION}"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/rrweb-store-boundary"
HERE = f"{REGION}:{ACCOUNT}"
DEPLOYING = ["ephemeral", "dev", "prod"]
# With everything on that a configuration can turn on.
EVERYTHING = {
    "rrweb-store:accessLog": "true",
    "rrweb-store:alarms": "true",
    "rrweb-store:alarmEmail": "jo@example.com",
    "rrweb-store:monthlyBudgetUsd": "20",
    "rrweb-store:callsPerMinutePerToken": "100",
    "rrweb-store:callsPerMinutePerAddress": "100",
}
# By type: the action that makes it, and the ARN that IAM looks at, of a resource named {name}.
MADE_BY = {
    "aws:apigateway/deployment:Deployment": (
        "apigateway:POST",
        f"arn:aws:apigateway:{REGION}::/restapis/abc/deployments",
    ),
    "aws:apigateway/methodSettings:MethodSettings": (
        "apigateway:PATCH",
        f"arn:aws:apigateway:{REGION}::/restapis/abc/stages/v1",
    ),
    "aws:apigateway/restApi:RestApi": (
        "apigateway:POST",
        f"arn:aws:apigateway:{REGION}::/restapis",
    ),
    "aws:apigateway/stage:Stage": (
        "apigateway:POST",
        f"arn:aws:apigateway:{REGION}::/restapis/abc/stages",
    ),
    "aws:budgets/budget:Budget": (
        "budgets:ModifyBudget",
        f"arn:aws:budgets::{ACCOUNT}:budget/{{name}}",
    ),
    "aws:cloudfront/distribution:Distribution": (
        "cloudfront:CreateDistribution",
        f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1",
    ),
    "aws:cloudfront/function:Function": (
        "cloudfront:CreateFunction",
        f"arn:aws:cloudfront::{ACCOUNT}:function/{{name}}",
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": (
        "cloudfront:CreateOriginAccessControl",
        f"arn:aws:cloudfront::{ACCOUNT}:origin-access-control/E1",
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": (
        "cloudfront:CreateResponseHeadersPolicy",
        f"arn:aws:cloudfront::{ACCOUNT}:response-headers-policy/E1",
    ),
    "aws:cloudwatch/dashboard:Dashboard": (
        "cloudwatch:PutDashboard",
        f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/rrweb-{{stack}}-events{SUFFIX}",
    ),
    "aws:cloudwatch/logGroup:LogGroup": (
        "logs:CreateLogGroup",
        f"arn:aws:logs:{HERE}:log-group:{{name}}",
    ),
    "aws:cloudwatch/logStream:LogStream": (
        "logs:CreateLogStream",
        f"arn:aws:logs:{HERE}:log-group:{{name}}:log-stream:delivery",
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": (
        "cloudwatch:PutMetricAlarm",
        f"arn:aws:cloudwatch:{HERE}:alarm:{{name}}",
    ),
    "aws:cognito/managedLoginBranding:ManagedLoginBranding": (
        "cognito-idp:CreateManagedLoginBranding",
        f"arn:aws:cognito-idp:{HERE}:userpool/{REGION}_A",
    ),
    "aws:cognito/userPool:UserPool": ("cognito-idp:CreateUserPool", "*"),
    "aws:cognito/userPoolClient:UserPoolClient": (
        "cognito-idp:CreateUserPoolClient",
        f"arn:aws:cognito-idp:{HERE}:userpool/{REGION}_A",
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": (
        "cognito-idp:CreateUserPoolDomain",
        f"arn:aws:cognito-idp:{HERE}:userpool/{REGION}_A",
    ),
    "aws:dynamodb/table:Table": ("dynamodb:CreateTable", f"arn:aws:dynamodb:{HERE}:table/{{name}}"),
    "aws:iam/role:Role": (
        "iam:CreateRole",
        f"arn:aws:iam::{ACCOUNT}:role/rrweb-store/{{stack}}/{{name}}",
    ),
    "aws:iam/rolePolicy:RolePolicy": (
        "iam:PutRolePolicy",
        f"arn:aws:iam::{ACCOUNT}:role/rrweb-store/{{stack}}/{{name}}",
    ),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
        "firehose:CreateDeliveryStream",
        f"arn:aws:firehose:{HERE}:deliverystream/{{name}}",
    ),
    "aws:kinesis/stream:Stream": (
        "kinesis:CreateStream",
        f"arn:aws:kinesis:{HERE}:stream/{{name}}",
    ),
    "aws:lambda/function:Function": (
        "lambda:CreateFunction",
        f"arn:aws:lambda:{HERE}:function:{{name}}",
    ),
    "aws:s3/bucket:Bucket": ("s3:CreateBucket", "arn:aws:s3:::{name}"),
    **{
        f"aws:s3/{type_[0].lower()}{type_[1:]}:{type_}": (f"s3:{action}", "arn:aws:s3:::{name}")
        for type_, action in (
            ("BucketLifecycleConfiguration", "PutLifecycleConfiguration"),
            ("BucketOwnershipControls", "PutBucketOwnershipControls"),
            ("BucketPolicy", "PutBucketPolicy"),
            ("BucketPublicAccessBlock", "PutBucketPublicAccessBlock"),
            ("BucketServerSideEncryptionConfiguration", "PutEncryptionConfiguration"),
        )
    },
    "aws:s3/bucketObjectv2:BucketObjectv2": ("s3:PutObject", f"arn:aws:s3:::site{SUFFIX}/a.js"),
    # Its own name is `watch`; the bucket's is what IAM looks at.
    "aws:s3/bucketMetric:BucketMetric": (
        "s3:PutMetricsConfiguration",
        f"arn:aws:s3:::recordings{SUFFIX}",
    ),
    "aws:sns/topic:Topic": ("sns:CreateTopic", f"arn:aws:sns:{HERE}:{{name}}"),
    "aws:sns/topicSubscription:TopicSubscription": (
        "sns:Subscribe",
        f"arn:aws:sns:{HERE}:{{name}}",
    ),
    "aws:wafv2/webAcl:WebAcl": (
        "wafv2:CreateWebACL",
        f"arn:aws:wafv2:{HERE}:regional/webacl/{{name}}/1",
    ),
    "aws:wafv2/webAclAssociation:WebAclAssociation": (
        "apigateway:SetWebACL",
        f"arn:aws:apigateway:{REGION}::/restapis/abc/stages/v1",
    ),
}


def policy(stage: str) -> str:
    return stage_policy(
        DeployRoleArgs(
            stage=STAGES[stage],
            subject="repo:you/rrweb-store",
            issuer_arn="arn:issuer",
            boundary_arn=BOUNDARY,
            state_bucket=STATE,
            region=REGION,
        ),
        boundary_arn=BOUNDARY,
    )


def statements(stage: str) -> list[dict[str, Any]]:
    return json.loads(policy(stage))["Statement"]


def allowed(stage: str, action: str, arn: str) -> bool:
    """Return whether a statement allows it, conditions aside."""
    return any(
        action in listed(one["Action"])
        and any(fnmatchcase(arn, to) for to in listed(one["Resource"]))
        for one in statements(stage)
        if one["Effect"] == "Allow"
    )


def whole_program() -> Engine:
    return deploy(main_program(), {**stack_config("dev"), **WITH_SITE, **EVERYTHING})


def refused(engine: Engine, stage: str, stack: str) -> Iterator[tuple[str, str]]:
    """Yield each resource that the stage's role may not make."""
    for one in engine.resources:
        if one.custom and not one.type.startswith("pulumi:"):
            action, arn = MADE_BY[one.type]
            if not allowed(stage, action, arn.format(name=f"{one.name}{SUFFIX}", stack=stack)):
                yield one.type, one.name


@pytest.mark.parametrize(
    ("stage", "stack"), [("ephemeral", "pr-12"), ("dev", "dev"), ("prod", "prod")]
)
def test_it_may_make_every_resource_of_the_program(stage: str, stack: str) -> None:
    assert list(refused(whole_program(), stage, stack)) == []


def test_the_program_has_every_type_that_is_accounted_for() -> None:
    prod = {one.type for one in deploy_program("prod").resources}

    assert set(MADE_BY) == {
        one.type
        for one in whole_program().resources
        if one.custom and not one.type.startswith("pulumi:")
    } | {type_ for type_ in prod if type_ in MADE_BY}


@pytest.mark.parametrize(
    ("stage", "stack"),
    [("ephemeral", "dev"), ("ephemeral", "prod"), ("dev", "prod"), ("prod", "dev")],
)
def test_it_may_not_touch_another_stage_s_roles_or_state(stage: str, stack: str) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/rrweb-store/{stack}/read-events{SUFFIX}"
    state = f"arn:aws:s3:::{STATE}/.pulumi/stacks/rrweb-store/{stack}.json"

    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:PassRole", "iam:DeleteRole"):
        assert not allowed(stage, action, role)
    assert not allowed(stage, "s3:PutObject", state)
    assert not allowed(stage, "s3:DeleteObject", state)


def test_prod_reads_what_dev_has_proven() -> None:
    assert allowed(
        "prod", "s3:GetObject", f"arn:aws:s3:::{STATE}/.pulumi/stacks/rrweb-store/dev.json"
    )
    assert not allowed(
        "dev", "s3:GetObject", f"arn:aws:s3:::{STATE}/.pulumi/stacks/rrweb-store/prod.json"
    )


@pytest.mark.parametrize("stage", DEPLOYING)
def test_it_writes_all_of_its_own_state(stage: str) -> None:
    stack = STAGES[stage].stacks.replace("*", "12")

    for key in (
        f"stacks/rrweb-store/{stack}.json",
        f"stacks/rrweb-store/{stack}.json.bak",
        f"history/rrweb-store/{stack}/{stack}-1.history.json",
        f"backups/rrweb-store/{stack}/{stack}.1.json",
        f"locks/organization/rrweb-store/{stack}/1.json",
    ):
        assert allowed(stage, "s3:PutObject", f"arn:aws:s3:::{STATE}/.pulumi/{key}"), key


def test_only_a_stage_without_anybody_s_recordings_may_delete_some() -> None:
    recording = f"arn:aws:s3:::recordings{SUFFIX}/rrweb/recordings/userId=a/x"

    assert {stage: allowed(stage, "s3:DeleteObject", recording) for stage in DEPLOYING} == {
        "ephemeral": True,
        "dev": True,
        "prod": False,
    }
    assert not any(allowed(stage, "s3:GetObject", recording) for stage in DEPLOYING)


@pytest.mark.parametrize("stage", DEPLOYING)
def test_whatever_carries_another_stack_s_or_project_s_tag_is_denied(stage: str) -> None:
    denials = [one for one in statements(stage) if one["Effect"] == "Deny"]

    assert [(one["NotAction"], one["Resource"], one["Condition"]) for one in denials] == [
        (
            "iam:ListRoleTags",  # or make leaks would be stopped by the others' roles
            "*",
            {
                "StringNotLike": {f"aws:ResourceTag/{tag}": own},
                "Null": {f"aws:ResourceTag/{tag}": "false"},
            },
        )
        for tag, own in (("stack", STAGES[stage].stacks), ("project", "rrweb-store"))
    ]


@pytest.mark.parametrize("stage", DEPLOYING)
def test_a_role_is_made_inside_the_boundary_or_not_at_all(stage: str) -> None:
    making = {"iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"}

    conditions = [
        one.get("Condition")
        for one in statements(stage)
        if making & set(listed(one.get("Action", [])))
    ]
    assert conditions == [{"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}]
    never = ("iam:DeleteRolePermissionsBoundary", "iam:AttachRolePolicy", "iam:CreateUser")
    assert [action for action in never if f'"{action}"' in policy(stage)] == []


def test_no_action_is_a_wildcard_but_in_a_denial() -> None:
    assert [
        action
        for stage in STAGES
        for one in statements(stage)
        if one["Effect"] == "Allow"
        for action in listed(one["Action"])
        if "*" in action
    ] == []


def test_the_boundary_holds_all_that_the_program_s_roles_do_and_nothing_else() -> None:
    done = {
        action
        for one in whole_program().of_type(ROLE_POLICY).values()
        for statement in json.loads(one["policy"])["Statement"]
        for action in listed(statement["Action"])
    }

    assert set(ACTIONS) == done


def test_the_boundary_keeps_the_state_out_of_reach() -> None:
    statement = json.loads(boundary_policy())["Statement"][0]

    assert any(fnmatchcase(f"arn:aws:s3:::{STATE}", one) for one in statement["NotResource"])
    assert any(fnmatchcase(f"arn:aws:s3:::{STATE}/x", one) for one in statement["NotResource"])


# It does not know what is new, and would have an ARN compared by another operator, which is usable.
UNFOUNDED = ("UNKNOWN_ACTION - Unknown action kinesis:", "MISMATCHED_TYPE_BUT_USABLE")


@pytest.mark.parametrize("stage", list(STAGES))
def test_parliament_finds_no_slip(stage: str) -> None:
    assert [one for one in findings(policy(stage)) if not one.startswith(UNFOUNDED)] == []

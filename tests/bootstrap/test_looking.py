"""What the roles of the nightly drift check may read: every resource, and nothing stored in it."""

import pytest

from tests.bootstrap.test_permissions import (
    ACCOUNT,
    HERE,
    MADE_BY,
    REGION,
    STATE,
    SUFFIX,
    allowed,
    statements,
)
from tests.program.given import listed

API = f"arn:aws:apigateway:{REGION}::/restapis/abc"
POOL = f"arn:aws:cognito-idp:{HERE}:userpool/{REGION}_A"
# By type: the call that tells most of what Pulumi's provider reads of it; the ARN is that of
# MADE_BY, unless what is made has another than what is there.
READ_BY: dict[str, tuple[str, str]] = {
    "aws:apigateway/deployment:Deployment": ("apigateway:GET", f"{API}/deployments/a"),
    "aws:apigateway/methodSettings:MethodSettings": ("apigateway:GET", f"{API}/stages/v1"),
    "aws:apigateway/restApi:RestApi": ("apigateway:GET", API),
    "aws:apigateway/stage:Stage": ("apigateway:GET", f"{API}/stages/v1"),
    "aws:budgets/budget:Budget": ("budgets:ViewBudget", ""),
    "aws:cloudfront/distribution:Distribution": ("cloudfront:GetDistribution", ""),
    "aws:cloudfront/function:Function": ("cloudfront:GetFunction", ""),
    "aws:cloudfront/originAccessControl:OriginAccessControl": (
        "cloudfront:GetOriginAccessControl",
        "",
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": (
        "cloudfront:GetResponseHeadersPolicy",
        "",
    ),
    "aws:cloudwatch/dashboard:Dashboard": ("cloudwatch:GetDashboard", ""),
    "aws:cloudwatch/logGroup:LogGroup": ("logs:DescribeLogGroups", ""),
    "aws:cloudwatch/logStream:LogStream": ("logs:DescribeLogStreams", ""),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("cloudwatch:DescribeAlarms", ""),
    "aws:cognito/managedLoginBranding:ManagedLoginBranding": (
        "cognito-idp:DescribeManagedLoginBranding",
        "",
    ),
    "aws:cognito/userPool:UserPool": ("cognito-idp:DescribeUserPool", POOL),
    "aws:cognito/userPoolClient:UserPoolClient": ("cognito-idp:DescribeUserPoolClient", ""),
    "aws:cognito/userPoolDomain:UserPoolDomain": ("cognito-idp:DescribeUserPoolDomain", ""),
    "aws:dynamodb/table:Table": ("dynamodb:DescribeContinuousBackups", ""),
    "aws:iam/role:Role": ("iam:GetRole", ""),
    "aws:iam/rolePolicy:RolePolicy": ("iam:GetRolePolicy", ""),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
        "firehose:DescribeDeliveryStream",
        "",
    ),
    "aws:kinesis/stream:Stream": ("kinesis:DescribeStreamSummary", ""),
    "aws:lambda/function:Function": ("lambda:GetFunction", ""),
    "aws:s3/bucket:Bucket": ("s3:ListBucket", ""),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
        "s3:GetLifecycleConfiguration",
        "",
    ),
    "aws:s3/bucketMetric:BucketMetric": ("s3:GetMetricsConfiguration", ""),
    "aws:s3/bucketObjectv2:BucketObjectv2": ("s3:GetObject", ""),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": (
        "s3:GetBucketOwnershipControls",
        "",
    ),
    "aws:s3/bucketPolicy:BucketPolicy": ("s3:GetBucketPolicy", ""),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (
        "s3:GetBucketPublicAccessBlock",
        "",
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "s3:GetEncryptionConfiguration",
        "",
    ),
    "aws:sns/topic:Topic": ("sns:GetTopicAttributes", ""),
    "aws:sns/topicSubscription:TopicSubscription": ("sns:GetSubscriptionAttributes", ""),
    "aws:wafv2/webAcl:WebAcl": ("wafv2:GetWebACL", ""),
    "aws:wafv2/webAclAssociation:WebAclAssociation": (
        "wafv2:GetWebACLForResource",
        f"arn:aws:wafv2:{HERE}:regional/webacl/api{SUFFIX}/1",
    ),
}
LOGICAL = {
    "aws:budgets": "watch",
    "aws:cloudfront": "site",
    "aws:cloudwatch/metricAlarm": "watch-api-slow",
    "aws:cloudwatch": "events",
    "aws:dynamodb": "recordings",
    "aws:kinesis": "events",
    "aws:lambda": "read-events",
    "aws:s3": "recordings",
    "aws:sns": "watch",
    "aws:wafv2": "api",
}
LOOKING = [("driftDev", "dev"), ("driftProd", "prod")]


def arn_of(type_: str, stack: str) -> str:
    """Return the ARN of one of the program's resources of that type."""
    name = next((name for part, name in LOGICAL.items() if type_.startswith(part)), "read-events")
    written = READ_BY[type_][1] or MADE_BY[type_][1]
    return written.format(name=f"{name}{SUFFIX}", stack=stack)


def test_every_type_of_the_program_is_accounted_for() -> None:
    assert set(READ_BY) == set(MADE_BY)


@pytest.mark.parametrize(("stage", "stack"), LOOKING)
def test_it_may_read_every_resource_of_its_stack(stage: str, stack: str) -> None:
    refused = {
        type_
        for type_, (action, _) in READ_BY.items()
        if not allowed(stage, action, arn_of(type_, stack))
    }

    assert refused == set()


@pytest.mark.parametrize(("stage", "stack"), LOOKING)
def test_it_changes_nothing(stage: str, stack: str) -> None:
    making = {action for action, _ in MADE_BY.values()}
    actions = {
        action
        for one in statements(stage)
        if one["Effect"] == "Allow"
        for action in listed(one["Action"])
    }
    verbs = tuple(f":{verb}" for verb in ("Describe", "GET", "Get", "List", "View"))

    assert actions & making == set()
    assert [one for one in actions if not f":{one.split(':')[1]}".startswith(verbs)] == []


@pytest.mark.parametrize(
    ("action", "arn"),
    [
        ("s3:GetObject", f"arn:aws:s3:::recordings{SUFFIX}/rrweb/recordings/userId=a/x"),
        ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/recordings{SUFFIX}"),
        ("dynamodb:Scan", f"arn:aws:dynamodb:{HERE}:table/recordings{SUFFIX}"),
        ("kinesis:GetRecords", f"arn:aws:kinesis:{HERE}:stream/events{SUFFIX}"),
        ("logs:GetLogEvents", f"arn:aws:logs:{HERE}:log-group:read-events{SUFFIX}:log-stream:a"),
        ("cognito-idp:ListUsers", POOL),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/rrweb-store/dev/read-events{SUFFIX}"),
    ],
)
def test_it_reads_no_recording_no_log_and_no_user(action: str, arn: str) -> None:
    assert [stage for stage, _ in LOOKING if allowed(stage, action, arn)] == []


def test_it_reads_the_state_of_its_own_stack_alone_and_writes_none() -> None:
    def state(stack: str) -> str:
        return f"arn:aws:s3:::{STATE}/.pulumi/stacks/rrweb-store/{stack}.json"

    may = {
        (stage, stack): allowed(stage, "s3:GetObject", state(stack))
        for stage, _ in LOOKING
        for stack in ("dev", "prod", "pr-12")
    }
    assert {key for key, allowed_ in may.items() if allowed_} == set(LOOKING)
    assert not any(allowed(stage, "s3:PutObject", state(stack)) for stage, stack in LOOKING)


@pytest.mark.parametrize(("stage", "stack"), LOOKING)
def test_another_stack_s_resources_are_denied(stage: str, stack: str) -> None:
    denied = [
        value
        for one in statements(stage)
        if one["Effect"] == "Deny"
        for value in one["Condition"]["StringNotLike"].values()
    ]

    assert denied == [stack, "rrweb-store"]

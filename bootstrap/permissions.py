"""What it takes to make, change and delete each type of resource that the program has.

IAM has no list of what Pulumi's provider calls: this one follows what the provider does to create,
read, update, tag and delete, by service. A test holds it against every resource of the program.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bootstrap.stages import Stage

PROJECT = "rrweb-store"
TAGGING = ("ListTagsForResource", "TagResource", "UntagResource")


@dataclass(frozen=True, kw_only=True)
class Account:
    number: str
    region: str


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Actions of one service on what the program names so."""

    service: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    """ARNs behind `arn:aws:<service>:`; `{here}` is `<Region>:<account>`."""


def _verbs(noun: str, *verbs: str) -> tuple[str, ...]:
    return tuple(f"{verb}{noun}" for verb in verbs)


CRUD = ("Create", "Delete", "Describe", "Update")
BUCKET_PARTS = (
    *("BucketAcl", "BucketCORS", "BucketLogging", "BucketObjectLockConfiguration"),
    *("BucketRequestPayment", "BucketVersioning", "BucketWebsite", "ReplicationConfiguration"),
    *("AccelerateConfiguration", "BucketLocation"),
)
SETTINGS = (
    *("BucketOwnershipControls", "BucketPolicy", "BucketPublicAccessBlock", "BucketTagging"),
    *("EncryptionConfiguration", "LifecycleConfiguration", "MetricsConfiguration"),
)
GRANTS = (
    Grant(
        service="apigateway",
        actions=("DELETE", "GET", "PATCH", "POST", "PUT"),
        # An API's id is AWS's: by its tag it is told apart, below.
        resources=("{region}::/restapis", "{region}::/restapis/*", "{region}::/tags/*"),
    ),
    Grant(
        service="apigateway",
        actions=("SetWebACL",),
        resources=("{region}::/restapis/*/stages/*",),
    ),
    Grant(
        service="cloudfront",
        actions=(
            *_verbs("Distribution", "Create", "Delete", "Get", "Update"),
            *_verbs("Function", *CRUD, "Get", "Publish"),
            *_verbs("OriginAccessControl", "Delete", "Get", "Update"),
            *_verbs("ResponseHeadersPolicy", "Create", "Delete", "Get", "Update"),
            *TAGGING,
        ),
        # Only a function has a name of the program's; the others' ids are AWS's.
        resources=(
            ":{number}:distribution/*",
            ":{number}:function/site-*",
            ":{number}:origin-access-control/*",
            ":{number}:response-headers-policy/*",
        ),
    ),
    Grant(
        service="cloudwatch",
        actions=(*_verbs("Alarms", "Delete", "Describe"), "PutMetricAlarm", *TAGGING),
        resources=("{here}:alarm:watch-*",),
    ),
    Grant(
        service="cloudwatch",
        actions=("DeleteDashboards", "GetDashboard", "PutDashboard"),
        resources=(":{number}:dashboard/rrweb-*",),
    ),
    Grant(
        service="cognito-idp",
        actions=(
            *_verbs("UserPool", "Delete", "Describe", "Update"),
            *_verbs("UserPoolClient", *CRUD),
            *_verbs("UserPoolDomain", "Create", "Delete", "Update"),
            *_verbs("ManagedLoginBranding", *CRUD),
            "DescribeManagedLoginBrandingByClient",
            *_verbs("UserPoolMfaConfig", "Get", "Set"),
            *TAGGING,
        ),
        resources=("{here}:userpool/*",),
    ),
    Grant(
        service="dynamodb",
        actions=(
            *_verbs("Table", *CRUD),
            *_verbs("TimeToLive", "Describe", "Update"),
            *_verbs("ContinuousBackups", "Describe", "Update"),
            *("ListTagsOfResource", "TagResource", "UntagResource"),
        ),
        resources=("{here}:table/recordings-*",),
    ),
    Grant(
        service="firehose",
        actions=(
            *_verbs("DeliveryStream", "Create", "Delete", "Describe", "Tag", "Untag"),
            *("ListTagsForDeliveryStream", "UpdateDestination"),
        ),
        resources=("{here}:deliverystream/events-*",),
    ),
    Grant(
        service="kinesis",
        actions=(
            *_verbs("Stream", "Create", "Delete", "Describe", "AddTagsTo", "RemoveTagsFrom"),
            *_verbs("StreamRetentionPeriod", "Decrease", "Increase"),
            *_verbs("StreamEncryption", "Start", "Stop"),
            *("DescribeStreamSummary", "ListShards", "ListTagsForStream"),
            *("UpdateShardCount", "UpdateStreamMode", *TAGGING),
        ),
        resources=("{here}:stream/events-*",),
    ),
    Grant(
        service="lambda",
        actions=(
            *("CreateFunction", "DeleteFunction", "GetFunction", "GetFunctionCodeSigningConfig"),
            *("GetPolicy", "ListTags", "ListVersionsByFunction", "TagResource", "UntagResource"),
            *("UpdateFunctionCode", "UpdateFunctionConfiguration"),
        ),
        resources=("{here}:function:read-events-*",),
    ),
    Grant(
        service="logs",
        actions=(
            *_verbs("LogGroup", "Create", "Delete"),
            *_verbs("LogStream", "Create", "Delete"),
            *_verbs("RetentionPolicy", "Delete", "Put"),
            *("DescribeLogStreams", *TAGGING),
        ),
        resources=tuple(
            f"{{here}}:log-group:{group}-*" for group in ("api", "events", "read-events")
        ),
    ),
    Grant(
        service="s3",
        actions=(
            *_verbs("Bucket", "Create", "Delete", "List"),
            *_verbs("BucketPolicy", "Delete"),
            *(f"Get{part}" for part in (*BUCKET_PARTS, *SETTINGS)),
            *(f"Put{part}" for part in SETTINGS),
        ),
        resources=("::recordings-*", "::site-*"),
    ),
    Grant(
        service="s3",
        actions=("DeleteObject", "GetObject", "GetObjectTagging", "PutObject", "PutObjectTagging"),
        resources=("::site-*/*",),
    ),
    Grant(
        service="sns",
        actions=(
            *_verbs("Topic", "Create", "Delete"),
            *_verbs("TopicAttributes", "Get", "Set"),
            *("Subscribe", *TAGGING),
        ),
        resources=("{here}:watch-*",),
    ),
    Grant(
        service="wafv2",
        actions=(
            *_verbs("WebACL", "Associate", "Create", "Delete", "Disassociate", "Get", "Update"),
            *("GetWebACLForResource", *TAGGING),
        ),
        resources=("{here}:regional/webacl/api-*/*",),
    ),
    Grant(
        service="budgets",
        actions=(
            "ListTagsForResource",
            "ModifyBudget",
            "TagResource",
            "UntagResource",
            "ViewBudget",
        ),
        resources=(":{number}:budget/watch-*",),
    ),
)
# IAM itself knows no narrower resource for these.
ANYWHERE = (
    "cloudfront:CreateOriginAccessControl",
    "cloudfront:ListFunctions",
    "cloudfront:ListOriginAccessControls",
    "cloudfront:ListResponseHeadersPolicies",
    "cloudwatch:ListDashboards",
    "cognito-idp:CreateUserPool",
    "cognito-idp:DescribeUserPoolDomain",
    "logs:DescribeLogGroups",
    "tag:GetResources",
    "iam:ListRoles",
    "sns:GetSubscriptionAttributes",
    "sns:SetSubscriptionAttributes",
    "sns:Unsubscribe",
)
ROLE_ACTIONS = (
    *("iam:DeleteRole", "iam:DeleteRolePolicy", "iam:GetRole", "iam:GetRolePolicy"),
    *("iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole"),
    *("iam:ListRolePolicies", "iam:TagRole", "iam:UntagRole"),
    "iam:UpdateAssumeRolePolicy",
)
SERVICES = ("apigateway.amazonaws.com", "firehose.amazonaws.com", "lambda.amazonaws.com")


def deploy_statements(stage: Stage, account: Account, boundary_arn: str) -> list[dict[str, Any]]:
    """Return what it takes to deploy the stage's stacks, and what keeps it off the others."""
    return [
        *(_granted(grant, account) for grant in GRANTS),
        {"Effect": "Allow", "Action": list(ANYWHERE), "Resource": "*"},
        *_roles(stage, account, boundary_arn),
        *(_emptying(account) if stage.may_empty else ()),
        *_fences(stage),
    ]


def look_statements(stage: Stage, account: Account) -> list[dict[str, Any]]:
    """Return what it takes to read the stage's resources, and none of what is stored in them."""
    looking = (replace(grant, actions=_reading(grant.actions)) for grant in GRANTS)
    return [
        *(_granted(grant, account) for grant in looking if grant.actions),
        {"Effect": "Allow", "Action": list(_reading(ANYWHERE)), "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": list(_reading(ROLE_ACTIONS)),
            "Resource": _own_roles(stage, account),
        },
        *_fences(stage),
    ]


def _reading(actions: Iterable[str]) -> tuple[str, ...]:
    """Return the actions that change nothing.

    >>> _reading(("GET", "PUT", "kinesis:DescribeStream", "DeleteStream", "ViewBudget"))
    ('GET', 'kinesis:DescribeStream', 'ViewBudget')
    """
    return tuple(
        action
        for action in actions
        if action.rpartition(":")[2].startswith(("Describe", "GET", "Get", "List", "View"))
    )


def _own_roles(stage: Stage, account: Account) -> str:
    return f"arn:aws:iam::{account.number}:role/{PROJECT}/{stage.stacks}/*"


def _granted(grant: Grant, account: Account) -> dict[str, Any]:
    here = f"{account.region}:{account.number}"
    return {
        "Effect": "Allow",
        "Action": [f"{grant.service}:{action}" for action in grant.actions],
        "Resource": [
            f"arn:aws:{grant.service}:"
            + resource.format(here=here, region=account.region, number=account.number)
            for resource in grant.resources
        ],
    }


def _roles(stage: Stage, account: Account, boundary_arn: str) -> Iterator[dict[str, Any]]:
    """Yield what it takes to make the stack's roles, under its own path and inside the boundary."""
    roles = _own_roles(stage, account)
    yield {
        "Effect": "Allow",
        "Action": ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
        "Resource": roles,
        "Condition": {"StringEquals": {"iam:PermissionsBoundary": boundary_arn}},
    }
    yield {
        "Effect": "Allow",
        "Action": list(ROLE_ACTIONS),
        "Resource": roles,
    }
    yield {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": roles,
        "Condition": {"StringEquals": {"iam:PassedToService": list(SERVICES)}},
    }
    # make leaks and make janitor ask each role whose it is.
    yield {
        "Effect": "Allow",
        "Action": "iam:ListRoleTags",
        "Resource": f"arn:aws:iam::{account.number}:role/*",
    }


def _emptying(account: Account) -> Iterator[dict[str, Any]]:
    """Yield what only a stage without anybody's recordings needs."""
    yield {
        "Effect": "Allow",
        "Action": ["s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion"],
        "Resource": ["arn:aws:s3:::recordings-*"],
    }
    yield {
        "Effect": "Allow",
        "Action": [
            f"cognito-idp:Admin{what}"
            for what in ("CreateUser", "DeleteUser", "InitiateAuth", "SetUserPassword")
        ],
        "Resource": f"arn:aws:cognito-idp:{account.region}:{account.number}:userpool/*",
    }
    yield {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": f"arn:aws:execute-api:{account.region}:{account.number}:*",
    }


def _fences(stage: Stage) -> Iterator[dict[str, Any]]:
    """Yield what keeps the role off everything that carries another stack's or project's tag.

    Whose a role is may be asked of every one, or who looks for its own would be stopped by others'.
    """
    for tag, own in (("stack", stage.stacks), ("project", PROJECT)):
        yield {
            "Effect": "Deny",
            "NotAction": "iam:ListRoleTags",
            "Resource": "*",
            "Condition": {
                "StringNotLike": {f"aws:ResourceTag/{tag}": own},
                "Null": {f"aws:ResourceTag/{tag}": "false"},
            },
        }

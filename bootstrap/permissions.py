"""Permissions to create, read, update and delete every type of resource in the program.

Resources with a name are scoped by it: every name starts with project and stack. Resources with an
id that AWS chooses are scoped by the tags `project` and `stack`: the request that creates one must
carry them, and later calls need them on the resource. `tests/bootstrap/aws_calls.tsv` lists the
calls that a deployment makes.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bootstrap.scope import Scope, Statement

TAGGING = ("ListTagsForResource", "TagResource", "UntagResource")
# Tags of components/release/stack_tags.py that no permission depends on.
CHANGING_TAGS = ("owner", "commit", "expires-on")


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Actions of one service on resources with a name of the stack's."""

    part: str
    """Name of the policy that contains it: a managed policy holds 6,144 characters."""
    service: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    """Templates for `Scope.arns`, without `arn:aws:<service>:`."""


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
NAMED = (
    Grant(
        part="data",
        service="dynamodb",
        actions=(
            *_verbs("Table", *CRUD),
            *_verbs("TimeToLive", "Describe", "Update"),
            *_verbs("ContinuousBackups", "Describe", "Update"),
            *("ListTagsOfResource", "TagResource", "UntagResource"),
        ),
        resources=("{here}:table/<recordings>",),
    ),
    Grant(
        part="data",
        service="firehose",
        actions=(
            *_verbs("DeliveryStream", "Create", "Delete", "Describe", "Tag", "Untag"),
            *("ListTagsForDeliveryStream", "UpdateDestination"),
        ),
        resources=("{here}:deliverystream/<events>",),
    ),
    Grant(
        part="data",
        service="kinesis",
        actions=(
            *_verbs("Stream", "Create", "Delete", "Describe", "AddTagsTo", "RemoveTagsFrom"),
            *_verbs("StreamRetentionPeriod", "Decrease", "Increase"),
            *_verbs("StreamEncryption", "Start", "Stop"),
            *("DescribeStreamSummary", "ListShards", "ListTagsForStream"),
            *("UpdateShardCount", *TAGGING),
        ),
        resources=("{here}:stream/<events>",),
    ),
    Grant(
        part="data",
        service="lambda",
        actions=(
            *("CreateFunction", "DeleteFunction", "GetFunction", "GetFunctionCodeSigningConfig"),
            *("GetPolicy", "ListTags", "ListVersionsByFunction", "TagResource", "UntagResource"),
            *("UpdateFunctionCode", "UpdateFunctionConfiguration"),
        ),
        resources=("{here}:function:<read-events>",),
    ),
    Grant(
        part="buckets",
        service="s3",
        actions=(
            *_verbs("Bucket", "Create", "Delete", "List"),
            *_verbs("BucketPolicy", "Delete"),
            *(f"Get{part}" for part in (*BUCKET_PARTS, *SETTINGS)),
            *(f"Put{part}" for part in SETTINGS),
            *TAGGING,
        ),
        resources=("::<recordings>", "::<site>"),
    ),
    Grant(
        part="buckets",
        service="s3",
        actions=("ListBucketVersions",),
        resources=("::<site>",),
    ),
    Grant(
        part="buckets",
        service="s3",
        actions=(
            *("DeleteObject", "DeleteObjectVersion", "GetObject", "GetObjectTagging"),
            *("PutObject", "PutObjectTagging"),
        ),
        resources=("::<site>/*",),
    ),
    Grant(
        part="site",
        service="cloudfront",
        actions=(*_verbs("Function", *CRUD, "Get", "Publish"), *TAGGING),
        resources=(":{account}:function/<site>",),
    ),
    Grant(
        part="watch",
        service="budgets",
        actions=("ModifyBudget", "ViewBudget", *TAGGING),
        resources=(":{account}:budget/<watch>",),
    ),
    Grant(
        part="watch",
        service="cloudwatch",
        actions=(*_verbs("Alarms", "Delete", "Describe"), "PutMetricAlarm", *TAGGING),
        resources=("{here}:alarm:<watch>",),
    ),
    Grant(
        part="watch",
        service="cloudwatch",
        actions=("DeleteDashboards", "GetDashboard", "PutDashboard"),
        resources=(":{account}:dashboard/<watch>",),
    ),
    Grant(
        part="logs",
        service="logs",
        actions=(
            *_verbs("LogGroup", "Create", "Delete"),
            *_verbs("LogStream", "Create", "Delete"),
            *_verbs("RetentionPolicy", "Delete", "Put"),
            *("DescribeLogStreams", *TAGGING),
        ),
        resources=tuple(
            f"{{here}}:log-group:<{group}>" for group in ("api-access-log", "events", "read-events")
        ),
    ),
    Grant(
        part="logs",
        service="sns",
        actions=(
            *_verbs("Topic", "Create", "Delete"),
            *_verbs("TopicAttributes", "Get", "Set"),
            *("Subscribe", *TAGGING),
        ),
        resources=("{here}:<watch>",),
    ),
    Grant(
        part="api",
        service="wafv2",
        actions=(
            *_verbs("WebACL", "Associate", "Create", "Delete", "Get", "Update"),
            *("GetWebACLForResource", *TAGGING),
        ),
        resources=("{here}:regional/webacl/<api>/*",),
    ),
)
# Read-only actions without resource-level permissions.
READ_ANYWHERE = (
    "cloudfront:ListFunctions",
    "cloudfront:ListOriginAccessControls",
    "cloudfront:ListResponseHeadersPolicies",
    "cloudwatch:ListDashboards",
    "cognito-idp:DescribeUserPoolDomain",
    "logs:DescribeLogGroups",
    "tag:GetResources",
    "iam:ListRoles",
    "sns:GetSubscriptionAttributes",
)
ROLE_ACTIONS = (
    *("iam:DeleteRole", "iam:DeleteRolePolicy", "iam:GetRole", "iam:GetRolePolicy"),
    *("iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole"),
    *("iam:ListRolePolicies", "iam:TagRole", "iam:UntagRole"),
)
SERVICES = ("apigateway.amazonaws.com", "firehose.amazonaws.com", "lambda.amazonaws.com")


def deploy_statements(scope: Scope) -> dict[str, list[Statement]]:
    """Return the statements that deploy the stage's stacks, by name of their policy."""
    parts: dict[str, list[Statement]] = {}
    for grant in NAMED:
        actions = [f"{grant.service}:{action}" for action in grant.actions]
        arns = scope.arns(f"arn:aws:{grant.service}:{one}" for one in grant.resources)
        parts.setdefault(grant.part, []).append(_allow(actions, arns))
    parts["api"] += [*_rest_api(scope), *_web_acl(scope), *_user_pool(scope)]
    parts["site"] += [*_website(scope), *_distribution(scope)]
    parts["watch"].append(_allow(READ_ANYWHERE, "*"))
    parts["roles"] = list(_roles(scope))
    if scope.stage.may_empty:
        parts["empty"] = list(_emptying(scope))
    if scope.stage.is_permanent:
        # Changing the address needs it. Destroying a stack does not: SNS deletes the subscriptions
        # of a deleted topic.
        parts["logs"].append(_allow("sns:Unsubscribe", "*"))
    return parts


def look_statements(scope: Scope) -> dict[str, list[Statement]]:
    """Return the statements that read the stage's resources, but no data stored in them."""
    return {
        part: [
            {**one, "Action": actions} for one in statements if (actions := _reading(one["Action"]))
        ]
        for part, statements in deploy_statements(scope).items()
    }


def _reading(actions: Iterable[str]) -> list[str]:
    """Return the read-only actions.

    >>> _reading(("apigateway:GET", "apigateway:PUT", "kinesis:DescribeStream", "iam:PassRole"))
    ['apigateway:GET', 'kinesis:DescribeStream']
    """
    return [
        action
        for action in actions
        if action.partition(":")[2].startswith(("Describe", "GET", "Get", "List", "View"))
    ]


def _allow(
    actions: str | Iterable[str],
    resources: str | list[str],
    condition: Statement | None = None,
) -> Statement:
    statement: Statement = {
        "Effect": "Allow",
        "Action": [actions] if isinstance(actions, str) else list(actions),
        "Resource": resources,
    }
    return {**statement, "Condition": condition} if condition else statement


def _rest_api(scope: Scope) -> Iterator[Statement]:
    """Yield permissions to create an API with the stage's tags, and to change such an API.

    Child resources inherit the API's tags for access control:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
    """
    apis = f"arn:aws:apigateway:{scope.region}::/restapis"
    verbs = ("DELETE", "GET", "PATCH", "POST", "PUT", "UpdateRestApiPolicy")
    yield _allow("apigateway:POST", apis, scope.owned("RequestTag"))
    yield _allow("apigateway:UpdateRestApiPolicy", apis)
    yield _allow([f"apigateway:{verb}" for verb in verbs], f"{apis}/*", scope.owned("ResourceTag"))
    yield _allow("apigateway:SetWebACL", f"{apis}/*/stages/*", scope.owned("ResourceTag"))
    # Tagging has its own resource, whose path contains the ARN to be tagged. It has no tags itself.
    tags = f"arn:aws:apigateway:{scope.region}::/tags/arn%3Aaws%3Aapigateway%3A{scope.region}%3A%3A"
    yield _allow(
        "apigateway:PUT",
        # While an API is created, its id here is a literal asterisk, which ${*} matches.
        # Seen in https://github.com/mattclay/aws-terminator/pull/284
        [f"{tags}%2Frestapis%2F${{*}}", f"{tags}%2Frestapis%2F*%2Fstages%2F*"],
        scope.owned("RequestTag"),
    )
    yield _allow(
        ["apigateway:DELETE", "apigateway:PUT"],
        f"{tags}%2Frestapis%2F*",
        {
            "ForAllValues:StringEquals": {"aws:TagKeys": list(CHANGING_TAGS)},
            "Null": {"aws:TagKeys": "false"},
        },
    )


def _web_acl(scope: Scope) -> Iterator[Statement]:
    """Yield what WAF needs on a stage. `apigateway:SetWebACL` checks the stage's tags as well."""
    yield _allow(
        [
            f"wafv2:{what}"
            for what in ("AssociateWebACL", "DisassociateWebACL", "GetWebACLForResource")
        ],
        f"arn:aws:apigateway:{scope.region}::/restapis/*/stages/*",
    )


def _user_pool(scope: Scope) -> Iterator[Statement]:
    actions = (
        *_verbs("UserPool", "Delete", "Describe", "Update"),
        *_verbs("UserPoolClient", *CRUD),
        *_verbs("UserPoolDomain", "Create", "Delete", "Update"),
        *_verbs("ManagedLoginBranding", *CRUD),
        *_verbs("UserPoolMfaConfig", "Get", "Set"),
        *("DescribeManagedLoginBrandingByClient", "ListUserPoolClients", *TAGGING),
    )
    yield _allow("cognito-idp:CreateUserPool", "*", scope.owned("RequestTag"))
    yield _allow(
        [f"cognito-idp:{action}" for action in actions],
        _pools(scope),
        scope.owned("ResourceTag"),
    )


def _pools(scope: Scope) -> str:
    return f"arn:aws:cognito-idp:{scope.region}:{scope.account}:userpool/*"


def _website(scope: Scope) -> Iterator[Statement]:
    """Yield permissions for resources that CloudFront cannot tag: create, read, delete, no update.

    CloudFront refuses to delete one that a distribution uses:
    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteOriginAccessControl.html
    """
    controls = f"arn:aws:cloudfront::{scope.account}:origin-access-control/*"
    headers = f"arn:aws:cloudfront::{scope.account}:response-headers-policy/*"
    yield _allow("cloudfront:CreateOriginAccessControl", "*")
    yield _allow(_website_actions("OriginAccessControl", "Delete", "Get"), controls)
    yield _allow(_website_actions("ResponseHeadersPolicy", "Create", "Delete", "Get"), headers)


def _website_actions(noun: str, *verbs: str) -> list[str]:
    return [f"cloudfront:{action}" for action in _verbs(noun, *verbs)]


def _distribution(scope: Scope) -> Iterator[Statement]:
    distributions = f"arn:aws:cloudfront::{scope.account}:distribution/*"
    yield _allow("cloudfront:CreateDistribution", distributions)
    yield _allow(
        "cloudfront:TagResource",
        distributions,
        # A distribution that is being created, or one without these tags.
        {
            **scope.owned("RequestTag"),
            "Null": {"aws:ResourceTag/project": "true", "aws:ResourceTag/stack": "true"},
        },
    )
    yield _allow(
        [
            *(f"cloudfront:{verb}Distribution" for verb in ("Delete", "Get", "Update")),
            *(f"cloudfront:{action}" for action in TAGGING),
        ],
        distributions,
        scope.owned("ResourceTag"),
    )


def _roles(scope: Scope) -> Iterator[Statement]:
    """Yield permissions to create the stack's roles, under its path and within the boundary.

    IAM has no condition key for a trust policy, so there is no `iam:UpdateAssumeRolePolicy`: a role
    keeps the trust that it was created with.
    """
    yield _allow(
        ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
        scope.role_arns,
        {"StringEquals": {"iam:PermissionsBoundary": scope.boundary_arn}},
    )
    yield _allow(ROLE_ACTIONS, scope.role_arns)
    yield _allow(
        "iam:PassRole",
        scope.role_arns,
        {"StringEquals": {"iam:PassedToService": list(SERVICES)}},
    )
    # make leaks and make janitor find a stack's roles by their tags.
    yield _allow("iam:ListRoleTags", f"arn:aws:iam::{scope.account}:role/*")


def _emptying(scope: Scope) -> Iterator[Statement]:
    """Yield permissions for stages without real recordings: empty a bucket, create test users."""
    yield _allow("s3:ListBucketVersions", scope.arns(["arn:aws:s3:::<recordings>"]))
    yield _allow(
        ["s3:DeleteObject", "s3:DeleteObjectVersion"], scope.arns(["arn:aws:s3:::<recordings>/*"])
    )
    yield _allow(
        [
            f"cognito-idp:Admin{what}"
            for what in ("CreateUser", "DeleteUser", "InitiateAuth", "SetUserPassword")
        ],
        _pools(scope),
        scope.owned("ResourceTag"),
    )

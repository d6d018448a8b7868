"""Rules about buckets, streams, logs and other data."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from policy.iam_rules import statements
from policy.resource import Resource, Rule, StackRule, block, items
from resource_types.registry import RESOURCE_TYPES

BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
BUCKET_ACL = "aws:s3/bucketAcl:BucketAcl"
ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
STREAM = "aws:kinesis/stream:Stream"
TABLE = "aws:dynamodb/table:Table"
POOL = "aws:cognito/userPool:UserPool"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
# Buckets, by their Pulumi name, whose objects the next build would upload again.
REBUILT = frozenset({"site"})
# Tables, by their Pulumi name, that Pulumi forgets and never deletes: docs/adr/0033. No policy can
# see that option.
RETAINED = frozenset({"recordings"})
BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _unblocked_access(resource: Resource) -> Iterator[str]:
    for key in BLOCKS:
        if resource.props.get(key) is not True:
            yield f"{key} must be true"


def _anonymous_access(resource: Resource) -> Iterator[str]:
    if resource.type == BUCKET_POLICY:
        for statement in statements(resource.props["policy"]):
            if statement["Effect"] == "Allow" and _is_anonymous(statement.get("Principal")):
                yield "its policy allows anonymous access: name a service and a source"
    elif "public" in str(resource.props.get("acl")) or "authenticated" in str(
        resource.props.get("acl")
    ):
        yield f"the ACL {resource.props['acl']!r} allows public access: remove it"


def _is_anonymous(principal: Any) -> bool:
    if not isinstance(principal, Mapping):
        return principal == "*"
    named = cast("Mapping[str, Any]", principal)
    return any(name == "*" for one in named.values() for name in items(one))


def _kept_versions(resource: Resource) -> Iterator[str]:
    states = (
        block(resource.props, "versioning").get("enabled"),
        block(resource.props, "versioningConfiguration").get("status") == "Enabled",
    )
    if any(states):
        yield "it keeps versions, which an erasure would leave: docs/adr/0053"


def _unencrypted_stream(resource: Resource) -> Iterator[str]:
    if resource.props.get("encryptionType") != "KMS":
        yield 'set encryption_type="KMS": AWS\'s own key costs nothing'


def _no_retention(resource: Resource) -> Iterator[str]:
    # 0 or no value means forever: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
    if not resource.props.get("retentionInDays"):
        yield "its events never expire: set retention_in_days"


def _unprotected(resource: Resource) -> Iterator[str]:
    if resource.type == BUCKET and resource.name in REBUILT:
        return
    is_retained = resource.type == TABLE and resource.name in RETAINED
    if not resource.protect and not is_retained:
        yield "it holds data and can be deleted: set protect to true in the stack's configuration"
    if resource.type == BUCKET and resource.props.get("forceDestroy"):
        yield "its objects would be deleted with it: set forceDestroy to false"
    if resource.type == TABLE:
        if not resource.props.get("deletionProtectionEnabled"):
            yield "AWS would delete it: set deletion_protection_enabled"
        if not block(resource.props, "pointInTimeRecovery").get("enabled"):
            yield "a mistake could not be undone: set pointInTimeRecovery to true"
    if resource.type == POOL and resource.props.get("deletionProtection") != "ACTIVE":
        yield 'AWS would delete it with its users: set deletion_protection to "ACTIVE"'


def _incomplete_buckets(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    for bucket in (one for one in resources if one.type == BUCKET):
        beside = {one.type for one in resources if bucket.urn in one.depends_on}
        for type_, missing in (
            (ACCESS_BLOCK, "a BucketPublicAccessBlock"),
            (ENCRYPTION, "a BucketServerSideEncryptionConfiguration"),
            (BUCKET_POLICY, "a BucketPolicy that denies requests without TLS"),
        ):
            if type_ not in beside:
                yield bucket, f"the bucket {bucket.name} lacks {missing}"


def _allows_plain_http(resource: Resource) -> Iterator[str]:
    if not any(_denies_plain_http(one) for one in statements(resource.props["policy"])):
        yield "deny s3:* where aws:SecureTransport is false, on the bucket and its objects"


def _denies_plain_http(statement: Mapping[str, Any]) -> bool:
    """Return whether the statement denies every request without TLS, on bucket and objects."""
    condition = block(statement, "Condition")
    transport = block(condition, "Bool").get("aws:SecureTransport")
    resources = items(statement.get("Resource"))
    return (
        statement["Effect"] == "Deny"
        and str(transport).lower() == "false"
        and len(condition) == len(condition["Bool"]) == 1
        and statement.get("Principal") in ("*", {"AWS": "*"})
        and {"*", "s3:*"} & set(items(statement.get("Action"))) != set()
        and {arn.endswith("/*") for arn in resources} == {True, False}
    )


DATA_RULES = (
    Rule(
        name="bucket-blocks-public-access",
        description="Every bucket blocks public ACLs and public policies.",
        check=_unblocked_access,
        types=frozenset({ACCESS_BLOCK}),
    ),
    Rule(
        name="no-public-bucket",
        description="No bucket policy or ACL allows anonymous access.",
        check=_anonymous_access,
        types=frozenset({BUCKET_POLICY, BUCKET, BUCKET_ACL}),
    ),
    Rule(
        name="bucket-requires-tls",
        description="Every bucket denies requests without TLS.",
        check=_allows_plain_http,
        types=frozenset({BUCKET_POLICY}),
    ),
    Rule(
        name="bucket-keeps-no-version",
        description="No bucket keeps versions: what is erased or has expired is gone.",
        check=_kept_versions,
        types=frozenset({BUCKET, VERSIONING}),
    ),
    Rule(
        name="stream-is-encrypted",
        description="Every stream is encrypted at rest.",
        check=_unencrypted_stream,
        types=frozenset({STREAM}),
    ),
    Rule(
        name="log-group-expires",
        description="Every log group has a retention period.",
        check=_no_retention,
        types=frozenset({LOG_GROUP}),
    ),
    Rule(
        name="data-is-protected",
        description="Data in prod is protected by Pulumi and AWS, and can be restored.",
        check=_unprotected,
        types=frozenset(row.type for row in RESOURCE_TYPES.values() if row.holds_data),
        stacks=("prod",),
    ),
)
BUCKETS_ARE_COMPLETE = StackRule(
    name="bucket-is-complete",
    description="Every bucket has a public access block, encryption and a policy.",
    violations=_incomplete_buckets,
)

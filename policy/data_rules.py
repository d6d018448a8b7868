"""Rules about what holds recordings."""

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
STREAM = "aws:kinesis/stream:Stream"
TABLE = "aws:dynamodb/table:Table"
POOL = "aws:cognito/userPool:UserPool"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
# Buckets, by their Pulumi name, whose objects the next build would put there again.
BUILT_AGAIN = frozenset({"site"})
BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _opened(resource: Resource) -> Iterator[str]:
    for key in BLOCKS:
        if resource.props.get(key) is not True:
            yield f"{key} must be true"


def _public(resource: Resource) -> Iterator[str]:
    if resource.type == BUCKET_POLICY:
        for statement in statements(resource.props["policy"]):
            if statement["Effect"] == "Allow" and _names_anybody(statement.get("Principal")):
                yield "its policy lets anybody in: name a service and a source"
    elif "public" in str(resource.props.get("acl")) or "authenticated" in str(
        resource.props.get("acl")
    ):
        yield f"the ACL {resource.props['acl']!r} lets strangers in: give it none"


def _names_anybody(principal: Any) -> bool:
    if not isinstance(principal, Mapping):
        return principal == "*"
    named = cast("Mapping[str, Any]", principal)
    return any(who == "*" for one in named.values() for who in items(one))


def _plain_stream(resource: Resource) -> Iterator[str]:
    if resource.props.get("encryptionType") != "KMS":
        yield 'set encryption_type="KMS": AWS\'s own key costs nothing'


def _endless(resource: Resource) -> Iterator[str]:
    # 0, or nothing, is for ever: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
    if not resource.props.get("retentionInDays"):
        yield "its lines never end: set retention_in_days"


def _loose(resource: Resource) -> Iterator[str]:
    if resource.type == BUCKET and resource.name in BUILT_AGAIN:
        return
    if not resource.protect:
        yield "it holds data and may be deleted: set protect to true in the stack's configuration"
    if resource.type == BUCKET and resource.props.get("forceDestroy"):
        yield "its objects go with it: set forceDestroy to false"
    if resource.type == TABLE:
        if not resource.props.get("deletionProtectionEnabled"):
            yield "AWS would delete it: set deletion_protection_enabled"
        if not block(resource.props, "pointInTimeRecovery").get("enabled"):
            yield "a slip could not be undone: set pointInTimeRecovery to true"
    if resource.type == POOL and resource.props.get("deletionProtection") != "ACTIVE":
        yield 'AWS would delete it with its users: set deletion_protection to "ACTIVE"'


def _bare_buckets(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    for bucket in (one for one in resources if one.type == BUCKET):
        beside = {one.type for one in resources if bucket.urn in one.depends_on}
        for type_, what in (
            (ACCESS_BLOCK, "a BucketPublicAccessBlock"),
            (ENCRYPTION, "a BucketServerSideEncryptionConfiguration"),
            (BUCKET_POLICY, "a BucketPolicy that denies what comes without TLS"),
        ):
            if type_ not in beside:
                yield bucket, f"the bucket {bucket.name} has not got {what}"


def _without_tls(resource: Resource) -> Iterator[str]:
    if not any(_denies_plain(one) for one in statements(resource.props["policy"])):
        yield "deny s3:* where aws:SecureTransport is false, on the bucket and its objects"


def _denies_plain(statement: Mapping[str, Any]) -> bool:
    """Return whether it denies everything of the bucket and its objects to everybody."""
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
        name="bucket-blocks-the-public",
        description="Every bucket refuses what would make it, or an object in it, public.",
        check=_opened,
        types=frozenset({ACCESS_BLOCK}),
    ),
    Rule(
        name="no-public-bucket",
        description="No bucket's policy or ACL lets in somebody who is not named.",
        check=_public,
        types=frozenset({BUCKET_POLICY, BUCKET, BUCKET_ACL}),
    ),
    Rule(
        name="bucket-asks-for-tls",
        description="Every bucket denies what does not come over TLS.",
        check=_without_tls,
        types=frozenset({BUCKET_POLICY}),
    ),
    Rule(
        name="stream-is-encrypted",
        description="Every stream is encrypted at rest.",
        check=_plain_stream,
        types=frozenset({STREAM}),
    ),
    Rule(
        name="log-ends",
        description="Every log group's lines end after some days.",
        check=_endless,
        types=frozenset({LOG_GROUP}),
    ),
    Rule(
        name="data-is-protected",
        description="What holds data in prod is protected, by Pulumi and by AWS, and restorable.",
        check=_loose,
        types=frozenset(row.type for row in RESOURCE_TYPES.values() if row.holds_data),
        stacks=("prod",),
    ),
)
BUCKETS_ARE_WHOLE = StackRule(
    name="bucket-is-whole",
    description="Every bucket has its access block, its encryption and its policy.",
    violations=_bare_buckets,
)

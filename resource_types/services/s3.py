"""S3: buckets, and their settings and objects, which are deleted with them."""

from collections.abc import Mapping
from typing import Any

from resource_types.create_call import CreateCall
from resource_types.grant import Grant, Stages, actions
from resource_types.in_sandbox import Emulated, Ignored, Made, Requested, Served
from resource_types.resource_type import ResourceType

_RECORDINGS = "arn:aws:s3:::<recordings>"
_SITE = "arn:aws:s3:::<site>"


def _create_bucket(s3: Any, requested: Requested) -> Made:
    bucket = requested.physical_name
    s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": requested.region}
    )
    if requested.tags:
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": requested.tag_pairs})
    return bucket, {
        **requested.inputs,
        "bucket": bucket,
        "arn": requested.arn(),
        "bucketRegionalDomainName": f"{bucket}.s3.{requested.region}.amazonaws.com",
    }


def _delete_bucket(s3: Any, id_: str, inputs: Mapping[str, Any]) -> None:
    """Delete the bucket; raises S3's BucketNotEmpty if it may not be emptied and has objects."""
    if inputs.get("forceDestroy"):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=id_):
            for one in page.get("Contents", []):
                s3.delete_object(Bucket=id_, Key=one["Key"])
    s3.delete_bucket(Bucket=id_)


BUCKET = ResourceType(
    type="aws:s3/bucket:Bucket",
    arn="arn:aws:s3:::{name}",
    names=("recordings", "site"),
    name_input="bucket",
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    longest_name=63,
    holds_data=True,
    found_by="tags",
    sandbox=Emulated(
        service="s3", create=_create_bucket, delete=_delete_bucket, kept=("forceDestroy",)
    ),
    create_calls=(CreateCall("CreateBucket"),),
    policy="buckets",
    grants=(
        Grant(
            actions=actions(
                "s3",
                "CreateBucket DeleteBucket ListBucket GetBucketAcl GetBucketCORS GetBucketLogging "
                "GetBucketObjectLockConfiguration GetBucketRequestPayment GetBucketVersioning "
                "GetBucketWebsite GetReplicationConfiguration GetAccelerateConfiguration "
                "GetBucketLocation GetBucketTagging PutBucketTagging ListTagsForResource "
                "TagResource UntagResource",
            )
        ),
        Grant(actions=("s3:ListBucketVersions",), on=(_SITE,)),
        Grant(
            actions=("s3:ListBucketVersions",),
            on=(_RECORDINGS,),
            stages=Stages.EMPTYING,
            policy="empty",
        ),
        Grant(
            actions=actions("s3", "DeleteObject DeleteObjectVersion"),
            on=(f"{_RECORDINGS}/*",),
            stages=Stages.EMPTYING,
            policy="empty",
        ),
    ),
    # The pattern of a bucket also matches its objects, whose ARNs start with its own.
    boundary=(
        Grant(
            actions=actions(
                "s3",
                "AbortMultipartUpload DeleteObject GetBucketLocation GetObject ListBucket "
                "ListBucketMultipartUploads PutObject",
            ),
            on=(_RECORDINGS,),
        ),
    ),
    outputs={"bucket": "{name}", "bucketRegionalDomainName": "{name}.s3.{region}.amazonaws.com"},
)


def _setting(type_: str, call: str, permissions: str, sandbox: Served | Ignored) -> ResourceType:
    """Return the row of a bucket's setting, which one call sets."""
    return ResourceType(
        type=type_,
        found_by="container",
        inside=BUCKET.type,
        sandbox=sandbox,
        create_calls=(CreateCall(call),),
        policy="buckets",
        grants=(Grant(actions=actions("s3", permissions), on=BUCKET.scope),),
    )


BUCKET_POLICY = _setting(
    "aws:s3/bucketPolicy:BucketPolicy",
    "PutBucketPolicy",
    "DeleteBucketPolicy GetBucketPolicy PutBucketPolicy",
    Served("website"),
)
OWNERSHIP_CONTROLS = _setting(
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "PutBucketOwnershipControls",
    "GetBucketOwnershipControls PutBucketOwnershipControls",
    Ignored("everything in the sandbox has one owner"),
)
PUBLIC_ACCESS_BLOCK = _setting(
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "PutPublicAccessBlock",
    "GetBucketPublicAccessBlock PutBucketPublicAccessBlock",
    Ignored("the sandbox's S3 has no public side"),
)
ENCRYPTION = _setting(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "PutBucketEncryption",
    "GetEncryptionConfiguration PutEncryptionConfiguration",
    Ignored("encryption at rest changes no answer"),
)
LIFECYCLE = _setting(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "PutBucketLifecycleConfiguration",
    "GetLifecycleConfiguration PutLifecycleConfiguration",
    Ignored("no sandbox lives for a day"),
)
METRIC = _setting(
    "aws:s3/bucketMetric:BucketMetric",
    "PutBucketMetricsConfiguration",
    "GetMetricsConfiguration PutMetricsConfiguration",
    Ignored("the sandbox has no metrics"),
)
OBJECT = ResourceType(
    type="aws:s3/bucketObjectv2:BucketObjectv2",
    arn="arn:aws:s3:::{bucket}/{key}",
    found_by="container",
    inside=BUCKET.type,
    sandbox=Served("website"),
    create_calls=(CreateCall("PutObject"),),
    policy="buckets",
    grants=(
        Grant(
            actions=actions(
                "s3",
                "DeleteObject DeleteObjectVersion GetObject GetObjectTagging PutObject "
                "PutObjectTagging",
            ),
            on=(f"{_SITE}/*",),
        ),
    ),
)
ROWS = (
    BUCKET,
    BUCKET_POLICY,
    OWNERSHIP_CONTROLS,
    PUBLIC_ACCESS_BLOCK,
    ENCRYPTION,
    LIFECYCLE,
    METRIC,
    OBJECT,
)

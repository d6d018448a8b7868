"""A private bucket: only its own policy and roles of this account give access."""

import pulumi
from pulumi_aws import s3


def private_bucket(
    name: str, *, force_destroy: bool, protect: bool, parent: pulumi.Resource
) -> tuple[s3.Bucket, s3.BucketPublicAccessBlock]:
    """Return an encrypted bucket, and the access block that its policy must wait for."""
    child = pulumi.ResourceOptions(parent=parent)
    made = s3.Bucket(
        name,
        force_destroy=force_destroy,
        opts=pulumi.ResourceOptions(parent=parent, protect=protect),
    )
    s3.BucketOwnershipControls(
        name, bucket=made.id, rule={"object_ownership": "BucketOwnerEnforced"}, opts=child
    )
    private = s3.BucketPublicAccessBlock(
        name,
        bucket=made.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=child,
    )
    s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=made.id,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
        opts=child,
    )
    return made, private


def tls_only_statement(bucket_arn: str) -> dict[str, object]:
    """Return the statement that denies every request without TLS.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
    """
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }

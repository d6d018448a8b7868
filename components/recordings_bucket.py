"""RecordingsBucket: the bytes of the recordings, private, encrypted, and gone when they expire."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws import s3


@dataclass(frozen=True, kw_only=True)
class RecordingsBucketArgs:
    retention_days: int
    """Life of an object. 1 to 3,650."""
    protect: bool = False
    """Refuse to be deleted by Pulumi."""
    force_destroy: bool = False
    """Delete the objects with the bucket: for stacks that may vanish."""

    def __post_init__(self) -> None:
        if not 1 <= self.retention_days <= 3650:
            raise ValueError(f"retention_days must be 1..3650, got {self.retention_days}")
        if self.protect and self.force_destroy:
            raise ValueError("protect and force_destroy contradict each other: choose one")


class RecordingsBucket(pulumi.ComponentResource):
    """A bucket that nobody reaches but by roles of this account, and over TLS."""

    bucket: s3.Bucket
    """The bucket itself."""

    def __init__(
        self, name: str, args: RecordingsBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:RecordingsBucket", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.bucket = s3.Bucket(
            name,
            force_destroy=args.force_destroy,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        bucket = self.bucket.id
        s3.BucketOwnershipControls(
            name, bucket=bucket, rule={"object_ownership": "BucketOwnerEnforced"}, opts=child
        )
        private = s3.BucketPublicAccessBlock(
            name,
            bucket=bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        s3.BucketServerSideEncryptionConfiguration(
            name,
            bucket=bucket,
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            opts=child,
        )
        s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket,
            rules=[
                {
                    "id": "expire",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": args.retention_days},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
                }
            ],
            opts=child,
        )
        s3.BucketPolicy(
            name,
            bucket=bucket,
            policy=self.bucket.arn.apply(tls_only_policy),
            # S3 refuses two changes of a bucket's access at once.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[private]),
        )
        self.register_outputs({"bucketName": bucket})


def tls_only_policy(bucket_arn: str) -> str:
    """Return the bucket policy, as JSON, that denies everything that does not come over TLS.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
    """
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "TlsOnly",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [bucket_arn, f"{bucket_arn}/*"],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        }
    )

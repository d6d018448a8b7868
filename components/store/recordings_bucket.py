"""RecordingsBucket: the bytes of the recordings, private, encrypted, and gone when they expire."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws import s3

from components.foundation.private_bucket import private_bucket, tls_only_statement


@dataclass(frozen=True, kw_only=True)
class RecordingsBucketArgs:
    retention_days: int
    """Days that an object lives. 1 to 3,650."""
    prefixes: tuple[str, ...] = ()
    """Prefixes of these objects, such as `rrweb/recordings/`; needs `reuse_days`. () means all."""
    reuse_prefix: str = ""
    """Prefix of objects that new recordings refer to; needs `reuse_days`."""
    reuse_days: int = 0
    """Days that these live longer: docs/adr/0019. What is under no prefix then never expires."""
    protect: bool = False
    """Refuse to be deleted by Pulumi."""
    force_destroy: bool = False
    """Delete the objects with the bucket, as ephemeral stacks do."""

    def __post_init__(self) -> None:
        if not 1 <= self.retention_days <= 3650:
            raise ValueError(f"retention_days must be 1..3650, got {self.retention_days}")
        reuse = (bool(self.prefixes), bool(self.reuse_prefix), bool(self.reuse_days))
        if self.reuse_days < 0 or len(set(reuse)) > 1:
            raise ValueError(
                f"prefixes, reuse_prefix and reuse_days go together, got {self.prefixes}, "
                f"{self.reuse_prefix!r} and {self.reuse_days}"
            )
        if self.protect and self.force_destroy:
            raise ValueError("protect and force_destroy contradict each other: choose one")


class RecordingsBucket(pulumi.ComponentResource):
    """A private bucket that is reachable over TLS only."""

    bucket: s3.Bucket
    """The bucket itself."""

    def __init__(
        self, name: str, args: RecordingsBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:RecordingsBucket", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.bucket, private = private_bucket(
            name, force_destroy=args.force_destroy, protect=args.protect, parent=self
        )
        bucket = self.bucket.id
        s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket,
            rules=[
                *(
                    s3.BucketLifecycleConfigurationRuleArgs(
                        id=f"expire {prefix}",
                        status="Enabled",
                        filter=s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=prefix),
                        expiration=s3.BucketLifecycleConfigurationRuleExpirationArgs(
                            days=args.retention_days
                        ),
                    )
                    for prefix in args.prefixes
                ),
                {
                    "id": "expire",
                    "status": "Enabled",
                    "filter": {"prefix": args.reuse_prefix},
                    "expiration": {"days": args.retention_days + args.reuse_days},
                },
                {
                    "id": "abort uploads",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
                },
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
    """Return the bucket policy, as JSON, that denies every request without TLS."""
    return json.dumps({"Version": "2012-10-17", "Statement": [tls_only_statement(bucket_arn)]})

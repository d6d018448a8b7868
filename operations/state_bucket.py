"""Creates the bucket of Pulumi's state: private, encrypted, versioned, over TLS only.

It is created before every stack, so no stack can own it. Running this again is safe.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import Any, cast

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from components.store.recordings_bucket import tls_only_policy

# How long a state that was overwritten by mistake can be restored.
OLD_VERSIONS_DAYS = 90


def bucket_name(account: str, region: str) -> str:
    """Return the bucket's name, which is unique to the account and the Region.

    >>> bucket_name("123456789012", "eu-west-1")
    'rrweb-store-state-123456789012-eu-west-1'
    """
    return f"rrweb-store-state-{account}-{region}"


def make(s3: Any, bucket: str, *, account: str, region: str) -> bool:
    """Return whether the bucket was created now. Its settings are applied in either case.

    Raises:
        ClientError: Another account owns it, or AWS refused a call.
    """
    place = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    made = True
    try:
        s3.create_bucket(Bucket=bucket, **({} if region == "us-east-1" else place))
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise
        made = False
    own = {"Bucket": bucket, "ExpectedBucketOwner": account}
    s3.put_public_access_block(
        **own,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    )
    s3.put_bucket_versioning(**own, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(
        **own,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    s3.put_bucket_lifecycle_configuration(
        **own,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "old-versions",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSIONS_DAYS},
                }
            ]
        },
    )
    s3.put_bucket_policy(**own, Policy=tls_only_policy(f"arn:aws:s3:::{bucket}"))
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 the bucket exists, 1 it could not be created, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m operations.state_bucket")
    parser.add_argument("--region", required=True, help="Region of the stacks")
    options = parser.parse_args(arguments)
    session: Any = cast("Any", boto3).Session(region_name=options.region)
    try:
        account = session.client("sts").get_caller_identity()["Account"]
        bucket = bucket_name(account, options.region)
        made = make(session.client("s3"), bucket, account=account, region=options.region)
    except (BotoCoreError, ClientError) as error:
        print(f"state_bucket: {error}", file=sys.stderr)
        return 1
    print(f"{bucket}: {'made' if made else 'was there'}")
    print(f"pulumi login 's3://{bucket}?region={options.region}'")
    return 0


if __name__ == "__main__":
    sys.exit(main())

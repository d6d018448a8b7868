"""The bucket of Pulumi's state, in moto."""

import json
from collections.abc import Iterator
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError

from operations.state_bucket import bucket_name, main, make
from tests.moto_account import moto_account

ACCOUNT = "123456789012"
REGION = "eu-west-1"
BUCKET = bucket_name(ACCOUNT, REGION)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with moto_account():
        yield cast("Any", boto3).client("s3", region_name=REGION)


def test_the_bucket_is_private_encrypted_versioned_and_requires_tls(
    s3: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--region", REGION]) == 0

    assert capsys.readouterr().out.splitlines() == [
        f"{BUCKET}: made",
        f"pulumi login 's3://{BUCKET}?region={REGION}'",
    ]
    assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] == REGION
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    rules = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    statement = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])["Statement"][0]
    assert (statement["Effect"], statement["Condition"]) == (
        "Deny",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    lifecycle = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert [one["NoncurrentVersionExpiration"] for one in lifecycle] == [{"NoncurrentDays": 90}]


def test_a_second_run_keeps_the_state(s3: Any, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--region", REGION])
    s3.delete_bucket_policy(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key=".pulumi/meta.yaml", Body=b"version: 1")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})

    assert main(["--region", REGION]) == 0

    assert f"{BUCKET}: was there" in capsys.readouterr().out
    assert "SecureTransport" in s3.get_bucket_policy(Bucket=BUCKET)["Policy"]
    s3.delete_bucket_policy(Bucket=BUCKET)  # calls to moto are without TLS
    assert s3.get_object(Bucket=BUCKET, Key=".pulumi/meta.yaml")["Body"].read() == b"version: 1"
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"


def test_another_error_is_raised(s3: Any) -> None:
    with pytest.raises(ClientError, match="BucketName"):
        make(s3, "x", account=ACCOUNT, region=REGION)


def test_a_bucket_in_us_east_1_has_no_location_constraint(s3: Any) -> None:
    east = cast("Any", boto3).client("s3", region_name="us-east-1")

    assert make(east, "rrweb-store-state-x", account=ACCOUNT, region="us-east-1") is True
    assert s3.get_bucket_location(Bucket="rrweb-store-state-x")["LocationConstraint"] is None


def test_without_credentials_the_command_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "none")
    monkeypatch.setenv("AWS_CONFIG_FILE", "none")

    assert main(["--region", REGION]) == 1
    assert "state_bucket: Unable to locate credentials" in capsys.readouterr().err

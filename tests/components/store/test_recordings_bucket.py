"""RecordingsBucket."""

import json

import pytest

from components.store.recordings_bucket import RecordingsBucket, RecordingsBucketArgs
from tests.components.given import BUCKET_ARN
from tests.engine import SUFFIX, Engine, deploy

BUCKET = "aws:s3/bucket:Bucket"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
PRIVATE = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"


def deployed(
    *,
    retention_days: int = 30,
    prefixes: tuple[str, ...] = (),
    reuse_prefix: str = "",
    reuse_days: int = 0,
    protect: bool = False,
    force_destroy: bool = False,
) -> Engine:
    def build() -> None:
        args = RecordingsBucketArgs(
            retention_days=retention_days,
            prefixes=prefixes,
            reuse_prefix=reuse_prefix,
            reuse_days=reuse_days,
            protect=protect,
            force_destroy=force_destroy,
        )
        RecordingsBucket("recordings", args)

    return deploy(build)


def test_nothing_in_it_can_be_made_public() -> None:
    engine = deployed()

    assert engine.of_type(PRIVATE) == {
        "recordings": {
            "bucket": f"recordings{SUFFIX}",
            "blockPublicAcls": True,
            "blockPublicPolicy": True,
            "ignorePublicAcls": True,
            "restrictPublicBuckets": True,
        }
    }
    assert engine.of_type("aws:s3/bucketOwnershipControls:BucketOwnershipControls") == {
        "recordings": {
            "bucket": f"recordings{SUFFIX}",
            "rule": {"objectOwnership": "BucketOwnerEnforced"},
        }
    }


def test_nobody_reaches_it_without_tls() -> None:
    engine = deployed()

    assert engine.inputs(POLICY, "recordings")["bucket"] == f"recordings{SUFFIX}"
    assert json.loads(engine.inputs(POLICY, "recordings")["policy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [BUCKET_ARN, f"{BUCKET_ARN}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }


def test_its_policy_waits_for_its_privacy_because_s3_takes_one_change_of_access_at_a_time() -> None:
    engine = deployed()

    assert (PRIVATE, "recordings") in engine.resource(POLICY, "recordings").depends_on


def test_its_objects_are_encrypted() -> None:
    engine = deployed()

    assert engine.of_type(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ) == {
        "recordings": {
            "bucket": f"recordings{SUFFIX}",
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}],
        }
    }


def test_every_object_expires_and_no_half_upload_stays() -> None:
    engine = deployed(retention_days=14)

    assert engine.of_type("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration") == {
        "recordings": {
            "bucket": f"recordings{SUFFIX}",
            "rules": [
                {
                    "id": "expire",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": 14},
                },
                {
                    "id": "abort uploads",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1},
                },
            ],
        }
    }


def test_what_is_reused_lives_longer_than_what_may_refer_to_it_and_not_for_ever() -> None:
    engine = deployed(
        retention_days=14, prefixes=("notes/", "failed/"), reuse_prefix="assets/", reuse_days=3
    )

    rules = engine.inputs(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "recordings"
    )["rules"]
    assert [
        (one["id"], one["status"], one["filter"], one["expiration"]["days"])
        for one in rules
        if "expiration" in one
    ] == [
        ("expire notes/", "Enabled", {"prefix": "notes/"}, 14),
        ("expire failed/", "Enabled", {"prefix": "failed/"}, 14),
        ("expire", "Enabled", {"prefix": "assets/"}, 17),
    ]


@pytest.mark.parametrize(("prefixes", "reuse_days"), [((), 3), (("notes/",), 0), (("notes/",), -1)])
def test_days_of_reuse_need_to_know_what_is_not_reused(
    prefixes: tuple[str, ...], reuse_days: int
) -> None:
    with pytest.raises(
        ValueError, match=r"^prefixes, reuse_prefix and reuse_days go together, got"
    ):
        deployed(prefixes=prefixes, reuse_days=reuse_days)


@pytest.mark.parametrize(("protect", "force"), [(False, False), (True, False), (False, True)])
def test_it_is_protected_or_may_vanish_as_was_asked_for(protect: bool, force: bool) -> None:
    engine = deployed(protect=protect, force_destroy=force)

    bucket = engine.resource(BUCKET, "recordings")
    assert (bucket.protect, bucket.inputs) == (protect, {"forceDestroy": force})


def test_a_bucket_that_is_protected_and_may_vanish_is_a_contradiction() -> None:
    with pytest.raises(ValueError, match=r"^protect and force_destroy contradict each other"):
        deployed(protect=True, force_destroy=True)


@pytest.mark.parametrize("days", [0, 3651])
def test_a_retention_that_makes_no_sense_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match=rf"^retention_days must be 1\.\.3650, got {days}$"):
        deployed(retention_days=days)


@pytest.mark.parametrize("days", [1, 3650])
def test_the_shortest_and_the_longest_retention_are_taken(days: int) -> None:
    engine = deployed(retention_days=days)

    lifecycle = engine.inputs(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "recordings"
    )
    assert lifecycle["rules"][0]["expiration"] == {"days": days}

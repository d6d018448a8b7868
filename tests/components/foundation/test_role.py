"""Roles and their policies."""

import json

import pulumi
from pulumi_aws import s3

from components.foundation.role import allow_policy, gateway_role, service_role, trust_policy
from tests.components.given import BUCKET_ARN, role_arn, trust_of
from tests.engine import deploy

CHILD = pulumi.ResourceOptions()


def test_a_role_is_trusted_to_one_service() -> None:
    trust = json.loads(trust_policy("firehose.amazonaws.com"))

    assert trust == {"Version": "2012-10-17", "Statement": trust_of("firehose.amazonaws.com")}


def test_a_policy_allows_what_is_listed_and_nothing_else() -> None:
    policy = json.loads(allow_policy([("a:One", "arn:1"), (["b:Two", "b:Three"], "arn:2")]))

    assert policy == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "a:One", "Resource": "arn:1"},
            {"Effect": "Allow", "Action": ["b:Two", "b:Three"], "Resource": "arn:2"},
        ],
    }


def test_a_role_comes_with_its_policy() -> None:
    engine = deploy(
        lambda: service_role("reader", "firehose.amazonaws.com", allow_policy([]), CHILD)
    )

    assert engine.of_type("aws:iam/role:Role") == {
        "reader": {"assumeRolePolicy": trust_policy("firehose.amazonaws.com")}
    }
    assert engine.of_type("aws:iam/rolePolicy:RolePolicy") == {
        "reader": {"role": "reader-1a2b3c4", "policy": allow_policy([])}
    }


def test_the_arn_of_a_gateway_role_is_known_only_when_its_policy_is_there() -> None:
    def build() -> None:
        box = s3.Bucket("recordings")
        found = gateway_role("reader", [("s3:ListBucket", box.arn)], CHILD)
        s3.BucketPolicy("user-of-the-role", bucket="any", policy=found)

    engine = deploy(build)

    user = engine.resource("aws:s3/bucketPolicy:BucketPolicy", "user-of-the-role")
    assert user.inputs["policy"] == role_arn("reader")
    assert ("aws:iam/rolePolicy:RolePolicy", "reader") in user.depends_on
    assert engine.inputs("aws:iam/rolePolicy:RolePolicy", "reader")["policy"] == allow_policy(
        [("s3:ListBucket", BUCKET_ARN)]
    )

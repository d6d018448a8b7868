"""What the components are built from here, and what their integrations must look like."""

import json
from typing import Any

from pulumi_aws import dynamodb, kinesis, s3

from tests.engine import ACCOUNT, SUFFIX, Engine, arn

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE = "aws:iam/role:Role"

TABLE_ARN = arn("dynamodb", f"table/recordings{SUFFIX}")
STREAM_ARN = arn("kinesis", f"stream/events{SUFFIX}")
BUCKET_ARN = f"arn:aws:s3:::recordings{SUFFIX}"


def table() -> dynamodb.Table:
    return dynamodb.Table("recordings", hash_key="userId")


def stream() -> kinesis.Stream:
    return kinesis.Stream("events", shard_count=1)


def bucket() -> s3.Bucket:
    return s3.Bucket("recordings")


def role_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}{SUFFIX}"


def statements(engine: Engine, role: str) -> list[dict[str, Any]]:
    """Return what the role's own policy says."""
    return json.loads(engine.inputs(ROLE_POLICY, role)["policy"])["Statement"]


def trusted(engine: Engine, role: str) -> list[dict[str, Any]]:
    """Return who may assume the role."""
    return json.loads(engine.inputs(ROLE, role)["assumeRolePolicy"])["Statement"]


def trust_of(service: str) -> list[dict[str, Any]]:
    """Return the trust of a role for one service, as IAM wants it."""
    return [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]


def json_answer(status: str, template: str) -> dict[str, Any]:
    """Return the response that `template` renders on success."""
    return {
        "statusCode": status,
        "responseParameters": {"method.response.header.Content-Type": "'application/json'"},
        "responseTemplates": {"application/json": template},
    }


def problem_answer(status: str, template: str) -> dict[str, Any]:
    """Return the response of a failure: `status`, unless `template` overrides it."""
    return {
        "statusCode": status,
        "responseParameters": {"method.response.header.Content-Type": "'application/problem+json'"},
        "responseTemplates": {"application/json": template},
    }

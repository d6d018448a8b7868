"""Evaluates a bucket policy for a distribution, as far as the policy of `Website` needs it."""

import json
from typing import Any


def granted(policy: str, distribution_arn: str) -> set[tuple[str, str]]:
    """Return what CloudFront may do for this distribution, as (action, resource).

    Raises:
        ValueError: The policy has a statement that the sandbox does not understand; to ignore it
            could allow too much.
    """
    allowed: set[tuple[str, str]] = set()
    for statement in json.loads(policy)["Statement"]:
        if statement["Effect"] == "Deny" and statement["Condition"] == {
            "Bool": {"aws:SecureTransport": "false"}
        }:
            continue  # CloudFront reaches S3 over TLS
        if (
            set(statement) - {"Sid"} != {"Effect", "Principal", "Action", "Resource", "Condition"}
            or statement["Effect"] != "Allow"
            or not isinstance(statement["Action"], str)
            or not isinstance(statement["Resource"], str)
        ):
            raise ValueError(f"the sandbox does not understand the statement {statement}")
        if _is_for(statement, distribution_arn):
            allowed.add((statement["Action"], statement["Resource"]))
    return allowed


def _is_for(statement: dict[str, Any], distribution_arn: str) -> bool:
    return statement["Principal"] == {"Service": "cloudfront.amazonaws.com"} and (
        statement["Condition"] == {"StringEquals": {"AWS:SourceArn": distribution_arn}}
    )

"""The permissions boundary of the roles that a stack creates.

Without it, a deployment could create a role with any permission and pass it to Lambda.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

import json
from collections.abc import Mapping
from types import MappingProxyType

from bootstrap.scope import Scope, Statement

# By template for `Scope.arns`. The pattern of a bucket, table or log group also matches its
# objects, indexes and streams, whose ARNs start with its own.
ACTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "arn:aws:dynamodb:{here}:table/<recordings>": (
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:Scan",
        ),
        "arn:aws:kinesis:{here}:stream/<events>": (
            "kinesis:DescribeStream",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
            "kinesis:PutRecord",
        ),
        "arn:aws:lambda:{here}:function:<read-events>": ("lambda:InvokeFunction",),
        "arn:aws:logs:{here}:log-group:<events>": ("logs:PutLogEvents",),
        "arn:aws:logs:{here}:log-group:<read-events>": (
            "logs:CreateLogStream",
            "logs:PutLogEvents",
        ),
        "arn:aws:s3:::<recordings>": (
            "s3:AbortMultipartUpload",
            "s3:GetBucketLocation",
            "s3:GetObject",
            "s3:ListBucket",
            "s3:ListBucketMultipartUploads",
            "s3:PutObject",
        ),
    }
)


def boundary_policy(scope: Scope, *, state_bucket: str) -> str:
    """Return the policy, as JSON. A role can do what both this and its own policy allow."""
    statements: list[Statement] = [
        {"Effect": "Allow", "Action": list(actions), "Resource": scope.arns([arn])}
        for arn, actions in ACTIONS.items()
    ]
    # Even if its name matches a pattern above.
    state = f"arn:aws:s3:::{state_bucket}"
    statements.append({"Effect": "Deny", "Action": "s3:*", "Resource": [state, f"{state}/*"]})
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))

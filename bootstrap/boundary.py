"""What the program's own roles may do at most, whatever policy a deployment writes for them.

Without it, who may make a role and hand it to Lambda may do everything.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

import json

ACTIONS = (
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "kinesis:DescribeStream",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:PutRecord",
    "lambda:InvokeFunction",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "s3:AbortMultipartUpload",
    "s3:GetBucketLocation",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:PutObject",
)
STATE_BUCKET = "rrweb-store-state-*"


def boundary_policy() -> str:
    """Return the policy, as JSON. It allows nothing by itself: a role's own policy must, too."""
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": list(ACTIONS),
                    "NotResource": [
                        f"arn:aws:s3:::{STATE_BUCKET}",
                        f"arn:aws:s3:::{STATE_BUCKET}/*",
                    ],
                }
            ],
        }
    )

"""Every action of the roles supports the resources and condition keys of its statement.

An Allow with a resource or a condition key that the action does not support never applies, and only
a deployment would show it.
"""

import json
import re
from collections.abc import Iterator

import pytest

from bootstrap.stages import STAGES
from tests.bootstrap.calls import policies
from tests.bootstrap.reference import overlap, targets
from tests.program.given import Statement, listed

# Missing in parliament's copy of the reference, with the page that documents it.
NEWER = {
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html
    *(("s3:" + what, "arn") for what in ("ListTagsForResource", "TagResource", "UntagResource")),
    # https://docs.aws.amazon.com/kinesis/latest/APIReference/API_TagResource.html
    *(
        ("kinesis:" + what, "arn")
        for what in ("ListTagsForResource", "TagResource", "UntagResource")
    ),
    # It takes a stream: https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html
    ("kinesis:UpdateShardCount", "arn"),
    # A function takes tags: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html
    *(
        ("cloudfront:" + what, "arn")
        for what in ("ListTagsForResource", "TagResource", "UntagResource")
    ),
}


def statements(stage: str) -> list[Statement]:
    return [one for text in policies(stage).values() for one in json.loads(text)["Statement"]]


def misfits(statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield each action of a statement with an ARN or condition key that it does not support."""
    keys = {
        re.sub(r"(?<=Tag/).+", "", key)
        for block in statement.get("Condition", {}).values()
        for key in block
    }
    for action in listed(statement["Action"]):
        for arn in listed(statement["Resource"]):
            fitting = [one for one in targets(action) if _fits(one.arn, arn)]
            if not fitting and (action, "arn") not in NEWER:
                yield action, arn
            elif fitting:
                yield from (
                    (action, key) for key in keys if not any(key in one.keys for one in fitting)
                )


def _fits(known: str, arn: str) -> bool:
    if "*" in (known, arn):
        return arn == "*"
    return overlap(known, arn.replace("${*}", "x"))


@pytest.mark.parametrize("stage", list(STAGES))
def test_every_action_supports_its_resources_and_condition_keys(stage: str) -> None:
    assert [found for one in statements(stage) for found in misfits(one)] == []


@pytest.mark.parametrize(
    ("action", "arn", "key", "found"),
    [
        ("cloudfront:CreateDistribution", "arn:aws:cloudfront::1:distribution/*", "", []),
        (
            "cloudfront:CreateDistribution",
            "arn:aws:cloudfront::1:distribution/*",
            "aws:RequestTag/stack",
            [("cloudfront:CreateDistribution", "aws:RequestTag/")],
        ),
        (
            "cloudfront:DeleteOriginAccessControl",
            "arn:aws:cloudfront::1:origin-access-control/*",
            "aws:ResourceTag/stack",
            [("cloudfront:DeleteOriginAccessControl", "aws:ResourceTag/")],
        ),
        (
            "sns:Unsubscribe",
            "arn:aws:sns:eu-west-1:1:watch-*",
            "",
            [("sns:Unsubscribe", "arn:aws:sns:eu-west-1:1:watch-*")],
        ),
        (
            "dynamodb:CreateTable",
            "arn:aws:dynamodb:eu-west-1:1:stream/x",
            "",
            [("dynamodb:CreateTable", "arn:aws:dynamodb:eu-west-1:1:stream/x")],
        ),
    ],
)
def test_a_mistake_would_be_found(
    action: str, arn: str, key: str, found: list[tuple[str, str]]
) -> None:
    condition = {"Condition": {"StringEquals": {key: "x"}}} if key else {}

    assert list(misfits({"Action": action, "Resource": arn, **condition})) == found

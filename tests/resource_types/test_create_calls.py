"""Which calls create a resource, by its inputs."""

from typing import Any

import pytest

from resource_types.registry import create_calls

BODY = '{"info": {"title": "notes"}}'


@pytest.mark.parametrize(
    ("type_", "inputs", "expected"),
    [
        (
            "aws:apigateway/restApi:RestApi",
            {"body": BODY},
            ["CreateRestApi", "PutRestApi", "UpdateRestApi"],
        ),
        (
            "aws:apigateway/restApi:RestApi",
            {"body": BODY, "name": "notes"},
            ["CreateRestApi", "PutRestApi"],
        ),
        ("aws:apigateway/restApi:RestApi", {"name": "notes"}, ["CreateRestApi"]),
        ("aws:apigateway/stage:Stage", {}, ["CreateStage"]),
        (
            "aws:apigateway/stage:Stage",
            {"accessLogSettings": {"format": "{}"}},
            ["CreateStage", "UpdateStage"],
        ),
        (
            "aws:dynamodb/table:Table",
            {"ttl": {"enabled": True}, "pointInTimeRecovery": {"enabled": False}},
            ["CreateTable", "UpdateTimeToLive"],
        ),
        ("aws:dynamodb/table:Table", {}, ["CreateTable"]),
        (
            "aws:kinesis/stream:Stream",
            {"encryptionType": "KMS"},
            ["CreateStream", "IncreaseStreamRetentionPeriod", "StartStreamEncryption"],
        ),
        ("aws:lambda/function:Function", {}, ["CreateFunction"]),
        (
            "aws:lambda/function:Function",
            {"reservedConcurrentExecutions": 0},
            ["CreateFunction", "PutFunctionConcurrency"],
        ),
        ("pulumi:providers:aws", {"region": "eu-west-1"}, []),
    ],
)
def test_the_calls_follow_from_the_inputs(
    type_: str, inputs: dict[str, Any], expected: list[str]
) -> None:
    assert create_calls(type_, inputs) == expected

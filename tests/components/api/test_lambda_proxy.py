"""LambdaProxy."""

import pulumi
from pulumi_aws import lambda_

from components.api.lambda_proxy import LambdaProxy, LambdaProxyArgs
from tests.components.given import role_arn, statements, trust_of, trusted
from tests.engine import REGION, SUFFIX, Engine, arn, deploy

FUNCTION_ARN = arn("lambda", f"function:read-events{SUFFIX}")


def deployed() -> Engine:
    def build() -> None:
        function = lambda_.Function("read-events", role="arn:aws:iam::123456789012:role/any")
        one = LambdaProxy("get-events", LambdaProxyArgs(function=function, region=REGION))
        pulumi.export("integration", one.integration)

    return deploy(build)


def test_the_role_may_only_invoke_that_function() -> None:
    engine = deployed()

    assert statements(engine, "get-events") == [
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": FUNCTION_ARN}
    ]
    assert trusted(engine, "get-events") == trust_of("apigateway.amazonaws.com")


def test_the_function_gets_the_whole_request_and_gives_the_whole_answer() -> None:
    engine = deployed()

    assert engine.exports["integration"] == {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": (
            f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/"
            f"{FUNCTION_ARN}/invocations"
        ),
        "credentials": role_arn("get-events"),
    }


def test_the_role_is_enough_so_that_no_permission_opens_the_function_to_others() -> None:
    engine = deployed()

    assert engine.of_type("aws:lambda/permission:Permission") == {}

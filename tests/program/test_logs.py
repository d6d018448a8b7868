"""No log outlives its stack: whoever writes one writes into a group that the stack owns."""

import json

from components.website.website import PAGE_PATHS
from tests.engine import ACCOUNT, REGION, SUFFIX, Engine, deploy_program
from tests.program.given import LOG_GROUP


def groups(engine: Engine) -> set[str]:
    return {f"{name}{SUFFIX}" for name in engine.of_type(LOG_GROUP)}


def test_the_function_logs_into_the_stack_s_group(engine: Engine) -> None:
    function = engine.inputs("aws:lambda/function:Function", "read-events")

    assert function["loggingConfig"]["logGroup"] in groups(engine)


def test_firehose_logs_into_the_stack_s_group(engine: Engine) -> None:
    type_ = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
    options = engine.inputs(type_, "events")["extendedS3Configuration"]["cloudwatchLoggingOptions"]

    assert options["enabled"] is True
    assert options["logGroupName"] in groups(engine)


def test_the_api_logs_nowhere_but_in_its_access_log() -> None:
    # Execution logs are in a group of API Gateway's making, which is named by the API and stays:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
    prod = deploy_program("prod")
    (stage,) = prod.of_type("aws:apigateway/stage:Stage").values()
    settings = prod.of_type("aws:apigateway/methodSettings:MethodSettings").values()

    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:api-access-log{SUFFIX}"
    assert stage["accessLogSettings"]["destinationArn"] == group
    assert {key for one in settings for key in one["settings"]} == {
        *("metricsEnabled", "throttlingBurstLimit", "throttlingRateLimit")
    }


def test_nobody_may_make_a_group_whose_end_nobody_chose(engine: Engine) -> None:
    policies = engine.of_type("aws:iam/rolePolicy:RolePolicy").values()

    assert [one for one in policies if "CreateLogGroup" in json.dumps(one)] == []


def test_the_edge_function_says_nothing() -> None:
    # What it wrote by console.log would be in a group of CloudFront's making, in us-east-1:
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html
    assert "console" not in PAGE_PATHS

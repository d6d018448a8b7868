"""The gateway's own answers.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

import json

import pytest
from hypothesis import given

from components.api.gateway_responses import gateway_responses
from sandbox.gateway.errors import GatewayError
from tests.sandbox.gateway_given import FakeServices, ask, aws, problem_of, serving_one
from tests.vtl import HOSTILE


def refused(error: GatewayError):
    """Return the answer to a request that fails."""
    return ask(serving_one(aws(), FakeServices(says=error)))


@pytest.mark.parametrize(
    ("response_type", "status", "title"),
    [
        ("API_CONFIGURATION_ERROR", 500, "Internal Server Error"),
        ("AUTHORIZER_FAILURE", 500, "Internal Server Error"),
        ("BAD_REQUEST_BODY", 400, "Bad Request"),
        ("BAD_REQUEST_PARAMETERS", 400, "Bad Request"),
        ("EXPIRED_TOKEN", 403, "Forbidden"),
        ("INTEGRATION_FAILURE", 502, "Bad Gateway"),
        ("INTEGRATION_TIMEOUT", 504, "Gateway Timeout"),
        ("INVALID_SIGNATURE", 403, "Forbidden"),
        ("QUOTA_EXCEEDED", 429, "Too Many Requests"),
        ("RESOURCE_NOT_FOUND", 404, "Not Found"),
        ("UNAUTHORIZED", 401, "Unauthorized"),
    ],
)
def test_each_type_is_a_problem_of_its_status(response_type: str, status: int, title: str) -> None:
    answer = refused(GatewayError(response_type, "the message"))

    assert problem_of(answer) == (status, title, "the message")


def test_the_answer_to_a_denied_caller_has_no_reason() -> None:
    answer = refused(GatewayError("ACCESS_DENIED", "arn:aws:execute-api:eu-west-1:123456789012:x"))

    status, title, detail = problem_of(answer)
    assert (status, title) == (403, "Forbidden")
    assert "123456789012" not in detail


def test_a_type_without_its_own_response_has_the_default_one() -> None:
    answer = refused(GatewayError("SOMETHING_NEW", "the message"))

    assert problem_of(answer) == (500, "The gateway failed", "the message")


@given(HOSTILE)
def test_the_body_is_json_for_any_message(message: str) -> None:
    text = f"{message} $context.requestId $context.extendedRequestId"

    assert problem_of(refused(GatewayError("UNAUTHORIZED", text)))[2] == text


def test_a_validation_error_has_the_reason() -> None:
    error = GatewayError("BAD_REQUEST_BODY", "Invalid request body", '[a"b]')

    assert problem_of(refused(error))[2] == '[a"b]'


@pytest.mark.parametrize("response_type", ["THROTTLED", "QUOTA_EXCEEDED"])
def test_a_page_of_another_origin_can_read_retry_after(response_type: str) -> None:
    answer = refused(GatewayError(response_type, "x"))

    assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    assert answer.headers["Access-Control-Expose-Headers"] == "Retry-After"


def test_the_answer_to_a_large_body_cannot_be_changed() -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    answer = refused(GatewayError("REQUEST_TOO_LARGE", "Request Too Long"))

    assert (answer.status, json.loads(answer.body)) == (413, {"message": "Request Too Long"})
    assert set(answer.headers) == {"Content-Type", "x-amzn-RequestId", "x-amz-apigw-id"}


def test_a_gateway_response_without_templates_keeps_its_headers() -> None:
    responses = gateway_responses()
    gateway = serving_one(
        aws(), FakeServices(says=GatewayError("UNAUTHORIZED", "x")), gateway_responses=responses
    )

    assert ask(gateway).headers["Access-Control-Allow-Origin"] == "*"

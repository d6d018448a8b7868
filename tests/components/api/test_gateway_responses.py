"""What API Gateway answers by itself."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import boto3
import pytest

from components.api.gateway_responses import gateway_responses

Response = Mapping[str, Any]
RESPONSES = cast("dict[str, Response]", gateway_responses())

# What the gateway puts in place of each variable. `messageString` has its quotes with it, which the
# documentation does not say of `validationErrorString`: public programs put quotes around it.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
VARIABLES = {
    "$context.error.messageString": '"A \\"quoted\\" message"',
    "$context.error.validationErrorString": '[object has missing required properties ([\\"a\\"])]',
    "$context.extendedRequestId": "abc=",
}

STATUS = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "EXPIRED_TOKEN": 403,
    "INTEGRATION_FAILURE": 502,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "QUOTA_EXCEEDED": 429,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}
DEFAULTS = ["DEFAULT_4XX", "DEFAULT_5XX"]


def rendered(response: Response) -> dict[str, Any]:
    """Return the body of a response, its variables replaced as text, as the gateway does."""
    text: str = response["responseTemplates"]["application/json"]
    for variable, value in VARIABLES.items():
        text = text.replace(variable, value)
    assert "$" not in text
    return json.loads(text)


def types_of_aws() -> set[str]:
    """Return the types of gateway response that AWS knows."""
    client = cast("Callable[..., Any]", boto3.client)("apigateway", region_name="eu-west-1")
    return set(client.meta.service_model.shape_for("GatewayResponseType").enum)


def test_every_type_that_can_be_customised_is() -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    assert set(RESPONSES) == types_of_aws() - {"REQUEST_TOO_LARGE"}


@pytest.mark.parametrize(("name", "status"), STATUS.items())
def test_each_is_a_problem_with_its_own_status(name: str, status: int) -> None:
    problem = rendered(RESPONSES[name])

    assert RESPONSES[name]["statusCode"] == str(status)
    assert set(problem) == {"type", "title", "status", "detail", "requestId"}
    assert (problem["type"], problem["status"], problem["requestId"]) == (
        "about:blank",
        status,
        "abc=",
    )


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_default_leaves_the_status_alone_as_it_stands_for_many(name: str) -> None:
    problem = rendered(RESPONSES[name])

    assert "statusCode" not in RESPONSES[name]
    assert set(problem) == {"type", "title", "detail", "requestId"}


def test_the_reason_of_the_gateway_is_the_detail() -> None:
    assert rendered(RESPONSES["UNAUTHORIZED"]) == {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": 'A "quoted" message',
        "requestId": "abc=",
    }


def test_a_media_type_that_is_not_taken_is_told_which_are() -> None:
    assert rendered(RESPONSES["UNSUPPORTED_MEDIA_TYPE"])["detail"] == (
        "Send a Content-Type that this operation lists, without parameters. A Content-Encoding "
        "must be gzip or deflate, and the body must be encoded so."
    )


def test_a_body_that_its_model_refuses_is_answered_with_what_is_wrong_with_it() -> None:
    assert rendered(RESPONSES["BAD_REQUEST_BODY"])["detail"] == (
        '[object has missing required properties (["a"])]'
    )


def test_a_refused_body_is_answered_with_what_a_body_may_hold() -> None:
    responses = cast("dict[str, Response]", gateway_responses("putBox takes 'n'."))

    assert rendered(responses["BAD_REQUEST_BODY"])["detail"] == (
        "putBox takes 'n'. This body: [object has missing required properties ([\"a\"])]"
    )
    assert {name for name, one in responses.items() if one != RESPONSES[name]} == {
        "BAD_REQUEST_BODY"
    }


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_a_page_of_another_origin_can_read_each(name: str) -> None:
    headers = RESPONSES[name]["responseParameters"]

    assert {key: value for key, value in headers.items() if not key.endswith("Retry-After")} == {
        "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
        "gatewayresponse.header.Access-Control-Expose-Headers": "'Retry-After'",
        "gatewayresponse.header.Cache-Control": "'no-store'",
        "gatewayresponse.header.Content-Type": "'application/problem+json'",
        "gatewayresponse.header.X-Content-Type-Options": "'nosniff'",
    }


def test_who_was_too_fast_is_told_when_to_come_back_and_nobody_else_is() -> None:
    key = "gatewayresponse.header.Retry-After"

    assert {
        name: response["responseParameters"][key]
        for name, response in RESPONSES.items()
        if key in response["responseParameters"]
    } == {"THROTTLED": "'1'", "QUOTA_EXCEEDED": "'1'"}

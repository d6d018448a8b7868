"""The import of an OpenAPI body: the changes that API Gateway makes, and its refusals.

Recorded in localstack's `tests/aws/services/apigateway`; the case of each is named beside it.
"""

from typing import Any

import pytest

from sandbox.gateway.importer import ImportRefused, imported
from tests.sandbox.gateway_given import (
    INVOKE,
    PROXY,
    FakeServices,
    api_body,
    ask,
    aws,
    mock,
    operation,
    said,
    serving_one,
)

REFUSED = {"statusCode": "502", "responseTemplates": {"application/json": "refused"}}
FAILED = {"statusCode": "502", "responseTemplates": {"application/json": "failed"}}


def answer_to(status: int, responses: dict[str, Any]) -> tuple[int, bytes]:
    """Return the status and the body of the answer when the service answers with that status."""
    services = FakeServices(says=said(status, {}))
    answer = ask(serving_one(aws(responses=responses), services))
    return answer.status, answer.body


# All 93 `integrationResponses` of the snapshots are keyed by status code, as is the API:
# https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html


def test_the_last_of_two_responses_with_the_same_status_is_kept() -> None:
    responses = {"2\\d{2}": {"statusCode": "200"}, "4\\d{2}": REFUSED, "default": FAILED}

    assert answer_to(400, responses) == (502, b"failed")


def test_the_pattern_of_a_replaced_response_is_lost() -> None:
    responses = {"default": FAILED, "4\\d{2}": REFUSED, "200": {"statusCode": "200"}}

    assert answer_to(400, responses) == (502, b"refused")
    assert answer_to(500, responses)[0] == 500  # the default is gone


def test_the_last_response_has_the_position_of_the_first() -> None:
    responses = {
        "4\\d{2}": FAILED,
        "40[04]": {"statusCode": "400"},
        "[45]\\d{2}": REFUSED,
    }

    assert answer_to(404, responses) == (502, b"refused")


def test_the_import_does_not_change_its_input() -> None:
    body = api_body({"/x": {"get": operation(aws(responses={"4\\d\\d": REFUSED, "5": FAILED}))}})

    stored = imported(body)

    integration = "x-amazon-apigateway-integration"
    assert len(body["paths"]["/x"]["get"][integration]["responses"]) == 2
    assert stored["paths"]["/x"]["get"][integration]["responses"] == {"5": FAILED}


# -- refusals --------------------------------------------------------------------------------------

NO_RESPONSE = operation(mock(), responses={})
NO_HEADER = operation(
    mock(responseParameters={"method.response.header.X-A": "'1'"}), responses={"200": {}}
)
FROM = "integration.request.header.X-A"


def parameter(name: str, place: str) -> dict[str, str]:
    return {"name": name, "in": place}


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        # TestApigatewayIntegration::test_put_integration_wrong_type
        (operation(aws(type="https_proxy")), "there is no integration of type https_proxy"),
        # test_put_integration_validation
        (operation(aws(httpMethod="")), "Enumeration value for HttpMethod must be non-empty"),
        (operation(aws(uri="https://example.com")), "Invalid ARN specified in the request"),
        (
            operation(aws(uri="arn:aws:iam::123456789012:role/gateway")),
            "AWS ARN for integration must contain path or action",
        ),
        (
            operation({**PROXY, "uri": "arn:aws:apigateway:eu-west-1:s3:path/a/b"}),
            "Integrations of type 'AWS_PROXY' currently only supports Lambda",
        ),
        # test_put_integration_aws_proxy_uri
        (
            operation({**PROXY, "uri": INVOKE.replace("invocations", "invoke")}),
            "Integrations of type 'AWS_PROXY' currently only supports Lambda",
        ),
        # TestApigatewayIntegrationResponse::test_integration_response_invalid_statuscode
        (operation(mock(600)), "failed to satisfy constraint"),
        # TestApiGatewayApiMethod::test_method_request_parameters
        (
            operation(mock(), parameters=[parameter("a", "query"), parameter("a", "header")]),
            "Parameter names must be unique across querystring, header and path",
        ),
        # TestApigatewayIntegration::test_put_integration_request_parameter_bool_type
        (operation(aws(requestParameters={FROM: True})), "can not be converted to an String"),
        # https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html
        (
            operation(
                aws(requestParameters={FROM: "method.request.header.X-B"}),
                parameters=[parameter("x-b", "header")],
            ),
            "Invalid mapping expression parameter specified: method.request.header.X-B",
        ),
        # https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethodResponse.html
        (NO_RESPONSE, "no response 200 is declared"),
        (NO_HEADER, "Invalid mapping expression parameter specified: method.response.header.X-A"),
    ],
)
def test_a_refusal_names_the_operation_and_the_reason(case: dict[str, Any], expected: str) -> None:
    with pytest.raises(ImportRefused) as failure:
        imported(api_body({"/x": {"get": case}}))

    assert str(failure.value).startswith("GET /x: ")
    assert expected in str(failure.value)


# TestApiGatewayApiResource::test_create_proxy_resource_validation


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["/a/{one}", "/a/{two}/b"], "A sibling ({one}) of this resource already has a variable"),
        (["/a/{rest+}", "/a/{one}"], "A sibling ({rest+}) of this resource already has a variable"),
        (["/a/{rest+}/b"], "Cannot create a child of a resource with a greedy path variable"),
    ],
)
def test_sibling_path_parameters_must_have_the_same_name(paths: list[str], expected: str) -> None:
    with pytest.raises(ImportRefused) as failure:
        imported(api_body({path: {"get": operation(mock())} for path in paths}))

    assert expected in str(failure.value)


def test_a_parameter_name_may_occur_in_several_paths() -> None:
    paths = ["/a/{id}", "/a/{id}/b", "/b/{id}", "/a/{id}/b/{other}"]

    assert list(imported(api_body({path: {} for path in paths}))["paths"]) == paths


@pytest.mark.parametrize("size", [-1, 10_485_761, "1", True])
def test_a_compression_size_is_a_number_of_bytes_up_to_ten_megabytes(size: object) -> None:
    # TestApiGatewayApiRestApi::test_update_rest_api_compression
    with pytest.raises(ImportRefused):
        imported(api_body({}, minimum_compression_size=size))


def test_an_unknown_type_of_gateway_response_is_refused() -> None:
    # TestApiGatewayGatewayResponse::test_gateway_response_validation
    with pytest.raises(ImportRefused) as failure:
        imported(api_body({}, gateway_responses={"TEAPOT": {}}))

    assert "TEAPOT" in str(failure.value)

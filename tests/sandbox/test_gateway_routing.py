"""Routing: the operation of a request, and its path parameters.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
"""

from typing import Any

import pytest

from sandbox.gateway.api import Api
from sandbox.gateway.errors import GatewayError
from tests.sandbox.gateway_given import (
    REGION,
    FakeServices,
    api_body,
    ask,
    aws,
    mock,
    operation,
    problem_of,
    serving,
    serving_one,
)

NO_SUCH_ROUTE = (403, "Forbidden", "No such route, or no credentials.")
PATHS: dict[str, Any] = {
    "/things": {"get": operation(mock(200))},
    "/things/{thingId}": {
        "get": operation(mock(201)),
        "put": operation(mock(202)),
        "parameters": [],
        "summary": "text",
    },
    "/things/special": {"get": operation(mock(203))},
    "/things/{thingId}/parts/{partId}": {"get": operation(mock(204))},
    "/dots.in(it)": {"get": operation(mock(205))},
}


def find(method: str, path: str) -> tuple[str, dict[str, str]]:
    """Return the resource and the path parameters."""
    api = Api(body=api_body(PATHS), stage="v1", stage_variables={}, region=REGION)
    operation, parameters = api.find(method, path)
    return operation.resource, parameters


@pytest.mark.parametrize(
    ("path", "resource", "parameters"),
    [
        ("/v1/things", "/things", {}),
        ("/v1/things/1", "/things/{thingId}", {"thingId": "1"}),
        ("/v1/things/special", "/things/special", {}),
        ("/v1/things/specials", "/things/{thingId}", {"thingId": "specials"}),
        ("/v1/dots.in(it)", "/dots.in(it)", {}),
        (
            "/v1/things/a/parts/b",
            "/things/{thingId}/parts/{partId}",
            {"thingId": "a", "partId": "b"},
        ),
    ],
)
def test_a_literal_segment_has_priority_over_a_parameter(
    path: str, resource: str, parameters: dict[str, str]
) -> None:
    assert find("GET", path) == (resource, parameters)


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [
        ("a%2Fb", "a/b"),
        ("a%2fb", "a/b"),
        ("..%2F..%2Fother", "../../other"),
        ("%2E%2E", ".."),
        ("..", ".."),
        ("a%20b", "a b"),
        ("a+b", "a+b"),
        ("%F0%9F%98%80", "😀"),
        ("%252F", "%2F"),
        ("%FF", "\ufffd"),
        ("%", "%"),
        ("%zz", "%zz"),
        ("%00", "\x00"),
        ("%22%24%23", '"$#'),
    ],
)
def test_an_encoded_slash_does_not_split_a_segment_and_arrives_decoded(
    sent: str, arrives: str
) -> None:
    # Known issues: parameters are decoded before the integration request.
    services = FakeServices()
    template = "$input.params('thingId')"

    ask(
        serving_one(aws(requestTemplates={"application/json": template}), services),
        path=f"/v1/things/{sent}",
    )

    assert [one.body for one in services.sent] == [arrives]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/v1"),
        ("GET", "/v1/"),
        ("GET", "/v2/things"),
        ("GET", "/V1/things"),
        ("GET", "/things"),
        ("GET", "/v1/things//"),
        ("GET", "/v1/things/1//"),
        ("GET", "/v1/things//parts/b"),
        ("GET", "/v1/things/a/parts"),
        ("GET", "/v1/dotsXinXitX"),
        ("GET", "/v1/%74hings"),
        ("DELETE", "/v1/things/1"),
        ("HEAD", "/v1/things/1"),
        ("OPTIONS", "/v1/things/1"),
        ("PARAMETERS", "/v1/things/1"),
        ("SUMMARY", "/v1/things/1"),
        ("get", "/v1/things/1"),
        ("", "/v1/things/1"),
        ("GET", "/v1/things/{thingId}/x"),
    ],
)
def test_an_unknown_route_has_the_403_of_missing_credentials(method: str, path: str) -> None:
    # AWS also answers "Missing Authentication Token" for a missing resource:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    assert problem_of(ask(serving(api_body(PATHS)), method=method, path=path)) == NO_SUCH_ROUTE


def test_an_unknown_route_raises_the_type_that_aws_gives_it() -> None:
    with pytest.raises(GatewayError) as failure:
        find("GET", "/v1/nothing")

    assert failure.value.response_type == "MISSING_AUTHENTICATION_TOKEN"


def test_a_head_request_has_its_own_operation() -> None:
    gateway = serving(api_body({"/things": {"head": operation(mock(200))}}))

    assert ask(gateway, method="HEAD", path="/v1/things").status == 200


def test_requests_are_counted_by_method_and_first_part_of_the_path() -> None:
    gateway = serving(api_body(PATHS))

    for method, path in [("GET", "/v1/things"), ("GET", "/v1/things/1"), ("OPTIONS", "/v1")]:
        ask(gateway, method=method, path=path)

    assert gateway.requests == {("GET", "things"): 2, ("OPTIONS", ""): 1}

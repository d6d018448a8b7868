"""Mappings and overrides of the request to a service.

Sources:
https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.gateway.api import Api
from sandbox.gateway.call import Call
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.request import Request
from sandbox.gateway.request_mapping import IntegrationRequest, integration_request, mapping_source
from tests.sandbox.gateway_given import REGION, api_body, aws, mock, operation

CONTEXT: dict[str, Any] = {
    "stage": "v1",
    "requestTimeEpoch": 1_700_000_000_999,
    "authorizer": {"claims": {"sub": "a-user", "cognito:username": "ann", "empty": ""}},
}
HEADERS = {"content-type": "text/plain", "x-here": "here"}


def call_of(
    *,
    headers: Mapping[str, str] | tuple[tuple[str, str], ...] = HEADERS,
    path: Mapping[str, str] | None = None,
    body: bytes = b"text",
) -> Call:
    """Return a request that has passed all checks before its integration."""
    api = Api(
        body=api_body({"/things/{thingId}": {"get": operation(mock())}}),
        stage="v1",
        stage_variables={"streamName": "a-stream"},
        region=REGION,
    )
    found, _ = api.find("GET", "/v1/things/1")
    pairs = tuple(headers.items()) if isinstance(headers, Mapping) else headers
    return Call(
        api=api,
        operation=found,
        request=Request(
            method="GET",  # its Content-Type is not sent
            raw_path="/v1/things/1",
            raw_query="q=asked",
            headers=pairs,
            body=body,
        ),
        raw_path={
            name: quote(value, safe="") for name, value in (path or {"thingId": "1/2"}).items()
        },
        body=body,
        context={**CONTEXT},
    )


def mapped(parameters: Mapping[str, str], template: str = "", **request: Any) -> IntegrationRequest:
    """Return the request to the service; `parameters` are without `integration.request.`."""
    integration = aws(
        passthroughBehavior="when_no_match",
        requestParameters={f"integration.request.{to}": one for to, one in parameters.items()},
        requestTemplates={"text/plain": template} if template else {},
    )
    return integration_request(call_of(**request), integration)


PLACES = pytest.mark.parametrize("place", ["header", "path", "querystring"])


def at(place: str, request: IntegrationRequest) -> dict[str, str]:
    return {"header": request.headers, "path": request.path, "querystring": request.query}[place]


# -- sources ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("'*'", "*"),
        ("''", ""),
        ("' a b '", " a b "),
        ("'method.request.path.thingId'", "method.request.path.thingId"),
        ("'{thingId}'", "{thingId}"),
        ("'$context.stage'", "$context.stage"),
        ("'\"1\"'", '"1"'),
    ],
)
def test_a_static_value_is_the_text_between_the_quotes(source: str, value: str) -> None:
    assert mapping_source(call_of(), source) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("context.stage", "v1"),
        ("context.requestTimeEpoch", "1700000000999"),
        ("context.authorizer.claims.sub", "a-user"),
        ("context.authorizer.claims.cognito:username", "ann"),
        ("context.authorizer.claims.empty", ""),
        ("context.authorizer.claims.none", ""),
        ("context.authorizer.none.sub", ""),
        ("context.none", ""),
        ("context.stage.sub", ""),
    ],
)
def test_a_context_value_is_text_and_empty_if_absent(source: str, value: str) -> None:
    assert mapping_source(call_of(), source) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("method.request.path.thingId", "1/2"),
        ("method.request.path.thingid", ""),
        ("method.request.path.other", ""),
        ("stageVariables.streamName", "a-stream"),
        ("stageVariables.other", ""),
        ("method.request.header.x-here", "here"),
        ("method.request.header.X-HERE", None),  # names are case-sensitive: Known issues
        ("method.request.querystring.q", "asked"),
        ("method.request.querystring.Q", None),
        ("method.request.header.X-There", None),
    ],
)
def test_a_source_reads_the_request_and_stage_variables(source: str, value: str | None) -> None:
    assert mapping_source(call_of(), source) == value


def test_the_last_value_of_a_repeated_header_is_mapped() -> None:
    call = call_of(headers=(("x-here", "first"), ("x-here", "second")))

    assert mapping_source(call, "method.request.header.x-here") == "second"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "context",
        "method.request.body",
        "streamName",
        '"static"',
    ],
)
def test_an_unknown_source_is_refused(source: str) -> None:
    with pytest.raises(GatewayError) as failure:
        mapping_source(call_of(), source)

    assert (failure.value.response_type, failure.value.message) == (
        "API_CONFIGURATION_ERROR",
        f"The sandbox does not support the mapping source {source}",
    )


@given(st.text())
def test_a_mapped_value_is_not_evaluated_as_a_source(value: str) -> None:
    call = call_of(path={"thingId": value}, headers={"x-here": value})

    assert mapping_source(call, "method.request.path.thingId") == value
    assert mapping_source(call, "method.request.header.x-here") == (value or None)


# -- targets ---------------------------------------------------------------------------------------


@PLACES
def test_a_mapping_fills_only_its_own_target(place: str) -> None:
    request = mapped({f"{place}.name": "'value'"})

    places = {one: at(one, request) for one in ("header", "path", "querystring")}
    assert places == {"header": {}, "path": {}, "querystring": {}, place: {"name": "value"}}


def test_an_unmapped_value_is_not_sent_to_the_service() -> None:
    assert mapped({}) == IntegrationRequest(headers={}, path={}, query={}, body=b"text")


@PLACES
def test_a_mapping_of_an_absent_value_is_left_out(place: str) -> None:
    request = mapped(
        {
            f"{place}.absent": "method.request.header.X-There",
            f"{place}.present": "method.request.header.x-here",
        }
    )

    assert at(place, request) == {"present": "here"}


@PLACES
def test_the_name_of_a_target_may_have_dots(place: str) -> None:
    assert at(place, mapped({f"{place}.a.b.c": "'value'"})) == {"a.b.c": "value"}


def test_a_parameter_is_passed_on_decoded() -> None:
    request = mapped(
        {
            "path.key": "method.request.path.thingId",
            "querystring.key": "method.request.path.thingId",
        },
        path={"thingId": "é /?#😀"},
    )

    assert (request.path, request.query) == ({"key": "é /?#😀"}, {"key": "é /?#😀"})


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\n", "\r", "\x00", "é", "😀", "\x7f"])
def test_a_mapped_value_that_is_invalid_in_a_header_is_refused(value: str) -> None:
    with pytest.raises(GatewayError) as failure:
        mapped({"header.X-Id": "method.request.path.thingId"}, path={"thingId": value})

    assert failure.value.response_type == "INTEGRATION_FAILURE"


# -- overrides -------------------------------------------------------------------------------------


def override(place: str, name: str, value: str) -> str:
    return f"#set($context.requestOverride.{place}.{name} = {value})"


@PLACES
def test_a_template_can_override_and_add_parameters(place: str) -> None:
    template = override(place, "mapped", '"other"') + override(place, "added", "2")

    request = mapped({f"{place}.mapped": "'value'", f"{place}.kept": "'kept'"}, template)

    assert at(place, request) == {"mapped": "other", "kept": "kept", "added": "2"}


@PLACES
def test_an_override_does_not_affect_the_next_request(place: str) -> None:
    call = call_of()
    overriding = aws(requestTemplates={"text/plain": override(place, "x", "1")})

    first = integration_request(call, overriding)
    second = integration_request(call, aws(requestTemplates={"text/plain": "text"}))

    assert (at(place, first), at(place, second)) == ({"x": "1"}, {})


def test_an_override_that_is_invalid_in_a_header_is_refused() -> None:
    with pytest.raises(GatewayError) as failure:
        mapped({}, override("header", "x", "$input.body"), body=b"a\r\nX-Evil: 1")

    assert failure.value.response_type == "INTEGRATION_FAILURE"


def test_the_output_of_a_template_is_the_body() -> None:
    request = mapped({}, "$input.params('thingId') $input.params('q') $context.stage $input.body")

    assert request.body == b"1/2 asked v1 text"

"""The mapping of requests to integrations, and of their answers to the client's."""

import base64
import json

import pytest

from sandbox.gateway.api import Document
from sandbox.gateway.service import ServiceAnswer
from tests.sandbox.gateway_given import (
    ECHO,
    ROLE,
    UNSUPPORTED,
    FakeServices,
    Sent,
    api_body,
    ask,
    aws,
    mock,
    operation,
    problem_of,
    said,
    serving,
    serving_one,
)

NOT_CONFIGURED = (500, "Internal Server Error", "Internal server error")


def response(status: int, body: str | None = None, **headers: str) -> Document:
    """Return an integration response; a header is named after AWS's mapping, `_` for `-`."""
    return {
        "statusCode": str(status),
        "responseParameters": {
            f"method.response.header.{name.replace('_', '-')}": source
            for name, source in headers.items()
        },
        **({} if body is None else {"responseTemplates": {"application/json": body}}),
    }


# Passthrough, all of it:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html


@pytest.mark.parametrize("content_type", ["text/plain", "application/jsonp", "*/*", "\x00"])
@pytest.mark.parametrize("behaviour", ["never", "when_no_templates"])
def test_a_media_type_without_a_template_is_a_415(behaviour: str, content_type: str) -> None:
    services = FakeServices()
    gateway = serving_one(aws(passthroughBehavior=behaviour), services)

    answer = ask(gateway, b"x", headers={"content-type": content_type})

    assert (problem_of(answer), services.sent) == (UNSUPPORTED, [])


@pytest.mark.parametrize(
    "integration",
    [
        aws(passthroughBehavior="when_no_match"),
        aws(passthroughBehavior="when_no_templates", requestTemplates={}),
        {name: value for name, value in aws().items() if name != "passthroughBehavior"},
    ],
    ids=["when_no_match", "when_no_templates", "by default"],
)
def test_a_body_without_a_template_is_passed_through_if_allowed(integration: Document) -> None:
    services = FakeServices()

    ask(serving_one(integration, services), b'$input {"a": 1}', headers={"content-type": "text/x"})

    assert [one.body for one in services.sent] == ['$input {"a": 1}']


def test_a_template_matches_a_media_type_in_any_case_and_with_parameters() -> None:
    services = FakeServices()
    gateway = serving_one(aws(), services)

    kind = "Application/JSON; charset=utf-8"
    ask(gateway, b"[]", headers={"content-type": kind})

    rendered = json.dumps({"got": base64.b64encode(b"[]").decode()})
    assert services.sent == [Sent("kinesis", "PutRecord", ROLE, {"Content-Type": kind}, rendered)]


@pytest.mark.parametrize(
    "template",
    [
        "#if(true)x",
        "$input.path('$..[')",
        "$util.parseJson('{')",
        "#set($x = [1].get(9))",
    ],
)
def test_a_template_that_fails_is_a_500(template: str) -> None:
    gateway = serving_one(aws(requestTemplates={"application/json": template}))

    assert problem_of(ask(gateway)) == NOT_CONFIGURED


def test_a_deeply_nested_body_does_not_crash_a_template() -> None:
    gateway = serving_one(aws(requestTemplates={"application/json": "$input.json('$')"}))

    assert ask(gateway, b"[" * 200_000 + b"]" * 200_000).status in {200, 400, 500}


# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html


@pytest.mark.parametrize(
    ("template", "output"),
    [
        ("$input.params('a')", "path"),
        ("$input.params('b')", "query"),
        ("$input.params('c')", "header"),
        ("$input.params('d')", ""),
        ("$input.params().querystring.a", "query"),
        ("$input.params('two')", "second"),
        ("$stageVariables.streamName", "a-stream"),
        ("$context.httpMethod $context.stage $context.resourcePath", "POST v1 /of/{a}"),
        ("$context.identity.sourceIp", "127.0.0.1"),
        ("$input.body", '{"x": [1, "é"]}'),
        ("$input.json('$.x')", '[1,"é"]'),
        ("$input.json('$.none')", '""'),
        ("$input.path('$.x[1]')", "é"),
        ("$input.path('$').x.size()", "2"),
        ("$util.urlEncode('a b/é') $util.urlDecode('a+b%2F')", "a+b%2F%C3%A9 a b/"),
        ("$util.base64Decode('w6k=')", "é"),
        ('$util.escapeJavaScript("a\'b/")', "a\\'b\\/"),
    ],
)
def test_a_template_reads_the_request(template: str, output: str) -> None:
    services = FakeServices()
    integration = aws(requestTemplates={"application/json": template})
    gateway = serving(api_body({"/of/{a}": {"post": operation(integration)}}), services)

    ask(
        gateway,
        '{"x": [1, "é"]}'.encode(),
        path="/v1/of/path",
        query="a=query&b=query&two=first&two=second",
        headers={"a": "header", "b": "header", "c": "header"},
    )

    assert [one.body for one in services.sent] == [output]


# https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("'application/x-amz-json-1.1'", "application/x-amz-json-1.1"),
        ("method.request.header.x-here", "here"),
        ("method.request.header.X-Here", None),
        ("method.request.header.X-There", None),
        ("method.request.path.thingId", "1/2"),
        ("stageVariables.streamName", "a-stream"),
        ("context.stage", "v1"),
        ("context.identity.sourceIp", "127.0.0.1"),
        ("context.no.such", ""),
    ],
)
def test_a_header_of_the_integration_is_mapped(source: str, value: str | None) -> None:
    services = FakeServices()
    parameters = {"integration.request.header.X-Mapped": source}

    ask(
        serving_one(aws(requestParameters=parameters), services),
        path="/v1/things/1%2F2",
        headers={"x-here": "here"},
    )

    assert [one.headers.get("X-Mapped") for one in services.sent] == [value]


@pytest.mark.parametrize("source", ["method.request.body.x", "nonsense", ""])
def test_an_unknown_mapping_source_is_a_500(source: str) -> None:
    gateway = serving_one(aws(requestParameters={"integration.request.header.X": source}))

    assert problem_of(ask(gateway))[:2] == (500, "Internal Server Error")


# selectionPattern is a regex on the whole HTTP status:
# https://docs.aws.amazon.com/apigateway/latest/api/API_IntegrationResponse.html

RESPONSES = {
    r"2\d{2}": response(202, "stored"),
    "4": response(418, "not chosen: it is not the whole status"),
    r"4\d{2}": response(400, "refused"),
    "404": response(404, "not chosen: an earlier one matched"),
    "default": response(502, "failed"),
}


@pytest.mark.parametrize(
    ("service_status", "status", "body"),
    [
        (200, 202, b"stored"),
        (299, 202, b"stored"),
        (400, 400, b"refused"),
        (404, 400, b"refused"),
        (500, 502, b"failed"),
        (302, 502, b"failed"),
    ],
)
def test_a_response_is_selected_by_the_whole_status_of_the_service(
    service_status: int, status: int, body: bytes
) -> None:
    gateway = serving_one(aws(responses=RESPONSES), FakeServices(says=said(service_status)))

    answer = ask(gateway)

    assert (answer.status, answer.body) == (status, body)


@pytest.mark.parametrize("responses", [{}, {"200": response(200)}])
def test_an_answer_without_a_matching_response_is_a_500(responses: Document) -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    gateway = serving_one(aws(responses=responses), FakeServices(says=said(500, "secret")))

    assert problem_of(ask(gateway)) == NOT_CONFIGURED


def test_an_answer_without_a_template_is_passed_through() -> None:
    says = ServiceAnswer(200, {}, b'{"a": "$x \xff"}')

    answer = ask(serving_one(aws(), FakeServices(says=says)))

    assert (answer.status, answer.body) == (200, '{"a": "$x \ufffd"}'.encode())


def test_a_response_template_reads_the_answer_and_not_the_request() -> None:
    gateway = serving_one(
        aws(responses={"default": response(200, "$input.path('$.from')/$input.params('thingId')")}),
        FakeServices(says=said(200, {"from": "service"})),
    )

    assert ask(gateway, b'{"from": "client"}').body == b"service/1"


@pytest.mark.parametrize(
    ("template", "status", "headers"),
    [
        ("#set($context.responseOverride.status = 418)x", 418, {"X-Fixed": "fixed"}),
        (
            '#set($context.responseOverride.header.X-Fixed = "other")x',
            200,
            {"X-Fixed": "other"},
        ),
        (
            '#set($context.responseOverride.header.X-New = "new")x',
            200,
            {"X-Fixed": "fixed", "X-New": "new"},
        ),
    ],
)
def test_a_template_overrides_status_and_headers(
    template: str, status: int, headers: dict[str, str]
) -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
    gateway = serving_one(aws(responses={"default": response(200, template, X_Fixed="'fixed'")}))

    answer = ask(gateway)

    shown = {name: value for name, value in answer.headers.items() if name in {"X-Fixed", "X-New"}}
    assert (answer.status, shown, answer.body) == (status, headers, b"x")


def test_an_override_does_not_outlive_its_request() -> None:
    template = "#if($input.path('$.fail'))#set($context.responseOverride.status = 500)#end x"
    services = FakeServices(says=said(200, {"fail": True}))
    gateway = serving_one(aws(responses={"default": response(200, template)}), services)

    first = ask(gateway).status
    services.says = said(200)

    assert (first, ask(gateway).status) == (500, 200)


def test_headers_of_the_service_are_mapped_if_present() -> None:
    mapped = response(
        200,
        ETag="integration.response.header.ETag",
        Missing="integration.response.header.Missing",
        Static="'static'",
    )
    gateway = serving_one(
        aws(responses={"default": mapped}), FakeServices(says=said(200, etag='"1"', other="x"))
    )

    headers = ask(gateway).headers

    own = {"x-amzn-RequestId", "x-amz-apigw-id", "Content-Type"}
    assert {name: value for name, value in headers.items() if name not in own} == {
        "ETag": '"1"',
        "Static": "static",
    }


@pytest.mark.parametrize("path", ["a%0d%0aSet-Cookie: x=1", "a%0ab", "%00", "%F0%9F%98%80", "a%0D"])
def test_an_invalid_header_value_is_never_sent(path: str) -> None:
    # RFC 9110, 5.5: CR, LF and NUL are invalid in a field value.
    mapped = response(200, X_Echo="method.request.path.thingId")
    gateway = serving_one(aws(responses={"default": mapped}))

    answer = ask(gateway, path=f"/v1/things/{path}")

    assert problem_of(answer)[:2] == (502, "Bad Gateway")
    assert "X-Echo" not in answer.headers


def test_a_mock_answers_with_its_own_status() -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
    allow = {"method.response.header.Access-Control-Allow-Methods": "'GET, PUT'"}

    answer = ask(serving_one(mock(204, responseParameters=allow)))

    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, PUT"


@pytest.mark.parametrize("template", ["", "[]", "{}", "text", '{"statusCode": "x"}', "[" * 100_000])
def test_a_mock_without_a_status_is_a_500(template: str) -> None:
    integration = {**mock(), "requestTemplates": {"application/json": template}}

    assert problem_of(ask(serving_one(integration))) == NOT_CONFIGURED


@pytest.mark.parametrize(
    "integration",
    [
        aws(type="http"),
        aws(uri="arn:aws:apigateway:eu-west-1:s3:path/{bucket}/{key}"),
    ],
    ids=["http", "path"],
)
def test_an_unsupported_integration_is_a_500(integration: Document) -> None:
    assert problem_of(ask(serving_one(integration)))[:2] == (500, "Internal Server Error")


def test_an_answer_over_ten_megabytes_is_a_502() -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
    says = ServiceAnswer(200, {}, b"x" * (10 * 1024 * 1024 + 1))

    assert problem_of(ask(serving_one(aws(), FakeServices(says=says))))[0] == 502


def test_the_same_template_serves_many_requests() -> None:
    services = FakeServices()
    gateway = serving_one(aws(requestTemplates={"application/json": ECHO}), services)

    answers = [ask(gateway, str(number).encode()).status for number in range(3)]

    encoded = [base64.b64encode(str(number).encode()).decode() for number in range(3)]
    assert answers == [200, 200, 200]
    assert [json.loads(one.body)["got"] for one in services.sent] == encoded

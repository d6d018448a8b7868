"""Answers of AWS, as recorded, with our own routes and values.

Sources are cases of `tests/aws/services/apigateway` in https://github.com/localstack/localstack,
whose snapshots were taken on AWS, or pages of AWS's documentation; each test names its own.
"""

import json

import pytest

from sandbox.gateway.service import ServiceAnswer
from sandbox.gateway.undecided import Undecided
from tests.sandbox.gateway_given import (
    PROXY,
    FakeServices,
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
from tests.sandbox.recorded_headers import KEPT, REMAPPED

NOT_CONFIGURED = (500, "Internal Server Error", "Internal server error")
BINARY = ["image/webp"]


# -- routing: test_apigateway_lambda.py, test_lambda_aws_proxy_integration -------------------------


@pytest.mark.parametrize(
    ("path", "in_event", "in_context"),
    [
        ("/v1/things/1", "/things/1", "/v1/things/1"),
        ("/v1/things/1/", "/things/1/", "/v1/things/1/"),
        ("/v1//things/1", "/things/1", "/v1//things/1"),
        ("//v1/things/1", "/things/1", "/v1/things/1"),
    ],
)
def test_slashes_before_or_after_a_path_do_not_change_its_route(
    path: str, in_event: str, in_context: str
) -> None:
    services = FakeServices(says=said(200, {"statusCode": 200}))

    ask(serving_one(PROXY, services), path=path)

    (sent,) = services.sent
    event = json.loads(sent.body)
    assert (event["path"], event["requestContext"]["path"]) == (in_event, in_context)
    assert (event["resource"], event["pathParameters"]) == ("/things/{thingId}", {"thingId": "1"})


def test_a_double_slash_within_a_path_changes_its_route() -> None:
    body = api_body({"/things/{thingId}/parts": {"get": operation(mock())}})

    assert ask(serving(body), method="GET", path="/v1/things//parts").status == 403


def test_an_unknown_route_and_an_unknown_method_have_the_same_answer() -> None:
    # test_apigateway_common.py, TestApigatewayRouting::test_routing_not_found
    answers = [ask(serving_one(mock()), path="/v1/x"), ask(serving_one(mock()), method="GET")]

    assert [answer.status for answer in answers] == [403, 403]
    assert {answer.headers["x-amzn-ErrorType"] for answer in answers} == {
        "MissingAuthenticationTokenException"
    }


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [
        ("/v1/things/1/locked", False),
        ("/v1/things/1/locked/", True),
        ("/v1//things/1/locked", False),
    ],
)
def test_a_trailing_slash_evades_a_denial_of_an_exact_path(path: str, is_allowed: bool) -> None:
    # A third-party report for the method's ARN, which keeps the slash that routing ignores.
    deny = [
        {
            "Effect": effect,
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": [f"execute-api:/{one}"],
        }
        for effect, one in (("Allow", "*"), ("Deny", "v1/GET/things/*/locked"))
    ]
    body = api_body(
        {"/things/{thingId}/locked": {"get": operation(mock())}},
        policy={"Version": "2012-10-17", "Statement": deny},
    )

    assert (ask(serving(body), method="GET", path=path).status == 200) is is_allowed


def test_path_parameters_reach_a_function_encoded_and_a_template_decoded() -> None:
    services = FakeServices(says=said(200, {"statusCode": 200}))
    ask(serving_one(PROXY, services), path="/v1/things/a%2Bb+c%40d")
    template = aws(requestTemplates={"application/json": "$input.params('thingId')"})
    ask(serving_one(template, services), path="/v1/things/a%2Bb+c%40d")

    event, rendered = (one.body for one in services.sent)
    assert json.loads(event)["pathParameters"] == {"thingId": "a%2Bb+c%40d"}
    assert rendered == "a+b+c@d"


def test_a_function_gets_decoded_query_parameters_with_the_last_of_several() -> None:
    services = FakeServices(says=said(200, {"statusCode": 200}))
    ask(serving_one(PROXY, services), query="a=x%2By+z&a=2&url=https://b.example/")

    event = json.loads(services.sent[0].body)
    assert event["queryStringParameters"] == {"a": "2", "url": "https://b.example/"}
    assert event["multiValueQueryStringParameters"]["a"] == ["x+y z", "2"]


# -- names of headers ------------------------------------------------------------------------------


def test_a_function_gets_header_names_as_sent_except_authorization() -> None:
    # test_apigateway_lambda.py, test_lambda_aws_proxy_integration
    services = FakeServices(says=said(200, {"statusCode": 200}))

    ask(serving_one(PROXY, services), headers={"oDd-nAmE": "x", "authorization": "y"})

    assert json.loads(services.sent[0].body)["headers"] == {"oDd-nAmE": "x", "Authorization": "y"}


@pytest.mark.parametrize(
    ("sent", "asked", "seen"),
    [
        ("if-none-match", "if-none-match", "x"),
        ("if-none-match", "If-None-Match", ""),
        ("If-None-Match", "if-none-match", ""),
        ("If-None-Match", "If-None-Match", "x"),
    ],
)
def test_mapped_header_names_are_case_sensitive(sent: str, asked: str, seen: str) -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    services = FakeServices()
    integration = aws(
        requestParameters={"integration.request.header.X-Seen": f"method.request.header.{asked}"},
        requestTemplates={"application/json": f"$input.params('{asked}')"},
    )

    ask(serving_one(integration, services), headers={sent: "x"})

    (got,) = services.sent
    assert (got.body, got.headers.get("X-Seen", "")) == (seen, seen)


def test_the_gateway_itself_reads_header_names_in_any_case() -> None:
    # https://www.rfc-editor.org/rfc/rfc9110#section-5.1
    for name in ("content-type", "Content-Type", "CONTENT-TYPE"):
        assert ask(serving_one(aws()), b"x", headers={name: "text/x"}).status == 415


@pytest.mark.parametrize(("asked", "seen"), [("cursor", "x"), ("Cursor", "")])
def test_mapped_query_parameter_names_are_case_sensitive(asked: str, seen: str) -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    services = FakeServices()
    source = f"method.request.querystring.{asked}"
    integration = aws(
        requestParameters={"integration.request.header.X-Seen": source},
        requestTemplates={"application/json": f"$input.params('{asked}')"},
    )

    ask(serving_one(integration, services), query="cursor=x")

    (got,) = services.sent
    assert (got.body, got.headers.get("X-Seen", "")) == (seen, seen)


# -- headers: test_apigateway_integrations.py, TestApiGatewayHeaderRemapping -----------------------

PASSED = ["Accept", "Age", "Content-Encoding", "Pragma", "Range", "Referer", "TE", "Via", "ETag"]


@pytest.mark.parametrize("name", KEPT)
def test_some_request_headers_reach_neither_a_template_nor_a_function(name: str) -> None:
    services = FakeServices(says=said(200, {"statusCode": 200}))
    template = aws(requestTemplates={"application/json": f"[$input.params('{name}')]"})

    ask(serving_one(template, services), headers={name: "x"})
    ask(serving_one(PROXY, services), headers={name: "x"})

    rendered, event = (one.body for one in services.sent)
    assert (rendered, json.loads(event)["headers"]) == ("[]", {})


def test_some_mapped_response_headers_get_a_prefix() -> None:
    mapped = {f"method.response.header.{one}": f"'a {one}'" for one in (*REMAPPED, *PASSED)}

    headers = ask(serving_one(mock(responseParameters=mapped))).headers

    assert {name: value for name, value in headers.items() if value.startswith("a ")} == {
        **{f"x-amzn-Remapped-{name}": f"a {name}" for name in REMAPPED},
        **{name: f"a {name}" for name in PASSED},
    }


def test_transfer_encoding_is_dropped_from_an_answer() -> None:
    mapped = {"method.response.header.transfer-encoding": "'chunked'"}

    headers = ask(serving_one(mock(responseParameters=mapped))).headers

    assert set(headers) == {"x-amzn-RequestId", "x-amz-apigw-id"}


def test_a_header_set_by_a_template_also_gets_the_prefix() -> None:
    template = "#set($context.responseOverride.header['date'] = 'now')"
    gateway = serving_one(mock(responseTemplates={"application/json": template}))

    assert ask(gateway).headers["x-amzn-Remapped-Date"] == "now"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("connection", "x-amzn-Remapped-Connection"),
        ("Content-Length", "x-amzn-Remapped-Content-Length"),
        ("Date", "x-amzn-Remapped-Date"),
        ("server", "x-amzn-Remapped-Server"),
        ("Host", "Host"),
        ("User-Agent", "User-Agent"),
    ],
)
def test_four_headers_of_a_proxy_answer_get_a_prefix(name: str, shown: str) -> None:
    says = said(200, {"headers": {name: "9", "Transfer-Encoding": "chunked"}, "body": "abc"})

    headers = ask(serving_one(PROXY, FakeServices(says=says))).headers

    assert {key: value for key, value in headers.items() if not key.startswith("x-amz-")} == {
        shown: "9",
        "Content-Type": "application/json",
        "x-amzn-RequestId": headers["x-amzn-RequestId"],
    }


@pytest.mark.parametrize(
    ("method", "mapped", "got"),
    [
        ("POST", {}, {"Content-Type": "text/csv"}),
        ("PUT", {"content-type": "'a/b'"}, {"content-type": "a/b"}),
        ("GET", {}, {}),
    ],
)
def test_the_content_type_is_sent_with_a_body_unless_another_is_mapped(
    method: str, mapped: dict[str, str], got: dict[str, str]
) -> None:
    # test_apigateway_http.py, test_http_integration_with_lambda; for a GET
    # test_apigateway_integrations.py, test_apigateway_header_remapping_http
    services = FakeServices()
    headers = {f"integration.request.header.{name}": value for name, value in mapped.items()}
    integration = to_kinesis(requestParameters=headers)
    gateway = serving(api_body({"/x": {method.lower(): operation(integration)}}), services)

    ask(gateway, method=method, path="/v1/x", headers={"content-type": "text/csv"})

    assert services.sent[0].headers == got


FORBIDDEN = pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "Connection", "Content-Length", "Expect", "Proxy-Authenticate", "TE"),
        "transfer-encoding",
    ],
)


@FORBIDDEN
def test_a_request_header_of_the_gateway_cannot_be_mapped(name: str) -> None:
    mapped = {f"integration.request.header.{name}": "'x'"}
    services = FakeServices()

    answer = ask(serving_one(aws(requestParameters=mapped), services))

    assert (problem_of(answer), services.sent) == (NOT_CONFIGURED, [])
    assert answer.headers["x-amzn-ErrorType"] == "InternalServerErrorException"


@FORBIDDEN
def test_a_request_header_of_the_gateway_cannot_be_mapped_for_a_function(name: str) -> None:
    mapped = {f"integration.request.header.{name}": "'x'"}

    assert problem_of(ask(serving_one({**PROXY, "requestParameters": mapped}))) == NOT_CONFIGURED


@FORBIDDEN
def test_a_request_header_of_the_gateway_cannot_be_set_by_a_template(name: str) -> None:
    template = f"#set($context.requestOverride.header['{name}'] = 'x')"

    gateway = serving_one(aws(requestTemplates={"application/json": template}))

    assert problem_of(ask(gateway)) == NOT_CONFIGURED


# -- proxies: test_apigateway_lambda.py, test_aws_proxy_response_payload_format_validation ---------


@pytest.mark.parametrize(
    ("result", "headers"),
    [
        ({"statusCode": 200}, {}),
        ({"statusCode": 200, "headers": None}, {}),
        ({"headers": {"X-A": "b"}}, {"X-A": "b"}),
        ({"statusCode": "200", "headers": {"X-On": True}}, {"X-On": "true"}),
        ({"statusCode": 200, "multiValueHeaders": {"X-M": ["b", "c"]}}, {"X-M": "b, c"}),
        (
            {"multiValueHeaders": {"x-M": ["several"]}, "headers": {"X-m": "one"}},
            {"x-M": "several, one"},
        ),
    ],
)
def test_a_proxy_result_becomes_these_headers(
    result: dict[str, object], headers: dict[str, str]
) -> None:
    answer = ask(serving_one(PROXY, FakeServices(says=said(200, result))))

    shown = {key: value for key, value in answer.headers.items() if not key.startswith("x-amz")}
    assert (answer.status, answer.body, shown) == (
        200,
        b"",
        {**headers, "Content-Type": "application/json"},
    )


def test_a_proxy_result_may_set_the_content_type() -> None:
    says = said(200, {"headers": {"content-type": "text/csv"}, "body": "a,b"})

    headers = ask(serving_one(PROXY, FakeServices(says=says))).headers

    assert {key: value for key, value in headers.items() if key.lower() == "content-type"} == {
        "content-type": "text/csv"
    }


def test_an_unknown_member_of_a_proxy_result_is_a_502() -> None:
    says = said(200, {"statusCode": 200, "cookies": []})

    assert ask(serving_one(PROXY, FakeServices(says=says))).status == 502


def test_base64_is_not_decoded_unless_the_client_accepts_a_binary_type() -> None:
    says = said(200, {"body": "aMOp", "isBase64Encoded": True})

    assert ask(serving_one(PROXY, FakeServices(says=says))).body == b"aMOp"


def test_a_function_is_invoked_only_by_post() -> None:
    # test_lambda_aws_proxy_integration_non_post_method
    services = FakeServices(says=said(200, {"statusCode": 200}))

    answer = ask(serving_one({**PROXY, "httpMethod": "GET"}, services))

    assert (problem_of(answer), services.sent) == (NOT_CONFIGURED, [])


# -- bodies ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "empty", "text"),
    [
        ("#set($all = $input.body)$all", "{}", "no JSON"),
        ("Body=$input.body", "Body={}", "Body=no JSON"),
        ("Body=$util.urlEncode($input.body)", "Body=%7B%7D", "Body=no+JSON"),
        ("[$input.body.field]", "[]", "[]"),
        ("[$util.urlEncode($input.body.field)]", "[]", "[]"),
    ],
)
def test_a_template_gets_an_empty_object_for_an_empty_body(
    template: str, empty: str, text: str
) -> None:
    # test_apigateway_common.py, TestApiGatewayCommon::test_input_body_formatting
    services = FakeServices()
    gateway = serving_one(aws(requestTemplates={"application/json": template}), services)

    ask(gateway)
    ask(gateway, b"no JSON")

    assert [one.body for one in services.sent] == [empty, text]


def test_a_template_gets_an_empty_object_for_an_empty_answer() -> None:
    # test_apigateway_common.py, TestApiGatewayCommon::test_input_body_formatting
    response = {"statusCode": "200", "responseTemplates": {"application/json": "got $input.body"}}
    services = FakeServices(says=ServiceAnswer(200, {}, b""))

    assert ask(serving_one(aws(responses={"default": response}), services)).body == b"got {}"


def test_invalid_utf8_becomes_replacement_characters() -> None:
    # test_apigateway_s3.py, test_apigw_s3_binary_support_request without contentHandling
    services = FakeServices()
    template = aws(requestTemplates={"application/json": "$input.body"})

    ask(serving_one(template, services), b"\x1f\x8bab")

    assert services.sent[0].body == "\x1f\ufffdab"


@pytest.mark.parametrize(
    ("handling", "accept", "status"),
    [
        (None, "image/webp", 500),
        (None, "image/webp, */*", 500),
        (None, "application/json", 200),
        (None, "", 200),
        ("CONVERT_TO_BINARY", "application/json", 500),
        ("CONVERT_TO_TEXT", "image/webp", 200),
    ],
)
def test_the_output_of_a_response_template_is_text(
    handling: str | None, accept: str, status: int
) -> None:
    # test_apigateway_s3.py,
    # test_apigw_s3_binary_support_response_convert_to_binary_with_request_template
    integration = mock(responseTemplates={"application/json": "aMOp"})
    integration["responses"]["default"]["contentHandling"] = handling
    gateway = serving_one(integration, binary_media_types=BINARY)

    assert ask(gateway, headers={"accept": accept}).status == status


def to_kinesis(**fields: object) -> dict[str, object]:
    """Return an integration that passes through a body of a type without a template."""
    return aws(passthroughBehavior="when_no_match", **fields)


@pytest.mark.parametrize("body", [b"aMOp", b"", b"{}"])
def test_a_request_template_cannot_be_combined_with_conversion_to_binary(body: bytes) -> None:
    # test_apigateway_s3.py,
    # test_apigw_s3_binary_support_request_convert_to_binary_with_request_template
    gateway = serving_one(to_kinesis(contentHandling="CONVERT_TO_BINARY"))

    assert ask(gateway, body).status == 500
    assert ask(gateway, b"aMOp", headers={"content-type": "text/x"}).status == 200


@pytest.mark.parametrize("has_template", [True, False])
def test_a_request_template_may_override_the_answer(has_template: bool) -> None:
    # test_apigateway_integrations.py,
    # test_integration_mock_with_response_override_in_request_template
    template = (
        "#set($context.responseOverride.status = 418)"
        "#set($context.responseOverride.header.X-Tea = 'green')"
        "#set($context.responseOverride.note = 'kept')"
        '{"statusCode": 200}'
    )
    note = {"application/json": "$context.responseOverride.note"}
    integration = {
        **mock(responseTemplates=note if has_template else {}),
        "requestTemplates": {"application/json": template},
    }

    answer = ask(serving_one(integration))

    assert (answer.status, answer.headers["X-Tea"]) == (418, "green")
    assert answer.body == (b"kept" if has_template else b"")


def test_a_response_template_can_read_an_override_of_the_request() -> None:
    # test_apigateway_integrations.py, test_integration_mock_with_vtl_map_assignation and
    # test_integration_mock_with_request_overrides_in_response_template
    template = (
        "#set($name = 'one')#set($context.requestOverride.querystring[$name] = 1)"
        "$context.requestOverride.path.put('two', 2)"
        "#set($context['requestOverride'].header['three'] = 3)"
        '{"statusCode": 200}'
    )
    seen = (
        "$context.requestOverride.querystring.one $context.requestOverride.path['two'] "
        "$context.requestOverride.header.three"
    )
    integration = {
        **mock(responseTemplates={"application/json": seen}),
        "requestTemplates": {"application/json": template},
    }

    assert ask(serving_one(integration)).body == b"1 2 3"


@pytest.mark.parametrize(
    "override",
    [
        "$context.requestOverride.header['X-A']",
        "$context.requestOverride.querystring.a",
        "$context.responseOverride.status",
        "$context.responseOverride.header.X-A",
        "$context.requestOverride.header.put('X-A', 200)",
    ],
)
def test_a_second_override_of_the_same_parameter_is_a_500(override: str) -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
    once = override if "put" in override else f"#set({override} = 200)"
    statuses = [
        ask(serving_one(aws(requestTemplates={"application/json": template}))).status
        for template in (once, once + once)
    ]

    assert statuses == [200, 500]


# -- mocks: test_apigateway_integrations.py, test_integration_mock_with_path_param -----------------


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("{statusCode: 204}", 204),
        ("{ 'statusCode': 204 }", 204),
        ('{"statusCode": 204}', 204),
        ('{note: "a", statusCode: 204}', 204),
        ('{"statusCode": "204"}', 500),
        ('{"statusCode": 204.5}', 500),
        ("{statusCode: true}", 500),
        ("statusCode: 204", 500),
        ('{"statusCode": 204', 500),
        ("{}", 500),
        ("204", 500),
    ],
)
def test_a_mock_answers_with_the_status_of_its_template(text: str, status: int) -> None:
    integration = {**mock(204), "requestTemplates": {"application/json": text}}

    assert ask(serving_one(integration)).status == status


# -- Velocity --------------------------------------------------------------------------------------

DATA = json.dumps(
    {
        "map": {"a": "b"},
        "maps": {"a": {"b": 1}, "c": None, "d": True},
        "lists": {"a": [{"b": "c"}]},
        "array": [{"a": "b"}],
        "arrays": [[1, "x"]],
        "empty": [],
        "null": None,
        "text": "",
    }
)


def rendered(template: str, body: str = DATA) -> str:
    """Return the output of a request template for a body."""
    services = FakeServices()
    gateway = serving_one(aws(requestTemplates={"application/json": template}), services)
    answer = ask(gateway, body.encode())
    assert answer.status == 200, answer.body
    return services.sent[0].body


# test_apigateway_common.py, TestApiGatewayCommon::test_input_path_template_formatting


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("$.map", "{a=b}"),
        ("$.maps", "{a={b=1}, c=null, d=true}"),
        ("$.lists", '{a=[{"b":"c"}]}'),
        ("$.array", '[{"a":"b"}]'),
        ("$.arrays", '[[1,"x"]]'),
        ("$.array[0]", "{a=b}"),
        ("$.empty", "[]"),
        ("$.null", ""),
        ("$.absent", ""),
    ],
)
def test_a_value_is_printed_as_in_java(path: str, text: str) -> None:
    assert rendered(f"#set($it = $input.path('{path}'))$it") == text
    assert rendered(f"#set($it = $input.path('{path}'))$it.toString()") == text


def test_the_elements_of_an_array_are_maps_and_arrays() -> None:
    assert rendered("#set($it = $input.path('$'))$it.array[0]|$it.arrays[0]") == '{a=b}|[1,"x"]'
    assert rendered("#set($it = $util.parseJson('{\"a\":[{}]}'))$it $it.a.size()") == "{a=[{}]} 1"


@pytest.mark.parametrize(
    ("path", "is_null", "is_empty"),
    [
        ("$.absent", "true", "true"),
        ("$.null", "true", "true"),
        ("$.empty", "false", "false"),
        ("$.map", "false", "false"),
    ],
)
def test_an_absent_or_null_value_equals_both_null_and_empty_text(
    path: str, is_null: str, is_empty: str
) -> None:
    template = (
        f"#set($it = $input.path('{path}'))"
        "#if($it == $null)true#{else}false#end $it.deeper|$it.deeper.still "
        "#if($it == '')true#{else}false#end"
    )

    assert rendered(template) == f"{is_null} | {is_empty}"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        # test_apigateway_kinesis.py: the condition of its template for PutRecords
        ("#if($never.set.this != '')set#{else}unset#end", "unset"),
        ("[$never][$never.set][$never.set.this][$!never][${never}]", "[][][][][]"),
        ("[$never.method('x')][$never[0]][$never['a']['b']]", "[][][]"),
        ("$input.path('$.text').length()", "0"),  # an empty text is a text
        ("#if($never)yes#{else}no#end", "no"),
        ("#if(!$never)yes#{else}no#end", "yes"),
    ],
)
def test_an_undefined_reference_is_empty(template: str, text: str) -> None:
    assert rendered(template) == text


# -- undecided facts -------------------------------------------------------------------------------


@pytest.mark.parametrize(("strips", "status"), [(True, 200), (False, 415)])
def test_both_answers_for_a_media_type_with_parameters_can_be_chosen(
    strips: bool, status: int
) -> None:
    undecided = Undecided(strips_media_type_parameters=strips)
    body = api_body({"/things/{thingId}": {"post": operation(aws())}})
    gateway = serving(body, undecided=undecided)

    answer = ask(gateway, b"{}", headers={"content-type": "application/json; charset=utf-8"})

    assert answer.status == status


@pytest.mark.parametrize(("strips", "seen"), [(True, "AP8="), (False, "\0\ufffd")])
def test_both_answers_for_a_binary_type_with_parameters_can_be_chosen(
    strips: bool, seen: str
) -> None:
    services = FakeServices()
    integration = to_kinesis(contentHandling="CONVERT_TO_TEXT", requestTemplates={})
    paths = {"/things/{thingId}": {"post": operation(integration)}}
    undecided = Undecided(strips_media_type_parameters=strips)
    gateway = serving(api_body(paths, binary_media_types=BINARY), services, undecided=undecided)

    ask(gateway, b"\0\xff", headers={"content-type": "image/webp; v=1"})

    assert services.sent[0].body == seen


@pytest.mark.parametrize("number", ["1.0", "1e3", "-2.0E1"])
@pytest.mark.parametrize(("may", "status"), [(True, 200), (False, 400)])
def test_both_answers_for_a_whole_number_with_a_fraction_can_be_chosen(
    number: str, may: bool, status: int
) -> None:
    content = {"application/json": {"schema": {"type": "array", "items": {"type": "integer"}}}}
    body = api_body(
        {"/things/{thingId}": {"post": operation(mock(), requestBody={"content": content})}}
    )
    gateway = serving(body, undecided=Undecided(integer_may_have_fraction=may))

    assert ask(gateway, f"[{number}]".encode()).status == status
    assert ask(gateway, b"[1.5]").status == 400

"""Models and required parameters.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
"""

import pytest

from sandbox.gateway.gateway import Gateway
from tests.sandbox.gateway_given import api_body, ask, mock, operation, problem_of, serving

SCHEMAS = {
    "Thing": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "maxLength": 3},
            "size": {"$ref": "#/components/schemas/Size"},
        },
    },
    # Draft 4: `exclusiveMinimum` is a boolean, https://json-schema.org/draft-04/json-schema-validation
    "Size": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
}


@pytest.fixture
def gateway() -> Gateway:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}, "text/x": {}}
    parameters = [
        {"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}},
        {"name": "x-must", "in": "header", "required": True, "schema": {"type": "string"}},
        {"name": "X-May", "in": "header", "schema": {"type": "string"}},
        {"name": "thingId", "in": "path", "required": True, "schema": {"type": "string"}},
    ]
    body = api_body(
        {
            "/things/{thingId}": {"post": operation(mock(), requestBody={"content": content})},
            "/pages/{thingId}": {"get": operation(mock(), parameters=parameters)},
        }
    )
    body["components"]["schemas"] = SCHEMAS
    return serving(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b' {"name": "abc", "size": 1}\n',
        '{"name": "😀😀😀"}'.encode(),
        b'{"name": "\\ud800"}',
        b'{"name": "first", "name": "abc"}',
        b'{"size": 100000000000000000000000000000000000000}',
    ],
)
def test_a_valid_body_passes(gateway: Gateway, body: bytes) -> None:
    assert ask(gateway, body).status == 200


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"nam": "a"}', "nam"),
        (b'{"name": "abcd"}', "name: 'abcd' is too long"),
        (b'{"name": "abc", "name": "abcd"}', "too long"),
        (b'{"name": 5}', "name: 5 is not of type 'string'"),
        (b'{"name": null}', "name: None is not of type 'string'"),
        (b'{"size": 0}', "size: 0 is less than or equal to the minimum of 0"),
        (b'{"size": 1.5}', "1.5 is not of type 'integer'"),
        (b'{"size": true}', "True is not of type 'integer'"),
        (b'{"size": "1"}', "is not of type 'integer'"),
        (b"[]", "[] is not of type 'object'"),
        (b"null", "None is not of type 'object'"),
        (b'"text"', "is not of type 'object'"),
        (b'{"\\ud800\\"$context.requestId": 1}', "were unexpected"),
    ],
)
def test_an_invalid_body_is_a_400_with_the_reason(gateway: Gateway, body: bytes, says: str) -> None:
    status, title, detail = problem_of(ask(gateway, body))

    assert (status, title) == (400, "Bad Request")
    assert says in detail or "unexpected" in detail


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b"\x00",
        b"nul",
        b"{} {}",
        b"{'a': 1}",
        b'\xef\xbb\xbf{"name": "a"}',
        b'{"size": NaN}',
        b'{"size": Infinity}',
        b'{"size": ' + b"9" * 5000 + b"}",
        b"[" * 200_000,
        b'{"name":' * 100_000,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_body_that_is_not_json_is_a_400(gateway: Gateway, body: bytes) -> None:
    assert problem_of(ask(gateway, body)) == (400, "Bad Request", "[Invalid JSON]")


def test_a_deeply_nested_body_is_a_400(gateway: Gateway) -> None:
    deep = b'{"name": ' + b"[" * 400 + b"]" * 400 + b"}"

    assert problem_of(ask(gateway, deep))[:2] == (400, "Bad Request")


def test_a_problem_never_repeats_a_long_body(gateway: Gateway) -> None:
    answer = ask(gateway, b'{"' + b"x" * 1_000_000 + b'": 1}')

    assert (problem_of(answer)[0], len(answer.body) < 1000) == (400, True)


@pytest.mark.parametrize("content_type", ["text/x", "text/plain", "application/jsonp"])
def test_a_content_type_without_a_model_is_not_validated(
    gateway: Gateway, content_type: str
) -> None:
    # The model would refuse this body; the mock accepts it.
    answer = ask(gateway, b'{"statusCode": 200}', headers={"content-type": content_type})

    assert answer.status == 200


@pytest.mark.parametrize("content_type", ["", "APPLICATION/JSON", "application/json;charset=x"])
def test_a_model_matches_a_media_type_in_any_case_and_with_parameters(
    gateway: Gateway, content_type: str
) -> None:
    assert ask(gateway, b"{", headers={"content-type": content_type}).status == 400


@pytest.mark.parametrize(
    ("query", "headers", "missing"),
    [
        ("", {"x-must": "a"}, "page"),
        ("pages=1", {"x-must": "a"}, "page"),
        ("page=1", {}, "x-must"),
        ("page=1", {"x-must": ""}, "x-must"),
        # Names are case-sensitive:
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
        ("page=1", {"X-Must": "a"}, "x-must"),
        ("Page=1", {"x-must": "a"}, "page"),
        # Headers first, recorded: `test_api_gateway_request_validator` of localstack's
        # test_apigateway_common.py.
        ("", {}, "x-must, page"),
    ],
)
def test_a_missing_parameter_is_a_400_that_names_it(
    gateway: Gateway, query: str, headers: dict[str, str], missing: str
) -> None:
    answer = ask(gateway, method="GET", path="/v1/pages/1", query=query, headers=headers)

    assert problem_of(answer) == (
        400,
        "Bad Request",
        f"Missing required request parameters: [{missing}]",
    )


@pytest.mark.parametrize("query", ["page=1", "page=", "page", "page=x&page=y", "%70age=%00"])
def test_only_the_presence_of_parameters_is_checked(gateway: Gateway, query: str) -> None:
    # "parameters are only checked for presence": facts of known-issues
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    answer = ask(gateway, method="GET", path="/v1/pages/1", query=query, headers={"x-must": "a"})

    assert answer.status == 200

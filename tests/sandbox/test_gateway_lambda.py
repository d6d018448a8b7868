"""The Lambda proxy integration: the event of the function, and the mapping of its answer.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import json

import pytest

from sandbox.gateway.service import ServiceAnswer
from tests.sandbox.gateway_given import (
    FUNCTION,
    PROXY,
    ROLE,
    FakeServices,
    ask,
    problem_of,
    said,
    serving_one,
)

MALFORMED = (502, "Bad Gateway", "Malformed Lambda proxy response")
BINARY = ["application/gzip"]


def event_of(body: bytes = b"", query: str = "", headers: dict[str, str] | None = None):
    """Return the event that the function gets."""
    services = FakeServices(says=said(200, {"statusCode": 200}))
    gateway = serving_one(PROXY, services, binary_media_types=BINARY)
    ask(gateway, body, path="/v1/things/a%2Fb", query=query, headers=headers)
    (sent,) = services.sent
    assert (sent.service, sent.role_arn) == ("lambda", ROLE)
    assert sent.what == f"POST /2015-03-31/functions/{FUNCTION}/invocations"
    return json.loads(sent.body)


def test_the_event_contains_the_whole_request() -> None:
    event = event_of(
        b"text", "a=1&a=2&b=%26&c", {"content-type": "text/plain", "x-one": "1", "accept": "a/b"}
    )

    context = event.pop("requestContext")
    assert event == {
        "resource": "/things/{thingId}",
        "path": "/things/a%2Fb",
        "httpMethod": "POST",
        "headers": {"content-type": "text/plain", "x-one": "1", "accept": "a/b"},
        "multiValueHeaders": {
            "content-type": ["text/plain"],
            "x-one": ["1"],
            "accept": ["a/b"],
        },
        "queryStringParameters": {"a": "2", "b": "&", "c": ""},
        "multiValueQueryStringParameters": {"a": ["1", "2"], "b": ["&"], "c": [""]},
        "pathParameters": {"thingId": "a%2Fb"},
        "stageVariables": {"streamName": "a-stream", "release": "abc123"},
        "body": "text",
        "isBase64Encoded": False,
    }
    assert (context["stage"], context["httpMethod"], context["path"], context["resourcePath"]) == (
        "v1",
        "POST",
        "/v1/things/a%2Fb",
        "/things/{thingId}",
    )


def test_absent_parts_of_a_request_are_null() -> None:
    event = event_of()

    assert (event["body"], event["queryStringParameters"], event["isBase64Encoded"]) == (
        None,
        None,
        False,
    )


def test_a_binary_body_is_base64_in_the_event() -> None:
    event = event_of(b"\x1f\x8b", headers={"content-type": "application/gzip"})

    assert (event["body"], event["isBase64Encoded"]) == ("H4s=", True)


def test_the_answer_of_the_function_is_sent_to_the_client() -> None:
    says = said(200, {"statusCode": 207, "headers": {"X-A": "b", "X-N": 5}, "body": "é\u2028"})

    answer = ask(serving_one(PROXY, FakeServices(says=says)))

    assert (answer.status, answer.body) == (207, "é\u2028".encode())
    assert (answer.headers["X-A"], answer.headers["X-N"]) == ("b", "5")


@pytest.mark.parametrize("extra", [{}, {"body": None, "headers": None}, {"body": ""}])
def test_an_answer_needs_only_a_status(extra: dict[str, object]) -> None:
    says = said(200, {"statusCode": 204, **extra})

    assert ask(serving_one(PROXY, FakeServices(says=says))).body == b""


@pytest.mark.parametrize(
    ("accept", "decodes"),
    [
        ("application/gzip", True),
        ("application/gzip, */*", True),
        ("Application/GZIP;q=0.5, application/json", True),
        ("application/json, application/gzip", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_base64_is_decoded_only_when_the_first_accept_is_binary(accept: str, decodes: bool) -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
    encoded = base64.b64encode(b"\x1f\x8b").decode()
    says = said(200, {"statusCode": 200, "body": encoded, "isBase64Encoded": True})
    gateway = serving_one(PROXY, FakeServices(says=says), binary_media_types=BINARY)

    answer = ask(gateway, headers={"accept": accept})

    assert answer.body == (b"\x1f\x8b" if decodes else encoded.encode())


@pytest.mark.parametrize(
    "result",
    [
        None,
        [],
        "text",
        5,
        {},
        {"statusCode": 200, "wrong": 1},
        {"statusCode": 200, "multiValueHeaders": {"X-A": "b"}},
        {"statusCode": 200, "multiValueHeaders": ["X-A"]},
        {"statusCode": "text"},
        {"statusCode": None},
        {"statusCode": "x"},
        {"statusCode": 99},
        {"statusCode": 1000},
        {"statusCode": -1},
        {"statusCode": 1e400},
        {"statusCode": [200]},
        {"statusCode": 200, "headers": "x"},
        {"statusCode": 200, "headers": [1]},
        {"statusCode": 200, "headers": {"X-A": "b\r\nSet-Cookie: x=1"}},
        {"statusCode": 200, "headers": {"X-A\r\nX-B": "1"}},
        {"statusCode": 200, "headers": {"X A": "1"}},
        {"statusCode": 200, "headers": {"": "1"}},
        {"statusCode": 200, "headers": {"X-A": "😀"}},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "body": 5},
        {"statusCode": 200, "body": ["x"]},
        {"statusCode": 200, "body": "\ud800"},
        {"statusCode": 200, "body": "no base64!", "isBase64Encoded": True},
        {"statusCode": 200, "body": "YQ", "isBase64Encoded": True},
    ],
    ids=repr,
)
def test_a_malformed_answer_is_a_502(result: object) -> None:
    gateway = serving_one(PROXY, FakeServices(says=said(200, result)), binary_media_types=BINARY)

    assert problem_of(ask(gateway, headers={"accept": "application/gzip"})) == MALFORMED


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[" * 200_000], ids=["", "ff", "{", "deep"])
def test_an_answer_that_is_not_json_is_a_502(body: bytes) -> None:
    gateway = serving_one(PROXY, FakeServices(says=ServiceAnswer(200, {}, body)))

    assert problem_of(ask(gateway)) == MALFORMED


@pytest.mark.parametrize(
    "says",
    [
        ServiceAnswer(200, {"x-amz-function-error": "Unhandled"}, b'{"errorMessage": "secret"}'),
        ServiceAnswer(200, {"x-amz-function-error": "Handled"}, b'{"statusCode": 200}'),
        ServiceAnswer(429, {}, b'{"Reason": "secret"}'),
        ServiceAnswer(403, {}, b""),
        ServiceAnswer(500, {}, b""),
    ],
    ids=["unhandled", "handled", "throttled", "forbidden", "failed"],
)
def test_a_failure_of_the_function_is_a_502_without_details(says: ServiceAnswer) -> None:
    answer = ask(serving_one(PROXY, FakeServices(says=says)))

    assert problem_of(answer) == (502, "Bad Gateway", "Internal server error")

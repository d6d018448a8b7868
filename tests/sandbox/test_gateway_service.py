"""The gateway's own calls to services: their form, their failures, the role's credentials."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from sandbox.gateway.service import Faults, assume_role_credentials
from tests.sandbox.gateway_given import (
    PROXY,
    REGION,
    ROLE,
    ask,
    aws,
    calling,
    problem_of,
    serving_one,
)

NO_NETWORK = (502, "Bad Gateway", "Network error communicating with endpoint")
RECORD = '{"StreamName": "a-stream", "PartitionKey": "p", "Data": "eA=="}'


def fine(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"ok": 1})


def never(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"nothing should be sent: {request}")


def test_an_action_is_a_signed_post_of_the_rendered_template() -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return fine(request)

    said = calling(answer).action(
        "kinesis", "PutRecord", ROLE, {"Content-Type": "application/x-amz-json-1.1"}, RECORD
    )

    (request,) = requests
    assert (said.status, said.body) == (200, b'{"ok":1}')
    assert (request.method, str(request.url)) == ("POST", "http://service.invalid")
    assert request.extensions["target"] == b"/"
    assert request.content == RECORD.encode()
    assert request.headers["x-amz-target"] == "Kinesis_20131202.PutRecord"
    assert request.headers["content-type"] == "application/x-amz-json-1.1"
    assert request.headers["x-amz-security-token"] == "token"
    assert f"/{REGION}/kinesis/aws4_request" in request.headers["authorization"]


def raising(error: type[httpx.TransportError]) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("no", request=request)

    return answer


@pytest.mark.parametrize("integration", [aws(requestTemplates={"application/json": RECORD}), PROXY])
@pytest.mark.parametrize("error", [httpx.ReadTimeout, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_a_service_that_does_not_answer_in_time_is_a_504(
    integration: dict[str, Any], error: type[httpx.TransportError]
) -> None:
    # 29 s: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
    gateway = serving_one(integration, calling(raising(error)))

    assert problem_of(ask(gateway)) == (504, "Gateway Timeout", "Endpoint request timed out")


@pytest.mark.parametrize("integration", [aws(requestTemplates={"application/json": RECORD}), PROXY])
@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError])
def test_a_service_that_cannot_be_reached_is_a_502(
    integration: dict[str, Any], error: type[httpx.TransportError]
) -> None:
    gateway = serving_one(integration, calling(raising(error)))

    assert problem_of(ask(gateway)) == NO_NETWORK


def test_the_unreachable_fault_of_a_service_is_a_502() -> None:
    caller = calling(never, faults=Faults(unreachable={"lambda"}))

    assert problem_of(ask(serving_one(PROXY, caller))) == NO_NETWORK


@pytest.mark.parametrize(
    ("service", "action", "error_type"),
    [
        ("kinesis", "PutRecord", "ProvisionedThroughputExceededException"),
        ("dynamodb", "GetItem", "ProvisionedThroughputExceededException"),
        ("states", "StartExecution", "ThrottlingException"),
    ],
)
def test_the_throttling_fault_of_a_service_answers_its_error(
    service: str, action: str, error_type: str
) -> None:
    caller = calling(never, faults=Faults(throttled={service}))

    said = caller.action(service, action, ROLE, {}, "{}")

    assert (said.status, json.loads(said.body)["__type"]) == (400, error_type)


@pytest.mark.parametrize(
    ("body", "error_type"),
    [
        ("", "SerializationException"),
        ("{", "SerializationException"),
        ('{"StreamName": "\ud800"}', "SerializationException"),
        ("[" * 200_000, "SerializationException"),
        ("[]", "ValidationException"),
        ("null", "ValidationException"),
        ("{}", "ValidationException"),
    ],
    ids=lambda text: repr(text[:14]),
)
def test_a_body_that_no_service_accepts_is_refused_without_a_call(
    body: str, error_type: str
) -> None:
    said = calling(never).action("kinesis", "PutRecord", ROLE, {}, body)

    assert (said.status, json.loads(said.body)["__type"]) == (400, error_type)


def test_a_role_that_cannot_be_assumed_is_a_500() -> None:
    # "API Gateway does not have permission to assume the provided role" is a configuration error:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    def denied(role_arn: str) -> Credentials:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": role_arn}}, "AssumeRole")

    gateway = serving_one(PROXY, calling(never, credentials=denied))

    assert problem_of(ask(gateway)) == (500, "Internal Server Error", "Internal server error")


@pytest.mark.parametrize("path", ["a%0d%0aX-Evil: 1", "%00", "%F0%9F%98%80", "%FF", "\xe9"])
def test_an_invalid_header_value_is_a_502_without_a_call(path: str) -> None:
    sent: list[httpx.Request] = []
    mapped = {"integration.request.header.X-Id": "method.request.path.thingId"}
    integration = aws(requestTemplates={"application/json": RECORD}, requestParameters=mapped)

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return fine(request)

    status = ask(serving_one(integration, calling(answer)), path=f"/v1/things/{path}").status

    assert (status, sent) == (502, [])


def test_fresh_credentials_of_a_role_are_reused() -> None:
    asked: list[str] = []

    def assume(role_arn: str) -> dict[str, str]:
        asked.append(role_arn)
        return {"AccessKeyId": role_arn, "SecretAccessKey": "s", "SessionToken": "t"}

    credentials = assume_role_credentials(assume)
    keys = [credentials(role).access_key for role in ("a", "a", "b", "a")]

    assert (keys, asked) == (["a", "a", "b", "a"], ["a", "b"])


def test_expired_credentials_are_requested_again() -> None:
    asked: list[str] = []

    def assume(role_arn: str) -> dict[str, str]:
        asked.append(role_arn)
        return {"AccessKeyId": "k", "SecretAccessKey": "s", "SessionToken": "t"}

    credentials = assume_role_credentials(assume, lifetime_s=0)
    credentials("a")
    credentials("a")

    assert asked == ["a", "a"]

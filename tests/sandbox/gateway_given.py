"""Builders of a gateway over a small API, and of services with prepared answers."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from botocore.credentials import Credentials

from components.api.gateway_responses import gateway_responses
from sandbox.gateway.api import Api, Document
from sandbox.gateway.gateway import Gateway
from sandbox.gateway.request import Answer, Request
from sandbox.gateway.service import Faults, RoleCredentials, ServiceAnswer, ServiceCaller

REGION = "eu-west-1"
ROLE = "arn:aws:iam::123456789012:role/gateway"
ECHO = '{"got": "$util.base64Encode($input.body)"}'
PUT_RECORD = f"arn:aws:apigateway:{REGION}:kinesis:action/PutRecord"
FUNCTION = f"arn:aws:lambda:{REGION}:123456789012:function:read"
INVOKE = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"


@dataclass(frozen=True)
class Sent:
    """A request that the gateway sent to a service."""

    service: str
    what: str
    """An action's name, or a method and a path."""
    role_arn: str
    headers: dict[str, str]
    body: str


def unsupported() -> tuple[int, str, str]:
    """Return status, title and detail of the answer to a body of an unsupported type."""
    response: Any = gateway_responses()["UNSUPPORTED_MEDIA_TYPE"]
    problem = json.loads(response["responseTemplates"]["application/json"])
    return 415, problem["title"], problem["detail"]


UNSUPPORTED = unsupported()


def no_credentials(role_arn: str) -> Credentials:
    return Credentials("key", f"secret of {role_arn}")


@dataclass(kw_only=True)
class FakeServices(ServiceCaller):
    """Services that give every request the same answer, and keep the requests."""

    endpoint: str = "http://nowhere.invalid"
    region: str = REGION
    role_credentials: RoleCredentials = no_credentials
    says: ServiceAnswer | Exception = ServiceAnswer(200, {}, b"{}")  # noqa: RUF009 - frozen
    sent: list[Sent] = field(default_factory=list[Sent])

    def action(
        self, service: str, action: str, role_arn: str, headers: dict[str, str], body: str
    ) -> ServiceAnswer:
        self.sent.append(Sent(service, action, role_arn, headers, body))
        return self._said()

    def call(
        self,
        service: str,
        method: str,
        path: str,
        role_arn: str,
        headers: dict[str, str],
        body: bytes,
    ) -> ServiceAnswer:
        self.sent.append(Sent(service, f"{method} {path}", role_arn, headers, body.decode()))
        return self._said()

    def _said(self) -> ServiceAnswer:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


def with_token(role_arn: str) -> Credentials:
    return Credentials("key", f"secret of {role_arn}", "token")


def calling(
    answer: Callable[[httpx.Request], httpx.Response],
    *,
    faults: Faults | None = None,
    credentials: RoleCredentials = with_token,
) -> ServiceCaller:
    """Return a caller whose requests `answer` answers."""
    return ServiceCaller(
        endpoint="http://service.invalid",
        region=REGION,
        role_credentials=credentials,
        faults=faults or Faults(),
        _client=httpx.Client(transport=httpx.MockTransport(answer)),
    )


def aws(**fields: object) -> Document:
    """Return an integration with Kinesis PutRecord that echoes its input; `fields` differ."""
    return {
        "type": "aws",
        "httpMethod": "POST",
        "uri": PUT_RECORD,
        "credentials": ROLE,
        "passthroughBehavior": "never",
        "requestTemplates": {"application/json": ECHO},
        "responses": {"default": {"statusCode": "200"}},
        **fields,
    }


PROXY: Document = {"type": "aws_proxy", "httpMethod": "POST", "uri": INVOKE, "credentials": ROLE}


def mock(status: int = 200, **response: object) -> Document:
    """Return a mock integration; `response` is what its only response adds."""
    return {
        "type": "mock",
        "requestTemplates": {"application/json": f'{{"statusCode": {status}}}'},
        "responses": {"default": {"statusCode": str(status), **response}},
    }


def operation(integration: Document, **fields: object) -> Document:
    """Return an operation that is open to all, and declares what its integration maps.

    `fields` differ.
    """
    return {
        "parameters": _mapped_parameters(integration),
        "responses": _given_responses(integration),
        "x-amazon-apigateway-integration": integration,
        **fields,
    }


def _mapped_parameters(integration: Document) -> list[Document]:
    sources = {str(one) for one in integration.get("requestParameters", {}).values()}
    return [
        {"name": name, "in": place.replace("querystring", "query")}
        for place in ("header", "path", "querystring")
        for name in sorted(
            source.removeprefix(f"method.request.{place}.")
            for source in sources
            if source.startswith(f"method.request.{place}.")
        )
    ]


def _given_responses(integration: Document) -> Document:
    return {
        str(one["statusCode"]): {
            "headers": {
                target.removeprefix("method.response.header."): {}
                for target in one.get("responseParameters", {})
            }
        }
        for one in integration.get("responses", {}).values()
    }


def api_body(paths: Mapping[str, Document], **fields: object) -> Document:
    """Return a finished OpenAPI body; `fields` are without their `x-amazon-apigateway-`."""
    extensions = {
        f"x-amazon-apigateway-{name.replace('_', '-')}": value for name, value in fields.items()
    }
    return {
        "paths": dict(paths),
        "components": {"schemas": {}, "securitySchemes": {}},
        "x-amazon-apigateway-gateway-responses": gateway_responses(),
        **extensions,
    }


def serving(
    body: Document,
    services: ServiceCaller | None = None,
    *,
    operator_keys: dict[str, str] | None = None,
    clock: Callable[[], float] = time.monotonic,
    **stage: Any,  # throttle_rate, throttle_burst, method_limits
) -> Gateway:
    """Return the gateway of a body, as stage `v1`."""
    api = Api(
        body=body,
        stage="v1",
        stage_variables={"streamName": "a-stream", "release": "abc123"},
        region=REGION,
        **stage,
    )
    return Gateway(
        api,
        services or FakeServices(),
        cognito_url="http://cognito.invalid",
        operator_keys=operator_keys or {},
        clock=clock,
    )


def serving_one(
    integration: Document, services: ServiceCaller | None = None, **fields: object
) -> Gateway:
    """Return a gateway whose only operation is `POST /things/{thingId}`."""
    return serving(
        api_body({"/things/{thingId}": {"post": operation(integration)}}, **fields), services
    )


def ask(
    gateway: Gateway,
    body: bytes = b"",
    *,
    method: str = "POST",
    path: str = "/v1/things/1",
    query: str = "",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Return the gateway's answer."""
    return gateway.answer(
        Request(
            method=method,
            raw_path=path,
            raw_query=query,
            headers=tuple((headers or {}).items()),
            body=body,
        )
    )


def said(status: int, body: object = None, **headers: str) -> ServiceAnswer:
    """Return the answer of a service, with a JSON body."""
    return ServiceAnswer(status, headers, json.dumps(body).encode())


def problem_of(answer: Answer) -> tuple[int, str, str]:
    """Return status, title and detail of a problem that a page of another origin can read."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    problem = json.loads(answer.body)
    assert set(problem) - {"status"} == {"type", "title", "detail", "requestId"}
    assert problem.get("status", answer.status) == answer.status
    assert problem["requestId"] == answer.headers["x-amz-apigw-id"]
    return answer.status, problem["title"], problem["detail"]

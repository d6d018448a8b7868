"""Takes a request through the gateway: limits, authorization, validation, integration, answer."""

import base64
import gzip
import json
import re
import secrets
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from sandbox.gateway.api import Api, Operation
from sandbox.gateway.authorizer import CognitoAuthorizer, check_signature
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.integration import Call, invoke
from sandbox.gateway.payload import MAX_PAYLOAD_BYTES, decoded, validate
from sandbox.gateway.request import Answer, Request
from sandbox.gateway.resource_policy import ResourcePolicy
from sandbox.gateway.service import ServiceCaller
from sandbox.gateway.throttle import MethodBuckets
from sandbox.gateway.web_acl import WebAcl


class Gateway:
    """Answers requests for one deployed stage."""

    def __init__(
        self,
        api: Api,
        services: ServiceCaller,
        *,
        cognito_url: str,
        operator_keys: dict[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.api = api
        self.services = services
        self._operator_keys = operator_keys
        self._policy = ResourcePolicy(api.body.get("x-amazon-apigateway-policy"))
        self._buckets = MethodBuckets(
            (api.throttle_rate, api.throttle_burst), api.method_limits, clock
        )
        self._web_acl = WebAcl(api.web_acl, clock)
        self.requests: Counter[tuple[str, str]] = Counter()
        """How many there were, by method and by the first part of the path after the stage."""
        self._counting = threading.Lock()
        self._authorizers = {
            name: CognitoAuthorizer(scheme, cognito_url)
            for name, scheme in api.body["components"]["securitySchemes"].items()
            if scheme.get("x-amazon-apigateway-authtype") == "cognito_user_pools"
        }

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request; raises for none."""
        with self._counting:
            self.requests[request.method, "/".join(request.raw_path.split("/")[2:3])] += 1
        refusal = self._web_acl.refusal(request)
        if refusal is not None:
            return refusal
        context = self._context(request)
        try:
            answer = self._answer(request, context)
        except GatewayError as error:
            answer = self._gateway_response(error, context)
        answer.headers.setdefault("x-amzn-RequestId", context["requestId"])
        answer.headers.setdefault("x-amz-apigw-id", context["extendedRequestId"])
        return self._compressed(request, answer)

    def _answer(self, request: Request, context: dict[str, Any]) -> Answer:
        if len(request.body) > MAX_PAYLOAD_BYTES:
            raise GatewayError("REQUEST_TOO_LARGE", "Request Too Long")
        operation, raw_path = self.api.find(request.method, request.raw_path)
        context["resourcePath"] = operation.resource
        if not self._buckets.take(operation.method_path):
            raise GatewayError("THROTTLED", "Too Many Requests")
        self._authorize(request, operation, context)
        body = decoded(request.body, request.header("content-encoding"))
        validate(self.api, operation, request, body)
        call = Call(
            api=self.api,
            operation=operation,
            request=request,
            raw_path=raw_path,
            body=body,
            context=context,
        )
        answer = invoke(call, self.services)
        if len(answer.body) > MAX_PAYLOAD_BYTES:
            raise GatewayError("INTEGRATION_FAILURE", "Response payload size exceeded limit")
        return answer

    def _authorize(self, request: Request, operation: Operation, context: dict[str, Any]) -> None:
        scheme = self.api.security_scheme(operation)
        is_signed = scheme is not None and scheme["x-amazon-apigateway-authtype"] == "awsSigv4"
        if is_signed:
            check_signature(request, self.api.region, self._operator_keys)
        elif scheme is not None:
            name = next(iter(operation.document["security"][0]))
            claims = self._authorizers[name].claims(request.header("authorization"))
            # The gateway passes every claim on as a string.
            context["authorizer"] = {"claims": {key: _text(value) for key, value in claims.items()}}
        self._policy.check(self.api.stage, request.method, request.raw_path, is_signed=is_signed)

    def _context(self, request: Request) -> dict[str, Any]:
        return {
            "accountId": "000000000000",
            "apiId": self.api.api_id,
            "stage": self.api.stage,
            "httpMethod": request.method,
            "path": f"/{request.raw_path.lstrip('/')}",
            "resourcePath": "",
            "protocol": "HTTP/1.1",
            "requestId": str(uuid.uuid4()),
            "extendedRequestId": base64.b64encode(secrets.token_bytes(11)).decode(),
            "requestTimeEpoch": time.time_ns() // 1_000_000,
            "identity": {
                "sourceIp": request.source_ip,
                "userAgent": request.header("user-agent"),
            },
        }

    def _gateway_response(self, error: GatewayError, context: dict[str, Any]) -> Answer:
        if error.response_type == "REQUEST_TOO_LARGE":
            # It cannot be customised, so it has no CORS header either.
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
            body = json.dumps({"message": error.message}).encode()
            return Answer(status=413, headers={"Content-Type": "application/json"}, body=body)
        responses = self.api.body["x-amazon-apigateway-gateway-responses"]
        response = responses.get(error.response_type) or responses["DEFAULT_5XX"]
        template = response["responseTemplates"]["application/json"]
        validation = json.dumps(error.validation or error.message)
        values = {
            "$context.error.messageString": json.dumps(error.message),
            # Escaped, but without quotes.
            "$context.error.validationErrorString": validation[1:-1],
            "$context.extendedRequestId": context["extendedRequestId"],
            "$context.requestId": context["requestId"],
        }
        names = sorted(map(re.escape, values), key=len, reverse=True)
        body = re.sub("|".join(names), lambda found: values[found[0]], template)
        headers = {
            name.removeprefix("gatewayresponse.header."): value.strip("'")
            for name, value in response.get("responseParameters", {}).items()
        }
        headers["x-amzn-ErrorType"] = f"{_error_type(error.response_type)}Exception"
        return Answer(
            status=int(response.get("statusCode", 500)), headers=headers, body=body.encode()
        )

    def _compressed(self, request: Request, answer: Answer) -> Answer:
        """Return the answer, compressed for a client that accepts gzip unless it already is.

        Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-receive-response-with-compressed-payload.html
        """
        minimum = self.api.body.get("x-amazon-apigateway-minimum-compression-size")
        has_coding = any(name.lower() == "content-encoding" for name in answer.headers)
        if (
            minimum is not None
            and answer.body
            and len(answer.body) >= minimum
            and not has_coding
            and re.search(
                r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", request.header("accept-encoding")
            )
        ):
            answer.body = gzip.compress(answer.body, compresslevel=1)
            answer.headers["Content-Encoding"] = "gzip"
        return answer


# Recorded: `test_apigateway_header_remapping_aws` of localstack's test_apigateway_integrations.py,
# `test_routing_not_found` of test_apigateway_common.py.
_ERROR_TYPES = {
    "API_CONFIGURATION_ERROR": "InternalServerError",
    "BAD_REQUEST_BODY": "BadRequest",
    "BAD_REQUEST_PARAMETERS": "BadRequest",
    "INTEGRATION_FAILURE": "InternalServerError",
    "INTEGRATION_TIMEOUT": "InternalServerError",
    "THROTTLED": "TooManyRequests",
}


def _error_type(response_type: str) -> str:
    return _ERROR_TYPES.get(response_type, response_type.title().replace("_", ""))


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)

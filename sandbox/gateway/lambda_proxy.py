"""The Lambda proxy integration: the request as an event, the function's result as the answer.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import json
from typing import Any

from sandbox.gateway.api import Document
from sandbox.gateway.call import Call
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.payload import is_binary, media_type, template_text
from sandbox.gateway.request import Answer, can_be_sent
from sandbox.gateway.service import ServiceCaller, parse_uri

# The gateway says how long a body is, whatever the function says.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
_GATEWAYS_OWN = {"content-length", "transfer-encoding"}


def lambda_proxy(call: Call, integration: Document, services: ServiceCaller) -> Answer:
    """Invoke the function with the request as its event, and return its result.

    Raises:
        GatewayError: INTEGRATION_FAILURE when it fails, or its result is no proxy result.
    """
    _, _, path = parse_uri(integration["uri"])
    answer = services.call(
        "lambda",
        "POST",
        f"/{path}",
        integration["credentials"],
        {"Content-Type": "application/json"},
        json.dumps(_event(call)).encode(),
    )
    if answer.status != 200 or "x-amz-function-error" in answer.headers:
        raise GatewayError("INTEGRATION_FAILURE", "Internal server error")
    try:
        return _answer(call, json.loads(answer.body))
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        raise GatewayError("INTEGRATION_FAILURE", "Malformed Lambda proxy response") from error


def _answer(call: Call, result: Document) -> Answer:
    """Return the answer that a result stands for; what it may raise, `lambda_proxy` maps."""
    status = int(result["statusCode"])
    if not 100 <= status <= 599:
        raise ValueError(f"{status} is no HTTP status")
    given: dict[str, object] = result.get("headers") or {}
    headers = {
        name: str(value) for name, value in given.items() if name.lower() not in _GATEWAYS_OWN
    }
    if not can_be_sent(headers):
        raise ValueError("a header that HTTP cannot carry")
    body: Any = result.get("body") or ""
    if not isinstance(body, str):
        raise TypeError("a body is text")
    content = body.encode()
    # Only the first media type of Accept decides whether the base64 is decoded.
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
    accept = media_type(call.request.header("accept", "application/json").split(",", 1)[0])
    if result.get("isBase64Encoded") and is_binary(accept, call.binary_media_types):
        content = base64.b64decode(content, validate=True)
    return Answer(status=status, headers=headers, body=content)


def _event(call: Call) -> Document:
    request = call.request
    kind = media_type(request.header("content-type"))
    binary = is_binary(kind, call.binary_media_types) and bool(call.body)
    query = request.query()
    multi_headers: dict[str, list[str]] = {}
    for name, value in request.headers:
        multi_headers.setdefault(name, []).append(value)
    shown = {key: value for key, value in call.context.items() if key != "responseOverride"}
    return {
        "resource": call.operation.resource,
        "path": request.raw_path.removeprefix(f"/{call.api.stage}"),
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in multi_headers.items()},
        "multiValueHeaders": multi_headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": call.path or None,
        "stageVariables": call.api.stage_variables or None,
        "requestContext": shown,
        "body": template_text(call.body, binary=binary) if call.body else None,
        "isBase64Encoded": binary,
    }

"""The Lambda proxy integration: the request as an event, the function's result as the answer.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import json
from typing import Any, cast

from sandbox.gateway.api import Document
from sandbox.gateway.call import Call
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.payload import template_text
from sandbox.gateway.request import Answer, can_be_sent
from sandbox.gateway.request_mapping import refuse_unmappable
from sandbox.gateway.response_headers import remapped
from sandbox.gateway.service import ServiceCaller, parse_uri

_MEMBERS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}


def lambda_proxy(call: Call, integration: Document, services: ServiceCaller) -> Answer:
    """Invoke the function with the request as its event, and return its result.

    Raises:
        GatewayError: INTEGRATION_FAILURE when it fails, or its result is no proxy result;
            API_CONFIGURATION_ERROR when it cannot be invoked like this.
    """
    # Recorded: `test_lambda_aws_proxy_integration_non_post_method` of localstack's
    # test_apigateway_lambda.py.
    if integration["httpMethod"] != "POST":
        raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error")
    refuse_unmappable(
        target.removeprefix("integration.request.header.")
        for target in integration.get("requestParameters", {})
    )
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
    """Return the answer that a function's result describes; `lambda_proxy` maps its exceptions.

    Each member is optional, and no other is allowed. Recorded:
    `test_aws_proxy_response_payload_format_validation` of localstack's test_apigateway_lambda.py.
    """
    if not result or result.keys() - _MEMBERS:
        raise ValueError("an empty result, or one with other members")
    status = int(result.get("statusCode", 200))
    if not 100 <= status <= 599:
        raise ValueError(f"{status} is not an HTTP status")
    headers = remapped(_headers(result), is_proxy=True)
    if not can_be_sent(headers):
        raise ValueError("a header that HTTP cannot represent")
    body: Any = result.get("body") or ""
    if not isinstance(body, str):
        raise TypeError("the body must be a string")
    content = body.encode()
    # Only the first media type of Accept decides whether the base64 is decoded.
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
    accept = call.request.header("accept", "application/json").split(",", 1)[0]
    if result.get("isBase64Encoded") and call.is_binary(accept):
        content = base64.b64decode(content, validate=True)
    return Answer(status=status, headers=headers, body=content)


def _headers(result: Document) -> dict[str, str]:
    """Return the headers of a result: for each name the values of `multiValueHeaders` come first.

    Its spelling of the name is used, too.
    """
    values: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    multi: dict[str, Any] = result.get("multiValueHeaders") or {}
    single: dict[str, Any] = result.get("headers") or {}
    for name, several in multi.items():
        if not isinstance(several, list):
            raise TypeError("a multi-value header must be a list")
        each = map(_header_value, cast("list[object]", several))
        spelled.setdefault(name.lower(), name)
        values.setdefault(name.lower(), []).extend(each)
    for name, value in single.items():
        spelled.setdefault(name.lower(), name)
        values.setdefault(name.lower(), []).append(_header_value(value))
    if "content-type" not in spelled:
        spelled["content-type"], values["content-type"] = "Content-Type", ["application/json"]
    return {spelled[key]: ", ".join(each) for key, each in values.items()}


def _header_value(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _event(call: Call) -> Document:
    """Return the function's input. Its path and path parameters stay percent-encoded.

    Recorded: `test_lambda_aws_proxy_integration` of localstack's test_apigateway_lambda.py.
    """
    request = call.request
    binary = call.is_binary(request.header("content-type")) and bool(call.body)
    query = request.query()
    multi_headers = request.visible_headers()
    return {
        "resource": call.operation.resource,
        "path": call.api.below_stage(request.raw_path),
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in multi_headers.items()},
        "multiValueHeaders": multi_headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": call.raw_path or None,
        "stageVariables": call.api.stage_variables or None,
        "requestContext": call.context,
        "body": template_text(call.body, binary=binary) if call.body else None,
        "isBase64Encoded": binary,
    }

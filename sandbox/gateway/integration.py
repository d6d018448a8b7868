"""Sends a request through its integration and maps the answer back."""

import base64
import json
import re
from urllib.parse import quote, urlencode

from sandbox.gateway.api import Document
from sandbox.gateway.call import Call
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.lambda_proxy import lambda_proxy
from sandbox.gateway.request import Answer
from sandbox.gateway.request_mapping import (
    IntegrationRequest,
    base64_decoded,
    integration_request,
    mapping_source,
    refuse_unless_sendable,
)
from sandbox.gateway.response_headers import remapped
from sandbox.gateway.service import ServiceAnswer, ServiceCaller, parse_uri
from sandbox.gateway.velocity import render


def invoke(call: Call, services: ServiceCaller) -> Answer:
    """Return the answer of the operation's integration, mapped for the client.

    Raises:
        GatewayError: The gateway itself answers.
    """
    integration = call.operation.integration
    kind = integration["type"]
    if kind == "mock":
        return _mock(call, integration)
    if kind == "aws":
        return _service(call, integration, services)
    if kind == "aws_proxy":
        return lambda_proxy(call, integration, services)
    raise GatewayError(
        "API_CONFIGURATION_ERROR", f"The sandbox does not support integrations of type {kind}"
    )


def _mock(call: Call, integration: Document) -> Answer:
    """Return the answer for the status code that the request template gives.

    It must be an integer. Names without quotes are accepted, too; recorded:
    `test_integration_mock_with_path_param` of localstack's test_apigateway_integrations.py.
    """
    text = integration_request(call, integration).body.decode()
    quoted = re.sub(r"([{,]\s*)'?([A-Za-z_]\w*)'?(\s*:)", r'\1"\2"\3', text)
    try:
        status = json.loads(quoted)["statusCode"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error") from error
    if type(status) is not int:
        raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error")
    return _mapped(call, integration, ServiceAnswer(status, {}, b""))


def _service(call: Call, integration: Document, services: ServiceCaller) -> Answer:
    service, kind, rest = parse_uri(integration["uri"])
    request = integration_request(call, integration)
    role = integration["credentials"]
    if kind == "action":
        body = request.body.decode(errors="surrogateescape")  # the service refuses invalid UTF-8
        answer = services.action(service, rest, role, request.headers, body)
    elif service == "s3":
        answer = services.object(
            integration["httpMethod"],
            f"/{_filled(rest, request)}",
            urlencode(request.query, quote_via=quote, safe="", errors="replace"),
            role,
            request.headers,
            request.body,
        )
    else:
        raise GatewayError(
            "API_CONFIGURATION_ERROR", f"The sandbox does not support paths of {service}"
        )
    return _mapped(call, integration, answer)


def _filled(template: str, request: IntegrationRequest) -> str:
    """Return the path of an integration, percent-encoded, with its parameters in place.

    A `/` in a parameter separates segments: S3's key for `a%2Fb` is `a/b`.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html
    """

    def value(name: re.Match[str]) -> str:
        if name[1] not in request.path:
            raise GatewayError("API_CONFIGURATION_ERROR", f"Nothing is mapped to {name[0]}")
        return request.path[name[1]]

    return quote(re.sub(r"\{(\w+)\}", value, template), safe="/~", errors="replace")


def _mapped(call: Call, integration: Document, answer: ServiceAnswer) -> Answer:
    """Return the service's answer through the first response whose pattern is its whole status.

    Source: https://docs.aws.amazon.com/apigateway/latest/api/API_IntegrationResponse.html
    """
    responses: dict[str, Document] = integration.get("responses", {})
    chosen = next(
        (
            response
            for pattern, response in responses.items()
            if pattern != "default" and re.fullmatch(pattern, str(answer.status))
        ),
        responses.get("default"),
    )
    if chosen is None:
        raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error")
    override = call.context["responseOverride"]  # includes what the request template has set
    body = _payload(call, chosen, answer)
    headers = {"Content-Type": "application/json"} if body else {}
    for target, source in chosen.get("responseParameters", {}).items():
        name = target.removeprefix("method.response.header.")
        if source.startswith("integration.response.header."):
            value = answer.headers.get(source.removeprefix("integration.response.header.").lower())
        else:
            value = mapping_source(call, source)
        if value is not None:
            headers[name] = value
    headers |= {name: str(value) for name, value in override["header"].items()}
    headers = remapped(headers, is_proxy=False)
    refuse_unless_sendable(headers)
    status = int(override.get("status", chosen["statusCode"]))
    return Answer(status=status, headers=headers, body=body)


def _payload(call: Call, response: Document, answer: ServiceAnswer) -> bytes:
    """Return the body for the client, converted by the response, Accept and Content-Type.

    A template only makes text. Recorded: the `test_apigw_s3_binary_support_response_*` of
    localstack's test_apigateway_s3.py.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
    """
    handling = response.get("contentHandling")
    template = response.get("responseTemplates", {}).get("application/json")
    binary = call.is_binary(answer.headers.get("content-type", ""))
    accept = call.request.header("accept").split(",", 1)[0]
    accepts_binary = bool(accept) and call.is_binary(accept)
    wants_binary = handling == "CONVERT_TO_BINARY" or (handling is None and accepts_binary)
    if template is None:
        if binary:
            return answer.body if wants_binary else base64.b64encode(answer.body)
        return base64_decoded(answer.body) if wants_binary else _as_text(answer.body).encode()
    if wants_binary or (binary and handling != "CONVERT_TO_TEXT"):
        raise GatewayError(
            "API_CONFIGURATION_ERROR",
            "Unable to transform response: the body is binary, and there is a template",
        )
    text = base64.b64encode(answer.body).decode() if binary else _as_text(answer.body)
    return render(template, call.variables(text)).strip().encode()


def _as_text(body: bytes) -> str:
    return body.decode("utf-8", errors="replace")

"""Sends a request through its integration and maps the answer back."""

import json
import re
from typing import Any, cast

from sandbox.gateway.api import Document
from sandbox.gateway.call import Call
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.lambda_proxy import lambda_proxy
from sandbox.gateway.payload import is_binary, media_type, template_text
from sandbox.gateway.request import Answer, can_be_sent
from sandbox.gateway.service import ServiceAnswer, ServiceCaller, parse_uri
from sandbox.gateway.velocity import render


def invoke(call: Call, services: ServiceCaller) -> Answer:
    """Return the answer of the operation's integration, mapped for the client.

    Raises:
        GatewayError: The gateway answers by itself.
    """
    integration = call.operation.integration
    kind = integration["type"]
    if kind == "mock":
        return _mock(call, integration)
    if kind == "aws":
        return _service(call, integration, services)
    if kind == "aws_proxy":
        return lambda_proxy(call, integration, services)
    raise GatewayError("API_CONFIGURATION_ERROR", f"Integration type {kind} is not served here")


def _request_template(call: Call, integration: Document) -> str | None:
    """Return the template for the request's media type; None passes the body on as it is.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
    """
    templates: dict[str, str] = integration.get("requestTemplates", {})
    kind = media_type(call.request.header("content-type"))
    if kind in templates:
        return templates[kind]
    behaviour = integration.get("passthroughBehavior", "when_no_match")
    if behaviour == "never" or (behaviour == "when_no_templates" and templates):
        raise GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
    return None


def _rendered_request(call: Call, integration: Document) -> str:
    template = _request_template(call, integration)
    kind = media_type(call.request.header("content-type"))
    binary = bool(call.body) and is_binary(kind, call.binary_media_types)
    if template is None:
        return template_text(call.body, binary=False)
    if binary and integration.get("contentHandling") != "CONVERT_TO_TEXT":
        raise GatewayError(
            "API_CONFIGURATION_ERROR", "Unable to transform request: a binary body meets a template"
        )
    return render(template, call.variables(template_text(call.body, binary=binary)))


def _mock(call: Call, integration: Document) -> Answer:
    try:
        status = int(json.loads(_rendered_request(call, integration))["statusCode"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error") from error
    return _mapped(call, integration, ServiceAnswer(status, {}, b""))


def _service(call: Call, integration: Document, services: ServiceCaller) -> Answer:
    service, kind, rest = parse_uri(integration["uri"])
    body = _rendered_request(call, integration)
    headers = _integration_headers(call, integration)
    if kind != "action":
        raise GatewayError("API_CONFIGURATION_ERROR", f"{service} paths are not served here")
    answer = services.action(service, rest, integration["credentials"], headers, body)
    return _mapped(call, integration, answer)


def _integration_headers(call: Call, integration: Document) -> dict[str, str]:
    headers: dict[str, str] = {}
    for target, source in integration.get("requestParameters", {}).items():
        place, name = target.removeprefix("integration.request.").split(".", 1)
        if place == "header":
            headers[name] = _mapping_source(call, source)
    _refuse_unless_sendable(headers)
    return headers


def _refuse_unless_sendable(headers: dict[str, str]) -> None:
    if not can_be_sent(headers):
        raise GatewayError("INTEGRATION_FAILURE", "Internal server error")


def _mapping_source(call: Call, source: str) -> str:
    """Return the value that a parameter mapping names.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
    """
    if source.startswith("'"):
        return source.strip("'")
    if source.startswith("method.request.header."):
        return call.request.header(source.removeprefix("method.request.header."))
    if source.startswith("method.request.path."):
        return call.path.get(source.removeprefix("method.request.path."), "")
    if source.startswith("stageVariables."):
        return call.api.stage_variables.get(source.removeprefix("stageVariables."), "")
    if source.startswith("context."):
        value: Any = call.context
        for step in source.removeprefix("context.").split("."):
            value = cast("dict[str, Any]", value).get(step, "") if isinstance(value, dict) else ""
        return str(value)
    raise GatewayError("API_CONFIGURATION_ERROR", f"Mapping source {source} is not served here")


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
    override: dict[str, Any] = {"header": {}}
    call.context["responseOverride"] = override
    template = chosen.get("responseTemplates", {}).get("application/json")
    text = answer.body.decode("utf-8", errors="replace")
    body = text if template is None else render(template, call.variables(text))
    headers = {"Content-Type": "application/json"} if body else {}
    for target, source in chosen.get("responseParameters", {}).items():
        name = target.removeprefix("method.response.header.")
        if source.startswith("integration.response.header."):
            value = answer.headers.get(source.removeprefix("integration.response.header.").lower())
            if value is not None:
                headers[name] = value
        else:
            headers[name] = _mapping_source(call, source)
    headers |= {name: str(value) for name, value in override["header"].items()}
    _refuse_unless_sendable(headers)
    status = int(override.get("status", chosen["statusCode"]))
    return Answer(status=status, headers=headers, body=body.strip().encode())

"""Makes the request to a service, by the integration's mappings and template."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from sandbox.gateway.api import Document
from sandbox.gateway.call import Call
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.payload import media_type, template_text
from sandbox.gateway.request import can_be_sent
from sandbox.gateway.velocity import Overrides, render

_PLACES = ("header", "path", "querystring")
# Recorded: `test_apigateway_header_remapping_aws` of localstack's test_apigateway_integrations.py.
_UNMAPPABLE = frozenset(
    (
        *("authorization", "connection", "content-length", "expect", "proxy-authenticate"),
        *("te", "transfer-encoding"),
    )
)


@dataclass(frozen=True, kw_only=True)
class IntegrationRequest:
    """One request to a service, not yet signed."""

    headers: dict[str, str]
    path: dict[str, str]
    """Values for the `{names}` in the integration's URI, decoded."""
    query: dict[str, str]
    body: bytes


def integration_request(call: Call, integration: Document) -> IntegrationRequest:
    """Return the request to the service.

    Raises:
        GatewayError: The gateway refuses the media type, or cannot make such a request.
    """
    overrides: dict[str, dict[str, Any]] = {place: Overrides() for place in _PLACES}
    call.context["requestOverride"] = overrides
    # A request template may set this, too, with effect on the answer. Recorded:
    # `test_integration_mock_with_response_override_in_request_template` of localstack's
    # test_apigateway_integrations.py.
    call.context["responseOverride"] = Overrides(header=Overrides())
    body = _body(call, integration)
    mapped: dict[str, dict[str, str]] = {place: {} for place in _PLACES}
    for target, source in integration.get("requestParameters", {}).items():
        place, name = target.removeprefix("integration.request.").split(".", 1)
        value = mapping_source(call, source)
        if value is not None:
            mapped[place][name] = value
    for place in _PLACES:
        mapped[place] |= {name: str(value) for name, value in overrides[place].items()}
    refuse_unmappable(mapped["header"])
    mapped["header"] = {**_own_content_type(call, mapped["header"]), **mapped["header"]}
    refuse_unless_sendable(mapped["header"])
    return IntegrationRequest(
        headers=mapped["header"], path=mapped["path"], query=mapped["querystring"], body=body
    )


def _own_content_type(call: Call, mapped: Iterable[str]) -> dict[str, str]:
    """Return the request's own Content-Type for a body, unless one is mapped.

    Recorded: `test_http_integration_with_lambda` of localstack's test_apigateway_http.py; not for
    a GET: `test_apigateway_header_remapping_http` of test_apigateway_integrations.py.
    """
    content_type = call.request.header("content-type")
    is_bodiless = call.request.method in ("GET", "HEAD", "OPTIONS")
    if not content_type or is_bodiless or "content-type" in {name.lower() for name in mapped}:
        return {}
    return {"Content-Type": content_type}


def refuse_unmappable(names: Iterable[str]) -> None:
    """Raise GatewayError if a header is mapped that only the gateway may set."""
    if any(name.lower() in _UNMAPPABLE for name in names):
        raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error")


def refuse_unless_sendable(headers: dict[str, str]) -> None:
    """Raise GatewayError if HTTP cannot represent a header."""
    if not can_be_sent(headers):
        raise GatewayError("INTEGRATION_FAILURE", "Internal server error")


def mapping_source(call: Call, source: str) -> str | None:
    """Return the value of a parameter mapping's source; None omits the target.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html
    """
    if source.startswith("'"):
        return source.strip("'")
    if source.startswith("method.request.header."):
        name = source.removeprefix("method.request.header.")
        return call.request.visible_headers().get(name, [""])[-1] or None
    if source.startswith("method.request.querystring."):
        values = call.request.query().get(source.removeprefix("method.request.querystring."))
        return values[-1] if values else None
    if source.startswith("method.request.path."):
        return call.path.get(source.removeprefix("method.request.path."), "")
    if source.startswith("stageVariables."):
        return call.api.stage_variables.get(source.removeprefix("stageVariables."), "")
    if source.startswith("context."):
        value: Any = call.context
        for step in source.removeprefix("context.").split("."):
            value = cast("dict[str, Any]", value).get(step, "") if isinstance(value, dict) else ""
        return str(value)
    raise GatewayError(
        "API_CONFIGURATION_ERROR", f"The sandbox does not support the mapping source {source}"
    )


def base64_decoded(text: bytes) -> bytes:
    """Return the bytes of a text that API Gateway must convert to binary.

    Raises:
        GatewayError: It is not base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise GatewayError("API_CONFIGURATION_ERROR", "Unable to base64 decode the body") from error


def _body(call: Call, integration: Document) -> bytes:
    """Return the body for the service.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
    """
    template = _request_template(call, integration)
    binary = bool(call.body) and call.is_binary(call.request.header("content-type"))
    handling = integration.get("contentHandling")
    if template is not None:
        # Recorded: `test_apigw_s3_binary_support_request_convert_to_binary_with_request_template`
        # of localstack's test_apigateway_s3.py.
        if handling == "CONVERT_TO_BINARY" or (binary and handling != "CONVERT_TO_TEXT"):
            raise GatewayError(
                "API_CONFIGURATION_ERROR",
                "Unable to transform request: the body is binary, and there is a template",
            )
        text = render(template, call.variables(template_text(call.body, binary=binary)))
        return text.encode(errors="surrogatepass")  # the service refuses invalid UTF-8
    if binary:
        return base64.b64encode(call.body) if handling == "CONVERT_TO_TEXT" else call.body
    if handling == "CONVERT_TO_BINARY":
        return base64_decoded(call.body)
    return template_text(call.body, binary=False).encode()


def _request_template(call: Call, integration: Document) -> str | None:
    """Return the template for the request's media type; None passes the body on unchanged.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
    """
    templates: dict[str, str] = integration.get("requestTemplates", {})
    kind = media_type(call.request.header("content-type"), call.api.undecided)
    if kind in templates:
        return templates[kind]
    behaviour = integration.get("passthroughBehavior", "when_no_match")
    if behaviour == "never" or (behaviour == "when_no_templates" and templates):
        raise GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
    return None

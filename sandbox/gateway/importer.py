"""Imports an OpenAPI body as API Gateway does: refuses invalid ones, and returns what it stores.

The messages are AWS's, as recorded in localstack's `tests/aws/services/apigateway`; each check
names its test there.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]
"""JSON: OpenAPI and AWS's extensions define its shape."""

_VERBS = ("get", "put", "post", "delete", "options", "head", "patch")
_TYPES = {"aws", "aws_proxy", "http", "http_proxy", "mock"}
_INVOCATION = re.compile(
    r"arn:aws[a-z-]*:apigateway:[a-z0-9-]+:"
    r"(lambda:path/2015-03-31/functions/arn:aws[a-z-]*:lambda:[^/]+/invocations|firehose:action/.+)"
)
# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
_GATEWAY_RESPONSES = frozenset(
    (
        *("ACCESS_DENIED", "API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR"),
        *("AUTHORIZER_FAILURE", "BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS", "DEFAULT_4XX"),
        *("DEFAULT_5XX", "EXPIRED_TOKEN", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT"),
        *("INVALID_API_KEY", "INVALID_SIGNATURE", "MISSING_AUTHENTICATION_TOKEN"),
        *("QUOTA_EXCEEDED", "REQUEST_TOO_LARGE", "RESOURCE_NOT_FOUND", "THROTTLED"),
        *("UNAUTHORIZED", "UNSUPPORTED_MEDIA_TYPE", "WAF_FILTERED"),
    )
)
_MAX_COMPRESSION_SIZE = 10_485_760


class ImportRefused(ValueError):  # noqa: N818 - named for the event
    """API Gateway would refuse this body, or warn about it, which makes the deployment fail."""


def imported(body: Document) -> Document:
    """Return the body as API Gateway stores it: of two responses with one status, the last.

    Raises:
        ImportRefused: API Gateway would refuse it.
    """
    stored = copy.deepcopy(body)
    _check_settings(stored)
    _check_siblings(stored["paths"])
    for where, operation in _operations(stored):
        try:
            _check_parameters(operation)
            integration = operation["x-amazon-apigateway-integration"]
            _check_integration(integration)
            if "responses" in integration:
                integration["responses"] = _by_status(integration["responses"])
                _check_responses(operation, integration["responses"])
            _check_mappings(operation, integration)
        except ImportRefused as refused:
            raise ImportRefused(f"{where}: {refused}") from refused
    return stored


def _operations(body: Document) -> Iterator[tuple[str, Document]]:
    for path, item in body["paths"].items():
        for verb in _VERBS:
            if verb in item:
                yield f"{verb.upper()} {path}", item[verb]


def _by_status(responses: Document) -> Document:
    """Return one response for each status code, the last one, in the place of the first.

    A status code identifies a response (`…/integration/responses/{status_code}`); it is the key of
    all recorded `integrationResponses`.
    https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html
    """
    kept: dict[str, tuple[str, Document]] = {}
    for pattern, response in responses.items():
        kept[str(response["statusCode"])] = pattern, response
    return dict(kept.values())


def _check_settings(body: Document) -> None:
    # TestApiGatewayApiRestApi::test_update_rest_api_compression
    size = body.get("x-amazon-apigateway-minimum-compression-size")
    if size is not None and not (type(size) is int and 0 <= size <= _MAX_COMPRESSION_SIZE):
        raise ImportRefused(
            f"Invalid minimum compression size, must be between 0 and {_MAX_COMPRESSION_SIZE}"
        )
    # TestApiGatewayGatewayResponse::test_gateway_response_validation
    types = set(body.get("x-amazon-apigateway-gateway-responses", {}))
    if unknown := sorted(types - _GATEWAY_RESPONSES):
        raise ImportRefused(f"there is no gateway response of type {', '.join(unknown)}")


def _check_siblings(paths: Document) -> None:
    """Refuse two variable names for the same segment, and a child of a greedy variable.

    TestApiGatewayApiResource::test_create_proxy_resource_validation
    """
    variables: dict[str, str] = {}
    for path in paths:
        segments = path.split("/")
        for index, segment in enumerate(segments):
            parent = "/".join(segments[:index])
            if not segment.startswith("{"):
                continue
            if variables.setdefault(parent, segment) != segment:
                raise ImportRefused(
                    f"{path}: A sibling ({variables[parent]}) of this resource already has a "
                    "variable path part -- only one is allowed"
                )
            if segment.endswith("+}") and index + 1 < len(segments):
                raise ImportRefused(
                    f"{path}: Cannot create a child of a resource with a greedy path variable: "
                    f"{segment}"
                )


def _check_parameters(operation: Document) -> None:
    # TestApiGatewayApiMethod::test_method_request_parameters
    names = [one["name"] for one in operation.get("parameters", [])]
    if len(set(names)) != len(names):
        raise ImportRefused("Parameter names must be unique across querystring, header and path")


def _check_integration(integration: Document) -> None:
    kind = integration["type"]
    if kind not in _TYPES:  # TestApigatewayIntegration::test_put_integration_wrong_type
        raise ImportRefused(f"there is no integration of type {kind}")
    # The rest: test_apigateway_integrations.py::test_put_integration_validation
    if kind == "mock":
        return
    if not integration.get("httpMethod"):
        raise ImportRefused("Enumeration value for HttpMethod must be non-empty")
    if not kind.startswith("aws"):
        return
    uri: str = integration.get("uri", "")
    if not re.match(r"arn:aws[a-z-]*:", uri):
        raise ImportRefused("Invalid ARN specified in the request")
    if not re.match(r"arn:aws[a-z-]*:apigateway:[^:]+:[^:]+:(path|action)/", uri):
        raise ImportRefused("AWS ARN for integration must contain path or action")
    if kind == "aws_proxy" and not _INVOCATION.fullmatch(uri):
        raise ImportRefused(
            "Integrations of type 'AWS_PROXY' currently only supports Lambda function and "
            "Firehose stream invocations."
        )


def _check_responses(operation: Document, responses: Document) -> None:
    """Refuse a status or a header that the method does not declare."""
    for response in responses.values():
        status = str(response["statusCode"])
        # TestApigatewayIntegrationResponse::test_integration_response_invalid_statuscode
        if not re.fullmatch(r"[1-5]\d\d", status):
            raise ImportRefused(
                f"Value '{status}' at 'statusCode' failed to satisfy constraint: "
                r"Member must satisfy regular expression pattern: [1-5]\d\d"
            )
        declared = operation["responses"].get(status)
        if declared is None:
            raise ImportRefused(f"no response {status} is declared, which the integration gives")
        # An integration response may only map to a declared header:
        # https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethodResponse.html
        for target in response.get("responseParameters", {}):
            if target.removeprefix("method.response.header.") not in declared.get("headers", {}):
                raise ImportRefused(f"Invalid mapping expression parameter specified: {target}")


def _check_mappings(operation: Document, integration: Document) -> None:
    """Refuse a mapping from a request parameter that the method does not declare.

    An integration may only map from a parameter that its method declares:
    https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html
    """
    places = {"header": "header", "path": "path", "query": "querystring"}
    declared = {
        f"method.request.{places[one['in']]}.{one['name']}"
        for one in operation.get("parameters", [])
        if one["in"] in places
    }
    for source in integration.get("requestParameters", {}).values():
        # TestApigatewayIntegration::test_put_integration_request_parameter_bool_type
        if not isinstance(source, str):
            raise ImportRefused(f"{type(source).__name__} can not be converted to an String")
        single = source.replace("method.request.multivalue", "method.request.")
        if single.startswith("method.request.") and not (
            single in declared or single.startswith("method.request.body")
        ):
            raise ImportRefused(f"Invalid mapping expression parameter specified: {source}")

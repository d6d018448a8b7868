"""What API Gateway answers without an integration, as problems with CORS headers."""

import json

# Type -> (status, title, detail). `$context.error.messageString` is a JSON string, quotes included;
# `validationErrorString` is escaped as one, but has no quotes.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
# REQUEST_TOO_LARGE cannot be customised: above 10 MB a browser sees a failure without CORS headers.
_MESSAGE = "$context.error.messageString"
_TYPES: dict[str, tuple[int, str, str]] = {
    "ACCESS_DENIED": (
        403,
        "Forbidden",
        "This caller may not do this, or the path holds what its parameters do not allow.",
    ),
    "API_CONFIGURATION_ERROR": (500, "Internal Server Error", _MESSAGE),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, "Internal Server Error", _MESSAGE),
    "AUTHORIZER_FAILURE": (500, "Internal Server Error", _MESSAGE),
    "BAD_REQUEST_BODY": (400, "Bad Request", "$context.error.validationErrorString"),
    "BAD_REQUEST_PARAMETERS": (400, "Bad Request", _MESSAGE),
    "EXPIRED_TOKEN": (403, "Forbidden", _MESSAGE),
    "INTEGRATION_FAILURE": (502, "Bad Gateway", _MESSAGE),
    "INTEGRATION_TIMEOUT": (504, "Gateway Timeout", _MESSAGE),
    "INVALID_API_KEY": (403, "Forbidden", _MESSAGE),
    "INVALID_SIGNATURE": (403, "Forbidden", _MESSAGE),
    "MISSING_AUTHENTICATION_TOKEN": (403, "Forbidden", "No such route, or no credentials."),
    "QUOTA_EXCEEDED": (429, "Too Many Requests", _MESSAGE),
    "RESOURCE_NOT_FOUND": (404, "Not Found", _MESSAGE),
    "THROTTLED": (
        429,
        "Too Many Requests",
        "Over the limit of requests a second. Nothing was done.",
    ),
    "UNAUTHORIZED": (401, "Unauthorized", _MESSAGE),
    "UNSUPPORTED_MEDIA_TYPE": (
        415,
        "Unsupported Media Type",
        (
            "Send a Content-Type that this operation lists, without parameters. A Content-Encoding "
            "must be gzip or deflate, and the body must be encoded so."
        ),
    ),
    "WAF_FILTERED": (403, "Forbidden", _MESSAGE),
}
_DEFAULTS = {"DEFAULT_4XX": "The request was refused", "DEFAULT_5XX": "The gateway failed"}


def gateway_responses(body_rule: str = "") -> dict[str, object]:
    """Return `x-amazon-apigateway-gateway-responses`: each type a problem, readable cross-origin.

    `body_rule` says what a body may hold, for one that is refused: the gateway's own reason names a
    type or a limit, but not the field.

    Pages of any origin may read them: they say nothing of any user, and the gateway has one such
    answer for all routes.

    The body is filled in by plain substitution, not VTL. A problem's `requestId` is the extended
    one, because a client can choose the other.
    """
    responses: dict[str, object] = {}
    for response_type, (status, title, said) in _TYPES.items():
        is_body = response_type == "BAD_REQUEST_BODY"
        detail = f"{body_rule} This body: {said}" if is_body and body_rule else said
        headers = {"Retry-After": "'1'"} if status == 429 else {}
        responses[response_type] = {
            "statusCode": str(status),
            **_problem(headers, {"title": title, "status": status}, detail),
        }
    for response_type, title in _DEFAULTS.items():
        # No statusCode: it would rewrite the status of every type that this one stands for.
        responses[response_type] = _problem({}, {"title": title}, _MESSAGE)
    return responses


def _problem(headers: dict[str, str], members: dict[str, object], detail: str) -> dict[str, object]:
    shown = detail if detail == _MESSAGE else json.dumps(detail)
    fixed = json.dumps({"type": "about:blank", **members})[:-1]
    request_id = '"$context.extendedRequestId"'
    all_headers = {
        "Access-Control-Allow-Origin": "'*'",
        "Access-Control-Expose-Headers": "'Retry-After'",
        "Cache-Control": "'no-store'",
        "Content-Type": "'application/problem+json'",
        "X-Content-Type-Options": "'nosniff'",
        **headers,
    }
    return {
        "responseParameters": {
            f"gatewayresponse.header.{name}": value for name, value in all_headers.items()
        },
        "responseTemplates": {
            "application/json": f'{fixed}, "detail": {shown}, "requestId": {request_id}}}'
        },
    }

"""Decodes bodies, tells binary from text, and validates requests against their models."""

import base64
import json
import re
import zlib
from typing import Any

import jsonschema

from sandbox.gateway.api import Api, Operation
from sandbox.gateway.errors import GatewayError
from sandbox.gateway.request import Request
from sandbox.gateway.undecided import Undecided

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
MAX_PAYLOAD_BYTES = 10 * 1024 * 1024

DEFAULT_MEDIA_TYPE = "application/json"


def media_type(content_type: str, undecided: Undecided) -> str:
    """Return the type in lower case, by default without its parameters.

    >>> media_type("Application/JSON; charset=utf-8", Undecided())
    'application/json'
    """
    if undecided.strips_media_type_parameters:
        content_type = content_type.split(";", 1)[0]
    return content_type.strip().lower() or DEFAULT_MEDIA_TYPE


def is_binary(kind: str, binary_media_types: list[str]) -> bool:
    """Return whether a media type is in the API's list, which may hold wildcards like `image/*`."""
    return any(
        re.fullmatch(re.escape(one).replace(r"\*", ".*"), kind) for one in binary_media_types
    )


def decoded(body: bytes, content_encoding: str) -> bytes:
    """Return the body without its Content-Encoding, as templates and models see it.

    It is not documented whether the limit applies before or after decoding: here, to both.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html

    Raises:
        GatewayError: UNSUPPORTED_MEDIA_TYPE for another coding or an invalid body,
            REQUEST_TOO_LARGE for one that is over the limit once decoded.
    """
    coding = content_encoding.strip().lower()
    if coding in ("", "identity"):
        return body
    if coding not in ("gzip", "deflate"):
        raise GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
    plain, rest, is_whole = b"", body, False
    while rest or not is_whole:  # gzip may have several members, one after another
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)
        try:
            plain += inflate.decompress(rest, MAX_PAYLOAD_BYTES + 1 - len(plain))
        except zlib.error as error:
            raise GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type") from error
        if len(plain) > MAX_PAYLOAD_BYTES:
            raise GatewayError("REQUEST_TOO_LARGE", "Request Too Long")
        rest, is_whole = inflate.unused_data, inflate.eof
        if not is_whole:
            raise GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
    return plain


def template_text(body: bytes, *, binary: bool) -> str:
    """Return `$input.body` for a template: base64 of a binary body, or the text of another."""
    return base64.b64encode(body).decode() if binary else body.decode("utf-8", errors="replace")


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _number(text: str) -> float | int:
    """Return an `int` for every number without a fraction, such as `1.0`."""
    value = float(text)
    return int(value) if value.is_integer() else value


# The order in which AWS names missing parameters. Recorded:
# `test_api_gateway_request_validator` of localstack's test_apigateway_common.py.
_PLACES = ("header", "path", "query")


def validate(api: Api, operation: Operation, request: Request, body: bytes) -> None:
    """Check that required parameters are present, and that the body fits its media type's model.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html

    Raises:
        GatewayError: BAD_REQUEST_PARAMETERS or BAD_REQUEST_BODY.
    """
    query, headers = request.query(), request.visible_headers()
    missing = [
        parameter["name"]
        for parameter in sorted(operation.parameters, key=lambda one: _PLACES.index(one["in"]))
        if parameter.get("required")
        and (
            (parameter["in"] == "query" and parameter["name"] not in query)
            or (parameter["in"] == "header" and not any(headers.get(parameter["name"], [])))
        )
    ]
    if missing:
        raise GatewayError(
            "BAD_REQUEST_PARAMETERS", f"Missing required request parameters: [{', '.join(missing)}]"
        )
    content = operation.document.get("requestBody", {}).get("content", {})
    kind = media_type(request.header("content-type"), api.undecided)
    schema = content.get(kind, {}).get("schema")
    if schema is None:
        return  # no model for this media type: AWS checks nothing
    try:
        instance: Any = json.loads(
            body.decode("utf-8", errors="replace") or "{}",
            parse_constant=_no_json,
            parse_float=_number if api.undecided.integer_may_have_fraction else float,
        )
    except (ValueError, RecursionError) as error:
        raise GatewayError("BAD_REQUEST_BODY", "Invalid request body", "[Invalid JSON]") from error
    resolvable = {"components": {"schemas": api.body["components"]["schemas"]}, **schema}
    try:
        found = [
            f"{'/'.join(str(step) for step in error.absolute_path)}: {error.message}"[:200]
            for error in jsonschema.Draft4Validator(resolvable).iter_errors(instance)
        ]
    except RecursionError:
        found = ["nested too deeply"]
    if found:
        raise GatewayError("BAD_REQUEST_BODY", "Invalid request body", f"[{', '.join(found[:5])}]")

"""The OpenAPI document that API Gateway imports: the contract, with AWS's extensions added."""

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from components.api.body_rule import body_rule
from components.api.contract import VERBS, Document, operations, resolved
from components.api.cors_headers import exposed_headers, request_headers
from components.api.gateway_responses import gateway_responses
from components.api.integration import Integration
from components.api.invoke_policy import invoke_policy
from components.api.mapping_template import TEMPLATES, mapping_template
from components.api.media_types import UNVALIDATED, binary_media_types

# Chromium forgets a preflight after two hours at most.
# https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age
PREFLIGHT_MAX_AGE_S = 7200

# 0 also makes the gateway decompress every gzipped request, however small.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-compression.html
MIN_COMPRESSION_BYTES = 0

USER_TOKEN = "userToken"  # noqa: S105 - the name of a scheme
"""Scheme of a contract's `security`: an ID token of the user pool, as `Authorization: Bearer …`."""
OPERATOR_SIGNATURE = "operatorSignature"
"""Scheme of a contract's `security`: AWS Signature Version 4."""

# Text stays text whatever `Accept` names first: without it, text for a binary type is a 500.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
TEXT = "CONVERT_TO_TEXT"


@dataclass(frozen=True, kw_only=True)
class BodyArgs:
    """What the contract does not know: plain strings, all known at deployment."""

    integrations: Mapping[str, Integration]
    """By operationId."""
    user_pool_arn: str
    """Empty if no operation asks for `userToken`."""
    user_pool_client_id: str
    """The authorizer takes tokens for this app client only."""
    stage_name: str
    """Of the stage that the body is deployed to."""
    allow_origin: str
    """For `Access-Control-Allow-Origin`: an origin, or `*`."""
    operators: tuple[str, ...] = ()
    """ARNs of roles that may call routes signed with SigV4 without an IAM policy for it."""


def digest(body: Document) -> str:
    """Return the SHA-256 of the finished body; a new one triggers a deployment.

    Documentation text does not trigger a redeployment:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api.html
    """
    told = {name: value for name, value in body.items() if name not in ("info", "tags")}
    return hashlib.sha256(json.dumps(_undocumented(told), sort_keys=True).encode()).hexdigest()


def _undocumented(value: Any) -> Any:
    """Return the JSON without the texts and tags that describe an operation or a schema."""
    if isinstance(value, list):
        return [_undocumented(one) for one in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    members = cast("Document", value)
    kept = {
        name: one
        for name, one in members.items()
        # A property of this name is a schema, and no text.
        if not (name in ("description", "summary") and isinstance(one, str))
        and not (name == "tags" and isinstance(one, list))
    }
    return {name: _undocumented(one) for name, one in kept.items()}


def finished_body(contract: Document, args: BodyArgs) -> Document:
    """Return the contract with integrations, auth, validators, preflights and gateway responses.

    Raises:
        ValueError: An operation has no integration, an integration no operation, or an integration
            answers with a status that the contract does not name, or with one status twice.
    """
    _check_one_to_one(contract, args.integrations)
    body = json.loads(json.dumps(contract))  # no part stands twice, as by an alias of YAML
    _inline_refs(body)
    _inline_security(body)
    _drop_media_types_without_schema(body)
    body["components"] = {
        "schemas": body.get("components", {}).get("schemas", {}),
        "securitySchemes": _security_schemes(args),
    }
    common = {
        "Access-Control-Expose-Headers": ", ".join(exposed_headers(contract)),
        "X-Content-Type-Options": "nosniff",
    }
    for path, _, operation in list(operations(body)):
        integration = _with_common_headers(
            args.integrations[operation["operationId"]],
            {"Access-Control-Allow-Origin": _allowed_origin(operation, args), **common},
        )
        _check_one_response_per_status(path, operation, integration)
        _declare_responses(f"{path} {operation['operationId']}", operation, integration)
        _declare_mapped_headers(operation, integration)
        operation["x-amazon-apigateway-integration"] = integration
    body["x-amazon-apigateway-policy"] = invoke_policy(body, args.stage_name, args.operators)
    for item in body["paths"].values():
        first = next(item[verb] for verb in VERBS if verb in item)
        item["options"] = _preflight(item, _allowed_origin(first, args), request_headers(contract))
    body["x-amazon-apigateway-request-validator"] = "all"
    body["x-amazon-apigateway-request-validators"] = {
        "all": {"validateRequestBody": True, "validateRequestParameters": True}
    }
    body["x-amazon-apigateway-binary-media-types"] = list(binary_media_types(contract))
    body["x-amazon-apigateway-minimum-compression-size"] = MIN_COMPRESSION_BYTES
    body["x-amazon-apigateway-gateway-responses"] = gateway_responses(body_rule(contract))
    return body


def _allowed_origin(operation: Document, args: BodyArgs) -> str:
    """Return whose pages may read the answers: any, where no credentials are asked for."""
    return "*" if operation.get("security") == [] else args.allow_origin


def _check_one_to_one(contract: Document, integrations: Mapping[str, Integration]) -> None:
    promised = {operation["operationId"] for _, _, operation in operations(contract)}
    if missing := sorted(promised - set(integrations)):
        raise ValueError(
            f"openapi.yaml has operations without an integration: {', '.join(missing)}"
        )
    if surplus := sorted(set(integrations) - promised):
        raise ValueError(
            f"integrations that no operation of openapi.yaml names: {', '.join(surplus)}"
        )


def _inline_refs(body: Document) -> None:
    """Put shared parameters and responses in place: API Gateway follows `$ref` to models only."""
    for item in body["paths"].values():
        common = item.pop("parameters", [])
        for verb in VERBS:
            if verb not in item:
                continue
            operation = item[verb]
            operation["parameters"] = [
                copy.deepcopy(resolved(body, parameter))
                for parameter in [*common, *operation.get("parameters", [])]
            ]
            for parameter in operation["parameters"]:
                parameter["schema"] = {
                    "type": parameter["schema"]["type"]
                }  # presence is all it checks
            operation["responses"] = {
                status: copy.deepcopy(resolved(body, response))
                for status, response in operation["responses"].items()
            }


def _inline_security(body: Document) -> None:
    """Put the contract's own `security` at each operation without one: API Gateway ignores it.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    if common := body.pop("security", None):
        for _, _, operation in operations(body):
            operation.setdefault("security", copy.deepcopy(common))


def _drop_media_types_without_schema(body: Document) -> None:
    """Leave out media types without a model, from which API Gateway could import nothing.

    A schema of `text/plain` is for readers: its body may reach the gateway as bytes, and no model
    knows bytes.

    It may warn of them, and a warning stops the deployment. A model would not do instead: bodies of
    its type would be validated, and NDJSON or gzip is no JSON.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
    """
    for _, _, operation in operations(body):
        holders = [*operation["responses"].values(), operation.get("requestBody", {})]
        for holder in (one for one in holders if "content" in one):
            holder["content"] = {
                media_type: one
                for media_type, one in holder["content"].items()
                if "schema" in one and media_type != UNVALIDATED
            }
            if not holder["content"]:
                del holder["content"]
        if "content" not in operation.get("requestBody", {"content": {}}):
            del operation["requestBody"]  # it may not be without


def _security_schemes(args: BodyArgs) -> Document:
    """Return the contract's schemes as API Gateway knows them.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
    """
    header = {"type": "apiKey", "name": "Authorization", "in": "header"}
    user_token = {
        **header,
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": [args.user_pool_arn],
            "identitySource": "method.request.header.Authorization",
            # Matched against `aud`, which access tokens and other clients' tokens do not have.
            "identityValidationExpression": f"^{args.user_pool_client_id}$",
        },
    }
    return {
        **({USER_TOKEN: user_token} if args.user_pool_arn else {}),
        OPERATOR_SIGNATURE: {**header, "x-amazon-apigateway-authtype": "awsSigv4"},
    }


def check_security(contract: Document, *, has_pool: bool) -> None:
    """Check that each operation asks for what the API can check.

    Raises:
        ValueError: An operation asks for a scheme that there is not, or for tokens without a pool.
    """
    for path, verb, operation in operations(contract):
        for name in (
            one
            for asked in operation.get("security", contract.get("security", []))
            for one in asked
        ):
            where = f"{verb.upper()} {path}"
            if name not in (USER_TOKEN, OPERATOR_SIGNATURE):
                raise ValueError(
                    f"security of {where} must be {USER_TOKEN} or {OPERATOR_SIGNATURE}, got {name}"
                )
            if name == USER_TOKEN and not has_pool:
                raise ValueError(
                    f"{where} asks for {USER_TOKEN}: give user_pool_arn and user_pool_client_id"
                )


def _with_common_headers(integration: Integration, common: Mapping[str, str]) -> Document:
    """Return the integration with the headers that every answer has."""
    finished: Document = copy.deepcopy(integration)
    for response in finished.get("responses", {}).values():
        response.setdefault("contentHandling", TEXT)
        response["responseParameters"] = {
            # Answers are one user's data, which the next user of that browser must not find:
            # only an integration can allow caching.
            "method.response.header.Cache-Control": "'no-store'",
            **response.get("responseParameters", {}),
            **{f"method.response.header.{name}": f"'{value}'" for name, value in common.items()},
        }
    return finished


def _check_one_response_per_status(path: str, operation: Document, integration: Document) -> None:
    """Check that no two responses have one status: API Gateway would keep one of them.

    Source: https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html
    """
    patterns: dict[str, list[str]] = {}
    for pattern, response in integration.get("responses", {}).items():
        patterns.setdefault(response["statusCode"], []).append(pattern)
    for status, several in patterns.items():
        if len(several) > 1:
            raise ValueError(
                f"{path} {operation['operationId']} answers {status} in more than one response "
                f"({', '.join(several)}): give each its own status and override it in a template"
            )


def _declare_responses(where: str, operation: Document, integration: Document) -> None:
    """Declare, on each response of the operation, the headers that its integration sets."""
    headers = {
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
        "Cache-Control",
        "Content-Type",
        "X-Content-Type-Options",
    }
    for response in operation["responses"].values():
        _declare_headers(response, headers)
    for response in integration.get("responses", {}).values():
        if response["statusCode"] not in operation["responses"]:
            raise ValueError(
                f"{where} answers {response['statusCode']}, which openapi.yaml does not name"
            )
        set_here = response.get("responseParameters", {})
        _declare_headers(
            operation["responses"][response["statusCode"]],
            {target.removeprefix("method.response.header.") for target in set_here},
        )


def _declare_headers(response: Document, names: set[str]) -> None:
    declared = response.setdefault("headers", {})
    for name in sorted(names):
        declared.setdefault(name, {"schema": {"type": "string"}})


def _declare_mapped_headers(operation: Document, integration: Document) -> None:
    """Declare the request headers that the integration maps: API Gateway maps no other.

    OpenAPI itself does not let a contract name `Content-Type` among them.
    """
    declared = {one["name"].lower() for one in operation["parameters"] if one["in"] == "header"}
    for source in integration.get("requestParameters", {}).values():
        name = source.removeprefix("method.request.header.")
        if name != source and name.lower() not in declared:
            operation["parameters"].append(
                {"name": name, "in": "header", "schema": {"type": "string"}}
            )


def _preflight(item: Document, allow_origin: str, allow_headers: list[str]) -> Document:
    """Return the OPTIONS operation of a path: a mock that asks for no token.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/enable-cors-for-resource-using-swagger-importer-tool.html
    """
    verbs = [verb.upper() for verb in VERBS if verb in item]
    values = {
        "Access-Control-Allow-Origin": allow_origin,
        "Access-Control-Allow-Methods": ", ".join(verbs),
        "Access-Control-Allow-Headers": ", ".join(allow_headers),
        "Access-Control-Max-Age": str(PREFLIGHT_MAX_AGE_S),
    }
    first = next(item[verb] for verb in VERBS if verb in item)
    return {
        "summary": "CORS preflight.",
        "parameters": [
            parameter for parameter in first.get("parameters", []) if parameter["in"] == "path"
        ],
        "responses": {
            "204": {
                "description": "What a page of another origin may send.",
                "headers": {name: {"schema": {"type": "string"}} for name in values},
            }
        },
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "passthroughBehavior": "when_no_templates",
            "requestTemplates": {"application/json": mapping_template(TEMPLATES / "preflight.vtl")},
            "responses": {
                "default": {
                    "statusCode": "204",
                    "contentHandling": TEXT,
                    "responseParameters": {
                        f"method.response.header.{name}": f"'{value}'"
                        for name, value in values.items()
                    },
                }
            },
        },
    }

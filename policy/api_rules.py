"""Rules about the API, the site and their logs."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policy.data_rules import STREAM
from policy.resource import Resource, Rule, StackRule, block, items

API = "aws:apigateway/restApi:RestApi"
STAGE = "aws:apigateway/stage:Stage"
METHOD_SETTINGS = "aws:apigateway/methodSettings:MethodSettings"
WEB_ACL = "aws:wafv2/webAcl:WebAcl"
FUNCTION = "aws:lambda/function:Function"
FUNCTION_URL = "aws:lambda/functionUrl:FunctionUrl"
PERMISSION = "aws:lambda/permission:Permission"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
# The account has one of each, which all of its stacks share: ADR 7.
ACCOUNT_WIDE = frozenset(
    {
        "aws:apigateway/account:Account",
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    }
)
FUNCTIONS = ("read-events",)
VERBS = ("get", "put", "post", "delete", "patch", "head", "options")
# Variables that can contain a token, a query string or a value that a client chose.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
LEAKS = re.compile(
    r"\$context\.(authorizer\b|identity\.apiKey\b|requestOverride|path\b|customDomain\.basePath)"
    r"|\$(input|util|stageVariables|method)\b",
)
# https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
SHARD_RECORDS_A_SECOND = 1_000

# Visitors of a site write without a token: templates and roles know the keys.
WRITE_KEY = " /w/{key}/"


def _operations(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, item in body["paths"].items():
        for verb in VERBS:
            if verb in item:
                yield f"{verb.upper()} {path}", item[verb]


def _unauthenticated_routes(resource: Resource) -> Iterator[str]:
    if "body" not in resource.props:
        yield "its routes are not in its body, which the rules read: import the contract"
        return
    for route, operation in _operations(json.loads(resource.props["body"])):
        integration = operation.get("x-amazon-apigateway-integration", {})
        # A mock calls no service: preflights and health.
        is_open = integration.get("type", "").lower() != "mock" and not operation.get("security")
        if is_open and WRITE_KEY not in route:
            yield f"{route} requires no authentication: give it a security requirement"


def _unmapped_bodies(resource: Resource) -> Iterator[str]:
    for route, operation in _operations(json.loads(resource.props.get("body", '{"paths": {}}'))):
        integration = operation.get("x-amazon-apigateway-integration", {})
        is_action = ":action/" in integration.get("uri", "")
        if is_action and integration.get("passthroughBehavior", "").lower() != "never":
            yield f"{route} passes on a body without a template: set passthroughBehavior to never"


def _ambiguous_responses(resource: Resource) -> Iterator[str]:
    for route, operation in _operations(json.loads(resource.props.get("body", '{"paths": {}}'))):
        responses = operation.get("x-amazon-apigateway-integration", {}).get("responses", {})
        counted = Counter(str(one["statusCode"]) for one in responses.values())
        for status in (one for one, count in counted.items() if count > 1):
            yield f"{route} maps two responses to {status}, of which API Gateway keeps one"


def _logged_secrets(resource: Resource) -> Iterator[str]:
    if resource.type == STAGE:
        format_: str = block(resource.props, "accessLogSettings").get("format", "")
        for found in LEAKS.finditer(format_):
            yield f"the access log would contain {found[0]}: remove it"
    elif resource.type == METHOD_SETTINGS:
        if block(resource.props, "settings").get("dataTraceEnabled"):
            yield "data trace logs whole requests with their tokens: set it to false"
    else:
        for config in (resource.props, *items(resource.props.get("rules"))):
            if block(config, "visibilityConfig").get("sampledRequestsEnabled"):
                yield "samples contain whole requests: set sampled_requests_enabled to false"


def _incomplete_limits(resource: Resource) -> Iterator[str]:
    settings = block(resource.props, "settings")
    for key in ("throttlingRateLimit", "throttlingBurstLimit"):
        # To AWS, -1 means no limit.
        if not settings.get(key) or settings[key] < 0:
            yield f"{resource.props.get('methodPath')} has no {key}: set one"


def _other_functions(resource: Resource) -> Iterator[str]:
    if resource.type == FUNCTION and resource.name not in FUNCTIONS:
        yield f"writes call services directly: only {', '.join(FUNCTIONS)} may be a function"
    if resource.type == FUNCTION_URL:
        yield "a function is called through the API only: remove its URL"
    if resource.type == PERMISSION and resource.props.get("principal") == "*":
        yield "any principal may call it: name the service, and its ARN as source_arn"


def _account_wide(resource: Resource) -> Iterator[str]:
    yield f"{resource.type} belongs to the whole account: create it in bootstrap/"


def _site_without_tls(resource: Resource) -> Iterator[str]:
    behaviours = (
        resource.props["defaultCacheBehavior"],
        *items(resource.props.get("orderedCacheBehaviors")),
    )
    for one in behaviours:
        if one.get("viewerProtocolPolicy") not in {"https-only", "redirect-to-https"}:
            yield "it answers without TLS: set viewer_protocol_policy"
    for origin in items(resource.props["origins"]):
        if not origin.get("originAccessControlId") and "customOriginConfig" not in origin:
            yield f"{origin.get('originId')} is read unsigned: set an origin access control"


def _rate_over_the_stream(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    shards = sum(int(one.props.get("shardCount") or 0) for one in resources if one.type == STREAM)
    for one in resources:
        if one.type == METHOD_SETTINGS and one.props.get("methodPath") == "*/*":
            rate: float = block(one.props, "settings").get("throttlingRateLimit") or 0
            if shards and rate > shards * SHARD_RECORDS_A_SECOND:
                yield (
                    one,
                    f"{rate:g} requests a second are more than {shards} shards take: add shards",
                )


def _unlimited_stages(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    limits = [
        one
        for one in resources
        if one.type == METHOD_SETTINGS and one.props.get("methodPath") == "*/*"
    ]
    for stage in (one for one in resources if one.type == STAGE):
        if not any(stage.urn in one.depends_on for one in limits):
            yield stage, "the stage has no limit for all operations: add MethodSettings for */*"


API_RULES = (
    Rule(
        name="route-is-authenticated",
        description="Every route that calls a service requires a token, a signature or a write key.",
        check=_unauthenticated_routes,
        types=frozenset({API}),
    ),
    Rule(
        name="no-unmapped-body",
        description="A request body reaches a service only through one of our templates.",
        check=_unmapped_bodies,
        types=frozenset({API}),
    ),
    Rule(
        name="one-response-per-status",
        description="No operation has two integration responses with the same status.",
        check=_ambiguous_responses,
        types=frozenset({API}),
    ),
    Rule(
        name="no-token-in-logs",
        description="No log, trace or sample contains a token, a query string or a client's id.",
        check=_logged_secrets,
        types=frozenset({STAGE, METHOD_SETTINGS, WEB_ACL}),
    ),
    Rule(
        name="limit-is-complete",
        description="Method settings set both the rate and the burst.",
        check=_incomplete_limits,
        types=frozenset({METHOD_SETTINGS}),
    ),
    Rule(
        name="one-function-only",
        description="The only Lambda function is the one that reads events back.",
        check=_other_functions,
        types=frozenset({FUNCTION, FUNCTION_URL, PERMISSION}),
    ),
    Rule(
        name="no-account-wide-resource",
        description="No stack owns a resource that all stacks of the account share.",
        check=_account_wide,
        types=ACCOUNT_WIDE,
    ),
    Rule(
        name="site-over-tls",
        description="The site is served over TLS only, and reads its bucket with a signature.",
        check=_site_without_tls,
        types=frozenset({DISTRIBUTION}),
    ),
)
API_STACK_RULES = (
    StackRule(
        name="throttle-fits-the-stream",
        description="The API's rate limit fits the stream's shards.",
        violations=_rate_over_the_stream,
    ),
    StackRule(
        name="stage-is-throttled",
        description="Every stage has a rate limit for all of its operations.",
        violations=_unlimited_stages,
    ),
)

"""Rules about what strangers can reach, and what it leaves in logs."""

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
# They belong to the account, and so to every stack in it: ADR 7.
ACCOUNT_WIDE = frozenset(
    {
        "aws:apigateway/account:Account",
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    }
)
# docs/adr: the Lambda that reads back is the only one.
FUNCTIONS = ("read-events",)
VERBS = ("get", "put", "post", "delete", "patch", "head", "options")
# What may hold a token, a query string, or what a client chose.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
LEAKS = re.compile(
    r"\$context\.(authorizer\b|identity\.apiKey\b|requestOverride|path\b|customDomain\.basePath)"
    r"|\$(input|util|stageVariables|method)\b",
)
# https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
SHARD_RECORDS_A_SECOND = 1_000


def _operations(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, item in body["paths"].items():
        for verb in VERBS:
            if verb in item:
                yield f"{verb.upper()} {path}", item[verb]


def _open_routes(resource: Resource) -> Iterator[str]:
    if "body" not in resource.props:
        yield "its routes are not in its body, where they could be read: import the contract"
        return
    for route, operation in _operations(json.loads(resource.props["body"])):
        integration = operation.get("x-amazon-apigateway-integration", {})
        # What the gateway answers by itself reaches nothing: preflights, health.
        if integration.get("type", "").lower() != "mock" and not operation.get("security"):
            yield f"{route} asks nobody who is there: give it a security requirement"


def _unmapped(resource: Resource) -> Iterator[str]:
    for route, operation in _operations(json.loads(resource.props.get("body", '{"paths": {}}'))):
        integration = operation.get("x-amazon-apigateway-integration", {})
        is_action = ":action/" in integration.get("uri", "")
        if is_action and integration.get("passthroughBehavior", "").lower() != "never":
            yield f"{route} hands a body that has no template to AWS: passthroughBehavior never"


def _ambiguous(resource: Resource) -> Iterator[str]:
    for route, operation in _operations(json.loads(resource.props.get("body", '{"paths": {}}'))):
        responses = operation.get("x-amazon-apigateway-integration", {}).get("responses", {})
        counted = Counter(str(one["statusCode"]) for one in responses.values())
        for status in (one for one, count in counted.items() if count > 1):
            yield f"{route} maps two responses to {status}, of which API Gateway keeps one"


def _talkative(resource: Resource) -> Iterator[str]:
    if resource.type == STAGE:
        written: str = block(resource.props, "accessLogSettings").get("format", "")
        for found in LEAKS.finditer(written):
            yield f"the access log would hold {found[0]}: leave it out"
    elif resource.type == METHOD_SETTINGS:
        if block(resource.props, "settings").get("dataTraceEnabled"):
            yield "data trace writes whole requests, tokens too: set it to false"
    else:
        for config in (resource.props, *items(resource.props.get("rules"))):
            if block(config, "visibilityConfig").get("sampledRequestsEnabled"):
                yield "samples hold whole requests, tokens too: set sampled_requests_enabled false"


def _unthrottled(resource: Resource) -> Iterator[str]:
    settings = block(resource.props, "settings")
    for key in ("throttlingRateLimit", "throttlingBurstLimit"):
        # -1 is AWS's word for no limit.
        if not settings.get(key) or settings[key] < 0:
            yield f"{resource.props.get('methodPath')} has no {key}: set one"


def _functions(resource: Resource) -> Iterator[str]:
    if resource.type == FUNCTION and resource.name not in FUNCTIONS:
        yield f"writes go to services directly; only {', '.join(FUNCTIONS)} is a function"
    if resource.type == FUNCTION_URL:
        yield "a function has no address of its own: it is reached through the API"
    if resource.type == PERMISSION and resource.props.get("principal") == "*":
        yield "anybody may call it: name the service, and its ARN as source_arn"


def _account_wide(resource: Resource) -> Iterator[str]:
    yield f"{resource.type} is the account's, and goes with this stack: make it in bootstrap/"


def _plain_site(resource: Resource) -> Iterator[str]:
    behaviours = (
        resource.props["defaultCacheBehavior"],
        *items(resource.props.get("orderedCacheBehaviors")),
    )
    for one in behaviours:
        if one.get("viewerProtocolPolicy") not in {"https-only", "redirect-to-https"}:
            yield "it answers without TLS: set viewer_protocol_policy"
    for origin in items(resource.props["origins"]):
        if not origin.get("originAccessControlId") and "customOriginConfig" not in origin:
            yield f"{origin.get('originId')} is read without a signature: set an OAC"


def _over_the_stream(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    shards = sum(int(one.props.get("shardCount") or 0) for one in resources if one.type == STREAM)
    for one in resources:
        if one.type == METHOD_SETTINGS and one.props.get("methodPath") == "*/*":
            rate: float = block(one.props, "settings").get("throttlingRateLimit") or 0
            if shards and rate > shards * SHARD_RECORDS_A_SECOND:
                yield one, f"{rate:g} a second are more than {shards} shards take: add some"


def _unlimited_stages(resources: Sequence[Resource]) -> Iterator[tuple[Resource, str]]:
    limits = [
        one
        for one in resources
        if one.type == METHOD_SETTINGS and one.props.get("methodPath") == "*/*"
    ]
    for stage in (one for one in resources if one.type == STAGE):
        if not any(stage.urn in one.depends_on for one in limits):
            yield stage, "no limit holds for the whole stage: add MethodSettings for */*"


API_RULES = (
    Rule(
        name="every-route-asks-who",
        description="Every route that reaches a service asks for a token or a signature.",
        check=_open_routes,
        types=frozenset({API}),
    ),
    Rule(
        name="no-unmapped-body",
        description="No body reaches a service but through a template of ours.",
        check=_unmapped,
        types=frozenset({API}),
    ),
    Rule(
        name="one-response-per-status",
        description="No operation has two integration responses of one status.",
        check=_ambiguous,
        types=frozenset({API}),
    ),
    Rule(
        name="no-token-in-logs",
        description="No log, trace or sample holds a token, a query string or a client's id.",
        check=_talkative,
        types=frozenset({STAGE, METHOD_SETTINGS, WEB_ACL}),
    ),
    Rule(
        name="limit-is-one",
        description="What sets a limit sets both its rate and its burst.",
        check=_unthrottled,
        types=frozenset({METHOD_SETTINGS}),
    ),
    Rule(
        name="only-the-reader-is-code",
        description="The only Lambda function is the one that reads events back.",
        check=_functions,
        types=frozenset({FUNCTION, FUNCTION_URL, PERMISSION}),
    ),
    Rule(
        name="nothing-of-the-account",
        description="No stack owns what all stacks of the account share.",
        check=_account_wide,
        types=ACCOUNT_WIDE,
    ),
    Rule(
        name="site-over-tls",
        description="The site answers over TLS alone, and alone may read its bucket.",
        check=_plain_site,
        types=frozenset({DISTRIBUTION}),
    ),
)
API_STACK_RULES = (
    StackRule(
        name="throttle-fits-the-stream",
        description="The API lets no more through than the stream's shards take.",
        violations=_over_the_stream,
    ),
    StackRule(
        name="stage-is-limited",
        description="Every stage has a limit for all of its operations.",
        violations=_unlimited_stages,
    ),
)

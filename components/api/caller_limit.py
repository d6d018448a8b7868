"""CallerLimit: how many requests one caller may make, counted by AWS WAF in front of a stage."""

import json
from dataclasses import dataclass
from typing import TypedDict

import pulumi
from pulumi_aws import wafv2

from components.api.allowed_origin import check_allowed_origin

# https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
MIN_LIMIT = 10
WINDOW_S = 60

# WAF counts anew every few seconds; a caller that waits for a window is let in.
RETRY_AFTER_S = 30

# The one spelling of a user's token, so that a token is one key to count by. Header and payload are
# signed as text. The 256 bytes of a signature (RS256, 2,048 bits, as Cognito signs) are 342 digits
# of base64url, the last of which holds two bits: only these four have zeros for the rest, and a
# decoder that ignores the rest would take 16 spellings for one signature. WAF refuses large
# quantifiers, so the length is left to the authorizer, which takes no other.
# https://docs.aws.amazon.com/waf/latest/developerguide/waf-regex-pattern-support.html
_SEGMENT = "[A-Za-z0-9_-]+"
_ID_TOKEN = rf"Bearer {_SEGMENT}\.{_SEGMENT}\.{_SEGMENT}[AQgw]"
# An operator's signature differs with each request. No JWT hides in it: that has dots.
_SIGNATURE = "AWS4-HMAC-SHA256 [^.]+"
ONE_SPELLING = f"^(?:{_ID_TOKEN}|{_SIGNATURE})$"
# In the names of a request's headers, in lower case with colons between.
_TWICE = "(?:^|:)authorization:(?:.*:)?authorization(?::|$)"


class _Refusal(TypedDict):
    status: int
    title: str
    detail: str
    headers: dict[str, str]


_REFUSALS: dict[str, _Refusal] = {
    "too-many-requests": {
        "status": 429,
        "title": "Too Many Requests",
        "detail": "Over the limit of requests a minute for one caller. Nothing was done.",
        "headers": {
            "Access-Control-Expose-Headers": "Retry-After",
            "Retry-After": str(RETRY_AFTER_S),
        },
    },
    "another-spelling": {
        "status": 401,
        "title": "Unauthorized",
        "detail": "Send one Authorization header: Bearer, one blank, and the ID token as Cognito "
        "issued it. All headers together must stay under 8 kB. Nothing was done.",
        "headers": {"WWW-Authenticate": "Bearer"},
    },
}


@dataclass(frozen=True, kw_only=True)
class CallerLimitArgs:
    stage_arn: pulumi.Input[str]
    """Stage to protect."""
    per_token: int = 0
    """Requests a minute with one token as it was issued; 0 for no such limit, else at least 10.

    WAF cannot read the user in a token, so a renewed token counts from 0. Of the addresses that
    renewals come from, `per_address` is the limit.
    """
    per_address: int = 0
    """Requests a minute from one address; 0 for no such limit, else at least 10."""
    allow_origin: str = "*"
    """The origin whose pages may read the refusal."""

    def __post_init__(self) -> None:
        check_allowed_origin(self.allow_origin)
        for name in ("per_token", "per_address"):
            limit: int = getattr(self, name)
            if limit and limit < MIN_LIMIT:
                raise ValueError(f"{name} must be 0, or {MIN_LIMIT} or more, got {limit}")
        if not (self.per_token or self.per_address):
            raise ValueError(
                "one of per_token and per_address must be above 0, or WAF does nothing"
            )


class CallerLimit(pulumi.ComponentResource):
    """A web ACL that answers 429 to requests over a limit and lets all others through.

    Where tokens are counted, a token in another spelling than Cognito's gets 401. It costs about
    $5 a month, $1 for each rule (see `rule_count`), and $0.60 a million requests.
    """

    def __init__(
        self, name: str, args: CallerLimitArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:CallerLimit", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        acl = wafv2.WebAcl(
            name,
            scope="REGIONAL",
            default_action={"allow": {}},
            rules=caller_rules(args),
            custom_response_bodies=[
                {"key": key, "content": problem_of(key), "content_type": "APPLICATION_JSON"}
                for key in sorted({key for _, key, _ in _wanted(args)})
            ],
            visibility_config=_visibility(name),
            opts=child,
        )
        wafv2.WebAclAssociation(name, resource_arn=args.stage_arn, web_acl_arn=acl.arn, opts=child)
        self.register_outputs({"webAclArn": acl.arn})


def caller_rules(args: CallerLimitArgs) -> list[wafv2.WebAclRuleArgsDict]:
    """Return the rules in the order in which WAF asks them; the first that refuses ends it."""
    return [
        _rule(name, priority, statement, refusal, args.allow_origin)
        for priority, (name, refusal, statement) in enumerate(_wanted(args))
    ]


def rule_count(*, per_token: int, per_address: int) -> int:
    """Return how many rules these limits take: of a token there is also only one spelling.

    >>> rule_count(per_token=600, per_address=0)
    2
    """
    return 2 * bool(per_token) + bool(per_address)


def problem_of(refusal: str) -> str:
    """Return the body of a refusal. WAF knows no request id to put into it."""
    members = {name: _REFUSALS[refusal][name] for name in ("title", "status", "detail")}
    return json.dumps({"type": "about:blank", **members})


def _wanted(args: CallerLimitArgs) -> list[tuple[str, str, wafv2.WebAclRuleStatementArgsDict]]:
    """Return name, refusal and statement of each rule."""
    rules: list[tuple[str, str, wafv2.WebAclRuleStatementArgsDict]] = []
    if args.per_token:
        rules.append(("one-spelling", "another-spelling", _another_spelling()))
        by_header: wafv2.WebAclRuleStatementRateBasedStatementArgsDict = {
            "aggregate_key_type": "CUSTOM_KEYS",
            "custom_keys": [
                {
                    "header": {
                        "name": "authorization",
                        "text_transformations": [{"priority": 0, "type": "NONE"}],
                    }
                }
            ],
            "limit": args.per_token,
            "evaluation_window_sec": WINDOW_S,
        }
        rules.append(("per-token", "too-many-requests", {"rate_based_statement": by_header}))
    if args.per_address:
        by_address: wafv2.WebAclRuleStatementRateBasedStatementArgsDict = {
            "aggregate_key_type": "IP",
            "limit": args.per_address,
            "evaluation_window_sec": WINDOW_S,
        }
        rules.append(("per-address", "too-many-requests", {"rate_based_statement": by_address}))
    return rules


def _another_spelling() -> wafv2.WebAclRuleStatementArgsDict:
    """Return the statement for requests whose token WAF would count separately, or not at all.

    A header that comes twice is read once by WAF and perhaps the other time by API Gateway. WAF
    sees only the first 8 kB of the headers, and a token may come later: `MATCH` refuses these.

    Source: https://docs.aws.amazon.com/waf/latest/APIReference/API_HeaderOrder.html
    """
    authorization: wafv2.WebAclRuleStatementRegexMatchStatementFieldToMatchArgsDict = {
        "single_header": {"name": "authorization"}
    }
    there = _matches(".", authorization)
    canonical = _matches(ONE_SPELLING, authorization)
    names: wafv2.WebAclRuleStatementRegexMatchStatementFieldToMatchArgsDict = {
        "header_orders": [{"oversize_handling": "MATCH"}]
    }
    return {
        "or_statement": {
            "statements": [
                {
                    # Preflights and /health come without it, which `not` alone would refuse.
                    "and_statement": {
                        "statements": [there, {"not_statement": {"statement": canonical}}]
                    }
                },
                _matches(_TWICE, names, "LOWERCASE"),
            ]
        }
    }


def _matches(
    pattern: str,
    field: wafv2.WebAclRuleStatementRegexMatchStatementFieldToMatchArgsDict,
    transformation: str = "NONE",
) -> wafv2.WebAclRuleStatementArgsDict:
    return {
        "regex_match_statement": {
            "regex_string": pattern,
            "field_to_match": field,
            "text_transformations": [{"priority": 0, "type": transformation}],
        }
    }


def _rule(
    name: str,
    priority: int,
    statement: wafv2.WebAclRuleStatementArgsDict,
    refusal: str,
    allow_origin: str,
) -> wafv2.WebAclRuleArgsDict:
    # WAF answers before API Gateway does, so it brings the headers that a page needs.
    headers = {
        "Access-Control-Allow-Origin": allow_origin,
        "Cache-Control": "no-store",
        **_REFUSALS[refusal]["headers"],
    }
    return {
        "name": name,
        "priority": priority,
        "statement": statement,
        "action": {
            "block": {
                "custom_response": {
                    "response_code": _REFUSALS[refusal]["status"],
                    "custom_response_body_key": refusal,
                    "response_headers": [
                        {"name": header, "value": value} for header, value in headers.items()
                    ],
                }
            }
        },
        "visibility_config": _visibility(name),
    }


def _visibility(metric_name: str) -> wafv2.WebAclVisibilityConfigArgsDict:
    return {
        "cloudwatch_metrics_enabled": True,
        "metric_name": metric_name,
        # Samples hold whole requests, tokens included.
        "sampled_requests_enabled": False,
    }

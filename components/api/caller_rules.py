"""The rules of a web ACL that limits callers: what each of them matches, and what it answers."""

from __future__ import annotations  # to import all of wafv2 takes a second

import json
from collections.abc import Sequence
from typing import NamedTuple, TypedDict, cast

from pulumi_aws import wafv2

WINDOW_S = 60
# https://docs.aws.amazon.com/waf/latest/APIReference/API_RegexMatchStatement.html
_MAX_PATTERN = 512

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


_LATER = {"Access-Control-Expose-Headers": "Retry-After", "Retry-After": str(RETRY_AFTER_S)}
_REFUSALS: dict[str, _Refusal] = {
    "too-many-requests": {
        "status": 429,
        "title": "Too Many Requests",
        "detail": "Over the limit of requests a minute for one caller. Nothing was done.",
        "headers": _LATER,
    },
    "too-many-with-key": {
        "status": 429,
        "title": "Too Many Requests",
        "detail": "Over the limit of requests a minute with this key, by all callers together. "
        "Nothing was done.",
        "headers": _LATER,
    },
    "another-spelling": {
        "status": 401,
        "title": "Unauthorized",
        "detail": "Send one Authorization header: Bearer, one blank, and the ID token as Cognito "
        "issued it. All headers together must stay under 8 kB. Nothing was done.",
        "headers": {"WWW-Authenticate": "Bearer"},
    },
}


class Rule(NamedTuple):
    name: str
    refusal: str
    """Key of the answer, as `problem_of` takes it."""
    statement: wafv2.WebAclRuleStatementArgsDict
    """Which requests it refuses."""
    allow_origin: str
    """The origin whose pages may read the refusal."""


def problem_of(refusal: str) -> str:
    """Return the body of a refusal. WAF knows no request id to put into it."""
    members = {name: _REFUSALS[refusal][name] for name in ("title", "status", "detail")}
    return json.dumps({"type": "about:blank", **members})


def counted(
    key_type: str,
    limit: int,
    scope: wafv2.WebAclRuleStatementArgsDict | None,
    header: str = "",
) -> wafv2.WebAclRuleStatementArgsDict:
    """Return the statement for requests over the limit, among those in the scope.

    Args:
        key_type: `IP`, `CONSTANT` for all together, or `CUSTOM_KEYS` for the header.
        limit: Requests a minute.
        scope: Which requests are counted; None for all.
        header: Name of the header to count by.

    Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-aggregation-options.html
    """
    rate: wafv2.WebAclRuleStatementRateBasedStatementArgsDict = {
        "aggregate_key_type": key_type,
        "limit": limit,
        "evaluation_window_sec": WINDOW_S,
    }
    if header:
        none: wafv2.WebAclRuleStatementRateBasedStatementCustomKeyHeaderTextTransformationArgsDict
        none = {"priority": 0, "type": "NONE"}
        rate["custom_keys"] = [{"header": {"name": header, "text_transformations": [none]}}]
    if scope:
        # A type of its own for the provider, with the members of a statement.
        rate["scope_down_statement"] = cast(
            "wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatementArgsDict", scope
        )
    return {"rate_based_statement": rate}


def under(stage_name: str, prefixes: Sequence[str]) -> wafv2.WebAclRuleStatementArgsDict:
    """Return the statement for requests whose path starts with one of the prefixes.

    WAF sees the path as the client spelled it, so `%77` and `/../` are undone first.

    Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-fields-list.html
    """
    pattern = path_pattern(stage_name, prefixes)
    if len(pattern) > _MAX_PATTERN:
        raise ValueError(f"WAF takes patterns of up to {_MAX_PATTERN} characters, got {pattern}")
    return {
        "regex_match_statement": {
            "regex_string": pattern,
            "field_to_match": {"uri_path": {}},
            "text_transformations": [
                {"priority": 0, "type": "URL_DECODE"},
                {"priority": 1, "type": "NORMALIZE_PATH"},
            ],
        }
    }


def path_pattern(stage_name: str, prefixes: Sequence[str]) -> str:
    """Return the pattern of paths that start with a prefix, with or without the stage.

    A custom domain of the stage leaves out its name.

    >>> path_pattern("v1", ["/open/a/", "/open/b/"])
    '^(?:/v1)?(?:/open/a/|/open/b/)'
    """
    return f"^(?:/{stage_name})?(?:{'|'.join(prefixes)})"


def another_spelling() -> wafv2.WebAclRuleStatementArgsDict:
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


def rule_inputs(priority: int, rule: Rule) -> wafv2.WebAclRuleArgsDict:
    """Return the inputs of a rule, which blocks with an answer of its own."""
    # WAF answers before API Gateway does, so it brings the headers that a page needs.
    headers = {
        "Access-Control-Allow-Origin": rule.allow_origin,
        "Cache-Control": "no-store",
        **_REFUSALS[rule.refusal]["headers"],
    }
    return {
        "name": rule.name,
        "priority": priority,
        "statement": rule.statement,
        "action": {
            "block": {
                "custom_response": {
                    "response_code": _REFUSALS[rule.refusal]["status"],
                    "custom_response_body_key": rule.refusal,
                    "response_headers": [
                        {"name": header, "value": value} for header, value in headers.items()
                    ],
                }
            }
        },
        "visibility_config": visibility(rule.name),
    }


def visibility(metric_name: str) -> wafv2.WebAclVisibilityConfigArgsDict:
    """Return the setting by which WAF publishes a metric and keeps no sample."""
    return {
        "cloudwatch_metrics_enabled": True,
        "metric_name": metric_name,
        # Samples hold whole requests, tokens included.
        "sampled_requests_enabled": False,
    }

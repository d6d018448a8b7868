"""CallerLimit: how many requests one caller may make, counted by AWS WAF in front of a stage."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws import wafv2

from components.allowed_origin import check_allowed_origin

# https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
MIN_LIMIT = 10
WINDOW_S = 60

# WAF counts anew every few seconds; a caller that waits for a window is let in.
RETRY_AFTER_S = 30
_BODY = "too-many-requests"
_PROBLEM = {
    "type": "about:blank",
    "title": "Too Many Requests",
    "status": 429,
    "detail": "Over the limit of requests a minute for one caller. Nothing was done.",
}


@dataclass(frozen=True, kw_only=True)
class CallerLimitArgs:
    stage_arn: pulumi.Input[str]
    """What stands behind it."""
    per_token: int = 0
    """Requests a minute with one `Authorization` header; 0 for no such limit, else at least 10."""
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
    """A web ACL that lets everything through but what is over a limit, which gets 429.

    It costs about $5 a month, $1 for each limit, and $0.60 a million requests.
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
                {"key": _BODY, "content": json.dumps(_PROBLEM), "content_type": "APPLICATION_JSON"}
            ],
            visibility_config=_visibility(name),
            opts=child,
        )
        wafv2.WebAclAssociation(name, resource_arn=args.stage_arn, web_acl_arn=acl.arn, opts=child)
        self.register_outputs({"webAclArn": acl.arn})


def caller_rules(args: CallerLimitArgs) -> list[wafv2.WebAclRuleArgsDict]:
    """Return a rule for each limit. A request without the header is not counted by the first."""
    rules: list[wafv2.WebAclRuleArgsDict] = []
    if args.per_token:
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
        rules.append(_rule("per-token", 0, by_header, args.allow_origin))
    if args.per_address:
        by_address: wafv2.WebAclRuleStatementRateBasedStatementArgsDict = {
            "aggregate_key_type": "IP",
            "limit": args.per_address,
            "evaluation_window_sec": WINDOW_S,
        }
        rules.append(_rule("per-address", 1, by_address, args.allow_origin))
    return rules


def _rule(
    name: str,
    priority: int,
    statement: wafv2.WebAclRuleStatementRateBasedStatementArgsDict,
    allow_origin: str,
) -> wafv2.WebAclRuleArgsDict:
    # WAF answers before API Gateway does, so it brings the headers that a page needs.
    headers = {
        "Access-Control-Allow-Origin": allow_origin,
        "Access-Control-Expose-Headers": "Retry-After",
        "Retry-After": str(RETRY_AFTER_S),
    }
    return {
        "name": name,
        "priority": priority,
        "statement": {"rate_based_statement": statement},
        "action": {
            "block": {
                "custom_response": {
                    "response_code": 429,
                    "custom_response_body_key": _BODY,
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

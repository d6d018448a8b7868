"""CallerLimit: how many requests one caller may make, counted by AWS WAF in front of a stage."""

from __future__ import annotations  # to import all of wafv2 takes a second

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_aws import wafv2

from components.api.allowed_origin import check_allowed_origin
from components.api.caller_rules import (
    Rule,
    another_spelling,
    counted,
    problem_of,
    rule_inputs,
    under,
    visibility,
)

# https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
MIN_LIMIT = 10
# Rate-based statements in a web ACL, a quota that AWS does not raise.
# https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
MAX_COUNTS = 10
_PREFIX = re.compile(r"/(?:[A-Za-z0-9_-]+/)+")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class CallerLimitArgs:
    stage_arn: pulumi.Input[str]
    """Stage to protect."""
    stage_name: str
    """First part of every path that WAF sees."""
    per_token: int = 0
    """Requests a minute with one token as it was issued; 0 for no such limit, else at least 10.

    WAF cannot read the user in a token, so a renewed token counts from 0. Of the addresses that
    renewals come from, `per_address` is the limit.
    """
    per_address: int = 0
    """Requests a minute from one address; 0 for no such limit, else at least 10."""
    open_prefix: str = ""
    """Start of the paths that pages of any origin call without a token; empty for none.

    An address has a count of its own there, so that neither use can exhaust the other's.
    """
    per_key: int = 0
    """Requests a minute with one key, by all callers together; 0 for no such limit, or 10 and more.

    WAF blocks all of them while more than the limit arrive: set it well above a usual peak.
    """
    key_prefixes: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Starts of the paths that hold a key, such as `/open/a/`, by the name of their count."""
    allow_origin: str = "*"
    """The origin whose pages may read a refusal; any may read one under `open_prefix`."""

    def __post_init__(self) -> None:
        check_allowed_origin(self.allow_origin)
        _check_limit("per_token", self.per_token)
        _check_limit("per_address", self.per_address)
        if self.open_prefix and not _PREFIX.fullmatch(self.open_prefix):
            raise ValueError(f"open_prefix must be such as /open/, got {self.open_prefix!r}")
        _check_limit("per_key", self.per_key)
        if self.per_key and not self.key_prefixes:
            raise ValueError(f"per_key must be 0 without a key to count, got {self.per_key}")
        for name, prefixes in self.key_prefixes.items():
            if not _NAME.fullmatch(name):
                raise ValueError(f"key_prefixes must be by letters, digits, - and _, got {name!r}")
            for prefix in prefixes:
                is_open = self.open_prefix and prefix.startswith(self.open_prefix)
                if not (is_open and _PREFIX.fullmatch(prefix)):
                    raise ValueError(
                        f"key_prefixes must be such as {self.open_prefix or '/open/'}a/, "
                        f"got {prefix!r}"
                    )
        if not (self.per_token or self.per_address or self.per_key):
            raise ValueError(
                "one of per_token, per_address and per_key must be above 0, or WAF does nothing"
            )
        counts = sum("rate_based_statement" in rule.statement for rule in _wanted(self))
        if counts > MAX_COUNTS:
            raise ValueError(
                f"WAF has at most {MAX_COUNTS} counts, and {len(self.key_prefixes)} for per_key "
                f"with those of the other limits are {counts}: set per_key to 0, or per_token, or "
                f"per_address, got {self.per_key}"
            )


def _check_limit(name: str, limit: int) -> None:
    """Raise ValueError for a limit that WAF refuses."""
    if limit and limit < MIN_LIMIT:
        raise ValueError(f"{name} must be 0, or {MIN_LIMIT} or more, got {limit}")


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
                for key in sorted({rule.refusal for rule in _wanted(args)})
            ],
            visibility_config=visibility(name),
            opts=child,
        )
        wafv2.WebAclAssociation(name, resource_arn=args.stage_arn, web_acl_arn=acl.arn, opts=child)
        self.register_outputs({"webAclArn": acl.arn})


def caller_rules(args: CallerLimitArgs) -> list[wafv2.WebAclRuleArgsDict]:
    """Return the rules in the order in which WAF asks them; the first that refuses ends it."""
    return [rule_inputs(priority, rule) for priority, rule in enumerate(_wanted(args))]


def rule_count(
    *, per_token: int, per_address: int, per_key: int = 0, open_prefix: str = "", keys: int = 0
) -> int:
    """Return how many rules these limits take: of a token there is also only one spelling.

    >>> rule_count(per_token=600, per_address=0)
    2
    >>> rule_count(per_token=0, per_address=600, per_key=600, open_prefix="/open/", keys=3)
    5
    """
    by_address = 2 if open_prefix else 1
    return 2 * bool(per_token) + by_address * bool(per_address) + keys * bool(per_key)


def _wanted(args: CallerLimitArgs) -> list[Rule]:
    """Return the rules. What an address is refused does not count for the key."""
    opened = under(args.stage_name, [args.open_prefix]) if args.open_prefix else None
    others: wafv2.WebAclRuleStatementArgsDict | None = (
        {"not_statement": {"statement": opened}} if opened else None
    )
    rules: list[Rule] = []
    if args.per_token:
        spelling: wafv2.WebAclRuleStatementArgsDict = another_spelling()
        if others:
            both: wafv2.WebAclRuleStatementArgsDict
            both = {"and_statement": {"statements": [others, spelling]}}
            spelling = both
        rules.append(Rule("one-spelling", "another-spelling", spelling, args.allow_origin))
        by_token = counted("CUSTOM_KEYS", args.per_token, others, header="authorization")
        rules.append(Rule("per-token", "too-many-requests", by_token, args.allow_origin))
    if args.per_address:
        by_address = counted("IP", args.per_address, others)
        rules.append(Rule("per-address", "too-many-requests", by_address, args.allow_origin))
    if args.per_address and opened:
        there = counted("IP", args.per_address, opened)
        rules.append(Rule("per-address-open", "too-many-requests", there, "*"))
    for name, prefixes in args.key_prefixes.items() if args.per_key else ():
        # A rule for each: WAF cannot aggregate by a part of a path.
        keyed = under(args.stage_name, prefixes)
        together = counted("CONSTANT", args.per_key, keyed)
        rules.append(Rule(f"per-key-{name}", "too-many-with-key", together, "*"))
    return rules

"""The web ACL that counts callers."""

import json
import re
from typing import Any

import pytest

from components.api.caller_limit import CallerLimit, CallerLimitArgs, rule_count
from components.api.caller_rules import ONE_SPELLING, problem_of
from tests.engine import Engine, arn, deploy

STAGE = "arn:aws:apigateway:eu-west-1::/restapis/a/stages/v1"
ACL = "aws:wafv2/webAcl:WebAcl"


def deployed(per_token: int = 0, per_address: int = 0, **more: Any) -> Engine:
    args = CallerLimitArgs(
        stage_arn=STAGE,
        stage_name="v1",
        per_token=per_token,
        per_address=per_address,
        allow_origin="https://app.example",
        **more,
    )
    return deploy(lambda: CallerLimit("api", args))


def rules(engine: Engine) -> dict[str, Any]:
    return {rule["name"]: rule for rule in engine.inputs(ACL, "api")["rules"]}


def test_it_stands_before_the_stage_and_lets_through_what_is_under_the_limits() -> None:
    engine = deployed(per_token=600)

    assert engine.inputs("aws:wafv2/webAclAssociation:WebAclAssociation", "api") == {
        "resourceArn": STAGE,
        "webAclArn": arn("wafv2", "regional/webacl/api-1a2b3c4/api-1a2b3c4"),
    }
    assert engine.inputs(ACL, "api")["defaultAction"] == {"allow": {}}
    assert engine.inputs(ACL, "api")["scope"] == "REGIONAL"


def test_a_token_is_counted_by_its_header() -> None:
    assert rules(deployed(per_token=600))["per-token"]["statement"] == {
        "rateBasedStatement": {
            "aggregateKeyType": "CUSTOM_KEYS",
            "customKeys": [
                {
                    "header": {
                        "name": "authorization",
                        "textTransformations": [{"priority": 0, "type": "NONE"}],
                    }
                }
            ],
            "limit": 600,
            "evaluationWindowSec": 60,
        }
    }


def test_an_address_is_counted_by_itself() -> None:
    engine = deployed(per_token=600, per_address=6000)

    assert list(rules(engine)) == ["one-spelling", "per-token", "per-address"]
    assert rules(engine)["per-address"]["statement"] == {
        "rateBasedStatement": {"aggregateKeyType": "IP", "limit": 6000, "evaluationWindowSec": 60}
    }


def test_its_refusal_is_a_429_that_a_page_can_read() -> None:
    engine = deployed(per_address=10)

    refusal = rules(engine)["per-address"]["action"]["block"]["customResponse"]
    headers = {header["name"]: header["value"] for header in refusal["responseHeaders"]}
    (body,) = engine.inputs(ACL, "api")["customResponseBodies"]
    assert refusal["responseCode"] == json.loads(body["content"])["status"] == 429
    assert refusal["customResponseBodyKey"] == body["key"]
    assert headers == {
        "Access-Control-Allow-Origin": "https://app.example",
        "Access-Control-Expose-Headers": "Retry-After",
        "Cache-Control": "no-store",
        "Retry-After": "30",
    }


def test_a_token_that_is_counted_has_one_spelling_and_any_other_is_refused_first() -> None:
    engine = deployed(per_token=600)

    rule = rules(engine)["one-spelling"]
    none = [{"priority": 0, "type": "NONE"}]
    header = {"singleHeader": {"name": "authorization"}}
    there, canonical = (
        {
            "regexMatchStatement": {
                "regexString": pattern,
                "fieldToMatch": header,
                "textTransformations": none,
            }
        }
        for pattern in (".", ONE_SPELLING)
    )
    assert rule["priority"] < rules(engine)["per-token"]["priority"]
    assert rule["statement"] == {
        "orStatement": {
            "statements": [
                {
                    "andStatement": {
                        "statements": [there, {"notStatement": {"statement": canonical}}]
                    }
                },
                {
                    "regexMatchStatement": {
                        "regexString": "(?:^|:)authorization:(?:.*:)?authorization(?::|$)",
                        "fieldToMatch": {"headerOrders": [{"oversizeHandling": "MATCH"}]},
                        "textTransformations": [{"priority": 0, "type": "LOWERCASE"}],
                    }
                },
            ]
        }
    }
    refusal = rule["action"]["block"]["customResponse"]
    assert refusal["responseCode"] == 401
    assert json.loads(problem_of(refusal["customResponseBodyKey"]))["status"] == 401


def test_the_spelling_is_a_pattern_that_waf_takes() -> None:
    """It must be under 512 characters, without capturing groups and without counts."""
    assert len(ONE_SPELLING) <= 512
    assert re.search(r"\((?!\?:)|\{\d", ONE_SPELLING) is None


def keyed(names: str, per_key: int = 600) -> dict[str, Any]:
    """Return the arguments for open paths with one key for each name."""
    return {
        "open_prefix": "/open/",
        "per_key": per_key,
        "key_prefixes": {name: [f"/open/{name}/"] for name in names},
    }


def test_a_key_is_counted_by_the_start_of_the_path_for_all_callers_together() -> None:
    engine = deployed(**keyed("a"))

    assert rules(engine)["per-key-a"]["statement"] == {
        "rateBasedStatement": {
            "aggregateKeyType": "CONSTANT",
            "limit": 600,
            "evaluationWindowSec": 60,
            "scopeDownStatement": {
                "regexMatchStatement": {
                    "regexString": "^(?:/v1)?(?:/open/a/)",
                    "fieldToMatch": {"uriPath": {}},
                    "textTransformations": [
                        {"priority": 0, "type": "URL_DECODE"},
                        {"priority": 1, "type": "NORMALIZE_PATH"},
                    ],
                }
            },
        }
    }


def test_the_open_paths_have_a_count_of_their_own_by_address() -> None:
    engine = deployed(per_token=600, per_address=6000, **keyed("a"))

    of_address = rules(engine)["per-address"]["statement"]["rateBasedStatement"]
    of_open = rules(engine)["per-address-open"]["statement"]["rateBasedStatement"]
    assert list(rules(engine)) == [
        *("one-spelling", "per-token", "per-address", "per-address-open", "per-key-a")
    ]
    assert of_open["limit"] == of_address["limit"] == 6000
    assert of_address["scopeDownStatement"] == {
        "notStatement": {"statement": of_open["scopeDownStatement"]}
    }


def test_waf_counts_in_ten_rules_and_one_more_is_refused_before_it_is_asked() -> None:
    assert len(rules(deployed(per_token=600, per_address=600, **keyed("abcdefg")))) == 11

    with pytest.raises(
        ValueError, match=r"WAF has at most 10 counts, and 8 for per_key with those .* are 11: "
    ):
        deployed(per_token=600, per_address=600, **keyed("abcdefgh"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"key_prefixes": {"a b": []}}, "key_prefixes must be by letters, digits, - and _, got 'a"),
        ({"key_prefixes": {"a": ["/open/a"]}}, "key_prefixes must be such as /open/a/, got '/open"),
        ({"key_prefixes": {"a": ["/open/.*/"]}}, "key_prefixes must be such as /open/a/, got '/op"),
        ({"key_prefixes": {"a": ["/shut/a/"]}}, "key_prefixes must be such as /open/a/, got '/shu"),
        ({"open_prefix": ""}, "key_prefixes must be such as /open/a/, got '/open/a/'"),
        ({"open_prefix": "/open"}, "open_prefix must be such as /open/, got '/open'"),
        ({"per_key": 9}, "per_key must be 0, or 10 or more, got 9"),
        ({"key_prefixes": {}}, "per_key must be 0 without a key to count, got 600"),
        (
            {"key_prefixes": {"a": [f"/open/{'a' * 500}/"]}},
            "WAF takes patterns of up to 512 charac",
        ),
    ],
)
def test_a_key_that_waf_would_not_count_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        deployed(**{**keyed("a"), **fields})


@pytest.mark.parametrize("open_prefix", ["", "/open/"])
@pytest.mark.parametrize(("per_token", "per_address"), [(600, 0), (0, 600), (600, 600)])
def test_as_many_rules_are_paid_for_as_there_are(
    per_token: int, per_address: int, open_prefix: str
) -> None:
    engine = deployed(per_token, per_address, open_prefix=open_prefix)

    assert len(rules(engine)) == rule_count(
        per_token=per_token, per_address=per_address, open_prefix=open_prefix
    )
    assert {one["key"] for one in engine.inputs(ACL, "api")["customResponseBodies"]} == {
        one["action"]["block"]["customResponse"]["customResponseBodyKey"]
        for one in rules(engine).values()
    }


def test_the_rule_of_each_key_is_paid_for() -> None:
    engine = deployed(per_address=600, **keyed("abc"))

    assert len(rules(engine)) == 5
    assert rule_count(per_token=0, per_address=600, per_key=600, open_prefix="/open/", keys=3) == 5
    assert rule_count(per_token=0, per_address=600, per_key=0, open_prefix="/open/", keys=3) == 2


def test_no_sample_of_a_request_is_kept_as_it_would_hold_a_token() -> None:
    acl = deployed(per_token=10).inputs(ACL, "api")

    kept = [one["visibilityConfig"]["sampledRequestsEnabled"] for one in (acl, *acl["rules"])]
    assert kept == [False, False, False]


@pytest.mark.parametrize(("per_token", "per_address"), [(9, 0), (0, 1), (-1, 0)])
def test_a_limit_that_waf_does_not_know_is_refused(per_token: int, per_address: int) -> None:
    with pytest.raises(ValueError, match="must be 0, or 10 or more"):
        deployed(per_token, per_address)


def test_without_a_limit_there_is_nothing_to_pay_for() -> None:
    with pytest.raises(ValueError, match="or WAF does nothing"):
        deployed()

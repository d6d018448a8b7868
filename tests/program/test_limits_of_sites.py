"""The limits of a site's visitors, as the program asks WAF and API Gateway for them."""

import json
from typing import Any

from sandbox.program import main_program, stack_config
from tests.engine import WITH_SITE, deploy

SHOP, NEXT, OLD, BLOG = (f"wk_{letter * 24}" for letter in "abcd")
SITES = [
    {"id": "shop", "keys": [SHOP, NEXT], "retiredKeys": [OLD]},
    {"id": "blog", "keys": [BLOG]},
]
LIMITED = {
    **stack_config("dev"),
    **WITH_SITE,
    "rrweb-store:sites": json.dumps(SITES),
    "rrweb-store:callsPerMinutePerKey": "600",
    "rrweb-store:callsPerMinutePerAddress": "6000",
    "rrweb-store:callsPerMinutePerToken": "0",
}


def test_each_site_is_counted_by_its_keys_in_use_and_each_rule_is_in_the_cost() -> None:
    engine = deploy(main_program(), LIMITED)

    rules: dict[str, Any] = {
        rule["name"]: rule["statement"]["rateBasedStatement"]
        for rule in engine.inputs("aws:wafv2/webAcl:WebAcl", "api")["rules"]
    }
    assert {
        name: rule["scopeDownStatement"]["regexMatchStatement"]["regexString"]
        for name, rule in rules.items()
        if name != "per-address"
    } == {
        "per-address-open": "^(?:/v1)?(?:/w/)",
        "per-key-shop": f"^(?:/v1)?(?:/w/{SHOP}/|/w/{NEXT}/)",
        "per-key-blog": f"^(?:/v1)?(?:/w/{BLOG}/)",
    }
    assert engine.exports["estimatedMonthlyCost"]["standing"] == 10.95 + 5 + len(rules)


def test_visitors_may_send_more_than_the_stage_s_limit_by_default() -> None:
    engine = deploy(main_program(), LIMITED)

    settings = engine.inputs("aws:apigateway/methodSettings:MethodSettings", "api-appendSiteEvents")
    assert settings["methodPath"] == "w/{key}/recordings/{recordingId}/events/{sequence}/POST"
    assert settings["settings"]["throttlingRateLimit"] == 1_300
    assert engine.exports["capacity"]["concurrentVisitors"] == 30_000

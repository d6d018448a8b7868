"""The web ACL of the program: limits by caller, and the one accepted spelling of a token.

Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-request-limiting.html
"""

import base64
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from components.api.caller_limit import CallerLimit, CallerLimitArgs
from components.api.caller_rules import ONE_SPELLING
from sandbox.gateway.gateway import Gateway
from sandbox.gateway.request import Answer, Request
from sandbox.gateway.web_acl import WebAcl, WebAclError
from tests.engine import deploy
from tests.sandbox.gateway_given import api_body, mock, operation, serving

THINGS = api_body(
    {
        "/things": {"get": operation(mock())},
        "/open/{key}/things": {"post": operation(mock())},
    }
)
KEY = RSAKey.generate_key(2048)


def token(subject: str) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k"}, {"sub": subject}, KEY)


A, B = token("a"), token("b")
BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-1/execute-api/aws4_request, "
    f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
)


def respelled(value: str) -> list[str]:
    """Return the 15 spellings of a signature that a lenient decoder takes for the same bytes."""
    digit = BASE64URL.index(value[-1])
    return [value[:-1] + BASE64URL[digit + rest] for rest in range(1, 16)]


OTHER_SPELLINGS = {
    "no scheme": A,
    "lower case": f"bearer {A}",
    "upper case": f"BEARER {A}",
    "another scheme": f"Token {A}",
    "no space": f"Bearer{A}",
    "two spaces": f"Bearer  {A}",
    "tab": f"Bearer\t{A}",
    "leading space": f" Bearer {A}",
    "trailing space": f"Bearer {A} ",
    "trailing tab": f"Bearer {A}\t",
    "padding": f"Bearer {A}==",
    "padding of the header": "Bearer " + A.replace(".", "=.", 1),
    "trailing comma": f"Bearer {A},",
    "two tokens": f"Bearer {A}, Bearer {B}",
    "a parameter": f"Bearer {A};x=1",
    "quotes": f'Bearer "{A}"',
    "percent-encoding": "Bearer " + A.replace("-", "%2D").replace(".", "%2E"),
    "standard base64": "Bearer " + A.replace("-", "+").replace("_", "/") + "+",
    "space inside": f"Bearer {A[:20]} {A[20:]}",
    "a no-break space": f"Bearer\xa0{A}",
    "a fourth part": f"Bearer {A}.x",
    "trailing dot": f"Bearer {A}.",
    "no signature": "Bearer " + A.rsplit(".", 1)[0] + ".",
    "two parts": "Bearer " + A.rsplit(".", 1)[0],
    "token after the scheme of a signature": f"AWS4-HMAC-SHA256 {A}",
    "token within a signature": SIGNED.replace("host", A),
    "a password": "Basic YTpi",
    **{f"digit {at} at the end": f"Bearer {one}" for at, one in enumerate(respelled(A), 1)},
}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def limited(clock: Clock, *, per_token: int = 0, per_address: int = 0, per_key: int = 0) -> Gateway:
    """Return a gateway behind the web ACL that the component makes for these limits.

    The keys a1 and a2 are counted together.
    """
    args = CallerLimitArgs(
        stage_arn="arn:stage",
        stage_name="v1",
        per_token=per_token,
        per_address=per_address,
        open_prefix="/open/",
        per_key=per_key,
        key_prefixes={"a": ["/open/a1/", "/open/a2/"], "b": ["/open/b1/"]},
        allow_origin="https://app.example",
    )
    engine = deploy(lambda: CallerLimit("api", args))
    return serving(THINGS, clock=clock, web_acl=engine.inputs("aws:wafv2/webAcl:WebAcl", "api"))


def request(*headers: tuple[str, str], address: str = "192.0.2.1") -> Request:
    return Request(
        method="GET",
        raw_path="/v1/things",
        raw_query="",
        headers=headers,
        body=b"",
        source_ip=address,
    )


def asked(gateway: Gateway, *, token: str = "", address: str = "192.0.2.1") -> Answer:
    headers = [("authorization", f"Bearer {token}")] if token else []
    return gateway.answer(request(*headers, address=address))


def statuses(gateway: Gateway, times: int, *, token: str = "", address: str = "a") -> list[int]:
    return [asked(gateway, token=token, address=address).status for _ in range(times)]


def status_of(gateway: Gateway, *headers: tuple[str, str]) -> int:
    return gateway.answer(request(*headers)).status


def test_the_limit_per_minute_applies_to_each_token(clock: Clock) -> None:
    gateway = limited(clock, per_token=10)

    assert statuses(gateway, 12, token=A) == [200] * 10 + [429] * 2
    assert statuses(gateway, 10, token=B) == [200] * 10


def test_a_preflight_is_not_counted(clock: Clock) -> None:
    assert statuses(limited(clock, per_token=10), 30) == [200] * 30


def test_the_limit_of_an_address_counts_all_its_tokens(clock: Clock) -> None:
    gateway = limited(clock, per_address=10)

    found = [asked(gateway, token=token(str(at)), address="a").status for at in range(11)]

    assert found == [200] * 10 + [429]
    assert statuses(gateway, 10, address="b") == [200] * 10


def test_a_refused_caller_is_accepted_after_a_minute_without_requests(clock: Clock) -> None:
    gateway = limited(clock, per_token=10)
    statuses(gateway, 10, token=A)

    clock.now += 59
    goes_on = statuses(gateway, 1, token=A)
    clock.now += 60
    has_waited = statuses(gateway, 10, token=A)

    assert (goes_on, has_waited) == ([429], [200] * 10)


def test_requests_over_the_limit_within_a_minute_are_refused(clock: Clock) -> None:
    gateway = limited(clock, per_token=60)

    found = statuses(gateway, 100, token=A)

    assert (found.count(200), found.count(429)) == (60, 40)


def test_a_page_can_read_the_refusal_and_retry_after(clock: Clock) -> None:
    gateway = limited(clock, per_token=10)
    statuses(gateway, 10, token=A)

    answer = asked(gateway, token=A)

    assert (answer.status, json.loads(answer.body)["status"]) == (429, 429)
    assert answer.headers["Retry-After"] == "30"
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"


def test_a_gateway_without_a_web_acl_counts_no_caller(clock: Clock) -> None:
    assert statuses(serving(THINGS, clock=clock), 50, token=A) == [200] * 50


@pytest.mark.parametrize("spelling", OTHER_SPELLINGS.values(), ids=OTHER_SPELLINGS)
def test_another_spelling_of_a_token_is_refused_before_it_is_counted(
    clock: Clock, spelling: str
) -> None:
    gateway = limited(clock, per_token=10)

    refused = {status_of(gateway, ("authorization", spelling)) for _ in range(20)}

    assert refused == {401}
    assert statuses(gateway, 11, token=A) == [200] * 10 + [429]


def test_every_signed_token_has_the_accepted_spelling() -> None:
    tokens = [f"Bearer {token(str(at))}" for at in range(50)]

    ends = {one[-1] for one in tokens if re.fullmatch(ONE_SPELLING, one)}

    assert all(re.fullmatch(ONE_SPELLING, one) for one in tokens)
    assert ends == set("AQgw")
    assert len({base64.urlsafe_b64decode(one[-342:] + "==") for one in respelled(A)}) == 1


def test_a_repeated_authorization_header_is_refused(clock: Clock) -> None:
    gateway = limited(clock, per_token=10)
    good, other = ("authorization", f"Bearer {A}"), ("AUTHORIZATION", f"Bearer {B}")
    host = ("host", "api.example")

    assert status_of(gateway, good, host) == 200
    assert [
        status_of(gateway, *headers)
        for headers in ((good, good), (good, host, other), (other, host, good, host))
    ] == [401] * 3


def test_header_names_that_contain_authorization_are_not_a_repetition(clock: Clock) -> None:
    headers = [
        ("authorization", f"Bearer {A}"),
        ("x-authorization", "x"),
        ("proxy-authorization", "x"),
        ("authorization-note", "x"),
    ]

    assert status_of(limited(clock, per_token=10), *headers) == 200


@pytest.mark.parametrize(
    "padding", [[("x-padding", "x" * 8192)], [("x", "")] * 200], ids=["bytes", "headers"]
)
def test_a_token_beyond_the_headers_that_waf_inspects_is_refused(
    clock: Clock, padding: list[tuple[str, str]]
) -> None:
    gateway = limited(clock, per_token=10)

    assert status_of(gateway, *padding, ("authorization", f"Bearer {A}")) == 401


def test_an_operator_s_signature_and_a_missing_header_pass(clock: Clock) -> None:
    gateway = limited(clock, per_token=10)

    assert status_of(gateway, ("authorization", SIGNED)) == 200
    assert status_of(gateway) == 200


def test_any_spelling_passes_if_tokens_are_not_counted(clock: Clock) -> None:
    gateway = limited(clock, per_address=1000)

    assert {status_of(gateway, ("authorization", one)) for one in OTHER_SPELLINGS.values()} == {200}


def test_a_request_refused_by_one_rule_is_not_counted_by_the_next(clock: Clock) -> None:
    gateway = limited(clock, per_token=10, per_address=20)
    refused = ("authorization", f"bearer {A}")

    assert {status_of(gateway, refused) for _ in range(50)} == {401}
    assert status_of(gateway, ("authorization", f"Bearer {A}")) == 200


def test_a_page_can_read_the_refusal_of_a_spelling(clock: Clock) -> None:
    answer = limited(clock, per_token=10).answer(request(("authorization", A)))

    assert (answer.status, json.loads(answer.body)["status"]) == (401, 401)
    assert answer.headers == {
        "Access-Control-Allow-Origin": "https://app.example",
        "Cache-Control": "no-store",
        "Content-Type": "application/json",
        "WWW-Authenticate": "Bearer",
    }


def sent(
    gateway: Gateway, times: int, path: str, *, address: str = "a", token: str = ""
) -> list[int]:
    """Return the statuses of so many requests to a path, each without a token."""
    request = Request(
        method="POST",
        raw_path=path,
        raw_query="",
        headers=(("authorization", token),) if token else (),
        body=b"",
        source_ip=address,
    )
    return [gateway.answer(request).status for _ in range(times)]


def test_a_loud_key_is_refused_and_a_quiet_one_is_not(clock: Clock) -> None:
    gateway = limited(clock, per_key=10)

    assert sent(gateway, 12, "/v1/open/b1/things") == [200] * 10 + [429] * 2
    assert sent(gateway, 10, "/v1/open/a1/things") == [200] * 10
    assert statuses(gateway, 12) == [200] * 12


def test_a_key_is_counted_over_all_addresses_and_with_the_key_it_is_exchanged_for(
    clock: Clock,
) -> None:
    gateway = limited(clock, per_key=10)

    found = [
        sent(gateway, 1, f"/v1/open/a{at % 2 + 1}/things", address=str(at))[0] for at in range(11)
    ]

    assert found == [200] * 10 + [429]


def test_a_key_that_only_starts_alike_is_not_counted(clock: Clock) -> None:
    assert sent(limited(clock, per_key=10), 30, "/v1/open/b12/things") == [200] * 30


@pytest.mark.parametrize(
    "spelling",
    [
        "/v1/open/%62%31/things",
        "/v1/%6Fpen/b1/things",
        "/v1//open/b1/things",
        "/v1/./open/b1/things",
        "/v1/x/../open/b1/things",
        "/open/b1/things",
    ],
)
def test_a_path_is_counted_in_whichever_spelling_it_comes(clock: Clock, spelling: str) -> None:
    gateway = limited(clock, per_key=10)

    sent(gateway, 10, spelling)

    assert sent(gateway, 1, "/v1/open/b1/things") == [429]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "/v1/things/open/b1/things",
        "/v1/open/../things",
        "/v1/things%2Fopen%2Fb1%2Fx",
        "/v1/open%00/b1/",
    ],
)
def test_a_path_that_only_mentions_the_open_ones_is_not_one_of_them(
    clock: Clock, elsewhere: str
) -> None:
    gateway = limited(clock, per_token=10, per_key=10)

    assert sent(gateway, 1, elsewhere, token=f"bearer {A}") == [401]
    sent(gateway, 10, elsewhere)
    assert sent(gateway, 1, "/v1/open/b1/things") == [200]


def test_visitors_do_not_use_up_what_the_team_at_their_address_may_send(clock: Clock) -> None:
    gateway = limited(clock, per_address=10)

    assert sent(gateway, 12, "/v1/open/b1/things") == [200] * 10 + [429] * 2
    assert statuses(gateway, 12) == [200] * 10 + [429] * 2


def test_what_one_address_is_refused_does_not_count_for_its_key(clock: Clock) -> None:
    gateway = limited(clock, per_address=10, per_key=15)

    assert sent(gateway, 30, "/v1/open/b1/things", address="loud").count(200) == 10
    assert sent(gateway, 5, "/v1/open/b1/things", address="other") == [200] * 5


def test_a_visitor_is_asked_for_no_spelling_of_a_token(clock: Clock) -> None:
    assert sent(limited(clock, per_token=10), 12, "/v1/open/b1/things", token=A) == [200] * 12


def test_a_page_of_any_origin_can_read_what_an_open_path_is_refused(clock: Clock) -> None:
    gateway = limited(clock, per_address=10, per_key=15)
    asked_for = Request(
        method="POST", raw_path="/v1/open/b1/things", raw_query="", headers=(), body=b""
    )

    by_address = [gateway.answer(asked_for) for _ in range(11)][-1]
    sent(gateway, 10, "/v1/open/b1/things", address="b")
    by_key = gateway.answer(replace(asked_for, source_ip="c"))

    assert json.loads(by_address.body)["detail"].startswith(
        "Over the limit of requests a minute for one"
    )
    assert json.loads(by_key.body)["detail"].startswith("Over the limit of requests a minute with")
    assert by_address.headers == by_key.headers
    assert by_key.headers == {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Retry-After",
        "Cache-Control": "no-store",
        "Content-Type": "application/json",
        "Retry-After": "30",
    }


def rule_of(statement: dict[str, Any], **action: object) -> dict[str, Any]:
    """Return the inputs of a web ACL of one rule."""
    answer: dict[str, Any] = {
        "responseCode": 429,
        "customResponseBodyKey": "b",
        "responseHeaders": [],
    }
    block = {"customResponse": answer}
    rule = {"name": "r", "priority": 0, "statement": statement}
    return {
        "defaultAction": {"allow": {}},
        "customResponseBodies": [{"key": "b", "content": "{}", "contentType": "APPLICATION_JSON"}],
        "rules": [{**rule, "action": action or {"block": block}}],
    }


NONE = [{"priority": 0, "type": "NONE"}]
HEADER = {"singleHeader": {"name": "authorization"}}
UNKNOWN: dict[str, tuple[dict[str, Any], str]] = {
    "a statement": (
        rule_of({"geoMatchStatement": {"countryCodes": ["NZ"]}}),
        "the sandbox's WAF does not support geoMatchStatement",
    ),
    "a statement inside": (
        rule_of({"notStatement": {"statement": {"xssMatchStatement": {}}}}),
        "the sandbox's WAF does not support xssMatchStatement",
    ),
    "two statements": (
        rule_of({"notStatement": {}, "orStatement": {}}),
        "WAF takes exactly one of notStatement, orStatement",
    ),
    "a part of a request": (
        rule_of(
            {
                "regexMatchStatement": {
                    "regexString": "x",
                    "fieldToMatch": {"body": {}},
                    "textTransformations": NONE,
                }
            }
        ),
        "the sandbox's WAF does not match body",
    ),
    "a transformation": (
        rule_of(
            {
                "regexMatchStatement": {
                    "regexString": "x",
                    "fieldToMatch": HEADER,
                    "textTransformations": [{"priority": 0, "type": "MD5"}],
                }
            }
        ),
        r"the sandbox's WAF does not support the transformations \['MD5'\]",
    ),
    "a rate's member": (
        rule_of({"rateBasedStatement": {"aggregateKeyType": "IP", "forwardedIpConfig": {}}}),
        "the sandbox's WAF does not support forwardedIpConfig in a rate",
    ),
    "a count of everything": (
        rule_of({"rateBasedStatement": {"aggregateKeyType": "CONSTANT"}}),
        "WAF counts all requests together only in a scope",
    ),
    "a key": (
        rule_of(
            {
                "rateBasedStatement": {
                    "aggregateKeyType": "CUSTOM_KEYS",
                    "customKeys": [{"cookie": {"name": "x"}}],
                }
            }
        ),
        "the sandbox's WAF counts by a header, not by cookie",
    ),
    "an action": (
        rule_of({"rateBasedStatement": {"aggregateKeyType": "IP"}}, count={}),
        "the sandbox's WAF only blocks, with a custom response: r",
    ),
    "a default": (
        {"defaultAction": {"block": {}}, "rules": []},
        "defaultAction must be allow",
    ),
}


@pytest.mark.parametrize(("inputs", "said"), UNKNOWN.values(), ids=UNKNOWN)
def test_the_error_for_an_unsupported_part_of_waf_names_it(
    inputs: dict[str, Any], said: str
) -> None:
    with pytest.raises(WebAclError, match=said):
        WebAcl(inputs)

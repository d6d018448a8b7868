"""The limits by caller, as the program asks WAF for them.

Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-request-limiting.html
"""

import json

import pytest

from components.caller_limit import CallerLimit, CallerLimitArgs
from sandbox.gateway.gateway import Gateway
from sandbox.gateway.request import Answer, Request
from tests.engine import deploy
from tests.sandbox.test_gateway_given import api_body, mock, operation, serving

THINGS = api_body({"/things": {"get": operation(mock())}})


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def limited(clock: Clock, *, per_token: int = 0, per_address: int = 0) -> Gateway:
    """Return a gateway behind the web ACL that the component makes for these limits."""
    args = CallerLimitArgs(
        stage_arn="arn:stage",
        per_token=per_token,
        per_address=per_address,
        allow_origin="https://app.example",
    )
    engine = deploy(lambda: CallerLimit("api", args))
    return serving(THINGS, clock=clock, web_acl=engine.inputs("aws:wafv2/webAcl:WebAcl", "api"))


def asked(gateway: Gateway, *, token: str = "", address: str = "192.0.2.1") -> Answer:
    headers = (("authorization", token),) if token else ()
    return gateway.answer(
        Request(
            method="GET",
            raw_path="/v1/things",
            raw_query="",
            headers=headers,
            body=b"",
            source_ip=address,
        )
    )


def statuses(gateway: Gateway, times: int, *, token: str = "", address: str = "a") -> list[int]:
    return [asked(gateway, token=token, address=address).status for _ in range(times)]


def test_over_its_minute_a_token_is_refused_and_another_one_is_not(clock: Clock) -> None:
    gateway = limited(clock, per_token=10)

    assert statuses(gateway, 12, token="Bearer a") == [200] * 10 + [429] * 2
    assert statuses(gateway, 10, token="Bearer b") == [200] * 10


def test_a_preflight_has_no_token_and_is_not_counted(clock: Clock) -> None:
    assert statuses(limited(clock, per_token=10), 30) == [200] * 30


def test_an_address_is_counted_whatever_its_tokens(clock: Clock) -> None:
    gateway = limited(clock, per_address=10)

    found = [asked(gateway, token=f"Bearer {at}", address="a").status for at in range(11)]

    assert found == [200] * 10 + [429]
    assert statuses(gateway, 10, address="b") == [200] * 10


def test_who_waits_for_a_minute_is_let_in_and_who_goes_on_is_not(clock: Clock) -> None:
    gateway = limited(clock, per_token=10)
    statuses(gateway, 10, token="Bearer a")

    clock.now += 59
    goes_on = statuses(gateway, 1, token="Bearer a")
    clock.now += 60
    has_waited = statuses(gateway, 10, token="Bearer a")

    assert (goes_on, has_waited) == ([429], [200] * 10)


def test_of_a_hundred_in_a_minute_the_limit_is_served(clock: Clock) -> None:
    gateway = limited(clock, per_token=60)

    found = statuses(gateway, 100, token="Bearer a")

    assert (found.count(200), found.count(429)) == (60, 40)


def test_the_refusal_can_be_read_by_a_page_and_says_when_to_come_back(clock: Clock) -> None:
    gateway = limited(clock, per_token=10)
    statuses(gateway, 10, token="Bearer a")

    answer = asked(gateway, token="Bearer a")

    assert (answer.status, json.loads(answer.body)["status"]) == (429, 429)
    assert answer.headers["Retry-After"] == "30"
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"


def test_without_one_nobody_is_counted(clock: Clock) -> None:
    assert statuses(serving(THINGS, clock=clock), 50, token="Bearer a") == [200] * 50

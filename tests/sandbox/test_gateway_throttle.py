"""The token buckets of a stage's methods.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

from threading import Thread

import pytest

from sandbox.gateway.gateway import Gateway
from sandbox.gateway.request import Answer
from sandbox.gateway.throttle import TokenBucket
from tests.sandbox.gateway_given import api_body, ask, mock, operation, problem_of, serving


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def taken(bucket: TokenBucket, times: int) -> list[bool]:
    """Return for each of `times` requests whether it got a token."""
    return [bucket.take() for _ in range(times)]


def test_a_full_bucket_contains_exactly_the_burst(clock: Clock) -> None:
    assert taken(TokenBucket(1, 3, clock), 5) == [True, True, True, False, False]


def test_a_bucket_gains_tokens_at_its_rate(clock: Clock) -> None:
    bucket = TokenBucket(4, 2, clock)
    taken(bucket, 2)

    clock.now += 0.25

    assert taken(bucket, 2) == [True, False]


def test_fractions_of_a_token_add_up(clock: Clock) -> None:
    bucket = TokenBucket(1, 1, clock)
    bucket.take()

    clock.now += 0.5
    half = bucket.take()
    clock.now += 0.5

    assert (half, bucket.take()) == (False, True)


def test_a_bucket_never_contains_more_than_the_burst(clock: Clock) -> None:
    bucket = TokenBucket(100, 2, clock)

    clock.now += 3600

    assert taken(bucket, 3) == [True, True, False]


def test_concurrent_requests_never_share_a_token(clock: Clock) -> None:
    bucket = TokenBucket(1, 500, clock)
    found: list[bool] = []
    threads = [Thread(target=lambda: found.extend(taken(bucket, 100))) for _ in range(8)]

    _ = [thread.start() for thread in threads]
    _ = [thread.join() for thread in threads]

    assert (len(found), sum(found)) == (800, 500)


def test_a_request_over_the_limit_is_a_429_with_retry_after() -> None:
    gateway = serving(
        api_body({"/things": {"get": operation(mock())}}), throttle_rate=0.001, throttle_burst=1
    )

    first = ask(gateway, method="GET", path="/v1/things")
    second = ask(gateway, method="GET", path="/v1/things")

    assert (first.status, second.headers["Retry-After"]) == (200, "1")
    assert problem_of(second) == (
        429,
        "Too Many Requests",
        "Over the limit of requests a second. Nothing was done.",
    )


THINGS = api_body(
    {
        "/things": {verb: operation(mock()) for verb in ("get", "put")},
        "/others": {"get": operation(mock())},
    }
)


def statuses(gateway: Gateway, clock: Clock, *, requests: int, a_second: int) -> list[int]:
    """Return the status of each request, sent at even intervals."""
    answers: list[Answer] = []
    for _ in range(requests):
        answers.append(ask(gateway, method="GET", path="/v1/things"))
        clock.now += 1 / a_second
    refused = [answer for answer in answers if answer.status == 429]
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    assert {problem_of(answer)[0] for answer in refused} == {429}  # and has CORS headers
    return [answer.status for answer in answers]


def test_requests_over_rate_and_burst_are_refused(
    clock: Clock,
) -> None:
    gateway = serving(THINGS, throttle_rate=10, throttle_burst=10, clock=clock)

    found = statuses(gateway, clock, requests=100, a_second=16)

    # The last one comes after 99/16 s: the burst of 10, and 61 tokens gained until then.
    assert (found.count(200), found.count(429)) == (71, 29)
    assert set(found[:25]) == {200}


def test_the_limit_of_a_method_replaces_that_of_the_stage(clock: Clock) -> None:
    gateway = serving(
        THINGS,
        throttle_rate=50,
        throttle_burst=50,
        method_limits={"things/GET": (1, 2)},
        clock=clock,
    )

    assert statuses(gateway, clock, requests=4, a_second=1000) == [200, 200, 429, 429]


def test_each_method_has_its_own_bucket() -> None:
    gateway = serving(THINGS, throttle_rate=0.001, throttle_burst=1)

    first = [ask(gateway, method=verb, path="/v1/things").status for verb in ("GET", "PUT")]
    other = ask(gateway, method="GET", path="/v1/others").status
    second = [ask(gateway, method=verb, path="/v1/things").status for verb in ("GET", "PUT")]

    assert (first, other, second) == ([200, 200], 200, [429, 429])

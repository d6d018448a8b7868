"""The stage's token bucket.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

from threading import Thread

import pytest

from sandbox.gateway.throttle import TokenBucket
from tests.sandbox.test_gateway_given import api_body, ask, mock, operation, problem_of, serving


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def taken(bucket: TokenBucket, times: int) -> list[bool]:
    """Return whether each of so many requests found a token."""
    return [bucket.take() for _ in range(times)]


def test_a_full_bucket_holds_the_burst_and_no_more(clock: Clock) -> None:
    assert taken(TokenBucket(1, 3, clock), 5) == [True, True, True, False, False]


def test_it_gains_tokens_at_its_rate(clock: Clock) -> None:
    bucket = TokenBucket(4, 2, clock)
    taken(bucket, 2)

    clock.now += 0.25

    assert taken(bucket, 2) == [True, False]


def test_parts_of_a_token_add_up(clock: Clock) -> None:
    bucket = TokenBucket(1, 1, clock)
    bucket.take()

    clock.now += 0.5
    half = bucket.take()
    clock.now += 0.5

    assert (half, bucket.take()) == (False, True)


def test_it_never_holds_more_than_the_burst(clock: Clock) -> None:
    bucket = TokenBucket(100, 2, clock)

    clock.now += 3600

    assert taken(bucket, 3) == [True, True, False]


def test_no_token_is_given_twice(clock: Clock) -> None:
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

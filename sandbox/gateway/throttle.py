"""Token buckets that limit the requests a second."""

import threading
import time
from collections.abc import Callable, Mapping


class TokenBucket:
    """Holds up to `burst` tokens and gains `rate` a second; each request takes one.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
    """

    def __init__(
        self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = float(burst)
        self._then = clock()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take a token, and return whether there was one."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._burst, self._tokens + (now - self._then) * self._rate)
            self._then = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True


class MethodBuckets:
    """One bucket for each method: a stage's limit applies to every method separately.

    "Per-API, per-stage throttling limits are applied at the API method level for a stage."
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
    """

    def __init__(
        self,
        stage: tuple[float, int],
        methods: Mapping[str, tuple[float, int]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stage = stage
        self._methods = methods
        self._clock = clock
        self._buckets: dict[str, TokenBucket] = {}
        self._lock = threading.Lock()

    def take(self, method_path: str) -> bool:
        """Take a token of this method, and return whether there was one."""
        with self._lock:
            if method_path not in self._buckets:
                rate, burst = self._methods.get(method_path, self._stage)
                self._buckets[method_path] = TokenBucket(rate, burst, self._clock)
        return self._buckets[method_path].take()

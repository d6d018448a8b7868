"""The web ACL in front of a stage: how many requests one caller has made in the last minute."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from sandbox.gateway.request import Answer, Request


class WebAcl:
    """Refuses what is over a rate-based rule's limit, before the API sees it.

    AWS estimates a rate every few seconds and acts on it a little later; here it is exact. What is
    refused counts too, as there, so who goes on is refused until it sends less.
    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-request-limiting.html
    """

    def __init__(self, inputs: dict[str, Any], clock: Callable[[], float] = time.monotonic) -> None:
        """Take the inputs of the program's `WebAcl`; no rules for none."""
        rules: list[dict[str, Any]] = inputs.get("rules", [])
        self._rules = sorted(rules, key=lambda rule: rule["priority"])
        self._bodies = {one["key"]: one for one in inputs.get("customResponseBodies", [])}
        self._clock = clock
        self._seen: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def refusal(self, request: Request) -> Answer | None:
        """Return the answer of the first rule whose limit this request is over, or None."""
        with self._lock:
            over = [rule for rule in self._rules if self._is_over(rule, request)]
        return self._answer(over[0]) if over else None

    def _is_over(self, rule: dict[str, Any], request: Request) -> bool:
        statement = rule["statement"]["rateBasedStatement"]
        caller = _caller(statement, request)
        if not caller:  # a request without the header is not counted
            return False
        seen = self._seen[rule["name"], caller]
        now = self._clock()
        seen.append(now)
        while seen[0] <= now - statement["evaluationWindowSec"]:
            seen.popleft()
        return len(seen) > statement["limit"]

    def _answer(self, rule: dict[str, Any]) -> Answer:
        custom = rule["action"]["block"]["customResponse"]
        headers = {one["name"]: one["value"] for one in custom["responseHeaders"]}
        body = self._bodies[custom["customResponseBodyKey"]]["content"]
        return Answer(
            status=custom["responseCode"],
            headers={**headers, "Content-Type": "application/json"},
            body=body.encode(),
        )


def _caller(statement: dict[str, Any], request: Request) -> str:
    if statement["aggregateKeyType"] == "IP":
        return request.source_ip
    return "\n".join(request.header(key["header"]["name"]) for key in statement["customKeys"])

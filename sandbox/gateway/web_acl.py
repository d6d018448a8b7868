"""The web ACL in front of a stage: which requests its rules refuse, before the API sees them."""

import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from posixpath import normpath
from typing import Any
from urllib.parse import unquote

from sandbox.gateway.request import Answer, Request

Statement = Mapping[str, Any]
Matches = Callable[[Request], bool]
"""Returns whether a request matches a statement. A rate-based statement counts each call."""

# WAF sees no more of a request's headers than this.
# https://docs.aws.amazon.com/waf/latest/developerguide/waf-oversize-request-components.html
SEEN_BYTES, SEEN_HEADERS = 8192, 200


def _normalized(path: str) -> str:
    """Return the path without `//`, `/./` and `/../`; a slash at its end stays."""
    end = "/" if path.endswith("/") and path.strip("/") else ""
    return f"/{normpath(path).lstrip('/')}{end}" if path.startswith("/") else path


# https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html
_TRANSFORMATIONS: Mapping[str, Callable[[str], str]] = {
    "NONE": str,
    "LOWERCASE": str.lower,
    "URL_DECODE": lambda text: unquote(text, encoding="latin-1"),
    "NORMALIZE_PATH": _normalized,
}


class WebAclError(ValueError):
    """A rule uses a feature that the sandbox does not support: add it, or do without."""


class WebAcl:
    """Refuses the requests that a rule blocks. An unsupported statement is an error.

    AWS estimates a rate every few seconds and reacts a little later; here it is exact. As on AWS,
    refused requests count, too: a caller is refused until it sends fewer requests.
    https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-request-limiting.html
    """

    def __init__(
        self, inputs: Mapping[str, Any], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Read the inputs of the program's `WebAcl`; empty inputs have no rule.

        Raises:
            WebAclError: It has a statement or an action that the sandbox does not support.
        """
        if inputs and inputs["defaultAction"] != {"allow": {}}:
            raise WebAclError(f"defaultAction must be allow, got {inputs['defaultAction']}")
        self._clock = clock
        self._lock = threading.Lock()
        bodies = {one["key"]: one for one in inputs.get("customResponseBodies", [])}
        rules = sorted(inputs.get("rules", []), key=lambda rule: rule["priority"])
        self._rules = [
            (self._statement(rule["statement"]), _refusal(rule, bodies)) for rule in rules
        ]

    def refusal(self, request: Request) -> Answer | None:
        """Return the answer of the first rule that blocks the request, or None.

        Later rules are not evaluated, so they do not count a refused request.
        """
        with self._lock:
            first = next((answer for matches, answer in self._rules if matches(request)), None)
        return replace(first, headers=dict(first.headers)) if first else None

    def _statement(self, statement: Statement) -> Matches:
        kind, body = _only(statement)
        match kind:
            case "rateBasedStatement":
                return self._rate_based(body)
            case "regexMatchStatement":
                return _regex_match(body)
            case "notStatement":
                inner = self._statement(body["statement"])
                return lambda request: not inner(request)
            case "andStatement" | "orStatement":
                inners = [self._statement(one) for one in body["statements"]]
                whether = all if kind == "andStatement" else any
                return lambda request: whether(inner(request) for inner in inners)
            case _:
                raise WebAclError(f"the sandbox's WAF does not support {kind}")

    def _rate_based(self, statement: Statement) -> Matches:
        known = {
            *("aggregateKeyType", "customKeys", "limit", "evaluationWindowSec"),
            "scopeDownStatement",
        }
        if surplus := sorted(set(statement) - known):
            raise WebAclError(f"the sandbox's WAF does not support {', '.join(surplus)} in a rate")
        caller = _caller(statement)
        scope = statement.get("scopeDownStatement")
        in_scope: Matches = self._statement(scope) if scope is not None else lambda _: True
        seen: defaultdict[str, deque[float]] = defaultdict(deque)

        def is_over(request: Request) -> bool:
            key = caller(request) if in_scope(request) else None
            if key is None:  # outside the scope, or without the header: not counted
                return False
            now = self._clock()
            times = seen[key]
            times.append(now)
            while times[0] <= now - statement["evaluationWindowSec"]:
                times.popleft()
            return len(times) > statement["limit"]

        return is_over


def _caller(statement: Statement) -> Callable[[Request], str | None]:
    """Return the function from a request to its key, which is None if it is not counted.

    Source: https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
    """
    if statement["aggregateKeyType"] == "IP":
        return lambda request: request.source_ip
    if statement["aggregateKeyType"] == "CONSTANT":
        if "scopeDownStatement" not in statement:
            raise WebAclError("WAF counts all requests together only in a scope")
        return lambda _: ""
    if statement["aggregateKeyType"] != "CUSTOM_KEYS" or len(statement["customKeys"]) != 1:
        raise WebAclError("the sandbox's WAF counts by IP address or by one custom key")
    kind, key = _only(statement["customKeys"][0])
    if kind != "header":
        raise WebAclError(f"the sandbox's WAF counts by a header, not by {kind}")
    transformed = _transformation(key)

    def value(request: Request) -> str | None:
        found = _seen_header(request, key["name"])
        return None if found is None else transformed(found)

    return value


def _regex_match(statement: Statement) -> Matches:
    pattern = re.compile(statement["regexString"])
    transformed = _transformation(statement)
    kind, field = _only(statement["fieldToMatch"])
    if kind == "singleHeader":

        def header_matches(request: Request) -> bool:
            value = _seen_header(request, field["name"])
            return value is not None and pattern.search(transformed(value)) is not None

        return header_matches
    if kind == "uriPath":
        # As the client sent it: "AWS WAF doesn't normalize the URI".
        # https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-fields-list.html
        return lambda request: pattern.search(transformed(request.raw_path)) is not None
    if kind == "headerOrders":
        if field != [{"oversizeHandling": "MATCH"}]:
            raise WebAclError(f"the sandbox's WAF does not support headerOrders of {field}")

        def order_matches(request: Request) -> bool:
            seen = _seen_headers(request)
            order = ":".join(name for name, _ in seen)
            return len(seen) < len(request.headers) or bool(pattern.search(transformed(order)))

        return order_matches
    raise WebAclError(f"the sandbox's WAF does not match {kind}")


def _seen_headers(request: Request) -> list[tuple[str, str]]:
    """Return the headers that WAF sees; the request may have more."""
    seen: list[tuple[str, str]] = []
    size = 0
    for name, value in request.headers[:SEEN_HEADERS]:
        size += len(name) + len(value)
        if size > SEEN_BYTES:
            break
        seen.append((name, value))
    return seen


def _seen_header(request: Request, name: str) -> str | None:
    """Return the first header of that name. It is not documented which of several AWS reads."""
    values = (value for key, value in _seen_headers(request) if key.lower() == name.lower())
    return next(values, None)


def _transformation(statement: Statement) -> Callable[[str], str]:
    """Return the transformations of a statement, which run in the order of their priorities."""
    ordered = sorted(statement["textTransformations"], key=lambda one: one["priority"])
    names = [one["type"] for one in ordered]
    if not names or not _TRANSFORMATIONS.keys() >= set(names):
        raise WebAclError(f"the sandbox's WAF does not support the transformations {names}")
    return lambda text: reduce(lambda so_far, name: _TRANSFORMATIONS[name](so_far), names, text)


def _refusal(rule: Mapping[str, Any], bodies: Mapping[str, Mapping[str, Any]]) -> Answer:
    kind, action = _only(rule["action"])
    if kind != "block" or set(action) != {"customResponse"}:
        raise WebAclError(f"the sandbox's WAF only blocks, with a custom response: {rule['name']}")
    custom = action["customResponse"]
    body = bodies[custom["customResponseBodyKey"]]
    if body["contentType"] != "APPLICATION_JSON":
        raise WebAclError(f"the sandbox's WAF only answers in JSON: {rule['name']}")
    headers = {one["name"]: one["value"] for one in custom["responseHeaders"]}
    return Answer(
        status=custom["responseCode"],
        headers={**headers, "Content-Type": "application/json"},
        body=body["content"].encode(),
    )


def _only(of: Mapping[str, Any]) -> tuple[str, Any]:
    """Return the only member of a value that must have exactly one."""
    if len(of) != 1:
        raise WebAclError(f"WAF takes exactly one of {', '.join(sorted(of)) or 'nothing'}")
    return next(iter(of.items()))

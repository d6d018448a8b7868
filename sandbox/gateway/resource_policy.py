"""Evaluates an API's resource policy, as far as this program's policy needs it."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from sandbox.gateway.api import Document
from sandbox.gateway.errors import GatewayError

_MEMBERS = {"Effect", "Principal", "Action", "Resource"}
_SHORT_FORM = "execute-api:/"


class ResourcePolicy:
    """Decides which routes may be invoked.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
    """

    def __init__(self, policy: Document | None) -> None:
        """Read the policy of a body.

        Raises:
            ValueError: It has a statement that the sandbox does not understand; to ignore it could
                allow too much.
        """
        self._patterns: dict[str, list[re.Pattern[str]]] = {"Allow": [], "Deny": []}
        self._is_there = policy is not None
        for statement in (policy or {}).get("Statement", []):
            if (
                set(statement) != _MEMBERS
                or statement["Effect"] not in self._patterns
                or (statement["Principal"], statement["Action"]) != ("*", "execute-api:Invoke")
            ):
                raise ValueError(f"the sandbox does not understand the statement {statement}")
            self._patterns[statement["Effect"]] += map(_pattern, statement["Resource"])

    def check(self, stage: str, method: str, raw_path: str, *, is_signed: bool) -> None:
        """Check that the policy allows the request.

        A slash at the end matters here, though routing ignores it: a Deny for a path does not match
        the path with a slash. It is not documented whether AWS compares the path as sent or
        decoded, and with one or all slashes at its start: each of these forms must be allowed.

        Args:
            stage: Name of the API's stage.
            method: HTTP method, such as `GET`.
            raw_path: Path as sent, with the stage at its start.
            is_signed: Whether IAM has allowed it already, so that only a Deny counts.

        Raises:
            GatewayError: ACCESS_DENIED.
        """
        if not self._is_there:
            return
        rest = raw_path.lstrip("/").removeprefix(stage)
        sent = {rest, f"/{rest.lstrip('/')}"}
        paths = sorted(sent | {unquote(path, errors="replace") for path in sent})
        asked = [f"{stage}/{method}{path}" for path in paths]
        is_allowed = is_signed or all(_any_matches(self._patterns["Allow"], [one]) for one in asked)
        if _any_matches(self._patterns["Deny"], asked) or not is_allowed:
            raise GatewayError("ACCESS_DENIED", "The resource policy does not allow this request")


def _any_matches(patterns: Iterable[re.Pattern[str]], asked: list[str]) -> bool:
    return any(pattern.fullmatch(one) for pattern in patterns for one in asked)


def _pattern(resource: Any) -> re.Pattern[str]:
    if not isinstance(resource, str) or not resource.startswith(_SHORT_FORM):
        raise ValueError(f"the sandbox does not understand the resource {resource!r}")
    escaped = re.escape(resource.removeprefix(_SHORT_FORM))
    return re.compile(escaped.replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)

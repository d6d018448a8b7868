"""A finished OpenAPI body, ready to be asked which operation a request is for."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from sandbox.gateway.errors import GatewayError

_VERBS = frozenset(("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH"))

Document = dict[str, Any]
"""JSON: OpenAPI and AWS's extensions define its shape."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    resource: str
    """The path as the contract writes it, such as `/recordings/{recordingId}`."""
    method: str
    document: Document

    @property
    def integration(self) -> Document:
        return self.document["x-amazon-apigateway-integration"]

    @property
    def method_path(self) -> str:
        return f"{self.resource.lstrip('/')}/{self.method}"

    @property
    def parameters(self) -> list[Document]:
        return self.document.get("parameters", [])


@dataclass(frozen=True, kw_only=True)
class Api:
    """One deployed stage: the body that was imported, and what the stage adds."""

    body: Document
    stage: str
    stage_variables: dict[str, str]
    region: str
    api_id: str = "sandbox"
    throttle_rate: float = 10_000
    throttle_burst: int = 5_000
    method_limits: dict[str, tuple[float, int]] = field(
        default_factory=dict[str, tuple[float, int]]
    )
    """Rate and burst by method path, such as `recordings/GET`, of what differs from the stage."""
    web_acl: Document = field(default_factory=dict[str, Any])
    """Inputs of what stands before the stage; empty for nothing."""
    _routes: list[tuple[re.Pattern[str], str]] = field(
        default_factory=list[tuple[re.Pattern[str], str]]
    )

    def __post_init__(self) -> None:
        # A literal segment wins over a parameter.
        paths = sorted(self.body["paths"], key=lambda path: path.replace("{", "~"))
        self._routes.extend((_pattern(path), path) for path in paths)

    def find(self, method: str, raw_path: str) -> tuple[Operation, dict[str, str]]:
        """Return the operation and its path parameters, decoded.

        `%2F` does not split a segment, and arrives as `/` in the parameter.
        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html

        Raises:
            GatewayError: MISSING_AUTHENTICATION_TOKEN, as AWS calls a route that does not exist.
        """
        prefix = f"/{self.stage}"
        # A path item also holds what is no operation, such as `parameters`.
        if method in _VERBS and raw_path.startswith(f"{prefix}/"):
            for pattern, resource in self._routes:
                match = pattern.fullmatch(raw_path[len(prefix) :])
                item = self.body["paths"][resource]
                if match and method.lower() in item:
                    operation = Operation(
                        resource=resource, method=method, document=item[method.lower()]
                    )
                    return operation, {
                        name: unquote(value, errors="replace")
                        for name, value in match.groupdict().items()
                    }
        raise GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")

    def security_scheme(self, operation: Operation) -> Document | None:
        """Return the scheme that the operation asks for; None when it is open to all."""
        for requirement in operation.document.get("security", []):
            for name in requirement:
                return self.body["components"]["securitySchemes"][name]
        return None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))

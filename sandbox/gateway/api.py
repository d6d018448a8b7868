"""A deployed stage of a finished OpenAPI body, which finds the operation of a request."""

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.gateway.errors import GatewayError
from sandbox.gateway.importer import Document, imported
from sandbox.gateway.undecided import Undecided

_VERBS = frozenset(("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH"))


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
    """One deployed stage: the imported body and the stage's settings.

    Raises:
        ImportRefused: API Gateway would not import the body.
    """

    body: Document
    """As given; the operations are as API Gateway imported them."""
    stage: str
    stage_variables: dict[str, str]
    region: str
    api_id: str = "sandbox"
    throttle_rate: float = 10_000
    throttle_burst: int = 5_000
    method_limits: dict[str, tuple[float, int]] = field(
        default_factory=dict[str, tuple[float, int]]
    )
    """Rate and burst by method path, such as `recordings/GET`, if other than the stage's."""
    web_acl: Document = field(default_factory=dict[str, Any])
    """Inputs of the web ACL in front of the stage; empty for none."""
    undecided: Undecided = field(default_factory=Undecided)
    _routes: list[tuple[re.Pattern[str], str]] = field(
        default_factory=list[tuple[re.Pattern[str], str]]
    )

    _paths: Document = field(default_factory=dict[str, Any])

    def __post_init__(self) -> None:
        self._paths.update(imported(self.body)["paths"])
        # A literal segment wins over a parameter.
        paths = sorted(self._paths, key=lambda path: path.replace("{", "~"))
        self._routes.extend((_pattern(path), path) for path in paths)

    def find(self, method: str, raw_path: str) -> tuple[Operation, dict[str, str]]:
        """Return the operation and its path parameters, percent-encoded as they were sent.

        Several slashes at the start count as one, and a slash at the end is ignored. Recorded:
        `test_lambda_aws_proxy_integration` of localstack's test_apigateway_lambda.py.

        Raises:
            GatewayError: MISSING_AUTHENTICATION_TOKEN, as AWS calls a route that does not exist.
        """
        path = self.below_stage(raw_path)
        # A path item also has members that are no operations, such as `parameters`.
        if method in _VERBS and path is not None:
            for pattern, resource in self._routes:
                match = pattern.fullmatch(path) or pattern.fullmatch(path.removesuffix("/"))
                item = self._paths[resource]
                if match and method.lower() in item:
                    operation = Operation(
                        resource=resource, method=method, document=item[method.lower()]
                    )
                    return operation, match.groupdict()
        raise GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")

    def below_stage(self, raw_path: str) -> str | None:
        """Return the path after the stage, with one slash at its start; None for another stage."""
        stage, _, rest = raw_path.lstrip("/").partition("/")
        return f"/{rest.lstrip('/')}" if stage == self.stage else None

    def security_scheme(self, operation: Operation) -> Document | None:
        """Return the security scheme of the operation; None if it is open to all."""
        for requirement in operation.document.get("security", []):
            for name in requirement:
                return self.body["components"]["securitySchemes"][name]
        return None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))

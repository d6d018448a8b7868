"""One request on its way through the gateway."""

from dataclasses import dataclass
from typing import Any

from sandbox.gateway.api import Api, Operation
from sandbox.gateway.request import Request
from sandbox.gateway.velocity import Input, Util


@dataclass(frozen=True, kw_only=True)
class Call:
    """All that templates and mappings may read of a request."""

    api: Api
    operation: Operation
    request: Request
    path: dict[str, str]
    body: bytes
    """Without its Content-Encoding."""
    context: dict[str, Any]
    """`$context`, which templates may write overrides into."""

    @property
    def binary_media_types(self) -> list[str]:
        return self.api.body.get("x-amazon-apigateway-binary-media-types", [])

    def template_input(self, body: str) -> Input:
        query = {name: values[-1] for name, values in self.request.query().items()}
        return Input(body, self.path, query, dict(self.request.headers))

    def variables(self, body: str) -> dict[str, Any]:
        return {
            "input": self.template_input(body),
            "util": Util(),
            "context": self.context,
            "stageVariables": self.api.stage_variables,
        }

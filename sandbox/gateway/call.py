"""A request with all that an integration's templates and mappings read."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sandbox.gateway.api import Api, Operation
from sandbox.gateway.payload import is_binary, media_type
from sandbox.gateway.request import Request
from sandbox.gateway.velocity import Input, Util


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that has passed authorization and validation."""

    api: Api
    operation: Operation
    request: Request
    raw_path: dict[str, str]
    """Path parameters, percent-encoded as sent, for Lambda functions."""
    body: bytes
    """Without its Content-Encoding."""
    context: dict[str, Any]
    """`$context`, which templates may write overrides into."""

    @property
    def path(self) -> dict[str, str]:
        """Path parameters, decoded, for templates and mappings.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
        """
        return {name: unquote(value, errors="replace") for name, value in self.raw_path.items()}

    @property
    def binary_media_types(self) -> list[str]:
        return self.api.body.get("x-amazon-apigateway-binary-media-types", [])

    def template_input(self, body: str) -> Input:
        query = {name: values[-1] for name, values in self.request.query().items()}
        headers = {name: values[-1] for name, values in self.request.visible_headers().items()}
        return Input(body, self.path, query, headers)

    def is_binary(self, content_type: str) -> bool:
        """Return whether bodies of that media type are binary."""
        return is_binary(media_type(content_type, self.api.undecided), self.binary_media_types)

    def variables(self, body: str) -> dict[str, Any]:
        return {
            "input": self.template_input(body),
            "util": Util(),
            "context": self.context,
            "stageVariables": self.api.stage_variables,
        }

"""A request as received, and an answer to send."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

# Some receivers refuse a value that is not ASCII or has a line break.
# https://www.rfc-editor.org/rfc/rfc9110#section-5.5
_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FIELD_VALUE = re.compile(r"[\t\x20-\x7e]*")

# Recorded: `test_apigateway_header_remapping_aws` of localstack's test_apigateway_integrations.py
# shows which request headers templates and functions never see.
_KEPT_BY_THE_GATEWAY = frozenset(
    (
        *("connection", "content-length", "content-md5", "expect", "max-forwards"),
        *("proxy-authenticate", "server", "te", "trailer", "transfer-encoding", "upgrade"),
        "www-authenticate",
    )
)
# Recorded for Authorization: `test_lambda_aws_proxy_integration` of test_apigateway_lambda.py.
_SPELLED_BY_THE_GATEWAY = {
    "authorization": "Authorization",
    "host": "Host",
    "user-agent": "User-Agent",
}


def can_be_sent(headers: dict[str, str]) -> bool:
    """Return whether HTTP can represent every name and value: no line break, no NUL."""
    return all(
        _FIELD_NAME.fullmatch(name) and _FIELD_VALUE.fullmatch(value)
        for name, value in headers.items()
    )


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    raw_path: str
    """As sent: percent-encoded, without the query."""
    raw_query: str
    headers: tuple[tuple[str, str], ...]
    """In the client's spelling: HTTP/2 has lower case only."""
    body: bytes
    source_ip: str = "127.0.0.1"

    def header(self, name: str, default: str = "") -> str:
        """Return the last header of that name, in any case; the gateway itself reads headers so."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return values[-1] if values else default

    def visible_headers(self) -> dict[str, list[str]]:
        """Return the headers that mappings, templates and functions see, by their exact names.

        "Header names and query parameters are processed in a case-sensitive way."
        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
        """
        visible: dict[str, list[str]] = {}
        for name, value in self.headers:
            if name.lower() not in _KEPT_BY_THE_GATEWAY:
                spelled = _SPELLED_BY_THE_GATEWAY.get(name.lower(), name)
                visible.setdefault(spelled, []).append(value)
        return visible

    def query(self) -> dict[str, list[str]]:
        """Return every query parameter, decoded, with all its values."""
        parameters: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.raw_query, keep_blank_values=True, errors="replace"):
            parameters.setdefault(name, []).append(value)
        return parameters


@dataclass(kw_only=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""

"""A request as it came, and the answer as it goes."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

# A value that is not ASCII, or has a line break, is refused by some receiver on the way.
# https://www.rfc-editor.org/rfc/rfc9110#section-5.5
_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FIELD_VALUE = re.compile(r"[\t\x20-\x7e]*")


def can_be_sent(headers: dict[str, str]) -> bool:
    """Say whether HTTP can carry every name and value: no line break, no NUL."""
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
    """Names in lower case, as HTTP/2 sends them."""
    body: bytes
    source_ip: str = "127.0.0.1"

    def header(self, name: str, default: str = "") -> str:
        """Return the last header of that name, as API Gateway's single-value maps do."""
        values = [value for key, value in self.headers if key == name.lower()]
        return values[-1] if values else default

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

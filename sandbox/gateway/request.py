"""A request as it came, and the answer as it goes."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl


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

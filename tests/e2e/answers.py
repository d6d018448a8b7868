"""What holds for every answer of the API, whatever was asked."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from tests.e2e.contract import PROBLEM


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer to a request that was sent byte for byte."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


def check(status: int, headers: Mapping[str, str], body: bytes, *, has_body: bool = True) -> None:
    """Fail unless any origin's page may read the answer, as what it is, and a failure is a problem.

    Source: https://www.rfc-editor.org/rfc/rfc9457
    """
    said = f"{status} {dict(headers)} {body[:500]!r}"
    assert headers.get("access-control-allow-origin"), f"no CORS header: {said}"
    if status == 204:  # a preflight's, and nothing to sniff
        return
    assert headers.get("x-content-type-options") == "nosniff", f"could be sniffed: {said}"
    if status < 400:
        return
    if not has_body:
        assert not body, f"an answer to HEAD with a body: {said}"
        return
    assert headers.get("content-type") == PROBLEM, f"no problem: {said}"
    problem: dict[str, object] = json.loads(body)
    shape: dict[str, type[object]] = {name: type(value) for name, value in problem.items()}
    wanted = {"type": str, "title": str, "status": int, "detail": str, "requestId": str}
    assert shape == wanted, f"not the members of a problem: {said}"
    assert problem["status"] == status, f"two statuses: {said}"
    assert all(problem.values()), f"an empty member: {said}"
    if status == 429:
        assert int(headers["retry-after"]) >= 1, f"no Retry-After: {said}"


def check_response(response: httpx.Response) -> None:
    """Do `check` as an event hook of httpx."""
    response.read()
    check(
        response.status_code,
        response.headers,
        response.content,
        has_body=response.request.method != "HEAD",
    )


def exactly(
    api_url: str,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """Return the checked answer to a request whose `target` no client has tidied up."""
    url = urlsplit(api_url)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.netloc, timeout=30)
    try:
        connection.request(method, f"{url.path}{target}", body=body, headers=dict(headers or {}))
        response = connection.getresponse()
        answer = Answer(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=response.read(),
        )
    finally:
        connection.close()
    check(answer.status, answer.headers, answer.body, has_body=method != "HEAD")
    return answer

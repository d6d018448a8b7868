"""Api: the operations of openapi.yaml that the command line uses."""

import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import quote

import httpx

from rrweb_store.errors import (
    BadInputError,
    ForbiddenError,
    NotFoundError,
    NotSignedInError,
    StoreError,
    UnavailableError,
)
from rrweb_store.json_values import object_of
from rrweb_store.safe_text import printable

# operationId: method and path. A test compares them with openapi.yaml.
OPERATIONS: Mapping[str, tuple[str, str]] = {
    "listSites": ("GET", "/sites"),
    "listRecordings": ("GET", "/recordings"),
    "listSiteRecordings": ("GET", "/sites/{siteId}/recordings"),
    "getRecording": ("GET", "/recordings/{recordingId}"),
    "getSiteRecording": ("GET", "/sites/{siteId}/recordings/{recordingId}"),
    "getEvents": ("GET", "/recordings/{recordingId}/events"),
    "getSiteEvents": ("GET", "/sites/{siteId}/recordings/{recordingId}/events"),
    "deleteRecording": ("DELETE", "/recordings/{recordingId}"),
    "getErasure": ("GET", "/recordings/{recordingId}/erasure"),
    "deleteSiteRecording": ("DELETE", "/sites/{siteId}/recordings/{recordingId}"),
    "getSiteErasure": ("GET", "/sites/{siteId}/recordings/{recordingId}/erasure"),
    "deleteVisitor": ("DELETE", "/sites/{siteId}/visitors/{visitorId}"),
    "getVisitorErasure": ("GET", "/sites/{siteId}/visitors/{visitorId}/erasure"),
    "keepRecording": ("PUT", "/recordings/{recordingId}/kept"),
    "endKeeping": ("DELETE", "/recordings/{recordingId}/kept"),
    "keepSiteRecording": ("PUT", "/sites/{siteId}/recordings/{recordingId}/kept"),
    "endSiteKeeping": ("DELETE", "/sites/{siteId}/recordings/{recordingId}/kept"),
    "getAsset": ("GET", "/assets/{sha256}"),
    "getSiteAsset": ("GET", "/sites/{siteId}/assets/{sha256}"),
    "getKeptAsset": ("GET", "/recordings/{recordingId}/kept/assets/{sha256}"),
    "getSiteKeptAsset": ("GET", "/sites/{siteId}/recordings/{recordingId}/kept/assets/{sha256}"),
    "createRecording": ("PUT", "/recordings/{recordingId}"),
    "putLargeBatch": ("PUT", "/recordings/{recordingId}/events/{sequence}"),
    "putFacts": ("PUT", "/recordings/{recordingId}/facts"),
    "createSiteRecording": ("POST", "/w/{key}/recordings/{recordingId}"),
    "appendSiteEvents": ("POST", "/w/{key}/recordings/{recordingId}/events/{sequence}"),
    "putSiteFacts": ("POST", "/w/{key}/recordings/{recordingId}/facts"),
}
# A visitor's operation takes no token: the key in its path is all there is.
WITHOUT_TOKEN = {"createSiteRecording", "appendSiteEvents", "putSiteFacts"}

TRIES = 5
MAX_WAIT_S = 30.0
_AGAIN = {409, 429, 500, 502, 503, 504}


class TokenSource(Protocol):
    def get(self, *, renew: bool = False) -> str: ...


class Api:
    """Calls operations, again where it helps. All of them may be sent twice."""

    def __init__(
        self,
        http: httpx.Client,
        api_url: str,
        tokens: TokenSource,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = http
        self._api_url = api_url
        self._tokens = tokens
        self._sleep = sleep

    def call(  # noqa: PLR0913 - the parts of a request
        self,
        operation: str,
        path: Mapping[str, str] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        known: frozenset[int] = frozenset(),
    ) -> httpx.Response:
        """Return an answer that is a success, or has a status that the caller knows.

        Raises:
            StoreError: Any other answer, or none; its message is the server's own.
        """
        method, template = OPERATIONS[operation]
        values = {name: quote(value, safe="") for name, value in (path or {}).items()}
        url = self._api_url + template.format(**values)
        renewed = False
        failure: StoreError = UnavailableError("the store was not asked")
        for attempt in range(TRIES):
            sent = dict(headers or {})
            if operation not in WITHOUT_TOKEN:
                sent["Authorization"] = f"Bearer {self._tokens.get(renew=renewed)}"
            try:
                answer = self._http.request(
                    method, url, params=dict(query or {}), headers=sent, content=content
                )
            except httpx.HTTPError as error:
                failure = UnavailableError(f"the store did not answer: {printable(error, 200)}")
                failure.__cause__ = error
                self._sleep(_backoff_s(attempt))
                continue
            if answer.is_success or answer.status_code in known:
                return answer
            failure = failure_of(answer)
            if answer.status_code == 401 and not renewed:
                renewed = True
            elif answer.status_code in _AGAIN:
                self._sleep(_retry_after_s(answer) or _backoff_s(attempt))
            else:
                raise failure
        raise failure


def failure_of(answer: httpx.Response) -> StoreError:
    """Return the failure that an answer tells of, in one line."""
    text = problem_line(answer)
    status = answer.status_code
    if status == 401:
        return NotSignedInError(f"{text} Sign in again: rrweb-store login")
    kinds = {400: BadInputError, 403: ForbiddenError, 404: NotFoundError}
    if status in kinds:
        return kinds[status](text)
    return UnavailableError(text) if status in _AGAIN else StoreError(text)


def problem_line(answer: httpx.Response) -> str:
    """Return a problem document (RFC 9457) in one line, or what there is of one."""
    try:
        found: object = answer.json()
    except ValueError:
        found = None
    problem = object_of(found)
    text = next(
        (
            problem[name]
            for name in ("detail", "title", "message")
            if isinstance(problem.get(name), str) and problem[name].strip()
        ),
        f"the store answered with status {answer.status_code}.",
    )
    text = text.rstrip() if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."
    request_id = problem.get("requestId")
    shown = f" (status {answer.status_code}, request {printable(request_id, 80)})"
    return printable(text, 1000) + (shown if request_id else f" (status {answer.status_code})")


def checksum(body: bytes) -> str:
    """Return what S3 compares a body with."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def _backoff_s(attempt: int) -> float:
    return min(MAX_WAIT_S, 0.5 * 2.0**attempt)


def _retry_after_s(answer: httpx.Response) -> float:
    """Return the seconds that a 429 asks to wait for; 0 without."""
    text = answer.headers.get("Retry-After", "")
    return min(MAX_WAIT_S, float(text)) if text.isascii() and text.isdigit() else 0.0

"""Answers that are bytes which a client has stored: a screenshot, or an asset."""

import base64
import hashlib
import io
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from handlers.answer import Answer, ProblemError
from handlers.request import Request
from handlers.stored_objects import object_at

# What bytes are served as if `Accept` names it, whatever they were stored as.
PICTURE_TYPES = ("image/webp", "image/jpeg", "image/png")
ASSET_TYPES = (
    *PICTURE_TYPES,
    "image/avif",
    "image/gif",
    "font/woff2",
    "font/woff",
    "font/ttf",
    "font/otf",
)
ANY_BYTES = "application/octet-stream"
# API Gateway decodes the base64 of an answer only if the first media type of Accept is one of the
# API's binary types. For any other there is no way to send bytes.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
FIRST_TYPES = (*ASSET_TYPES, ANY_BYTES)
# A function answers with 6 MB, in which base64 makes four bytes of three; the rest is for headers:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_ANSWERED_BYTES = 4_500_000
# Whatever the bytes are, a browser must not take them for a page, a script or a style of ours.
# https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
INERT_HEADERS = {
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_HEADERS = {
    **INERT_HEADERS,
    "Access-Control-Expose-Headers": "ETag",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept, Authorization",
}


class _Found(NamedTuple):
    etag: str
    size: int
    read: Callable[[], bytes]


def screenshot_answer(s3: Any, bucket: str, key: str, since_ms: int, request: Request) -> Answer:
    """Return the answer with the object `key`, if it was stored since then.

    Raises:
        ProblemError: 404 without a picture, 406 where bytes cannot be sent, 413 for too many.
        ClientError: whatever else S3 says; it is our fault and must not look like a 404.
    """
    found = object_at(s3, bucket, key)
    if found is None or found["LastModified"].timestamp() * 1000 < since_ms:
        raise ProblemError(
            HTTPStatus.NOT_FOUND, f"{request.owner.has_no} screenshot of a recording of this id"
        )
    etag, size = str(found["ETag"]), int(found["ContentLength"])
    return _answer(_Found(etag, size, found["Body"].read), "screenshot", PICTURE_TYPES, request)


def asset_answer(s3: Any, bucket: str, keys: Sequence[str], request: Request) -> Answer:
    """Return the answer with the first object of `keys` whose bytes have the SHA-256 asked for.

    Anybody who has the write key of a site may have stored others under its name.

    Raises:
        ProblemError: as for a screenshot.
        ClientError: likewise.
    """
    too_large: ProblemError | None = None
    for key in keys:
        found = object_at(s3, bucket, key)
        if found is None:
            continue
        etag, size = str(found["ETag"]), int(found["ContentLength"])
        if size > MAX_ANSWERED_BYTES:
            too_large = _too_large("asset", size)
            continue
        body: bytes = found["Body"].read()
        if hashlib.sha256(body).hexdigest() == request.name:
            return _answer(_Found(etag, size, io.BytesIO(body).read), "asset", ASSET_TYPES, request)
    if too_large is not None:
        raise too_large
    raise ProblemError(HTTPStatus.NOT_FOUND, f"{request.owner.has_no} asset of this SHA-256")


def _answer(found: _Found, noun: str, types: Sequence[str], request: Request) -> Answer:
    headers = {**_HEADERS, "ETag": found.etag}
    if _names(request.if_none_match, found.etag):
        return Answer(HTTPStatus.NOT_MODIFIED, headers, "", is_base64=True, log={"bodyChars": 0})
    accepted = [one.partition(";")[0].strip().lower() for one in request.accept.split(",")]
    if accepted[0] not in FIRST_TYPES:
        raise ProblemError(
            HTTPStatus.NOT_ACCEPTABLE,
            f"the first media type of Accept must be one of {', '.join(FIRST_TYPES)}",
        )
    if found.size > MAX_ANSWERED_BYTES:
        raise _too_large(noun, found.size)
    headers["Content-Type"] = next((one for one in types if one in accepted), ANY_BYTES)
    body = base64.b64encode(found.read()).decode()
    return Answer(HTTPStatus.OK, headers, body, is_base64=True, log={"bodyChars": len(body)})


def _too_large(noun: str, size: int) -> ProblemError:
    return ProblemError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"the {noun} has {size} bytes, and at most {MAX_ANSWERED_BYTES} can be answered",
    )


def _names(if_none_match: str, etag: str) -> bool:
    """Return whether the header names the tag.

    Source: https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match
    """
    tags = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return etag in tags or "*" in tags

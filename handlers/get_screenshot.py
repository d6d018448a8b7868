"""GET /recordings/{recordingId}/screenshot: the picture of a recording, as bytes."""

import base64
from http import HTTPStatus
from typing import Any

from handlers.answer import Answer, ProblemError
from handlers.stored_objects import object_at

SCREENSHOT_ROUTE = "/recordings/{recordingId}/screenshot"
# What a picture is served as if `Accept` names it, whatever it was stored as.
PICTURE_TYPES = ("image/webp", "image/jpeg", "image/png")
# API Gateway decodes the base64 of an answer only if the first media type of Accept is one of the
# API's binary types. For any other there is no way to send bytes.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
FIRST_TYPES = (*PICTURE_TYPES, "application/octet-stream", "image/avif", "image/gif")
# A function answers with 6 MB, in which base64 makes four bytes of three; the rest is for headers:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_SCREENSHOT_BYTES = 4_500_000
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


def screenshot_answer(  # noqa: PLR0913 - each is a part of the request
    s3: Any, bucket: str, key: str, *, since_ms: int, accept: str, known_etag: str
) -> Answer:
    """Return the answer with the object `key`, if it was stored since then.

    Raises:
        ProblemError: 404 without a picture, 406 where bytes cannot be sent, 413 for too many.
        ClientError: whatever else S3 says; it is our fault and must not look like a 404.
    """
    found = object_at(s3, bucket, key)
    if found is None or found["LastModified"].timestamp() * 1000 < since_ms:
        raise ProblemError(HTTPStatus.NOT_FOUND, "you have no screenshot of a recording of this id")
    etag = str(found["ETag"])
    headers = {**_HEADERS, "ETag": etag}
    if _names(known_etag, etag):
        return Answer(HTTPStatus.NOT_MODIFIED, headers, "", is_base64=True, log={"bodyChars": 0})
    if accept.partition(",")[0].partition(";")[0].strip().lower() not in FIRST_TYPES:
        raise ProblemError(
            HTTPStatus.NOT_ACCEPTABLE,
            f"the first media type of Accept must be one of {', '.join(FIRST_TYPES)}",
        )
    size = int(found["ContentLength"])
    if size > MAX_SCREENSHOT_BYTES:
        raise ProblemError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"the screenshot has {size} bytes, and at most {MAX_SCREENSHOT_BYTES} can be answered",
        )
    named = (one for one in PICTURE_TYPES if one in accept)
    headers["Content-Type"] = next(named, "application/octet-stream")
    body = base64.b64encode(found["Body"].read()).decode()
    return Answer(HTTPStatus.OK, headers, body, is_base64=True, log={"bodyChars": len(body)})


def _names(if_none_match: str, etag: str) -> bool:
    """Return whether the header names the tag.

    Source: https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match
    """
    tags = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return etag in tags or "*" in tags

"""One CloudFront distribution: request in, answer out. The files come from its bucket."""

import gzip
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

from botocore.exceptions import ClientError

from components.website.website import CACHING_OPTIMIZED
from sandbox.website.edge_function import EdgeFunction, EdgeFunctionError
from sandbox.website.read_access import granted
from sandbox.website.response_headers import policy_headers

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
MIN_COMPRESSED, MAX_COMPRESSED = 1_000, 10_000_000
COMPRESSED_TYPES = {
    *("text/css", "text/html", "text/javascript", "text/plain", "application/javascript"),
    *("application/json", "image/svg+xml"),
}
"""The types of CloudFront's list that a site may have. It has no icons, web manifests or fonts."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Distribution:
    """Answers as CloudFront would on a cache miss.

    It caches compressed files only, so no answer is stale.
    """

    def __init__(self, website: dict[str, Any], s3: Any) -> None:
        """Start it.

        Args:
            website: The resources' inputs: `distribution` with its `arn`, `headers` by their id,
                `function`, `access`, and the bucket's `policy`.
            s3: A boto3 client that may read everything; this class checks what CloudFront may.

        Raises:
            ValueError: A resource has an input that the sandbox does not support.
        """
        behavior = website["distribution"]["defaultCacheBehavior"]
        others: list[dict[str, Any]] = website["distribution"].get("orderedCacheBehaviors") or []
        for one in (behavior, *others):
            if one["cachePolicyId"] != CACHING_OPTIMIZED:
                raise ValueError(
                    f"the sandbox does not support the cache policy {one['cachePolicyId']}"
                )
        for one in others:
            if re.search(r"[*?]", one["pathPattern"]):
                raise ValueError(
                    f"the sandbox takes {one['pathPattern']} for a path, not a pattern"
                )
        (origin,) = website["distribution"]["origins"]
        self._s3 = s3
        self._bucket = origin["domainName"].split(".s3.")[0]
        self._methods: list[str] = behavior["allowedMethods"]
        self._compresses: bool = behavior["compress"]
        policies = {name: policy_headers(one) for name, one in website["headers"].items()}
        self._headers = policies[behavior["responseHeadersPolicyId"]]
        self._headers_by_path = {
            one["pathPattern"]: policies[one["responseHeadersPolicyId"]] for one in others
        }
        signed = website["access"]["signingBehavior"] == "always"
        allowed = granted(website["policy"], website["distribution"]["arn"])
        arn = f"arn:aws:s3:::{self._bucket}"
        self._may_read = signed and ("s3:GetObject", f"{arn}/*") in allowed
        self._may_list = signed and ("s3:ListBucket", arn) in allowed
        self._gzipped: dict[str, bytes] = {}
        self._function = EdgeFunction(website["function"]["code"])

    def answer(self, method: str, raw_path: str, headers: dict[str, str]) -> Answer:
        """Return the answer to a viewer; the names of `headers` are in lower case."""
        if method not in self._methods:
            body = b"This distribution is not configured to allow the HTTP request method"
            return self._with_policy(raw_path, Answer(403, {"Content-Type": "text/plain"}, body))
        try:
            uri = self._function.request({"method": method, "uri": raw_path})["uri"]
        except EdgeFunctionError as error:
            return Answer(503, {"Content-Type": "text/plain"}, f"{error}\n".encode())
        answer = self._from_bucket(unquote(uri.removeprefix("/")))
        if answer.status == 200:
            answer = _not_modified(self._compressed(answer, headers), headers)
        return self._with_policy(raw_path, answer)

    def stop(self) -> None:
        self._function.stop()

    def _from_bucket(self, key: str) -> Answer:
        if not self._may_read:
            return _error(403, "AccessDenied", "Access Denied")
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            if self._may_list:
                return _error(404, "NoSuchKey", "The specified key does not exist.")
            return _error(403, "AccessDenied", "Access Denied")
        headers = {"Content-Type": found["ContentType"], "ETag": found["ETag"]}
        if found.get("CacheControl"):
            headers["Cache-Control"] = found["CacheControl"]
        return Answer(200, headers, found["Body"].read())

    def _compressed(self, answer: Answer, request_headers: dict[str, str]) -> Answer:
        media_type = answer.headers["Content-Type"].partition(";")[0]
        if not self._compresses or media_type not in COMPRESSED_TYPES:
            return answer
        headers = {**answer.headers, "Vary": "Accept-Encoding"}
        fits = MIN_COMPRESSED <= len(answer.body) <= MAX_COMPRESSED
        if not fits or not re.search(r"\bgzip\b(?!;q=0(\.0*)?(,|$))", _encodings(request_headers)):
            return Answer(200, headers, answer.body)
        tag = answer.headers["ETag"]
        headers |= {"Content-Encoding": "gzip", "ETag": f"W/{tag}"}
        if tag not in self._gzipped:
            self._gzipped[tag] = gzip.compress(answer.body, mtime=0)
        return Answer(200, headers, self._gzipped[tag])

    def _with_policy(self, raw_path: str, answer: Answer) -> Answer:
        headers = self._headers_by_path.get(raw_path, self._headers)
        return Answer(answer.status, {**answer.headers, **headers}, answer.body)


def _encodings(request_headers: dict[str, str]) -> str:
    return request_headers.get("accept-encoding", "").replace(" ", "")


def _not_modified(answer: Answer, request_headers: dict[str, str]) -> Answer:
    """Return a 304 if the viewer has the file already, and the answer otherwise."""
    tags = request_headers.get("if-none-match", "").split(",")
    cached = [tag.strip().removeprefix("W/") for tag in tags]
    if answer.headers["ETag"].removeprefix("W/") not in cached and "*" not in cached:
        return answer
    kept = {"ETag", "Cache-Control", "Vary"}
    return Answer(304, {name: one for name, one in answer.headers.items() if name in kept}, b"")


def _error(status: int, code: str, message: str) -> Answer:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    )
    return Answer(status, {"Content-Type": "application/xml"}, body.encode())

"""The sandbox's CloudFront by itself: its function, headers and access, without a cloud."""

import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.website.site_files import MEDIA_TYPES
from components.website.website import CACHING_OPTIMIZED, PAGE_PATHS, read_policy
from sandbox.website.distribution import Distribution
from sandbox.website.edge_function import EdgeFunction, EdgeFunctionError
from sandbox.website.read_access import granted
from sandbox.website.response_headers import policy_headers

ARN = "arn:aws:cloudfront::000000000000:distribution/site"
BUCKET_ARN = "arn:aws:s3:::site-1a2b3c4"


@pytest.fixture(scope="module")
def function() -> Iterator[EdgeFunction]:
    running = EdgeFunction(PAGE_PATHS)
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("uri", "becomes"),
    [
        ("/", "/index.html"),
        ("/recordings", "/index.html"),
        ("/recordings/", "/index.html"),
        ("/recordings/0192-ab_C", "/index.html"),
        ("/a.b/c", "/index.html"),
        ("/index.html", "/index.html"),
        ("/relay.html", "/relay.html"),
        ("/assets/index-5d41402a.css", "/assets/index-5d41402a.css"),
        ("/assets/missing.js", "/assets/missing.js"),
        ("/.well-known/x.json", "/.well-known/x.json"),
    ],
)
def test_a_path_without_a_suffix_is_a_page(function: EdgeFunction, uri: str, becomes: str) -> None:
    made = function.request({"method": "GET", "uri": uri})

    assert (made["method"], made["uri"]) == ("GET", becomes)


def test_the_function_is_within_the_size_limit_of_cloudfront() -> None:
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
    assert len(PAGE_PATHS.encode()) < 10 * 1024


@pytest.mark.parametrize("gone", ["require('fs')", "fetch('x')", "setTimeout(1)", "process.exit()"])
def test_a_function_cannot_use_features_that_cloudfront_lacks(gone: str) -> None:
    running = EdgeFunction(f"function handler(event) {{ {gone}; return event.request; }}")

    try:
        with pytest.raises(EdgeFunctionError, match=r"^ReferenceError: \w+ is not defined$"):
            running.request({"method": "GET", "uri": "/"})
    finally:
        running.stop()


def test_a_function_with_a_syntax_error_is_refused() -> None:
    with pytest.raises(EdgeFunctionError, match=r"^SyntaxError"):
        EdgeFunction("function handler(event) {")


def test_a_call_of_an_ended_function_is_an_error() -> None:
    running = EdgeFunction(PAGE_PATHS)
    running.stop()

    with pytest.raises(EdgeFunctionError, match=r"^the function's process has ended$"):
        running.request({"method": "GET", "uri": "/"})


def test_the_policy_of_the_program_allows_its_distribution_to_read_and_list() -> None:
    policy = read_policy(BUCKET_ARN, ARN)

    assert granted(policy, ARN) == {
        ("s3:GetObject", f"{BUCKET_ARN}/*"),
        ("s3:ListBucket", BUCKET_ARN),
    }
    assert granted(policy, f"{ARN}2") == set()


def test_an_unsupported_statement_is_refused() -> None:
    policy = json.loads(read_policy(BUCKET_ARN, ARN))
    policy["Statement"][1]["Effect"] = "Deny"

    with pytest.raises(ValueError, match=r"^the sandbox does not understand the statement"):
        granted(json.dumps(policy), ARN)


def test_every_kind_of_header_is_written_as_by_cloudfront() -> None:
    security = {
        "contentSecurityPolicy": {"contentSecurityPolicy": "default-src 'none'"},
        "contentTypeOptions": {},
        "referrerPolicy": {"referrerPolicy": "no-referrer"},
        "strictTransportSecurity": {
            "accessControlMaxAgeSec": 60,
            "includeSubdomains": True,
            "preload": True,
        },
    }
    policy = {
        "securityHeadersConfig": {
            kind: {**one, "override": True} for kind, one in security.items()
        },
        "customHeadersConfig": {"items": [{"header": "X-A", "value": "b", "override": True}]},
    }

    assert policy_headers(policy) == {
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=60; includeSubDomains; preload",
        "X-A": "b",
    }


@pytest.mark.parametrize(
    "policy",
    [
        {"corsConfig": {}},
        {"securityHeadersConfig": {"xssProtection": {"override": True}}},
        {"securityHeadersConfig": {"contentTypeOptions": {"override": False}}},
    ],
)
def test_an_unsupported_header_is_refused(policy: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"does not (understand|override)"):
        policy_headers(policy)


class Nothing:
    """An S3 without objects."""

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        said = {"Error": {"Code": "NoSuchKey", "Message": f"{Bucket}/{Key}"}}
        raise ClientError(said, "GetObject")


NOTHING = Nothing()


WIDE = {"header": "X-Wide", "value": "yes", "override": True}


def distribution_of(
    policy: str, cache: str = CACHING_OPTIMIZED, s3: object = NOTHING
) -> Distribution:
    behavior = {
        "cachePolicyId": cache,
        "allowedMethods": ["GET"],
        "compress": True,
        "responseHeadersPolicyId": "usual",
    }
    other = {**behavior, "pathPattern": "/wide.html", "responseHeadersPolicyId": "wide"}
    origin = {"domainName": "site-1a2b3c4.s3.eu-west-1.amazonaws.com"}
    website = {
        "distribution": {
            "defaultCacheBehavior": behavior,
            "orderedCacheBehaviors": [other],
            "origins": [origin],
            "arn": ARN,
        },
        "headers": {"usual": {}, "wide": {"customHeadersConfig": {"items": [WIDE]}}},
        "function": {"code": PAGE_PATHS},
        "access": {"signingBehavior": "always"},
        "policy": policy,
    }
    return Distribution(website, s3)


def test_a_missing_file_is_a_403_without_permission_to_list() -> None:
    policy = json.loads(read_policy(BUCKET_ARN, ARN))
    without_list = json.dumps({**policy, "Statement": policy["Statement"][:2]})
    distributions = [distribution_of(json.dumps(policy)), distribution_of(without_list)]

    statuses = [one.answer("GET", "/x.js", {}).status for one in distributions]

    [one.stop() for one in distributions]
    assert statuses == [404, 403]


def test_a_path_with_headers_of_its_own_has_those_and_no_other_has_them() -> None:
    distribution = distribution_of(read_policy(BUCKET_ARN, ARN))

    answers = [distribution.answer("GET", path, {}) for path in ("/wide.html", "/x.html", "/")]

    distribution.stop()
    assert [one.headers.get("X-Wide") for one in answers] == ["yes", None, None]


def test_an_unknown_cache_policy_is_refused() -> None:
    with pytest.raises(
        ValueError, match=f"^{re.escape('the sandbox does not support the cache policy 1')}$"
    ):
        distribution_of(read_policy(BUCKET_ARN, ARN), "1")


class Files:
    """An S3 with files, which counts reads."""

    def __init__(self, **files: tuple[str, bytes]) -> None:
        self._files = files
        self.read = 0

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert Bucket == "site-1a2b3c4"
        self.read += 1
        media_type, body = self._files[Key.partition(".")[0]]
        tag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
        return {"ContentType": media_type, "ETag": tag, "Body": io.BytesIO(body)}


def encoding_of(media_type: str, size: int) -> str | None:
    distribution = distribution_of(
        read_policy(BUCKET_ARN, ARN), s3=Files(x=(media_type, b"x" * size))
    )
    answer = distribution.answer("GET", "/x.any", {"accept-encoding": "gzip, deflate, br"})
    distribution.stop()
    return answer.headers.get("Content-Encoding")


@pytest.mark.parametrize("suffix", [".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt"])
def test_every_text_type_of_the_site_is_compressed(suffix: str) -> None:
    assert encoding_of(MEDIA_TYPES[suffix], 2_000) == "gzip"


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".woff2", ".ico", ".webmanifest"])
def test_a_type_that_is_not_on_cloudfront_s_list_is_not_compressed(suffix: str) -> None:
    assert encoding_of(MEDIA_TYPES[suffix], 2_000) is None


@pytest.mark.parametrize(
    ("size", "encoding"),
    [(999, None), (1_000, "gzip"), (10_000_000, "gzip"), (10_000_001, None)],
)
def test_a_file_that_is_too_small_or_too_large_is_not_compressed(
    size: int, encoding: str | None
) -> None:
    assert encoding_of("text/css", size) == encoding


def test_a_changed_file_is_compressed_again() -> None:
    s3 = Files(a=("text/css", b"a" * 2_000), b=("text/css", b"b" * 2_000))
    distribution = distribution_of(read_policy(BUCKET_ARN, ARN), s3=s3)
    asks = {"accept-encoding": "gzip"}

    bodies = [
        distribution.answer("GET", path, asks).body for path in ("/a.css", "/b.css", "/a.css")
    ]

    distribution.stop()
    assert [gzip.decompress(body)[:1] for body in bodies] == [b"a", b"b", b"a"]

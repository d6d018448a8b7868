"""Answers of S3 that the emulator does not give, and dots in paths, which some clients resolve."""

import re
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from sandbox.gateway.service import Faults, ServiceAnswer, ServiceCaller
from tests.sandbox.gateway_given import ROLE, calling

# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
TOO_LONG = (400, "KeyTooLongError")
SLOW_DOWN = (503, "SlowDown")
DENIED = (403, "AccessDenied")
LISTING = "/a-bucket?list-type=2&max-keys=0"


def asked(caller: ServiceCaller, path: str, *, query: str = "", method: str = "GET"):
    """Return the answer of S3 to a request without headers and body."""
    return caller.object(method, path, query, ROLE, {}, b"")


def error_of(answer: ServiceAnswer) -> tuple[int, str]:
    """Return status and code of an error in S3's XML."""
    assert answer.headers == {"content-type": "application/xml"}
    code = re.fullmatch(
        rb'<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>(\w+)</Code></Error>', answer.body
    )
    assert code, answer.body
    return answer.status, code[1].decode()


class Bucket:
    """An S3 with one status for objects and one for listings, which keeps the request targets."""

    def __init__(self, status: int = 200, *, listing: int = 200) -> None:
        self.targets: list[str] = []
        self._status = status
        self._listing = listing

    def __call__(self, request: httpx.Request) -> httpx.Response:
        target = request.extensions["target"].decode("ascii")
        self.targets.append(target)
        is_listing = "list-type=2" in target
        return httpx.Response(self._listing if is_listing else self._status, text="as S3 says it")


def resolving(answer: Callable[[httpx.Request], httpx.Response]) -> ServiceCaller:
    return replace(calling(answer), resolves_dots=True)


def test_an_answer_of_s3_is_passed_on_unchanged() -> None:
    bucket = Bucket(418)

    answer = asked(calling(bucket), "/a-bucket/key", query="versionId=1")

    assert (answer.status, answer.body) == (418, b"as S3 says it")
    assert bucket.targets == ["/a-bucket/key?versionId=1"]


# -- limits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("character", "size"), [("a", 1), ("%61", 1), ("/", 1), ("%C3%A9", 2), ("%F0%9F%98%80", 4)]
)
def test_a_key_may_have_1024_bytes_before_encoding(character: str, size: int) -> None:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
    key = character * (1024 // size)
    bucket = Bucket()

    fits = asked(calling(bucket), f"/a-bucket/{key}")
    is_too_long = asked(calling(bucket), f"/a-bucket/{key}a")

    assert (fits.status, error_of(is_too_long)) == (200, TOO_LONG)
    assert bucket.targets == [f"/a-bucket/{key}"]


def test_bucket_name_and_query_do_not_count_as_key() -> None:
    bucket = Bucket()
    path = f"/{'b' * 63}/{'k' * 1024}"

    assert asked(calling(bucket), path, query=f"x={'y' * 2000}").status == 200


# -- faults ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/a-bucket/key", f"/a-bucket/{'k' * 2000}"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_the_throttling_fault_of_s3_answers_slow_down(method: str, path: str) -> None:
    bucket = Bucket()
    caller = calling(bucket, faults=Faults(throttled={"s3"}))

    assert error_of(asked(caller, path, method=method)) == SLOW_DOWN
    assert bucket.targets == []


def test_a_fault_of_another_service_does_not_affect_s3() -> None:
    caller = calling(Bucket(), faults=Faults(throttled={"kinesis"}, unreachable={"dynamodb"}))

    assert asked(caller, "/a-bucket/key").status == 200


# -- missing keys ----------------------------------------------------------------------------------


@pytest.mark.parametrize("listing", [403, 404, 500])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_missing_key_is_a_403_to_a_role_that_may_not_list(method: str, listing: int) -> None:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    bucket = Bucket(404, listing=listing)

    assert error_of(asked(calling(bucket), "/a-bucket/a/key?x=1", method=method)) == DENIED
    assert bucket.targets == ["/a-bucket/a/key?x=1", LISTING]


def test_a_missing_key_is_a_404_to_a_role_that_may_list() -> None:
    answer = asked(calling(Bucket(404)), "/a-bucket/a/key")

    assert (answer.status, answer.body) == (404, b"as S3 says it")


def test_the_list_permission_is_tested_with_credentials_of_the_role() -> None:
    roles: list[str] = []

    def assumed(role_arn: str) -> Credentials:
        roles.append(role_arn)
        return Credentials("key", "secret")

    asked(calling(Bucket(404), credentials=assumed), "/a-bucket/key")

    assert roles == [ROLE, ROLE]


@pytest.mark.parametrize("status", [200, 304, 400, 403, 412, 500])
def test_only_a_404_causes_a_listing(status: int) -> None:
    bucket = Bucket(status, listing=403)

    assert asked(calling(bucket), "/a-bucket/key").status == status
    assert bucket.targets == ["/a-bucket/key"]


# -- dots ------------------------------------------------------------------------------------------

DOTS = [
    ("/b/a/../c", "/b/c"),
    ("/b/a/./c", "/b/a/c"),
    ("/b/a/b/c/./../../g", "/b/a/g"),
    ("/b/mid/content=5/../6", "/b/mid/6"),
    ("/b/a//../c", "/b/a/c"),
    ("/b//a", "/b//a"),
    ("/b/a/", "/b/a/"),
    ("/b/a/.", "/b/a/"),
    ("/b/a/..", "/b/"),
    ("/b/a/../../other/key", "/other/key"),
    ("/b/../../../other/key", "/other/key"),
    ("/b/.a/..b/c../...", "/b/.a/..b/c../..."),
    ("/b/a/%2E%2E/c", "/b/a/%2E%2E/c"),
]


@pytest.mark.parametrize(("path", "resolved"), DOTS)
def test_dots_are_resolved_if_the_client_resolves_them(path: str, resolved: str) -> None:
    # https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4
    bucket = Bucket()

    asked(resolving(bucket), path)

    assert bucket.targets == [resolved]


@pytest.mark.parametrize("path", [path for path, _ in DOTS])
def test_dots_are_sent_unchanged_if_the_client_does_not_resolve_them(path: str) -> None:
    bucket = Bucket()

    asked(calling(bucket), path)

    assert bucket.targets == [path]


@pytest.mark.parametrize(
    ("path", "resolved"),
    [("/b/..", "/"), ("/b/../..", "/"), ("/b/../c", "/c"), ("/b", "/b"), ("/b/.", "/b/")],
)
@pytest.mark.parametrize("status", [200, 404])
def test_a_path_without_a_key_after_resolution_is_sent(
    path: str, resolved: str, status: int
) -> None:
    bucket = Bucket(status)

    assert asked(resolving(bucket), path).status == status
    assert bucket.targets[0] == resolved


@given(st.lists(st.sampled_from(["", ".", "..", "a", "b"]), min_size=1).map("/".join))
def test_a_resolved_path_has_no_dots_left_and_is_stable(rest: str) -> None:
    bucket = Bucket()
    caller = resolving(bucket)

    asked(caller, f"/bucket/{rest}")
    asked(caller, bucket.targets[0])

    first, second = bucket.targets
    assert first.startswith("/")
    assert not {".", ".."} & set(first.split("/"))
    assert second == first


def test_the_key_is_measured_and_its_bucket_listed_after_dots_are_resolved() -> None:
    bucket = Bucket(404)
    long = "k" * (1024 - 1)

    assert asked(resolving(bucket), f"/b/{long}/../../a-bucket/{long}").status == 404
    assert bucket.targets == [f"/a-bucket/{long}", LISTING]

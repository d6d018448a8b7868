"""What visitors are told when a name, a checksum or a service is wrong: each answer, written down.

Pages of any origin may read every answer, which `Write.answer` checks.
"""

import base64
import gzip
import hashlib
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from sandbox.server import Sandbox
from tests.e2e.answers import Answer
from tests.e2e.two_sites import (
    SHOP_KEY,
    UNKNOWN_KEY,
    Bucket,
    Write,
    append,
    checksum,
    create,
    every_write,
    facts,
    head_asset,
    recordings,
    sha256,
    two_sites,
)
from tests.e2e.user import new_id

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

# Above what the other tests ask of this operation.
BURST = 60


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    limits = f'["headSiteAsset=1/{BURST}"]'
    with two_sites(tmp_path_factory.mktemp("refusals"), operationLimits=limits) as running:
        yield running


@pytest.fixture
def untroubled(shops: Sandbox) -> Iterator[Sandbox]:
    """Return the sandbox for a test that breaks it; every fault is off again after."""
    timeout_s = shops.gateway.services.timeout_s
    yield shops
    shops.cloud.resume()
    shops.gateway.services.timeout_s = timeout_s
    shops.faults.throttled.clear()
    shops.faults.unreachable.clear()


# The answers of a recording, facts and a batch. A template says which part of a path is wrong; the
# API's policy, which stands in front of S3, does not know.
TAKEN = ["201", "200", "200"]
TOLD = ["400 recordingId", "400 recordingId", "403 path"]
IDS = {
    "one character": ("x", TAKEN),
    "64 characters": ("Az09-_" + "x" * 58, TAKEN),
    "65 characters": ("a" * 65, TOLD),
    "a dot": ("a.b", TOLD),
    "an apostrophe": ("a'b", TOLD),
    # S3 takes these: the batch of a recording that nobody can create.
    "a variable": ("$x", ["400 recordingId", "400 recordingId", "200"]),
    "a star": ("*", ["400 recordingId", "400 recordingId", "200"]),
    "a blank": ("a%20b", TOLD),
    "a slash": ("a%2Fb", TOLD),
    "a slash, encoded twice": ("a%252Fb", TOLD),
    "a parent folder": ("%2e%2e", TOLD),
    "another recording by a parent folder": ("a%2F..%2Fb", TOLD),
    "a quote": ("a%22b", TOLD),
    "a line break at its end": ("a%0A", TOLD),
    "NUL": ("%00", TOLD),
    "an emoji": ("%F0%9F%9A%A2", TOLD),
    "no UTF-8": ("%FF", TOLD),
    "none": ("", ["403 no route"] * 3),
}


@pytest.mark.parametrize(("recording_id", "answers"), IDS.values(), ids=IDS)
def test_an_id_is_taken_or_refused(shops: Sandbox, recording_id: str, answers: list[str]) -> None:
    bucket = Bucket(shops)
    writes = [one(SHOP_KEY, recording_id) for one in (create, facts, append)]

    assert [one.said(shops) for one in writes] == answers

    assert recordings(shops, recording_id) == ({"site#shop": SHOP_KEY} if answers == TAKEN else {})
    own = f"rrweb/recordings/siteKey={SHOP_KEY}/sessionId={recording_id}/batch/000000000"
    assert bucket.new() == ([own] if answers[2] == "200" else [])


def picture() -> bytes:
    """Return bytes whose checksum is spelt otherwise in base64 for URLs.

    It starts with no `+`, which a query reads as a blank, and a header would lose.
    """
    while True:
        body = b"\xff\xd8\xff\xe0" + new_id().encode()
        if checksum(body)[0] != "+" and {"+", "/"} <= set(checksum(body)):
            return body


def of_url(body: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode()


# S3 may say of a text that is no SHA-256 that it is none, or that the body has another one.
NONE_OR_OTHER = {"400 checksum", "400 other bytes"}
# What API Gateway makes of a value that no header may hold is not documented.
NO_HEADER = {"200", "400 checksum", "400 other bytes", "502 Internal server error"}
CHECKSUMS: dict[str, tuple[Callable[[bytes], str], set[str]]] = {
    "right": (lambda body: f"?checksum={quote(checksum(body), safe='')}", {"200"}),
    "not there": (lambda _: "", {"200"}),
    "empty": (lambda _: "?checksum=", {"200", *NONE_OR_OTHER}),
    "without a value": (lambda _: "?checksum", {"200", *NONE_OR_OTHER}),
    "of other bytes": (
        lambda body: f"?checksum={quote(checksum(body + b'x'), safe='')}",
        {"400 other bytes"},
    ),
    "in base64 for URLs": (lambda body: f"?checksum={of_url(body)}", NONE_OR_OTHER),
    "not encoded": (lambda body: f"?checksum={checksum(body)}", NONE_OR_OTHER),
    "without its end": (lambda body: f"?checksum={quote(checksum(body)[:-1])}", NONE_OR_OTHER),
    "in hex": (lambda body: f"?checksum={sha256(body)}", NONE_OR_OTHER),
    "nonsense": (lambda _: "?checksum=nonsense", NONE_OR_OTHER),
    "with a header": (lambda _: "?checksum=x%0D%0Ax-amz-acl:%20public-read", NO_HEADER),
    "an emoji": (lambda _: "?checksum=%F0%9F%9A%A2", NO_HEADER),
    "NUL": (lambda _: "?checksum=%00", NO_HEADER),
}


@pytest.mark.parametrize(("query", "answers"), CHECKSUMS.values(), ids=CHECKSUMS)
def test_an_asset_is_stored_if_its_checksum_is_right_or_missing(
    shops: Sandbox, query: Callable[[bytes], str], answers: set[str]
) -> None:
    body, bucket = picture(), Bucket(shops)

    answer = asset(sha256(body), body, query(body)).said(shops)

    assert answer in answers
    own = f"rrweb/assets/siteKey={SHOP_KEY}/{sha256(body)}"
    assert bucket.new() == ([own] if answer == "200" else [])


def asset(name: str, body: bytes, query: str = "") -> Write:
    return Write(
        operation_id="putSiteAsset",
        target=f"{SHOP_KEY}/assets/{name}{query}",
        body=body,
        content_type="image/png",
    )


# The answers to storing an asset of this name and to asking whether it is there.
NAMES = {
    "63 digits": ("a" * 63, "400 sha256", "403"),
    "65 digits": ("a" * 65, "403 path", "403"),
    "a star": ("*", "400 sha256", "403"),
    "a parent folder": ("%2e%2e", "403 path", "403"),
    "a slash": ("a" * 62 + "%2F", "403 path", "403"),
    "NUL": ("a" * 63 + "%00", "403 path", "403"),
    "none": ("", "403 no route", "403"),
    # S3 takes any 64 characters: watchers get only what its name is the SHA-256 of.
    "of other bytes": ("0" * 64, "200", "200"),
    "in capitals": ("A" * 64, "200", "200"),
    "no hex": ("g" * 64, "200", "200"),
}


@pytest.mark.parametrize(("name", "put", "head"), NAMES.values(), ids=NAMES)
def test_an_assets_name_has_64_characters(shops: Sandbox, name: str, put: str, head: str) -> None:
    bucket = Bucket(shops)

    assert asset(name, b"\xff\xd8").said(shops) == put
    assert head_asset(SHOP_KEY, name).said(shops) == head

    own = f"rrweb/assets/siteKey={SHOP_KEY}/{name}"
    assert bucket.new() == ([own] if put == "200" else [])


# The answers of a recording and of a batch.
ENCODINGS = {
    "gzip": (gzip.compress(b"{}"), ["201", "200"]),
    "identity": (b"{}", ["201", "200"]),
    "br": (b"{}", ["415 type", "415 type"]),
    "x": (b"{}", ["415 type", "415 type"]),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_content_encoding_is_undone_or_refused(shops: Sandbox, encoding: str) -> None:
    body, answers = ENCODINGS[encoding]

    said = [
        one(SHOP_KEY, new_id(), body).said(shops, **{"Content-Encoding": encoding})
        for one in (create, append)
    ]

    assert said == answers


def test_a_throttled_service_is_a_429_that_says_when_to_come_back(untroubled: Sandbox) -> None:
    untroubled.faults.throttled.update({"s3", "dynamodb"})

    answers = answers_of(untroubled)

    assert [one.status for one in answers] == [429] * 5
    assert {one.headers["retry-after"] for one in answers} == {"1"}


def answers_of(shops: Sandbox) -> list[Answer]:
    return [one.answer(shops) for one in every_write(SHOP_KEY, new_id())]


def test_a_service_that_cannot_be_reached_is_a_502(untroubled: Sandbox) -> None:
    untroubled.faults.unreachable.update({"s3", "dynamodb"})

    assert [one.status for one in answers_of(untroubled)] == [502] * 5


def test_a_service_that_does_not_answer_is_a_504(untroubled: Sandbox) -> None:
    answers_of(untroubled)  # so that no credential is missing
    untroubled.gateway.services.timeout_s = 0.5
    untroubled.cloud.pause()

    assert [one.status for one in answers_of(untroubled)] == [504] * 5


def test_over_an_operations_limit_a_visitor_is_told_to_come_back(shops: Sandbox) -> None:
    asked = [head_asset(SHOP_KEY, "0" * 64).answer(shops) for _ in range(2 * BURST)]

    refused = [one for one in asked if one.status == 429]
    assert refused
    assert {one.headers["retry-after"] for one in refused} == {"1"}


@pytest.mark.parametrize("path", ["", UNKNOWN_KEY, f"{SHOP_KEY}/recordings", f"{SHOP_KEY}/x/y/z"])
def test_there_is_no_other_route_for_visitors(shops: Sandbox, path: str) -> None:
    write = Write(operation_id="none", target=path, body=b"{}")

    assert write.said(shops) == "403 no route"

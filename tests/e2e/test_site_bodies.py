"""What visitors may send to a site, and what hostile ones get: each answer, written down.

Whatever is stored lies under the write key's own prefix, whoever sent it.
"""

import dataclasses
import gzip
import http.client
import random
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import pytest

from sandbox.gateway.undecided import Undecided
from sandbox.server import Sandbox
from tests.e2e.two_sites import (
    BATCH,
    FIRST,
    SHOP_KEY,
    TEXT,
    Bucket,
    Write,
    append,
    asset_of,
    create,
    facts,
    put_asset,
    two_sites,
)
from tests.e2e.user import new_id

pytestmark = [pytest.mark.e2e, pytest.mark.sandbox_only]

PACKED = gzip.compress(BATCH * 50, mtime=0)
NOISE = random.Random(1).randbytes(9_900_000)
OVER_THE_GATEWAYS_LIMIT = NOISE + NOISE[:1_000_000]
OWN = f"rrweb/(recordings|assets)/siteKey={SHOP_KEY}/"
JSON_WANTED = (
    "400 The body must be one JSON object with no other members than startedAtMs, pageUrl, "
    "pageTitle, userAgent, viewport, visitorId."
)
FACTS_WANTED = (
    "400 The body must be one JSON object with no other members than durationMs, clicks, "
    "rageClicks, deadClicks, errors, failedRequests, slowRequests, lcpMs, inpMs, clsThousandths, "
    "leftAfterMs, user, browser, device, language, connection, pages, tags, events."
)


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with two_sites(tmp_path_factory.mktemp("bodies")) as running:
        yield running


@contextmanager
def assuming(sandbox: Sandbox, *, strips: bool) -> Generator[None]:
    """Let the gateway take a media type with parameters for that type, or for another one."""
    before = sandbox.gateway.api
    undecided = Undecided(strips_media_type_parameters=strips)
    sandbox.gateway.api = dataclasses.replace(before, undecided=undecided)
    try:
        yield
    finally:
        sandbox.gateway.api = before


def each_write(recording_id: str, content_type: str | None) -> list[Write]:
    """Return a recording, facts, a batch of lines, a packed batch and an asset."""
    return [
        create(SHOP_KEY, recording_id, content_type=content_type),
        facts(SHOP_KEY, recording_id, content_type=content_type),
        append(SHOP_KEY, recording_id, content_type=content_type),
        append(SHOP_KEY, recording_id, PACKED, content_type, sequence="000000001"),
        put_asset(SHOP_KEY, asset_of(recording_id), content_type),
    ]


TAKEN = ["201", "200", "200", "200", "200"]
REFUSED = ["415 type"] * 5
# A batch of another type that API Gateway passes on as bytes is the client's own: it is stored.
AS_BYTES = ["415 type", "415 type", "200", "200", "200"]
# Bytes that were taken for text: gzip and a picture are altered, and refused.
AS_TEXT = ["201", "200", "200", "415 type", "415 type"]
# A type that nobody writes; the asset's checksum shows that it was altered.
ALTERED = ["415 type", "415 type", "200", "200", "400 other bytes"]
# Content-Type -> the answers of `each_write`, if parameters are stripped and if they are not.
TYPES: dict[str, tuple[str | None, list[str], list[str]]] = {
    "plain": (TEXT, TAKEN, TAKEN),
    "plain in capitals": ("Text/PLAIN", TAKEN, TAKEN),
    "plain with a charset": ("text/plain; charset=utf-8", TAKEN, AS_TEXT),
    "plain with a charset in capitals": ("text/plain;charset=UTF-8", TAKEN, AS_TEXT),
    "JSON": ("application/json", REFUSED, REFUSED),
    "none": (None, REFUSED, REFUSED),
    "empty": ("", REFUSED, REFUSED),
    "a form": ("application/x-www-form-urlencoded", REFUSED, REFUSED),
    "a picture": ("image/png", AS_BYTES, AS_BYTES),
    "gzip": ("application/gzip", AS_BYTES, AS_BYTES),
    "a picture with scripts": ("image/svg+xml", REFUSED, REFUSED),
    "a form of parts": ("multipart/form-data", REFUSED, REFUSED),
    "a form of parts with its boundary": ("multipart/form-data; boundary=x", REFUSED, ALTERED),
    "two types": ("text/plain, image/png", ALTERED, ALTERED),
}


@pytest.mark.parametrize("strips", [True, False])
@pytest.mark.parametrize("kind", TYPES)
def test_a_content_type_is_taken_or_refused_whatever_its_parameters_mean(
    shops: Sandbox, kind: str, *, strips: bool
) -> None:
    content_type, if_stripped, if_not = TYPES[kind]
    answers, bucket = (if_stripped if strips else if_not), Bucket(shops)

    with assuming(shops, strips=strips):
        said = [one.said(shops) for one in each_write(new_id(), content_type)]

    # Without a recording there is none to hold facts.
    assert said == answers
    assert len(bucket.new()) == said[2:].count("200")
    assert [key for key in bucket.new() if not re.match(OWN, key)] == []


@pytest.mark.parametrize("strips", [True, False])
@pytest.mark.parametrize("content_type", [TEXT, "text/plain;charset=UTF-8"])
def test_a_batch_is_stored_byte_for_byte(
    shops: Sandbox, content_type: str, *, strips: bool
) -> None:
    body, recording_id = '{"n":"$input.body #set(\\" 🚢 é"}\n'.encode(), new_id()

    with assuming(shops, strips=strips):
        assert append(SHOP_KEY, recording_id, body, content_type).said(shops) == "200"

    assert stored(shops, recording_id) == body


def stored(shops: Sandbox, recording_id: str) -> bytes:
    """Return the first batch of a recording, as S3 has it."""
    key = f"rrweb/recordings/siteKey={SHOP_KEY}/sessionId={recording_id}/batch/{FIRST}"
    s3, bucket = shops.cloud.client("s3"), shops.exports["bucketName"]
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


BODIES: dict[str, tuple[bytes, list[str]]] = {
    # The answers of a recording, facts about it and a batch.
    "nothing": (b"", ["201", "400 no facts", "200"]),
    "an empty object": (b"{}", ["201", "400 no facts", "200"]),
    "a list": (b"[]", [JSON_WANTED, FACTS_WANTED, "200"]),
    "null": (b"null", [JSON_WANTED, FACTS_WANTED, "200"]),
    "a text": (b'"x"', [JSON_WANTED, FACTS_WANTED, "200"]),
    "no JSON": (b"nonsense{", [JSON_WANTED, FACTS_WANTED, "200"]),
    "two objects": (b"{}{}", [JSON_WANTED, FACTS_WANTED, "200"]),
    "lines": (BATCH, [JSON_WANTED, FACTS_WANTED, "200"]),
    "gzip": (PACKED, [JSON_WANTED, FACTS_WANTED, "200"]),
    "half a member of gzip": (PACKED[: len(PACKED) // 2], [JSON_WANTED, FACTS_WANTED, "200"]),
    "NUL": (bytes(9), [JSON_WANTED, FACTS_WANTED, "200"]),
    "no UTF-8": (b'{"pageTitle":"\xff"}', ["201", FACTS_WANTED, "200"]),
    "a byte order mark": (b"\xef\xbb\xbf{}", [JSON_WANTED, FACTS_WANTED, "200"]),
    "20,000 lists in each other": (
        b"[" * 20_000 + b"]" * 20_000,
        [JSON_WANTED, FACTS_WANTED, "200"],
    ),
    "an unknown member": (b'{"owner":"site#shop2"}', [JSON_WANTED, FACTS_WANTED, "200"]),
    "more than 64 KiB": (b" " * 70_000 + b"{}", ["413 size", "413 size", "200"]),
    "9.9 MB": (NOISE, ["413 size", "413 size", "200"]),
}


@pytest.mark.parametrize(("body", "answers"), BODIES.values(), ids=BODIES)
def test_a_body_is_checked_where_it_is_json_and_kept_as_it_is_where_it_is_a_batch(
    shops: Sandbox, body: bytes, answers: list[str]
) -> None:
    """What a batch holds, the reader finds out: a broken one is skipped there."""
    recording_id, bucket = new_id(), Bucket(shops)
    assert create(SHOP_KEY, recording_id).said(shops) == "201"

    said = [
        create(SHOP_KEY, new_id(), body).said(shops),
        facts(SHOP_KEY, recording_id, body).said(shops),
        append(SHOP_KEY, recording_id, body).said(shops),
    ]

    assert said == answers
    assert stored(shops, recording_id) == body
    assert len(bucket.new()) == 1


def test_over_the_gateways_limit_nothing_is_stored_and_a_page_sees_a_network_error(
    shops: Sandbox,
) -> None:
    """AWS lets nobody change this answer: it has no CORS headers."""
    bucket, url = Bucket(shops), urlsplit(shops.api_url)
    connection = http.client.HTTPConnection(url.netloc, timeout=30)
    target = append(SHOP_KEY, new_id()).target

    connection.request(
        "POST", f"{url.path}/w/{target}", OVER_THE_GATEWAYS_LIMIT, {"Content-Type": TEXT}
    )

    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Access-Control-Allow-Origin")) == (413, None)
    connection.close()
    assert bucket.new() == []


def test_a_batch_is_stored_once_and_a_second_changes_nothing(shops: Sandbox) -> None:
    recording_id = new_id()
    assert append(SHOP_KEY, recording_id, b'{"n":1}\n').said(shops) == "200"

    assert append(SHOP_KEY, recording_id, b'{"n":2}\n').said(shops) == "412 stored"

    assert stored(shops, recording_id) == b'{"n":1}\n'


SEQUENCES = {
    "the first": ("000000000", "200"),
    "the last": ("999999999", "200"),
    "one digit": ("0", "400 sequence"),
    "eight digits": ("00000000", "400 sequence"),
    "ten digits": ("0000000000", "400 sequence"),
    "a sign": ("%2B00000001", "403 path"),
    "digits that are not ASCII": (quote("٠" * 9), "403 path"),
    "an encoded digit": ("00000000%30", "403 path"),
    "NUL": ("00000000%00", "403 path"),
    "a line break at its end": ("000000000%0A", "403 path"),
    "a slash": ("0000%2F0000", "403 path"),
    "a parent folder": ("%2e%2e", "403 path"),
    "a dot": ("000000000.gz", "403 path"),
    "a star": ("*", "400 sequence"),
    "a variable": ("$seq", "400 sequence"),
    # S3 takes any nine characters: no batch of such a name is ever read.
    "a minus": ("-00000001", "200"),
    "a letter": ("00000000a", "200"),
    "nine stars": ("*" * 9, "200"),
    # Nothing of the query is passed on.
    "another call of S3": ("000000003?acl", "200"),
    "a part of an upload": ("000000003?partNumber=1&uploadId=x", "200"),
    "a version": ("000000003?versionId=x&x-id=DeleteObject", "200"),
}


@pytest.mark.parametrize(("sequence", "answer"), SEQUENCES.values(), ids=SEQUENCES)
def test_a_batch_without_nine_digits_is_never_in_the_way(
    shops: Sandbox, sequence: str, answer: str
) -> None:
    recording_id, bucket = new_id(), Bucket(shops)

    assert append(SHOP_KEY, recording_id, sequence=sequence).said(shops) == answer

    name, _, _ = sequence.partition("?")
    own = f"rrweb/recordings/siteKey={SHOP_KEY}/sessionId={recording_id}/batch/{name}"
    assert bucket.new() == ([own] if answer == "200" else [])

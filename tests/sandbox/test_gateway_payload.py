"""Bodies: their size, their Content-Encoding, and text or binary."""

import base64
import gzip
import json
import zlib

import pytest

from sandbox.gateway.errors import GatewayError
from sandbox.gateway.gateway import Gateway
from sandbox.gateway.payload import MAX_PAYLOAD_BYTES, decoded, is_binary, media_type
from sandbox.gateway.request import Answer
from sandbox.gateway.undecided import Undecided
from tests.sandbox.gateway_given import (
    UNSUPPORTED,
    FakeServices,
    ask,
    aws,
    mock,
    problem_of,
    said,
    serving_one,
)

BINARY = ["application/gzip", "image/*"]
TEMPLATES = dict.fromkeys(("application/json", "application/gzip", "image/png"), "$input.body")


def received(body: bytes, *, handling: str | None = None, **headers: str) -> str:
    """Return the body that a template gets."""
    services = FakeServices()
    extra = {"contentHandling": handling} if handling else {}
    gateway = serving_one(
        aws(requestTemplates=TEMPLATES, **extra), services, binary_media_types=BINARY
    )
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = ask(gateway, body, headers=sent)
    assert answer.status == 200, answer.body
    return services.sent[0].body


def is_too_large(answer: Answer) -> bool:
    """Return whether this is the 413 that no gateway response can change: without CORS headers.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    cors = [name for name in answer.headers if name.lower().startswith("access-control")]
    return (answer.status, json.loads(answer.body), cors) == (
        413,
        {"message": "Request Too Long"},
        [],
    )


@pytest.fixture
def echo() -> Gateway:
    return serving_one(mock(200))


def test_ten_megabytes_pass(echo: Gateway) -> None:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
    assert ask(echo, b"x" * MAX_PAYLOAD_BYTES).status == 200


def test_a_byte_more_than_ten_megabytes_is_a_413_without_cors(echo: Gateway) -> None:
    assert is_too_large(ask(echo, b"x" * (MAX_PAYLOAD_BYTES + 1)))


def test_a_large_body_is_refused_before_routing(echo: Gateway) -> None:
    assert is_too_large(ask(echo, b"x" * (MAX_PAYLOAD_BYTES + 1), path="/v1/nothing"))


# Content-Encoding, all of it:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        ("gzip", gzip.compress(b"[1]")),
        (" GZip ", gzip.compress(b"[1]")),
        ("deflate", zlib.compress(b"[1]")),
        ("gzip", gzip.compress(b"[") + gzip.compress(b"1]")),
        ("identity", b"[1]"),
        ("", b"[1]"),
    ],
    ids=["gzip", "case", "deflate", "two members", "identity", "none"],
)
def test_a_content_encoding_is_decoded_before_any_template(coding: str, coded: bytes) -> None:
    assert received(coded, content_encoding=coding) == "[1]"


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        ("gzip", b"[1]"),
        ("gzip", b""),
        ("gzip", gzip.compress(b"[1]")[:-1]),
        ("gzip", gzip.compress(b"[1]")[:-8] + b"\0" * 8),
        ("gzip", gzip.compress(b"[1]") + b"[2]"),
        ("deflate", b"[1]"),
        ("br", b"[1]"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"[1]"))),
    ],
    ids=["text", "empty", "cut", "checksum", "rest", "no deflate", "unknown", "twice"],
)
def test_a_broken_or_unknown_content_encoding_is_a_415(
    echo: Gateway, coding: str, coded: bytes
) -> None:
    assert problem_of(ask(echo, coded, headers={"content-encoding": coding})) == UNSUPPORTED


@pytest.mark.parametrize("members", [1, 2], ids=["one member", "two members"])
def test_a_decompression_bomb_is_a_413(echo: Gateway, members: int) -> None:
    bomb = gzip.compress(b"\0" * (MAX_PAYLOAD_BYTES // members + 1)) * members

    assert is_too_large(ask(echo, bomb, headers={"content-encoding": "gzip"}))


def test_a_body_may_decompress_to_exactly_the_limit() -> None:
    assert len(decoded(gzip.compress(b"\0" * MAX_PAYLOAD_BYTES), "gzip")) == MAX_PAYLOAD_BYTES


def test_a_decompression_bomb_is_not_decompressed_whole() -> None:
    with pytest.raises(GatewayError) as failure:
        decoded(gzip.compress(b"\0" * (20 * MAX_PAYLOAD_BYTES), compresslevel=1), "gzip")

    assert failure.value.response_type == "REQUEST_TOO_LARGE"


# Text and binary, all of it:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html


def test_a_binary_body_reaches_the_template_as_base64_when_converted() -> None:
    body = bytes(range(256))

    seen = received(body, handling="CONVERT_TO_TEXT", content_type="application/gzip")

    assert seen == base64.b64encode(body).decode()


def test_a_wildcard_matches_binary_types() -> None:
    seen = received(b"\xff", handling="CONVERT_TO_TEXT", content_type="Image/PNG; q=1")

    assert seen == "/w=="


def test_a_template_for_an_unconverted_binary_body_is_an_error() -> None:
    gateway = serving_one(aws(requestTemplates=TEMPLATES), binary_media_types=BINARY)

    answer = ask(gateway, b"\xff", headers={"content-type": "image/png"})

    assert problem_of(answer) == (
        500,
        "Internal Server Error",
        "Unable to transform request: the body is binary, and there is a template",
    )


@pytest.mark.parametrize("handling", [None, "CONVERT_TO_TEXT"])
@pytest.mark.parametrize("text", ["[1]", "é😀\u2028", "\x00", "\r\n", "$x #end"])
def test_a_text_body_reaches_the_template_unchanged(handling: str | None, text: str) -> None:
    assert received(text.encode(), handling=handling, content_type="application/json") == text


def test_invalid_utf8_in_text_is_replaced() -> None:
    assert received(b"a\xff\xc3(") == "a\ufffd\ufffd("


@pytest.mark.parametrize("content_type", ["application/json", "application/gzip"])
def test_an_empty_body_reads_as_an_empty_object(content_type: str) -> None:
    # AWS gives {} for an empty payload; put_record.vtl works with either.
    assert received(b"", handling="CONVERT_TO_TEXT", content_type=content_type) == "{}"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("", "application/json"),
        (" ", "application/json"),
        ("; charset=utf-8", "application/json"),
        ("APPLICATION/Json ;charset=UTF-8", "application/json"),
        ("text/plain,application/json", "text/plain,application/json"),
    ],
)
def test_the_default_media_type_is_json_and_parameters_are_ignored(header: str, kind: str) -> None:
    assert media_type(header, Undecided()) == kind


@pytest.mark.parametrize(
    ("kind", "binary"),
    [
        ("application/gzip", True),
        ("image/png", True),
        ("application/gzip2", False),
        ("applicationXgzip", False),
        ("video/image/x", False),
        ("", False),
    ],
)
def test_a_binary_media_type_must_match_completely(kind: str, binary: bool) -> None:
    assert is_binary(kind, BINARY) is binary


# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-receive-response-with-compressed-payload.html


@pytest.mark.parametrize("accept", ["gzip", "br, gzip", "deflate, gzip;q=1.0", "gzip;q=0.5"])
def test_an_answer_is_compressed_for_a_client_that_accepts_gzip(accept: str) -> None:
    services = FakeServices(says=said(200, [1]))
    gateway = serving_one(aws(), services, minimum_compression_size=0)

    answer = ask(gateway, headers={"accept-encoding": accept})

    assert (answer.headers["Content-Encoding"], gzip.decompress(answer.body)) == ("gzip", b"[1]")


@pytest.mark.parametrize(
    ("accept", "minimum"),
    [("", 0), ("br", 0), ("gzip;q=0", 0), ("gzip; q=0.0, br", 0), ("xgzipx", 0), ("gzip", None)],
)
def test_an_answer_is_not_compressed_for_other_clients_or_below_the_minimum(
    accept: str, minimum: int | None
) -> None:
    gateway = serving_one(
        aws(), FakeServices(says=said(200, [1])), minimum_compression_size=minimum
    )

    answer = ask(gateway, headers={"accept-encoding": accept})

    assert (answer.headers.get("Content-Encoding"), answer.body) == (None, b"[1]")


def test_a_short_answer_is_not_compressed() -> None:
    gateway = serving_one(aws(), FakeServices(says=said(200, [1])), minimum_compression_size=4)

    assert ask(gateway, headers={"accept-encoding": "gzip"}).body == b"[1]"

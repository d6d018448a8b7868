"""The conversion of bodies between bytes, text and base64.

Source, row by row:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
"""

import base64
import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.gateway.api import Document
from sandbox.gateway.request import Answer
from sandbox.gateway.service import ServiceAnswer
from tests.sandbox.gateway_given import (
    REGION,
    ROLE,
    FakeServices,
    ask,
    aws,
    calling,
    problem_of,
    serving_one,
)

TO_BINARY = "CONVERT_TO_BINARY"
TO_TEXT = "CONVERT_TO_TEXT"
IMAGES = ["image/*", "application/gzip"]
TEXT = b"aMOp"  # also the base64 of DECODED
DECODED = "hé".encode()
BYTES = b"\x89PNG\xff"
AS_BASE64 = base64.b64encode(BYTES)
NO_BASE64 = (500, "Internal Server Error", "Unable to base64 decode the body")


def listed(types: list[str] | None) -> dict[str, object]:
    """Return the field of a body that names its binary media types, if it has one."""
    return {} if types is None else {"binary_media_types": types}


def handled(handling: str | None) -> Document:
    return {} if handling is None else {"contentHandling": handling}


def exchanged(
    body: bytes, content_type: str | None, types: list[str] | None, handling: str | None
) -> tuple[Answer, list[bytes]]:
    """Return the answer to a body without a template, and the bodies that S3 received."""
    sent: list[bytes] = []

    def s3(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(200)

    integration = aws(
        uri=f"arn:aws:apigateway:{REGION}:s3:path/a-bucket/key",
        credentials=ROLE,
        passthroughBehavior="when_no_match",
        requestTemplates={},
        **handled(handling),
    )
    headers = {} if content_type is None else {"content-type": content_type}
    gateway = serving_one(integration, calling(s3), **listed(types))
    return ask(gateway, body, headers=headers), sent


# -- requests --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type", "types", "handling", "expected"),
    [
        (TEXT, "text/plain", None, None, TEXT),
        (TEXT, "image/png", None, None, TEXT),
        (TEXT, "text/plain", None, TO_BINARY, DECODED),
        (TEXT, "image/png", None, TO_BINARY, DECODED),
        (TEXT, "text/plain", None, TO_TEXT, TEXT),
        (TEXT, "image/png", None, TO_TEXT, TEXT),
        (TEXT, "text/plain", IMAGES, None, TEXT),
        (TEXT, "text/plain", IMAGES, TO_BINARY, DECODED),
        (TEXT, "text/plain", IMAGES, TO_TEXT, TEXT),
        (BYTES, "image/png", IMAGES, None, BYTES),
        (BYTES, "image/png", IMAGES, TO_BINARY, BYTES),
        (BYTES, "image/png", IMAGES, TO_TEXT, AS_BASE64),
    ],
)
def test_a_request_is_converted_as_in_the_table_of_aws(
    body: bytes,
    content_type: str,
    types: list[str] | None,
    handling: str | None,
    expected: bytes,
) -> None:
    answer, sent = exchanged(body, content_type, types, handling)

    assert (answer.status, sent) == (200, [expected])


@pytest.mark.parametrize("types", [None, [], IMAGES])
def test_bytes_of_an_unlisted_type_are_decoded_as_utf8(types: list[str] | None) -> None:
    assert exchanged(BYTES, "application/pdf", types, None)[1] == ["\ufffdPNG\ufffd".encode()]


@pytest.mark.parametrize("content_type", ["IMAGE/PNG", "image/png; q=1", " application/gzip "])
def test_a_listed_type_matches_in_any_case_and_with_parameters(content_type: str) -> None:
    assert exchanged(BYTES, content_type, IMAGES, None)[1] == [BYTES]


@pytest.mark.parametrize(
    ("types", "expected"),
    [(["application/json"], BYTES), (["*/*"], BYTES), (IMAGES, "\ufffdPNG\ufffd".encode())],
)
def test_a_request_without_a_type_is_json(types: list[str], expected: bytes) -> None:
    assert exchanged(BYTES, None, types, None)[1] == [expected]


@pytest.mark.parametrize("body", [b"a", b"aGk", b"aGk=\n", b"aG k=", b"aGk=aGk=", b"-_--", b"\xff"])
def test_invalid_base64_in_a_request_cannot_be_converted_to_binary(body: bytes) -> None:
    answer, sent = exchanged(body, "text/plain", IMAGES, TO_BINARY)

    assert (problem_of(answer), sent) == (NO_BASE64, [])


@pytest.mark.parametrize("content_type", ["text/plain", "image/png"])
@pytest.mark.parametrize("handling", [None, TO_BINARY, TO_TEXT])
def test_an_empty_body_stays_empty(handling: str | None, content_type: str) -> None:
    answer, sent = exchanged(b"", content_type, IMAGES, handling)

    assert (answer.status, sent) == (200, [b""])


@given(st.binary())
def test_any_bytes_of_a_listed_type_are_passed_on_unchanged(body: bytes) -> None:
    assert exchanged(body, "image/png", IMAGES, None)[1] == [body]


@given(st.binary())
def test_bytes_converted_to_text_are_the_same_when_converted_back(body: bytes) -> None:
    (text,) = exchanged(body, "image/png", IMAGES, TO_TEXT)[1]

    assert exchanged(text, "text/plain", IMAGES, TO_BINARY)[1] == [body]


@pytest.mark.parametrize("body", [BYTES, b'{"StreamName": "\xff"}', b"\xed\xa0\x80"])
def test_an_action_refuses_a_binary_body(body: bytes) -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"nothing should be sent: {request}")

    integration = aws(passthroughBehavior="when_no_match", requestTemplates={})
    gateway = serving_one(integration, calling(never), binary_media_types=IMAGES)

    answer = ask(gateway, body, headers={"content-type": "image/png"})

    assert json.loads(answer.body) == {"__type": "SerializationException", "message": ""}


# -- answers ---------------------------------------------------------------------------------------


def answered(
    body: bytes,
    content_type: str,
    accept: str | None,
    types: list[str] | None,
    response: Document,
) -> Answer:
    """Return the answer that a client gets to a service's body."""
    says = ServiceAnswer(200, {"content-type": content_type}, body)
    integration = aws(responses={"default": {"statusCode": "200", **response}})
    gateway = serving_one(integration, FakeServices(says=says), **listed(types))
    return ask(gateway, headers={} if accept is None else {"accept": accept})


PLAIN = "text/plain"
IMAGE = "image/png"


@pytest.mark.parametrize(
    ("body", "content_type", "accept", "types", "handling", "expected"),
    [
        (TEXT, PLAIN, PLAIN, None, None, TEXT),
        (TEXT, IMAGE, PLAIN, None, None, TEXT),
        (BYTES, IMAGE, PLAIN, None, None, "\ufffdPNG\ufffd".encode()),
        (TEXT, PLAIN, PLAIN, None, TO_BINARY, DECODED),
        (TEXT, IMAGE, PLAIN, None, TO_BINARY, DECODED),
        (TEXT, PLAIN, PLAIN, None, TO_TEXT, TEXT),
        (BYTES, IMAGE, PLAIN, None, TO_TEXT, "\ufffdPNG\ufffd".encode()),
        (TEXT, PLAIN, PLAIN, IMAGES, None, TEXT),
        (TEXT, PLAIN, PLAIN, IMAGES, TO_BINARY, DECODED),
        (TEXT, PLAIN, PLAIN, IMAGES, TO_TEXT, TEXT),
        (TEXT, PLAIN, IMAGE, IMAGES, None, DECODED),
        (TEXT, PLAIN, IMAGE, IMAGES, TO_BINARY, DECODED),
        (TEXT, PLAIN, IMAGE, IMAGES, TO_TEXT, TEXT),
        (BYTES, IMAGE, PLAIN, IMAGES, None, AS_BASE64),
        (BYTES, IMAGE, PLAIN, IMAGES, TO_BINARY, BYTES),
        (BYTES, IMAGE, PLAIN, IMAGES, TO_TEXT, AS_BASE64),
        (BYTES, IMAGE, IMAGE, IMAGES, None, BYTES),
        (BYTES, IMAGE, IMAGE, IMAGES, TO_BINARY, BYTES),
        (BYTES, IMAGE, IMAGE, IMAGES, TO_TEXT, AS_BASE64),
    ],
)
def test_an_answer_is_converted_as_in_the_table_of_aws(
    body: bytes,
    content_type: str,
    accept: str,
    types: list[str] | None,
    handling: str | None,
    expected: bytes,
) -> None:
    answer = answered(body, content_type, accept, types, handled(handling))

    assert (answer.status, answer.body) == (200, expected)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, AS_BASE64),
        ("*/*", AS_BASE64),
        ("text/html,image/png", AS_BASE64),
        ("image/webp,text/html", BYTES),
        ("Image/PNG;q=0.1, */*", BYTES),
        ("application/gzip", BYTES),
        ("application/gzip, text/html", BYTES),
    ],
)
def test_only_the_first_accepted_type_counts(accept: str | None, expected: bytes) -> None:
    assert answered(BYTES, IMAGE, accept, IMAGES, {}).body == expected


@pytest.mark.parametrize(
    ("accept", "types", "handling"),
    [(PLAIN, None, TO_BINARY), (PLAIN, IMAGES, TO_BINARY), (IMAGE, IMAGES, None)],
)
def test_invalid_base64_in_an_answer_cannot_be_converted_to_binary(
    accept: str, types: list[str] | None, handling: str | None
) -> None:
    answer = answered(b'{"no": "base64"}', PLAIN, accept, types, handled(handling))

    assert problem_of(answer) == NO_BASE64


# -- answers with a template -----------------------------------------------------------------------


def shaped(template: str, handling: str | None = None) -> Document:
    return {"responseTemplates": {"application/json": template}, **handled(handling)}


@pytest.mark.parametrize("accept", [None, PLAIN, IMAGE])
def test_a_response_template_gets_converted_bytes_as_base64(accept: str | None) -> None:
    answer = answered(BYTES, IMAGE, accept, IMAGES, shaped('{"data": "$input.body"}', TO_TEXT))

    assert json.loads(answer.body) == {"data": AS_BASE64.decode()}


@pytest.mark.parametrize("accept", [PLAIN, IMAGE])
def test_a_response_template_gets_text_unchanged(accept: str) -> None:
    answer = answered(TEXT, PLAIN, accept, IMAGES, shaped("<$input.body>", TO_TEXT))

    assert answer.body == b"<aMOp>"


@pytest.mark.parametrize("handling", [None, TO_BINARY])
def test_a_response_template_for_unconverted_bytes_is_an_error(handling: str | None) -> None:
    answer = answered(BYTES, IMAGE, IMAGE, IMAGES, shaped("$input.body", handling))

    assert problem_of(answer) == (
        500,
        "Internal Server Error",
        "Unable to transform response: the body is binary, and there is a template",
    )

"""The templates of the integrations with S3, which has no JSON of its own."""

import base64

import pytest
from hypothesis import given

from components.api.mapping_template import TEMPLATES, Constant, mapping_template
from tests.vtl import HOSTILE, problem, rendered

TYPES = ["image/webp", "image/jpeg", "image/png"]
GET_OBJECT = mapping_template(TEMPLATES / "get_object.vtl", mediaTypes=TYPES)
PROBLEM = mapping_template(TEMPLATES / "put_object_problem.vtl")
SERVICE = problem(502, "Bad Gateway", "S3 did not take the body. Send it again.")
CHECKSUM = "Nothing was stored: the checksum must be the base64 of a SHA-256."


def served_as(accept: str, *, name: str = "Accept") -> str:
    """Return what S3 is asked to say of an object's type."""
    answer = rendered(GET_OBJECT, headers={name: accept})
    assert answer.text.strip() == ""
    return answer.request["querystring"]["response-content-type"]


@pytest.mark.parametrize("accept", ["image/webp", "image/jpeg", "image/png"])
@pytest.mark.parametrize("name", ["Accept", "accept"])
def test_an_object_is_served_as_the_type_that_was_asked_for(accept: str, name: str) -> None:
    assert served_as(accept, name=name) == accept
    assert served_as(f"text/html, {accept};q=0.5, */*", name=name) == accept


@pytest.mark.parametrize(
    "accept", ["", "*/*", "image/*", "text/html", "image/svg+xml", "application/xhtml+xml", "png"]
)
def test_any_other_type_is_bytes(accept: str) -> None:
    assert served_as(accept) == "application/octet-stream"


@given(HOSTILE)
def test_whatever_is_asked_for_the_type_is_one_of_the_list(accept: str) -> None:
    assert served_as(accept) in {*TYPES, "application/octet-stream"}


@pytest.mark.parametrize(
    ("sent", "overridden"),
    [
        ({}, {}),
        ({"If-None-Match": '"e1"'}, {}),
        ({"if-none-match": '"e1"'}, {"If-None-Match": '"e1"'}),
        ({"if-none-match": ""}, {}),
        ({"If-None-Match": '"e1"', "if-none-match": '"e2"'}, {}),
    ],
)
def test_an_etag_reaches_s3_in_either_spelling_of_its_header(
    sent: dict[str, str], overridden: dict[str, str]
) -> None:
    answer = rendered(GET_OBJECT, headers=sent)

    assert answer.request["header"] == overridden


def test_a_refused_body_goes_to_s3_as_what_it_is_sure_to_refuse() -> None:
    answer = rendered(mapping_template(TEMPLATES / "put_object_refused.vtl"), "<script>")

    assert answer.text.strip() == ""
    assert answer.request["header"]["x-amz-storage-class"] == "REFUSED"
    zeros = base64.b64decode(answer.request["header"]["x-amz-checksum-sha256"], validate=True)
    assert zeros == bytes(32)


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        (
            "BadDigest",
            "Nothing was stored: the body is not the one that its checksum names.",
        ),
        ("InvalidRequest", CHECKSUM),
        ("InvalidDigest", CHECKSUM),
        ("KeyTooLongError", "Nothing was stored: the path is too long."),
    ],
)
def test_what_s3_refuses_for_the_request_is_named(code: str, detail: str) -> None:
    answer = rendered(PROBLEM, f"<Error><Code>{code}</Code></Error>")

    assert (answer.status, answer.json) == (400, problem(400, "Bad Request", detail))


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidToken", "RequestTimeout", "New", ""])
def test_what_s3_refuses_for_another_reason_is_ours(code: str) -> None:
    answer = rendered(PROBLEM, f"<Error><Code>{code}</Code></Error>")

    assert (answer.status, answer.json) == (502, SERVICE)


def test_a_refused_media_type_is_said_to_be_one() -> None:
    answer = rendered(PROBLEM, "<Error><Code>InvalidStorageClass</Code></Error>")

    detail = "Nothing was stored: send the bytes with a Content-Type that this operation lists."
    assert (answer.status, answer.json) == (415, problem(415, "Unsupported Media Type", detail))


@given(HOSTILE)
def test_nothing_that_s3_says_gets_into_the_problem(said: str) -> None:
    assert rendered(PROBLEM, said).json == SERVICE


def test_a_refusal_by_status_says_what_its_component_says() -> None:
    constants: dict[str, Constant] = {
        "status": 412,
        "title": "Precondition Failed",
        "detail": "It is there.",
    }

    answer = rendered(mapping_template(TEMPLATES / "problem.vtl", **constants), "<Error/>")

    assert answer.json == problem(412, "Precondition Failed", "It is there.")

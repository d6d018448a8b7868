"""The request to S3 of a path integration: path, query, headers, body and signature.

Sources:
https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hashlib
import hmac
import re
from urllib.parse import quote, unquote_to_bytes

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.gateway.api import Document
from tests.sandbox.gateway_given import (
    REGION,
    ROLE,
    FakeServices,
    ask,
    calling,
    problem_of,
    serving_one,
)

THING_ID = {"integration.request.path.thingId": "method.request.path.thingId"}
NOT_CONFIGURED = (500, "Internal Server Error", "Internal server error")


def to_s3(key: str = "things/{thingId}", **fields: object) -> Document:
    """Return an integration with one object of `a-bucket`; `fields` differ."""
    return {
        "type": "aws",
        "httpMethod": "PUT",
        "uri": f"arn:aws:apigateway:{REGION}:s3:path/a-bucket/{key}",
        "credentials": ROLE,
        "passthroughBehavior": "when_no_match",
        "requestParameters": THING_ID,
        "responses": {"default": {"statusCode": "200"}},
        **fields,
    }


class S3:
    """A gateway with one integration, and the requests that S3 received."""

    def __init__(self, integration: Document, **fields: object) -> None:
        self.sent: list[httpx.Request] = []
        self.gateway = serving_one(integration, calling(self._fine), **fields)

    def _fine(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        return httpx.Response(200)

    def got(self, gateway_path: str = "/v1/things/1", body: bytes = b"") -> httpx.Request:
        """Return the request that S3 receives for one request to the gateway."""
        self.sent.clear()
        answer = ask(self.gateway, body, path=gateway_path, headers={"x-here": "here"})
        assert answer.status == 200, answer.body
        (request,) = self.sent
        return request

    def target(self, gateway_path: str = "/v1/things/1") -> str:
        """Return the path and query on the wire."""
        return self.got(gateway_path).extensions["target"].decode("ascii")


@pytest.mark.parametrize("method", ["PUT", "GET", "HEAD", "DELETE"])
def test_the_method_is_that_of_the_integration(method: str) -> None:
    assert S3(to_s3(httpMethod=method)).got().method == method


@pytest.mark.parametrize(
    ("sent", "on_the_wire"),
    [
        ("1", "1"),
        ("Az09-_.~", "Az09-_.~"),
        ("a%20b", "a%20b"),
        ("a+b", "a%2Bb"),
        ("a%2Bb", "a%2Bb"),
        ("%61", "a"),
        ("%2561", "%2561"),
        ("a%3Fb%23c", "a%3Fb%23c"),
        ("a&b=c;d:e@f,g", "a%26b%3Dc%3Bd%3Ae%40f%2Cg"),
        ("%C3%A9", "%C3%A9"),
        ("%FF", "%EF%BF%BD"),
        ("%00", "%00"),
        ("%0d%0aX-Evil:%201", "%0D%0AX-Evil%3A%201"),
        ("{userId}", "%7BuserId%7D"),
        (r"\1\g<0>", "%5C1%5Cg%3C0%3E"),
    ],
)
def test_a_parameter_is_decoded_once_and_encoded_once(sent: str, on_the_wire: str) -> None:
    assert S3(to_s3()).target(f"/v1/things/{sent}") == f"/a-bucket/things/{on_the_wire}"


@pytest.mark.parametrize("sent", ["a%2Fb", "a%2fb"])
def test_an_encoded_slash_separates_parts_of_the_key(sent: str) -> None:
    assert S3(to_s3()).target(f"/v1/things/{sent}") == "/a-bucket/things/a/b"


@pytest.mark.parametrize("sent", ["..", "%2e%2e", ".%2E"])
def test_dots_are_sent_unchanged(sent: str) -> None:
    assert S3(to_s3("things/{thingId}/x")).target(f"/v1/things/{sent}") == "/a-bucket/things/../x"


def test_every_placeholder_in_the_path_is_filled() -> None:
    mapping = {
        **THING_ID,
        "integration.request.path.stage": "context.stage",
        "integration.request.path.fixed": "'a b'",
    }

    target = S3(to_s3("{stage}/x={thingId}/{thingId}{fixed}", requestParameters=mapping)).target()

    assert target == "/a-bucket/v1/x%3D1/1a%20b"


def test_a_placeholder_inside_a_parameter_is_not_filled() -> None:
    mapping = {**THING_ID, "integration.request.path.secret": "'secret'"}
    s3 = S3(to_s3("{thingId}/{secret}", requestParameters=mapping))

    assert s3.target("/v1/things/%7Bsecret%7D") == "/a-bucket/%7Bsecret%7D/secret"


def test_an_unmapped_placeholder_is_a_500() -> None:
    services = FakeServices()

    answer = ask(serving_one(to_s3("things/{thingId}/{other}"), services))

    assert problem_of(answer) == (*NOT_CONFIGURED[:2], "Nothing is mapped to {other}")
    assert services.sent == []


def test_a_path_integration_with_another_service_is_a_500() -> None:
    services = FakeServices()
    uri = f"arn:aws:apigateway:{REGION}:sqs:path/a-queue"

    answer = ask(serving_one(to_s3(uri=uri), services))

    assert problem_of(answer) == (*NOT_CONFIGURED[:2], "The sandbox does not support paths of sqs")
    assert services.sent == []


def test_only_mapped_query_parameters_are_sent() -> None:
    mapping = {
        **THING_ID,
        "integration.request.querystring.response-content-type": "'text/x; a=\"b c\"&d+~'",
        "integration.request.querystring.versionId": "method.request.path.thingId",
        "integration.request.querystring.absent": "method.request.header.X-There",
    }
    s3 = S3(to_s3(requestParameters=mapping))

    status = ask(s3.gateway, path="/v1/things/%C3%A9", query="acl=&versionId=2").status

    path, _, asked = s3.sent[0].extensions["target"].partition(b"?")
    assert (status, path) == (200, b"/a-bucket/things/%C3%A9")
    assert asked.split(b"&") == [
        b"response-content-type=text%2Fx%3B%20a%3D%22b%20c%22%26d%2B~",
        b"versionId=%C3%A9",
    ]


def test_only_mapped_headers_are_sent() -> None:
    mapping = {
        **THING_ID,
        "integration.request.header.If-None-Match": "'*'",
        "integration.request.header.X-Mapped": "method.request.header.x-here",
        "integration.request.header.X-Absent": "method.request.header.X-There",
    }

    request = S3(to_s3(requestParameters=mapping)).got()

    of_http = {"host", "accept", "accept-encoding", "connection", "user-agent", "content-length"}
    of_the_signature = {"authorization", "x-amz-date", "x-amz-security-token"}
    assert set(request.headers) - of_http - of_the_signature - {"x-amz-content-sha256"} == {
        "if-none-match",
        "x-mapped",
    }
    assert (request.headers["if-none-match"], request.headers["x-mapped"]) == ("*", "here")


def put(s3: S3, body: bytes) -> list[bytes]:
    """Return the bodies that S3 receives for an image."""
    answer = ask(s3.gateway, body, headers={"content-type": "image/png"})
    assert answer.status == 200, answer.body
    return [request.content for request in s3.sent]


def test_a_binary_body_is_sent_byte_for_byte() -> None:
    s3 = S3(to_s3(), binary_media_types=["image/*"])

    assert put(s3, bytes(range(256))) == [bytes(range(256))]


def test_a_body_of_a_non_binary_type_is_decoded_as_text() -> None:
    s3 = S3(to_s3(), binary_media_types=["image/webp"])

    assert put(s3, b"\x89PNG\xff") == ["\ufffdPNG\ufffd".encode()]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def signature_of(request: httpx.Request, secret: str) -> str:
    """Return the signature that S3 expects, computed from the bytes on the wire."""
    path, _, query = request.extensions["target"].decode("ascii").partition("?")
    names = re.findall(r"SignedHeaders=([^,]+)", request.headers["authorization"])[0]
    signed = [f"{name}:{request.headers[name].strip()}\n" for name in names.split(";")]
    pairs = "&".join(sorted(query.split("&")))
    parts = (request.method, path, pairs, "".join(signed), names, sha256(request.content))
    stamp = request.headers["x-amz-date"]
    scope = (stamp[:8], REGION, "s3", "aws4_request")
    text = "\n".join(
        ("AWS4-HMAC-SHA256", stamp, "/".join(scope), sha256("\n".join(parts).encode()))
    )
    key = f"AWS4{secret}".encode()
    for part in (*scope, text):
        key = hmac.digest(key, part.encode(), "sha256")
    return key.hex()


SIGNED = S3(
    to_s3(
        "things/{thingId}/x",
        requestParameters={
            **THING_ID,
            "integration.request.querystring.b": "method.request.path.thingId",
            "integration.request.querystring.a": "'1'",
            "integration.request.header.Content-Type": "'image/png'",
        },
    )
)


@given(st.text(min_size=1, max_size=80), st.text())
def test_any_path_reaches_s3_unchanged_and_correctly_signed(thing_id: str, body: str) -> None:
    request = SIGNED.got(f"/v1/things/{quote(thing_id, safe='')}", body.encode())

    path = request.extensions["target"].partition(b"?")[0]
    assert re.fullmatch(rb"/a-bucket/things/([A-Za-z0-9/._~-]|%[0-9A-F]{2})+/x", path)
    assert unquote_to_bytes(path) == f"/a-bucket/things/{thing_id}/x".encode()
    assert request.headers["authorization"].endswith(
        f"Signature={signature_of(request, f'secret of {ROLE}')}"
    )


def test_the_signature_covers_the_security_relevant_headers() -> None:
    headers = SIGNED.got("/v1/things/..").headers

    names = re.findall(r"SignedHeaders=([^,]+)", headers["authorization"])[0].split(";")
    assert {"host", "content-type", "x-amz-content-sha256", "x-amz-date"} <= set(names)
    assert headers["x-amz-security-token"] == "token"
    assert re.search(rf"Credential=key/\d{{8}}/{REGION}/s3/aws4_request,", headers["authorization"])


@pytest.mark.parametrize(
    ("place", "on_the_wire"),
    [
        ("path.thingId", b"/a-bucket/things/%3F"),
        ("querystring.x", b"/a-bucket/things/1?x=%3F"),
    ],
)
def test_an_unpaired_surrogate_becomes_a_question_mark_in_a_url(
    place: str, on_the_wire: bytes
) -> None:
    template = f"#set($context.requestOverride.{place} = $input.path('$.x'))"
    s3 = S3(to_s3(requestTemplates={"application/json": template}))

    status = ask(s3.gateway, b'{"x": "\\ud800"}').status

    assert (status, [one.extensions["target"] for one in s3.sent]) == (200, [on_the_wire])

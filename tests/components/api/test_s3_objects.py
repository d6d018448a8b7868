"""S3PutObject, S3GetObject and S3HeadObject."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components.api.mapping_template import TEMPLATES, template_text
from components.api.object_key import UserKey
from components.api.s3_get_object import S3GetObject, S3GetObjectArgs
from components.api.s3_head_object import S3HeadObject, S3HeadObjectArgs
from components.api.s3_put_object import REFUSED_MEDIA_TYPES, S3PutObject, S3PutObjectArgs
from tests.components.given import BUCKET_ARN, bucket, role_arn, statements, trust_of, trusted
from tests.engine import REGION, SUFFIX, Engine, deploy

KEY = UserKey(prefix="notes", name="{noteId}")
OBJECTS = f"{BUCKET_ARN}/notes/userId=*/*"
URI = f"arn:aws:apigateway:{REGION}:s3:path/recordings{SUFFIX}/notes/userId={{userId}}/{{noteId}}"
PATH = {
    "integration.request.path.userId": "context.authorizer.claims.sub",
    "integration.request.path.noteId": "method.request.path.noteId",
}
READS = [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": OBJECTS},
    {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": BUCKET_ARN},
]


def put(name: str, static_headers: dict[str, str] | None = None) -> S3PutObject:
    args = S3PutObjectArgs(
        bucket=bucket(), region=REGION, key=KEY, static_headers=static_headers or {}
    )
    return S3PutObject(name, args)


def get(name: str, media_types: tuple[str, ...] = ("image/png", "image/webp")) -> S3GetObject:
    args = S3GetObjectArgs(
        bucket=bucket(), region=REGION, key=KEY, media_types=media_types, not_found="No such note."
    )
    return S3GetObject(name, args)


def head(name: str) -> S3HeadObject:
    return S3HeadObject(name, S3HeadObjectArgs(bucket=bucket(), region=REGION, key=KEY))


Component = S3PutObject | S3GetObject | S3HeadObject


def deployed(make: Callable[[], Component]) -> Engine:
    return deploy(lambda: pulumi.export("integration", make().integration))


def integration(make: Callable[[], Component]) -> dict[str, Any]:
    return deployed(make).exports["integration"]


def statuses(one: dict[str, Any]) -> dict[str, str]:
    return {pattern: response["statusCode"] for pattern, response in one["responses"].items()}


def test_a_writer_may_put_objects_of_that_key_and_nothing_else() -> None:
    engine = deployed(lambda: put("put-note"))

    assert statements(engine, "put-note") == [
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": OBJECTS}
    ]
    assert trusted(engine, "put-note") == trust_of("apigateway.amazonaws.com")


@pytest.mark.parametrize("make", [get, head])
def test_a_reader_may_get_them_and_know_which_are_missing(make: Callable[[str], Component]) -> None:
    engine = deployed(lambda: make("read-note"))

    assert statements(engine, "read-note") == READS
    assert trusted(engine, "read-note") == trust_of("apigateway.amazonaws.com")


def test_the_bytes_are_put_as_they_come_and_text_is_refused() -> None:
    one = integration(lambda: put("put-note"))

    assert {name: one[name] for name in ("type", "httpMethod", "uri", "credentials")} == {
        "type": "aws",
        "httpMethod": "PUT",
        "uri": URI,
        "credentials": role_arn("put-note"),
    }
    assert one["passthroughBehavior"] == "when_no_match"
    assert "contentHandling" not in one
    assert one["requestTemplates"] == dict.fromkeys(
        REFUSED_MEDIA_TYPES, template_text(TEMPLATES / "put_object_refused.vtl")
    )
    assert one["requestParameters"] == {
        **PATH,
        "integration.request.header.Content-Type": "method.request.header.Content-Type",
        "integration.request.header.x-amz-checksum-sha256": (
            "method.request.header.x-amz-checksum-sha256"
        ),
    }
    assert statuses(one) == {r"2\d{2}": "200", "400": "400", "503": "429", "default": "502"}


def test_a_write_on_condition_says_when_it_did_not_happen() -> None:
    one = integration(lambda: put("put-note", {"If-None-Match": "*"}))

    assert one["requestParameters"]["integration.request.header.If-None-Match"] == "'*'"
    assert {statuses(one)[status] for status in ("409", "412")} == {"409", "412"}


def test_bytes_are_got_as_one_of_the_types_and_never_as_another() -> None:
    one = integration(lambda: get("get-note"))

    assert (one["httpMethod"], one["uri"]) == ("GET", URI)
    assert one["requestTemplates"] == {
        "application/json": f'#set($mediaTypes = ["image/png", "image/webp"])\n'
        f"{template_text(TEMPLATES / 'get_object.vtl')}"
    }
    assert one["requestParameters"] == {
        **PATH,
        "integration.request.querystring.response-content-type": "'application/octet-stream'",
        "integration.request.header.If-None-Match": "method.request.header.If-None-Match",
    }
    assert one["responses"][r"2\d{2}"]["contentHandling"] == "CONVERT_TO_BINARY"
    assert statuses(one) == {
        r"2\d{2}": "200",
        **{status: status for status in ("304", "400", "404")},
        "503": "429",
        "default": "502",
    }


@pytest.mark.parametrize(
    "hostile", ["text/html", "image/svg+xml", "application/xhtml+xml", "application/javascript"]
)
def test_a_type_that_a_browser_would_run_is_refused(hostile: str) -> None:
    with pytest.raises(ValueError, match=r"^media_types must be inert"):
        deployed(lambda: get("get-note", ("image/png", hostile)))


def test_a_head_has_no_body_in_any_case() -> None:
    one = integration(lambda: head("head-note"))

    assert (one["httpMethod"], one["requestTemplates"]) == ("HEAD", {})
    assert [r for r in one["responses"].values() if "responseTemplates" in r] == []
    assert statuses(one) == {
        r"2\d{2}": "200",
        "400": "400",
        "404": "404",
        "503": "429",
        "default": "502",
    }

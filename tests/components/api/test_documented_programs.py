"""docs/components.md: each program builds an API, and does what the page says of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote

import httpx
import pytest
from botocore.session import Session
from botocore.validate import ParamValidator

from components.api.dynamo_action import DynamoActionArgs
from components.api.kinesis_put_record import KinesisPutRecordArgs
from components.api.rest_api import RestApiArgs
from components.api.s3_get_object import S3GetObjectArgs
from components.api.s3_put_object import S3PutObjectArgs
from components.api.service_action import ActionArgs, ActionTemplates, ErrorAnswer
from components.api.step_functions_start_execution import StepFunctionsStartExecutionArgs
from sandbox.gateway.api import Api
from sandbox.gateway.authorizer import CognitoAuthorizer
from sandbox.gateway.gateway import Gateway
from sandbox.gateway.request import Answer
from sandbox.gateway.service import ServiceAnswer, ServiceCaller
from sandbox.program import PROJECT
from tests.components.given import statements
from tests.engine import REGION, Engine, deploy
from tests.sandbox.gateway_given import FakeServices, Sent, ask, calling, said

DOCUMENT = (PROJECT / "docs" / "components.md").read_text(encoding="utf-8")
SECTIONS: dict[str, str] = dict(
    re.findall(
        r"^##+ ([^\n]+)\n(?:(?!^##+ ).)*?^```python\n(.*?)^```$",
        DOCUMENT,
        re.DOTALL | re.MULTILINE,
    )
)
USER = "11111111-2222-3333-4444-555555555555"
HOSTILE = "a\"b'c\\d$e#f\n😀"
NOTHING = said(200, {})
URL_HOSTILE = "a%22b%27c%5Cd$e%23f%0A%F0%9F%98%80"


@cache
def built(heading: str) -> Engine:
    """Return what the section's program registers, run as it stands there."""
    code = compile(SECTIONS[heading], f"docs/components.md, {heading}", "exec")
    return deploy(lambda: exec(code, {"__name__": "__main__"}))  # noqa: S102 - our own document


@dataclass(frozen=True)
class Exchange:
    answer: Answer
    sent: list[Sent]

    @property
    def json(self) -> Any:
        return json.loads(self.answer.body)


def call(
    heading: str,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    query: str = "",
    says: ServiceAnswer = NOTHING,
    headers: Mapping[str, str] | None = None,
    services: ServiceCaller | None = None,
) -> Exchange:
    """Return the answer of the section's API to a signed-in user, and what the service got."""
    engine = built(heading)
    (api,) = engine.of_type("aws:apigateway/restApi:RestApi").values()
    (stage,) = engine.of_type("aws:apigateway/stage:Stage").values()
    fake = FakeServices(says=says)
    gateway = Gateway(
        Api(
            body=json.loads(api["body"]),
            stage="v1",
            stage_variables=stage.get("variables", {}),
            region=REGION,
        ),
        services or fake,
        cognito_url="http://cognito.invalid",
        operator_keys={},
    )
    sent_headers = headers or ({"Content-Type": "application/json"} if body else {})
    with patch.object(CognitoAuthorizer, "claims", return_value={"sub": USER}):
        answer = ask(
            gateway, body, method=method, path=f"/v1{path}", query=query, headers=sent_headers
        )
    return Exchange(answer, fake.sent)


def valid(service: str, sent: Sent) -> dict[str, Any]:
    """Return what was sent, which is an input that the service's own model takes."""
    document = json.loads(sent.body)
    model = Session().get_service_model(service).operation_model(sent.what)
    assert model.input_shape
    report = ParamValidator().validate(document, model.input_shape)
    assert not report.has_errors(), report.generate_report()
    return document


def test_every_integration_has_its_program() -> None:
    assert list(SECTIONS) == [
        "Kinesis PutRecord",
        *(f"DynamoDB {one}" for one in ("PutItem", "GetItem", "UpdateItem", "Query", "Scan")),
        "Step Functions StartExecution",
        "Objects of S3, byte for byte",
    ]


@pytest.mark.parametrize(
    ("heading", "role", "allowed"),
    [
        ("Kinesis PutRecord", "put-click", ["kinesis:PutRecord"]),
        ("DynamoDB PutItem", "put-note", ["dynamodb:PutItem"]),
        ("DynamoDB GetItem", "get-note", ["dynamodb:GetItem"]),
        ("DynamoDB UpdateItem", "change-note", ["dynamodb:UpdateItem"]),
        ("DynamoDB Query", "list-notes", ["dynamodb:Query"]),
        ("DynamoDB Scan", "scan-notes", ["dynamodb:Scan"]),
        ("Step Functions StartExecution", "make-report", ["states:StartExecution"]),
        ("Objects of S3, byte for byte", "put-picture", ["s3:PutObject"]),
        ("Objects of S3, byte for byte", "get-picture", ["s3:GetObject", "s3:ListBucket"]),
        ("Objects of S3, byte for byte", "head-picture", ["s3:GetObject", "s3:ListBucket"]),
    ],
)
def test_a_role_may_do_what_the_page_says_of_it(
    heading: str, role: str, allowed: list[str]
) -> None:
    actions = [one["Action"] for one in statements(built(heading), role)]

    assert actions == allowed
    page = DOCUMENT.partition(f" {heading}\n")[2]
    assert [one for one in actions if f"`{one}`" not in page] == []


def test_a_click_is_put_on_the_stream() -> None:
    click = call(
        "Kinesis PutRecord",
        "POST",
        "/clicks",
        b'{"page": "/"}',
        says=said(200, {"SequenceNumber": "1", "ShardId": "s"}),
    )

    assert (click.answer.status, click.json) == (202, {"sequenceNumber": "1"})
    record = valid("kinesis", click.sent[0])
    assert record["StreamName"] == "clicks-1a2b3c4"
    assert record["Data"] == "eyJwYWdlIjogIi8ifQ=="


@pytest.mark.parametrize(
    ("service", "status"),
    [
        (said(400, {"__type": "ProvisionedThroughputExceededException"}), 429),
        (said(400, {"__type": "ValidationException", "message": "no"}), 400),
        (said(400, {"__type": "AccessDeniedException"}), 502),
        (said(500, {}), 502),
    ],
)
def test_what_the_stream_refuses_is_answered_as_the_table_says(
    service: ServiceAnswer, status: int
) -> None:
    assert call("Kinesis PutRecord", "POST", "/clicks", b"{}", says=service).answer.status == status


def test_a_body_of_another_type_reaches_no_service() -> None:
    text = call(
        "Kinesis PutRecord",
        "POST",
        "/clicks",
        b"x",
        says=said(200),
        headers={"Content-Type": "text/csv"},
    )

    assert (text.answer.status, text.sent) == (415, [])


def test_a_hostile_note_is_stored_as_it_is_and_a_second_one_refused() -> None:
    body = json.dumps({"text": HOSTILE}).encode()
    put = call("DynamoDB PutItem", "PUT", f"/notes/{URL_HOSTILE}", body, says=said(200, {}))
    taken = said(400, {"__type": "ConditionalCheckFailedException"})
    again = call("DynamoDB PutItem", "PUT", "/notes/a", body, says=taken)

    assert put.answer.status == 201
    assert valid("dynamodb", put.sent[0])["Item"] == {
        "user": {"S": USER},
        "noteId": {"S": HOSTILE},
        "text": {"S": HOSTILE},
    }
    assert (again.answer.status, again.json["detail"]) == (409, "You have a note of this id.")


def test_a_note_is_read_back_and_a_missing_one_is_not_found() -> None:
    item = {"noteId": {"S": "a"}, "text": {"S": HOSTILE}}
    found = call("DynamoDB GetItem", "GET", "/notes/a", says=said(200, {"Item": item}))
    missing = call("DynamoDB GetItem", "GET", "/notes/b", says=said(200, {}))

    assert (found.answer.status, found.json) == (200, {"text": HOSTILE})
    key = {"user": {"S": USER}, "noteId": {"S": "a"}}
    assert valid("dynamodb", found.sent[0])["Key"] == key
    assert (missing.answer.status, missing.json["title"]) == (404, "Not Found")
    assert missing.answer.headers["Content-Type"] == "application/problem+json"


def test_a_note_is_changed_and_a_missing_one_is_not_made() -> None:
    body = json.dumps({"text": HOSTILE}).encode()
    changed = call("DynamoDB UpdateItem", "PATCH", "/notes/a", body, says=said(200, {}))
    refused = said(400, {"__type": "ConditionalCheckFailedException"})
    missing = call("DynamoDB UpdateItem", "PATCH", "/notes/a", body, says=refused)

    assert changed.answer.status == 200
    update = valid("dynamodb", changed.sent[0])
    assert update["UpdateExpression"] == "SET #text = :text"
    assert update["ExpressionAttributeValues"] == {":text": {"S": HOSTILE}}
    assert missing.answer.status == 404


def test_a_page_of_notes_goes_on_after_the_last_one_of_the_same_user() -> None:
    items = [{"noteId": {"S": "a"}}, {"noteId": {"S": HOSTILE}}]
    page = call(
        "DynamoDB Query", "GET", "/notes", query="after=z", says=said(200, {"Items": items})
    )
    first = call("DynamoDB Query", "GET", "/notes", says=said(200, {"Items": []}))

    assert (page.answer.status, page.json) == (200, {"notes": ["a", HOSTILE]})
    query = valid("dynamodb", page.sent[0])
    assert query["ExclusiveStartKey"] == {"user": {"S": USER}, "noteId": {"S": "z"}}
    assert query["KeyConditionExpression"] == "#user = :user"
    assert "ExclusiveStartKey" not in valid("dynamodb", first.sent[0])
    assert first.json == {"notes": []}


def test_a_scan_is_for_callers_that_sign() -> None:
    unsigned = call("DynamoDB Scan", "GET", "/operator/notes", says=said(200, {"Count": 0}))

    assert (unsigned.answer.status, unsigned.sent) == (403, [])


def test_a_report_is_for_callers_that_sign() -> None:
    unsigned = call("Step Functions StartExecution", "POST", "/reports", b"{}", says=said(200, {}))

    assert (unsigned.answer.status, unsigned.sent) == (403, [])


PICTURE = b"\x89PNG\xff"


@pytest.mark.parametrize(
    ("method", "status", "body"),
    [("PUT", 200, PICTURE), ("GET", 200, b""), ("GET", 404, b""), ("HEAD", 404, b"")],
)
def test_a_picture_is_an_object_of_the_user_whose_token_it_is(
    method: str, status: int, body: bytes
) -> None:
    targets: list[str] = []

    def s3(request: httpx.Request) -> httpx.Response:
        target = unquote(request.extensions["target"].decode())
        if "list-type=2" in target:  # whether the role may list, which decides between 403 and 404
            return httpx.Response(200)
        targets.append(f"{request.method} {target.partition('?')[0]}")
        return httpx.Response(status, content=PICTURE, headers={"Content-Type": "image/png"})

    exchange = call(
        "Objects of S3, byte for byte",
        method,
        "/pictures/me",
        body,
        headers={"Content-Type": "image/png"} if body else {"Accept": "image/png"},
        services=calling(s3),
    )

    assert exchange.answer.status == status
    assert targets == [f"{method} /pictures-1a2b3c4/pictures/userId={USER}/me"]


@pytest.mark.parametrize(
    ("args", "shared"),
    [
        (KinesisPutRecordArgs, ActionArgs),
        (DynamoActionArgs, ActionArgs),
        (StepFunctionsStartExecutionArgs, ActionArgs),
        (ActionTemplates, None),
        (ErrorAnswer, None),
        (S3PutObjectArgs, S3GetObjectArgs),
    ],
)
def test_every_argument_has_a_row(args: Any, shared: Any) -> None:
    table = DOCUMENT.partition(f"argument of `{args.__name__}`")[2].partition("\n\n")[0]
    rows = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))))

    others = {one.name for one in fields(shared)} if shared else set[str]()
    assert rows == {one.name for one in fields(args)} - others


def test_every_argument_of_an_api_that_is_named_is_one() -> None:
    table = DOCUMENT.partition("argument of `RestApiArgs`")[2].partition("\n\n")[0]
    rows = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))

    assert set(rows) <= {one.name for one in fields(RestApiArgs)}
    assert len(rows) > 8

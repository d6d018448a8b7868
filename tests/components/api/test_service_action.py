"""ServiceAction, by the components for DynamoDB and Kinesis."""

from typing import Any

import pulumi
import pytest

from components.api.dynamo_action import (
    DYNAMODB,
    DynamoAction,
    DynamoActionArgs,
    DynamoGetItem,
    DynamoPutItem,
    DynamoQuery,
    DynamoScan,
)
from components.api.kinesis_put_record import KinesisPutRecord, KinesisPutRecordArgs
from components.api.mapping_template import TEMPLATES, mapping_template
from components.api.service_action import (
    ActionTemplates,
    ErrorAnswer,
    Service,
    problem_template,
)
from tests.components.given import (
    STREAM_ARN,
    TABLE_ARN,
    json_answer,
    problem_answer,
    role_arn,
    statements,
    stream,
    table,
    trust_of,
    trusted,
)
from tests.engine import REGION, Engine, deploy

BOX = ActionTemplates(
    request={"application/json": '{"Box": 1}', "application/gzip": '{"Box": 2}'},
    response='{"box": 1}',
    status=201,
    errors=(ErrorAnswer(message="refused-box", detail="box must be a box."),),
    refusal="Send a box.",
)


def dynamo(kind: type[DynamoAction], *index_names: str) -> Engine:
    def build() -> None:
        args = DynamoActionArgs(
            table=table(), region=REGION, templates=BOX, index_names=index_names
        )
        pulumi.export("integration", kind("put-box", args).integration)

    return deploy(build)


def kinesis() -> Engine:
    def build() -> None:
        args = KinesisPutRecordArgs(stream=stream(), region=REGION, templates=BOX)
        pulumi.export("integration", KinesisPutRecord("put-box", args).integration)

    return deploy(build)


def call(service: Service, action: str) -> dict[str, Any]:
    """Return the integration that calls an action, spelled out."""
    return {
        "type": "aws",
        "httpMethod": "POST",
        "uri": f"arn:aws:apigateway:{REGION}:{service.name}:action/{action}",
        "credentials": role_arn("put-box"),
        "passthroughBehavior": "never",
        "contentHandling": "CONVERT_TO_TEXT",
        "requestParameters": {
            "integration.request.header.Content-Type": f"'{service.content_type}'"
        },
        "requestTemplates": {"application/json": '{"Box": 1}', "application/gzip": '{"Box": 2}'},
        "responses": {
            r"2\d{2}": json_answer("201", '{"box": 1}'),
            r"4\d{2}": problem_answer("400", problem_template(service, BOX)),
            "default": problem_answer("502", mapping_template(TEMPLATES / "bad_gateway.vtl")),
        },
    }


ACTIONS = [
    (DynamoGetItem, "GetItem"),
    (DynamoPutItem, "PutItem"),
    (DynamoQuery, "Query"),
    (DynamoScan, "Scan"),
]


@pytest.mark.parametrize(("kind", "action"), ACTIONS)
def test_the_role_may_only_do_that_action_on_that_table(
    kind: type[DynamoAction], action: str
) -> None:
    engine = dynamo(kind)

    assert statements(engine, "put-box") == [
        {"Effect": "Allow", "Action": f"dynamodb:{action}", "Resource": TABLE_ARN}
    ]
    assert trusted(engine, "put-box") == trust_of("apigateway.amazonaws.com")


def test_the_role_of_an_action_on_indexes_may_not_read_the_table() -> None:
    engine = dynamo(DynamoQuery, "byTitle", "byWeight")

    assert statements(engine, "put-box") == [
        {"Effect": "Allow", "Action": "dynamodb:Query", "Resource": f"{TABLE_ARN}/index/{name}"}
        for name in ("byTitle", "byWeight")
    ]


def test_the_role_may_only_put_records_on_that_stream() -> None:
    engine = kinesis()

    assert statements(engine, "put-box") == [
        {"Effect": "Allow", "Action": "kinesis:PutRecord", "Resource": STREAM_ARN}
    ]


@pytest.mark.parametrize(("kind", "action"), ACTIONS)
def test_the_integration_calls_the_action_and_all_but_its_success_is_a_problem(
    kind: type[DynamoAction], action: str
) -> None:
    assert dynamo(kind).exports["integration"] == call(DYNAMODB, action)


def test_what_the_stream_did_not_take_is_never_a_success() -> None:
    assert kinesis().exports["integration"] == call(KinesisPutRecord.service, "PutRecord")


def test_an_answer_that_an_earlier_one_hides_is_refused() -> None:
    errors = [ErrorAnswer(message=one, detail="") for one in ("refused-page", "refused-pageUrl")]

    with pytest.raises(
        ValueError, match=r"^the answer to 'refused-pageUrl' comes after the one to 'refused-page'$"
    ):
        ActionTemplates(request={}, response="", errors=tuple(errors), refusal="")

"""DynamoGetItem."""

import pulumi

from components.api.dynamo_get_item import DynamoGetItem, DynamoGetItemArgs
from components.api.mapping_template import template_text
from tests.components.given import TABLE_ARN, dynamo_call, statements, table, trust_of, trusted
from tests.engine import REGION, Engine, deploy


def deployed() -> Engine:
    def build() -> None:
        one = DynamoGetItem("get-recording", DynamoGetItemArgs(table=table(), region=REGION))
        pulumi.export("integration", one.integration)

    return deploy(build)


def test_the_role_may_only_get_items_of_that_table() -> None:
    engine = deployed()

    assert statements(engine, "get-recording") == [
        {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE_ARN}
    ]
    assert trusted(engine, "get-recording") == trust_of("apigateway.amazonaws.com")


def test_the_integration_is_get_item_and_all_but_its_success_is_a_problem() -> None:
    engine = deployed()

    assert engine.exports["integration"] == dynamo_call(
        role="get-recording",
        action="GetItem",
        request=template_text("get_item.vtl"),
        status="200",
        answer="get_item_found.vtl",
        refusal="recordingId must be 1 to 64 of A-Z a-z 0-9 - _.",
    )

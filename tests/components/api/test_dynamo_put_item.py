"""DynamoPutItem."""

import pulumi
import pytest

from components.api.dynamo_put_item import DynamoPutItem, DynamoPutItemArgs
from components.api.mapping_template import template_text
from tests.components.given import TABLE_ARN, dynamo_call, statements, table, trust_of, trusted
from tests.engine import REGION, Engine, deploy


def deployed(retention_seconds: int = 60) -> Engine:
    def build() -> None:
        args = DynamoPutItemArgs(table=table(), region=REGION, retention_seconds=retention_seconds)
        pulumi.export("integration", DynamoPutItem("create-recording", args).integration)

    return deploy(build)


def test_the_role_may_only_put_items_into_that_table() -> None:
    engine = deployed()

    assert statements(engine, "create-recording") == [
        {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": TABLE_ARN}
    ]
    assert trusted(engine, "create-recording") == trust_of("apigateway.amazonaws.com")


def test_the_integration_is_put_item_and_all_but_its_success_is_a_problem() -> None:
    engine = deployed(retention_seconds=86_400)

    assert engine.exports["integration"] == dynamo_call(
        role="create-recording",
        action="PutItem",
        request=f"#set($retentionSeconds = 86400)\n{template_text('put_item.vtl')}",
        status="201",
        answer="put_item_created.vtl",
        refusal="recordingId must be 1 to 64 of A-Z a-z 0-9 - _, and the body a NewRecording.",
        problem="put_item_problem.vtl",
    )


@pytest.mark.parametrize("seconds", [0, -1])
def test_an_item_that_would_be_born_expired_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match=f"^retention_seconds must be at least 1, got {seconds}$"):
        deployed(retention_seconds=seconds)

"""DynamoQuery."""

import pulumi
import pytest

from components.api.dynamo_query import DynamoQuery, DynamoQueryArgs
from components.api.mapping_template import template_text
from tests.components.given import TABLE_ARN, dynamo_call, statements, table, trust_of, trusted
from tests.engine import REGION, Engine, deploy


def deployed(index_name: str = "newestFirst") -> Engine:
    def build() -> None:
        args = DynamoQueryArgs(table=table(), region=REGION, index_name=index_name)
        pulumi.export("integration", DynamoQuery("list-recordings", args).integration)

    return deploy(build)


def test_the_role_may_only_query_that_index_of_that_table() -> None:
    engine = deployed()

    assert statements(engine, "list-recordings") == [
        {
            "Effect": "Allow",
            "Action": "dynamodb:Query",
            "Resource": f"{TABLE_ARN}/index/newestFirst",
        }
    ]
    assert trusted(engine, "list-recordings") == trust_of("apigateway.amazonaws.com")


def test_the_integration_is_a_query_of_the_index_and_all_but_its_success_is_a_problem() -> None:
    engine = deployed(index_name="byTitle")

    assert engine.exports["integration"] == dynamo_call(
        role="list-recordings",
        action="Query",
        request=f'#set($indexName = "byTitle")\n{template_text("query.vtl")}',
        status="200",
        answer="query_page.vtl",
        refusal="limit must be 1 to 100, and cursor what an earlier answer gave.",
    )


def test_an_index_name_that_velocity_could_read_as_code_is_refused() -> None:
    with pytest.raises(ValueError, match=r"indexName of query\.vtl must be plain text for VTL"):
        deployed(index_name='x") #set($user = "other')

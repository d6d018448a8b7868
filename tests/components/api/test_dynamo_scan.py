"""DynamoScan."""

import pulumi

from components.api.dynamo_scan import DynamoScan, DynamoScanArgs
from components.api.mapping_template import template_text
from tests.components.given import TABLE_ARN, dynamo_call, statements, table, trust_of, trusted
from tests.engine import REGION, Engine, deploy


def deployed() -> Engine:
    def build() -> None:
        one = DynamoScan("scan-recordings", DynamoScanArgs(table=table(), region=REGION))
        pulumi.export("integration", one.integration)

    return deploy(build)


def test_the_role_may_only_scan_that_table_and_none_of_its_indexes() -> None:
    engine = deployed()

    assert statements(engine, "scan-recordings") == [
        {"Effect": "Allow", "Action": "dynamodb:Scan", "Resource": TABLE_ARN}
    ]
    assert trusted(engine, "scan-recordings") == trust_of("apigateway.amazonaws.com")


def test_the_integration_is_a_scan_and_all_but_its_success_is_a_problem() -> None:
    engine = deployed()

    assert engine.exports["integration"] == dynamo_call(
        role="scan-recordings",
        action="Scan",
        request=template_text("scan.vtl"),
        status="200",
        answer="scan_page.vtl",
        refusal="limit must be 1 to 100, and cursor what an earlier answer gave.",
    )

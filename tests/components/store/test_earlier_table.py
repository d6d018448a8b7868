"""EarlierTable."""

import pulumi

from components.store.earlier_table import EarlierTableArgs, earlier_table_name
from tests.engine import SUFFIX, Engine, deploy

TABLE = "aws:dynamodb/table:Table"
COMPONENT = "rrweb:index:RecordingsTable"


def deployed(args: EarlierTableArgs) -> Engine:
    return deploy(lambda: pulumi.export("name", earlier_table_name(args)))


def test_it_is_the_very_resource_that_releases_without_sites_declared() -> None:
    engine = deployed(EarlierTableArgs(earlier_table=True, protect=True))

    table = engine.resource(TABLE, "recordings")
    assert table.parent == (COMPONENT, "recordings")
    assert table.inputs == {
        "billingMode": "PAY_PER_REQUEST",
        "hashKey": "userId",
        "rangeKey": "recordingId",
        "attributes": [
            {"name": "userId", "type": "S"},
            {"name": "recordingId", "type": "S"},
            {"name": "createdAtMs", "type": "N"},
        ],
        "localSecondaryIndexes": [
            {"name": "newestFirst", "rangeKey": "createdAtMs", "projectionType": "ALL"}
        ],
        "ttl": {"attributeName": "expiresAt", "enabled": True},
        "pointInTimeRecovery": {"enabled": False},
        "deletionProtectionEnabled": True,
    }
    assert engine.exports == {"name": f"recordings{SUFFIX}"}


def test_pulumi_may_forget_it_and_never_deletes_it() -> None:
    table = deployed(EarlierTableArgs(earlier_table=True, protect=True)).resource(
        TABLE, "recordings"
    )

    assert (table.protect, table.retain_on_delete) == (False, True)


def test_it_can_be_taken_back_in_time_as_before() -> None:
    engine = deployed(EarlierTableArgs(earlier_table=True, point_in_time_recovery=True))

    assert engine.inputs(TABLE, "recordings")["pointInTimeRecovery"] == {"enabled": True}


def test_a_stack_without_it_has_neither_table_nor_name() -> None:
    engine = deployed(EarlierTableArgs(earlier_table=False, protect=True))

    assert engine.resources == ()
    assert engine.exports == {"name": ""}

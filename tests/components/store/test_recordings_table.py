"""RecordingsTable."""

import pytest

from components.store.recordings_table import RecordingsTable, RecordingsTableArgs
from tests.engine import Engine, deploy

TABLE = "aws:dynamodb/table:Table"


def deployed(*, protect: bool = False, point_in_time_recovery: bool = False) -> Engine:
    args = RecordingsTableArgs(protect=protect, point_in_time_recovery=point_in_time_recovery)
    return deploy(lambda: RecordingsTable("recordings", args))


def test_it_holds_recordings_by_owner_lists_them_by_time_and_forgets_them() -> None:
    engine = deployed()

    assert engine.of_type(TABLE) == {
        "recordings": {
            "billingMode": "PAY_PER_REQUEST",
            "hashKey": "owner",
            "rangeKey": "recordingId",
            "attributes": [
                {"name": "owner", "type": "S"},
                {"name": "recordingId", "type": "S"},
                {"name": "createdAtMs", "type": "N"},
                {"name": "ownerVisitor", "type": "S"},
                {"name": "ownerTroubled", "type": "S"},
            ],
            "globalSecondaryIndexes": [
                {
                    "name": "newestFirst",
                    "hashKey": "owner",
                    "rangeKey": "createdAtMs",
                    "projectionType": "ALL",
                },
                {
                    "name": "byVisitor",
                    "hashKey": "ownerVisitor",
                    "rangeKey": "createdAtMs",
                    "projectionType": "ALL",
                },
                {
                    "name": "troubled",
                    "hashKey": "ownerTroubled",
                    "rangeKey": "createdAtMs",
                    "projectionType": "ALL",
                },
            ],
            "ttl": {"attributeName": "expiresAt", "enabled": True},
            "pointInTimeRecovery": {"enabled": False},
            "deletionProtectionEnabled": False,
        }
    }


@pytest.mark.parametrize("protect", [False, True])
def test_neither_pulumi_nor_aws_deletes_it_when_it_is_protected(protect: bool) -> None:
    engine = deployed(protect=protect)

    table = engine.resource(TABLE, "recordings")
    assert (table.protect, table.inputs["deletionProtectionEnabled"]) == (protect, protect)


def test_it_can_be_taken_back_in_time_when_asked_for() -> None:
    engine = deployed(point_in_time_recovery=True)

    assert engine.inputs(TABLE, "recordings")["pointInTimeRecovery"] == {"enabled": True}

"""RecordingsTable: what is known of each recording, by user."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb

NEWEST_FIRST = "newestFirst"


@dataclass(frozen=True, kw_only=True)
class RecordingsTableArgs:
    protect: bool = False
    """Refuse to be deleted, by Pulumi and by AWS."""
    point_in_time_recovery: bool = False
    """Keep what it takes to go back to any second of 35 days, for about $0.20 a GB-month."""


class RecordingsTable(pulumi.ComponentResource):
    """An item a recording: key `userId`, `recordingId`; `newestFirst` sorts by `createdAtMs`.

    Encrypted at rest by a key that AWS owns, as every table is; billed by the request.
    """

    table: dynamodb.Table
    """The table itself."""

    def __init__(
        self, name: str, args: RecordingsTableArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("rrweb:index:RecordingsTable", name, None, opts)
        self.table = dynamodb.Table(
            name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="userId",
            range_key="recordingId",
            attributes=[
                {"name": "userId", "type": "S"},
                {"name": "recordingId", "type": "S"},
                {"name": "createdAtMs", "type": "N"},
            ],
            local_secondary_indexes=[
                {"name": NEWEST_FIRST, "range_key": "createdAtMs", "projection_type": "ALL"}
            ],
            ttl={"attribute_name": "expiresAt", "enabled": True},
            point_in_time_recovery={"enabled": args.point_in_time_recovery},
            deletion_protection_enabled=args.protect,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self.register_outputs({"tableName": self.table.name})

"""The table of releases without sites, kept until its recordings are carried over: ADR 33."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb

# As those releases called it: another name would be another table to Pulumi, which deletes the one
# that no program declares.
NAME = "recordings"


@dataclass(frozen=True, kw_only=True)
class EarlierTableArgs:
    earlier_table: bool
    """Whether to keep it. A stack that never had one must say no: it would get an empty table."""
    protect: bool = False
    """Refuse to be deleted by AWS. Pulumi never deletes it."""
    point_in_time_recovery: bool = False
    """Keep what it takes to go back to any second of 35 days, as `RecordingsTableArgs` does."""


def earlier_table_name(
    args: EarlierTableArgs, opts: pulumi.ResourceOptions | None = None
) -> pulumi.Output[str]:
    """Return the table's name; empty without the table."""
    if not args.earlier_table:
        return pulumi.Output.from_input("")
    return EarlierTable(NAME, args, opts).table.name


class EarlierTable(pulumi.ComponentResource):
    """Keeps what those releases declared: the same resource of the same component, unchanged.

    When a program no longer declares the table, Pulumi forgets it, and it stays in AWS.
    """

    table: dynamodb.Table
    """The table itself: key `userId`, `recordingId`."""

    def __init__(
        self, name: str, args: EarlierTableArgs, opts: pulumi.ResourceOptions | None = None
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
                {"name": "newestFirst", "range_key": "createdAtMs", "projection_type": "ALL"}
            ],
            ttl={"attribute_name": "expiresAt", "enabled": True},
            point_in_time_recovery={"enabled": args.point_in_time_recovery},
            deletion_protection_enabled=args.protect,
            # Without `protect`, which would keep Pulumi from forgetting it.
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
        self.register_outputs({"tableName": self.table.name})

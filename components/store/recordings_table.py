"""RecordingsTable: what is known of each recording, by its owner."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb

NEWEST_FIRST = "newestFirst"
BY_VISITOR = "byVisitor"
TROUBLED = "troubled"
INDEXES = (NEWEST_FIRST, BY_VISITOR, TROUBLED)


@dataclass(frozen=True, kw_only=True)
class RecordingsTableArgs:
    protect: bool = False
    """Refuse to be deleted, by Pulumi and by AWS."""
    point_in_time_recovery: bool = False
    """Keep what it takes to go back to any second of 35 days, for about $0.20 a GB-month."""


class RecordingsTable(pulumi.ComponentResource):
    """An item a recording: key `owner` (`user#<sub>` or `site#<id>`) and `recordingId`.

    The index `newestFirst` sorts an owner's recordings by `createdAtMs`, `byVisitor` those of one
    `ownerVisitor` (`<owner>#<visitorId>`), and `troubled` those in which something went wrong: they
    alone have an `ownerTroubled` (the owner). All are global: a local index would hold an owner's
    recordings to 10 GB, and could never be taken away.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html

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
            hash_key="owner",
            range_key="recordingId",
            attributes=[
                {"name": "owner", "type": "S"},
                {"name": "recordingId", "type": "S"},
                {"name": "createdAtMs", "type": "N"},
                {"name": "ownerVisitor", "type": "S"},
                {"name": "ownerTroubled", "type": "S"},
            ],
            global_secondary_indexes=[
                _newest_first(NEWEST_FIRST, "owner"),
                _newest_first(BY_VISITOR, "ownerVisitor"),
                _newest_first(TROUBLED, "ownerTroubled"),
            ],
            ttl={"attribute_name": "expiresAt", "enabled": True},
            point_in_time_recovery={"enabled": args.point_in_time_recovery},
            deletion_protection_enabled=args.protect,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self.register_outputs({"tableName": self.table.name})


def _newest_first(name: str, hash_key: str) -> dynamodb.TableGlobalSecondaryIndexArgsDict:
    """Return an index by the time of creation."""
    return {
        "name": name,
        "hash_key": hash_key,
        "range_key": "createdAtMs",
        "projection_type": "ALL",
    }

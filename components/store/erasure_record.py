"""Where an erasure removes from, and what a tombstone and a certificate say of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.store.states_language import (
    CONDITION_FAILED,
    State,
    item_key,
    number,
    task,
    text,
)

# An erasure that has run for a day was ended from outside: another one may take its place.
STALE_MS = 86_400_000
KINDS = ("stream", "large", "batch", "screenshot", "other", "kept")
NOT_RUNNING = (
    "attribute_not_exists(erasureState) OR erasureState <> :removing OR erasureId = :id "
    "OR erasedAtMs < :stale"
)


@dataclass(frozen=True, kw_only=True)
class Places:
    """What a machine erases from, and how long it waits."""

    bucket: str
    table: str
    recordings: str
    """Prefix of recordings, such as `rrweb/recordings`."""
    kept: str
    """Prefix of the copies of kept recordings, such as `rrweb/kept`."""
    failed: str
    """Prefix of what Firehose could not place, such as `rrweb/failed`."""
    certificates: str
    """Prefix of certificates, such as `rrweb/erasures`."""
    wait_seconds: int
    """From the first look until nothing of the recording can arrive any more."""
    tombstone_seconds: int
    """How long a tombstone stays."""


def bury(  # noqa: PLR0913 - the parts of a state
    places: Places,
    sort_key: str,
    *,
    condition: str,
    output: str,
    then: str,
    failed: str = "MarkFailed",
) -> State:
    """Return the state that puts the tombstone in the place of the item.

    It has no `createdAtMs`, so that no index lists it.
    """
    seconds = f"$string($floor($millis() / 1000) + {places.tombstone_seconds})"
    return task(
        "dynamodb:putItem",
        {
            "TableName": places.table,
            "Item": {
                **item_key(sort_key),
                "erasureId": text("$states.input.erasureId"),
                "erasureState": {"S": "removing"},
                "erasedAtMs": number("$string($states.input.askedAtMs)"),
                "expiresAt": number(seconds),
            },
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {
                ":removing": {"S": "removing"},
                ":id": text("$states.input.erasureId"),
                ":stale": number(f"$string($millis() - {STALE_MS})"),
            },
        },
        output=output,
        then=then,
        failed=failed,
        catch=[{"ErrorEquals": CONDITION_FAILED, "Next": "Nothing"}],
    )


def certify(
    places: Places, *, recordings: str, then: str = "Finish", failed: str = "MarkFailed"
) -> State:
    """Return the state that writes the certificate: neither content, nor address, nor title."""
    return task(
        "s3:putObject",
        {
            "Bucket": places.bucket,
            "Key": f"""{{% "{places.certificates}/"
                & $fromMillis($states.input.askedAtMs, "[Y0001]")
                & "/" & $states.input.erasureId & ".json" %}}""",
            "ContentType": "application/json",
            "Body": f"""{{% (
                $input := $states.input;
                $merge([{{
                    "executionId": $input.erasureId,
                    "owner": $input.owner,
                    "askedBy": $input.askedBy,
                    "askedAtMs": $input.askedAtMs,
                    "finishedAtMs": $millis(),
                    "recordings": {recordings},
                    "removed": $input.removed,
                    "lastLook": {{"objects": 0}}
                }},
                $exists($input.recordingId) ? {{"recordingId": $input.recordingId}} : {{}},
                $exists($input.subject) ? {{"subject": $input.subject}} : {{}},
                $exists($input.unsorted) ? {{"unsortedObjects": $input.unsorted}} : {{}}
                ])
            ) %}}""",
        },
        output="$states.input",
        then=then,
        failed=failed,
    )


def finish(places: Places, sort_key: str, then: str, failed: str = "MarkFailed") -> State:
    """Return the state that tells the tombstone what was removed."""
    return _update(
        places,
        sort_key,
        "SET erasureState = :state, finishedAtMs = :now, removed = :removed",
        {
            ":state": {"S": "done"},
            ":now": number("$string($millis())"),
            ":removed": text("$string($states.input.removed)"),
        },
        then=then,
        failed=failed,
    )


def mark_failed(places: Places, sort_key: str, then: str) -> State:
    """Return the state that tells the tombstone of the failure, if it can."""
    return _update(
        places,
        sort_key,
        "SET erasureState = :state",
        {":state": {"S": "failed"}},
        then=then,
        failed=then,
    )


def _update(  # noqa: PLR0913, PLR0917 - the parts of a state
    places: Places,
    sort_key: str,
    expression: str,
    values: Mapping[str, object],
    then: str,
    failed: str,
) -> State:
    return task(
        "dynamodb:updateItem",
        {
            "TableName": places.table,
            "Key": item_key(sort_key),
            "UpdateExpression": expression,
            "ConditionExpression": "erasureId = :id",
            "ExpressionAttributeValues": {**values, ":id": text("$states.input.erasureId")},
        },
        output="$states.input",
        then=then,
        failed=failed,
    )


def nothing_removed() -> str:
    return "{" + ", ".join(f'"{kind}": {{"objects": 0, "bytes": 0}}' for kind in KINDS) + "}"

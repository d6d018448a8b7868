"""How the state machine of keeping reads and changes a recording's item.

`retainedUntil` is in the item of a kept recording: the time at which it would have expired.
`keeping` is `copying` or `ending` while the machine works, and `failed` after that has failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from components.store.erasure_record import STALE_MS
from components.store.states_language import (
    CONDITION_FAILED,
    State,
    item_key,
    number,
    task,
)

IS_THERE = "attribute_exists(recordingId) AND attribute_not_exists(erasureId)"
NOT_ENDING = "(attribute_not_exists(keeping) OR keeping <> :ending OR keepingAtMs < :stale)"
SECONDS = number("$string($floor($millis() / 1000))")
WHILE_NO_END = {
    ":ending": {"S": "ending"},
    ":now": number("$string($millis())"),
    ":stale": number(f"$string($millis() - {STALE_MS})"),
}


@dataclass(frozen=True, kw_only=True)
class KeepingPlaces:
    """What a machine copies from and to, and how long it waits."""

    bucket: str
    table: str
    recordings: str
    """Prefix of recordings, such as `rrweb/recordings`."""
    assets: str
    """Prefix of assets, such as `rrweb/assets`."""
    kept: str
    """Prefix of the copies, such as `rrweb/kept`."""
    wait_seconds: int
    """Until what is under way has arrived."""


def look_at_item(places: KeepingPlaces, more: str, *, then: str, failed: str = "Failing") -> State:
    """Return the state that reads the item; `more` is JSONata that may use `$item`.

    A recording is gone when it has expired; what was erased is the other machine's to remove.
    """
    return task(
        "dynamodb:getItem",
        {
            "TableName": places.table,
            "Key": item_key("$states.input.recordingId"),
            "ConsistentRead": True,
        },
        output=f"""(
            $item := $states.result.Item;
            $isErased := $exists($item.erasureId);
            $isOver := $exists($item)
                ? $number($item.expiresAt.N) <= $floor($millis() / 1000) : true;
            $isKept := $exists($item.retainedUntil);
            $merge([$states.input, {{
                "isThere": $not($isErased) and $not($isOver),
                "isGone": $not($isErased) and $isOver,
                "isKept": $isKept,
                "isWanted": $not($isErased) and $not($isOver)
                    and ($isKept or $item.keeping.S = "copying")
            }}, {more}])
        )""",
        then=then,
        failed=failed,
    )


def update(  # noqa: PLR0913 - the parts of a state
    places: KeepingPlaces,
    expression: str,
    condition: str,
    values: Mapping[str, object],
    *,
    then: str,
    refused: str,
    failed: str = "Failing",
    output: str = "$states.input",
) -> State:
    """Return the state that changes the item, or goes on at `refused` if it may not."""
    return task(
        "dynamodb:updateItem",
        {
            "TableName": places.table,
            "Key": item_key("$states.input.recordingId"),
            "UpdateExpression": expression,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": dict(values),
        },
        output=output,
        then=then,
        failed=failed,
        catch=[{"ErrorEquals": CONDITION_FAILED, "Output": "{% $states.input %}", "Next": refused}],
    )

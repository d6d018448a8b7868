"""The states that erase all recordings of a partition of an index."""

from components.store.erasure_of_one import erasure_of_a_part, look_at_failed
from components.store.erasure_record import (
    KINDS,
    NOT_RUNNING,
    Places,
    bury,
    certify,
    finish,
    mark_failed,
    nothing_removed,
)
from components.store.states_language import RETRY, States, choice, pass_on, task, text

RECORDINGS_A_PAGE = 300
AT_ONCE = 100
# Names the executions of a Map: `<machine>/<label>:<id>`.
MAP_LABEL = "recordings"
# An erasure fails instead of running for ever if an index does not forget what is erased.
MAX_PAGES = 1_000


def erasure_of_many(places: Places) -> States:
    """Return the states that erase all recordings of a partition, page by page.

    What is erased leaves the index, so each page is its first one.
    """
    query = {
        "TableName": places.table,
        "IndexName": "{% $states.input.index %}",
        "KeyConditionExpression": "#partition = :partition",
        "ExpressionAttributeNames": {"#partition": "{% $states.input.attribute %}"},
        "ExpressionAttributeValues": {":partition": text("$states.input.value")},
        "ProjectionExpression": "recordingId",
        "Limit": RECORDINGS_A_PAGE,
    }
    sums = ", ".join(
        f'"{kind}": {{"objects": $before.{kind}.objects + $sum($parts.removed.{kind}.objects), '
        f'"bytes": $before.{kind}.bytes + $sum($parts.removed.{kind}.bytes)}}'
        for kind in KINDS
    )
    return {
        "BuryMany": bury(
            places,
            "$states.input.subject",
            condition=NOT_RUNNING,
            output=f"""$merge([$states.input, {{
                "recordings": 0, "failures": 0, "pages": 0, "removed": {nothing_removed()} }}])""",
            then="FindMany",
            failed="MarkManyFailed",
        ),
        "FindMany": task(
            "dynamodb:query",
            query,
            output="""(
                $input := $states.input;
                $merge([$input, {
                    "pages": $input.pages + 1,
                    "items": [$states.result.Items.{
                        "recordingId": recordingId.S, "owner": $input.owner,
                        "erasureId": $input.erasureId, "askedBy": $input.askedBy,
                        "askedAtMs": $input.askedAtMs, "siteKeys": $input.siteKeys }]
                }])
            )""",
            then="IsAnyLeft",
            failed="MarkManyFailed",
        ),
        "IsAnyLeft": choice(
            {
                "$count($states.input.items) = 0": "AllErased",
                f"$states.input.pages > {MAX_PAGES} or $states.input.failures > 0": "GiveUpMany",
            },
            "EraseEach",
        ),
        "EraseEach": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "ResultPath": "$.parts",
            "MaxConcurrency": AT_ONCE,
            "ItemProcessor": {
                # Each has a history of its own, whose 25,000 events are its limit.
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Find",
                "States": erasure_of_a_part(places),
            },
            "Label": MAP_LABEL,
            "Retry": RETRY,
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "ResultPath": "$.error",
                    "Next": "MarkManyFailed",
                }
            ],
            "Next": "AddUp",
        },
        "AddUp": pass_on(
            f"""(
                $parts := $states.input.parts;
                $before := $states.input.removed;
                $merge([$states.input, {{
                    "items": [], "parts": [],
                    "recordings": $states.input.recordings + $sum($parts.recordings),
                    "failures": $states.input.failures + $sum($parts.failed),
                    "removed": {{{sums}}}
                }}])
            )""",
            then="FindMany",
        ),
        "AllErased": choice(
            {
                "$states.input.failures > 0": "GiveUpMany",
                '$substringBefore($states.input.owner, "#") = "user"': "LookAtFailedOfMany",
            },
            "CertifyMany",
        ),
        "LookAtFailedOfMany": look_at_failed(places, then="CertifyMany", failed="MarkManyFailed"),
        "GiveUpMany": pass_on(
            """$merge([$states.input, {
                "error": "recordings failed: " & $string($states.input.failures) }])""",
            then="MarkManyFailed",
        ),
        "CertifyMany": certify(
            places,
            recordings="$states.input.recordings",
            then="FinishMany",
            failed="MarkManyFailed",
        ),
        "FinishMany": finish(places, "$states.input.subject", "Erased", failed="MarkManyFailed"),
        "MarkManyFailed": mark_failed(places, "$states.input.subject", "Failed"),
    }

"""The state machine that erases recordings, in the States Language.

Each state passes one JSON object on, with what it adds. Nothing is kept in variables: the states of
one recording are also those of a Map, for all recordings of a visitor.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

State = dict[str, Any]
States = dict[str, State]

# A page of keys must stay under the 256 KiB of a state, and Firehose's names take some 440 bytes
# each: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
OBJECTS_A_PAGE = 300
RECORDINGS_A_PAGE = 300
AT_ONCE = 100
# Names the executions of a Map: `<machine>/<label>:<id>`.
MAP_LABEL = "recordings"
# An erasure fails instead of running for ever if an index does not forget what is erased.
MAX_PAGES = 1_000
# S3 may refuse single keys of a page; each refusal is followed by a pause.
MAX_REFUSALS = 8
PAUSE_SECONDS = 5
# An erasure that has run for a day was ended from outside: another one may take its place.
STALE_MS = 86_400_000
KINDS = ("stream", "large", "batch", "screenshot", "other")

_RETRY = [
    {
        "ErrorEquals": ["States.ALL"],
        "IntervalSeconds": 2,
        "BackoffRate": 2,
        "MaxAttempts": 6,
        "MaxDelaySeconds": 60,
        "JitterStrategy": "FULL",
    }
]
# AWS writes the first; the second is that of DynamoDB's older integration.
_CONDITION_FAILED = [
    "DynamoDb.ConditionalCheckFailedException",
    "DynamoDB.ConditionalCheckFailedException",
]
_NOT_RUNNING = (
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
    failed: str
    """Prefix of what Firehose could not place, such as `rrweb/failed`."""
    certificates: str
    """Prefix of certificates, such as `rrweb/erasures`."""
    wait_seconds: int
    """From the first look until nothing of the recording can arrive any more."""
    tombstone_seconds: int
    """How long a tombstone stays."""


def erasure_machine(places: Places) -> dict[str, Any]:
    """Return the definition of the machine.

    Its input is `{"owner", "erasureId", "askedBy", "askedAtMs", "siteKeys"}` and, for one
    recording, `recordingId`. For several it is `subject`, the sort key of their tombstone, and the
    partition of an index that lists them: `index`, `attribute` and `value`.
    """
    return {
        "Comment": "Removes recordings and proves it: docs/adr/0053-erasure-without-code.md",
        "StartAt": "OneOrMany",
        "States": {
            "OneOrMany": _choice({"$exists($states.input.recordingId)": "Find"}, "BuryMany"),
            **_one(places),
            **_many(places),
            "Nothing": {"Type": "Succeed"},
            "Erased": {"Type": "Succeed"},
            "Failed": {
                "Type": "Fail",
                "QueryLanguage": "JSONata",
                "Error": "ErasureFailed",
                "Cause": "{% $string($states.input.error) %}",
            },
        },
    }


def _one(places: Places) -> States:
    """Return the states that erase one recording, and prove it."""
    return {
        **_look_and_remove(places, end="Certify"),
        "Certify": _certify(places, recordings="1"),
        "Finish": _finish(places, "$states.input.recordingId", "Erased"),
        "MarkFailed": _mark_failed(places, "$states.input.recordingId", "Failed"),
    }


def _part(places: Places) -> States:
    """Return the states that erase one of many: it reports a failure instead of failing."""
    return {
        **_look_and_remove(places, end="Finish"),
        "Finish": _finish(places, "$states.input.recordingId", "Report"),
        "MarkFailed": _mark_failed(places, "$states.input.recordingId", "Report"),
        "Report": _pass(
            '{"failed": $exists($states.input.error) ? 1 : 0, "recordings": 1, '
            '"removed": $exists($states.input.removed) ? $states.input.removed : '
            + _nothing()
            + "}",
            end=True,
        ),
        "Nothing": _pass('{"failed": 0, "recordings": 0, "removed": ' + _nothing() + "}", end=True),
    }


def _look_and_remove(places: Places, *, end: str) -> States:
    """Return the states from the table's item to the empty result of the last look."""
    return {
        "Find": _task(
            "dynamodb:getItem",
            {
                "TableName": places.table,
                "Key": _key("$states.input.recordingId"),
                "ConsistentRead": True,
                "ProjectionExpression": "recordingId, siteKey, erasureId, erasureState, erasedAtMs",
            },
            output=f"""(
                $item := $states.result.Item;
                $isOther := $item.erasureState.S = "removing"
                    and $item.erasureId.S != $states.input.erasureId;
                $merge([$states.input, {{
                    "isThere": $exists($item.recordingId),
                    "isRunning": $isOther
                        and $number($item.erasedAtMs.N) > $millis() - {STALE_MS},
                    "keys": [$distinct($append([$item.siteKey.S], $states.input.siteKeys))]
                }}])
            )""",
            then="IsThere",
        ),
        "IsThere": _choice(
            {"$not($states.input.isThere) or $states.input.isRunning": "Nothing"}, "Bury"
        ),
        "Bury": _bury(
            places,
            "$states.input.recordingId",
            condition=f"attribute_exists(recordingId) AND ({_NOT_RUNNING})",
            output=f"""(
                $id := $states.input.recordingId;
                $owner := $substringAfter($states.input.owner, "#");
                $isUser := $substringBefore($states.input.owner, "#") = "user";
                $folders := $isUser
                    ? ["{places.recordings}/userId=" & $owner & "/sessionId=" & $id & "/"]
                    : [$map($states.input.keys, function($key) {{
                        "{places.recordings}/siteKey=" & $key & "/sessionId=" & $id & "/" }})];
                $kinds := $isUser ? ["stream/", "large/", "screenshot"] : ["batch/", "screenshot"];
                $places := [$map($folders, function($folder) {{ [
                    $map($kinds, function($kind) {{ {{
                        "kind": $replace($kind, "/", ""), "prefix": $folder & $kind }} }}),
                    {{ "kind": "other", "prefix": $folder }}
                ] }})];
                $places := [$reduce($places, $append)];
                $merge([$states.input, {{
                    "isUser": $isUser, "places": $places, "todo": $places, "look": 1,
                    "refusals": 0, "removed": {_nothing()}
                }}])
            )""",
            then="List",
        ),
        "List": _task(
            "s3:listObjectsV2",
            {
                "Bucket": places.bucket,
                "Prefix": "{% $states.input.todo[0].prefix %}",
                "MaxKeys": OBJECTS_A_PAGE,
            },
            output="""$merge([$states.input, {
                "page": [$states.result.Contents.{"Key": Key, "Size": Size}] }])""",
            then="IsEmpty",
        ),
        "IsEmpty": _choice({"$count($states.input.page) = 0": "NextPlace"}, "Remove"),
        "Remove": _task(
            "s3:deleteObjects",
            {
                "Bucket": places.bucket,
                "Delete": {"Objects": '{% [$states.input.page.{"Key": Key}] %}', "Quiet": False},
            },
            # A key that S3 refuses is listed, and counted, again.
            output="""(
                $input := $states.input;
                $refused := [$states.result.Errors.Key];
                $gone := $count($refused) = 0
                    ? $input.page : [$input.page[$not(Key in $refused)]];
                $kind := $input.todo[0].kind;
                $before := $lookup($input.removed, $kind);
                $merge([$input, {
                    "page": [],
                    "isRefused": $count($refused) > 0,
                    "refusals": $input.refusals + ($count($refused) > 0 ? 1 : 0),
                    "removed": $merge([$input.removed, { $kind: {
                        "objects": $before.objects + $count($gone),
                        "bytes": $before.bytes + $sum($append([0], $gone.Size))
                    } }])
                }])
            )""",
            then="IsRefused",
        ),
        "IsRefused": _choice(
            {
                f"$states.input.refusals > {MAX_REFUSALS}": "GiveUp",
                "$states.input.isRefused": "Pause",
            },
            "List",
        ),
        "Pause": {"Type": "Wait", "Seconds": PAUSE_SECONDS, "Next": "List"},
        "GiveUp": _pass(
            '$merge([$states.input, {"error": "S3 refuses to delete objects"}])',
            then="MarkFailed",
        ),
        "NextPlace": _pass(
            """$merge([$states.input, {
                "todo": [$filter($states.input.todo, function($one, $index) { $index > 0 })] }])""",
            then="IsLookOver",
        ),
        "IsLookOver": _choice(
            {
                "$count($states.input.todo) > 0": "List",
                "$states.input.look = 1": "WaitForStream",
                "$states.input.isUser": "LookAtFailed",
            },
            end,
        ),
        "WaitForStream": {"Type": "Wait", "Seconds": places.wait_seconds, "Next": "LookAgain"},
        "LookAgain": _pass(
            '$merge([$states.input, {"todo": $states.input.places, "look": 2}])', then="List"
        ),
        # Such an object holds batches of many recordings: it is counted, and expires by itself.
        "LookAtFailed": _task(
            "s3:listObjectsV2",
            {
                "Bucket": places.bucket,
                "Prefix": f"{places.failed}/",
                "MaxKeys": OBJECTS_A_PAGE,
            },
            output="""$merge([$states.input, {
                "unsorted": $count([$states.result.Contents.Key]) }])""",
            then=end,
        ),
    }


def _many(places: Places) -> States:
    """Return the states that erase all recordings of a partition, page by page.

    What is erased leaves the index, so each page is its first one.
    """
    query = {
        "TableName": places.table,
        "IndexName": "{% $states.input.index %}",
        "KeyConditionExpression": "#partition = :partition",
        "ExpressionAttributeNames": {"#partition": "{% $states.input.attribute %}"},
        "ExpressionAttributeValues": {":partition": _text("$states.input.value")},
        "ProjectionExpression": "recordingId",
        "Limit": RECORDINGS_A_PAGE,
    }
    sums = ", ".join(
        f'"{kind}": {{"objects": $before.{kind}.objects + $sum($parts.removed.{kind}.objects), '
        f'"bytes": $before.{kind}.bytes + $sum($parts.removed.{kind}.bytes)}}'
        for kind in KINDS
    )
    return {
        "BuryMany": _bury(
            places,
            "$states.input.subject",
            condition=_NOT_RUNNING,
            output=f"""$merge([$states.input, {{
                "recordings": 0, "failures": 0, "pages": 0, "removed": {_nothing()} }}])""",
            then="FindMany",
            failed="MarkManyFailed",
        ),
        "FindMany": _task(
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
        "IsAnyLeft": _choice(
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
                "States": _part(places),
            },
            "Label": MAP_LABEL,
            "Retry": _RETRY,
            "Catch": [
                {
                    "ErrorEquals": ["States.ALL"],
                    "ResultPath": "$.error",
                    "Next": "MarkManyFailed",
                }
            ],
            "Next": "AddUp",
        },
        "AddUp": _pass(
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
        "AllErased": _choice({"$states.input.failures > 0": "GiveUpMany"}, "CertifyMany"),
        "GiveUpMany": _pass(
            """$merge([$states.input, {
                "error": "recordings failed: " & $string($states.input.failures) }])""",
            then="MarkManyFailed",
        ),
        "CertifyMany": _certify(
            places,
            recordings="$states.input.recordings",
            then="FinishMany",
            failed="MarkManyFailed",
        ),
        "FinishMany": _finish(places, "$states.input.subject", "Erased", failed="MarkManyFailed"),
        "MarkManyFailed": _mark_failed(places, "$states.input.subject", "Failed"),
    }


def _bury(  # noqa: PLR0913 - the parts of a state
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
    return _task(
        "dynamodb:putItem",
        {
            "TableName": places.table,
            "Item": {
                **_key(sort_key),
                "erasureId": _text("$states.input.erasureId"),
                "erasureState": {"S": "removing"},
                "erasedAtMs": _number("$string($states.input.askedAtMs)"),
                "expiresAt": _number(seconds),
            },
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {
                ":removing": {"S": "removing"},
                ":id": _text("$states.input.erasureId"),
                ":stale": _number(f"$string($millis() - {STALE_MS})"),
            },
        },
        output=output,
        then=then,
        failed=failed,
        catch=[{"ErrorEquals": _CONDITION_FAILED, "Next": "Nothing"}],
    )


def _certify(
    places: Places, *, recordings: str, then: str = "Finish", failed: str = "MarkFailed"
) -> State:
    """Return the state that writes the certificate: neither content, nor address, nor title."""
    return _task(
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


def _finish(places: Places, sort_key: str, then: str, failed: str = "MarkFailed") -> State:
    """Return the state that tells the tombstone what was removed."""
    return _update(
        places,
        sort_key,
        "SET erasureState = :state, finishedAtMs = :now, removed = :removed",
        {
            ":state": {"S": "done"},
            ":now": _number("$string($millis())"),
            ":removed": _text("$string($states.input.removed)"),
        },
        then=then,
        failed=failed,
    )


def _mark_failed(places: Places, sort_key: str, then: str) -> State:
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
    return _task(
        "dynamodb:updateItem",
        {
            "TableName": places.table,
            "Key": _key(sort_key),
            "UpdateExpression": expression,
            "ConditionExpression": "erasureId = :id",
            "ExpressionAttributeValues": {**values, ":id": _text("$states.input.erasureId")},
        },
        output="$states.input",
        then=then,
        failed=failed,
    )


def _task(  # noqa: PLR0913 - the fields of a state
    action: str,
    arguments: Mapping[str, object],
    *,
    output: str,
    then: str,
    failed: str = "MarkFailed",
    catch: list[State] | None = None,
) -> State:
    """Return a state that calls an action of a service, and tries again before it fails."""
    return {
        "Type": "Task",
        "QueryLanguage": "JSONata",
        "Resource": f"arn:aws:states:::aws-sdk:{action}",
        "Arguments": dict(arguments),
        "Output": f"{{% {output} %}}",
        # A condition that does not hold will not hold later.
        "Retry": [{"ErrorEquals": _CONDITION_FAILED, "MaxAttempts": 0}, *_RETRY],
        "Catch": [
            *(catch or []),
            {
                "ErrorEquals": ["States.ALL"],
                "Output": '{% $merge([$states.input, {"error": $states.errorOutput.Error}]) %}',
                "Next": failed,
            },
        ],
        "Next": then,
    }


def _pass(output: str, *, then: str = "", end: bool = False) -> State:
    return {
        "Type": "Pass",
        "QueryLanguage": "JSONata",
        "Output": f"{{% {output} %}}",
        **({"End": True} if end else {"Next": then}),
    }


def _choice(ways: Mapping[str, str], default: str) -> State:
    """Return a choice of the first state whose condition holds."""
    return {
        "Type": "Choice",
        "QueryLanguage": "JSONata",
        "Choices": [{"Condition": f"{{% {one} %}}", "Next": then} for one, then in ways.items()],
        "Default": default,
    }


def _key(sort_key: str) -> dict[str, object]:
    return {"owner": _text("$states.input.owner"), "recordingId": _text(sort_key)}


def _text(expression: str) -> dict[str, str]:
    return {"S": f"{{% {expression} %}}"}


def _number(expression: str) -> dict[str, str]:
    return {"N": f"{{% {expression} %}}"}


def _nothing() -> str:
    return "{" + ", ".join(f'"{kind}": {{"objects": 0, "bytes": 0}}' for kind in KINDS) + "}"

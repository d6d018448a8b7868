"""The states that erase one recording, by itself or as one of many."""

from components.store.erasure_record import (
    NOT_RUNNING,
    STALE_MS,
    Places,
    bury,
    certify,
    finish,
    mark_failed,
    nothing_removed,
)
from components.store.states_language import State, States, choice, item_key, pass_on, task

# A page of keys must stay under the 256 KiB of a state, and Firehose's names take some 440 bytes
# each: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
OBJECTS_A_PAGE = 300
# S3 may refuse single keys of a page; each refusal is followed by a pause.
MAX_REFUSALS = 8
PAUSE_SECONDS = 5


def erasure_of_one(places: Places) -> States:
    """Return the states that erase one recording, and prove it."""
    return {
        **look_and_remove(places, end="Certify"),
        "Certify": certify(places, recordings="1"),
        "Finish": finish(places, "$states.input.recordingId", "Erased"),
        "MarkFailed": mark_failed(places, "$states.input.recordingId", "Failed"),
    }


def erasure_of_a_part(places: Places) -> States:
    """Return the states that erase one of many: it reports a failure instead of failing."""
    return {
        **look_and_remove(places, end="Finish"),
        "Finish": finish(places, "$states.input.recordingId", "Report"),
        "MarkFailed": mark_failed(places, "$states.input.recordingId", "Report"),
        "Report": pass_on(
            '{"failed": $exists($states.input.error) ? 1 : 0, "recordings": 1, '
            '"removed": $exists($states.input.removed) ? $states.input.removed : '
            + nothing_removed()
            + "}",
            end=True,
        ),
        "Nothing": pass_on(
            '{"failed": 0, "recordings": 0, "removed": ' + nothing_removed() + "}", end=True
        ),
    }


def look_and_remove(places: Places, *, end: str) -> States:
    """Return the states from the table's item to the empty result of the last look."""
    return {
        "Find": task(
            "dynamodb:getItem",
            {
                "TableName": places.table,
                "Key": item_key("$states.input.recordingId"),
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
        "IsThere": choice(
            {"$not($states.input.isThere) or $states.input.isRunning": "Nothing"}, "Bury"
        ),
        "Bury": bury(
            places,
            "$states.input.recordingId",
            condition=f"attribute_exists(recordingId) AND ({NOT_RUNNING})",
            output=f"""(
                $id := $states.input.recordingId;
                $owner := $substringAfter($states.input.owner, "#");
                $isUser := $substringBefore($states.input.owner, "#") = "user";
                $folders := $isUser
                    ? ["userId=" & $owner & "/sessionId=" & $id & "/"]
                    : [$map($states.input.keys, function($key) {{
                        "siteKey=" & $key & "/sessionId=" & $id & "/" }})];
                $kinds := $isUser ? ["stream/", "large/", "screenshot"] : ["batch/", "screenshot"];
                $places := [$map($folders, function($folder) {{ [
                    $map($kinds, function($kind) {{ {{
                        "kind": $replace($kind, "/", ""),
                        "prefix": "{places.recordings}/" & $folder & $kind }} }}),
                    {{ "kind": "other", "prefix": "{places.recordings}/" & $folder }},
                    {{ "kind": "kept", "prefix": "{places.kept}/" & $folder }}
                ] }})];
                $places := [$reduce($places, $append)];
                $merge([$states.input, {{
                    "isUser": $isUser, "places": $places, "todo": $places, "look": 1,
                    "refusals": 0, "removed": {nothing_removed()}
                }}])
            )""",
            then="List",
        ),
        "List": task(
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
        "IsEmpty": choice({"$count($states.input.page) = 0": "NextPlace"}, "Remove"),
        "Remove": task(
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
        "IsRefused": choice(
            {
                f"$states.input.refusals > {MAX_REFUSALS}": "GiveUp",
                "$states.input.isRefused": "Pause",
            },
            "List",
        ),
        "Pause": {"Type": "Wait", "Seconds": PAUSE_SECONDS, "Next": "List"},
        "GiveUp": pass_on(
            '$merge([$states.input, {"error": "S3 refuses to delete objects"}])',
            then="MarkFailed",
        ),
        "NextPlace": pass_on(
            """$merge([$states.input, {
                "todo": [$filter($states.input.todo, function($one, $index) { $index > 0 })] }])""",
            then="IsLookOver",
        ),
        "IsLookOver": choice(
            {
                "$count($states.input.todo) > 0": "List",
                "$states.input.look = 1": "WaitForStream",
                "$states.input.isUser": "LookAtFailed",
            },
            end,
        ),
        "WaitForStream": {"Type": "Wait", "Seconds": places.wait_seconds, "Next": "LookAgain"},
        "LookAgain": pass_on(
            '$merge([$states.input, {"todo": $states.input.places, "look": 2}])', then="List"
        ),
        "LookAtFailed": look_at_failed(places, then=end),
    }


def look_at_failed(places: Places, *, then: str, failed: str = "MarkFailed") -> State:
    """Return the state that counts what Firehose could not place.

    Such an object holds batches of many recordings: it is counted, and expires by itself.
    """
    return task(
        "s3:listObjectsV2",
        {"Bucket": places.bucket, "Prefix": f"{places.failed}/", "MaxKeys": OBJECTS_A_PAGE},
        output="""$merge([$states.input, {
            "unsorted": $count([$states.result.Contents.Key]) }])""",
        then=then,
        failed=failed,
    )

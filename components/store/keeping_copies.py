"""The states that copy what a kept recording needs: its objects, and the assets that are named."""

from typing import Any

from components.store.keeping_item import KeepingPlaces, look_at_item
from components.store.states_language import RETRY, States, choice, pass_on, task

# Two pages of keys and the names of the assets must stay under the 256 KiB of a state:
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
OBJECTS_A_PAGE = 100
AT_ONCE = 40
# Names the executions of a Map: `<machine>/<label>:<id>`.
MAP_LABEL = "copies"
# A recording that is being made is looked at until it rests, for 8 hours at the least.
MAX_LOOKS = 200


def look_for_objects(places: KeepingPlaces) -> States:
    """Return the states of one look: each page of objects, and the copies that it lacks."""
    return {
        "List": task(
            "s3:listObjectsV2",
            {
                "Bucket": places.bucket,
                "Prefix": "{% $states.input.from & $states.input.todo[0] %}",
                "StartAfter": "{% $states.input.from & $states.input.after %}",
                "MaxKeys": OBJECTS_A_PAGE,
            },
            output="""(
                $from := $states.input.from;
                $merge([$states.input, { "page": [$states.result.Contents.{
                    "name": $substringAfter(Key, $from), "at": $string(LastModified) }] }])
            )""",
            then="IsEmpty",
            failed="Failing",
        ),
        "IsEmpty": choice({"$count($states.input.page) = 0": "NextPlace"}, "ListCopies"),
        "ListCopies": task(
            "s3:listObjectsV2",
            {
                "Bucket": places.bucket,
                "Prefix": "{% $states.input.to & $states.input.todo[0] %}",
                "StartAfter": "{% $states.input.to & $states.input.after %}",
                "MaxKeys": OBJECTS_A_PAGE,
            },
            output="""(
                $input := $states.input;
                $copied := $merge([{}, $states.result.Contents.{
                    $substringAfter(Key, $input.to): $string(LastModified) }]);
                $lacks := function($one) { (
                    $at := $lookup($copied, $one.name);
                    $not($exists($at) ? $at > $one.at : false)
                ) };
                $missing := [$filter($input.page, $lacks)];
                $merge([$input, {
                    "after": $input.page[-1].name,
                    "page": [],
                    "found": $input.found + $count($missing),
                    "missing": [$map($missing, function($one) { {
                        "source": $input.from & $one.name, "target": $input.to & $one.name } })]
                }])
            )""",
            then="IsAnyMissing",
            failed="Failing",
        ),
        "IsAnyMissing": choice({"$count($states.input.missing) = 0": "List"}, "Check"),
        "Check": look_at_item(places, "{}", then="IsStillWanted"),
        "IsStillWanted": choice(
            {
                "$states.input.isWanted": "Copy",
                "$states.input.isGone": "RemoveLost",
            },
            "Nothing",
        ),
        "Copy": {
            "Type": "Map",
            "ItemsPath": "$.missing",
            "ResultPath": "$.copied",
            "MaxConcurrency": AT_ONCE,
            "ItemProcessor": {
                # Each has a history of its own, so that no number of objects exceeds one.
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                **_one_copy(places),
            },
            "Label": MAP_LABEL,
            "Retry": RETRY,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Failing"}],
            "Next": "AreCopied",
        },
        "AreCopied": choice(
            {
                "$states.input.isAsset": "NextAssets",
                "$sum($states.input.copied.absent) > 0": "GiveUp",
            },
            "List",
        ),
        "NextPlace": pass_on(
            """$merge([$states.input, {
                "todo": [$filter($states.input.todo, function($one, $index) { $index > 0 })],
                "after": "", "missing": [], "copied": [] }])""",
            then="IsLookOver",
        ),
        "IsLookOver": choice(
            {
                "$count($states.input.todo) > 0": "List",
                "$states.input.look = 1": "NextAssets",
                f"$states.input.found > 0 and $states.input.look < {MAX_LOOKS}": "WaitForMore",
            },
            "Settle",
        ),
    }


def _one_copy(places: KeepingPlaces) -> dict[str, Any]:
    """Return the machine that makes one copy, or says that there is nothing to copy."""
    return {
        "StartAt": "CopyObject",
        "States": {
            "CopyObject": {
                "Type": "Task",
                "QueryLanguage": "JSONata",
                "Resource": "arn:aws:states:::aws-sdk:s3:copyObject",
                "Arguments": {
                    "Bucket": places.bucket,
                    "CopySource": f'{{% "{places.bucket}/" & $states.input.source %}}',
                    "Key": "{% $states.input.target %}",
                },
                "Output": '{% {"absent": 0} %}',
                # An erasure waits longer than these take, and then looks for copies again.
                "Retry": [
                    {"ErrorEquals": ["S3.NoSuchKeyException"], "MaxAttempts": 0},
                    {**RETRY[0], "MaxAttempts": 4},
                ],
                "Catch": [
                    {
                        "ErrorEquals": ["S3.NoSuchKeyException"],
                        "Next": "Absent",
                    },
                    {
                        "ErrorEquals": ["States.ALL"],
                        "Output": '{% {"cause": $string($states.errorOutput.Cause)} %}',
                        "Next": "IsAbsent",
                    },
                ],
                "Next": "Copied",
            },
            # The SDK names no error of CopyObject, and may call this one S3Exception.
            "IsAbsent": choice(
                {'$contains($states.input.cause, "key does not exist")': "Absent"}, "NotCopied"
            ),
            "Absent": pass_on('{"absent": 1}', end=True),
            "Copied": {"Type": "Succeed"},
            "NotCopied": {
                "Type": "Fail",
                "QueryLanguage": "JSONata",
                "Error": "NotCopied",
                "Cause": "{% $states.input.cause %}",
            },
        },
    }


def copies_of_assets() -> States:
    """Return the states that copy the named assets, a page at a time."""
    return {
        "NextAssets": pass_on(
            f"""(
                $input := $states.input;
                $names := [$filter($split($input.assets, ","), function($name) {{
                    $length($name) = 64 }})];
                $merge([$input, {{
                    "isAsset": true,
                    "assets": $join([$filter($names, function($name, $index) {{
                        $index >= {OBJECTS_A_PAGE} }})], ","),
                    "copied": [],
                    "missing": [$map([$filter($names, function($name, $index) {{
                        $index < {OBJECTS_A_PAGE} }})], function($name) {{ {{
                            "source": $input.assetsFrom & $name,
                            "target": $input.to & "asset/" & $name }} }})]
                }}])
            )""",
            then="IsAnyAsset",
        ),
        "IsAnyAsset": choice({"$count($states.input.missing) = 0": "MarkKept"}, "Check"),
    }

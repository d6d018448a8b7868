"""The states that remove copies: the keeping ends, or it has failed."""

from components.store.keeping_item import (
    IS_THERE,
    NOT_ENDING,
    WHILE_NO_END,
    KeepingPlaces,
    look_at_item,
    update,
)
from components.store.states_language import States, choice, pass_on, task

OBJECTS_A_PAGE = 300
MAX_REFUSALS = 8
PAUSE_SECONDS = 5


def end_of_keeping(places: KeepingPlaces) -> States:
    """Return the states that put the time back and remove the copies."""
    return {
        "ClaimEnd": update(
            places,
            "SET keeping = :ending, keepingAtMs = :now, "
            "expiresAt = if_not_exists(retainedUntil, expiresAt) REMOVE retainedUntil",
            f"{IS_THERE} AND {NOT_ENDING}",
            WHILE_NO_END,
            then="ListForRemoval",
            refused="Nothing",
            failed="Failed",
        ),
        "RemoveLost": pass_on(
            '$merge([$states.input, {"removals": 2, "isLost": true}])', then="ListForRemoval"
        ),
        "ListForRemoval": task(
            "s3:listObjectsV2",
            {
                "Bucket": places.bucket,
                "Prefix": "{% $states.input.to %}",
                "MaxKeys": OBJECTS_A_PAGE,
            },
            output="""$merge([$states.input, { "page": [$states.result.Contents.Key] }])""",
            then="IsRemoved",
            failed="MarkFailed",
        ),
        "IsRemoved": choice(
            {
                "$count($states.input.page) > 0": "Remove",
                "$states.input.removals = 1": "WaitForCopies",
                "$exists($states.input.isLost)": "Nothing",
                "$exists($states.input.error)": "MarkFailed",
            },
            "Unclaim",
        ),
        "Remove": task(
            "s3:deleteObjects",
            {
                "Bucket": places.bucket,
                "Delete": {
                    "Objects": '{% [$states.input.page.{"Key": $}] %}',
                    "Quiet": True,
                },
            },
            output="""$merge([$states.input, {
                "page": [],
                "isRefused": $exists($states.result.Errors),
                "refusals":
                    $states.input.refusals + ($exists($states.result.Errors) ? 1 : 0) }])""",
            then="IsRefused",
            failed="MarkFailed",
        ),
        "IsRefused": choice(
            {
                f"$states.input.refusals > {MAX_REFUSALS}": "GiveUpRemoval",
                "$states.input.isRefused": "Pause",
            },
            "ListForRemoval",
        ),
        "Pause": {"Type": "Wait", "Seconds": PAUSE_SECONDS, "Next": "ListForRemoval"},
        "GiveUpRemoval": pass_on(
            '$merge([$states.input, {"error": "S3 refuses to delete copies"}])', then="MarkFailed"
        ),
        # A copy that was under way when the keeping ended arrives within this time.
        "WaitForCopies": {"Type": "Wait", "Seconds": places.wait_seconds, "Next": "RemoveAgain"},
        "RemoveAgain": pass_on('$merge([$states.input, {"removals": 2}])', then="ListForRemoval"),
        "Unclaim": update(
            places,
            "REMOVE keeping, keepingAtMs",
            f"{IS_THERE} AND keeping = :ending",
            {":ending": {"S": "ending"}},
            then="Done",
            refused="Nothing",
            failed="MarkFailed",
        ),
    }


def failed_keeping(places: KeepingPlaces) -> States:
    """Return the states of a failure: what was not kept before loses its copies."""
    return {
        "GiveUp": pass_on(
            '$merge([$states.input, {"error": "objects are missing, or an end does not end"}])',
            then="Failing",
        ),
        "Failing": look_at_item(places, "{}", then="WasKept", failed="MarkFailed"),
        "WasKept": choice(
            {
                "$not($exists($states.input.isClaimed))": "Failed",
                "$states.input.isGone": "RemoveLost",
                "$not($states.input.isWanted)": "Nothing",
                "$states.input.isKept": "MarkFailed",
            },
            "ClaimEnd",
        ),
        "MarkFailed": update(
            places,
            "SET keeping = :failed",
            f"{IS_THERE} AND attribute_exists(keeping)",
            {":failed": {"S": "failed"}},
            then="Failed",
            refused="Failed",
            failed="Failed",
        ),
    }

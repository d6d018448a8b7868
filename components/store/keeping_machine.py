"""The state machine that keeps a recording past its time, and ends that.

It copies the recording's objects, and the assets that the request names, to a prefix that does not
expire. A copy that is there is made again only if its object is newer, so every look also finds
what has arrived since the last one.
"""

from typing import Any

from components.store.keeping_copies import copies_of_assets, look_for_objects
from components.store.keeping_end import end_of_keeping, failed_keeping
from components.store.keeping_item import (
    IS_THERE,
    NOT_ENDING,
    SECONDS,
    WHILE_NO_END,
    KeepingPlaces,
    look_at_item,
    update,
)
from components.store.states_language import States, choice, pass_on

# Until an earlier request has ended, which removes copies for as long as one wait.
MAX_TRIES = 4
# What every reader compares with the time of a request: it lies in the year 9999.
NEVER = 253_402_300_799


def keeping_machine(places: KeepingPlaces) -> dict[str, Any]:
    """Return the definition of the machine.

    Its input is `{"owner", "recordingId", "isEnd", "assets"}`; `assets` are digests with commas
    between them.
    """
    return {
        "Comment": "Keeps a recording: docs/adr/0054-kept-recordings-are-copied.md",
        "StartAt": "Find",
        "States": {
            **_found(places),
            **look_for_objects(places),
            **copies_of_assets(),
            **_settled(places),
            **end_of_keeping(places),
            **failed_keeping(places),
            "Nothing": {"Type": "Succeed"},
            "Done": {"Type": "Succeed"},
            "Failed": {
                "Type": "Fail",
                "QueryLanguage": "JSONata",
                "Error": "KeepingFailed",
                "Cause": "{% $string($states.input.error) %}",
            },
        },
    }


def _found(places: KeepingPlaces) -> States:
    """Return the states from the table's item to its claim."""
    return {
        "Find": look_at_item(
            places,
            f"""(
                $owner := $substringAfter($states.input.owner, "#");
                $isUser := $substringBefore($states.input.owner, "#") = "user";
                $space := $isUser ? "userId=" & $owner : "siteKey=" & $item.siteKey.S;
                $folder := $space & "/sessionId=" & $states.input.recordingId & "/";
                $places := $isUser ? ["stream/", "large/", "screenshot"] : ["batch/", "screenshot"];
                {{
                    "tries": ($exists($states.input.tries) ? $states.input.tries : 0) + 1,
                    "from": "{places.recordings}/" & $folder,
                    "to": "{places.kept}/" & $folder,
                    "assetsFrom": "{places.assets}/" & $space & "/",
                    "places": $places, "todo": $places, "after": "", "look": 1, "found": 0,
                    "isAsset": false, "removals": 1, "refusals": 0
                }}
            )""",
            then="IsThere",
        ),
        "IsThere": choice(
            {
                "$not($states.input.isThere)": "Nothing",
                "$states.input.isEnd": "ClaimEnd",
            },
            "Claim",
        ),
        "Claim": update(
            places,
            "SET keeping = :copying, keepingAtMs = :now",
            f"{IS_THERE} AND expiresAt > :seconds AND {NOT_ENDING}",
            {":copying": {"S": "copying"}, ":seconds": SECONDS, **WHILE_NO_END},
            then="List",
            refused="IsPatient",
            output='$merge([$states.input, {"isClaimed": true}])',
        ),
        "IsPatient": choice({f"$states.input.tries > {MAX_TRIES}": "GiveUp"}, "WaitForEnd"),
        "WaitForEnd": {"Type": "Wait", "Seconds": places.wait_seconds, "Next": "Find"},
    }


def _settled(places: KeepingPlaces) -> States:
    """Return the states from the complete copies to a recording that rests."""
    return {
        # The time itself stays in the item, so that to end the keeping can put it back.
        "MarkKept": update(
            places,
            "SET retainedUntil = if_not_exists(retainedUntil, expiresAt), expiresAt = :never",
            f"{IS_THERE} AND expiresAt > :seconds "
            "AND (keeping = :copying OR attribute_exists(retainedUntil))",
            {":never": {"N": str(NEVER)}, ":seconds": SECONDS, ":copying": {"S": "copying"}},
            then="WaitForMore",
            refused="WhyNot",
        ),
        "WhyNot": look_at_item(places, "{}", then="IsLost"),
        "IsLost": choice({"$states.input.isGone": "RemoveLost"}, "Nothing"),
        "WaitForMore": {"Type": "Wait", "Seconds": places.wait_seconds, "Next": "LookAgain"},
        "LookAgain": pass_on(
            """$merge([$states.input, {"todo": $states.input.places, "after": "", "found": 0,
                "isAsset": false, "look": $states.input.look + 1}])""",
            then="List",
        ),
        "Settle": update(
            places,
            "REMOVE keeping, keepingAtMs",
            f"{IS_THERE} AND keeping = :copying",
            {":copying": {"S": "copying"}},
            then="Done",
            refused="Nothing",
        ),
    }

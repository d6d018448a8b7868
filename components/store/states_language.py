"""States of the States Language that call services, choose and pass on what they were given.

Each passes one JSON object on, with what it adds. Expressions are JSONata.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from collections.abc import Mapping
from typing import Any

State = dict[str, Any]
States = dict[str, State]

RETRY = [
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
CONDITION_FAILED = [
    "DynamoDb.ConditionalCheckFailedException",
    "DynamoDB.ConditionalCheckFailedException",
]


def task(  # noqa: PLR0913 - the fields of a state
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
        "Retry": [{"ErrorEquals": CONDITION_FAILED, "MaxAttempts": 0}, *RETRY],
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


def pass_on(output: str, *, then: str = "", end: bool = False) -> State:
    return {
        "Type": "Pass",
        "QueryLanguage": "JSONata",
        "Output": f"{{% {output} %}}",
        **({"End": True} if end else {"Next": then}),
    }


def choice(ways: Mapping[str, str], default: str) -> State:
    """Return a choice of the first state whose condition holds."""
    return {
        "Type": "Choice",
        "QueryLanguage": "JSONata",
        "Choices": [{"Condition": f"{{% {one} %}}", "Next": then} for one, then in ways.items()],
        "Default": default,
    }


def item_key(sort_key: str) -> dict[str, object]:
    return {"owner": text("$states.input.owner"), "recordingId": text(sort_key)}


def text(expression: str) -> dict[str, str]:
    return {"S": f"{{% {expression} %}}"}


def number(expression: str) -> dict[str, str]:
    return {"N": f"{{% {expression} %}}"}

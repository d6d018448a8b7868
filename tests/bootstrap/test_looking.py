"""The roles of the nightly drift check read every resource, and no data stored in it."""

import json

import pytest

from tests.bootstrap.calls import LOOKING, calls, may, own_request, policies
from tests.bootstrap.iam import Request
from tests.engine import ACCOUNT, REGION
from tests.program.given import listed

HERE = f"{REGION}:{ACCOUNT}"


@pytest.mark.parametrize(("stage", "stack"), LOOKING.items())
def test_a_reading_role_is_allowed_no_changing_call(stage: str, stack: str) -> None:
    changing = {
        call.action
        for call in calls()
        if not (call.is_reading or call.in_preview) and may(stage, own_request(call, stage, stack))
    }

    assert changing == set()


@pytest.mark.parametrize("stage", LOOKING)
def test_every_action_of_a_reading_role_reads_or_belongs_to_a_preview(stage: str) -> None:
    actions = {
        action
        for text in policies(stage).values()
        for one in json.loads(text)["Statement"]
        for action in listed(one["Action"])
    }
    verbs = tuple(f":{verb}" for verb in ("Describe", "GET", "Get", "List", "View"))
    other = {one for one in actions if not f":{one.split(':')[1]}".startswith(verbs)}

    assert other == {call.action for call in calls() if call.in_preview}


@pytest.mark.parametrize(
    ("action", "arn"),
    [
        ("s3:GetObject", "arn:aws:s3:::{own}recordings-1a2b3c4/rrweb/recordings/userId=a/x"),
        ("s3:ListBucketVersions", "arn:aws:s3:::{own}recordings-1a2b3c4"),
        ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/{{own}}recordings-1a2b3c4"),
        ("dynamodb:Scan", f"arn:aws:dynamodb:{HERE}:table/{{own}}recordings-1a2b3c4"),
        ("kinesis:GetRecords", f"arn:aws:kinesis:{HERE}:stream/{{own}}events-1a2b3c4"),
        (
            "logs:GetLogEvents",
            f"arn:aws:logs:{HERE}:log-group:{{own}}read-events-1a2b3c4:log-stream:a",
        ),
        ("cognito-idp:ListUsers", f"arn:aws:cognito-idp:{HERE}:userpool/{REGION}_A"),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/rrweb-store/dev/{{own}}users-1a2b3c4"),
    ],
)
def test_a_reading_role_reads_no_recording_no_log_and_no_user(action: str, arn: str) -> None:
    able = [
        stage
        for stage, stack in LOOKING.items()
        if may(
            stage,
            Request(
                action=action,
                resource=arn.format(own=f"rrweb-store-{stack}-"),
                context={
                    "aws:ResourceTag/project": "rrweb-store",
                    "aws:ResourceTag/stack": stack,
                    "iam:PassedToService": "lambda.amazonaws.com",
                },
            ),
        )
    ]

    assert able == []

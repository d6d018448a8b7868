"""What the operations on the table refuse, and how the contract's fields go through them."""

import copy
import json
import re

import pytest

from components.api.contract import Document
from components.api.dynamo_action import DYNAMODB
from components.api.parameter import query_parameters, rule_of
from components.api.service_action import ActionTemplates
from components.store.recording_fields import recording_fields
from components.store.recording_lists import list_recordings, scan_recordings
from components.store.recording_templates import create_recording, get_recording
from tests.components.store.refusals import answered, answered_error
from tests.contract import CONTRACT
from tests.vtl import problem, rendered

OPERATIONS = {
    "PutItem": create_recording(CONTRACT, retention_seconds=60),
    "GetItem": get_recording(CONTRACT),
    "Query": list_recordings(CONTRACT),
    "Scan": scan_recordings(CONTRACT),
}
TEXT = "must be a string of well-formed Unicode, without half of a surrogate pair."
NUMBER = "must be given in integers, written in digits alone."
ID = "recordingId must be 1 to 64 of A-Z a-z 0-9 - _."
FIELDS = recording_fields(CONTRACT, "NewRecording")
REFUSALS: dict[tuple[str, str], tuple[int, str, str]] = {
    **{
        ("PutItem", f"refused-text-{name}"): (400, "Bad Request", f"{name} {TEXT}")
        for name in FIELDS.texts
    },
    **{
        ("PutItem", f"refused-number-{name}"): (400, "Bad Request", f"{name} {NUMBER}")
        for name in (*FIELDS.integers, *dict(FIELDS.sizes))
    },
    **{
        ("PutItem", f"refused-flag-{name}"): (
            400,
            "Bad Request",
            f"{name} must be true or false.",
        )
        for name in FIELDS.flags
    },
    ("PutItem", "refused-recordingId"): (400, "Bad Request", ID),
    ("GetItem", "refused-recordingId"): (400, "Bad Request", ID),
    **{
        (action, f"refused-{name}"): (400, "Bad Request", rule_of(CONTRACT, name))
        for action, operation in {"Query": "listRecordings", "Scan": "scanRecordings"}.items()
        for name in query_parameters(CONTRACT, operation)
    },
    ("Query", "refused-range"): (400, "Bad Request", "from must not be after to."),
}


@pytest.mark.parametrize(("action", "code"), sorted(REFUSALS))
def test_a_refusal_of_the_request_template_is_named(action: str, code: str) -> None:
    request = {"TableName": "a-table", "ReturnConsumedCapacity": code}

    answer = answered(DYNAMODB, action, OPERATIONS[action], request)

    status, title, detail = REFUSALS[action, code]
    assert (answer.status, answer.json) == (status, problem(status, title, detail))


def codes_in(templates: ActionTemplates) -> set[str]:
    """Return each code that a request template may put into its request."""
    names = {
        "text": FIELDS.texts,
        "number": (*FIELDS.integers, *dict(FIELDS.sizes)),
        "flag": FIELDS.flags,
        "$name": query_parameters(CONTRACT, "listRecordings"),
    }
    request = "".join(templates.request.values())
    written = re.findall(r'"(refused-[\w$-]+)"', request)
    return {
        code.replace("$name", name)
        for code in written
        for name in names.get(code.split("-")[1], "-")
    }


def test_a_parameter_is_refused_by_its_rule_in_the_contract() -> None:
    assert rule_of(CONTRACT, "limit") == "limit must be an integer from 1 to 100."
    assert rule_of(CONTRACT, "cursor") == "cursor must be the nextCursor of an earlier answer."


@pytest.mark.parametrize("action", sorted(OPERATIONS))
def test_every_refusal_of_a_request_template_is_in_the_table_above(action: str) -> None:
    assert codes_in(OPERATIONS[action]) == {code for one, code in REFUSALS if one == action}


def with_fields(**schemas: Document) -> Document:
    """Return the contract with more fields of a new recording."""
    contract = copy.deepcopy(CONTRACT)
    contract["components"]["schemas"]["NewRecording"]["properties"] |= schemas
    return contract


SIZE: Document = {
    "type": "object",
    "properties": {"rows": {"type": "integer"}, "columns": {"type": "integer"}},
}
NEW = with_fields(
    theme={"type": "string"},
    tabs={"type": "integer"},
    isTouch={"type": "boolean"},
    grid=SIZE,
)
DESCRIBED = {"theme": "dark", "tabs": 3, "isTouch": True, "grid": {"rows": 1, "columns": 2}}


@pytest.mark.parametrize(
    ("templates", "answer"),
    [
        (get_recording(NEW), '{"Item": %s}'),
        (list_recordings(NEW), '{"Items": [%s], "ScannedCount": 1}'),
        (scan_recordings(NEW), '{"Items": [%s]}'),
    ],
    ids=["get", "list", "scan"],
)
def test_a_field_that_is_new_in_the_contract_is_stored_and_read_back(
    templates: ActionTemplates, answer: str
) -> None:
    create = create_recording(NEW, retention_seconds=60).request["application/json"]
    put = rendered(create, json.dumps(DESCRIBED), path={"recordingId": "r1"})

    read = rendered(templates.response, answer % json.dumps(put.json["Item"])).json

    recording = read["recordings"][0] if "recordings" in read else read
    assert {name: recording.get(name) for name in DESCRIBED} == DESCRIBED


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": {"type": "integer"}},
        {"type": "number"},
        {"type": "object"},
        {"type": "object", "properties": {"a": {"type": "string"}}},
    ],
)
def test_a_field_that_no_template_stores_is_refused(schema: Document) -> None:
    with pytest.raises(ValueError, match=r"^tags must be a string, an integer"):
        recording_fields(with_fields(tags=schema), "NewRecording")


def test_of_two_fields_whose_names_begin_alike_the_right_one_is_named() -> None:
    contract = with_fields(page={"type": "string"}, pageUrlHash={"type": "string"})
    templates = create_recording(contract, retention_seconds=60)

    details = {
        name: answered_error(DYNAMODB, templates, f"Value 'refused-text-{name}' at 'x'").json[
            "detail"
        ]
        for name in ("page", "pageUrl", "pageUrlHash")
    }

    assert details == {name: f"{name} {TEXT}" for name in details}


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_retention_of_no_time_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match=rf"^retention_seconds must be at least 1, got {seconds}$"):
        create_recording(CONTRACT, seconds)

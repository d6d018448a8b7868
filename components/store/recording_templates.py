"""The operations on the table of recordings: what each asks DynamoDB, and what it answers."""

from pathlib import Path

from components.api.contract import Document
from components.api.mapping_template import Constant, mapping_template
from components.api.parameter import pattern_of, patterns_of, query_parameters, rule_of
from components.api.service_action import ActionTemplates, ErrorAnswer
from components.store.recording_fields import RecordingFields, recording_fields

TEMPLATES = Path(__file__).parent / "templates"


def create_recording(contract: Document, retention_seconds: int) -> ActionTemplates:
    """Return the templates of PutItem for one new recording; 409 if its id is taken.

    The item's `expiresAt` is the time of the request plus `retention_seconds`.

    Raises:
        ValueError: `retention_seconds` is under 1.
    """
    if retention_seconds < 1:
        raise ValueError(f"retention_seconds must be at least 1, got {retention_seconds}")
    fields = recording_fields(contract)
    return ActionTemplates(
        request=_json(
            _template(
                "put_item.vtl",
                **fields.constants,
                retentionSeconds=retention_seconds,
                recordingIdPattern=pattern_of(contract, "recordingId"),
            )
        ),
        status=201,
        response=_template("put_item_created.vtl"),
        errors=(
            ErrorAnswer(
                error_type="ConditionalCheckFailed",
                status=409,
                detail="You have a recording of this id already; it is unchanged.",
            ),
            _refused_parameter(contract, "recordingId"),
            *_refused_fields(fields),
        ),
        refusal=f"{rule_of(contract, 'recordingId')} The body must be a NewRecording.",
    )


def get_recording(contract: Document) -> ActionTemplates:
    """Return the templates of GetItem for one recording; 404 if the user has none of this id."""
    return ActionTemplates(
        request=_json(
            _template("get_item.vtl", recordingIdPattern=pattern_of(contract, "recordingId"))
        ),
        response=_template("get_item_found.vtl", **recording_fields(contract).constants),
        errors=(_refused_parameter(contract, "recordingId"),),
        refusal=rule_of(contract, "recordingId"),
    )


def list_recordings(contract: Document, index_name: str) -> ActionTemplates:
    """Return the templates of Query for a page of the user's recordings, newest first.

    The sort key of the index is `createdAtMs`.
    """
    return _page(contract, "listRecordings", "query", indexName=index_name)


def scan_recordings(contract: Document) -> ActionTemplates:
    """Return the templates of Scan for a page of every user's recordings, in no order."""
    return _page(contract, "scanRecordings", "scan")


def _page(
    contract: Document, operation_id: str, name: str, **constants: Constant
) -> ActionTemplates:
    """Return the templates `<name>.vtl` and `<name>_page.vtl` for an operation with a page."""
    names = query_parameters(contract, operation_id)
    return ActionTemplates(
        request=_json(
            _template(
                f"{name}.vtl",
                **constants,
                **patterns_of(contract, ["recordingId", *names]),
            )
        ),
        response=_template(f"{name}_page.vtl", **recording_fields(contract).constants),
        errors=tuple(_refused_parameter(contract, one) for one in names),
        refusal=" ".join(rule_of(contract, one) for one in names),
    )


def _template(name: str, **constants: Constant) -> str:
    return mapping_template(TEMPLATES / name, **constants)


def _json(template: str) -> dict[str, str]:
    return {"application/json": template}


def _refused_parameter(contract: Document, name: str) -> ErrorAnswer:
    return ErrorAnswer(message=f"refused-{name}", detail=rule_of(contract, name))


def _refused_fields(fields: RecordingFields) -> list[ErrorAnswer]:
    text = "must be a string of well-formed Unicode, without half of a surrogate pair."
    number = "must be given in integers, written in digits alone."
    numbers = [*fields.integers, *(name for name, _ in fields.sizes)]
    rules = {
        **{f"text-{name}": f"{name} {text}" for name in fields.texts},
        **{f"number-{name}": f"{name} {number}" for name in numbers},
        **{f"flag-{name}": f"{name} must be true or false." for name in fields.flags},
    }
    # What contains another comes first.
    return [
        ErrorAnswer(message=f"refused-{field}", detail=rules[field])
        for field in sorted(rules, reverse=True)
    ]

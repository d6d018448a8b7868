"""The operations on one recording of the table: what each asks DynamoDB, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from components.access.sites import Site
from components.api.contract import Document
from components.api.mapping_template import TEMPLATES as API_TEMPLATES
from components.api.mapping_template import Constant, mapping_template
from components.api.parameter import pattern_of, rule_of
from components.api.service_action import ActionTemplates, ErrorAnswer
from components.store.json_pattern import body_pattern, misfits
from components.store.recording_fields import RecordingFields, recording_fields
from components.store.recording_filters import TROUBLES
from components.store.recording_owner import (
    RecordingOwner,
    token_user,
    watched_site,
    written_site,
)

TEMPLATES = Path(__file__).parent / "templates"

# What describes a recording is some 11 kB at most, and base64 makes a third more of it. It bounds
# the time that a template takes for a hostile body.
MAX_BODY_CHARACTERS = 90_000
# How clients write the type of a body that API Gateway may take for text or for bytes: whether a
# type with parameters is one of the API's binary media types is not documented.
TEXT_WITH_PARAMETERS = tuple(
    f"text/plain;{blank}charset={charset}" for blank in ("", " ") for charset in ("utf-8", "UTF-8")
)
TEXT_PLAIN = ("text/plain", *TEXT_WITH_PARAMETERS)


@dataclass(frozen=True, kw_only=True)
class _Body:
    """What a request's body may be."""

    template: str
    """Sets `$body`, and `$refused` for a body that is none; it stands after that of the owner."""
    media_types: Sequence[str]
    refusals: tuple[ErrorAnswer, ...]
    """What a client reads whose body is none."""
    rule: str
    """The same of a body that DynamoDB rejects."""


def create_recording(contract: Document, retention_seconds: int) -> ActionTemplates:
    """Return the templates of PutItem for one new recording of a user; 409 if its id is taken.

    The item's `expiresAt` is the time of the request plus `retention_seconds`.

    Raises:
        ValueError: `retention_seconds` is under 1.
    """
    fields = recording_fields(contract, "NewRecording")
    body = _Body(
        template=_template("body_validated.vtl", **fields.constants),
        media_types=["application/json"],
        refusals=tuple(_refused_fields(fields)),
        rule="The body must be a NewRecording.",
    )
    return _create(contract, token_user(), fields, body, retention_seconds)


def create_site_recording(
    contract: Document, sites: Sequence[Site], retention_seconds: int
) -> ActionTemplates:
    """Return the templates of PutItem for one new recording of a site; 409 if its id is taken.

    Raises:
        ValueError: `retention_seconds` is under 1.
    """
    fields = recording_fields(contract, "NewSiteRecording")
    body = _body_text(contract, "NewSiteRecording", TEXT_PLAIN)
    return _create(contract, written_site(sites), fields, body, retention_seconds)


def put_facts(contract: Document) -> ActionTemplates:
    """Return the templates of UpdateItem for facts about a user's recording; 404 without one."""
    return _put_facts(contract, token_user(), ["application/json"])


def put_site_facts(contract: Document, sites: Sequence[Site]) -> ActionTemplates:
    """Return the templates of UpdateItem for facts about a site's recording; 404 without one."""
    return _put_facts(contract, written_site(sites), TEXT_PLAIN)


def get_recording(contract: Document) -> ActionTemplates:
    """Return the templates of GetItem for one recording; 404 if the user has none of this id."""
    return _get(contract, token_user(), user_fields(contract))


def get_site_recording(contract: Document) -> ActionTemplates:
    """Return the templates of GetItem for one recording of a site; 403 for other users."""
    return _get(contract, watched_site(contract), site_fields(contract))


def _create(
    contract: Document,
    owner: RecordingOwner,
    fields: RecordingFields,
    body: _Body,
    retention_seconds: int,
) -> ActionTemplates:
    if retention_seconds < 1:
        raise ValueError(f"retention_seconds must be at least 1, got {retention_seconds}")
    put = _template(
        "put_item.vtl",
        **fields.constants,
        retentionSeconds=retention_seconds,
        recordingIdPattern=pattern_of(contract, "recordingId"),
    )
    return ActionTemplates(
        request=dict.fromkeys(body.media_types, f"{owner.template}\n{body.template}\n{put}"),
        status=201,
        response=_template("put_item_created.vtl"),
        errors=(
            ErrorAnswer(
                error_type="ConditionalCheckFailed",
                status=409,
                detail="There is a recording of this id already; it is unchanged.",
            ),
            refused_parameter(contract, "recordingId"),
            *owner.refusals,
            *body.refusals,
        ),
        refusal=f"{rule_of(contract, 'recordingId')} {body.rule}",
    )


def _put_facts(
    contract: Document, owner: RecordingOwner, media_types: Sequence[str]
) -> ActionTemplates:
    # A model names no field that it refuses, and knows no text/plain: a template checks them all.
    body = _body_text(contract, "RecordingFacts", media_types)
    update = _template(
        "update_item.vtl",
        **recording_fields(contract, "RecordingFacts").constants,
        troubles=TROUBLES,
        recordingIdPattern=pattern_of(contract, "recordingId"),
    )
    return ActionTemplates(
        request=dict.fromkeys(body.media_types, f"{owner.template}\n{body.template}\n{update}"),
        response=mapping_template(API_TEMPLATES / "stored.vtl"),
        errors=(
            ErrorAnswer(
                error_type="ConditionalCheckFailed",
                status=404,
                detail="There is no recording of this id.",
            ),
            refused_parameter(contract, "recordingId"),
            *owner.refusals,
            ErrorAnswer(message="refused-no-facts", detail="The body must have one fact or more."),
            *body.refusals,
        ),
        refusal=f"{rule_of(contract, 'recordingId')} {body.rule}",
        settled=_template("update_item_late.vtl"),
    )


def _get(contract: Document, owner: RecordingOwner, fields: RecordingFields) -> ActionTemplates:
    get = _template("get_item.vtl", recordingIdPattern=pattern_of(contract, "recordingId"))
    return ActionTemplates(
        request={"application/json": f"{owner.template}\n{get}"},
        response=_template("get_item_found.vtl", **fields.constants),
        errors=(refused_parameter(contract, "recordingId"), *owner.refusals),
        refusal=rule_of(contract, "recordingId"),
    )


def user_fields(contract: Document) -> RecordingFields:
    """Return what is shown of a user's recording."""
    return recording_fields(contract, "NewRecording", "RecordingFacts")


def site_fields(contract: Document) -> RecordingFields:
    """Return what is shown of a site's recording."""
    return recording_fields(contract, "NewRecording", "NewSiteRecording", "RecordingFacts")


def _template(name: str, **constants: Constant) -> str:
    return mapping_template(TEMPLATES / name, **constants)


def refused_parameter(contract: Document, name: str) -> ErrorAnswer:
    """Return the answer to a request that a template refused for a parameter."""
    return ErrorAnswer(message=f"refused-{name}", detail=rule_of(contract, name))


def _body_text(contract: Document, name: str, media_types: Sequence[str]) -> _Body:
    """Return the body of this schema that a template checks alone, as text or as bytes."""
    schema: Document = contract["components"]["schemas"][name]
    template = _template(
        "body_text.vtl",
        maxBodyCharacters=MAX_BODY_CHARACTERS,
        bodyPattern=body_pattern(schema),
        misfits=misfits(schema),
    )
    fields: dict[str, Document] = schema["properties"]
    refusals = (
        ErrorAnswer(
            message="refused-body-size", status=413, detail="The body is larger than 64 KiB."
        ),
        # What contains another comes first.
        *(
            ErrorAnswer(
                message=f"refused-field-{field}", detail=f"{field} must be {_rule(fields[field])}."
            )
            for field in sorted(fields, reverse=True)
        ),
        ErrorAnswer(
            message="refused-body",
            detail=f"The body must be one JSON object with no other members than "
            f"{', '.join(fields)}.",
        ),
    )
    return _Body(
        template=template,
        media_types=media_types,
        refusals=refusals,
        rule=f"The body must be a {name}.",
    )


def _rule(schema: Document) -> str:
    """Return what a value of the schema must be, in words.

    >>> _rule({"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 9}})
    'a list of 1 to 2 texts of at most 9 characters, well-formed Unicode'
    """
    kind = schema["type"]
    if kind == "array":
        blank = " without blanks" if "pattern" in schema["items"] else ""
        limit = f"of at most {schema['items']['maxLength']} characters{blank}"
        return f"a list of 1 to {schema['maxItems']} texts {limit}, well-formed Unicode"
    if kind == "object":
        return f"an object of the integers {' and '.join(schema['properties'])}, in digits alone"
    if kind == "integer":
        return "an integer of up to 16 digits, in digits alone"
    if "pattern" in schema:
        return f"1 to {schema['maxLength']} of A-Z a-z 0-9 - _"
    return f"a text of at most {schema['maxLength']} characters, well-formed Unicode"


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

"""The lists of recordings: what each asks DynamoDB, and what it answers."""

from collections.abc import Sequence

from components.api.contract import Document
from components.api.mapping_template import Constant, mapping_template
from components.api.parameter import patterns_of, query_parameters, rule_of
from components.api.service_action import ActionTemplates, ErrorAnswer
from components.store.recording_fields import RecordingFields, recording_fields
from components.store.recording_filters import filter_constants
from components.store.recording_owner import TEMPLATES, RecordingOwner, token_user, watched_site
from components.store.recording_templates import refused_parameter, site_fields, user_fields


def list_recordings(contract: Document) -> ActionTemplates:
    """Return the templates of Query for a page of the user's recordings, newest first."""
    return _list(contract, "listRecordings", token_user(), user_fields(contract))


def list_site_recordings(contract: Document) -> ActionTemplates:
    """Return the templates of Query for a page of a site's recordings; 403 for other users."""
    return _list(contract, "listSiteRecordings", watched_site(contract), site_fields(contract))


def scan_recordings(contract: Document) -> ActionTemplates:
    """Return the templates of Scan for a page of every owner's recordings, in no order."""
    names = query_parameters(contract, "scanRecordings")
    fields = recording_fields(contract, "NewRecording")
    return _page(
        contract,
        names,
        owner=RecordingOwner(template=""),
        request=_template("scan.vtl", **patterns_of(contract, ["recordingId", *names])),
        response=_template("scan_page.vtl", **fields.constants),
    )


def _list(
    contract: Document, operation_id: str, owner: RecordingOwner, fields: RecordingFields
) -> ActionTemplates:
    names = query_parameters(contract, operation_id)
    return _page(
        contract,
        names,
        owner=owner,
        request=_template("query.vtl", **filter_constants(contract, names)),
        response=_template("query_page.vtl", **fields.constants),
    )


def _page(
    contract: Document, names: Sequence[str], *, owner: RecordingOwner, request: str, response: str
) -> ActionTemplates:
    """Return the templates of an operation with pages, whose parameters have those names."""
    return ActionTemplates(
        request={"application/json": f"{owner.template}\n{request}"},
        response=response,
        errors=(
            *(refused_parameter(contract, one) for one in names),
            ErrorAnswer(message="refused-range", detail="from must not be after to."),
            *owner.refusals,
        ),
        refusal=" ".join(rule_of(contract, one) for one in names),
    )


def _template(name: str, **constants: Constant) -> str:
    return mapping_template(TEMPLATES / name, **constants)

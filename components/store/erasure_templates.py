"""The operations of an erasure: what each asks Step Functions or DynamoDB, and what it answers."""

from collections.abc import Sequence

from components.access.sites import Site
from components.api.contract import Document
from components.api.mapping_template import Constant, mapping_template
from components.api.parameter import pattern_of, rule_of
from components.api.service_action import ActionTemplates
from components.store.recording_owner import RecordingOwner, administered_site, token_user
from components.store.recording_templates import refused_parameter
from components.store.recordings_table import BY_VISITOR
from components.store.started_execution import TEMPLATES, started_execution

RECORDING = "recordingId"
VISITOR = "visitorId"


def delete_recording(contract: Document) -> ActionTemplates:
    """Return the templates of StartExecution for the erasure of a user's recording."""
    erased = _template("erased_recording.vtl", recordingIdPattern=pattern_of(contract, RECORDING))
    return started_execution(contract, RECORDING, token_user(), erased)


def delete_site_recording(contract: Document, sites: Sequence[Site]) -> ActionTemplates:
    """Return the templates of StartExecution for the erasure of a site's recording."""
    erased = _template("erased_recording.vtl", recordingIdPattern=pattern_of(contract, RECORDING))
    return started_execution(contract, RECORDING, administered_site(contract), erased, sites=sites)


def delete_visitor(contract: Document, sites: Sequence[Site]) -> ActionTemplates:
    """Return the templates of StartExecution for the erasure of a visitor's recordings."""
    erased = _template(
        "erased_visitor.vtl", visitorIdPattern=pattern_of(contract, VISITOR), byVisitor=BY_VISITOR
    )
    return started_execution(contract, VISITOR, administered_site(contract), erased, sites=sites)


def get_erasure(contract: Document) -> ActionTemplates:
    """Return the templates of GetItem for the tombstone of a user's recording."""
    return _get(contract, RECORDING, token_user(), "get_item.vtl")


def get_site_erasure(contract: Document) -> ActionTemplates:
    """Return the templates of GetItem for the tombstone of a site's recording."""
    return _get(contract, RECORDING, administered_site(contract), "get_item.vtl")


def get_visitor_erasure(contract: Document) -> ActionTemplates:
    """Return the templates of GetItem for the tombstone of a visitor's recordings."""
    return _get(contract, VISITOR, administered_site(contract), "get_item_visitor.vtl")


def _get(
    contract: Document, parameter: str, owner: RecordingOwner, template: str
) -> ActionTemplates:
    get = _template(template, **{f"{parameter}Pattern": pattern_of(contract, parameter)})
    return ActionTemplates(
        request={"application/json": f"{owner.template}\n{get}"},
        response=_template("get_item_erasure.vtl"),
        errors=(refused_parameter(contract, parameter), *owner.refusals),
        refusal=rule_of(contract, parameter),
    )


def _template(name: str, **constants: Constant) -> str:
    return mapping_template(TEMPLATES / name, **constants)

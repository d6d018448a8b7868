"""The operations of an erasure: what each asks Step Functions or DynamoDB, and what it answers."""

from collections.abc import Sequence
from pathlib import Path

from components.access.sites import Site
from components.api.contract import Document
from components.api.mapping_template import mapping_template
from components.api.parameter import pattern_of, rule_of
from components.api.service_action import ActionTemplates
from components.store.recording_owner import RecordingOwner, administered_site, token_user
from components.store.recording_templates import refused_parameter

TEMPLATES = Path(__file__).parent / "templates"


def delete_recording(contract: Document) -> ActionTemplates:
    """Return the templates of StartExecution for the erasure of a user's recording."""
    return _delete(contract, token_user(), [])


def delete_site_recording(contract: Document, sites: Sequence[Site]) -> ActionTemplates:
    """Return the templates of StartExecution for the erasure of a site's recording."""
    return _delete(contract, administered_site(contract), sites)


def get_erasure(contract: Document) -> ActionTemplates:
    """Return the templates of GetItem for the tombstone of a user's recording."""
    return _get(contract, token_user())


def get_site_erasure(contract: Document) -> ActionTemplates:
    """Return the templates of GetItem for the tombstone of a site's recording."""
    return _get(contract, administered_site(contract))


def _delete(contract: Document, owner: RecordingOwner, sites: Sequence[Site]) -> ActionTemplates:
    start = mapping_template(
        TEMPLATES / "start_execution.vtl",
        recordingIdPattern=pattern_of(contract, "recordingId"),
        siteKeys=[[site.id, key] for site in sites for key in site.keys],
    )
    return ActionTemplates(
        request={"application/json": f"{owner.template}\n{start}"},
        status=202,
        response=mapping_template(TEMPLATES / "start_execution_started.vtl"),
        errors=(refused_parameter(contract, "recordingId"), *owner.refusals),
        refusal=rule_of(contract, "recordingId"),
    )


def _get(contract: Document, owner: RecordingOwner) -> ActionTemplates:
    get = mapping_template(
        TEMPLATES / "get_item.vtl", recordingIdPattern=pattern_of(contract, "recordingId")
    )
    return ActionTemplates(
        request={"application/json": f"{owner.template}\n{get}"},
        response=mapping_template(TEMPLATES / "get_item_erasure.vtl"),
        errors=(refused_parameter(contract, "recordingId"), *owner.refusals),
        refusal=rule_of(contract, "recordingId"),
    )

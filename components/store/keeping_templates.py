"""The operations that keep a recording and end that: what each asks Step Functions."""

from components.api.contract import Document
from components.api.mapping_template import mapping_template
from components.api.parameter import pattern_of
from components.api.service_action import ActionTemplates, ErrorAnswer
from components.store.recording_owner import RecordingOwner, administered_site, token_user
from components.store.started_execution import TEMPLATES, started_execution

RECORDING = "recordingId"


def keep_recording(contract: Document) -> ActionTemplates:
    """Return the templates of StartExecution that keep a user's recording."""
    return _keep(contract, token_user())


def keep_site_recording(contract: Document) -> ActionTemplates:
    """Return the templates of StartExecution that keep a site's recording."""
    return _keep(contract, administered_site(contract))


def end_keeping(contract: Document) -> ActionTemplates:
    """Return the templates of StartExecution that no longer keep a user's recording."""
    return _end(contract, token_user())


def end_site_keeping(contract: Document) -> ActionTemplates:
    """Return the templates of StartExecution that no longer keep a site's recording."""
    return _end(contract, administered_site(contract))


def max_assets(contract: Document) -> int:
    """Return how many assets a request may name."""
    return contract["components"]["schemas"]["KeptAssets"]["properties"]["assets"]["maxItems"]


def _keep(contract: Document, owner: RecordingOwner) -> ActionTemplates:
    limit = max_assets(contract)
    kept = mapping_template(
        TEMPLATES / "kept_recording.vtl",
        recordingIdPattern=pattern_of(contract, RECORDING),
        maxAssets=limit,
    )
    rule = f"assets must be a list of at most {limit} SHA-256, each 64 of 0-9 a-f."
    return started_execution(
        contract,
        RECORDING,
        owner,
        kept,
        refusals=(ErrorAnswer(message="refused-assets", detail=rule),),
    )


def _end(contract: Document, owner: RecordingOwner) -> ActionTemplates:
    ended = mapping_template(
        TEMPLATES / "kept_no_longer.vtl", recordingIdPattern=pattern_of(contract, RECORDING)
    )
    return started_execution(contract, RECORDING, owner, ended)
